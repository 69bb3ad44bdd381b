"""Plain: one record a line, each command's own columns, nothing cut."""

from outlogger_cli import render
from outlogger_cli.domain.report import Report
from tests.reports import (
    HOSTILE,
    PAST,
    VIEW,
    acme,
    broken,
    healthy,
    hostile,
    incident,
    judged,
    narrowed,
    page,
    report,
    skipped,
    stale,
    strange,
    unreadable,
)


def records(run: Report) -> list[list[str]]:
    text = render.render(run, "plain", VIEW)
    assert text == "" or text.endswith("\n")
    return [line.split("\t") for line in text.split("\n")[:-1]]


def test_check_is_one_record_a_vendor() -> None:
    assert records(report(healthy("fine"), broken("github"), stale("gone"))) == [
        ["fine", "none", "ok", "", "0", "https://status.fine.example"],
        ["github", "major", "problem", "Europe/Build; API", "1", "https://status.github.example"],
        ["gone", "unknown", "unknown", "", "0", "https://status.gone.example"],
    ]


def test_check_tells_nothing_of_what_a_page_said_before_it_failed() -> None:
    assert records(report(unreadable(slug="gone", last=broken()))) == [
        ["gone", "unknown", "unknown", "", "0", "https://status.gone.example"]
    ]


def test_wait_has_the_record_of_check() -> None:
    run = [healthy(), broken("github")]
    assert records(report(*run, command="wait")) == records(report(*run))


def test_status_is_one_record_a_component_in_the_order_of_the_page() -> None:
    assert records(report(broken(), command="status")) == [
        ["acme", "Europe", "Queue", "operational", "none"],
        ["acme", "Europe", "Build", "partial_outage", "major"],
        ["acme", "", "API", "degraded_performance", "minor"],
        ["acme", "", "Dashboard", "operational", "none"],
    ]


def test_status_lists_only_the_selected_components() -> None:
    assert records(report(narrowed(), command="status")) == [
        ["acme", "", "Dashboard", "operational", "none"]
    ]


def test_a_word_nobody_knows_is_unknown() -> None:
    assert records(report(strange(), command="status"))[1] == [
        "acme",
        "",
        "Search",
        "unknown",
        "unknown",
    ]


def test_a_page_that_was_not_read_is_one_unknown_record_whatever_it_said_before() -> None:
    run = report(unreadable(slug="gone"), stale("stale"), command="status")
    assert records(run) == [
        ["gone", "", "", "unknown", "unknown"],
        ["stale", "", "", "unknown", "unknown"],
    ]


def test_a_page_without_components_is_one_record_with_its_severity() -> None:
    run = report(judged(page(incidents=[incident("Down", impact="critical")])), command="status")
    assert records(run) == [["acme", "", "", "", "critical"]]


def test_incidents_are_records_with_their_duration_where_they_are_over() -> None:
    assert records(report(broken(history=PAST), command="incidents")) == [
        [
            "acme",
            "2026-01-15T11:05:00Z",
            "identified",
            "major",
            "",
            "Builds are stuck",
            "https://stspg.io/i1",
        ],
        [
            "acme",
            "2026-01-03T08:00:00Z",
            "resolved",
            "minor",
            "5400",
            "API errors",
            "https://stspg.io/i0",
        ],
    ]


def test_an_incident_without_a_start_has_an_empty_field() -> None:
    timeless = {**incident("Old"), "created_at": None}
    run = report(acme(incidents=[timeless]), command="incidents")
    assert records(run)[0][:3] == ["acme", "", "investigating"]


def test_no_text_of_a_vendor_makes_a_field_or_a_record() -> None:
    rows = records(report(hostile(), command="status"))
    assert {len(row) for row in rows} == {5}
    assert [row[2] for row in rows[: len(HOSTILE)]] == [" ".join(text.split()) for text in HOSTILE]


def test_a_tab_or_a_break_in_a_name_of_the_watchlist_is_a_space() -> None:
    run = report(acme(slug="a\tb\nc\rd"))
    assert records(run)[0][0] == "a b c d"


def test_nothing_read_is_nothing_written() -> None:
    assert records(skipped()) == []
