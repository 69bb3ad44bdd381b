"""Prometheus: parsed by its own parser; series are unique and have no text of incidents."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from textwrap import dedent
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
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
    """The values of a metric, by the values of its labels but `list`, in their order."""
    return {
        tuple(value for label, value in sample.labels.items() if label != "list"): sample.value
        for sample in samples(run)
        if sample.name == f"outlogger_{name}"
    }


def holding(run: Report, name: str) -> list[tuple[str, ...]]:
    return [labels for labels, value in series(run, name).items() if value]


def test_the_whole_text_of_a_run() -> None:
    run = report(judged(page(component("API", id="c1")), slug="acme", name="Acme"))
    found = re.sub('version="[^"]+"', 'version="V"', prometheus.render(run, VIEW))
    expected = """
        # HELP outlogger_build_info The version of outlogger.
        # TYPE outlogger_build_info gauge
        outlogger_build_info{LIST,version="V"} 1
        # HELP outlogger_up Whether the vendor's page could be read.
        # TYPE outlogger_up gauge
        outlogger_up{LIST,vendor="acme"} 1
        # HELP outlogger_verdict The verdict over all vendors: 1 for the one that applies.
        # TYPE outlogger_verdict gauge
        outlogger_verdict{LIST,verdict="ok"} 1
        outlogger_verdict{LIST,verdict="problem"} 0
        outlogger_verdict{LIST,verdict="unknown"} 0
        # HELP outlogger_vendor_info Name, page, platform and tags of a vendor.
        # TYPE outlogger_vendor_info gauge
        outlogger_vendor_info{LIST,vendor="acme",INFO} 1
        # HELP outlogger_vendor_verdict The verdict on a vendor by its threshold.
        # TYPE outlogger_vendor_verdict gauge
        outlogger_vendor_verdict{LIST,vendor="acme",verdict="ok"} 1
        outlogger_vendor_verdict{LIST,vendor="acme",verdict="problem"} 0
        outlogger_vendor_verdict{LIST,vendor="acme",verdict="unknown"} 0
        # HELP outlogger_vendor_severity The severity of a vendor.
        # TYPE outlogger_vendor_severity gauge
        outlogger_vendor_severity{LIST,vendor="acme",severity="none"} 1
        outlogger_vendor_severity{LIST,vendor="acme",severity="maintenance"} 0
        outlogger_vendor_severity{LIST,vendor="acme",severity="minor"} 0
        outlogger_vendor_severity{LIST,vendor="acme",severity="major"} 0
        outlogger_vendor_severity{LIST,vendor="acme",severity="critical"} 0
        outlogger_vendor_severity{LIST,vendor="acme",severity="unknown"} 0
        # HELP outlogger_vendor_open_incidents Number of a vendor's open incidents.
        # TYPE outlogger_vendor_open_incidents gauge
        outlogger_vendor_open_incidents{LIST,vendor="acme"} 0
        # HELP outlogger_vendor_reading_age_seconds Age of the last reading.
        # TYPE outlogger_vendor_reading_age_seconds gauge
        outlogger_vendor_reading_age_seconds{LIST,vendor="acme"} 0
        # HELP outlogger_vendor_reading_duration_seconds How long the reading took, or the attempt.
        # TYPE outlogger_vendor_reading_duration_seconds gauge
        # HELP outlogger_component_status Status of a selected component.
        # TYPE outlogger_component_status gauge
        outlogger_component_status{LIST,API,status="operational"} 1
        outlogger_component_status{LIST,API,status="degraded_performance"} 0
        outlogger_component_status{LIST,API,status="partial_outage"} 0
        outlogger_component_status{LIST,API,status="major_outage"} 0
        outlogger_component_status{LIST,API,status="under_maintenance"} 0
        outlogger_component_status{LIST,API,status="unknown"} 0
        # HELP outlogger_drill Whether the data is simulated.
        # TYPE outlogger_drill gauge
        outlogger_drill{LIST} 0
        # HELP outlogger_last_run_timestamp_seconds When this was written, as Unix time.
        # TYPE outlogger_last_run_timestamp_seconds gauge
        outlogger_last_run_timestamp_seconds{LIST} 1768478400
    """
    for short, whole in {
        "LIST": 'list="command-line"',
        "{API": "{",
        ",API,": ',vendor="acme",id="c1",component="API",group="",',
        "INFO": 'name="Acme",url="https://status.acme.example",platform="statuspage",tags=""',
    }.items():
        expected = expected.replace(short, whole)
    assert found == dedent(expected).removeprefix("\n")


def test_every_series_has_the_labels_that_were_given() -> None:
    view = replace(VIEW, labels=(("list", "prod"), ("team", 'a"b')))
    text = prometheus.render(report(broken(), stale("gone")), view)
    found = [s for family in text_string_to_metric_families(text) for s in family.samples]
    assert {(s.labels["list"], s.labels["team"]) for s in found} == {("prod", 'a"b')}


@pytest.mark.parametrize(
    ("pairs", "labels"),
    [
        ([], ()),
        (["list=prod"], (("list", "prod"),)),
        (["team=web", "_x9 = a=b \x1b[1mc\n"], (("team", "web"), ("_x9", "a=b c"))),
    ],
)
def test_labels_are_names_with_values(pairs: list[str], labels: tuple[object, ...]) -> None:
    assert prometheus.labels(pairs) == labels


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        (["team"], "'team' is not NAME=VALUE"),
        (["team="], "'team=' is not NAME=VALUE"),
        (["9a=b"], "'9a=b' is not NAME=VALUE"),
        (["a-b=c"], "'a-b=c' is not NAME=VALUE"),
        (["té=c"], "'té=c' is not NAME=VALUE"),
        (["__name__=c"], "the label __name__ is reserved"),
        (["vendor=c", "tags=x"], "the label vendor is reserved; the label tags is reserved"),
        (["a=1", "a=2"], "the label a is given twice"),
    ],
)
def test_labels_that_prometheus_or_the_metrics_refuse_are_errors(
    pairs: list[str], why: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as caught:
        prometheus.labels(pairs)
    assert str(caught.value) == why


def test_no_metric_has_a_label_that_can_be_given() -> None:
    names = {name for sample in samples(report(broken(), stale())) for name in sample.labels}
    assert names - {"list"} == prometheus.OWN_LABELS


def test_a_vendor_has_its_facts_even_if_its_page_could_not_be_read() -> None:
    def of(judged: Judged, **facts: Any) -> Judged:
        vendor = replace(judged.vendor, **facts)
        return replace(judged, outcome=replace(judged.outcome, vendor=vendor))

    never = of(unreadable(slug="never"), platform=None)
    run = report(of(stale("gone"), tags=("ci", "prod")), never)
    assert series(run, "vendor_info") == {
        ("gone", "Acme", "https://status.gone.example", "statuspage", "ci,prod"): 1,
        ("never", "never", "https://status.never.example", "", ""): 1,
    }


def test_how_long_a_reading_took_is_known_of_pages_that_were_asked() -> None:
    slow, failed = healthy("slow"), unreadable(slug="gone")
    run = report(
        replace(slow, outcome=replace(slow.outcome, seconds=1.23456)),
        replace(failed, outcome=replace(failed.outcome, seconds=10.0)),
        healthy("stored"),
    )
    assert series(run, "vendor_reading_duration_seconds") == {("slow",): 1.235, ("gone",): 10}


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
    assert "stspg.io" not in text
    assert {sample.timestamp for sample in samples(run)} == {None}
