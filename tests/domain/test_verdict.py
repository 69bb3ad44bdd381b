"""The severity and verdict of a vendor, for each situation on a page."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.domain.history import Window
from outlogger_cli.domain.model import (
    ComponentStatus,
    CountIncidents,
    Downtime,
    Failed,
    FailOn,
    FailureKind,
    Impact,
    Link,
    Policy,
    Read,
    Selection,
    Severity,
    Source,
    Vendor,
    Verdict,
)
from outlogger_cli.domain.verdict import Finding, Judged, is_unscoped, judge, overall
from outlogger_cli.platforms import statuspage
from tests.reports import component, group, incident, page, update, window
from tests.support import NOW, document

Row = dict[str, Any]

OK, PROBLEM, UNKNOWN = Verdict.OK, Verdict.PROBLEM, Verdict.UNKNOWN
RISING = ["none", "maintenance", "minor", "major", "critical"]
STATUSES = {
    "operational": "none",
    "under_maintenance": "maintenance",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}

MONTH = Window(days=30, now=NOW)


def read(
    summary: Row,
    *,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    fail_on: str = "minor",
    count: str = "auto",
    history: object = None,
) -> Read:
    """Read a page with this `summary`; `history` is the body of its list of incidents."""
    documents = {"summary": document("summary", summary)}
    if history is not None:
        documents["incidents"] = document("incidents", history)
    return Read(
        vendor=Vendor(
            slug="acme",
            url="https://status.acme.example",
            selection=Selection(include=tuple(include), exclude=tuple(exclude)),
            policy=Policy(fail_on=FailOn(fail_on), count_incidents=CountIncidents(count)),
        ),
        platform="statuspage",
        snapshot=statuspage.parse(documents),
        source=Source.LIVE,
        checked_at=NOW,
    )


def judged(summary: Row, *, window: Window | None = None, **options: Any) -> Judged:
    return judge(read(summary, **options), window=window)


def failed(last: Read | None = None) -> Failed:
    return Failed(
        vendor=Vendor(slug="acme", url="https://status.acme.example"),
        kind=FailureKind.TIMEOUT,
        message="no answer in 10 s",
        checked_at=NOW,
        last=last,
    )


def without_indicator(*rows: Row, **changes: Any) -> Row:
    """A page without an indicator."""
    return {**page(*rows, **changes), "status": None}


def names(events: Iterable[Any]) -> list[str]:
    return [event.name for event in events]


API, BUILD = component("API"), component("Build")
BUILD_DOWN = component("Build", "major_outage")
STRANGE = component("Search", "on_fire")
DOWN_UNPOSTED = page(API, BUILD_DOWN, indicator="none")
ALL_BUT_ONE = page(
    API,
    component("Build", "partial_outage"),
    component("Search", "degraded_performance"),
    component("Queue", "under_maintenance"),
    indicator="major",
)


def with_incident(status: str = "investigating", impact: str = "major", **fields: Any) -> Row:
    """A healthy page with an open incident."""
    return page(API, BUILD, incidents=[incident("Slow", status, impact, **fields)])


@pytest.mark.parametrize(
    ("summary", "options", "severity", "verdict", "reasons"),
    [
        # 1. Without a selection: the worst of the indicator and the components.
        pytest.param(page(API, BUILD), {}, "none", OK, [], id="everything is operational"),
        pytest.param(
            DOWN_UNPOSTED, {}, "critical", PROBLEM, ["Build major outage"],
            id="a component out, no incident and a green indicator",
        ),
        pytest.param(
            page(API, indicator="minor", description="Minor Service Outage"), {},
            "minor", PROBLEM, ["the page says minor: Minor Service Outage"],
            id="an indicator worse than the components",
        ),
        pytest.param(
            page(component("API", "partial_outage"), indicator="critical", description=""), {},
            "critical", PROBLEM, ["the page says critical", "API partial outage"],
            id="the worst is the first reason",
        ),
        pytest.param(
            page(*group("Europe", component("Queue", "degraded_performance")), API), {},
            "minor", PROBLEM, ["Europe/Queue degraded performance"],
            id="a child of a group",
        ),
        pytest.param(
            page({**group("Europe", API)[0], "status": "major_outage"}, group("Europe", API)[1]),
            {}, "none", OK, [],
            id="a group row is not a component",
        ),
        # 2. With a selection: the selected components alone.
        pytest.param(
            DOWN_UNPOSTED, {"include": ["API"]}, "none", OK,
            ["1 other component has problems, outside the selection"],
            id="the selected component is operational, another is out",
        ),
        pytest.param(
            DOWN_UNPOSTED, {"include": ["Build"]}, "critical", PROBLEM, ["Build major outage"],
            id="the selected component is out, the other is operational",
        ),
        pytest.param(
            page(API, indicator="critical"), {"include": ["API"]}, "none", OK, [],
            id="the indicator does not count with a selection",
        ),
        pytest.param(
            ALL_BUT_ONE, {"exclude": ["Build", "Search", "Queue"]}, "none", OK,
            ["3 other components have problems, outside the selection"],
            id="an excluded component is only counted",
        ),
        pytest.param(
            ALL_BUT_ONE, {"include": ["API"], "exclude": ["Queue"]}, "none", OK,
            ["3 other components have problems, outside the selection"],
            id="a component that is not included is only counted",
        ),
        pytest.param(
            ALL_BUT_ONE, {"exclude": ["Build", "Search"]}, "maintenance", OK,
            [
                "Queue under maintenance",
                "2 other components have problems, outside the selection",
            ],
            id="a component that is not excluded counts",
        ),
        pytest.param(
            without_indicator(API), {"include": ["API"]}, "none", OK, [],
            id="a missing indicator does not matter with a selection",
        ),
        pytest.param(
            page(component("AI Platform"), component("AI Platform China", "major_outage")),
            {"include": ["AI Platform"]}, "none", OK,
            ["1 other component has problems, outside the selection"],
            id="a pattern does not match a part of a name",
        ),
        # 3. Open incidents, by policy.
        pytest.param(
            with_incident("investigating", "major"), {}, "major", PROBLEM,
            ['incident "Slow" investigating, impact major'],
            id="investigating counts while its component is still operational",
        ),
        pytest.param(
            with_incident("identified", "critical"), {}, "critical", PROBLEM,
            ['incident "Slow" identified, impact critical'],
            id="identified counts",
        ),
        pytest.param(
            with_incident("monitoring", "critical"), {}, "none", OK,
            ['incident "Slow" monitoring, impact critical: listed only, a fix is being monitored'],
            id="monitoring is listed only",
        ),
        pytest.param(
            with_incident("investigating", "none"), {}, "none", OK,
            ['incident "Slow" investigating, impact none'],
            id="an incident without impact is listed only",
        ),
        pytest.param(
            with_incident("investigating", "maintenance"), {}, "maintenance", OK,
            ['incident "Slow" investigating, impact maintenance'],
            id="an incident of impact maintenance",
        ),
        pytest.param(
            with_incident(links=["API", "Build"]), {"include": ["API"]}, "none", OK,
            [
                'incident "Slow" investigating, impact major: listed only, only the'
                " selected components count"
            ],
            id="linked to all components, but the selected one is operational",
        ),
        pytest.param(
            page(incidents=[incident("Slow", "monitoring", "minor")]), {}, "minor", PROBLEM,
            ['incident "Slow" monitoring, impact minor', "the page has no components"],
            id="without components every open incident counts",
        ),
        pytest.param(
            with_incident("monitoring", "critical"), {"count": "all"}, "critical", PROBLEM,
            ['incident "Slow" monitoring, impact critical'],
            id="all counts an incident in monitoring",
        ),
        pytest.param(
            with_incident(links=["API"]), {"count": "all", "include": ["API"]}, "major", PROBLEM,
            ['incident "Slow" investigating, impact major'],
            id="all counts with a selection",
        ),
        pytest.param(
            with_incident(), {"count": "all", "include": ["API"]}, "major", PROBLEM,
            ['incident "Slow" investigating, impact major'],
            id="all counts an incident without links",
        ),
        pytest.param(
            with_incident(links=["Build"]), {"count": "all", "include": ["API"]}, "none", OK, [],
            id="all does not count an incident of other components",
        ),
        pytest.param(
            with_incident(), {"count": "none"}, "none", OK,
            ['incident "Slow" investigating, impact major: listed only, incidents are not counted'],
            id="none counts no incident",
        ),
        pytest.param(
            with_incident(links=["API"]), {"count": "none", "include": ["API"]}, "none", OK,
            ['incident "Slow" investigating, impact major: listed only, incidents are not counted'],
            id="none counts no incident of the selection either",
        ),
        pytest.param(
            page(incidents=[incident("Slow")]), {"count": "none"}, "none", OK,
            [
                'incident "Slow" investigating, impact minor: listed only, incidents are not'
                " counted",
                "the page has no components",
            ],
            id="none counts no incident of a page without components",
        ),
        # 5. Maintenance.
        pytest.param(
            page(API, windows=[window("Upgrade", "in_progress")]), {}, "maintenance", OK,
            ['maintenance "Upgrade" in progress'],
            id="maintenance in progress while the indicator is none",
        ),
        pytest.param(
            page(API, windows=[window("Upgrade", "verifying")]), {}, "maintenance", OK,
            ['maintenance "Upgrade" verifying'],
            id="maintenance being verified",
        ),
        pytest.param(
            page(API, windows=[window("Upgrade", "scheduled")]), {"fail_on": "maintenance"},
            "none", OK, [],
            id="planned maintenance is listed only",
        ),
        pytest.param(
            page(API, windows=[window("Upgrade", "in_progress")]), {"fail_on": "maintenance"},
            "maintenance", PROBLEM, ['maintenance "Upgrade" in progress'],
            id="maintenance is a problem only with that threshold",
        ),
        pytest.param(
            page(component("API", "under_maintenance")), {}, "maintenance", OK,
            ["API under maintenance"],
            id="a component under maintenance",
        ),
        pytest.param(
            page(component("API", "partial_outage"), indicator="maintenance"), {}, "major",
            PROBLEM, ["API partial outage"],
            id="maintenance never hides an outage",
        ),
        pytest.param(
            page(API, BUILD, windows=[window("Upgrade", "in_progress", links=["API"])]),
            {"include": ["API"]}, "maintenance", OK, ['maintenance "Upgrade" in progress'],
            id="maintenance of the selected component",
        ),
        pytest.param(
            page(API, BUILD, windows=[window("Upgrade", "in_progress", links=["Build"])]),
            {"include": ["API"]}, "none", OK, [],
            id="maintenance of other components",
        ),
        pytest.param(
            page(API, BUILD, windows=[window("Upgrade", "in_progress")]),
            {"include": ["API"]}, "none", OK, [],
            id="maintenance of no named component",
        ),
        # 6. Unknown words and missing fields.
        pytest.param(
            page(API, STRANGE), {}, "none", OK,
            ['Search status is unknown: "on_fire"'],
            id="an unknown status is a note, the others decide",
        ),
        pytest.param(
            page(API, component("Search", None)), {}, "none", OK,
            ["Search status is missing"],
            id="a missing status is a note",
        ),
        pytest.param(
            page(API, STRANGE), {"include": ["search"]}, "unknown", UNKNOWN,
            ['Search status is unknown: "on_fire"'],
            id="an unknown status selected by name",
        ),
        pytest.param(
            page(API, *group("Europe", STRANGE)), {"include": ["Europe"]}, "unknown", UNKNOWN,
            ['Europe/Search status is unknown: "on_fire"'],
            id="an unknown status selected by group",
        ),
        pytest.param(
            page(API, STRANGE), {"include": ["S*"]}, "unknown", UNKNOWN,
            ['Search status is unknown: "on_fire"'],
            id="an unknown status selected by a glob",
        ),
        pytest.param(
            page(API, STRANGE), {"exclude": ["API"]}, "unknown", UNKNOWN,
            ['Search status is unknown: "on_fire"'],
            id="an unknown status selected by not being excluded",
        ),
        pytest.param(
            page(API, STRANGE), {"include": ["API"]}, "none", OK,
            ["1 other component has problems, outside the selection"],
            id="an unknown status outside the selection",
        ),
        pytest.param(
            without_indicator(API), {}, "unknown", UNKNOWN, ["the page's indicator is missing"],
            id="no indicator, healthy components",
        ),
        pytest.param(
            page(API, indicator=None), {}, "unknown", UNKNOWN, ["the page's indicator is missing"],
            id="a null indicator, healthy components",
        ),
        pytest.param(
            page(API, indicator="apocalyptic"), {}, "unknown", UNKNOWN,
            ['the page\'s indicator is "apocalyptic"'],
            id="an unknown indicator, healthy components",
        ),
        pytest.param(
            page(component("API", "degraded_performance"), indicator="apocalyptic"), {}, "minor",
            PROBLEM, ["API degraded performance", 'the page\'s indicator is "apocalyptic"'],
            id="an unknown indicator, but a component has a problem",
        ),
        pytest.param(
            without_indicator(component("API", "under_maintenance")), {}, "unknown", UNKNOWN,
            ["the page's indicator is missing", "API under maintenance"],
            id="no indicator, and maintenance is not a problem",
        ),
        pytest.param(
            without_indicator(), {}, "unknown", UNKNOWN,
            ["the page's indicator is missing", "the page has no components"],
            id="a page without indicator and components",
        ),
        pytest.param(
            page(), {}, "none", OK, ["the page has no components"],
            id="a page without components has a note",
        ),
        # 7. Patterns that match nothing.
        pytest.param(
            page(API, component("Dashboard")), {"include": ["Dashbord"]}, "unknown", UNKNOWN,
            ['component "Dashbord" not found; closest: Dashboard'],
            id="a selected component that is missing",
        ),
        pytest.param(
            page(component("Dashboard EU"), component("Dashboard US")),
            {"include": ["Dashboard"]}, "unknown", UNKNOWN,
            ['component "Dashboard" not found; closest: Dashboard US, Dashboard EU'],
            id="several names are close",
        ),
        pytest.param(
            page(API), {"include": ["Webhooks"]}, "unknown", UNKNOWN,
            ['component "Webhooks" not found'],
            id="no name on the page is close",
        ),
        pytest.param(
            page(API), {"include": ["API", "Webhooks"]}, "unknown", UNKNOWN,
            ['component "Webhooks" not found'],
            id="one of two is missing",
        ),
        pytest.param(
            page(API), {"exclude": ["Webhooks"]}, "none", OK,
            ['exclude "Webhooks" matches no component'],
            id="an exclude that matches nothing is a note",
        ),
        pytest.param(
            page(API), {"include": ["API"], "exclude": ["A*"]}, "unknown", UNKNOWN,
            ["the selection matches no components"],
            id="the exclude leaves no component",
        ),
        pytest.param(
            page(), {"exclude": ["Webhooks"]}, "none", OK,
            [
                'exclude "Webhooks" matches no component',
                "the page has no components",
            ],
            id="an exclude on a page without components",
        ),
        pytest.param(
            page(API, STRANGE, indicator="critical"), {"exclude": ["Pay"]}, "critical", PROBLEM,
            [
                "the page says critical: All Systems Operational",
                'Search status is unknown: "on_fire"',
                'exclude "Pay" matches no component',
            ],
            id="an exclude that matches nothing leaves the roll-up in force",
        ),
        pytest.param(
            page(incidents=[incident("Slow", "monitoring", "major")]), {"include": ["API"]},
            "major", PROBLEM,
            [
                'incident "Slow" monitoring, impact major',
                'component "API" not found',
                "the page has no components",
            ],
            id="a selection on a page without components, where every open incident counts",
        ),
        # 8. Unknown words in incidents.
        pytest.param(
            with_incident("paused", "major"), {}, "major", PROBLEM,
            ['incident "Slow" paused, impact major'],
            id="an unknown status counts like investigating",
        ),
        pytest.param(
            page(API, incidents=[{**incident("Slow"), "status": None}]), {}, "minor", PROBLEM,
            ['incident "Slow" has no status, impact minor'],
            id="a missing status is open",
        ),
        pytest.param(
            with_incident("investigating", "apocalyptic"), {}, "minor", PROBLEM,
            ['incident "Slow" investigating, impact minor ("apocalyptic")'],
            id="an unknown impact counts as minor",
        ),
        pytest.param(
            page(API, incidents=[{**incident("Slow"), "impact": None}]), {}, "minor", PROBLEM,
            ['incident "Slow" investigating, impact minor (assumed)'],
            id="a missing impact counts as minor",
        ),
        # 9. A problem outranks an unknown, an unknown outranks ok.
        pytest.param(
            page(BUILD_DOWN, STRANGE), {"include": ["*"]}, "critical", PROBLEM,
            ["Build major outage", 'Search status is unknown: "on_fire"'],
            id="a problem beside an unknown status",
        ),
        pytest.param(
            page(BUILD_DOWN), {"include": ["Build", "Webhooks"]}, "critical", PROBLEM,
            ["Build major outage", 'component "Webhooks" not found'],
            id="a problem beside a missing component",
        ),
        pytest.param(
            without_indicator(API, incidents=[incident("Slow", impact="critical")]), {},
            "critical", PROBLEM,
            [
                'incident "Slow" investigating, impact critical',
                "the page's indicator is missing",
            ],
            id="an incident beside a missing indicator",
        ),
        pytest.param(
            page(component("Build", "degraded_performance"), STRANGE),
            {"include": ["*"], "fail_on": "major"}, "minor", UNKNOWN,
            ['Search status is unknown: "on_fire"', "Build degraded performance"],
            id="below the threshold the unknown decides, and the known severity is shown",
        ),
        pytest.param(
            page(component("Build", "under_maintenance"), STRANGE), {"include": ["*"]},
            "unknown", UNKNOWN,
            ['Search status is unknown: "on_fire"', "Build under maintenance"],
            id="an unknown outranks maintenance",
        ),
    ],
)  # fmt: skip
def test_severity_verdict_and_reasons_of_a_page(
    summary: Row, options: Row, severity: str, verdict: Verdict, reasons: list[str]
) -> None:
    found = judged(summary, **options)
    assert (found.severity, found.verdict, list(found.reasons)) == (severity, verdict, reasons)
    assert found.error is None


@pytest.mark.parametrize("fail_on", ["never", *RISING[1:]])
@pytest.mark.parametrize("status", STATUSES)
def test_a_severity_at_or_above_the_threshold_is_a_problem(status: str, fail_on: str) -> None:
    severity = STATUSES[status]
    reached = {
        "never": [],
        "maintenance": ["maintenance", "minor", "major", "critical"],
        "minor": ["minor", "major", "critical"],
        "major": ["major", "critical"],
        "critical": ["critical"],
    }[fail_on]
    for include in ([], ["API"]):
        found = judged(page(component("API", status)), fail_on=fail_on, include=include)
        verdict = PROBLEM if severity in reached else OK
        assert (found.severity, found.verdict) == (severity, verdict)


@pytest.mark.parametrize("fail_on", ["never", *RISING[1:]])
def test_an_unknown_is_unknown_with_every_threshold(fail_on: str) -> None:
    for found in (
        judged(page(STRANGE), include=["Search"], fail_on=fail_on),
        judged(without_indicator(API), fail_on=fail_on),
    ):
        assert (found.severity, found.verdict) == (Severity.UNKNOWN, UNKNOWN)


@given(
    mine=st.sampled_from([*STATUSES, "on_fire"]),
    others=st.lists(st.sampled_from([*STATUSES, "on_fire"]), max_size=4),
    indicator=st.sampled_from([*RISING, "odd", None]),
)
def test_components_outside_the_selection_never_change_the_verdict(
    mine: str, others: list[str], indicator: str | None
) -> None:
    rest = [component(f"Other {place}", status) for place, status in enumerate(others)]
    alone = judged(page(component("Mine", mine)), include=["Mine"])
    among = judged(page(component("Mine", mine), *rest, indicator=indicator), include=["Mine"])
    assert (among.severity, among.verdict) == (alone.severity, alone.verdict)
    assert among.other_problems == sum(status != "operational" for status in others)


@given(
    statuses=st.lists(st.sampled_from([*STATUSES, "on_fire"]), min_size=1, max_size=5),
    indicator=st.sampled_from([*RISING, "odd", None]),
    fail_on=st.sampled_from(["never", *RISING[1:]]),
)
def test_a_page_is_never_better_than_its_worst_known_signal(
    statuses: list[str], indicator: str | None, fail_on: str
) -> None:
    rows = [component(f"Part {place}", status) for place, status in enumerate(statuses)]
    found = judged(page(*rows, indicator=indicator), fail_on=fail_on)
    known = [STATUSES.get(status, "none") for status in statuses]
    known += [indicator] if indicator in RISING else []
    top = max(RISING.index(severity) for severity in known)
    if fail_on != "never" and top >= RISING.index(fail_on):
        assert (found.severity, found.verdict) == (RISING[top], PROBLEM)
    elif indicator in RISING:
        assert (found.severity, found.verdict) == (RISING[top], OK)
    else:
        assert found.verdict is UNKNOWN
        assert found.severity not in RISING[:2]


def test_problems_are_the_selected_components_that_are_not_operational() -> None:
    found = judged(ALL_BUT_ONE, include=["API", "Build", "Queue"])
    assert names(found.selected) == ["API", "Build", "Queue"]
    assert names(found.problems) == ["Build", "Queue"]
    assert names(found.components) == ["API", "Build", "Search", "Queue"]
    assert found.other_problems == 1


def test_without_a_selection_there_are_no_other_problems() -> None:
    assert judged(ALL_BUT_ONE).other_problems == 0


@pytest.mark.parametrize("status", ["investigating", "identified", "monitoring", "paused"])
@pytest.mark.parametrize("impact", [*RISING, "apocalyptic"])
def test_an_open_incident_is_always_listed(status: str, impact: str) -> None:
    for count in CountIncidents:
        found = judged(with_incident(status, impact), count=count)
        assert names(found.open_incidents) == ["Slow"]
        assert [finding.of_incident for finding in found.findings] == [True]


@pytest.mark.parametrize("status", ["resolved", "postmortem", "completed"])
def test_a_closed_incident_neither_counts_nor_is_open(status: str) -> None:
    found = judged(with_incident(status, "critical"), count="all")
    assert (found.severity, found.incidents, found.reasons) == (Severity.NONE, (), ())


LINKED = incident("Queue stalled", links=["Build"])
UNSCOPED = incident("Something is slow")


def test_an_incident_of_other_components_is_not_listed() -> None:
    summary = page(component("API", "degraded_performance"), BUILD, incidents=[LINKED])
    found = judged(summary, include=["API"])
    assert (found.incidents, list(found.reasons)) == ((), ["API degraded performance"])
    assert names(judged(summary).incidents) == ["Queue stalled"]


def test_an_incident_without_links_is_listed_and_unscoped() -> None:
    (found,) = judged(page(API, incidents=[UNSCOPED]), include=["API"]).incidents
    assert is_unscoped(found)


def test_an_incident_with_links_is_not_unscoped() -> None:
    (found,) = judged(page(API, BUILD, incidents=[LINKED]), include=["Build"]).incidents
    assert not is_unscoped(found)


def test_links_are_read_from_the_updates_if_the_incident_has_none() -> None:
    touched = {**update("Slow."), "affected_components": [{"code": "Build", "name": "Build"}]}
    summary = page(
        API, BUILD, incidents=[{**LINKED, "components": [], "incident_updates": [touched]}]
    )
    assert names(judged(summary, include=["Build"]).incidents) == ["Queue stalled"]
    assert judged(summary, include=["API"]).incidents == ()


def test_links_match_components_by_id_not_by_name() -> None:
    renamed = component("Builders", "partial_outage", id="b1")
    by_id = {**LINKED, "components": [{"id": "b1", "name": "Build"}]}
    summary = page(API, renamed, component("Build", id="b2"), incidents=[by_id])
    assert judged(summary, include=["Build"]).incidents == ()
    found = judged(summary, include=["Builders"])
    assert found.names_of(found.incidents[0].links) == ("Builders",)


def named(*names: str, **fields: Any) -> Row:
    """An incident whose update names components without their ids, as in payloads of 2019."""
    rows = [{"name": name} for name in names]
    return {
        **incident("Old style", "identified", "major"),
        "incident_updates": [{**update("Slow."), "affected_components": rows}],
        **fields,
    }


def test_on_a_page_that_links_by_name_alone_a_unique_name_is_a_link() -> None:
    summary = page(API, *group("Europe", BUILD), incidents=[named("build")])
    assert judged(summary, include=["API"]).incidents == ()
    (found,) = judged(summary, include=["Build"]).incidents
    assert not is_unscoped(found)
    (by_label,) = judged(
        page(API, *group("Europe", BUILD), incidents=[named("Europe/Build")]), include=["Build"]
    ).incidents
    assert not is_unscoped(by_label)


def test_a_name_that_two_components_have_is_no_link() -> None:
    twice = [*group("Europe", component("Build", id="b1")), *group("Asia", component("Build"))]
    (found,) = judged(page(API, *twice, incidents=[named("Build")]), include=["API"]).incidents
    assert is_unscoped(found)


def test_a_name_is_no_link_if_the_page_has_links_with_ids() -> None:
    linked = incident("Other", links=["API"])
    found = judged(page(API, BUILD, incidents=[named("Build"), linked]), include=["API"]).incidents
    assert {one.name: is_unscoped(one) for one in found} == {"Old style": True, "Other": False}


@pytest.mark.parametrize(("count", "verdict"), [("auto", OK), ("all", PROBLEM), ("none", OK)])
def test_an_incident_of_a_component_that_the_page_does_not_list_is_unscoped(
    count: str, verdict: Verdict
) -> None:
    gone = incident("Outage", "investigating", "critical", links=["Removed"])
    found = judged(page(API, incidents=[gone]), include=["API"], count=count)
    assert (names(found.incidents), found.verdict) == (["Outage"], verdict)
    assert is_unscoped(found.incidents[0])
    assert found.names_of(found.incidents[0].links) == ("Removed",)


def test_an_incident_of_a_listed_and_a_removed_component_belongs_to_the_listed_one() -> None:
    mixed = incident("Outage", links=["Removed", "Build"])
    assert judged(page(API, BUILD, incidents=[mixed]), include=["API"]).incidents == ()


def test_githubs_pointer_to_its_own_page_is_no_component_and_no_link() -> None:
    pointer = component("Visit www.githubstatus.com for more information", id="pointer")
    outage = {**incident("Outage", "investigating", "major"), "components": [pointer]}
    found = judged(page(API, pointer, incidents=[outage]), include=["API"])
    assert names(found.incidents) == ["Outage"]
    assert is_unscoped(found.incidents[0])
    assert judged(page(API, pointer, incidents=[outage])).verdict is PROBLEM


def test_a_link_to_a_group_means_its_members() -> None:
    europe = group("Europe", BUILD)
    outage = {**incident("Outage"), "components": [europe[0]]}
    summary = page(
        API,
        *europe,
        incidents=[outage],
        windows=[{**window("Upgrade", "in_progress"), "components": [europe[0]]}],
    )
    assert judged(summary, include=["API"]).incidents == ()
    found = judged(summary, include=["Europe"])
    assert (names(found.incidents), names(found.maintenances)) == (["Outage"], ["Upgrade"])
    assert found.names_of(found.incidents[0].links) == ("Build",)


CUT = "the list of components may be incomplete"


@pytest.mark.parametrize(
    ("selection", "verdict"),
    [
        ({}, OK),
        ({"include": ["API"]}, OK),
        ({"include": ["A*"]}, UNKNOWN),
        ({"include": ["Europe"]}, UNKNOWN),
        ({"include": ["Search"]}, UNKNOWN),
        ({"include": ["API", "Bui?d"]}, UNKNOWN),
        ({"exclude": ["Build"]}, UNKNOWN),
        ({"exclude": ["Nothing"]}, UNKNOWN),
    ],
)
def test_what_the_cut_part_of_a_list_could_decide_is_unknown(
    selection: dict[str, Any], verdict: Verdict
) -> None:
    whole = read(page(API, *group("Europe", BUILD)), **selection)
    found = judge(replace(whole, snapshot=replace(whole.snapshot, is_cut=True)), window=None)
    assert (found.verdict, CUT in found.reasons) == (verdict, True)
    assert CUT not in judge(whole, window=None).reasons


def test_a_problem_in_the_known_part_outranks_the_cut_part() -> None:
    whole = read(DOWN_UNPOSTED, include=["B*"])
    found = judge(replace(whole, snapshot=replace(whole.snapshot, is_cut=True)), window=None)
    assert (found.severity, found.verdict) == ("critical", PROBLEM)


def test_a_page_that_lost_its_components_is_unknown_unless_an_incident_is_open() -> None:
    emptied = replace(read(page()), is_emptied=True)
    found = judge(emptied, window=None)
    assert (found.severity, found.verdict) == ("unknown", UNKNOWN)
    assert found.reasons == ("the page no longer lists components",)
    open_too = replace(read(page(incidents=[incident("Outage")])), is_emptied=True)
    assert judge(open_too, window=None).verdict is PROBLEM


OLD = "the page has not changed since 2025-07-19: it may be abandoned"


@pytest.mark.parametrize(
    ("updated_at", "reasons"),
    [
        ("2025-07-19T11:00:00Z", (OLD,)),
        ("2025-07-20T12:00:00Z", ()),
        ("2026-01-15T11:00:00Z", ()),
    ],
)
def test_a_page_that_has_not_changed_for_180_days_is_reported(
    updated_at: str, reasons: tuple[str, ...]
) -> None:
    summary = page(API)
    summary["page"]["updated_at"] = updated_at
    found = judged(summary)
    assert (found.verdict, found.reasons) == (OK, reasons)


def test_a_link_without_an_id_keeps_its_own_name() -> None:
    assert judged(page(component("API", id=""))).names_of([Link(id=None, name="Pay")]) == ("Pay",)


def test_a_link_to_a_removed_component_keeps_its_name_or_id() -> None:
    links = Link(id="gone", name="Old API"), Link(id="gone too", name=""), Link(id=None, name="Pay")
    assert judged(page(API)).names_of(links) == ("Old API", "gone too", "Pay")


def test_only_maintenances_of_the_selection_are_listed() -> None:
    windows = [
        window("Ours", links=["API"]),
        window("Theirs", links=["Build"]),
        window("Nobody's"),
        window("Over", "completed", links=["API"]),
        window("Strange", "postponed", links=["API"]),
    ]
    summary = page(API, BUILD, windows=windows)
    assert names(judged(summary, include=["API"]).maintenances) == ["Ours", "Strange"]
    assert names(judged(summary).maintenances) == ["Ours", "Theirs", "Nobody's", "Strange"]


PAST = {
    "incidents": [
        incident("New", "resolved", started="2026-01-10 10:00", resolved="2026-01-10 11:00"),
        incident("Old", "resolved", started="2025-12-01 10:00", resolved="2025-12-17 06:00"),
        incident("Open", "monitoring", started="2025-11-01 10:00"),
    ]
}


def test_open_incidents_and_those_started_in_the_window_are_listed() -> None:
    found = judged(page(API), window=MONTH, history=PAST)
    assert names(found.incidents) == ["New", "Open"]
    assert len(found.days) == 30
    assert found.incident_seconds == 29 * 86400 + 12 * 3600


def test_an_incident_that_starts_with_the_window_is_listed() -> None:
    rows = [
        incident("First", "resolved", started="2025-12-17 00:00", resolved="2025-12-17 01:00"),
        incident("Before", "resolved", started="2025-12-16 23:59", resolved="2025-12-17 01:00"),
    ]
    found = judged(page(API), window=MONTH, history={"incidents": rows})
    assert names(found.incidents) == ["First"]


def test_without_a_window_only_open_incidents_are_listed() -> None:
    found = judged(page(API), history=PAST)
    assert names(found.incidents) == ["Open"]
    assert (found.days, found.incident_seconds) == ((), None)


def test_the_history_of_other_components_does_not_count() -> None:
    theirs = [
        {**row, "components": [{"id": "Build", "name": "Build"}]} for row in PAST["incidents"]
    ]
    found = judged(page(API, BUILD), window=MONTH, history={"incidents": theirs}, include=["API"])
    assert (found.incidents, found.incident_seconds) == ((), 0)
    assert {day.severity for day in found.days} == {Severity.NONE}


def test_components_outside_the_selection_have_days_too_if_an_incident_names_them() -> None:
    both = incident("Both", "resolved", started="2026-01-10 10:00", resolved="2026-01-10 11:00")
    both["components"] = [{"id": one["id"], "name": one["name"]} for one in (API, BUILD)]
    theirs = incident("Theirs", "resolved", started="2026-01-12 10:00", resolved="2026-01-12 11:00")
    theirs["components"] = both["components"][1:]
    found = judged(
        page(API, BUILD), window=MONTH, history={"incidents": [theirs, both]}, include=["API"]
    )
    assert names(found.incidents) == ["Both"]
    touched = {
        id: [day.date.day for day in days if day.incidents]
        for id, days in found.component_days.items()
    }
    assert touched == {API["id"]: [10], BUILD["id"]: [10, 12]}


@pytest.mark.parametrize(("chosen", "severity"), [("API", "none"), ("Build", "major")])
def test_only_the_downtime_of_a_selected_component_counts(chosen: str, severity: str) -> None:
    one = read(page(API, BUILD), history={"incidents": []}, include=[chosen])
    recorded = Downtime(component_id=BUILD["id"], noon=NOW, severity=Severity.MAJOR)
    snapshot = replace(one.snapshot, downtime=(recorded,))
    assert judge(replace(one, snapshot=snapshot), window=MONTH).days[-1].severity == severity


def test_an_unreadable_history_is_reported_and_empty() -> None:
    found = judged(page(API), window=MONTH, history="<html>sorry</html>")
    assert (found.severity, found.verdict) == (Severity.NONE, OK)
    assert found.reasons == ("incident history not read: HTML instead of JSON",)
    assert (found.days, found.incident_seconds) == ((), None)


def test_a_page_that_has_moved_is_reported_with_its_address() -> None:
    moved = replace(read(page(API)), moved_to="https://new.acme.example")
    found = judge(moved, window=None)
    assert (found.verdict, found.reasons) == (
        OK,
        (
            "moved to https://new.acme.example; update the watchlist:"
            " outlogger watchlist add https://new.acme.example --as acme",
        ),
    )


def test_the_new_address_is_quoted_for_the_shell() -> None:
    moved = replace(read(page(API)), moved_to="https://new.acme.example/;reboot$(x)")
    found = judge(moved, window=None)
    assert found.reasons[0].endswith(
        "; update the watchlist:"
        " outlogger watchlist add 'https://new.acme.example/;reboot$(x)' --as acme"
    )


def test_a_page_that_was_not_read_is_unknown_with_the_reason() -> None:
    found = judge(failed(), window=MONTH)
    assert found == Judged(
        outcome=failed(),
        severity=Severity.UNKNOWN,
        verdict=UNKNOWN,
        findings=(Finding(text="no answer in 10 s", severity=Severity.UNKNOWN),),
    )
    assert (found.error, found.reading) == (failed(), None)


@pytest.mark.parametrize("summary", [page(API), DOWN_UNPOSTED])
def test_a_stored_reading_is_shown_but_does_not_count(summary: Row) -> None:
    last = read(summary, history=PAST)
    found, then = judge(failed(last), window=MONTH), judge(last, window=MONTH)
    assert (found.severity, found.verdict) == (Severity.UNKNOWN, UNKNOWN)
    assert found.reasons == ("no answer in 10 s",)
    assert found.reading == last
    assert (found.components, found.selected, found.days) == (
        then.components,
        then.selected,
        then.days,
    )
    assert (found.incidents, found.incident_seconds) == (then.incidents, then.incident_seconds)


def test_a_stored_reading_keeps_its_selection() -> None:
    last = read(page(API, BUILD_DOWN, windows=[window("Upgrade", links=["API"])]), include=["API"])
    found = judge(failed(last), window=None)
    assert (names(found.selected), found.other_problems) == (["API"], 1)
    assert names(found.maintenances) == ["Upgrade"]


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ([], OK),
        ([OK, OK], OK),
        ([OK, UNKNOWN], UNKNOWN),
        ([UNKNOWN, PROBLEM, OK], PROBLEM),
    ],
)
def test_over_all_vendors_a_problem_outranks_an_unknown(
    verdicts: list[Verdict], whole: Verdict
) -> None:
    one = judged(page(API))
    assert overall([replace(one, verdict=verdict) for verdict in verdicts]) is whole


def test_the_name_is_from_the_watchlist_else_the_page_else_the_slug() -> None:
    reading = read(page(API, name="Acme Cloud"))
    named = replace(reading, vendor=replace(reading.vendor, name="Ours"))
    nameless = replace(reading, snapshot=replace(reading.snapshot, page_name=""))
    assert judge(named, window=None).name == "Ours"
    assert judge(reading, window=None).name == "Acme Cloud"
    assert judge(nameless, window=None).name == "acme"
    assert judge(failed(), window=None).name == "acme"
    assert judge(failed(reading), window=None).name == "Acme Cloud"


def test_each_status_and_impact_has_its_severity() -> None:
    assert {status.value: status.severity.value for status in ComponentStatus} == {
        **STATUSES,
        "unknown": "unknown",
    }
    assert [impact.severity for impact in Impact] == [Severity(impact.value) for impact in Impact]
    assert sorted(Severity, key=lambda s: s.rank) == [
        Severity.UNKNOWN,
        *(Severity(word) for word in RISING),
    ]


def test_every_component_of_a_large_page_counts() -> None:
    rows = [component(f"City {number}") for number in range(471)]
    summary = page(*rows, component("API", "partial_outage"))
    found = judged(summary, include=["city*", "API"], exclude=["City 7*"])
    assert (len(found.selected), found.severity) == (461, Severity.MAJOR)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([API, STRANGE], "the status of Search is unknown"),
        ([STRANGE, component("Mail", "on_ice")], "the status of Search and 1 more is unknown"),
        ([API], "the page does not state its status"),
    ],
)
def test_a_page_without_a_roll_up_names_the_components_that_make_it_unknown(
    rows: list[Row], reason: str
) -> None:
    read = judged(page(*rows, indicator=None)).outcome
    assert isinstance(read, Read)
    snapshot = replace(read.snapshot, raw_indicator=None)
    found = judge(replace(read, snapshot=snapshot), window=None)
    assert (found.verdict, found.reasons[0]) == (UNKNOWN, reason)
