"""`outlogger incidents`: the strip, and each incident in full."""

from datetime import timedelta

import httpx
import pytest

from tests.cli.commands.pages import ACME, FINE, HEALTHY, TROUBLED, both, serving
from tests.running import run_command
from tests.support import NOW

WIDE = {"COLUMNS": "80"}


def test_each_incident_is_told_in_full() -> None:
    finished = run_command(
        "incidents", FINE, ACME, "-f", "table", "--utc", env=WIDE, transport=both()
    )
    assert finished.code == 0
    assert finished.out == (
        "2 incidents at 1 of 2 vendors\n"
        "\n"
        "◆ Acme Cloud: Queue stalled\n"
        "  identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Queue\n"
        "  A broker is full.\n"
        "  We are draining it.\n"
        "  https://stspg.io/q1\n"
        "\n"
        "✓ Acme Cloud: Login errors\n"
        "  postmortem · impact none · 1 Jan 23:00 UTC, lasted 1 h · Dashboard\n"
        "  What happened:\n"
        "\n"
        "  A lock.\n"
        "  https://stspg.io/l1\n"
        "\n"
        "no matching incidents  Fine Inc\n"
    )


def test_updates_tells_the_whole_timeline() -> None:
    finished = run_command(
        "incidents", ACME, "--updates", "--open", "-f", "table", "--utc", env=WIDE, transport=both()
    )
    assert finished.out.splitlines()[4:] == [
        "◆ Queue stalled",
        "  identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Queue",
        "  identified · 15 Jan 11:31 UTC",
        "    A broker is full.",
        "    We are draining it.",
        "  investigating · 15 Jan 11:12 UTC",
        "    We are looking into it.",
        "  https://stspg.io/q1",
    ]


def test_plain_is_one_record_an_incident() -> None:
    finished = run_command("incidents", ACME, transport=both())
    assert finished.out == (
        "status.acme.example\t2026-01-15T11:05:00Z\tidentified\tmajor\t\tQueue stalled"
        "\thttps://stspg.io/q1\n"
        "status.acme.example\t2026-01-01T23:00:00Z\tpostmortem\tnone\t3600\tLogin errors"
        "\thttps://stspg.io/l1\n"
    )


def test_impact_is_the_least_that_is_told() -> None:
    finished = run_command("incidents", ACME, "--impact", "minor", transport=both())
    assert [row.split("\t")[5] for row in finished.out.splitlines()] == ["Queue stalled"]


def test_open_leaves_out_what_is_over() -> None:
    finished = run_command("incidents", ACME, "--open", transport=both())
    assert [row.split("\t")[5] for row in finished.out.splitlines()] == ["Queue stalled"]


def test_a_page_that_cannot_be_read_says_why_and_exits_3() -> None:
    finished = run_command("incidents", FINE, "-f", "table", env=WIDE, transport=serving({}))
    assert (finished.code, finished.err) == (3, "")
    assert finished.out == (
        "status.fine.example                                          status.fine.example\n"
        "? unknown: HTTP 404: no status page at this address\n"
    )


def test_what_a_page_said_before_it_failed_is_called_old() -> None:
    run_command("incidents", ACME, transport=both(), now=NOW - timedelta(minutes=12))
    argv = ("incidents", ACME, "--open", "--utc")
    table = run_command(*argv, "-f", "table", env=WIDE, transport=serving({}))
    assert table.out.splitlines()[:2] == [
        "Acme Cloud                                status.acme.example  stale, 12 min old",
        "? unknown: HTTP 404: no status page at this address",
    ]
    assert "◆ Queue stalled" in table.out.splitlines()


@pytest.mark.parametrize(("format", "head"), [("plain", 0), ("csv", 1)])
def test_records_hold_nothing_that_a_page_said_before_it_failed(format: str, head: int) -> None:
    run_command("incidents", ACME, transport=both(), now=NOW - timedelta(minutes=12))
    argv = ("incidents", FINE, ACME, "-f", format)
    finished = run_command(*argv, transport=serving({}))
    assert (finished.code, finished.out.splitlines()[head:]) == (3, [])
    gone = "unknown: HTTP 404: no status page at this address"
    assert finished.err == (
        f"status.fine.example: {gone}, {FINE}\n"
        f"status.acme.example: {gone}; the stored reading 12 min ago is not shown, {ACME}\n"
    )
    quiet = run_command(*argv, "-q", transport=serving({}))
    assert (quiet.code, quiet.out, quiet.err) == (3, "", "")


LOST = "incidents not read: HTTP 404: no status page at this address"
"""What is said of a page whose list of incidents does not answer."""


def without_history() -> httpx.MockTransport:
    return serving(
        {f"{FINE}/api/v2/summary.json": HEALTHY, f"{ACME}/api/v2/summary.json": TROUBLED}
    )


def test_no_incident_is_claimed_where_the_history_could_not_be_read() -> None:
    finished = run_command(
        "incidents", FINE, ACME, "-f", "table", "--utc", env=WIDE, transport=without_history()
    )
    assert (finished.code, finished.err) == (0, "")
    assert finished.out == (
        "1 incident at 1 of 2 vendors\n"
        "\n"
        "◆ Acme Cloud: Queue stalled\n"
        "  identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Queue\n"
        "  A broker is full.\n"
        "  We are draining it.\n"
        "  https://stspg.io/q1\n"
        "\n"
        "Fine Inc: past incidents are unknown; incidents not read: HTTP 404: no status\n"
        "page at this address\n"
        "\n"
        "Acme Cloud: past incidents are unknown; incidents not read: HTTP 404: no status\n"
        "page at this address\n"
    )


@pytest.mark.parametrize("format", ["plain", "csv"])
def test_records_without_a_history_are_no_silence(format: str) -> None:
    argv = ("incidents", FINE, ACME, "-f", format)
    assert run_command(*argv, transport=without_history()).err == (
        f"status.fine.example: past incidents are unknown: {LOST}, {FINE}\n"
        f"status.acme.example: past incidents are unknown: {LOST}, {ACME}\n"
    )
    assert run_command(*argv, "--open", transport=without_history()).err == ""
    assert run_command(*argv, "-q", transport=without_history()).err == ""
    assert run_command(*argv, transport=both()).err == ""


@pytest.mark.parametrize("command", ["status", "incidents"])
def test_markdown_says_what_could_not_be_read(command: str) -> None:
    finished = run_command(command, FINE, "-f", "markdown", transport=without_history())
    unknown = {"status": [], "incidents": ["- note: past incidents are unknown"]}
    assert finished.out.splitlines()[-1 - len(unknown[command]) :] == [
        f"- note: {LOST}",
        *unknown[command],
    ]


def test_html_has_a_section_for_a_page_that_is_well_but_for_its_history() -> None:
    argv = ("incidents", FINE, ACME, "--by-vendor", "-f", "html")
    finished = run_command(*argv, transport=without_history())
    assert f'<ul class="dim"><li>{LOST}</li></ul>' in finished.out
    assert '<h2 id="vendor-2">Fine Inc</h2>' in finished.out


@pytest.mark.parametrize("narrowed", [("--impact", "critical"), ("--impact", "critical", "--open")])
def test_what_was_not_asked_for_is_not_denied(narrowed: tuple[str, ...]) -> None:
    argv = ("incidents", ACME, *narrowed, "-f", "table")
    finished = run_command(*argv, env=WIDE, transport=both())
    assert finished.out.splitlines()[-1] == "  no matching incidents"
