"""`outlogger drill`: a page acted out on loopback, the command run against it, and its faults."""

import json
import re
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.cli.commands import drill as drill_command
from outlogger_cli.cli.commands.drill import split
from outlogger_cli.drill import server as drill_server
from outlogger_cli.drill.server import Fault, Server
from tests.running import Finished, finish, run_command, spawn

SAID = "DRILL: permutive-2024-03, clock 2024-03-12; nothing of this is real\n"
PLAIN = "DRILL: plain, clock 2026-01-15; nothing of this is real\n"
READING = {"/summary.json": b'{"first": 1}', "/page": b"<html></html>"}
NEXT = {"/summary.json": b'{"second": 2}'}


def drill_json(*argv: str, **env: str) -> Any:
    """What `outlogger drill` shows as JSON."""
    return run_command("drill", *argv, env={"OUTLOGGER_FORMAT": "json", **env}).json


def running(code: str) -> tuple[str, ...]:
    """COMMAND: a Python of its own that runs `code`."""
    return "--", sys.executable, "-c", f"import os, signal, sys\n{code}"


def told(name: str) -> tuple[str, ...]:
    """COMMAND: say what the variable `name` holds on standard output."""
    return running(f"print(os.environ.get({name!r}))")


def get(server: Server, path: str) -> tuple[int, str | None, bytes]:
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read()
    finally:
        connection.close()


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    address = ("127.0.0.1", int(server.server_address[1]))
    with socket.create_connection(address, timeout=10) as client:
        yield client


class Clock(threading.Event):
    """Notes how long it was waited for. Only who has no limit waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []
        self.waited = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self.waited.set()
        return super().wait(0 if timeout else None)


def interrupted(_seconds: float) -> None:
    raise KeyboardInterrupt


# What is shown


def test_without_anything_permutive_is_shown_as_it_stood_in_march_2024() -> None:
    assert run_command("drill") == Finished(
        code=0,
        out=(
            "permutive\t\tAMP API\toperational\tnone\n"
            "permutive\t\tContent Delivery Network\toperational\tnone\n"
            "permutive\t\tPermutive Analytics\toperational\tnone\n"
            "permutive\t\tPermutive API\toperational\tnone\n"
            "permutive\t\tPermutive Dashboard\toperational\tnone\n"
            "permutive\t\tPermutive SDKs\toperational\tnone\n"
            "permutive\t\tRouting\toperational\tnone\n"
            "permutive\t\tThird-Party Data API\toperational\tnone\n"
        ),
        err=SAID,
    )


def test_the_table_says_that_it_is_a_drill_and_when_it_plays() -> None:
    title = run_command("drill", terminal=True, env={"NO_COLOR": "1"}).out.splitlines()[0]
    assert title.split() == ["DRILL", "permutive-2024-03,", "clock", "2024-03-12", "DRILL"]


def test_the_json_is_of_the_drill_s_day_and_its_strip_has_the_two_outages() -> None:
    shown = drill_json()
    assert (shown["drill"], shown["generated_at"]) == (True, "2024-03-12T12:00:00Z")
    days = shown["vendors"][0]["days"]
    assert (days[0]["date"], days[-1]["date"]) == ("2024-02-12", "2024-03-12")
    assert [(day["date"], day["incidents"]) for day in days if day["incidents"]] == [
        ("2024-03-05", 2),
        ("2024-03-10", 1),
    ]


def test_nothing_is_stored(home: Path) -> None:
    run_command("drill")
    assert list(home.iterdir()) == []


def test_a_component_alone_is_a_major_outage_and_no_incident_is_posted() -> None:
    (vendor,) = drill_json("--component", "routing")["vendors"]
    out = [(c["name"], c["status"]) for c in vendor["components"] if c["severity"] != "none"]
    assert out == [("Routing", "major_outage")]
    assert (vendor["indicator"], vendor["severity"]) == ("critical", "critical")
    assert not any(incident["open"] for incident in vendor["incidents"])


def test_a_status_alone_is_that_of_every_component() -> None:
    (vendor,) = drill_json("--status", "under_maintenance")["vendors"]
    assert {c["status"] for c in vendor["components"]} == {"under_maintenance"}
    assert (vendor["indicator"], vendor["severity"]) == ("maintenance", "maintenance")


def test_several_components_get_the_status_that_is_given() -> None:
    (vendor,) = drill_json(*("-c", "Routing", "-c", "AMP API", "--status", "degraded_performance"))[
        "vendors"
    ]
    out = [c["name"] for c in vendor["components"] if c["status"] == "degraded_performance"]
    assert out == ["AMP API", "Routing"]


@pytest.mark.parametrize(
    ("slug", "name", "platform"),
    [
        ("xero", "Xero", "statuspage"),
        ("openai", "OpenAI", "incidentio"),
        ("bitmovin", "Bitmovin", "instatus"),
        ("docker", "Docker", "statusio"),
        ("keygen", "Keygen", "betterstack"),
        ("intercom-eu-hosting", "Intercom - EU Hosting", "incidentio"),
    ],
)
def test_any_vendor_has_a_plain_page_on_its_own_platform(
    slug: str, name: str, platform: str
) -> None:
    finished = run_command("drill", slug, env={"OUTLOGGER_FORMAT": "json"})
    (vendor,) = finished.json["vendors"]
    assert (vendor["slug"], vendor["name"], vendor["platform"]) == (slug, name, platform)
    assert [c["name"] for c in vendor["components"]] == ["API", "Dashboard", "Webhooks", "Website"]
    assert (vendor["severity"], finished.err) == ("none", PLAIN)


def test_a_platform_that_is_not_acted_out_is_replaced_and_that_is_said() -> None:
    finished = run_command("drill", "slack", env={"OUTLOGGER_FORMAT": "json"})
    assert finished.err == (f"slack: a page on slack is acted out as one on Statuspage\n{PLAIN}")
    (vendor,) = finished.json["vendors"]
    assert (vendor["platform"], vendor["error"]) == ("statuspage", None)


def test_a_scenario_without_a_vendor_plays_on_a_page_of_its_own() -> None:
    (vendor,) = drill_json("--scenario", "incidentio-page")["vendors"]
    assert (vendor["slug"], vendor["name"], vendor["platform"]) == (
        "status.acme.example",
        "Acme AI",
        "incidentio",
    )


def test_a_scenario_is_told_in_the_name_of_the_vendor_that_is_given() -> None:
    (vendor,) = drill_json("github", "--scenario", "region-outage")["vendors"]
    assert (vendor["name"], vendor["url"]) == ("GitHub", "https://www.githubstatus.com")
    assert [i["name"] for i in vendor["incidents"] if i["open"]] == [
        "Console slow to sign in",
        "Europe Central: loss of power in one building",
    ]


@pytest.mark.parametrize("platform", ["statuspage", "statusio", "instatus", "betterstack"])
def test_a_dying_page_is_read_once_whatever_it_runs_on(platform: str) -> None:
    page = f'url = "https://status.acme.example"\nplatform = "{platform}"\n'
    Path("outlogger.toml").write_text(f"version = 1\n[vendors.acme]\n{page}")
    twice = "check = [sys.executable, '-m', 'outlogger_cli', 'check', 'acme']\n" + (
        "sys.exit(10 * subprocess.call(check) + subprocess.call(check))"
    )
    code = f"import subprocess\n{twice}"
    finished = run_command("drill", "acme", "--scenario", "dying-page", *running(code))
    assert finished.code == 13


def test_a_selection_in_the_watchlist_can_be_rehearsed(home: Path) -> None:
    (home / "outlogger.toml").write_text(
        'version = 1\n[vendors.github]\ncomponents = ["Actions"]\nexclude = ["Website"]\n'
    )
    (vendor,) = drill_json("github", "--component", "actions")["vendors"]
    assert [(c["name"], c["severity"]) for c in vendor["components"] if c["selected"]] == [
        ("Actions", "critical")
    ]
    assert vendor["severity"] == "critical"


def test_a_vendor_of_the_watchlist_is_acted_out_at_its_own_address(home: Path) -> None:
    (home / "outlogger.toml").write_text(
        'version = 1\n[vendors.acme]\nurl = "https://status.acme.example/team"\n'
    )
    (vendor,) = drill_json("acme")["vendors"]
    assert (vendor["name"], vendor["url"], vendor["error"]) == (
        "acme",
        "https://status.acme.example/team",
        None,
    )


# The list


def test_the_list_has_name_platform_and_what_is_shown() -> None:
    assert run_command("drill", "--list") == Finished(
        code=0,
        out=(
            "permutive-2024-03\tstatuspage\ttwo outages in March, all operational now\n"
            "dying-page\tthe vendor's\tone good reading, then only HTTP 500\n"
            "flapping-component\tthe vendor's\tout at every second reading\n"
            "incidentio-page\tincidentio\tan incident.io page, incident open\n"
            "overrunning-maintenance\tthe vendor's\tmaintenance an hour past its end\n"
            "plain\tthe vendor's\ta small page on which nothing happens\n"
            "region-outage\tthe vendor's\tone region of six down, incident open\n"
        ),
        err="",
    )


def test_on_a_terminal_the_list_has_columns_that_fit() -> None:
    rows = run_command("drill", "--list", terminal=True).out.splitlines()
    assert rows[0] == (
        "permutive-2024-03       statuspage    two outages in March, all operational now"
    )
    assert max(map(len, rows)) <= 80


# What is refused


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("permutiive",), "no vendor is called 'permutiive'; did you mean permutive?"),
        (
            ("--component", "Rooting"),
            "--component: the page acted out has no 'Rooting'; did you mean Routing?",
        ),
        (
            ("github", "--scenario", "permutive-2024-03"),
            "--scenario permutive-2024-03 is the page of permutive alone: leave out one of the two,"
            " or take another from outlogger drill --list",
        ),
        (
            ("--scenario", "region-outtage"),
            "no scenario is called 'region-outtage'; did you mean region-outage?"
            " outlogger drill --list shows them",
        ),
        (
            ("--serve", "--", "true"),
            "--serve runs nothing: leave it out, or the command after --",
        ),
    ],
)
def test_what_cannot_be_acted_out_is_a_usage_error(argv: tuple[str, ...], said: str) -> None:
    assert run_command("drill", *argv) == Finished(code=2, out="", err=f"outlogger: {said}\n")


# Faults


@pytest.mark.parametrize(
    ("fault", "kind", "http_status"),
    [
        ("timeout", "timeout", None),
        ("dns", "dns", None),
        ("tls", "tls", None),
        ("html", "not_json", None),
        ("500", "http", 500),
    ],
)
def test_a_fault_makes_the_page_unreadable_in_its_own_way(
    fault: str, kind: str, http_status: int | None
) -> None:
    budget = {"OUTLOGGER_TIMEOUT": "0.2s"} if fault == "timeout" else {}
    finished = run_command("drill", "--fault", fault, env={"OUTLOGGER_FORMAT": "json", **budget})
    (vendor,) = finished.json["vendors"]
    assert (vendor["error"]["kind"], vendor["error"]["http_status"]) == (kind, http_status)
    assert (finished.code, vendor["verdict"]) == (3, "unknown")
    assert finished.err == (
        f"DRILL: permutive-2024-03, fault {fault}, clock 2024-03-12; nothing of this is real\n"
    )


def test_a_slow_page_is_read_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill_server, "SLOW_SECONDS", 0)
    assert drill_json("--fault", "slow")["vendors"][0]["severity"] == "none"


def test_a_page_that_never_answers_gets_a_second_unless_the_user_says_otherwise(
    capfd: pytest.CaptureFixture[str],
) -> None:
    run_command("drill", "--fault", "timeout", *told("OUTLOGGER_TIMEOUT"))
    run_command(
        *("drill", "--fault", "timeout", *told("OUTLOGGER_TIMEOUT")),
        env={"OUTLOGGER_TIMEOUT": "5s"},
    )
    assert capfd.readouterr().out == "1s\n5s\n"


def test_the_default_command_gets_that_second_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill_command, "PATIENCE", "0.2s")
    (vendor,) = drill_json("--fault", "timeout")["vendors"]
    assert vendor["error"]["message"] == "no whole answer within 0.2 s"


# COMMAND


def test_the_part_after_the_first_dashes_is_the_command() -> None:
    assert split(["a", "--x", "--", "b", "--", "-c"]) == (["a", "--x"], ["b", "--", "-c"])
    assert split(["a", "-b"]) == (["a", "-b"], [])
    assert split(["a", "--"]) == (["a"], [])


def test_nothing_after_the_dashes_is_the_default_command() -> None:
    assert run_command("drill", "--").out == run_command("drill").out


def test_the_usage_line_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    run_command("drill", "-h")
    assert capsys.readouterr().out.splitlines()[0] == (
        "Usage: outlogger drill [OPTIONS] [VENDOR] [-- COMMAND...]"
    )


def test_the_exit_code_of_the_command_is_that_of_the_drill() -> None:
    assert run_command("drill", *running("sys.exit(7)")) == Finished(code=7, out="", err=SAID)


def test_a_command_of_this_program_says_itself_that_it_is_a_drill(
    capfd: pytest.CaptureFixture[str],
) -> None:
    finished = run_command(
        *("drill", "-c", "Routing", "--", "outlogger", "check", "permutive", "--json"),
        env={"PATH": ""},
    )
    said = capfd.readouterr()
    assert (finished.code, finished.err, said.err.count(SAID)) == (1, "", 1)
    assert json.loads(said.out)["drill"] is True


def test_the_program_on_the_path_is_run_where_there_is_one(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = home / "outlogger"
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    assert run_command("drill", "--", "outlogger", "-c", "x", env={"PATH": str(home)}).code == 0
    assert capfd.readouterr().out == "-c x\n"


def test_the_command_finds_the_drill_in_its_environment(
    capfd: pytest.CaptureFixture[str],
) -> None:
    code = "print(sorted((k, v) for k, v in os.environ.items() if 'DRILL' in k))"
    run_command("drill", "--fault", "dns", *running(code), env={"OUTLOGGER_DRILL_OTHER": "old"})
    said = re.sub(r"127\.0\.0\.1:[0-9]+", "HERE", capfd.readouterr().out)
    assert said == (
        "[('OUTLOGGER_DRILL', 'http://HERE'),"
        " ('OUTLOGGER_DRILL_CLOCK', '2024-03-12T12:00:00Z'),"
        " ('OUTLOGGER_DRILL_FAULT', 'dns'),"
        " ('OUTLOGGER_DRILL_SCENARIO', 'permutive-2024-03, fault dns')]\n"
    )


def test_a_command_that_is_not_there_is_127_as_for_env() -> None:
    finished = run_command("drill", "--", "./nowhere")
    assert finished == Finished(
        code=127, out="", err=f"{SAID}outlogger: ./nowhere: No such file or directory\n"
    )


def test_a_command_that_cannot_be_run_is_126_as_for_env(home: Path) -> None:
    (home / "notes").write_text("no program")
    finished = run_command("drill", "--", "./notes")
    assert finished == Finished(
        code=126, out="", err=f"{SAID}outlogger: ./notes: Permission denied\n"
    )


def test_a_command_that_is_killed_is_128_and_its_signal() -> None:
    assert run_command("drill", *running("os.kill(os.getpid(), signal.SIGKILL)")).code == 137


def test_after_ctrl_c_the_command_has_its_last_words() -> None:
    code = "os.kill(os.getppid(), signal.SIGINT); sys.exit(9)"
    assert run_command("drill", *running(code)).code == 9


@pytest.mark.parametrize("deaf_to", ["SIGINT", "SIGTERM"])
def test_a_command_that_stays_after_ctrl_c_is_ended(
    deaf_to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill_command, "_LAST_WORDS", 0.05)
    code = (
        f"signal.signal(signal.{deaf_to}, signal.SIG_IGN)\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "while True: signal.pause()"
    )
    assert run_command("drill", *running(code)).code == 130


def test_who_ends_the_drill_ends_the_command() -> None:
    before = signal.getsignal(signal.SIGTERM)
    code = "os.kill(os.getppid(), signal.SIGTERM)\nwhile True: signal.pause()"
    assert run_command("drill", *running(code)).code == 143
    assert signal.getsignal(signal.SIGTERM) is before


# --serve


def test_serving_prints_what_to_export_and_stays_until_ctrl_c() -> None:
    finished = run_command("drill", "xero", "--serve", sleep=interrupted)
    assert (finished.code, finished.err) == (130, PLAIN)
    assert re.fullmatch(
        r"export OUTLOGGER_DRILL=http://127\.0\.0\.1:[0-9]+\n"
        r"export OUTLOGGER_DRILL_SCENARIO=plain\n"
        r"export OUTLOGGER_DRILL_CLOCK=2026-01-15T12:00:00Z\n",
        finished.out,
    )


def test_what_is_exported_can_be_read_by_a_shell() -> None:
    finished = run_command("drill", "--fault", "tls", "--serve", sleep=interrupted)
    assert finished.out.splitlines()[1] == (
        "export OUTLOGGER_DRILL_SCENARIO='permutive-2024-03, fault tls'"
    )


def test_a_served_page_is_read_by_other_processes_until_it_ends() -> None:
    with spawn("drill", "--serve") as served:
        assert served.stdout is not None
        lines = [served.stdout.readline().strip() for _ in range(3)]
        env = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        read = run_command("check", "permutive", env=env)
        served.send_signal(signal.SIGINT)
        assert finish(served).code == 130
    gone = run_command("check", "permutive", "--retries", "0", env=env)
    assert (read.code, gone.code) == (0, 3)


# The server


def test_documents_are_answered_and_nothing_else() -> None:
    with Server([READING]) as server:
        assert get(server, "/summary.json?x=1") == (200, "application/json", b'{"first": 1}')
        assert get(server, "/page") == (200, "text/html", b"<html></html>")
        assert get(server, "/../etc/passwd")[::2] == (404, b"")
        assert server.server_address[0] == "127.0.0.1"


def test_each_reading_begins_with_the_deciding_document_and_they_go_round() -> None:
    server = Server([READING, NEXT])
    with server:
        answers = [server.answer("/summary.json"), server.answer("/page")]
        answers += [server.answer("/summary.json"), server.answer("/page")]
        answers += [server.answer("/summary.json")]
    assert answers == [
        (HTTPStatus.OK, b'{"first": 1}'),
        (HTTPStatus.OK, b"<html></html>"),
        (HTTPStatus.OK, b'{"second": 2}'),
        (HTTPStatus.NOT_FOUND, b""),
        (HTTPStatus.OK, b'{"first": 1}'),
    ]


def test_after_its_good_readings_a_page_is_dead() -> None:
    with Server([READING], good_readings=1) as server:
        paths = ("/summary.json", "/nowhere", "/page", "/summary.json", "/page")
        assert [server.answer(path)[0] for path in paths] == [200, 404, 200, 500, 500]


def test_a_slow_page_waits_before_every_answer() -> None:
    with Server([READING], fault=Fault.SLOW) as server:
        server.closing = clock = Clock()
        get(server, "/page")
        get(server, "/nowhere")
    assert clock.waits == [drill_server.SLOW_SECONDS, drill_server.SLOW_SECONDS]


def test_a_page_that_never_answers_lets_go_of_its_clients_when_the_drill_ends() -> None:
    with Server([READING], fault=Fault.TIMEOUT) as server, connected(server) as client:
        server.closing = clock = Clock()
        client.sendall(b"GET /page HTTP/1.1\r\n\r\n")
        assert clock.waited.wait(10)
        server.__exit__()
        assert client.recv(1) == b""


def test_a_page_without_tls_says_so_in_plain_text() -> None:
    with Server([READING], fault=Fault.TLS) as server, connected(server) as client:
        assert server.origin == f"https://127.0.0.1:{server.server_address[1]}"
        client.sendall(b"\x16\x03\x01")
        assert client.recv(64).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_client_that_goes_away_disturbs_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    with Server([READING]) as server:
        with connected(server) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET /page")
        assert get(server, "/page")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_nothing_listens_after_the_drill() -> None:
    with Server([READING]) as server:
        pass
    with pytest.raises(ConnectionRefusedError), connected(server):
        pass
