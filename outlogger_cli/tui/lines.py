"""The lines around the table: header, events, notes, keys and help."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.domain.report import Report, build
from outlogger_cli.domain.text import line as cleaned
from outlogger_cli.render import View, theme, wording
from outlogger_cli.render.ordering import tally
from outlogger_cli.render.table.layout import Lines, column, fitted, sides
from outlogger_cli.render.table.overview import drill_title, overview, top
from outlogger_cli.render.table.screen import printed, readable
from outlogger_cli.render.theme import DIM
from outlogger_cli.tui.board import Board

_ARROWS, _JK = "↑↓", "j k"

KEYS = (
    (_ARROWS, "select", "up down j k", "select a vendor"),
    ("enter", "details", "enter", "show the vendor's page; escape goes back"),
    ("o", "open page", "o", "open the status page in a browser"),
    ("m", "mute", "m", "mute notifications until it recovers, or unmute"),
    ("/", "filter", "/", "show only vendors whose name contains the text"),
    ("a", "all", "a", "show or hide the vendors that are ok"),
    ("r", "refresh", "r", "read the pages now, at most every 10 s"),
    ("p", "pause", "p", "pause reading, or resume"),
    ("?", "help", "?", "show this help"),
    ("q", "quit", "q", "quit; the table stays in the scrollback"),
)
"""Each key and its label in the footer, then its names and meaning in the help."""

_IN_A_PAGE = {_ARROWS: (_ARROWS, "scroll"), "enter": ("escape", "back")}
"""What two of them are while a page or the help is open."""

_LEFT_OUT = ("p", "a", "r", "o", "m", "/", "enter", _ARROWS, "?")
"""The keys that a narrow footer does without, in this order; q always stays."""

_WRAPPED_FROM = 40
"""Columns from which a long tally is wrapped: on fewer it would need most of the screen."""


def shown(lines: Iterable[RenderableType], view: View) -> list[Text]:
    """Return `lines` as they are printed on a terminal: wrapped, in ASCII if `view` says so."""
    text = printed(iter(lines), view)
    return [Text.from_ansi(row) for row in text.removesuffix("\n").split("\n")] if text else []


def left_behind(board: Board, view: View) -> str:
    """What stays in the scrollback: the last table, and the events."""

    def last_lines() -> Iterator[RenderableType]:
        report = _report(board, view)
        if board.drill:
            yield drill_title(report, view)
        if board.latest:
            yield from overview(report, view, incidents=True)
        unread = [one for one in board.vendors if vendor_key(one) not in board.latest]
        if unread:
            names = wording.listed([one.name or one.slug for one in unread], limit=3)
            yield fitted(Text(f"no answer yet: {names}", style=DIM), view.width)
        if board.events:
            yield Text("")
            yield from events(board, view, len(board.events))

    return printed(last_lines(), readable(view))


def header(board: Board, waited: float, view: View) -> Lines:
    """`outlogger watch  1 vendor has a problem · 7 ok    40/41 read, waiting for Okta 6 s`"""
    if board.drill:
        yield drill_title(_report(board, view), view)
    known = tally(list(board.latest.values())) if board.latest else "reading the pages"
    read = sum(one.error is None for one in board.latest.values())
    status = f"{read}/{len(board.vendors)} read"
    if board.waiting:
        names = [vendor.name or vendor.slug for vendor in board.waiting.values()]
        status += f", waiting for {wording.listed(names, limit=1)} {int(waited)} s"
    zone = f"{view.now.astimezone(view.zone):%Z}"
    right = Text(f"{status}   {clock(view.now, view)} {zone}", style=DIM)
    full = Text.assemble(("outlogger watch", "bold"), f"  {known}")
    room = view.width - 2 - right.cell_len
    if full.cell_len <= room:
        yield from sides(full, right, view.width)
    elif view.width < _WRAPPED_FROM:
        yield from sides(Text(known, style="bold"), right, view.width)
    else:
        yield from top(known, right, view)


def _report(board: Board, view: View) -> Report:
    known = list(board.latest.values())
    return build("watch", known, gate=False, now=view.now, drill=board.drill)


def events(board: Board, view: View, limit: int) -> Iterator[Text]:
    """The newest events with their times, or since when there is none."""
    yield Text("Events", style="bold")
    if not board.events:
        started = wording.clock_time(board.started, view.zone, view.now)
        yield fitted(Text(f" none since {started}", style=DIM), view.width)
        return
    kept = board.events[:limit]
    times = [clock(change.at, view) for change in kept]
    width = max(map(len, times))
    for change, at in zip(kept, times, strict=True):
        yield fitted(Text.assemble(" ", (at.rjust(width), DIM), f"  {change.title}"), view.width)


def clock(when: datetime, view: View) -> str:
    """`12:37:52`, with its date if that is not today."""
    local, today = when.astimezone(view.zone), view.now.astimezone(view.zone)
    is_today = local.date() == today.date()
    date = "" if is_today else f"{wording.month_day(local.month, local.day)} "
    return f"{date}{local:%H:%M:%S}"


def notes(board: Board, view: View) -> Iterator[Text]:
    """What is muted, what went wrong, and the answer to the last key."""
    if board.mutes:
        names = ", ".join(cleaned(mute.name) for mute in board.mutes)
        yield fitted(Text(f"muted: {names}", style=DIM), view.width)
    for note in [*board.standing_notes, *board.notes]:
        yield fitted(Text(cleaned(note)), view.width)
    if board.said:
        yield fitted(Text(cleaned(board.said), style="bold"), view.width)
    if board.words.strip():
        hint = f"filter: {cleaned(board.words)}  (escape clears it)"
        yield fitted(Text(hint, style=DIM), view.width)


def footer(state: str, view: View, *, is_list: bool = True) -> Lines:
    """The keys that have room, and what happens next."""
    right, keys = Text(state, style=DIM), Text("")
    for dropped in range(len(_LEFT_OUT) + 1):
        shown_keys = [
            (sign, label) if is_list else _IN_A_PAGE.get(sign, (sign, label))
            for sign, label, *_ in KEYS
            if sign not in _LEFT_OUT[:dropped]
        ]
        keys = Text("  ").join(
            Text.assemble(
                (_JK if view.ascii and sign == _ARROWS else sign, "bold"), (f" {label}", DIM)
            )
            for sign, label in shown_keys
        )
        if keys.cell_len + 2 + right.cell_len <= view.width:
            break
    yield from sides(keys, right, view.width)


def help_lines(view: View) -> Iterator[Text]:
    """The keys, and what the signs mean."""
    yield Text("Keys", style="bold")
    for _, _, names, meaning in KEYS:
        yield fitted(Text.assemble("  ", (column(names, 13), "bold"), meaning), view.width)
    yield Text("")
    yield Text("Signs", style="bold")
    for severity, mark in theme.MARKS.items():
        text = Text.assemble(
            "  ",
            (mark.sign(ascii=view.ascii), theme.color(severity, view.theme)),
            f" {column(wording.state(severity), 13)}",
            (mark.day_sign(ascii=view.ascii), theme.color(severity, view.theme)),
            " in the last 24 hours",
        )
        yield fitted(text, view.width)
    sign = theme.WITH_INCIDENT.sign(ascii=view.ascii)
    yield fitted(Text(f"  {sign} ok, with an open incident"), view.width)
    yield fitted(Text("  an empty hour was not observed"), view.width)
    yield Text("")
    yield fitted(Text("escape goes back", style=DIM), view.width)
