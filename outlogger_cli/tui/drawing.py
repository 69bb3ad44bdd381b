"""What is on the screen: which row is selected, and which lines each pane shows."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from rich.console import RenderableType
from rich.style import Style
from rich.text import Text
from textual.app import App
from textual.containers import Container

from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.domain.model import Vendor
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import replace
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import Theme, View, wording
from outlogger_cli.render.ordering import is_quiet
from outlogger_cli.render.table.layout import paragraph
from outlogger_cli.render.table.screen import WIDEST
from outlogger_cli.render.theme import DIM
from outlogger_cli.tui import lines, places
from outlogger_cli.tui.board import Board
from outlogger_cli.tui.pages import Pages
from outlogger_cli.tui.pane import Pane
from outlogger_cli.tui.table import FOLDED, Row, position, table

_SELECTED = {
    Theme.DARK: Style(bgcolor="color(237)"),
    Theme.LIGHT: Style(bgcolor="color(254)"),
    Theme.AUTO: Style(reverse=True),
}
_LOW = 16
"""Lines below which no line is left empty."""


class Mode(Enum):
    LIST = auto()
    PAGE = auto()
    HELP = auto()


class Drawing:
    """The table with its selected row, and the page or the help.

    `is_stale`: the board has changed since the last `draw`. `has_page`: the selected vendor's page
    is on the screen.
    """

    def __init__(self, board: Board, pages: Pages) -> None:
        self.mode = Mode.LIST
        self.is_stale = True
        self.has_page = False
        self._board = board
        self._pages = pages
        self._rows: list[Row] = []
        self._heading = Text("")
        self._index = 0
        self._selected: str | None = None
        self._drawn: object = None
        self._top = self._scroll = 0

    # What is selected.

    @property
    def key(self) -> str:
        """The key of the selected row; that of no vendor if there is no row."""
        return self._rows[self._index].key if self._rows else FOLDED

    @property
    def is_folded_row(self) -> bool:
        return self.mode is Mode.LIST and bool(self._rows) and self.key == FOLDED

    @property
    def selected(self) -> Judged | None:
        """The last reading of the selected vendor."""
        return self._board.latest.get(self.key)

    @property
    def vendor(self) -> Vendor | None:
        return next((one for one in self._board.vendors if vendor_key(one) == self.key), None)

    def move(self, rows: int) -> None:
        """Select a row further down or up; scroll, if a page or the help is open."""
        if self.mode is not Mode.LIST:
            self._scroll += rows
        elif self._rows:
            self._index = min(max(0, self._index + rows), len(self._rows) - 1)
            self._selected = self.key

    def open(self, mode: Mode) -> None:
        self.mode, self._scroll = mode, 0

    # What is drawn.

    def draw(self, app: App[int], view: View, state: str, waited: float) -> None:
        """Show everything in the panes of `app` at its size."""
        width, height = app.size
        view = replace(view, width=width)
        head = lines.shown(lines.header(self._board, waited, view), view)
        notes = lines.shown(lines.notes(self._board, view), view)
        foot = lines.shown(lines.footer(state, view, is_list=self.mode is Mode.LIST), view)
        if height >= _LOW:
            head, foot = [*head, Text("")], [Text(""), *foot]
            notes = [Text(""), *notes] if notes else []
        filter_lines = int(app.query_one("#filter").display)
        room = max(0, height - len(head) - len(notes) - len(foot) - filter_lines)
        app.query_one("#header", Pane).show(head)
        app.query_one("#notes", Pane).show(notes)
        app.query_one("#footer", Pane).show(foot)
        beside = places.page_width(width) if self.mode is Mode.LIST else 0
        list_view = replace(view, width=width - beside)
        self._update_rows(list_view)
        events = [Text(""), *lines.shown(lines.events(self._board, list_view, room), list_view)]
        place = places.Places(table=0, events=0, page=room)
        if self.mode is Mode.LIST:
            rows = max(1, len(self._rows)) + 1
            place = places.divide(room, rows=rows, events=len(events), is_beside=beside > 0)
        app.query_one("#body", Container).styles.layout = "horizontal" if beside else "vertical"
        left = app.query_one("#left", Container)
        left.display = place.table > 0
        left.styles.width = width - beside
        app.query_one("#table", Pane).show(self._table(place.table, list_view), height=place.table)
        app.query_one("#events", Pane).show(events[: place.events], height=place.events)
        self._show_page(app.query_one("#page", Pane), place.page, beside, view)
        self.is_stale = False

    def _update_rows(self, view: View) -> None:
        """Lay the rows out if the board or the width has changed, and twice a minute for ages."""
        drawn = view.width, view.color, view.ascii, int(view.now.timestamp()) // 30
        if self.is_stale or self._drawn != drawn:
            self._drawn = drawn
            self._heading, self._rows = table(self._board, view)
        keys = [row.key for row in self._rows]
        if self._selected in keys:
            self._index = keys.index(self._selected)
        else:
            self._index = 0 if self._selected is None else self._index
        self._index = min(self._index, max(0, len(keys) - 1))

    def _table(self, height: int, view: View) -> Sequence[Text]:
        """The heading and the rows around the selected one, in `height` lines."""
        room, total = height - 1, len(self._rows)
        if room < 1:
            return []
        if not total:
            words = line(self._board.words)
            why = f"no vendor matches '{words}' (escape clears the filter)"
            return lines.shown([self._heading, Text(f"   {why}", style=DIM)], view)[:height]
        self._top = min(max(self._top, self._index - room + 1), self._index, max(0, total - room))
        shown = self._rows[self._top : self._top + room]
        heading = position(self._heading, self._top, room, total, view.width)
        drawn = lines.shown([heading, *(row.line for row in shown)], view)
        at = 1 + self._index - self._top
        drawn[at] = _highlighted(drawn[at], view)
        return drawn

    def _show_page(self, pane: Pane, height: int, beside: int, view: View) -> None:
        width = beside or view.width
        pane.edge = ("| " if view.ascii else "│ ") if beside else ""
        pane.styles.width = width
        self.has_page = height > 0 and self.mode is not Mode.HELP
        if not height:
            pane.show([], height=0)
            return
        below = self.mode is Mode.LIST and not beside
        is_whole = self.mode is Mode.PAGE
        page_view = replace(view, width=min(width - len(pane.edge), WIDEST), timelines=is_whole)
        drawn = lines.shown(self._page(page_view), page_view)
        drawn = [Text(""), *drawn] if below else drawn
        room = height - 1
        if len(drawn) > height:
            self._scroll = min(max(0, self._scroll), len(drawn) - room)
            last = self._scroll + room
            more = f"lines {self._scroll + 1}-{last} of {len(drawn)}"
            if self.mode is Mode.LIST:
                more = f"{wording.count(len(drawn) - room, 'more line')} (enter shows all)"
            drawn = [*drawn[self._scroll : last], *lines.shown([Text(more, style=DIM)], page_view)]
        pane.show(drawn, height=height)

    def _page(self, view: View) -> Iterable[RenderableType]:
        if self.mode is Mode.HELP:
            yield from lines.help_lines(view)
        elif latest := self.selected:
            yield from self._pages.lines(latest, view)
        elif vendor := self.vendor:
            yield Text(vendor.name or vendor.slug, style="bold")
            yield Text("no answer yet", style=DIM)
        elif self._rows:
            fine = [one.name for one in self._board.latest.values() if is_quiet(one)]
            yield Text(f"{wording.count(len(fine), 'vendor')} ok", style="bold")
            yield paragraph(", ".join(fine), indent=0, style=DIM)


def _highlighted(row: Text, view: View) -> Text:
    """The selected row: a sign in its first column, and a bar if there is colour."""
    sign = ">" if view.ascii else "▸"
    row = Text.assemble(sign, row[1:])
    row.pad_right(max(0, view.width - row.cell_len))
    if view.color and view.theme is Theme.AUTO:
        row = Text(row.plain)  # reversed colours would be blocks
    if view.color:
        row.stylize(_SELECTED[view.theme])
    return row
