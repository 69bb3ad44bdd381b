"""Check that the README's screenshot is current: `python -m tests.tools.check_picture`.

It is the output of a drill on a terminal, exported as SVG by Rich. Prints a line if its text
differs and exits with 1; `--fix` rewrites it.
"""

import os
import re
import subprocess
import sys
from html import unescape
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / ".github" / "picture.svg"
TYPED = ("drill", "--component", "Routing", "--status", "partial_outage")
TITLE = "outlogger status permutive"
WIDTH = 92
PATIENCE = 60.0
"""The most seconds for the drill, which needs one."""

_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)


def run_drill() -> str:
    """The output of the drill on a terminal, with colours."""
    with TemporaryDirectory() as home:
        chosen = {
            **{"HOME": home, "COLUMNS": str(WIDTH), "TZ": "UTC", "PYTHONUTF8": "1"},
            **{"FORCE_COLOR": "1", "OUTLOGGER_FORMAT": "table", "LC_ALL": "C.UTF-8"},
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("OUTLOGGER_", "XDG_"))}
        ran = subprocess.run(
            [sys.executable, "-m", "outlogger_cli", *TYPED],
            env={**kept, **chosen},
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=True,
        )
    return ran.stdout


def to_svg(printed: str) -> str:
    """The output as SVG, without fonts from the network."""
    console = Console(file=StringIO(), width=WIDTH, record=True, force_terminal=True)
    console.print(Text.from_ansi(printed), end="")
    svg = console.export_svg(title=TITLE, unique_id="outlogger")
    return _FONT.sub("", svg)


def words(svg: str) -> str:
    """The text of an SVG, without white space."""
    return "".join(unescape("".join(_TEXT.findall(svg))).split())


def main(arguments: list[str]) -> int:
    """Compare, or with `--fix` write; differences of style alone are ignored."""
    printed = run_drill()
    if arguments == ["--fix"]:
        PICTURE.write_text(to_svg(printed), encoding="utf-8", newline="\n")
    if "".join(Text.from_ansi(printed).plain.split()) in words(PICTURE.read_text(encoding="utf-8")):
        return 0
    sys.stdout.write(
        f"{PICTURE.name}: is not what is shown; run python -m tests.tools.check_picture --fix\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
