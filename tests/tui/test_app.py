"""The full-screen view by its keys, in Textual's test driver."""

import signal
import threading
import webbrowser
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from outlogger_cli.domain.errors import LocalError
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import Theme
from outlogger_cli.tui.app import WatchApp
from outlogger_cli.tui.pane import Pane
from tests.reports import (
    HOSTILE,
    PAST,
    VIEW,
    broken,
    component,
    healthy,
    hostile,
    in_maintenance,
    judged,
    page,
    unreadable,
    without_link,
)
from tests.shown import assert_shown
from tests.support import utc
from tests.tui.showing import Rounds, later, press, rest, screen, show


def named(judged: Judged, name: str) -> Judged:
    """The vendor under a name of its own."""
    vendor = replace(judged.vendor, name=name)
    return replace(judged, outcome=replace(judged.outcome, vendor=vendor))


BAD, FINE, LOST = (
    named(broken("bad"), "Bad"),
    named(healthy("fine"), "Fine"),
    named(unreadable(slug="lost"), "Lost"),
)
FINE_BROKEN = named(broken("fine"), "Fine")


def starts(rows: list[str], text: str) -> list[str]:
    """The rows that begin with `text`."""
    return [row for row in rows if row.startswith(text)]


# The table.


def test_problems_come_first_and_healthy_vendors_are_one_row() -> None:
    async def script(app: WatchApp, _pilot: Pilot[int]) -> None:
        rows = screen(app)
        assert rows[0].startswith("outlogger watch  1 vendor has a problem · 1 unknown · 2 ok")
        assert rows[0].endswith("3/4 read   12:00:00 UTC")
        assert rows[2].split() == ["STATE", "VENDOR", "WHAT", "SINCE", "LAST", "24", "H"]
        assert rows[3].startswith("▸◆ major    Bad     Europe/Build partial outage, +1 comp")
        assert rows[4].startswith(" ? unknown  Lost    no answer in 10 s")
        assert rows[5] == " ✓ ok       2 vendors (a shows them)"
        assert rows[7:9] == ["Events", " none since 12:00 UTC"]
        assert rows[-1].endswith("next 60 s")

    show(Rounds([FINE, LOST, BAD, named(healthy("more"), "More")]), script)


def test_hours_nobody_observed_are_never_healthy() -> None:
    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await press(app, pilot, "a")
        assert starts(rows, " ✓ ok")[0].endswith("  " + " " * 23 + "▁")
        assert starts(rows, "▸◆ major")[0].endswith("  " + " " * 22 + "▆▆")  # since 11:05

    show(Rounds([FINE, BAD]), script)


def test_a_vendor_without_an_answer_waits_where_an_unknown_one_would_stand() -> None:
    source = Rounds([in_maintenance(slug="work"), LOST, FINE, BAD])
    source.hanging = {"lost", "fine"}

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        while len(app.board.latest) < 2:
            await pilot.pause()
        rows = await later(app, pilot, source, 6)
        assert rows[0].endswith("2/4 read, waiting for Lost and 1 more 6 s   12:00:06 UTC")
        assert [row.split()[1] for row in rows[3:7]] == [
            "major",
            "waiting",
            "waiting",
            "maintenance",
        ]
        assert "no answer yet" in rows[4]
        rows = await press(app, pilot, "j", "enter")
        assert rows[2:4] == ["Lost", "no answer yet"]
        source.released.set()
        while app.board.waiting:
            await pilot.pause()

    show(source, script, in_threads=True)


def test_keys_answer_and_q_ends_while_a_page_hangs() -> None:
    source = Rounds([FINE, BAD])
    source.hanging = {"fine"}

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        while not app.board.latest:
            await pilot.pause()
        assert "the pages are being read" in await press(app, pilot, "r")
        assert "Keys" in await press(app, pilot, "question_mark")
        await pilot.press("q")
        assert app.return_value == 0

    app = show(source, script, in_threads=True)
    assert app.failure is None
    source.released.set()
    for thread in threading.enumerate():
        if thread.name == "watch":
            thread.join(5)  # what it still reports finds nobody


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The control sequences that the application writes."""
    sequences: list[str] = []
    monkeypatch.setattr(WatchApp, "write", lambda _app, text: sequences.append(text))
    return sequences


def test_what_the_last_round_changed_is_marked_and_listed(written: list[str]) -> None:
    source = Rounds([FINE, BAD], [FINE_BROKEN, BAD], [FINE, BAD])
    source.environ = {"TERM_PROGRAM": "WezTerm"}

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await later(app, pilot, source, 61)
        assert starts(rows, "▸◆ major  Fine")[0].endswith("NEW")
        assert not starts(rows, " ◆ major  Bad")[0].endswith("NEW")
        assert rows[rows.index("Events") + 1].startswith(" 12:01:01  Fine: Europe/Build part")
        rows = await later(app, pilot, source, 61)
        assert starts(rows, " ✓ ok     Fine")[0].endswith("NEW")
        assert rows[rows.index("Events") + 1].startswith(
            " 12:02:02  Fine recovered; the incident last"
        )
        assert "vendors (a shows" not in "".join(rows)
        rows = await later(app, pilot, source, 61)
        assert "NEW" not in "".join(rows)

    show(source, script)
    assert [text for text in written if text.startswith("\x07")] == [
        "\x07\x1b]9;outlogger: Fine: Europe/Build partial outage, +1 component\x07"
    ]
    assert written[:2] == ["\x1b[22;2t", "\x1b]2;outlogger: 1 vendor has a problem · 1 ok\x07"]


def test_the_selected_vendor_stays_selected_when_the_order_changes() -> None:
    source = Rounds([BAD, LOST], [named(healthy("bad"), "Bad"), LOST])

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        assert starts(await press(app, pilot, "down"), "▸")[0].split()[2] == "Lost"
        assert starts(await press(app, pilot, "j"), "▸")[0].split()[2] == "Lost"
        assert starts(await press(app, pilot, "k"), "▸")[0].split()[2] == "Bad"
        rows = await later(app, pilot, source, 61)
        assert starts(rows, "▸") == starts(rows, "▸✓ ok       Bad")

    show(source, script)


def test_200_vendors_are_scrolled_and_counted() -> None:
    many = [named(unreadable(slug=f"v{number}"), f"Vendor {number}") for number in range(200)]

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = screen(app)
        assert rows[2].endswith("1-12 of 200")
        assert rows[3].startswith("▸? unknown  Vendor 0 ")
        rows = await press(app, pilot, "end")
        assert rows[2].endswith("189-200 of 200")
        assert starts(rows, "▸")[0].startswith("▸? unknown  Vendor 199")
        rows = await press(app, pilot, "pageup", "pageup")
        assert rows[2].endswith("180-191 of 200")
        assert (await press(app, pilot, "home"))[3].startswith("▸? unknown  Vendor 0 ")

    show(Rounds(many), script, size=(60, 20))


# The page of the selected vendor.

WITH_HISTORY = named(broken("bad", history=PAST), "Bad")


def test_enter_shows_the_page_with_its_history_and_escape_goes_back() -> None:
    source = Rounds([BAD, FINE])
    source.history["bad"] = WITH_HISTORY

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await press(app, pilot, "enter")
        assert rows[2].startswith("◆ Bad: major  2 of 4 components affected, 1 open incident")
        assert "reading past incidents ..." in rows
        assert starts(rows, "  identified · 15 Jan 11:")  # every update with its time
        rows = await rest(app, pilot, source)
        assert any("API errors" in row for row in rows)
        assert source.asked == ["bad"]
        rows = await press(app, pilot, "escape")
        assert starts(rows, "▸◆ major")
        for _ in range(9):
            await later(app, pilot, source, 10)
        assert source.asked == ["bad"]  # nothing has changed

    show(source, script)


def test_a_page_that_is_older_than_the_last_reading_is_not_shown() -> None:
    worse = named(broken("bad", checked_at=utc("2026-01-15 12:01")), "Bad")
    source = Rounds([named(healthy("bad"), "Bad")], [worse])
    source.history["bad"] = named(healthy("bad"), "Bad")

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "a", "enter")
        await rest(app, pilot, source)
        rows = await later(app, pilot, source, 61)
        assert rows[2].startswith("◆ Bad: major")
        rows = await rest(app, pilot, source)
        assert rows[2].startswith("◆ Bad: major")
        assert source.asked == ["bad", "bad"]

    show(source, script)


def test_a_history_that_cannot_be_read_is_said() -> None:
    source = Rounds([BAD])
    source.history["bad"] = named(unreadable(slug="bad"), "Bad")

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "enter")
        rows = await rest(app, pilot, source)
        assert "past incidents could not be read: no answer in 10 s" in rows
        assert rows[2].startswith("◆ Bad: major")
        source.history["bad"] = WITH_HISTORY
        await later(app, pilot, source, 61)
        rows = await rest(app, pilot, source)
        assert any("API errors" in row for row in rows)

    show(source, script)


def test_a_page_that_could_not_be_read_asks_for_no_history() -> None:
    source = Rounds([LOST])

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await rest(app, pilot, source)
        assert any(row.startswith("? Lost: unknown  no answer in 10 s") for row in rows)

    show(source, script)
    assert source.asked == []


def test_a_long_page_scrolls_and_a_part_of_it_says_so() -> None:
    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        assert any(row.endswith("more lines (enter shows all)") for row in screen(app))
        rows = await press(app, pilot, "enter")
        assert rows[-3].startswith("lines 1-")
        first = rows[2]
        rows = await press(app, pilot, "down", "down", "down")
        assert rows[-3].startswith("lines 4-")
        assert await press(app, pilot, "end") == await press(app, pilot, "down")
        assert (await press(app, pilot, "home"))[2] == first

    show(Rounds([BAD]), script, size=(60, 16))


def test_on_a_wide_terminal_the_page_stands_beside() -> None:
    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = screen(app)
        assert "│ ◆ Bad: major" in rows[2]
        assert all(row[95:].startswith("│") for row in rows[2:38])
        assert starts(rows, "▸◆ major")
        await pilot.resize_terminal(60, 16)
        await pilot.pause()
        rows = screen(app)
        assert all(len(row) <= 60 for row in rows)
        assert starts(rows, "▸◆ major")
        assert "│" not in "".join(rows)

    show(Rounds([BAD, FINE]), script, size=(150, 40))


@pytest.mark.parametrize(
    "size", [(20, 3), (10, 12), (20, 8), (40, 12), (60, 20), (140, 12), (200, 60)]
)
def test_every_size_shows_the_keys_and_the_worst_vendor(size: tuple[int, int]) -> None:
    async def script(app: WatchApp, _pilot: Pilot[int]) -> None:
        rows = screen(app)
        assert size[1] < 8 or "q quit" in "".join(rows[-3:])
        assert size[1] < 8 or starts(rows, "▸◆")
        assert all(len(row) <= size[0] for row in rows)

    show(Rounds([FINE, LOST, BAD]), script, size=size)


# The other keys.


def test_the_filter_takes_words_enter_keeps_it_and_escape_clears_it() -> None:
    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await press(app, pilot, "slash", *"FINE")
        assert starts(rows, "▸") == starts(rows, "▸✓ ok     Fine")
        assert rows[4] == ""
        rows = await press(app, pilot, "enter", "j", "k")
        assert "filter: FINE  (escape clears it)" in rows
        rows = await press(app, pilot, "escape")
        assert len(starts(rows, " ✓ ok       1 vendor (a shows it)")) == 1
        rows = await press(app, pilot, "slash", *"xq")
        assert "   no vendor matches 'xq' (escape clears the filter)" in rows
        rows = await press(app, pilot, "j", "m", "down", "enter", "o", "m", "enter")
        assert "no vendor matches 'xqjm'" in "".join(rows)
        await press(app, pilot, "escape", "escape")
        assert starts(await press(app, pilot, "slash", "escape"), "▸◆ major")

    show(Rounds([FINE, LOST, BAD]), script)


def test_enter_on_the_row_of_healthy_vendors_shows_them() -> None:
    more = named(healthy("more"), "More")

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await press(app, pilot, "end")
        assert starts(rows, "▸✓ ok     2 vendors (a shows them)")
        assert rows[rows.index("2 vendors ok") + 1] == "Fine, More"
        rows = await press(app, pilot, "enter")
        assert len(starts(rows, " ✓ ok ")) + len(starts(rows, "▸✓ ok ")) == 2
        assert starts(await press(app, pilot, "a"), "▸✓ ok     2 vendors (a shows them)")

    show(Rounds([FINE, BAD, more]), script)


def test_m_mutes_the_selected_vendor_and_ends_that() -> None:
    source = Rounds([FINE, BAD])

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await press(app, pilot, "m")
        assert starts(rows, "▸◆ major")[0].endswith("muted")
        assert {"muted: bad", "Bad is muted until it recovers"} <= {*rows}
        rows = await press(app, pilot, "m")
        assert "Bad is not muted" in rows
        assert "muted: bad" not in rows
        rows = await press(app, pilot, "a", "end", "m")
        assert "Fine has no problem to mute" in rows
        source.refuses = LocalError("the state folder is busy")
        assert "the state folder is busy" in await press(app, pilot, "home", "m")
        assert "the state folder is busy" not in await press(app, pilot, "k")

    show(source, script)


def test_a_muted_vendor_rings_no_bell(written: list[str]) -> None:
    critical = named(judged(page(component("API", "major_outage")), slug="bad"), "Bad")
    source = Rounds([BAD, FINE], [critical, FINE])

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "m")
        rows = await later(app, pilot, source, 61)
        assert starts(rows, "▸✖ critical")[0].endswith("NEW muted")

    show(source, script)
    assert not [text for text in written if "\x07" in text[:1]]


def test_r_reads_now_but_not_more_often_than_every_ten_seconds() -> None:
    source = Rounds([BAD])

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        assert (await later(app, pilot, source, 3))[-1].endswith("next 57 s")
        assert (await press(app, pilot, "r"))[-1].endswith("next 7 s")
        assert source.begun == 1
        await later(app, pilot, source, 7)
        assert source.begun == 2
        await later(app, pilot, source, 11)
        await press(app, pilot, "r")
        assert source.begun == 3

    show(source, script)


def test_p_pauses_and_r_still_reads() -> None:
    source = Rounds([BAD])

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        assert (await press(app, pilot, "p"))[-1].endswith("paused")
        await later(app, pilot, source, 600)
        assert source.begun == 1
        rows = await press(app, pilot, "r")
        assert source.begun == 2
        assert rows[-1].endswith("paused")
        await later(app, pilot, source, 600)
        assert source.begun == 2
        await press(app, pilot, "p")
        assert source.begun == 3

    show(source, script)


def test_help_lists_the_keys_and_closes_again() -> None:
    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await press(app, pilot, "question_mark")
        assert rows[2] == "Keys"
        assert rows[-1].startswith("↑↓ scroll  escape back  o open page")
        assert "  q            quit; the table stays in the scrollback" in rows
        assert starts(await press(app, pilot, "question_mark"), "▸◆ major")

    show(Rounds([BAD]), script)


class Browser:
    def __init__(self, opens: bool = True) -> None:
        self.opened: list[str] = []
        self._opens = opens

    def open(self, url: str) -> bool:
        self.opened.append(url)
        return self._opens


def test_o_opens_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        assert "opened https://status.bad.example" in await press(app, pilot, "o")

    show(Rounds([BAD]), script)
    assert browser.opened == ["https://status.bad.example"]


def test_what_is_not_a_web_address_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: pytest.fail("a browser was opened"))

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = await press(app, pilot, "a", "o")
        assert "not a web address: javascript:alert(1)" in rows

    show(Rounds([without_link()]), script)


# What else is shown.


def test_notes_and_a_drill_are_shown_all_the_time(written: list[str]) -> None:
    source = Rounds([BAD], drill="bad-day")
    source.notes = ["webhooks[0]: HTTP 404"]

    async def script(app: WatchApp, _pilot: Pilot[int]) -> None:
        rows = screen(app)
        assert rows[0] == " DRILL  bad-day  DRILL"
        assert rows.index("its [notify] is not run") + 1 == rows.index("webhooks[0]: HTTP 404")

    show(source, script, notes=["its [notify] is not run"])
    assert "\x1b]2;outlogger: DRILL: 1 vendor has a problem\x07" in written


def test_ascii_output() -> None:
    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = [*screen(app), *await press(app, pilot, "question_mark")]
        assert all(row.isascii() for row in rows)
        assert starts(rows, ">x major")

    show(Rounds([BAD, FINE], view=replace(VIEW, ascii=True)), script, size=(140, 40))


@pytest.mark.parametrize("theme", list(Theme))
def test_the_selected_row_is_a_bar_if_there_is_colour(theme: Theme) -> None:
    async def script(app: WatchApp, _pilot: Pilot[int]) -> None:
        styles = [one.style for one in app.query_one("#table", Pane).render_line(1) if one.style]
        is_auto = theme is Theme.AUTO
        assert all(style.reverse if is_auto else style.bgcolor for style in styles)
        assert styles

    show(Rounds([BAD], view=replace(VIEW, color=True, theme=theme)), script)


def test_without_colour_no_style_is_written() -> None:
    async def script(app: WatchApp, _pilot: Pilot[int]) -> None:
        for pane in app.query(Pane):
            for y in range(pane.size.height):
                assert not any(one.style and one.style.color for one in pane.render_line(y))

    show(Rounds([BAD, FINE]), script)


@pytest.mark.parametrize("size", [(60, 20), (150, 50)])
def test_hostile_texts_are_shown_as_they_are(size: tuple[int, int]) -> None:
    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        rows = [*screen(app), *await press(app, pilot, "enter")]
        for row in rows:
            assert_shown(row.lstrip("│ "))
        assert HOSTILE[19] in "".join(rows)

    show(Rounds([hostile(), *map(_called, HOSTILE)], view=VIEW), script, size=size)


def _called(text: str) -> Judged:
    return named(unreadable(slug=text, message=text), text)


# The end.


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("Q", 0), ("ctrl+q", 0), ("ctrl+c", 130)])
def test_keys_that_end_it(key: str, code: int, written: list[str]) -> None:
    async def script(_app: WatchApp, pilot: Pilot[int]) -> None:
        await pilot.press("slash")
        await pilot.press(key if key.startswith("ctrl") else "escape", key)

    assert show(Rounds([BAD]), script).return_value == code
    assert written[-1] == "\x1b[23;2t"


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has other signals")
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_signals_end_it_unless_they_are_ignored(name: str, code: int) -> None:
    number = getattr(signal, name)

    async def script(_app: WatchApp, pilot: Pilot[int]) -> None:
        signal.raise_signal(number)
        await pilot.pause()

    assert show(Rounds([BAD]), script).return_value == code
    before = signal.signal(number, signal.SIG_IGN)
    try:
        assert show(Rounds([BAD]), script).return_value is None
    finally:
        signal.signal(number, before)


def test_it_ends_when_the_terminal_is_gone() -> None:
    source = Rounds([BAD])

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        source.is_hung_up = True
        await later(app, pilot, source, 1)

    assert show(source, script).return_value == 129


def test_what_arrives_while_the_screen_is_taken_down_is_not_drawn() -> None:
    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        await app.query("*").remove()
        app.draw()
        await pilot.pause()

    show(Rounds([BAD]), script)


def test_an_error_of_a_round_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    error = LocalError("the proxy is invalid")
    source = Rounds([BAD])
    monkeypatch.setattr(source, "notify", _raising(error))
    assert show(source, _nothing, fails=True).failure is error


@pytest.mark.parametrize("part", ["mutes", "page"])
def test_a_bug_in_a_thread_ends_it(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error = ZeroDivisionError()
    source = Rounds([BAD])
    monkeypatch.setattr(source, part, _raising(error))

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        await rest(app, pilot, source)

    assert show(source, script, fails=True).failure is error


def test_a_bug_in_the_view_ends_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ZeroDivisionError()

    async def script(app: WatchApp, pilot: Pilot[int]) -> None:
        monkeypatch.setattr(app.drawing, "draw", _raising(error))
        await pilot.press("j")

    source = Rounds([BAD])
    with pytest.raises(ZeroDivisionError):
        show(source, script)
    assert capsys.readouterr().err == ""


def _raising(error: Exception) -> Any:
    def fail(*_args: object) -> None:
        raise error

    return fail


async def _nothing(_app: WatchApp, pilot: Pilot[int]) -> None:
    await pilot.pause()
