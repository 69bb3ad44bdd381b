"""Check that tag, version and changelog agree: `python -m tests.tools.check_tag v1.2.3`.

Prints the changelog of the version. Otherwise prints a line per fault on stderr and exits with 1.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from outlogger_cli import __version__

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
UNRELEASED = "Unreleased"

_SECTION = re.compile(
    r"^## \[(?P<name>[^\]]+)\](?: - (?P<date>\S+))?\n(?P<text>.*?)(?=^## |^\[[^\]]+\]: |\Z)",
    re.DOTALL | re.MULTILINE,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def faults(tag: str, *, version: str, changelog: str) -> list[str]:
    """The reasons why `tag` cannot be released, one sentence each."""
    found = {section["name"]: section for section in _SECTION.finditer(changelog)}
    said = found.get(version)
    checks = (
        (tag == f"v{version}", f"the tag is {tag!r}, but the version is {version}"),
        (said is not None, f"the changelog has no section [{version}]"),
        (not said or _DATE.fullmatch(said["date"] or ""), f"[{version}] has no date"),
        (not said or said["text"].strip(), f"[{version}] says nothing"),
        (not notes(UNRELEASED, changelog), f"[{UNRELEASED}] still holds changes"),
    )
    return [fault for good, fault in checks if not good]


def notes(name: str, changelog: str) -> str:
    """The changelog of a version; empty if it has none."""
    texts = [one["text"].strip() for one in _SECTION.finditer(changelog) if one["name"] == name]
    return "\n".join(texts)


def newest_date(changelog: str) -> str | None:
    """The date of the newest release."""
    dates = [one["date"] for one in _SECTION.finditer(changelog) if one["date"]]
    return max(filter(_DATE.fullmatch, dates), default=None)


def main(arguments: Sequence[str]) -> int:
    (tag,) = arguments
    changelog = CHANGELOG.read_text(encoding="utf-8")
    found = faults(tag, version=__version__, changelog=changelog)
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    if not found:
        sys.stdout.write(f"{notes(__version__, changelog)}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
