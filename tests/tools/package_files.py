"""Fill in the files of package managers for a release, from `examples/packaging`:

    python -m pip install --dry-run --ignore-installed --report report.json dist/*.whl truststore
    python -m tests.tools.package_files VERSION SDIST_URL SDIST_SHA256 report.json FOLDER

The report of pip has the dependencies. truststore is named because pip resolves for the machine it
runs on, and only macOS and Windows need it. Prints a line per fault on stderr, writes nothing then,
and exits with 1.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TEMPLATES = Path(__file__).parents[2] / "examples" / "packaging"
NAMES = ("outlogger-cli.rb", "mise.toml")

_PURE = re.compile(r"[.-]py3-none-any\.whl$")
"""Wheels that Homebrew installs as they are; it would build any other file."""

_RESOURCE = """\
  resource "{name}" do
    url "{url}"
    sha256 "{sha256}"
  end
"""


def dependencies(report: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The address and SHA-256 of each dependency in a report of pip, by name."""
    found = {}
    for one in report["install"]:
        name = canonicalize_name(one["metadata"]["name"])
        if name != "outlogger-cli":
            info = one["download_info"]
            found[name] = (info["url"], info["archive_info"]["hashes"]["sha256"])
    return dict(sorted(found.items()))


def faults(version: str, url: str, sha256: str, report: Mapping[str, Any]) -> Iterator[str]:
    """The reasons why nothing can be made of these facts, one sentence each."""
    found = dependencies(report)
    if urlsplit(url).scheme != "https" or not url.endswith(f"/outlogger_cli-{version}.tar.gz"):
        yield f"{url} is not the https address of the sdist of {version}"
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        yield f"{sha256!r} is not a SHA-256"
    for name in _needed_on_macos(report):
        if name not in found:
            yield f"{name} is needed on macOS, but is not in the report"
    for name, (address, _) in found.items():
        parts = urlsplit(address)
        if (parts.scheme, parts.hostname) != ("https", "files.pythonhosted.org"):
            yield f"{name} is not from the public index, but from {address}"
        if not _PURE.search(address):
            yield f"{name} is not a wheel for every system: {address}"


def _needed_on_macos(report: Mapping[str, Any]) -> Iterable[str]:
    """What the packages in the report require there."""
    macos = {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"}
    for one in report["install"]:
        requested = [*one.get("requested_extras", ()), ""]
        for requirement in map(Requirement, one["metadata"].get("requires_dist", ())):
            marker = requirement.marker
            if not marker or any(marker.evaluate({**macos, "extra": e}) for e in requested):
                yield canonicalize_name(requirement.name)


def filled(template: str, values: Mapping[str, str]) -> str:
    """The text of a template with `values` in place of its names."""
    return re.sub(
        r" *# @RESOURCES@\n|@[A-Z_0-9]+@", lambda name: values[name[0].strip("@ #\n")], template
    )


def main(arguments: Sequence[str]) -> int:
    version, url, sha256, report_file, folder = arguments
    report = json.loads(Path(report_file).read_text(encoding="utf-8"))
    found = list(dict.fromkeys(faults(version, url, sha256, report)))
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    if found:
        return 1
    resources = [
        _RESOURCE.format(name=name, url=address, sha256=digest)
        for name, (address, digest) in dependencies(report).items()
    ]
    values = {
        "VERSION": version,
        "SDIST_URL": url,
        "SDIST_SHA256": sha256,
        "RESOURCES": "\n".join(resources),
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        (Path(folder) / name).write_text(filled(text, values), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
