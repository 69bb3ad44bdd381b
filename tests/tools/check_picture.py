"""Keeps the README's picture as the program shows it: `python -m tests.tools.check_picture`.

The picture is what a drill prints on a terminal, made an SVG by Rich. Prints a line where the words
in it are not those of today and ends with 1; `--fix` takes it anew.
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
"""Seconds that the drill may take; it needs one."""

_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)


def seen() -> str:
    """What the drill prints on a terminal, colours and all."""
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


def drawn(printed: str) -> str:
    """The SVG of it; no font is fetched from elsewhere."""
    console = Console(file=StringIO(), width=WIDTH, record=True, force_terminal=True)
    console.print(Text.from_ansi(printed), end="")
    svg = console.export_svg(title=TITLE, unique_id="outlogger")
    return _FONT.sub("", svg)


def words(svg: str) -> str:
    """All that is written in an SVG, without the space between."""
    return "".join(unescape("".join(_TEXT.findall(svg))).split())


def main(arguments: list[str]) -> int:
    """Compare, or with `--fix` write; where styles alone differ it is the same picture."""
    printed = seen()
    if arguments == ["--fix"]:
        PICTURE.write_text(drawn(printed), encoding="utf-8", newline="\n")
    if "".join(Text.from_ansi(printed).plain.split()) in words(PICTURE.read_text(encoding="utf-8")):
        return 0
    sys.stdout.write(
        f"{PICTURE.name}: is not what is shown; run python -m tests.tools.check_picture --fix\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
