"""Prometheus: parsed by its own parser; series are unique and have no text of incidents."""

from collections import Counter
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from outlogger_cli.domain.report import Report
from outlogger_cli.render import prometheus
from tests.reports import (
    HOSTILE,
    PAST,
    VIEW,
    acme,
    broken,
    component,
    group,
    healthy,
    hostile,
    judged,
    narrowed,
    page,
    report,
    skipped,
    stale,
    unreadable,
    watching,
)
from tests.support import NOW

Series = dict[tuple[str, ...], float]


def samples(run: Report) -> list[Sample]:
    families = text_string_to_metric_families(prometheus.render(run, VIEW))
    return [sample for family in families for sample in family.samples]


def series(run: Report, name: str) -> Series:
    """The values of a metric, by the values of its labels in their order."""
    return {
        tuple(sample.labels.values()): sample.value
        for sample in samples(run)
        if sample.name == f"outlogger_{name}"
    }


def holding(run: Report, name: str) -> list[tuple[str, ...]]:
    return [labels for labels, value in series(run, name).items() if value]


def test_the_whole_text_of_a_run() -> None:
    run = report(acme(component("API", id="c1")))
    assert prometheus.render(run, VIEW) == (
        "# HELP outlogger_up Whether the vendor's page could be read.\n"
        "# TYPE outlogger_up gauge\n"
        'outlogger_up{vendor="acme"} 1\n'
        "# HELP outlogger_verdict What the run comes to: 1 at the word that holds.\n"
        "# TYPE outlogger_verdict gauge\n"
        'outlogger_verdict{verdict="ok"} 1\n'
        'outlogger_verdict{verdict="problem"} 0\n'
        'outlogger_verdict{verdict="unknown"} 0\n'
        "# HELP outlogger_vendor_verdict What a vendor comes to under its threshold.\n"
        "# TYPE outlogger_vendor_verdict gauge\n"
        'outlogger_vendor_verdict{vendor="acme",verdict="ok"} 1\n'
        'outlogger_vendor_verdict{vendor="acme",verdict="problem"} 0\n'
        'outlogger_vendor_verdict{vendor="acme",verdict="unknown"} 0\n'
        "# HELP outlogger_vendor_severity How bad it is at a vendor.\n"
        "# TYPE outlogger_vendor_severity gauge\n"
        'outlogger_vendor_severity{vendor="acme",severity="none"} 1\n'
        'outlogger_vendor_severity{vendor="acme",severity="maintenance"} 0\n'
        'outlogger_vendor_severity{vendor="acme",severity="minor"} 0\n'
        'outlogger_vendor_severity{vendor="acme",severity="major"} 0\n'
        'outlogger_vendor_severity{vendor="acme",severity="critical"} 0\n'
        'outlogger_vendor_severity{vendor="acme",severity="unknown"} 0\n'
        "# HELP outlogger_vendor_open_incidents Incidents a vendor has open.\n"
        "# TYPE outlogger_vendor_open_incidents gauge\n"
        'outlogger_vendor_open_incidents{vendor="acme"} 0\n'
        "# HELP outlogger_vendor_reading_age_seconds Age of what is known of a vendor.\n"
        "# TYPE outlogger_vendor_reading_age_seconds gauge\n"
        'outlogger_vendor_reading_age_seconds{vendor="acme"} 0\n'
        "# HELP outlogger_component_status State of a selected component.\n"
        "# TYPE outlogger_component_status gauge\n"
        + "".join(
            'outlogger_component_status{vendor="acme",id="c1",component="API",group="",'
            f'status="{word}"}} {int(word == "operational")}\n'
            for word in (
                "operational",
                "degraded_performance",
                "partial_outage",
                "major_outage",
                "under_maintenance",
                "unknown",
            )
        )
        + "# HELP outlogger_drill Whether nothing here is real, but an exercise.\n"
        "# TYPE outlogger_drill gauge\n"
        "outlogger_drill 0\n"
        "# HELP outlogger_last_run_timestamp_seconds When this was written, as Unix time.\n"
        "# TYPE outlogger_last_run_timestamp_seconds gauge\n"
        "outlogger_last_run_timestamp_seconds 1768478400\n"
    )


def test_each_vendor_and_component_has_one_state() -> None:
    run = report(healthy("fine"), broken("github"), stale("gone"))
    assert holding(run, "verdict") == [("problem",)]
    assert holding(run, "vendor_verdict") == [
        ("fine", "ok"),
        ("github", "problem"),
        ("gone", "unknown"),
    ]
    assert holding(run, "vendor_severity") == [
        ("fine", "none"),
        ("github", "major"),
        ("gone", "unknown"),
    ]
    assert holding(run, "component_status") == [
        ("fine", "API", "API", "", "operational"),
        ("fine", "Dashboard", "Dashboard", "", "operational"),
        ("github", "Queue", "Queue", "Europe", "operational"),
        ("github", "Build", "Build", "Europe", "partial_outage"),
        ("github", "API", "API", "", "degraded_performance"),
        ("github", "Dashboard", "Dashboard", "", "operational"),
        ("gone", "API", "API", "", "unknown"),
        ("gone", "Dashboard", "Dashboard", "", "unknown"),
    ]


def test_a_page_that_could_not_be_read_is_down_and_has_no_incidents() -> None:
    run = report(watching("calm"), stale("stale"), unreadable(slug="gone"))
    assert series(run, "up") == {("calm",): 1, ("stale",): 0, ("gone",): 0}
    assert series(run, "vendor_open_incidents") == {("calm",): 1}
    assert series(run, "vendor_reading_age_seconds") == {("calm",): 0, ("stale",): 720}


def test_a_reading_from_a_clock_that_is_ahead_has_no_age() -> None:
    early = acme(checked_at=NOW + timedelta(seconds=5))
    assert series(report(early), "vendor_reading_age_seconds") == {("acme",): 0}


def test_only_selected_components_are_series() -> None:
    assert holding(report(narrowed()), "component_status") == [
        ("acme", "Dashboard", "Dashboard", "", "operational")
    ]


def test_a_drill_is_marked() -> None:
    assert series(report(healthy(), drill="a bad day"), "drill") == {(): 1}


def test_a_skipped_run_is_unknown_and_has_no_vendor() -> None:
    assert holding(skipped(), "verdict") == [("unknown",)]
    assert series(skipped(), "up") == {}


def test_series_are_unique_even_if_names_and_ids_repeat() -> None:
    twice = page(
        component("API", id=""),
        component("API", id=""),
        *group("Europe", component("API", id="a"), component("API", id="b")),
    )
    run = report(judged(twice), healthy(), hostile(), hostile())
    keys = Counter((s.name, tuple(sorted(s.labels.items()))) for s in samples(run))
    assert keys.most_common(1)[0][1] == 1
    assert [labels[:2] for labels in holding(run, "component_status")[:4]] == [
        ("acme", ""),
        ("acme", "#2"),
        ("acme", "a"),
        ("acme", "b"),
    ]
    assert [labels[0] for labels in holding(run, "vendor_verdict")] == [
        "acme",
        "acme#2",
        "hostile",
        "hostile#2",
    ]


def test_what_a_vendor_writes_stays_in_its_label() -> None:
    run = report(hostile())
    names = [labels[2] for labels in holding(run, "component_status")]
    assert names[: len(HOSTILE)] == [" ".join(text.split()) for text in HOSTILE]
    assert set(series(run, "up")) == {("hostile",)}


def test_a_backslash_a_quote_and_a_break_come_back_as_they_were() -> None:
    slug = 'a\\n"b\nc\\'
    assert series(report(healthy(slug)), "up") == {(slug,): 1}


def test_no_text_of_an_incident_is_in_it_and_no_sample_has_a_time() -> None:
    run = report(broken(history=PAST), command="status")
    text = prometheus.render(run, VIEW)
    assert "stuck" not in text
    assert "disk" not in text
    assert "http" not in text
    assert {sample.timestamp for sample in samples(run)} == {None}
