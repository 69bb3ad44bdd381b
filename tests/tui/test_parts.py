"""The parts of the full-screen view: hours, rows, events, places, and control sequences."""

import webbrowser
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.alerts.changes import Change
from outlogger_cli.alerts.events import Kind
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render.ordering import tally
from outlogger_cli.tui import lines, places, signals
from outlogger_cli.tui.board import EVENT_LIMIT, Board
from outlogger_cli.tui.hours import Hours
from tests.reports import (
    VIEW,
    broken,
    component,
    healthy,
    incident,
    judged,
    page,
    report,
    unreadable,
    watching,
)
from tests.shown import assert_shown, written
from tests.support import NOW, utc

HOUR = timedelta(hours=1)


def bar(hours: Hours, one: Judged, after: float = 0) -> str:
    return hours.bar(one, replace(VIEW, now=NOW + after * HOUR)).plain


# The last 24 hours.


def test_an_hour_has_the_worst_of_its_readings() -> None:
    hours = Hours()
    bad, fine = broken(), healthy()
    for after, one in [
        (0, fine),
        (0.1, bad),
        (0.2, fine),
        (1, fine),
        (2, unreadable()),
        (2.1, fine),
    ]:
        hours.add(one, NOW + after * HOUR)
    assert bar(hours, fine, 2.5) == " " * 21 + "▆▁?"
    assert bar(hours, fine, 5) == " " * 18 + "▆▁?   "  # the machine slept
    assert bar(hours, fine, 24) == "▁?" + " " * 22
    hours.add(fine, NOW + 30 * HOUR)
    assert bar(hours, fine, 30) == " " * 23 + "▁"


def test_hours_before_the_watch_come_from_open_incidents_only() -> None:
    past = incident("Over", "resolved", started="2026-01-15 07:00", resolved="2026-01-15 08:00")
    still = incident("Slow", impact="minor", started="2026-01-15 09:30")
    worse = incident("Down", impact="critical", started="2026-01-15 10:59")
    one = judged(page(component("API"), incidents=[past, still, worse]))
    assert bar(Hours(), one) == " " * 20 + "▃██" + "█"
    harmless = judged(
        page(
            component("API"), incidents=[incident("Odd", impact="none", started="2026-01-15 11:00")]
        )
    )
    assert bar(Hours(), harmless) == " " * 22 + "▂▂"
    hours = Hours()
    hours.add(harmless, NOW)
    assert bar(hours, harmless) == " " * 22 + "▂▂"
    assert bar(Hours(), watching(), 3) == " " * 19 + "▆▆   "  # read at 12, not since


def test_a_vendor_that_was_never_read_has_no_hours() -> None:
    assert bar(Hours(), unreadable()) == " " * 24


# Lines.


def board(*vendors: Judged, **changes: Any) -> Board:
    found = Board(vendors=[one.vendor for one in vendors], started=NOW, **changes)
    for one in vendors:
        found.add(one, NOW)
    return found


def test_events_of_another_day_have_their_date() -> None:
    known = board(healthy())
    changes = [
        Change(at=utc(at), kind=Kind.OPENED, vendor="", title=title)
        for at, title in [("2026-01-14 23:59", "Old"), ("2026-01-15 11:00", "New")]
    ]
    known.end_round(report(healthy()), changes)
    shown = [row.plain for row in lines.events(known, VIEW, 5)]
    assert shown == ["Events", "        11:00:00  New", " 14 Jan 23:59:00  Old"]
    for _ in range(EVENT_LIMIT):
        known.end_round(report(healthy()), changes)
    assert len(known.events) == EVENT_LIMIT


def test_what_is_left_behind_has_the_table_and_the_events() -> None:
    known = board(broken(), healthy("fine"), drill="fire")
    known.vendors = [*known.vendors, unreadable(slug="lost").vendor]
    known.events = [Change(at=NOW, kind=Kind.OPENED, vendor="", title="Acme: down")]
    left = lines.left_behind(known, VIEW)
    assert left.splitlines()[0] == " DRILL  fire  DRILL"
    assert "\n◆ major  Acme" in left
    assert "Builds are stuck" in left
    assert "\nno answer yet: lost\n" in left
    assert left.endswith("\nEvents\n 12:00:00  Acme: down\n")


def test_nothing_is_left_behind_if_nothing_was_read() -> None:
    known = Board(vendors=[healthy().vendor], started=NOW)
    assert lines.left_behind(known, VIEW) == "no answer yet: acme\n"


@given(st.integers(8, 220))
def test_the_footer_never_needs_more_than_two_lines(width: int) -> None:
    view = replace(VIEW, width=width)
    rows = [row.plain for row in lines.shown(lines.footer("next 60 s", view), view)]
    assert "q quit" in rows[0]
    assert len(rows) <= 2
    assert all(len(row) <= width for row in rows)


# Places.


@given(
    height=st.integers(-2, 200),
    rows=st.integers(1, 300),
    events=st.integers(2, 200),
    is_beside=st.booleans(),
)
def test_the_parts_fill_the_height(height: int, rows: int, events: int, is_beside: bool) -> None:
    place = places.divide(height, rows=rows, events=events, is_beside=is_beside)
    page = 0 if is_beside else place.page
    assert place.table + place.events + page == max(0, height)
    assert min(place.table, place.events, place.page) >= 0
    assert height < 3 or place.table >= 3 or place.table >= rows


# Control sequences, and browsers.

KNOWN = [{"TERM_PROGRAM": "iTerm.app"}, {"KITTY_WINDOW_ID": "1"}, {"WT_SESSION": "x"}]


@pytest.mark.parametrize("environ", KNOWN)
def test_a_terminal_that_is_known_gets_a_notification(environ: dict[str, str]) -> None:
    assert signals.alert("4;1;50", environ) == "\x07\x1b]9;outlogger: 4;1;50\x07"
    assert signals.alert("x", {**environ, "TMUX": "/tmp/tmux"}) == "\x07"


@pytest.mark.parametrize("environ", [{}, {"TERM_PROGRAM": "Apple_Terminal"}])
def test_another_terminal_gets_the_bell(environ: dict[str, str]) -> None:
    assert signals.alert("x", environ) == "\x07"


@given(written)
def test_texts_in_control_sequences_are_clean(text: str) -> None:
    for sequence in (signals.title(text), signals.alert(text, KNOWN[0])[1:]):
        assert sequence[:2] == "\x1b]"
        assert sequence[-1] == "\x07"
        assert_shown(sequence[4:-1])
        assert len(sequence) < 200


class Browser:
    def open(self, _url: str) -> bool:
        return False


def test_without_a_browser_of_its_own_window_the_address_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webbrowser, "get", Browser)
    assert (
        signals.open_page("https://x.example") == "no browser opened; the page is https://x.example"
    )
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("false"))
    assert (
        signals.open_page("https://x.example") == "no browser opened; the page is https://x.example"
    )

    def none() -> None:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    assert signals.open_page("http://x.example") == "no browser found; the page is http://x.example"


def test_a_long_tally_is_wrapped_not_cut() -> None:
    known = board(broken(), healthy("fine"), unreadable(slug="lost"), watching("mon"))
    view = replace(VIEW, width=50)
    rows = [row.plain for row in lines.shown(lines.header(known, 0, view), view)]
    assert " · ".join(rows[:-1]) == tally(list(known.latest.values()))
    assert rows[-1].strip() == "3/4 read   12:00:00 UTC"
