"""`outlogger wait`: blocks until every vendor is ok, or until the time is up."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from outlogger_cli.render import FORMATS
from tests.cli.commands.pages import ACME, FINE, serving
from tests.cli.commands.rounds import OUT, SLOW, WELL, Clock, web
from tests.running import run_command

OK_LINE = "status.fine.example\tnone\tok\t\t0\thttps://status.fine.example\n"
OUT_LINE = "status.fine.example\tcritical\tproblem\tAPI\t0\thttps://status.fine.example\n"


def test_if_all_is_ok_it_ends_at_once() -> None:
    clock = Clock()
    finished = clock.run("wait", FINE, transport=web(WELL))
    assert (finished.code, finished.out, finished.err) == (0, OK_LINE, "")
    assert clock.pauses == []


def test_it_reads_again_until_all_is_ok() -> None:
    clock, pages = Clock(), web(OUT, OUT, 500, SLOW, WELL)
    finished = clock.run("wait", FINE, "--retries", "0", transport=pages)
    assert (finished.code, finished.out) == (0, OK_LINE)
    said = [row.partition(" (")[2] for row in finished.err.splitlines()]
    assert (said[0], said[2]) == ("API major outage)", "API degraded)")
    assert len(said) == 3, "what is waited for is said when it changes"
    assert len(clock.pauses) == 4
    assert all(30 <= pause <= 33 for pause in clock.pauses)
    assert len(pages.asked) == 5


def test_pauses_have_a_random_part() -> None:
    clock = Clock()
    clock.run("wait", FINE, "--interval", "10s", transport=web(*[OUT] * 20, WELL))
    assert len(set(clock.pauses)) > 10
    assert all(10 <= pause <= 11 for pause in clock.pauses)


def test_when_the_time_is_up_it_reads_once_more_and_exits_4() -> None:
    clock, pages = Clock(), web(OUT)
    finished = clock.run("wait", FINE, "--wait-for", "70s", transport=pages)
    assert (finished.code, finished.out) == (4, OUT_LINE)
    assert finished.err == (
        "waiting for status.fine.example (API major outage)\n"
        "status.fine.example: critical: API major outage, https://status.fine.example\n"
        "timed out after 1 min\n"
    )
    assert clock.monotonic() == 70
    assert len(pages.asked) == 4


def test_the_deadline_of_the_run_limits_the_waiting_too() -> None:
    clock = Clock()
    finished = clock.run("wait", FINE, "--wait-for", "2h", "--deadline", "1m", transport=web(OUT))
    assert (finished.code, finished.err.splitlines()[-1]) == (4, "timed out after 1 min")
    assert clock.monotonic() == 60


def test_the_default_limit_is_30_minutes() -> None:
    clock = Clock()
    assert clock.run("wait", FINE, transport=web(OUT)).code == 4
    assert clock.monotonic() == 1800


def test_a_limit_of_0_is_one_reading() -> None:
    for page, code in ((OUT, 4), (WELL, 0)):
        clock = Clock()
        assert clock.run("wait", FINE, "--wait-for", "0s", transport=web(page)).code == code
        assert clock.pauses == []


@pytest.mark.parametrize(("page", "code"), [(SLOW, 0), (OUT, 4)])
def test_the_threshold_decides_what_is_waited_for(page: dict[str, object], code: int) -> None:
    finished = Clock().run("wait", FINE, "--fail-on", "major", transport=web(page))
    assert finished.code == code


@pytest.mark.parametrize(
    ("on_unknown", "code", "pauses"), [("fail", 4, 2), ("warn", 0, 0), ("ignore", 0, 0)]
)
def test_an_unreadable_page_is_waited_for_unless_on_unknown_allows_it(
    on_unknown: str, code: int, pauses: int
) -> None:
    clock = Clock()
    options = ("--on-unknown", on_unknown, "--wait-for", "40s", "--retries", "0")
    finished = clock.run("wait", FINE, *options, transport=web(500))
    assert (finished.code, len(clock.pauses)) == (code, pauses)


def test_every_vendor_is_read_each_time_and_reported_at_the_end() -> None:
    pages = web(OUT, WELL, other_example=WELL)
    finished = Clock().run("wait", FINE, "https://other.example", transport=pages)
    assert finished.code == 0
    assert [row.split("\t")[:3] for row in finished.out.splitlines()] == [
        ["status.fine.example", "none", "ok"],
        ["other.example", "none", "ok"],
    ]
    assert sum("other.example" in url for url in pages.asked) == 2


def test_a_vendor_that_breaks_meanwhile_is_waited_for_too() -> None:
    pages = web(WELL, OUT, WELL, other_example=OUT)
    finished = Clock().run(
        "wait", FINE, "https://other.example", "--wait-for", "35s", transport=pages
    )
    assert finished.code == 4
    assert OUT_LINE.replace("critical", "none") not in finished.out


def test_stored_readings_are_not_used(home: Path) -> None:
    assert home.is_dir()
    Clock().run("wait", FINE, transport=web(WELL))
    for options in (["--max-age", "1h"], ["-f", "line"]):
        finished = Clock().run("wait", FINE, *options, "--wait-for", "0s", transport=web(OUT))
        assert finished.code == 4


# Output.


def test_json_has_the_last_report() -> None:
    for page, code, verdict in ((WELL, 0, "ok"), (OUT, 4, "problem")):
        finished = Clock().run("wait", FINE, "--json", "--wait-for", "0s", transport=web(page))
        assert finished.code == code
        assert (finished.json["command"], finished.json["exit_code"], finished.json["verdict"]) == (
            "wait",
            code,
            verdict,
        )


@pytest.mark.parametrize("name", FORMATS)
def test_it_has_every_format_of_check(name: str) -> None:
    finished = Clock().run("wait", FINE, "-f", name, transport=web(OUT, WELL))
    assert finished.code == 0
    assert finished.out


def test_ndjson_has_only_the_last_report(tmp_path: Path) -> None:
    finished = Clock().run("wait", FINE, "-f", "ndjson", transport=web(OUT, WELL))
    assert json.loads(finished.out)["verdict"] == "ok"
    target = tmp_path / "end.ndjson"
    options = ("-f", "ndjson", "-o", str(target))
    assert Clock().run("wait", FINE, *options, transport=web(OUT, WELL)).out == ""
    assert json.loads(target.read_text())["verdict"] == "ok"


def test_quiet_writes_nothing() -> None:
    options = ("-q", "--wait-for", "20s")
    finished = Clock().run("wait", FINE, *options, transport=web(OUT), terminal=True)
    assert (finished.code, finished.out, finished.err) == (4, "", "")


def test_a_dumb_terminal_has_no_countdown() -> None:
    options = {"env": {"TERM": "dumb"}, "terminal": True}
    finished = Clock().run("wait", FINE, "-f", "plain", transport=web(OUT, WELL), **options)
    assert finished.err == "waiting for status.fine.example (API major outage)\n"


def test_a_terminal_has_a_countdown_that_is_erased() -> None:
    clock = Clock()
    options = ("--wait-for", "10m", "--interval", "3m", "-f", "plain")
    finished = clock.run("wait", FINE, *options, transport=web(OUT, WELL), terminal=True)
    assert (finished.code, finished.out) == (0, OK_LINE)
    *drawn, after = finished.err.split("\r\x1b[K")
    assert after == ""
    assert all(pause <= 1 for pause in clock.pauses)
    assert len(drawn) == len(clock.pauses) + 1
    assert drawn[1].startswith("waiting for status.fine.example: next check in 3 min, ")
    assert drawn[-1] in {
        "waiting for status.fine.example: next check in 1 s, 6 min left",
        "waiting for status.fine.example: next check in 1 s, 7 min left",
    }


def test_the_countdown_fits_the_terminal() -> None:
    finished = Clock().run(
        *("wait", FINE, "--wait-for", "15s", "-f", "plain"),
        transport=web(OUT),
        terminal=True,
        env={"COLUMNS": "50"},
    )
    drawn = finished.err.split("\r\x1b[K")
    assert drawn[1] == "waiting for sta...: next check in 15 s, 15 s left"
    tiny = Clock().run(
        *("wait", FINE, "--wait-for", "15s", "-f", "plain"),
        transport=web(OUT),
        terminal=True,
        env={"COLUMNS": "20"},
    )
    assert tiny.err.split("\r\x1b[K")[1] == "...: next check in "


def test_a_missing_network_is_reported_once_at_the_end() -> None:
    down = {f"{page}/api/v2/summary.json": httpx.ConnectError("x") for page in (FINE, ACME)}
    finished = Clock().run("wait", FINE, ACME, "--wait-for", "20s", transport=serving(down))
    assert finished.code == 4
    _, *last = finished.err.splitlines(keepends=True)
    assert "".join(last) == (
        "It's this machine: none of 2 status pages could be reached (cannot connect: x)."
        " Check network, VPN or proxy.\n"
        "timed out after 20 s\n"
    )


# Ctrl-C.


def test_ctrl_c_in_a_pause_writes_the_last_report() -> None:
    finished = Clock(ctrl_c_after=1).run("wait", FINE, transport=web(OUT))
    assert (finished.code, finished.out) == (130, OUT_LINE)


def test_ctrl_c_in_a_countdown_erases_it() -> None:
    finished = Clock(ctrl_c_after=2).run("wait", FINE, "--json", transport=web(OUT), terminal=True)
    assert finished.code == finished.json["exit_code"] == 130
    assert "\x1b[Kstatus.fine.example: critical" in finished.err


def test_ctrl_c_while_reading_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_args: object, **_options: object) -> Iterator[object]:
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr("outlogger_cli.engine.run.read", interrupted)
    finished = Clock().run("wait", FINE, "--json", transport=web(OUT))
    assert finished.code == finished.json["exit_code"] == 130
    assert finished.json["vendors"][0]["error"]["kind"] == "interrupted"


# Usage errors.


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--interval", "9s"], "must be at least 10s: pages are read each time"),
        (["--interval", "soon"], "must be a duration such as 45s, 10m, 2h, 30d or plain seconds"),
        (["--wait-for", "-1s"], "must be a duration such as 45s, 10m, 2h, 30d or plain seconds"),
        (["--offline"], "--offline cannot be used with wait: it has to read the pages"),
    ],
)
def test_usage_errors_come_before_anything_is_read(options: list[str], message: str) -> None:
    finished = run_command("wait", FINE, *options, transport=serving({}))
    assert finished.code == 2
    assert message in finished.err
