"""`outlogger watch`: what is told, to whom, how often, and what is left behind: nothing."""

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

from outlogger_cli.alerts import state_file
from outlogger_cli.alerts.state import StateFolder
from tests.cli.commands.pages import ACME, FINE, serving
from tests.cli.commands.rounds import OUT, SLOW, WELL, Clock, Page, web
from tests.origin import Origin, Reply, faults
from tests.running import Finished, Pieces, run_command, spawn, trusting
from tests.support import NOW

HOOK = "https://hooks.example/s3cret"
OPENED = "Fine Inc: API major outage"
TROUBLE = "status.fine.example"
NO_RETRY = ("--retries", "0")

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another shell")


class World(httpx.BaseTransport):
    """A page, which tests change between rounds, and webhooks that take what they are told, but
    for those of a host that is `dead`."""

    def __init__(self, page: Page = WELL) -> None:
        self.page = page
        self.hook = 204
        self.dead = ""
        self.asked: list[str] = []
        self.told: list[dict[str, Any]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.asked.append(str(request.url))
            self.told.append(json.loads(request.read()))
            return httpx.Response(404 if request.url.host == self.dead else self.hook)
        if isinstance(self.page, int):
            return httpx.Response(self.page)
        return httpx.Response(200, stream=Pieces(json.dumps(self.page).encode()))

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.told]

    def once(
        self, *options: str, page: Page | None = None, after: float = 0, **more: Any
    ) -> Finished:
        """`watch --once`, so many minutes after noon, when the page is `page`."""
        self.page = self.page if page is None else page
        return run_command(
            *("watch", "--once", *NO_RETRY, *options),
            transport=self,
            now=NOW + timedelta(minutes=after),
            **more,
        )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A watchlist of one vendor and one webhook."""
    return write(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]')


def write(path: Path, *notify: str, vendors: str = "") -> Path:
    rows = [f'version = 1\n[vendors.fine]\nurl = "{FINE}"', vendors, "[notify]", *notify]
    path.write_text("\n".join(rows))
    return path


def events(finished: Finished) -> list[str]:
    return [json.loads(row)["event"] for row in finished.out.splitlines()]


# One round.


def test_one_round_is_compared_with_the_last(world: World) -> None:
    rounds = [WELL, WELL, SLOW, SLOW, OUT, OUT, WELL, WELL]
    told = [events(world.once(FINE, page=page, after=i)) for i, page in enumerate(rounds)]
    assert told == [[], [], ["opened"], [], ["worsened"], [], ["recovered"], []]


def test_the_first_round_tells_what_is_open_and_nothing_else(world: World) -> None:
    finished = world.once(FINE, page=OUT)
    assert (finished.code, finished.err) == (0, "")
    assert json.loads(finished.out) == {
        "schema_version": 1,
        "event": "opened",
        "vendor": TROUBLE,
        "name": "Fine Inc",
        "severity": "critical",
        "previous_severity": None,
        "title": OPENED,
        "message": "Fine Inc stands at critical.\nAPI major outage",
        "url": FINE,
        "components": ["API"],
        "incident": None,
        "at": "2026-01-15T12:00:00Z",
        "duration_seconds": None,
        "drill": False,
    }


def test_recovered_says_how_long_it_lasted(world: World) -> None:
    world.once(FINE, page=OUT)
    told = json.loads(world.once(FINE, page=WELL, after=48).out)
    assert (told["event"], told["duration_seconds"]) == ("recovered", 2880)
    assert (told["severity"], told["previous_severity"]) == ("none", "critical")


def test_a_page_that_cannot_be_read_is_no_recovery_and_no_error(world: World) -> None:
    world.once(FINE, page=OUT)
    for page, told in ((500, ["unreadable"]), (500, []), (OUT, ["readable"])):
        finished = world.once(FINE, "--on", "recovered,unreadable,readable", page=page)
        assert (finished.code, events(finished)) == (0, told)


def test_the_events_that_are_told_are_those_that_were_asked_for(world: World) -> None:
    world.once(FINE, "--on", "eased", "--on", " recovered ,worsened", page=OUT)
    assert events(world.once(FINE, "--on", "eased", page=SLOW)) == ["eased"]
    assert events(world.once(FINE, "--on", "opened", page=WELL)) == []


def test_a_table_shows_how_everybody_stands_and_then_what_changed(world: World) -> None:
    finished = world.once(FINE, "-f", "table", page=OUT)
    assert finished.out == f"✗ critical     Fine Inc  API major outage\n{OPENED}\n"
    assert world.once(FINE, "-f", "table").out == "✗ critical     Fine Inc  API major outage\n"


def test_quiet_tells_the_channels_alone(world: World, listed: Path) -> None:
    finished = world.once("--watchlist", str(listed), "-q", page=OUT)
    assert (finished.code, finished.out, finished.err) == (0, "", "")
    assert world.titles == [OPENED]


def test_the_threshold_may_be_given(world: World) -> None:
    assert events(world.once(FINE, "--fail-on", "critical", page=SLOW)) == []
    assert events(world.once(FINE, "--fail-on", "critical", page=OUT)) == ["opened"]


def test_a_pipe_hears_of_one_page_while_another_is_awaited() -> None:
    summary = "/api/v2/summary.json"
    with (
        Origin("127.0.0.2", routes={summary: faults.hang}) as slow,
        Origin(routes={summary: Reply(body=OUT)}) as broken,
        spawn(
            *("watch", "--once", slow.url, broken.url, "--timeout", "60s", *trusting())
        ) as process,
    ):
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert (told["event"], told["url"]) == ("opened", broken.url)
        assert process.poll() is None
        process.kill()


def test_what_was_told_promptly_is_not_told_again_with_the_round() -> None:
    pages = web(OUT, OUT, WELL, other_example=SLOW)
    clock = Clock(ctrl_c_after=2)
    finished = clock.run("watch", FINE, "https://other.example", transport=pages)
    told = [(row["event"], row["vendor"]) for row in map(json.loads, finished.out.splitlines())]
    assert set(told[:2]) == {("opened", TROUBLE), ("opened", "other.example")}
    assert told[2:] == [("recovered", TROUBLE)]


def test_a_second_watch_at_work_delays_what_is_told_promptly(
    world: World, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(state_file, "LOCK_TIMEOUT", 0)
    with StateFolder(home / ".local" / "state" / "outlogger").delivery_log("output"):
        assert world.once(FINE, page=OUT).out == ""
    assert events(world.once(FINE)) == ["opened"]


# Channels.


def test_the_webhook_is_told_once_over_restarts(world: World, listed: Path) -> None:
    for page in (WELL, OUT, OUT, WELL, WELL):
        world.once("--watchlist", str(listed), page=page)
    assert [message["event"] for message in world.told] == ["opened", "recovered"]
    assert world.told[0]["vendor"] == "fine"


def test_a_channel_that_fails_is_named_and_tried_again_and_nobody_sees_the_address(
    world: World, tmp_path: Path
) -> None:
    listed = write(tmp_path / "mine.toml", 'webhooks = ["${HOOK_URL}"]')
    options = ("--watchlist", str(listed))
    world.hook = 404
    finished = world.once(*options, page=OUT, env={"HOOK_URL": HOOK})
    assert (finished.code, finished.err) == (
        0,
        "webhooks[0]: HTTP 404; it is tried again next round\n",
    )
    world.hook = 200
    finished = world.once(*options, env={"HOOK_URL": HOOK})
    assert (finished.code, finished.out, finished.err) == (0, "", "")
    assert world.titles == [OPENED, OPENED]


def test_another_channel_beside_it_makes_nothing_new_of_what_a_channel_was_told(
    world: World, tmp_path: Path
) -> None:
    first, second = HOOK, "https://other.example/hook"
    listed = tmp_path / "mine.toml"
    for hooks, page in (([first], OUT), ([second, first], OUT), ([second], WELL), ([first], WELL)):
        write(listed, f"webhooks = {json.dumps(hooks)}")
        world.once("--watchlist", str(listed), page=page)
    assert [
        (where, told["event"]) for where, told in zip(world.asked, world.told, strict=True)
    ] == [
        (first, "opened"),
        (second, "opened"),
        (second, "recovered"),
        (first, "recovered"),
    ]


def test_one_channel_that_fails_holds_nothing_back_from_another(
    world: World, tmp_path: Path
) -> None:
    dead = "https://dead.example/hook"
    listed = write(tmp_path / "mine.toml", f'webhooks = ["{dead}", "{HOOK}"]')
    world.dead = "dead.example"
    assert "webhooks[0]: HTTP 404" in world.once("--watchlist", str(listed), page=OUT).err
    world.dead = ""
    assert world.once("--watchlist", str(listed), page=OUT).err == ""
    assert world.asked == [dead, HOOK, dead]


@posix
def test_the_command_is_run(world: World, tmp_path: Path) -> None:
    listed = write(tmp_path / "mine.toml", "command = 'echo \"$OUTLOGGER_TITLE\" >> told'")
    world.once("--watchlist", str(listed), page=OUT)
    assert Path("told").read_text() == f"{OPENED}\n"


def test_the_watchlist_says_which_events_and_the_option_wins(world: World, tmp_path: Path) -> None:
    listed = write(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]\non = ["eased"]')
    world.once("--watchlist", str(listed), page=OUT)
    world.once("--watchlist", str(listed), page=SLOW)
    world.once("--watchlist", str(listed), "--on", "recovered", page=WELL)
    assert [message["event"] for message in world.told] == ["eased", "recovered"]


def test_the_channels_of_a_watchlist_that_was_only_found_are_not_run(
    world: World, home: Path
) -> None:
    path = write(home / "outlogger.toml", f'webhooks = ["{HOOK}"]')
    finished = world.once(page=OUT)
    assert world.told == []
    assert events(finished) == ["opened"]
    assert finished.err == (
        f"{path}: its [notify] is not run, because it was found in this folder or above"
        " it; name it by --watchlist to trust it\n"
    )


def test_a_variable_that_is_not_set_is_an_error_before_anything_is_read(
    world: World, tmp_path: Path
) -> None:
    listed = write(tmp_path / "mine.toml", 'webhooks = ["${HOOK_URL}"]')
    finished = world.once("--watchlist", str(listed), page=OUT)
    assert (finished.code, finished.out, finished.err) == (
        2,
        "",
        f"outlogger: {listed}: [notify] webhooks[0]: the environment variable HOOK_URL is not"
        " set\n",
    )


def test_quiet_hours_are_told_in_one_summary(world: World, tmp_path: Path) -> None:
    quiet = write(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]\nquiet = "11:30-12:30"')
    options = ("--watchlist", str(quiet))
    for after, page in ((0, OUT), (10, WELL), (29, WELL)):
        assert events(world.once(*options, page=page, after=after)) in (
            ["opened"],
            ["recovered"],
            [],
        )
    assert world.told == []
    world.once(*options, page=OUT, after=30)
    assert world.titles == ["2 changes in quiet hours: Fine Inc", OPENED]


def test_a_second_watch_that_is_at_work_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(state_file, "LOCK_TIMEOUT", 0)
    folder = home / ".local" / "state" / "outlogger"
    with StateFolder(folder).delivery_log("output"):
        finished = world.once(FINE, page=OUT)
    assert (finished.code, finished.out, finished.err) == (
        0,
        "",
        f"{folder / 'told-output.json'}: another outlogger is at work with it;"
        " the next round tells what changed\n",
    )
    assert events(world.once(FINE)) == ["opened"]


def test_a_state_that_cannot_be_kept_is_this_machines_fault(world: World, home: Path) -> None:
    (home / ".local").write_text("")
    finished = world.once(FINE, page=OUT)
    assert (finished.code, finished.out) == (70, "")
    assert finished.err.startswith("outlogger: the state cannot be kept in ")


# State that version 0.1.0 wrote.

VENDOR_0_1_0 = (
    '"fine https://status.fine.example 29b96a09":{"severity":"critical","problem":true,'
    '"turned":"2026-01-15T12:02:00+00:00","openings":["2026-01-15T12:02:00+00:00"],'
    '"flapping":false,"since":"2026-01-15T12:02:00+00:00","told":"critical","readable":true,'
    '"incidents":{"i1":"2026-01-15T11:12:00+00:00 0001 identified"},'
    '"maintenances":{"m1":"New disks"}}'
)
MESSAGE_0_1_0 = (
    '{"schema_version":1,"event":"opened","vendor":"fine","name":"Fine Inc",'
    '"severity":"critical","previous_severity":"none","title":"Fine Inc: API major outage",'
    '"message":"Fine Inc stands at critical, before at none.\\nAPI major outage",'
    '"url":"https://status.fine.example","components":["API"],"incident":null,'
    '"at":"2026-01-15T12:02:00Z","duration_seconds":null,"drill":false}'
)
LATE_MESSAGE_0_1_0 = MESSAGE_0_1_0.replace("Fine Inc: API", "Late: API")
OUTPUT_0_1_0 = f'{{"format":1,"known":{{{VENDOR_0_1_0}}},"pending":[],"held":[]}}\n'
HOOK_0_1_0 = (
    f'{{"format":1,"known":{{{VENDOR_0_1_0}}},'
    f'"pending":[{MESSAGE_0_1_0}],"held":[{LATE_MESSAGE_0_1_0}]}}\n'
)
MUTES_0_1_0 = (
    '{"format":1,"mutes":[{"slug":"fine","url":"https://status.fine.example","component":"Web",'
    '"until":null},{"slug":"status.acme.example","url":"https://status.acme.example",'
    '"component":null,"until":"2026-01-15T14:00:00+00:00"}]}\n'
)
PAGE_0_1_0 = {
    **OUT,
    "components": [
        {**row, "status": "major_outage" if row["name"] == "API" else "degraded_performance"}
        for row in OUT["components"]
    ],
    "incidents": [
        {
            "id": "i1",
            "name": "API is down",
            "status": "identified",
            "impact": "critical",
            "incident_updates": [
                {
                    "status": "identified",
                    "body": "Found it.",
                    "created_at": "2026-01-15T11:12:00Z",
                }
            ],
        }
    ],
    "scheduled_maintenances": [{"id": "m1", "name": "New disks", "status": "in_progress"}],
}


def test_state_of_0_1_0_is_read_and_written_unchanged(
    world: World, listed: Path, home: Path
) -> None:
    folder = home / ".local" / "state" / "outlogger"
    folder.mkdir(parents=True)
    output, mutes = folder / "told-output.json", folder / "mutes.json"
    hook = folder / "told-2a5f4575f5fc4566.json"
    output.write_text(OUTPUT_0_1_0)
    hook.write_text(HOOK_0_1_0)
    mutes.write_text(MUTES_0_1_0)
    all_events = (
        "opened,worsened,eased,recovered,updated,maintenance_started,maintenance_ended,"
        "unreadable,readable"
    )
    options = ("--watchlist", str(listed), "--on", all_events)

    finished = world.once(*options, page=PAGE_0_1_0, after=5)
    assert finished == Finished(code=0, out="", err="")
    assert world.titles == [OPENED, OPENED.replace("Fine Inc", "Late")]
    assert output.read_text() == hook.read_text() == OUTPUT_0_1_0
    assert mutes.read_text() == MUTES_0_1_0
    assert run_command("mute", "--list", now=NOW + timedelta(minutes=5)).out == (
        "fine\tWeb\tuntil resolved\nstatus.acme.example\t\tuntil 2026-01-15T14:00:00Z\n"
    )

    run_command("mute", "fine/API", *options[:2])
    run_command("unmute", "fine/API", *options[:2])
    assert mutes.read_text() == MUTES_0_1_0
    recovered = world.once(*options[:2], page=WELL, after=50)
    assert json.loads(recovered.out)["duration_seconds"] == 48 * 60
    assert mutes.read_text() == MUTES_0_1_0.replace(
        '{"slug":"fine","url":"https://status.fine.example","component":"Web","until":null},', ""
    )


# Mutes.


def test_a_muted_vendor_is_not_told_until_it_is_resolved(world: World, listed: Path) -> None:
    options = ("--watchlist", str(listed))
    run_command("mute", "fine", *options)
    assert events(world.once(*options, page=OUT)) == []
    assert world.told == []
    assert run_command("mute", "--list").out == "fine\t\tuntil resolved\n"
    assert events(world.once(*options, page=500)) == []
    assert events(world.once(*options, page=WELL)) == []
    assert run_command("mute", "--list").out == ""
    assert events(world.once(*options, page=OUT)) == ["opened"]
    assert world.titles == [OPENED]


def test_a_recovery_ends_the_mute_and_is_told(world: World) -> None:
    world.once(FINE, page=OUT)
    run_command("mute", FINE)
    run_command("mute", ACME)
    assert events(world.once(FINE, page=SLOW)) == []
    assert events(world.once(FINE, page=WELL)) == ["recovered"]
    assert run_command("mute", "--list").out == "status.acme.example\t\tuntil resolved\n"


def test_a_mute_for_a_time_ends_with_how_it_stands(world: World) -> None:
    run_command("mute", f"{FINE}", "--for", "1h")
    assert [events(world.once(FINE, page=OUT, after=minutes)) for minutes in (0, 59, 60)] == [
        [],
        [],
        ["opened"],
    ]


def test_a_muted_component_hides_only_itself(world: World, listed: Path) -> None:
    options = ("--watchlist", str(listed))
    run_command("mute", "fine/api", *options)
    assert events(world.once(*options, page=OUT)) == []
    told = world.once(
        *options,
        page={
            **OUT,
            "components": [{**row, "status": "partial_outage"} for row in OUT["components"]],
        },
    )
    assert json.loads(told.out)["components"] == ["Web"]


# A drill.


def test_a_drill_says_so_everywhere_and_leaves_the_real_state_alone(
    world: World, listed: Path, home: Path
) -> None:
    drill = {"OUTLOGGER_DRILL": "http://127.0.0.1:9", "OUTLOGGER_DRILL_SCENARIO": "fire"}
    for _ in range(2):
        finished = world.once("--watchlist", str(listed), page=OUT, env=drill)
        told = json.loads(finished.out)
        assert (told["title"], told["drill"]) == (f"DRILL: {OPENED}", True)
        assert finished.err == "DRILL: fire; nothing of this is real\n"
    assert world.titles == [f"DRILL: {OPENED}"] * 2
    assert not list(home.rglob("told-*"))
    assert events(world.once("--watchlist", str(listed))) == ["opened"]


def test_a_drill_is_not_held_back_by_quiet_hours(world: World, tmp_path: Path) -> None:
    quiet = write(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]\nquiet = "11:30-12:30"')
    drill = {"OUTLOGGER_DRILL": "http://127.0.0.1:9"}
    world.once("--watchlist", str(quiet), page=OUT, env=drill)
    assert world.titles == [f"DRILL: {OPENED}"]


# --test


def trial(world: World, *options: str, **more: Any) -> Finished:
    return run_command("watch", "--test", *options, transport=world, **more)


@posix
def test_a_test_goes_through_every_channel_and_says_how_each_went(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        f'version = 1\n[notify]\ncommand = "echo no server; false"\nwebhooks = ["{HOOK}"]\n'
    )
    finished = trial(world, "--watchlist", str(path))
    assert finished == Finished(
        code=0, out="webhooks[0]: told\n", err="command: not told: exit code 1: no server\n"
    )
    assert [(m["event"], m["title"]) for m in world.told] == [("test", "outlogger: a test")]
    assert trial(world, "--watchlist", str(path), "-q") == Finished(code=0, out="", err="")


def test_a_test_in_a_drill_says_so(world: World, listed: Path) -> None:
    drill = {"OUTLOGGER_DRILL": "http://127.0.0.1:9", "OUTLOGGER_DRILL_SCENARIO": "fire"}
    finished = trial(world, "--watchlist", str(listed), env=drill)
    assert finished.err == "DRILL: fire; nothing of this is real\n"
    assert world.titles == ["DRILL: outlogger: a test"]


def test_without_a_channel_there_is_nothing_to_test(world: World, home: Path) -> None:
    path = home / ".config" / "outlogger" / "watchlist.toml"
    finished = trial(world)
    assert (finished.code, finished.err) == (
        2,
        f"outlogger: --test: no channel is configured: give {path} a [notify] with command,"
        " webhooks or urls (outlogger help watchlist)\n",
    )
    write(home / "outlogger.toml", f'webhooks = ["{HOOK}"]')
    finished = trial(world)
    assert finished.code == 2
    assert "its [notify] is not run" in finished.err
    assert world.told == []


# Round after round, in a pipe.


def test_a_pipe_gets_an_event_a_line_as_they_come() -> None:
    clock = Clock(ctrl_c_after=4)
    finished = clock.run("watch", FINE, transport=web(WELL, OUT, OUT, WELL, WELL))
    assert finished.code == 130
    assert [json.loads(row)["at"] for row in finished.out.splitlines()] == [
        (NOW + timedelta(seconds=sum(clock.pauses[:rounds]))).strftime("%Y-%m-%dT%H:%M:%SZ")
        for rounds in (1, 3)
    ]
    assert all(60 <= pause <= 66 for pause in clock.pauses)


def test_the_pause_may_be_another() -> None:
    clock = Clock(ctrl_c_after=3)
    clock.run("watch", FINE, "--interval", "10s", transport=web(WELL))
    assert all(10 <= pause <= 11 for pause in clock.pauses)


def test_a_channel_that_goes_on_failing_is_told_once() -> None:
    world, clock = World(OUT), Clock(ctrl_c_after=4)
    world.hook = 404
    path = write(Path("mine.toml"), f'webhooks = ["{HOOK}"]')
    finished = clock.run("watch", "--watchlist", str(path), transport=world)
    assert len(world.told) == 5
    assert finished.err == "webhooks[0]: HTTP 404; it is tried again next round\n"


def without_network(*pages: str, code: int = errno.ENETUNREACH) -> httpx.BaseTransport:
    error = OSError(code, os.strerror(code))
    return serving({f"{page}/api/v2/summary.json": error for page in pages})


NO_NETWORK = (
    "no page could be reached (no connection: network is unreachable): probably this machine's"
    " network or proxy; outlogger drill works without one; nothing is told of the pages\n"
)


def test_a_machine_without_network_tells_nothing_of_the_vendors() -> None:
    finished = Clock(ctrl_c_after=20).run(
        *("watch", FINE, ACME, "--on", "unreadable", *NO_RETRY),
        transport=without_network(FINE, ACME),
    )
    assert (finished.out, finished.err) == ("", NO_NETWORK)


def test_pages_that_refuse_connections_are_unreadable() -> None:
    finished = run_command(
        *("watch", "--once", FINE, ACME, "--on", "unreadable", *NO_RETRY),
        transport=without_network(FINE, ACME, code=errno.ECONNREFUSED),
    )
    assert (events(finished), finished.err) == (["unreadable", "unreadable"], "")


@posix
def test_what_is_yet_to_be_told_is_told_without_network(world: World, tmp_path: Path) -> None:
    listed = write(tmp_path / "mine.toml", "command = 'test -e works && touch told'")
    options = ("--watchlist", str(listed), *NO_RETRY)
    assert "command: exit code 1" in world.once(*options, page=OUT).err
    Path("works").touch()
    finished = run_command("watch", "--once", *options, transport=without_network(FINE))
    assert (finished.out, finished.err) == ("", NO_NETWORK)
    assert Path("told").exists()


def test_a_page_is_not_asked_again_while_it_says_that_nothing_changed() -> None:
    asked = []

    def answer(_request: httpx.Request) -> httpx.Response:
        asked.append(clock.monotonic())
        return httpx.Response(200, json=WELL, headers={"cache-control": "public, max-age=150"})

    clock = Clock(ctrl_c_after=6)
    clock.run("watch", FINE, transport=serving({}, handle=answer))
    assert asked == [0, round(sum(clock.pauses[:3]), 6), round(sum(clock.pauses), 6)]


@pytest.mark.parametrize(
    ("control", "readings"),
    [
        ("no-cache, max-age=600", 10),
        ("s-maxage=600", 10),
        ("max-age=soon", 10),
        ("max-age=86400", 2),
    ],
)
def test_what_a_page_says_of_its_age_has_its_limits(control: str, readings: int) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json=WELL, headers={"cache-control": control})

    clock = Clock(ctrl_c_after=9)
    clock.run("watch", FINE, transport=serving({}, handle=answer))
    assert len(asked) == readings


def test_a_page_that_was_not_read_is_asked_again_at_once_whatever_it_says() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(500, headers={"cache-control": "max-age=600"})

    Clock(ctrl_c_after=3).run("watch", FINE, *NO_RETRY, transport=serving({}, handle=answer))
    assert len(asked) == 4


def test_a_table_where_nothing_can_be_drawn_anew_is_lines() -> None:
    finished = Clock(ctrl_c_after=3).run(
        "watch",
        FINE,
        transport=web(OUT, SLOW, WELL),
        terminal=True,
        env={"TERM": "dumb"},
    )
    first, *changes = finished.out.splitlines()
    assert first == "✗ critical     Fine Inc  API major outage"
    assert [change.split("  ")[1] for change in changes] == [
        "Fine Inc eased to minor: API degraded performance",
        "Fine Inc recovered after 2 min",
    ]


def test_a_quiet_watch_says_nothing_but_tells_the_channels() -> None:
    world = World(OUT)
    path = write(Path("mine.toml"), f'webhooks = ["{HOOK}"]')
    finished = Clock(ctrl_c_after=2).run(
        *("watch", "-q", "-f", "table", "--watchlist", str(path)), transport=world, terminal=True
    )
    assert (finished.out, finished.err, world.titles) == ("", "", [OPENED])


def test_ctrl_c_while_pages_are_read_tells_nothing_of_what_was_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_args: object, **_options: object) -> Iterator[object]:
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr("outlogger_cli.engine.run.read", interrupted)
    finished = run_command("watch", FINE, "--on", "unreadable", transport=web(OUT))
    assert (finished.code, finished.out) == (130, "")


# What it does not take.


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--interval", "9s"], "must be at least 10s: pages are read each time"),
        (
            ["--on", "opened,closed"],
            "--on: there is no event 'closed'; the events are opened, worsened, eased, recovered,"
            " updated, maintenance_started, maintenance_ended, unreadable, readable\n",
        ),
        (["--on", ""], "--on: there is no event ''"),
        (["--offline"], "--offline: stored readings never change; watch has to ask the pages"),
        (["-o", "x"], "--output: watch writes as it goes; send it to a file by > FILE instead"),
        (["--json"], "--format must be one of table, ndjson, not 'json'"),
        (["--format", "plain"], "--format must be one of table, ndjson, not 'plain'"),
    ],
)
def test_a_wrong_command_line_is_refused_before_anything_is_read(
    options: list[str], message: str
) -> None:
    finished = run_command("watch", FINE, *options, transport=serving({}))
    assert finished.code == 2
    assert message in finished.err
