"""HTML: the content of the page of a run, card by card."""

from dataclasses import replace

import pytest

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from tests.render.tree import Node, read
from tests.reports import (
    HOSTILE,
    PAST,
    VIEW,
    acme,
    broken,
    component,
    healthy,
    hostile,
    in_maintenance,
    incident,
    judged,
    narrowed,
    page,
    report,
    skipped,
    stale,
    strange,
    unreadable,
    update,
    watching,
    window,
    without_link,
)

MIXED = (
    healthy("fine"),
    broken("github", history=PAST),
    stale("stale"),
    unreadable(slug="gone"),
    watching("calm"),
    in_maintenance(slug="db"),
    strange(slug="strange"),
    narrowed(slug="narrow"),
)
RUNS: dict[str, Report] = {
    "one": report(broken(history=PAST), command="status"),
    "many": report(*MIXED, command="status"),
    "check": report(*MIXED),
    "incidents": report(*MIXED, command="incidents"),
    "hostile": report(hostile(), healthy(), command="status", drill=HOSTILE[20]),
    "skipped": skipped(),
}


def section(run: Report, number: int = 0, view: View = VIEW) -> Node:
    """The card of a vendor, by its number on the page."""
    cards = [n for n in read(run, view).all("section") if n.one("h2").text != "Summary"]
    return cards[number]


def table(node: Node, name: str) -> list[list[str]]:
    (found,) = node.of_class("table", name)
    return [
        [cell.text for cell in row.children if isinstance(cell, Node)] for row in found.all("tr")
    ]


def test_the_header_has_verdicts_and_time() -> None:
    header = read(RUNS["many"]).one("header")
    assert header.one("h1").text == "Vendor status"
    assert header.one("p").text == (
        "1 vendor has a problem · 2 unknown · 1 in maintenance · 1 with an open incident · 3 ok"
        " · as of 15 Jan 2026 12:00 UTC"
    )
    assert header.one("time").attributes == {"datetime": "2026-01-15T12:00:00Z"}
    assert read(RUNS["many"]).one("title").text == "Vendor status"
    assert read(RUNS["one"]).one("title").text == "Vendor status of Acme"


def test_the_summary_has_a_row_a_vendor_that_is_not_ok_and_the_names_of_the_others() -> None:
    run = report(
        healthy(), broken("github"), stale(), unreadable(slug="gone"), watching(), in_maintenance()
    )
    assert table(read(run), "summary") == [
        ["State", "Vendor", "What"],
        ["◆ major", "Acme", "Europe/Build partial outage, +1 component"],
        ["? unknown", "Acme", "no answer in 10 s; last read 11:48 UTC: ok"],
        ["? unknown", "gone", "no answer in 10 s"],
        ["◷ maintenance", "Acme", "Database upgrade, until 13:00 UTC"],
        ["○ ok", "Acme", "API errors"],
    ]
    (fine,) = read(run).of_class("p", "fine")
    assert fine.text == "✓ 1 other okAcme"
    (named,) = read(run, replace(VIEW, problems_only=True)).of_class("p", "fine")
    assert named.text == "✓ 1 other ok"
    unfolded = table(read(run, replace(VIEW, unfold=True)), "summary")
    assert unfolded[-1] == ["✓ ok", "Acme", "All Systems Operational"]


def test_a_summary_of_vendors_that_are_ok_has_their_names_alone() -> None:
    tree = read(report(healthy("a"), healthy("b")))
    assert not tree.of_class("table", "summary")
    assert tree.of_class("p", "fine")[0].text == "✓ 2 vendors okAcmeAcme"


def test_a_green_vendor_with_an_open_incident_is_not_green_in_the_summary() -> None:
    tree = read(report(watching(), healthy()))
    states = [node.attributes["class"] for node in tree.of_class("span", "state")]
    assert states[:2] == ["state minor", "state none"]


def test_the_summary_shows_the_days_if_any_are_known() -> None:
    tree = read(report(broken(history=PAST), stale(), command="status"))
    rows = table(tree, "summary")
    assert [row[3] for row in rows] == ["Last 30 days", "", "no history"]
    (strip,) = tree.of_class("table", "summary")[0].of_class("div", "strip")
    assert strip.attributes["aria-label"].startswith("17 Dec to 15 Jan: ")


def test_of_several_vendors_those_with_findings_have_a_card() -> None:
    cards = [section(RUNS["check"], number) for number in range(7)]
    assert [next(card.all("a")).text for card in cards] == [
        "status.github.example",
        "status.stale.example",
        "status.gone.example",
        "status.db.example",
        "status.calm.example",
        "status.strange.example",
        "status.narrow.example",
    ]


def test_incidents_has_a_card_for_each_vendor_that_had_any_if_asked_for() -> None:
    run = report(acme(history=PAST), healthy("fine"), command="incidents")
    tree = read(run, replace(VIEW, by_vendor=True))
    assert [n.one("h2").text for n in tree.all("section")] == ["Summary", "Acme"]
    assert tree.of_class("article", "none")


def test_the_incidents_of_several_vendors_are_one_list() -> None:
    calm, gone = acme(history=()), unreadable(slug="gone")
    run = report(broken(history=PAST), calm, gone, healthy("blind"), command="incidents")
    (card,) = read(run).all("section")
    assert card.one("h3").text == "2 incidents at 1 of 4 vendors; 1 unknown"
    assert [n.text for n in card.all("h4")] == ["Acme: Builds are stuck", "Acme: API errors"]
    below = [n.text for n in card.all("p")][-3:]
    assert below == [
        "? unknown gone: no answer in 10 s",
        "Acme: past incidents are unknown",
        "No matching incidentsAcme",
    ]


def test_a_lone_vendor_has_a_card_and_no_summary() -> None:
    tree = read(report(healthy()))
    assert [n.one("h2").text for n in tree.all("section")] == ["Acme"]


def paragraphs(node: Node) -> list[str]:
    return [paragraph.text for paragraph in node.all("p")]


def test_a_card_has_name_time_of_reading_and_state() -> None:
    card = section(RUNS["one"])
    assert card.one("h2").text == "Acme"
    assert paragraphs(card)[:2] == [
        "status.acme.example · read 15 Jan 12:00 UTC",
        "◆ major Europe/Build partial outage, +1 component",
    ]
    assert [n.text for n in card.all("h3")] == [
        "Open incident",
        "Components",
        "2 incidents in the last 30 days",
        "Maintenance",
    ]


def test_a_stale_reading_is_marked_wherever_it_is_shown() -> None:
    card = section(report(stale()))
    assert paragraphs(card) == [
        "status.acme.example · stale, last read 15 Jan 11:48 UTC",
        "? unknown no answer in 10 s",
    ]
    assert card.one("h3").text == "Components when last read"


def test_a_page_without_a_reading_has_only_its_failure() -> None:
    card = section(report(unreadable()))
    assert paragraphs(card) == ["status.acme.example · not read", "? unknown no answer in 10 s"]
    assert not list(card.all("h3"))


def test_what_does_not_count_is_below_the_headline() -> None:
    assert [n.text for n in section(report(narrowed())).all("li")] == [
        "2 other components have problems, outside the selection"
    ]
    assert [n.text for n in section(report(strange())).all("li")] == [
        'Search status is unknown: "on_fire"'
    ]
    both = strange(components=("Search", "Nowhere"))
    assert [n.text for n in section(report(both)).all("li")] == ['component "Nowhere" not found']


def test_components_are_below_their_groups_with_their_states() -> None:
    card = section(RUNS["one"])
    problems, every = card.of_class("table", "components")
    assert [cells(row) for row in problems.all("tr")] == [
        ["Component", "State"],
        ["Europe/Build", "◆ partial outage since 15 Jan 11:05 UTC"],
        ["API", "▲ degraded since 15 Jan 11:00 UTC"],
    ]
    assert [cells(row)[0] for row in every.all("tr")] == [
        "Component",
        "Europe",
        "Queue",
        "Build",
        "API",
        "Dashboard",
    ]
    assert {"datetime": "2026-01-15T11:00:00Z"} in [n.attributes for n in card.all("time")]


def test_incidents_shows_no_components_and_no_maintenance() -> None:
    card = section(report(broken(history=PAST), command="incidents"))
    assert [n.text for n in card.all("h3")] == ["2 incidents in the last 30 days"]


MANY = page(*(component(f"C{n}", "major_outage" if n == 7 else "operational") for n in range(21)))


def test_many_components_are_folded_but_for_those_with_problems() -> None:
    card = section(report(judged(MANY)))
    first, second = card.of_class("table", "components")
    assert [row.text for row in first.all("tr")] == ["ComponentState", "C7✖ major outage"]
    assert card.one("summary").text == "All 21 components"
    assert len(list(second.all("tr"))) == 22
    assert card.one("details").attributes == {}


def test_components_that_all_have_problems_are_listed_once() -> None:
    card = section(report(acme(*(component(f"C{n}", "major_outage") for n in range(21)))))
    assert len(list(card.all("tr"))) == 22
    assert not list(card.all("details"))


def test_many_healthy_components_are_all_folded() -> None:
    well = page(*(component(f"C{n}") for n in range(21)))
    card = section(report(judged(well)))
    assert len(card.of_class("table", "components")) == 1
    assert card.one("summary").text == "All 21 components"


def test_unfold_shows_every_component() -> None:
    hidden = component("Hidden", only_show_if_degraded=True)
    vendor = judged({**MANY, "components": [*MANY["components"], hidden]})
    unfolded = section(report(vendor), view=replace(VIEW, unfold=True))
    assert unfolded.one("details").attributes == {"open": "open"}
    assert len(list(unfolded.of_class("table", "components")[1].all("tr"))) == 23
    assert section(report(vendor)).one("summary").text == "All 21 components"


def test_a_component_hidden_while_healthy_is_shown_with_a_problem() -> None:
    rows = [component(n, status, only_show_if_degraded=True) for n, status in STATES.items()]
    assert table(section(report(acme(*rows))), "components")[1:] == [
        ["Bad", "✖ major outage"],
        ["Odd", "? unknown (on_fire)"],
    ]


STATES = {"Well": "operational", "Bad": "major_outage", "Odd": "on_fire"}


def events(node: Node) -> list[Node]:
    return list(node.all("article"))


def test_maintenance_has_its_times_and_components() -> None:
    planned = events(section(RUNS["one"]))[-1]
    assert planned.attributes == {"class": "event maintenance"}
    assert planned.one("a").attributes["href"] == "https://stspg.io/m1"
    assert paragraphs(planned) == [
        "scheduled · 20 Jan 21:00 UTC to 20 Jan 22:30 UTC · Dashboard",
        "scheduled · 15 Jan 11:12 UTC",
        "Reads stay up.",
    ]


def test_maintenance_without_times_or_text_is_shown() -> None:
    bare = {**window("Some day"), "scheduled_for": None, "scheduled_until": None}
    (planned,) = events(section(report(acme(windows=[bare]))))
    assert paragraphs(planned) == ["scheduled", "(no text published)"]


def test_an_open_incident_shows_its_whole_timeline_newest_first() -> None:
    still = events(section(RUNS["one"]))[0]
    assert still.attributes == {"class": "event major"}
    assert still.one("h4").text == "Builds are stuck"
    assert paragraphs(still) == [
        "identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Build",
        "identified · 15 Jan 11:31 UTC",
        "A disk is full.\nWe are adding one.",
        "investigating · 15 Jan 11:12 UTC",
        "We are looking into it.",
    ]
    assert still.one("summary").text == "1 earlier update"
    assert still.one("details").attributes == {"open": "open"}


CLOSED = incident(
    "Over",
    "resolved",
    "critical",
    started="2026-01-14 08:00",
    resolved="2026-01-14 10:00",
    updates=[update("Fixed.", "resolved"), {**update("", "identified"), "display_at": None}],
)


def test_a_closed_incident_is_green_and_folded() -> None:
    vendor = acme(history=[CLOSED])
    (over,) = events(section(report(vendor, command="status")))
    assert over.attributes == {"class": "event none"}
    assert paragraphs(over) == [
        "resolved · impact critical · 14 Jan 08:00 UTC, lasted 2 h",
        "resolved · 15 Jan 11:12 UTC",
        "Fixed.",
        "identified",
        "(no text published)",
    ]
    assert over.one("details").attributes == {}


def test_with_timelines_every_timeline_is_open() -> None:
    vendor = acme(history=[CLOSED])
    card = section(report(vendor, command="status"), view=replace(VIEW, timelines=True))
    assert card.one("details").attributes == {"open": "open"}


@pytest.mark.parametrize(
    ("impact", "color"), [("none", "minor"), ("minor", "minor"), ("critical", "critical")]
)
def test_an_open_incident_is_never_green(impact: str, color: str) -> None:
    vendor = acme(incidents=[incident("It", impact=impact)])
    (still,) = events(section(report(vendor)))
    assert still.attributes == {"class": f"event {color}"}


def test_an_incident_without_components_is_marked_if_some_are_selected() -> None:
    loose = {**incident("Loose"), "created_at": None}
    summary = page(component("API"), incidents=[loose])
    (scoped,) = events(section(report(judged(summary, components=("API",)))))
    assert paragraphs(scoped)[0] == ("investigating · impact minor · not linked to a component")
    (plain,) = events(section(report(judged(summary))))
    assert paragraphs(plain)[0] == "investigating · impact minor"


def test_of_many_components_an_incident_names_eight() -> None:
    names = [f"C{n}" for n in range(10)]
    vendor = acme(*map(component, names), incidents=[incident("Wide", links=names)])
    (wide,) = events(section(report(vendor)))
    assert paragraphs(wide)[0].endswith(" · C0, C1, C2, C3, C4, C5, C6, C7 and 2 more")


def test_status_lists_as_many_incidents_as_asked_for_and_incidents_all() -> None:
    past = [incident(f"I{n}", "resolved", resolved="2026-01-15 11:30") for n in range(4)]
    vendor = acme(history=[incident("Open"), incident("Open too", impact="major"), *past])
    few = replace(VIEW, incidents=3)
    card = section(report(vendor, command="status"), view=few)
    names = [event.one("h4").text for event in events(card)]
    assert names == ["Open too", "Open", "I0", "I1", "I2"]
    assert paragraphs(card)[-1] == "and 1 more"
    assert next(card.all("h3")).text == "Open incidents"
    assert len(events(section(report(vendor, command="incidents"), view=few))) == 6


def test_the_strip_has_a_bar_per_day_and_a_description() -> None:
    harmless = incident(
        "Hiccup", "resolved", "none", started="2026-01-10 08:00", resolved="2026-01-10 09:00"
    )
    vendor = broken(history=[harmless, *PAST], days=14)
    card = section(report(vendor, command="status"))
    (strip,) = card.of_class("div", "strip")
    bars = [(bar.attributes["title"], bar.attributes["class"]) for bar in strip.all("span")]
    assert len(bars) == 14
    assert bars[0] == ("2 Jan: no incident", "day none")
    assert bars[1] == ("3 Jan: impact minor, 1 incident", "day minor touched")
    assert bars[8] == ("10 Jan: impact none, 1 incident", "day none touched")
    assert bars[13] == ("15 Jan: impact major, 1 incident", "day major touched")
    description = (
        "2 Jan to 15 Jan: no incident on 11 days, impact none on 1 day, impact minor on 1 day,"
        " impact major on 1 day"
    )
    assert strip.attributes == {"class": "strip", "role": "img", "aria-label": description}
    assert f"{description} · 2 h 25 min in incidents" in paragraphs(card)


def test_days_before_the_list_of_incidents_are_unknown() -> None:
    rows = [
        incident(
            f"I{n}", "resolved", started=f"2026-01-{14 + n % 2} 08:00", resolved="2026-01-15 09:00"
        )
        for n in range(50)
    ]
    vendor = acme(history=rows, days=4)
    (strip,) = section(report(vendor, command="status")).of_class("div", "strip")
    assert [(bar.attributes["title"], bar.attributes["class"]) for bar in strip.all("span")] == [
        ("12 Jan: unknown", "day unknown"),
        ("13 Jan: unknown", "day unknown"),
        ("14 Jan: impact minor, 25 incidents", "day minor touched"),
        ("15 Jan: impact minor, 50 incidents", "day minor touched"),
    ]


def test_days_without_incidents_have_no_duration() -> None:
    vendor = acme(history=[])
    card = section(report(vendor, command="status"))
    assert card.of_class("p", "dim")[-1].text == ("17 Dec to 15 Jan: no incident on 30 days")
    assert [n.text for n in card.all("h3")][-1] == "0 incidents in the last 30 days"


def test_a_drill_is_in_the_titles_and_a_banner() -> None:
    tree = read(report(broken(), healthy(), drill="a bad day"))
    assert tree.one("title").text == "DRILL: vendor status"
    assert tree.one("h1").text == "DRILL: vendor status"
    (banner,) = tree.of_class("p", "drill")
    assert banner.text == "DRILL · a bad day · simulated data · DRILL"


def test_a_skipped_run_is_named() -> None:
    assert read(skipped()).one("main").text == "Skipped: no page was read, the verdict is unknown."


def test_texts_of_vendors_are_shown_as_they_wrote_them() -> None:
    card = section(RUNS["hostile"])
    (components,) = card.of_class("table", "components")
    names = [row[0] for row in (cells(row) for row in components.all("tr"))]
    assert names[1 : len(HOSTILE) + 1] == [" ".join(text.split()) for text in HOSTILE]
    assert card.one("h2").text == HOSTILE[19]
    assert [n.text for n in card.all("h4")][1:6] == [" ".join(t.split()) for t in HOSTILE[1:6]]


def cells(row: Node) -> list[str]:
    return [cell.text for cell in row.children if isinstance(cell, Node)]


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    assert not list(read(report(without_link())).all("a"))
