"""`outlogger incidents`: the strip, and each incident in full."""

from tests.commands.pages import ACME, FINE, both, serving
from tests.running import run_command

WIDE = {"COLUMNS": "80"}


def test_each_incident_is_told_in_full() -> None:
    finished = run_command(
        "incidents", FINE, ACME, "-f", "table", "--utc", env=WIDE, transport=both()
    )
    assert finished.code == 0
    assert finished.out == (
        "Fine Inc                                                     status.fine.example\n"
        "  ······························  17 Dec - 15 Jan\n"
        "  no incidents\n"
        "\n"
        "Acme Cloud                                                   status.acme.example\n"
        "  ···············▪·············▅  17 Dec - 15 Jan\n"
        "  ▪ impact none  ▅ major\n"
        "\n"
        "  ✗ Queue stalled\n"
        "    identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Queue\n"
        "    A broker is full.\n"
        "    We are draining it.\n"
        "    https://stspg.io/q1\n"
        "\n"
        "  ✓ Login errors\n"
        "    postmortem · impact none · 1 Jan 23:00 UTC, lasted 1 h · Dashboard\n"
        "    What happened:\n"
        "\n"
        "    A lock.\n"
        "    https://stspg.io/l1\n"
    )


def test_updates_tells_the_whole_timeline() -> None:
    finished = run_command(
        "incidents", ACME, "--updates", "--open", "-f", "table", "--utc", env=WIDE, transport=both()
    )
    assert finished.out.splitlines()[4:] == [
        "  ✗ Queue stalled",
        "    identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Queue",
        "    identified · 15 Jan 11:31 UTC",
        "    A broker is full.",
        "    We are draining it.",
        "    investigating · 15 Jan 11:12 UTC",
        "    We are looking into it.",
        "    https://stspg.io/q1",
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
    assert finished.code == 3
    assert finished.out == (
        "status.fine.example                                          status.fine.example\n"
        "? HTTP 404 Not Found: there is no status page at this address\n"
    )
