"""The table of vendors: problems first, and one row for all that are ok."""

from rich.text import Text

from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.domain.model import Severity, Vendor
from outlogger_cli.domain.values import frozen
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import Sort, View, phrases, wording
from outlogger_cli.render.ordering import is_quiet, ordered
from outlogger_cli.render.table.layout import column, fitted, linked, mark, right, widest
from outlogger_cli.render.theme import DIM
from outlogger_cli.tui.board import Board
from outlogger_cli.tui.hours import HOURS

FOLDED = ""
"""The key of the row that stands for the vendors that are ok."""

_NAME_LIMIT = 24
_LAYOUTS = ((34, True, True, True), (20, False, True, True), (16, False, False, True))
"""The least room for WHAT, and whether there are LAST 24 H, SINCE and the word of the state."""


@frozen
class Row:
    key: str
    line: Text


@frozen
class _Cells:
    """A row's columns; `sign` and `style` are the glyph and its colour."""

    key: str
    sign: str
    style: str
    state: str
    name: Text
    what: str
    since: str = ""
    hours: Text | None = None
    flag: str = ""
    is_dim: bool = False


def table(board: Board, view: View) -> tuple[Text, list[Row]]:
    """Return the heading and the rows, as wide as `view`; the first column is left empty."""
    cells = _cells(board, view)
    state = widest(["STATE", *(one.state for one in cells)], limit=view.width)
    names = [one.name.plain for one in cells if one.key != FOLDED]
    name = widest(["VENDOR", *names], limit=min(_NAME_LIMIT, max(8, view.width // 3)))
    since = widest(["SINCE", *(one.since for one in cells)], limit=view.width)
    flag = widest([one.flag for one in cells], limit=view.width)
    room, has_hours, has_since, has_state = 0, False, False, False
    for least, *parts in (*_LAYOUTS, (0, False, False, False)):
        has_hours, has_since, has_state = parts
        taken = 3 + name + 2
        taken += (state + 2) * has_state + (since + 2) * has_since + (HOURS + 2) * has_hours
        room = view.width - taken - (flag + 2 if flag else 0) - 1
        if room >= least:
            break
    room = max(0, room)

    def line(one: _Cells) -> Text:
        text = Text.assemble(" ", (one.sign, one.style), " ")
        if has_state:
            text.append(f"{column(one.state, state)}  ", style=DIM if one.is_dim else "")
        if one.key == FOLDED:
            return fitted(text.append(one.what, style=DIM), view.width)
        shown = one.name.copy()
        shown.truncate(name, overflow="ellipsis", pad=True)
        text.append_text(shown).append("  ")
        text.append(column(one.what, room), style=DIM if one.is_dim else "")
        if has_since:
            text.append(f"  {right(one.since, since)}", style=DIM)
        if has_hours:
            text.append("  ").append_text(one.hours or Text(" " * HOURS))
        if one.flag:
            text.append(f"  {one.flag}", style="bold")
        return fitted(text, view.width)

    titles = _Cells(
        key="heading",
        sign=" ",
        style="",
        state="STATE",
        name=Text("VENDOR"),
        what="WHAT",
        since="SINCE",
        hours=Text("LAST 24 H".ljust(HOURS)),
    )
    heading = line(titles)
    heading.stylize(DIM)
    return heading, [Row(key=one.key, line=line(one)) for one in cells]


def _cells(board: Board, view: View) -> list[_Cells]:
    """The rows, the worst first. Vendors without a reading have the place of unknown ones. Those
    that are ok are one row, unless all are shown or they have just changed."""
    shown = [vendor for vendor in board.vendors if board.matches(vendor)]
    known = [board.latest.get(vendor_key(vendor)) for vendor in shown]
    awaited = [vendor for vendor, one in zip(shown, known, strict=True) if one is None]
    judged = ordered([one for one in known if one], Sort.SEVERITY)
    is_whole = board.unfold or board.words.strip()
    rows = [
        one
        for one in judged
        if is_whole or not is_quiet(one) or vendor_key(one.vendor) in board.changed
    ]
    bad = [one for one in rows if one.severity not in {Severity.NONE, Severity.MAINTENANCE}]
    cells = [_of(one, board, view) for one in rows]
    cells[len(bad) : len(bad)] = [_awaited(vendor, view) for vendor in awaited]
    if folded := len(judged) - len(rows):
        sign, style = mark(Severity.NONE, view)
        them = "them" if folded > 1 else "it"
        cells.append(
            _Cells(
                key=FOLDED,
                sign=sign,
                style=style,
                state=wording.state(Severity.NONE),
                name=Text(""),
                what=f"{wording.count(folded, 'vendor')} (a shows {them})",
                is_dim=True,
            )
        )
    return cells


def _of(judged: Judged, board: Board, view: View) -> _Cells:
    sign, style = mark(judged.severity, view, open_incidents=len(judged.open_incidents))
    key = vendor_key(judged.vendor)
    flags = ["NEW"] if key in board.changed else []
    flags += ["muted"] if board.is_muted(judged.vendor) else []
    return _Cells(
        key=key,
        sign=sign,
        style=style,
        state=wording.state(judged.severity),
        name=linked(judged.name, judged.vendor.url, view, "bold"),
        what=f"{phrases.headline(judged)}{phrases.aside(judged, view)}",
        since=phrases.age(judged, view),
        hours=board.hours.bar(judged, view),
        flag=" ".join(flags),
        is_dim=is_quiet(judged),
    )


def _awaited(vendor: Vendor, view: View) -> _Cells:
    sign, style = mark(Severity.UNKNOWN, view)
    return _Cells(
        key=vendor_key(vendor),
        sign=sign,
        style=style,
        state="waiting",
        name=linked(vendor.name or vendor.slug, vendor.url, view, "bold"),
        what="no answer yet",
        is_dim=True,
    )


def position(heading: Text, first: int, shown: int, total: int, width: int) -> Text:
    """The heading, and which rows are shown if there are more than have room."""
    if shown >= total:
        return heading
    heading = heading.copy()
    heading.rstrip()
    place = Text(f"{first + 1}-{min(total, first + shown)} of {total}", style=DIM)
    if heading.cell_len + 2 + place.cell_len > width:
        heading.truncate(max(0, width - place.cell_len - 2), overflow="ellipsis")
    return Text.assemble(heading, " " * max(2, width - heading.cell_len - place.cell_len), place)
