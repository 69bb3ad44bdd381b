"""`outlogger check`: the exit code for every severity, threshold and mixture."""

import re
import socket

import httpx
import pytest

from tests.cli.commands.pages import ACME, FINE, both, fine, serving
from tests.running import run_command

STATUSES = {
    "operational": "none",
    "under_maintenance": "maintenance",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}
LADDER = list(STATUSES.values())
OTHER = "https://other.example"


@pytest.mark.parametrize("fail_on", ["never", "maintenance", "minor", "major", "critical"])
@pytest.mark.parametrize("status", STATUSES)
def test_every_severity_against_every_threshold(status: str, fail_on: str) -> None:
    transport = serving({f"{FINE}/api/v2/summary.json": fine(API=status)})
    finished = run_command("check", FINE, "--fail-on", fail_on, "--json", transport=transport)
    severity = STATUSES[status]
    reached = fail_on != "never" and LADDER.index(severity) >= LADDER.index(fail_on)
    assert finished.code == (1 if reached else 0)
    (vendor,) = finished.json["vendors"]
    assert vendor["severity"] == severity
    assert vendor["verdict"] == finished.json["verdict"] == ("problem" if reached else "ok")
    assert finished.json["exit_code"] == finished.code


@pytest.mark.parametrize(
    ("statuses", "on_unknown", "code"),
    [
        ((200, 200), "fail", 0),
        ((200, 500), "fail", 3),
        ((200, 500), "warn", 0),
        ((200, 500), "ignore", 0),
        ((None, 500), "fail", 1),
        ((None, 500), "ignore", 1),
        ((500, 500), "fail", 3),
    ],
)
def test_a_problem_outranks_an_unknown(
    statuses: tuple[int | None, int], on_unknown: str, code: int
) -> None:
    page = fine() if statuses[0] == 200 else fine(API="major_outage")
    transport = serving(
        {
            f"{FINE}/api/v2/summary.json": httpx.Response(500) if statuses[0] == 500 else page,
            f"{OTHER}/api/v2/summary.json": fine() if statuses[1] == 200 else httpx.Response(500),
        }
    )
    finished = run_command(
        "check", FINE, OTHER, "--on-unknown", on_unknown, "--retries", "0", transport=transport
    )
    assert finished.code == code


def test_plain_is_one_record_a_vendor_and_a_line_in_words_for_each_problem() -> None:
    finished = run_command("check", FINE, ACME, transport=both())
    assert finished.out == (
        "status.fine.example\tnone\tok\t\t0\thttps://status.fine.example\n"
        "status.acme.example\tmajor\tproblem\tEurope/Queue; API\t1\thttps://status.acme.example\n"
    )
    assert finished.err == (
        "status.acme.example: major: Europe/Queue partial outage and 1 more,"
        " https://status.acme.example\n"
    )


def test_a_table_says_the_same_and_nothing_beside_it() -> None:
    finished = run_command("check", FINE, ACME, "-f", "table", transport=both())
    assert re.sub(" +2 read in .*", "", finished.out) == (
        "1 vendor has a problem · 1 ok\n"
        "\n"
        "◆ major  Acme Cloud  Europe/Queue partial outage                          55 min\n"
        "\n"
        "✓ 1 ok  Fine Inc\n"
    )
    assert finished.err == ""


def test_verbose_says_what_counted_and_what_did_not() -> None:
    finished = run_command("check", ACME, "-v", "-f", "table", transport=both())
    assert finished.out == (
        "◆ major  Acme Cloud  Europe/Queue partial outage                          55 min\n"
        "    problem: Europe/Queue partial outage (major; threshold: minor), plus 1 more;\n"
        '    not counted: API status is unknown: "on_fire"\n'
        '      incident "Queue stalled" identified, impact major\n'
    )
    piped = run_command("check", ACME, FINE, "-v", transport=both())
    assert piped.err == (
        "status.acme.example: major: Europe/Queue partial outage and 1 more,"
        " https://status.acme.example\n"
        "status.acme.example: problem: Europe/Queue partial outage (major; threshold: minor),"
        ' plus 1 more; not counted: API status is unknown: "on_fire"\n'
        "status.fine.example: ok: no problem in the page's indicator and its 2 components\n"
    )


def test_a_selection_alone_decides_and_the_rest_is_mentioned() -> None:
    finished = run_command("check", ACME, "-c", "dashboard", "-vf", "table", transport=both())
    assert finished.code == 0
    assert finished.out == (
        "✓ ok  Acme Cloud  1 selected component operational\n"
        "    ok: 1 selected component operational; not counted: 2 other components have\n"
        "    problems, outside the selection\n"
    )


def test_a_selected_component_that_is_not_there_is_unknown_with_the_closest_names() -> None:
    finished = run_command("check", ACME, "-c", "Dashbord", transport=both())
    assert finished.code == 3
    assert finished.err == (
        'status.acme.example: unknown: component "Dashbord" not found; closest: Dashboard,'
        " https://status.acme.example\n"
    )


def test_only_the_summary_is_asked_for() -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json=fine())

    finished = run_command("check", FINE, "--json", transport=serving({}, handle=handle))
    (vendor,) = finished.json["vendors"]
    assert asked == ["/api/v2/summary.json"]
    assert (vendor["days"], vendor["incident_seconds"]) == ([], None)


@pytest.mark.parametrize("value", ["1", "true", "YES", "on"])
def test_skipping_reads_nothing_and_says_so(value: str) -> None:
    refuse = serving({})
    finished = run_command("check", FINE, "--json", env={"OUTLOGGER_SKIP": value}, transport=refuse)
    assert (finished.code, finished.json["skipped"], finished.json["verdict"]) == (
        0,
        True,
        "unknown",
    )
    assert finished.json["vendors"] == []


def test_skip_says_skipped_in_words() -> None:
    finished = run_command("check", FINE, "--skip", "-f", "table", transport=serving({}))
    assert (finished.code, finished.out) == (
        0,
        "skipped: no page was read, the verdict is unknown\n",
    )


@pytest.mark.parametrize("format", ["plain", "csv", "ndjson", "json"])
def test_a_gate_that_was_skipped_leaves_a_trace(format: str) -> None:
    skipped = run_command("check", FINE, "--skip", "-f", format, transport=serving({}))
    assert (skipped.code, skipped.err) == (0, "skipped: no page was read, the verdict is unknown\n")


@pytest.mark.parametrize("on_unknown", ["fail", "warn", "ignore"])
def test_an_unknown_is_named_whatever_it_does_to_the_exit_code(on_unknown: str) -> None:
    transport = serving({f"{FINE}/api/v2/summary.json": httpx.Response(404)})
    finished = run_command("check", FINE, "--on-unknown", on_unknown, transport=transport)
    assert finished.err == (
        f"status.fine.example: unknown: HTTP 404: no status page at this address, {FINE}\n"
    )


def test_a_value_that_is_no_skip_skips_nothing() -> None:
    finished = run_command("check", FINE, env={"OUTLOGGER_SKIP": "0"}, transport=both())
    assert finished.out == "status.fine.example\tnone\tok\t\t0\thttps://status.fine.example\n"


def test_quiet_prints_nothing_and_keeps_the_code() -> None:
    finished = run_command("check", ACME, "-q", transport=both())
    assert (finished.code, finished.out, finished.err) == (1, "", "")


def test_one_line_says_that_there_is_no_network_and_verbose_lists_the_pages() -> None:
    down = {f"{page}/api/v2/summary.json": httpx.ConnectError("x") for page in (FINE, ACME)}
    line = (
        "It's this machine: none of 2 status pages could be reached (cannot connect: x)."
        " Check network, VPN or proxy.\n"
    )
    finished = run_command("check", FINE, ACME, "--retries", "0", transport=serving(down))
    assert (finished.code, finished.err) == (3, line)
    verbose = run_command("check", FINE, ACME, "--retries", "0", "-v", transport=serving(down))
    assert verbose.code == 3
    assert verbose.err.startswith(line)
    pages = [text.split(":")[0] for text in verbose.err.splitlines()[1:]]
    assert pages == ["status.fine.example", "status.acme.example"]


def test_one_refused_connection_is_not_blamed_on_this_machine() -> None:
    down = {f"{FINE}/api/v2/summary.json": ConnectionRefusedError(111, "Connection refused")}
    for verbose in ([], ["-v"]):
        argv = ("check", FINE, "--retries", "0", *verbose)
        assert run_command(*argv, transport=serving(down)).err == (
            f"status.fine.example: unknown: connection refused, {FINE}\n"
        )


def test_one_unknown_host_may_be_a_wrong_address() -> None:
    down = {f"{FINE}/api/v2/summary.json": socket.gaierror(socket.EAI_NONAME, "x")}
    assert run_command("check", FINE, transport=serving(down)).err == (
        "It's this machine or the address: the status page could not be reached"
        " (DNS lookup failed). Check address, network, VPN or proxy.\n"
    )


NPM = "https://status.npmjs.org"
NPM_READ = "npx: read as npm: npm Registry (whole page)\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], NPM_READ),
        (["--quiet"], ""),
        (["--format", "nagios"], ""),
        (["--format", "line", "--refresh"], ""),
    ],
)
def test_a_product_is_explained_to_people(options: list[str], said: str) -> None:
    transport = serving({f"{NPM}/api/v2/summary.json": fine()})
    finished = run_command("check", "npx", *options, transport=transport)
    assert (finished.code, finished.err) == (0, said)
