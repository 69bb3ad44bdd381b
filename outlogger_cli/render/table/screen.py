"""Turn styled lines into the text for a terminal."""

import re
import unicodedata
from io import StringIO

from rich.cells import cell_len
from rich.console import Console

from outlogger_cli.domain.values import replace
from outlogger_cli.render import View
from outlogger_cli.render.table.layout import Lines

WIDEST = 120
"""Columns of a report: longer lines are hard to read, even on a wide terminal."""

_COMMAND = (
    r"(?m)(^(?:\s|\x1b\[[\d;]*m)*):(?=:)"
    r"|(^(?:\x1b\[[\d;]*m)*)([-+~^])(?=\3\3(?:\s|\x1b|$))"
    r"|#(?=#\w*\[)"
)
_SIGNS = ("::", "##", "---", "+++", "~~~", "^^^")

_ASCII = str.maketrans("…·•–—‘’“”", "~-*--''\"\"")


def readable(view: View) -> View:
    """Limit the width of `view` to `WIDEST`, so that lines are laid out as they are printed."""
    return replace(view, width=min(view.width, WIDEST))


def printed(lines: Lines, view: View) -> str:
    """Render `lines` at the width of `view`, and in ASCII if it says so."""
    file = StringIO()
    console = Console(
        file=file,
        width=view.width,
        force_terminal=view.color,
        color_system=("standard" if view.few_colors else "256") if view.color else None,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    if shown := list(lines):
        console.print(*shown, sep="\n")
    text = "\n".join(row.rstrip() for row in file.getvalue().split("\n"))
    return _harmless(_ascii(text) if view.ascii else text)


def _harmless(text: str) -> str:
    """Remove commands to a CI system (see `domain.text`) that rendering may have made.

    Wrapping can put a command at the beginning of a line, and full-width signs become ASCII ones.
    A dot replaces one character, so that columns stay aligned.
    """
    may_act = any(signs in text for signs in _SIGNS)
    return re.sub(_COMMAND, r"\1\2.", text) if may_act else text


def _ascii(text: str) -> str:
    """Replace each character by ASCII of the same width, so that columns stay aligned."""
    text = text.translate(_ASCII)
    return text if text.isascii() else "".join(map(_ascii_character, text))


def _ascii_character(character: str) -> str:
    if character.isascii():
        return character
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isascii() else "?" * cell_len(character)
