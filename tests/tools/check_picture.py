"""Check that the README's screenshots are current: `python -m tests.tools.check_picture`.

They are the output of `outlogger drill` at a fixed time, exported as SVG by Rich, for a dark and a
light page. Prints a line for each whose text differs and exits with 1; `--fix` rewrites them.
"""

import re
import sys
from html import escape, unescape
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME, TerminalTheme
from rich.text import Text

from tests.running import run_command
from tests.support import NOW

FOLDER = Path(__file__).parents[2] / ".github"
PICTURES: dict[str, TerminalTheme] = {
    "dark": SVG_EXPORT_THEME,
    "light": DEFAULT_TERMINAL_THEME,
}
"""The theme of the program, and the colours of the terminal that is drawn."""

TITLE = "outlogger"
WIDTH = 100

_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_FAMILY = re.compile(r"font-family: [^;]*;")
_TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
_RUN = re.compile(
    r'<text (class="[^"]*") x="([0-9.]+)" y="([0-9.]+)" textLength="([0-9.]+)"'
    r' (clip-path="[^"]*")>(.*?)</text>',
    re.DOTALL,
)
_TIME = re.compile(r"readin[0-9.]+s")


def run_drill(theme: str) -> str:
    """The output of the drill on a terminal, with the colours of `theme`."""
    environ = {
        **{"COLUMNS": str(WIDTH), "TZ": "UTC", "LC_ALL": "C.UTF-8", "OUTLOGGER_THEME": theme},
        **{"FORCE_COLOR": "1", "OUTLOGGER_FORMAT": "table", "COLORTERM": "truecolor"},
    }
    ran = run_command("drill", env=environ, now=NOW)
    assert ran.code == 0, ran.err
    return ran.out


def to_svg(printed: str, theme: TerminalTheme) -> str:
    """The output as SVG, without fonts from the network."""
    console = Console(
        file=StringIO(), width=WIDTH, record=True, force_terminal=True, color_system="256"
    )
    console.print(Text.from_ansi(printed), end="")
    svg = console.export_svg(title=TITLE, unique_id="outlogger", theme=theme)
    svg = _RUN.sub(_words_in_place, svg)
    return _FAMILY.sub("font-family: monospace;", _FONT.sub("", svg))


def _words_in_place(run: re.Match[str]) -> str:
    """A run of text as a word each at its own place: some viewers drop spaces, and have a font of
    another width."""
    head, x, y, length, clip, text = run.groups()
    shown = unescape(text)
    width = float(length) / len(shown)
    return "".join(
        f'<text {head} x="{float(x) + word.start() * width:.1f}" y="{y}"'
        f' textLength="{len(word[0]) * width:.1f}" {clip}>{escape(word[0])}</text>'
        for word in re.finditer(r"[^ \xa0]+", shown)
    )


def words(svg: str) -> str:
    """The text of an SVG, without white space and without how long the reading took."""
    return _TIME.sub("", "".join(unescape("".join(_TEXT.findall(svg))).split()))


def picture(theme: str) -> Path:
    return FOLDER / f"picture-{theme}.svg"


def main(arguments: list[str]) -> int:
    """Compare, or with `--fix` write; differences of style alone are ignored."""
    code = 0
    for theme, colors in PICTURES.items():
        printed, file = run_drill(theme), picture(theme)
        if arguments == ["--fix"]:
            file.write_text(to_svg(printed, colors), encoding="utf-8", newline="\n")
        shown = _TIME.sub("", "".join(Text.from_ansi(printed).plain.split()))
        if shown not in words(file.read_text(encoding="utf-8")):
            hint = "run python -m tests.tools.check_picture --fix"
            sys.stdout.write(f"{file.name}: is not what is shown; {hint}\n")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
