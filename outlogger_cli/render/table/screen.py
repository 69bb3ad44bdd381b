"""Styled lines as the text a terminal gets."""

import re
import unicodedata
from dataclasses import replace
from io import StringIO

from rich.cells import cell_len
from rich.console import Console

from outlogger_cli.render import View
from outlogger_cli.render.table.layout import Lines

WIDEST = 110
"""Columns of a report; longer lines are hard to read, however wide the terminal."""

_COMMAND = r"(?im)(^(?:\s|\x1b\[[\d;]*m)*):(?=:)|#(?=#(?:\[|vso\[))"

_TWINS = str.maketrans("…·•–—‘’“”", "~-*--''\"\"")


def readable(view: View) -> View:
    """`view`, no wider than `WIDEST`: lines are laid out to the width they are printed at."""
    return replace(view, width=min(view.width, WIDEST))


def printed(lines: Lines, view: View) -> str:
    """`lines` at the width of `view`, in ASCII alone where it says so."""
    file = StringIO()
    console = Console(
        file=file,
        width=view.width,
        force_terminal=view.color,
        color_system="standard" if view.color else None,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    for line in lines:
        console.print(line)
    text = "\n".join(row.rstrip() for row in file.getvalue().split("\n"))
    return _harmless(_ascii(text) if view.ascii else text)


def _harmless(text: str) -> str:
    """`text` without commands to a CI system (see `domain.text`): a line that was harmless can be
    folded before one, and full-width signs are plain ones in ASCII. A dot takes the place of a
    sign, so that columns stay columns."""
    return re.sub(_COMMAND, r"\1.", text) if "::" in text or "##" in text else text


def _ascii(text: str) -> str:
    """Each character as one of ASCII, as wide as it was, so that columns stay columns."""
    text = text.translate(_TWINS)
    return text if text.isascii() else "".join(map(_twin, text))


def _twin(character: str) -> str:
    if character.isascii():
        return character
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isascii() else "?" * cell_len(character)
