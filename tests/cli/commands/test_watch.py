"""`outlogger watch`: which events it sends, through which channels, and how often it reads."""

import errno
import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from outlogger_cli.cli.commands.watch import watcher
from tests.cli.commands.pages import ACME, FINE, serving
from tests.cli.commands.rounds import (
    HOOK,
    NO_RETRY,
    OPENED,
    OUT,
    SLOW,
    SUMMARY,
    WELL,
    Clock,
    Site,
    events,
    web,
    write_watchlist,
)
from tests.origin import Origin, Reply, faults
from tests.running import Finished, run_command, spawn, trusting
from tests.support import NOW

VENDOR = "status.fine.example"

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another shell")


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A watchlist of one vendor and one webhook."""
    return write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]')


# One round.


def test_one_round_is_compared_with_the_last(site: Site) -> None:
    rounds = [WELL, WELL, SLOW, SLOW, OUT, OUT, WELL, WELL]
    found = [events(site.once(FINE, page=page, after=i)) for i, page in enumerate(rounds)]
    assert found == [[], [], ["opened"], [], ["worsened"], [], ["recovered"], []]


def test_the_first_round_reports_what_is_open_only(site: Site) -> None:
    finished = site.once(FINE, page=OUT)
    assert (finished.code, finished.err) == (0, "")
    assert json.loads(finished.out) == {
        "schema_version": 1,
        "event": "opened",
        "vendor": VENDOR,
        "name": "Fine Inc",
        "severity": "critical",
        "previous_severity": None,
        "title": OPENED,
        "message": "Fine Inc has a problem (severity critical).\nAPI major outage",
        "url": FINE,
        "components": ["API"],
        "incident": None,
        "at": "2026-01-15T12:00:00Z",
        "duration_seconds": None,
        "drill": False,
    }


def test_recovered_says_how_long_it_lasted(site: Site) -> None:
    site.once(FINE, page=OUT)
    recovered = json.loads(site.once(FINE, page=WELL, after=48).out)
    assert (recovered["event"], recovered["duration_seconds"]) == ("recovered", 2880)
    assert (recovered["severity"], recovered["previous_severity"]) == ("none", "critical")


def test_an_unreadable_page_is_neither_a_recovery_nor_an_error(site: Site) -> None:
    site.once(FINE, page=OUT)
    for page, kinds in (
        (500, []),
        (500, []),
        (500, ["unreadable"]),
        (500, []),
        (OUT, ["readable"]),
    ):
        finished = site.once(FINE, "--on", "recovered,unreadable,readable", page=page)
        assert (finished.code, events(finished)) == (0, kinds)


def test_on_selects_the_events(site: Site) -> None:
    site.once(FINE, "--on", "eased", "--on", " recovered ,worsened", page=OUT)
    assert events(site.once(FINE, "--on", "eased", page=SLOW)) == ["eased"]
    assert events(site.once(FINE, "--on", "opened", page=WELL)) == []


def test_a_table_is_followed_by_the_changes(site: Site) -> None:
    finished = site.once(FINE, "-f", "table", page=OUT)
    assert finished.out == f"✖ critical  Fine Inc  API major outage\n{OPENED}\n"
    assert site.once(FINE, "-f", "table").out == "✖ critical  Fine Inc  API major outage\n"


def test_quiet_notifies_the_channels_only(site: Site, listed: Path) -> None:
    finished = site.once("--watchlist", str(listed), "-q", page=OUT)
    assert (finished.code, finished.out, finished.err) == (0, "", "")
    assert site.titles == [OPENED]


def test_fail_on_sets_the_threshold(site: Site) -> None:
    assert events(site.once(FINE, "--fail-on", "critical", page=SLOW)) == []
    assert events(site.once(FINE, "--fail-on", "critical", page=OUT)) == ["opened"]


def test_a_pipe_gets_events_of_one_page_while_another_is_awaited() -> None:
    summary = "/api/v2/summary.json"
    with (
        Origin("127.0.0.2", routes={summary: faults.hang}) as slow,
        Origin(routes={summary: Reply(body=OUT)}) as broken,
        spawn(
            *("watch", "--once", slow.url, broken.url, "--timeout", "60s", *trusting())
        ) as process,
    ):
        assert process.stdout is not None
        event = json.loads(process.stdout.readline())
        assert (event["event"], event["url"]) == ("opened", broken.url)
        assert process.poll() is None
        process.kill()


def test_what_was_written_early_is_not_repeated_at_the_end_of_the_round() -> None:
    pages = web(OUT, OUT, WELL, other_example=SLOW)
    clock = Clock(ctrl_c_after=2)
    finished = clock.run("watch", FINE, "https://other.example", transport=pages)
    found = [(row["event"], row["vendor"]) for row in map(json.loads, finished.out.splitlines())]
    assert set(found[:2]) == {("opened", VENDOR), ("opened", "other.example")}
    assert found[2:] == [("recovered", VENDOR)]


def test_events_for_which_there_is_no_time_early_are_written_at_the_end_of_the_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watcher, "_EARLY_SECONDS", 0.0)
    pages = web(OUT, other_example=SLOW)
    finished = run_command("watch", "--once", FINE, "https://other.example", transport=pages)
    found = [(row["event"], row["vendor"]) for row in map(json.loads, finished.out.splitlines())]
    assert found == [("opened", VENDOR), ("opened", "other.example")]


# Channels.


def test_a_webhook_gets_each_event_once_over_restarts(site: Site, listed: Path) -> None:
    for page in (WELL, OUT, OUT, WELL, WELL):
        site.once("--watchlist", str(listed), page=page)
    assert [message["event"] for message in site.messages] == ["opened", "recovered"]
    assert site.messages[0]["vendor"] == "fine"


def test_a_channel_that_fails_is_named_without_its_address_and_tried_again(
    site: Site, tmp_path: Path
) -> None:
    listed = write_watchlist(tmp_path / "mine.toml", 'webhooks = ["${HOOK_URL}"]')
    options = ("--watchlist", str(listed))
    site.hook = 404
    finished = site.once(*options, page=OUT, env={"HOOK_URL": HOOK})
    assert (finished.code, finished.err) == (
        0,
        "webhooks[0]: HTTP 404; 1 message waits for the next round\n",
    )
    site.hook = 200
    finished = site.once(*options, env={"HOOK_URL": HOOK})
    assert (finished.code, finished.out, finished.err) == (0, "", "")
    assert site.titles == [OPENED, OPENED]


def test_adding_a_channel_repeats_nothing_to_the_others(site: Site, tmp_path: Path) -> None:
    first, second = HOOK, "https://other.example/hook"
    listed = tmp_path / "mine.toml"
    for hooks, page in (([first], OUT), ([second, first], OUT), ([second], WELL), ([first], WELL)):
        write_watchlist(listed, f"webhooks = {json.dumps(hooks)}")
        site.once("--watchlist", str(listed), page=page)
    sent = zip(site.posted_to, site.messages, strict=True)
    assert [(url, message["event"]) for url, message in sent] == [
        (first, "opened"),
        (second, "opened"),
        (second, "recovered"),
        (first, "recovered"),
    ]


def test_a_channel_that_fails_does_not_stop_the_others(site: Site, tmp_path: Path) -> None:
    dead = "https://dead.example/hook"
    listed = write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{dead}", "{HOOK}"]')
    site.dead = "dead.example"
    assert "webhooks[0]: HTTP 404" in site.once("--watchlist", str(listed), page=OUT).err
    site.dead = ""
    assert site.once("--watchlist", str(listed), page=OUT).err == ""
    assert sorted(site.posted_to) == sorted([dead, HOOK, dead])


@posix
def test_the_command_is_run(site: Site, tmp_path: Path) -> None:
    listed = write_watchlist(
        tmp_path / "mine.toml", "command = 'echo \"$OUTLOGGER_TITLE\" >> titles'"
    )
    site.once("--watchlist", str(listed), page=OUT)
    assert Path("titles").read_text() == f"{OPENED}\n"


def test_the_watchlist_selects_events_and_the_option_wins(site: Site, tmp_path: Path) -> None:
    listed = write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]\non = ["eased"]')
    site.once("--watchlist", str(listed), page=OUT)
    site.once("--watchlist", str(listed), page=SLOW)
    site.once("--watchlist", str(listed), "--on", "recovered", page=WELL)
    assert [message["event"] for message in site.messages] == ["eased", "recovered"]


def test_channels_of_a_watchlist_that_nobody_chose_are_not_run(site: Site, home: Path) -> None:
    path = write_watchlist(home / "outlogger.toml", f'webhooks = ["{HOOK}"]')
    finished = site.once(page=OUT)
    assert site.messages == []
    assert events(finished) == ["opened"]
    assert finished.err == (
        f"using {path} (auto-discovered)\n"
        f"{path}: its [notify] is ignored, because it was auto-discovered;"
        " to trust it: --watchlist FILE\n"
    )


def test_a_variable_that_is_not_set_is_an_error_before_anything_is_read(
    site: Site, tmp_path: Path
) -> None:
    listed = write_watchlist(tmp_path / "mine.toml", 'webhooks = ["${HOOK_URL}"]')
    finished = site.once("--watchlist", str(listed), page=OUT)
    assert (finished.code, finished.out, finished.err) == (
        2,
        "",
        f"outlogger: {listed}: [notify] webhooks[0]: the environment variable HOOK_URL is not"
        " set\n",
    )


def test_quiet_hours_end_with_one_summary(site: Site, tmp_path: Path) -> None:
    quiet = write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]\nquiet = "11:30-12:30"')
    options = ("--watchlist", str(quiet))
    for after, page in ((0, OUT), (10, WELL), (29, WELL)):
        assert events(site.once(*options, page=page, after=after)) in (
            ["opened"],
            ["recovered"],
            [],
        )
    assert site.messages == []
    site.once(*options, page=OUT, after=30)
    assert site.titles == ["Fine Inc: 2 changes in quiet hours", OPENED]


# Mutes.


def test_a_muted_vendor_is_not_reported_until_it_is_resolved(site: Site, listed: Path) -> None:
    options = ("--watchlist", str(listed))
    run_command("mute", "fine", *options)
    assert events(site.once(*options, page=OUT)) == []
    assert site.messages == []
    assert run_command("mute", "--list").out == "fine\t\tuntil resolved\n"
    assert events(site.once(*options, page=500)) == []
    assert events(site.once(*options, page=WELL)) == []
    assert run_command("mute", "--list").out == ""
    assert events(site.once(*options, page=OUT)) == ["opened"]
    assert site.titles == [OPENED]


def test_a_recovery_ends_the_mute_and_is_reported(site: Site) -> None:
    site.once(FINE, page=OUT)
    run_command("mute", FINE)
    run_command("mute", ACME)
    assert events(site.once(FINE, page=SLOW)) == []
    assert events(site.once(FINE, page=WELL)) == ["recovered"]
    assert run_command("mute", "--list").out == "status.acme.example\t\tuntil resolved\n"


def test_when_a_mute_expires_an_open_problem_is_reported(site: Site) -> None:
    run_command("mute", f"{FINE}", "--for", "1h")
    assert [events(site.once(FINE, page=OUT, after=minutes)) for minutes in (0, 59, 60)] == [
        [],
        [],
        ["opened"],
    ]


def test_a_muted_component_mutes_only_itself(site: Site, listed: Path) -> None:
    options = ("--watchlist", str(listed))
    run_command("mute", "fine/api", *options)
    assert events(site.once(*options, page=OUT)) == []
    finished = site.once(
        *options,
        page={
            **OUT,
            "components": [{**row, "status": "partial_outage"} for row in OUT["components"]],
        },
    )
    assert json.loads(finished.out)["components"] == ["Web"]


# A drill.


def test_a_drill_marks_all_output_and_leaves_the_real_state_alone(
    site: Site, listed: Path, home: Path
) -> None:
    drill = {"OUTLOGGER_DRILL": "http://127.0.0.1:9", "OUTLOGGER_DRILL_SCENARIO": "fire"}
    for _ in range(2):
        finished = site.once("--watchlist", str(listed), page=OUT, env=drill)
        event = json.loads(finished.out)
        assert (event["title"], event["drill"]) == (f"DRILL: {OPENED}", True)
        assert finished.err == "DRILL: simulated data (fire)\n"
    assert site.titles == [f"DRILL: {OPENED}"] * 2
    assert not list(home.rglob("told-*"))
    assert events(site.once("--watchlist", str(listed))) == ["opened"]


def test_a_drill_ignores_quiet_hours(site: Site, tmp_path: Path) -> None:
    quiet = write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]\nquiet = "11:30-12:30"')
    drill = {"OUTLOGGER_DRILL": "http://127.0.0.1:9"}
    site.once("--watchlist", str(quiet), page=OUT, env=drill)
    assert site.titles == [f"DRILL: {OPENED}"]


# --test


def send_test(site: Site, *options: str, **more: Any) -> Finished:
    return run_command("watch", "--test", *options, transport=site, **more)


@posix
def test_a_test_message_goes_to_every_channel_and_each_result_is_shown(
    site: Site, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        f'version = 1\n[notify]\ncommand = "echo no server; false"\nwebhooks = ["{HOOK}"]\n'
    )
    finished = send_test(site, "--watchlist", str(path))
    assert finished == Finished(
        code=1, out="webhooks[0]: sent\n", err="command: not sent: exit code 1: no server\n"
    )
    assert [(m["event"], m["title"]) for m in site.messages] == [
        ("test", "outlogger: test message")
    ]
    assert send_test(site, "--watchlist", str(path), "-q") == Finished(code=1, out="", err="")


def test_a_test_message_in_a_drill_is_marked(site: Site, listed: Path) -> None:
    drill = {"OUTLOGGER_DRILL": "http://127.0.0.1:9", "OUTLOGGER_DRILL_SCENARIO": "fire"}
    finished = send_test(site, "--watchlist", str(listed), env=drill)
    assert finished.err == "DRILL: simulated data (fire)\n"
    assert site.titles == ["DRILL: outlogger: test message"]


def test_a_test_without_a_channel_is_a_usage_error(site: Site, home: Path) -> None:
    path = home / ".config" / "outlogger" / "watchlist.toml"
    finished = send_test(site)
    assert (finished.code, finished.err) == (
        2,
        f"outlogger: --test: no channel is configured: add [notify] with command, webhooks"
        f" or urls to {path} (outlogger help watchlist)\n",
    )
    found = write_watchlist(home / "outlogger.toml", f'webhooks = ["{HOOK}"]')
    finished = send_test(site)
    assert (finished.code, finished.err) == (
        2,
        f"using {found} (auto-discovered)\n"
        f"outlogger: --test: {found}: its [notify] is ignored, because it was auto-discovered;"
        " to trust it: --watchlist FILE\n",
    )
    assert site.messages == []


def test_a_test_refuses_an_unknown_vendor(site: Site, listed: Path) -> None:
    assert send_test(site, "fine", "--watchlist", str(listed)).code == 0
    finished = send_test(site, "fien", "--watchlist", str(listed))
    assert (finished.code, "unknown vendor 'fien'" in finished.err) == (2, True)
    assert len(site.messages) == 1


# Rounds in a pipe.


def test_a_pipe_gets_each_event_when_it_happens() -> None:
    clock = Clock(ctrl_c_after=4)
    finished = clock.run("watch", FINE, transport=web(WELL, OUT, OUT, WELL, WELL))
    assert finished.code == 130
    assert [json.loads(row)["at"] for row in finished.out.splitlines()] == [
        (NOW + timedelta(seconds=sum(clock.pauses[:rounds]))).strftime("%Y-%m-%dT%H:%M:%SZ")
        for rounds in (1, 3)
    ]
    assert all(60 <= pause <= 66 for pause in clock.pauses)


def test_the_interval_may_be_set() -> None:
    clock = Clock(ctrl_c_after=3)
    clock.run("watch", FINE, "--interval", "10s", transport=web(WELL))
    assert all(10 <= pause <= 11 for pause in clock.pauses)


def test_a_channel_that_fails_is_reported_each_round_and_tried_at_growing_intervals() -> None:
    site, clock = Site(OUT), Clock(ctrl_c_after=4)
    site.hook = 404
    path = write_watchlist(Path("mine.toml"), f'webhooks = ["{HOOK}"]')
    finished = clock.run("watch", "--watchlist", str(path), transport=site)
    assert len(site.messages) == 3  # in the first round, the second and the fourth
    notes = finished.err.splitlines()
    assert len(notes) == 5
    assert all(note.startswith("webhooks[0]: HTTP 404; 1 message waits for the ") for note in notes)


def without_network(*pages: str, code: int = errno.ENETUNREACH) -> httpx.BaseTransport:
    error = OSError(code, os.strerror(code))
    return serving({f"{page}/api/v2/summary.json": error for page in pages})


def no_network(pages: str) -> str:
    return (
        f"It's this machine: {pages} be reached (cannot connect: network is unreachable)."
        " Check network, VPN or proxy. No changes are reported\n"
    )


def test_without_network_nothing_is_reported_of_the_vendors() -> None:
    finished = Clock(ctrl_c_after=20).run(
        *("watch", FINE, ACME, "--on", "unreadable", *NO_RETRY),
        transport=without_network(FINE, ACME),
    )
    assert (finished.out, finished.err) == ("", no_network("none of 2 status pages could"))


@pytest.mark.parametrize("code", [errno.ECONNREFUSED, errno.ECONNRESET, errno.ETIMEDOUT])
def test_rounds_in_which_no_page_could_be_reached_do_not_count(code: int) -> None:
    finished = Clock(ctrl_c_after=9).run(
        *("watch", FINE, ACME, "--on", "unreadable", *NO_RETRY),
        transport=without_network(FINE, ACME, code=code),
    )
    assert finished.out == ""
    assert finished.err.startswith("It's this machine: none of 2 status pages could be reached (")
    assert finished.err.endswith(". No changes are reported\n")


def test_one_page_that_refuses_connections_is_unreadable() -> None:
    finished = Clock(ctrl_c_after=4).run(
        *("watch", FINE, *NO_RETRY), transport=without_network(FINE, code=errno.ECONNREFUSED)
    )
    assert events(finished) == ["unreadable"]


def test_a_page_that_refuses_connections_while_others_answer_is_unreadable() -> None:
    error = OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    pages = serving({SUMMARY: WELL, f"{ACME}/api/v2/summary.json": error})
    finished = Clock(ctrl_c_after=4).run("watch", FINE, ACME, *NO_RETRY, transport=pages)
    assert events(finished) == ["unreadable"]


@posix
def test_queued_messages_are_sent_without_network(site: Site, tmp_path: Path) -> None:
    listed = write_watchlist(tmp_path / "mine.toml", "command = 'test -e works && touch sent'")
    options = ("--watchlist", str(listed), *NO_RETRY)
    assert "command: exit code 1" in site.once(*options, page=OUT).err
    Path("works").touch()
    finished = run_command("watch", "--once", *options, transport=without_network(FINE))
    assert (finished.out, finished.err) == ("", no_network("the status page could not"))
    assert Path("sent").exists()


def test_a_page_is_not_requested_while_its_answer_is_fresh() -> None:
    requests = []

    def answer(_request: httpx.Request) -> httpx.Response:
        requests.append(clock.monotonic())
        return httpx.Response(200, json=WELL, headers={"cache-control": "public, max-age=150"})

    clock = Clock(ctrl_c_after=6)
    clock.run("watch", FINE, transport=serving({}, handle=answer))
    assert requests == [0, round(sum(clock.pauses[:3]), 6), round(sum(clock.pauses), 6)]


@pytest.mark.parametrize(
    ("control", "readings"),
    [
        ("no-cache, max-age=600", 10),
        ("s-maxage=600", 10),
        ("max-age=soon", 10),
        ("max-age=86400", 2),
    ],
)
def test_freshness_has_limits(control: str, readings: int) -> None:
    requests = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request.url)
        return httpx.Response(200, json=WELL, headers={"cache-control": control})

    clock = Clock(ctrl_c_after=9)
    clock.run("watch", FINE, transport=serving({}, handle=answer))
    assert len(requests) == readings


def test_a_page_that_failed_is_requested_in_the_next_round() -> None:
    requests = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request.url)
        return httpx.Response(500, headers={"cache-control": "max-age=600"})

    Clock(ctrl_c_after=3).run("watch", FINE, *NO_RETRY, transport=serving({}, handle=answer))
    assert len(requests) == 4


def test_a_table_on_a_dumb_terminal_is_written_once_with_changes_below() -> None:
    finished = Clock(ctrl_c_after=3).run(
        "watch",
        FINE,
        transport=web(OUT, SLOW, WELL),
        terminal=True,
        env={"TERM": "dumb"},
    )
    first, *changes = finished.out.splitlines()
    assert first == "✖ critical  Fine Inc  API major outage"
    assert [change.split("  ")[1] for change in changes] == [
        "Fine Inc eased to minor: API degraded",
        "Fine Inc recovered after 2 min",
    ]


def test_a_quiet_watch_writes_nothing_but_notifies_the_channels() -> None:
    site = Site(OUT)
    path = write_watchlist(Path("mine.toml"), f'webhooks = ["{HOOK}"]')
    finished = Clock(ctrl_c_after=2).run(
        *("watch", "-q", "-f", "table", "--watchlist", str(path)), transport=site, terminal=True
    )
    assert (finished.out, finished.err, site.titles) == ("", "", [OPENED])


def test_ctrl_c_while_reading_reports_nothing_of_unread_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_args: object, **_options: object) -> Iterator[object]:
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr("outlogger_cli.engine.run.read", interrupted)
    finished = run_command("watch", FINE, "--on", "unreadable", transport=web(OUT))
    assert (finished.code, finished.out) == (130, "")


# Usage errors.


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--interval", "9s"], "must be at least 10s: pages are read each time"),
        (
            ["--on", "opened,closed"],
            "--on: unknown event 'closed'; the events are opened, worsened, eased, recovered,"
            " updated, maintenance_started, maintenance_ended, unreadable, readable, reminder\n",
        ),
        (["--on", "opened,x", "--on", "y"], "--on: unknown events 'x', 'y'; the events are"),
        (["--on", ""], "--on: unknown event ''"),
        (["--offline"], "--offline cannot be used with watch: it has to read the pages"),
        (
            ["-o", "x"],
            "--output cannot be used with watch, which writes as it goes: use > FILE",
        ),
        (["--json"], "--format must be one of table, plain, ndjson, not 'json'"),
    ],
)
def test_usage_errors_come_before_anything_is_read(options: list[str], message: str) -> None:
    finished = run_command("watch", FINE, *options, transport=serving({}))
    assert finished.code == 2
    assert message in finished.err


@pytest.mark.parametrize("option", ["--offline", "--max-age", "--refresh", "--json", "--output"])
def test_the_help_lists_no_option_that_means_nothing(
    option: str, capfd: pytest.CaptureFixture[str]
) -> None:
    run_command("status", "--help")
    assert option in capfd.readouterr().out
    run_command("watch", "--help")
    assert option not in capfd.readouterr().out
