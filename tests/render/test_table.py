"""The table at 80 columns, and how it is shortened on narrow terminals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.cells import cell_len

from outlogger_cli.domain.model import FailOn, FailureKind, Reason, Severity, Source
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import Sort, Theme, View, render
from outlogger_cli.render.table import filling
from outlogger_cli.render.theme import color
from tests.reports import (
    HOSTILE,
    PAST,
    VIEW,
    Row,
    acme,
    broken,
    component,
    group,
    healthy,
    hostile,
    in_maintenance,
    incident,
    judged,
    narrowed,
    page,
    report,
    stale,
    strange,
    unreadable,
    update,
    watching,
    window,
    without_link,
)
from tests.support import NOW

ASCII = replace(VIEW, ascii=True)


def shown(run: Report, view: View = VIEW) -> list[str]:
    text = render(run, "table", view)
    assert text.endswith("\n")
    return text.removesuffix("\n").split("\n")


def status(*vendors: Judged, view: View = VIEW) -> list[str]:
    return shown(report(*vendors, command="status"), view)


def incidents(*vendors: Judged, view: View = VIEW) -> list[str]:
    return shown(report(*vendors, command="incidents"), view)


def after(lines: Sequence[str], heading: str) -> list[str]:
    """The lines below the one that starts with `heading`, up to an empty line."""
    start = next(n for n, line in enumerate(lines) if line.startswith(heading)) + 1
    below = list(lines[start:])
    return below[: below.index("")] if "" in below else below


def named(one: Judged, name: str) -> Judged:
    """The vendor with a name of its own in the watchlist."""
    vendor = replace(one.outcome.vendor, name=name)
    return replace(one, outcome=replace(one.outcome, vendor=vendor))


MANY = (
    named(healthy("fine"), "Fine"),
    named(broken("github"), "GitHub"),
    named(stale("gone"), "Gone"),
    named(watching("calm"), "Calm"),
    named(in_maintenance(slug="db"), "Data"),
    named(narrowed(slug="narrow"), "Narrow"),
    named(unreadable(slug="never"), "Never"),
)


def test_check_has_the_tally_first_then_the_worst_vendor_and_names_those_that_are_ok() -> None:
    assert shown(report(*MANY)) == [
        "1 vendor has a problem · 2 unknown · 1 in maintenance · 1 with an open incident",
        "2 ok",
        "",
        "◆ major        GitHub  Europe/Build partial outage, +1 component          55 min",
        "? unknown      Gone    no answer in 10 s; last read 11:48 UTC: ok",
        "? unknown      Never   no answer in 10 s",
        "◷ maintenance  Data    Database upgrade, until 13:00 UTC",
        "○ ok           Calm    API errors                                         55 min",
        "✓ ok           Narrow  1 selected component operational",
        "    2 other components have problems",
        "",
        "✓ 1 ok  Fine",
    ]


def test_on_a_narrow_terminal_the_headline_is_below_the_name() -> None:
    assert shown(report(*MANY), replace(VIEW, width=60))[3:7] == [
        "◆ major        GitHub                                 55 min",
        "    Europe/Build partial outage, +1 component",
        "? unknown      Gone",
        "    no answer in 10 s; last read 11:48 UTC: ok",
    ]


def test_a_wide_terminal_has_the_host_of_each_page() -> None:
    lines = shown(report(*MANY), replace(VIEW, width=110))
    assert lines[2].endswith("  55 min  status.github.example")
    assert lines[3].endswith("  status.gone.example")
    assert lines[2].index("status.") == lines[3].index("status.")


def test_a_long_headline_takes_the_place_of_the_age_and_the_host() -> None:
    failure = "timed out after 10 s, and so did the page that it redirects to, in two attempts"
    lines = shown(
        report(broken("github"), unreadable(slug="gone", message=failure), healthy("fine")),
        replace(VIEW, width=110),
    )
    assert lines[2].endswith("  55 min  status.github.example")
    assert lines[3].endswith(failure)


def test_the_hosts_are_left_out_if_they_would_cut_the_headline_of_a_problem() -> None:
    name = "The build queue and its large storage in Europe"
    rows = [component(name, "major_outage", updated_at="2026-01-15T11:00:00Z")]
    run = report(acme(*rows), healthy("fine"))
    assert f"{name} major outage" in shown(run, replace(VIEW, width=100))[2]
    assert ".example" not in shown(run, replace(VIEW, width=100))[2]
    assert shown(run, replace(VIEW, width=120))[2].endswith(".example")


def test_a_long_name_of_an_incident_leaves_out_the_time_of_its_update() -> None:
    name = "Builds are stuck in the queue of every region since the last release"
    rows = component("Build", "major_outage"), component("API", "major_outage")
    events = [incident(name, "identified", "major", updates=[update("x")])]
    run = report(acme(*rows, incidents=events), healthy("fine"), command="status")
    assert shown(run, replace(VIEW, width=120))[3].endswith(" · identified · updated 48 min ago")
    assert shown(run, replace(VIEW, width=100))[3].endswith(f"{name} · identified")
    assert shown(run, replace(VIEW, width=70))[3].endswith("… · identified")


def test_names_that_are_left_out_say_how_to_see_them() -> None:
    run = report(*(named(healthy(f"good-{n}"), f"A vendor called {n}") for n in range(33)))
    assert shown(run)[-1].endswith(" more (outlogger status --all)")
    assert shown(replace(run, command="status"))[-1].endswith(" more (--all)")


def test_check_of_one_vendor_is_its_row() -> None:
    assert shown(report(acme(description=""))) == ["✓ ok  Acme  no problem reported"]


def test_verbose_check_has_the_reasons() -> None:
    run = report(broken("github"), strange())
    assert shown(run, replace(VIEW, verbose=True)) == [
        "1 vendor has a problem · 1 ok",
        "",
        "◆ major  Acme  Europe/Build partial outage, +1 component                  55 min",
        "    problem: Europe/Build partial outage (major; threshold: minor), plus 2 more",
        '      incident "Builds are stuck" identified, impact major',
        "      API degraded performance",
        "",
        "✓ 1 ok  Acme",
    ]


def test_status_of_many_vendors_adds_the_worst_open_incident_and_what_to_type_next() -> None:
    assert status(*MANY) == [
        "1 vendor has a problem · 2 unknown · 1 in maintenance · 1 with an open incident",
        "2 ok",
        "",
        "◆ major        GitHub  Europe/Build partial outage, +1 component          55 min",
        "               Builds are stuck · identified · updated 29 min ago",
        "? unknown      Gone    no answer in 10 s; last read 11:48 UTC: ok",
        "? unknown      Never   no answer in 10 s",
        "◷ maintenance  Data    Database upgrade, until 13:00 UTC",
        "○ ok           Calm    API errors                                         55 min",
        "               monitoring · impact major · updated 48 min ago",
        "✓ ok           Narrow  1 selected component operational",
        "    2 other components have problems",
        "",
        "✓ 1 ok  Fine",
        "",
        "Details: outlogger status github    Every vendor: --all    Live: outlogger watch",
    ]


def test_all_gives_every_vendor_a_row() -> None:
    assert status(*MANY[:3], view=replace(VIEW, unfold=True)) == [
        "1 vendor has a problem · 1 unknown · 1 ok",
        "",
        "◆ major    GitHub  Europe/Build partial outage, +1 component              55 min",
        "           Builds are stuck · identified · updated 29 min ago",
        "? unknown  Gone    no answer in 10 s; last read 11:48 UTC: ok",
        "✓ ok       Fine    All Systems Operational",
        "",
        "Details: outlogger status github    Live: outlogger watch",
    ]


def test_problems_counts_the_vendors_that_are_ok() -> None:
    lines = status(*MANY, view=replace(VIEW, problems_only=True))
    assert lines[-3] == "✓ 1 other ok"
    assert not any("Fine" in line for line in lines)
    assert status(*MANY[:1] * 2, view=replace(VIEW, problems_only=True)) == [
        "all 2 vendors ok",
        "",
        "✓ 2 vendors ok",
    ]


def test_details_adds_the_page_of_each_vendor_that_is_not_ok() -> None:
    lines = status(*MANY[:2], view=replace(VIEW, details=True))
    assert lines[-len(status(MANY[1])) :] == status(MANY[1])
    assert not any(line.startswith("Details") for line in lines)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        (Sort.SEVERITY, ["GitHub", "Gone", "Fine"]),
        (Sort.LIST, ["Fine", "GitHub", "Gone"]),
        (Sort.NAME, ["Fine", "GitHub", "Gone"]),
    ],
)
def test_vendors_are_sorted_as_asked(sort: Sort, names: list[str]) -> None:
    lines = shown(report(*MANY[:3]), replace(VIEW, sort=sort, unfold=True))
    assert [line.split()[2] for line in lines[2:]] == names


def test_severities_are_in_one_order_whatever_the_threshold() -> None:
    below = judged(page(component("EU", "partial_outage")), fail_on=FailOn.CRITICAL)
    minor = acme(component("A", "degraded_performance"))
    critical = acme(component("A", "major_outage"))
    order = [named(below, "Below"), named(minor, "Minor"), named(critical, "Critical"), *MANY]
    lines = shown(report(*order))
    rows = [line for line in lines if line[:1] in "✖◆▲?◷○" and line]
    assert [line[15:23].strip() for line in rows] == [
        "Critical",
        "GitHub",
        "Below",
        "Minor",
        "Gone",
        "Never",
        "Data",
        "Calm",
    ]
    assert "EU partial outage (below its threshold)" in lines[5]


def test_forty_one_vendors_with_eight_problems_fit_into_thirty_lines() -> None:
    bad = [named(broken(f"bad-{n}"), f"Bad {n}") for n in range(8)]
    good = [named(healthy(f"good-{n}"), f"A vendor called {n}") for n in range(33)]
    lines = status(*good, *bad, view=replace(VIEW, width=100))
    assert len(lines) <= 30
    assert "more" in lines[-3]
    assert max(map(cell_len, lines)) <= 100


def test_without_any_page_the_one_line_says_so_and_verbose_lists_them() -> None:
    offline = [
        unreadable(
            slug=slug,
            kind=FailureKind.DNS,
            reason=Reason.LOOKUP_FAILED,
            message="DNS lookup failed",
        )
        for slug in ("a", "b")
    ]
    blame = "It's this machine: none of 2 status pages could be reached (DNS lookup failed)."
    wide = replace(VIEW, width=120)
    for command in "check", "status", "incidents":
        run = report(*offline, command=command)
        assert shown(run, wide) == [f"{blame} Check network, VPN or proxy."]
        assert len(shown(run, replace(wide, verbose=True))) > 3
        assert " ".join(shown(run)).startswith(blame)  # wrapped, not cut


def test_a_drill_is_in_the_title() -> None:
    run = report(healthy(), drill="a bad day")
    assert shown(run)[0] == " DRILL  a bad day  DRILL"
    assert shown(replace(run, command="status"))[0] == " DRILL  a bad day  DRILL"
    assert shown(replace(run, command="incidents"))[0] == " DRILL  a bad day  DRILL"


def test_how_long_the_reading_took_stands_beside_the_tally() -> None:
    run = replace(report(healthy("a"), healthy("b")), took=timedelta(seconds=0.62))
    assert shown(run)[0].endswith("  2 read in 0.6 s")
    stored = [acme(source=Source.CACHE, slug=slug) for slug in "ab"]
    assert shown(report(*stored))[0].endswith("  2 stored readings")


def test_colour_is_added_to_the_glyphs() -> None:
    (line,) = shown(report(broken()), replace(VIEW, color=True))
    assert line.startswith("\x1b[38;5;166m◆\x1b[0m major  \x1b[1mAcme\x1b[0m  ")


@pytest.mark.parametrize("theme", Theme)
def test_every_theme_has_a_colour_of_its_own_for_every_severity(theme: Theme) -> None:
    styles = [color(severity, theme) for severity in Severity]
    assert len(set(styles)) == len(styles)


def test_links_are_written_for_web_addresses_alone() -> None:
    view = replace(VIEW, color=True, links=True)
    assert "\x1b]8;" in shown(report(broken()), view)[0]
    assert "\x1b]8;" not in shown(report(without_link()), view)[0]


def test_the_whole_page_of_a_vendor_in_an_outage() -> None:
    assert status(broken(history=PAST)) == [
        "◆ Acme: major  2 of 4 components affected, 1 open incident",
        "  status.acme.example  read 0 s ago",
        "",
        "Open incident",
        "◆ Builds are stuck                                   major · identified · 55 min",
        "  since 15 Jan 11:05 UTC · Build",
        "  11:31 UTC, 29 min ago  A disk is full.",
        "  We are adding one.",
        "  +1 earlier update (--updates)     https://stspg.io/i1",
        "",
        "Components        17 Dec                   today",
        "◆ Europe/Build    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▆  partial outage  55 min",
        "▲ API             ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▃▁▁▁▁▁▁▁▁▁▁▁▁  degraded           1 h",
        "✓ 2 operational   Queue, Dashboard",
        "",
        "Earlier           ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▃▁▁▁▁▁▁▁▁▁▁▁▆  2 incidents, 2 h 25 min",
        "  3 Jan  minor  1 h  resolved  API errors",
        "",
        "Planned           ◷ 20 Jan 21:00-22:30 UTC, in 5 d 9 h  Database upgrade",
    ]


def test_an_outage_in_ascii() -> None:
    assert status(broken(history=PAST), view=ASCII)[9:16] == [
        "",
        "Components        17 Dec                   today",
        "x Europe/Build    .............................2  partial outage  55 min",
        "! API             .................1............  degraded           1 h",
        "+ 2 operational   Queue, Dashboard",
        "",
        "Earlier           .................1...........2  2 incidents, 2 h 25 min",
    ]


def test_a_healthy_page_has_its_components_and_the_latest_incidents_in_full() -> None:
    summary = page(component("API"), windows=[window("Database upgrade", links=["API"])])
    assert status(judged(summary, history=PAST)) == [
        "✓ Acme: ok  All Systems Operational            status.acme.example  read 0 s ago",
        "",
        "Components",
        "  API  ✓ operational",
        "",
        "Incidents         ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▃▁▁▁▁▁▁▁▁▁▁▁▁  1 incident, 1 h 30 min",
        "                  ▃ minor",
        "✓ API errors",
        "  resolved · impact minor · 3 Jan 08:00 UTC, lasted 1 h 30 min · API",
        "  Fixed.",
        "  https://stspg.io/i0",
        "",
        "Planned           ◷ 20 Jan 21:00-22:30 UTC, in 5 d 9 h  Database upgrade  API",
    ]


def test_an_outage_fits_into_thirty_lines() -> None:
    words = " ".join(["word"] * 300)
    open_ones = [
        incident(f"Open {n}", updates=[update(words), update("Before.")]) for n in range(6)
    ]
    rows = [component(f"C{n}", "partial_outage") for n in range(5)]
    past = [
        incident(
            f"I{day}", "resolved", started=f"2026-01-0{day} 08:00", resolved="2026-01-09 09:00"
        )
        for day in range(1, 9)
    ]
    vendor = judged(page(*rows, incidents=open_ones[:1]), history=[*open_ones[:1], *past])
    assert len(status(vendor, view=replace(VIEW, width=100))) <= 30
    assert "  +3 more: outlogger incidents acme --open" in status(
        judged(page(*rows, incidents=open_ones))
    )


def test_a_page_that_does_not_answer_shows_the_last_reading_and_its_age() -> None:
    assert status(stale()) == [
        "? Acme: unknown  no answer in 10 s; last read 11:48 UTC: ok",
        "  status.acme.example  stale, 12 min old",
        "",
        "Components when last read",
        "  API        ✓ operational",
        "  Dashboard  ✓ operational",
    ]
    assert status(unreadable()) == [
        "? acme: unknown  no answer in 10 s                           status.acme.example"
    ]


def test_the_days_after_a_page_was_read_are_unknown() -> None:
    row = incident("It", "identified", started="2026-01-10 08:00", links=["API"])
    three_days_ago = NOW - timedelta(days=3)
    summary = page(component("API", "partial_outage"), incidents=[row])
    vendor = judged(summary, history=[row], checked_at=three_days_ago, source=Source.CACHE)
    bars = [line for line in status(vendor) if "▁" in line]
    assert [line.count("?") for line in bars] == [3, 3]
    calm = judged(page(component("API")), history=[], checked_at=three_days_ago)
    assert "▁" * 27 + "???" in "\n".join(status(calm))


def test_a_stored_reading_is_marked() -> None:
    old = acme(source=Source.CACHE, checked_at=NOW - timedelta(minutes=5))
    assert status(old)[0].endswith("  status.acme.example  stored, read 5 min ago")


def test_what_does_not_count_is_below_the_headline() -> None:
    assert status(narrowed())[:5] == [
        "✓ Acme: ok  1 selected component operational   status.acme.example  read 0 s ago",
        "  2 other components have problems, outside the selection",
        "",
        "Components",
        "  Dashboard  ✓ operational",
    ]
    assert status(strange()) == [
        "✓ Acme: ok  1 of 2 components unknown          status.acme.example  read 0 s ago",
        '  Search status is unknown: "on_fire"',
        "",
        "Components",
        "? Search          unknown (on_fire)",
        "✓ 1 operational   API",
    ]


def test_a_vendor_in_maintenance() -> None:
    assert status(in_maintenance()) == [
        "◷ Acme: maintenance  1 of 2 components affected",
        "  status.acme.example  read 0 s ago",
        "",
        "Maintenance in progress",
        "◷ Database upgrade",
        "  in progress · since 15 Jan 11:00 UTC, 1 h · planned until 15 Jan 13:00 UTC ·",
        "  Database",
        "",
        "Components",
        "◷ Database        under maintenance",
        "✓ 1 operational   API",
    ]


def test_a_component_hidden_while_healthy_is_shown_with_a_problem_or_unfold() -> None:
    rows = [
        component(status, status, only_show_if_degraded=True)
        for status in ("operational", "major_outage")
    ]
    assert status(acme(*rows))[3] == "✖ major_outage    major outage"
    assert status(acme(rows[0]))[2:] == []
    assert status(acme(rows[0]), view=replace(VIEW, unfold=True))[3:] == [
        "  operational  ✓ operational"
    ]


def test_a_hidden_component_is_shown_if_it_is_selected() -> None:
    summary = page(component("API", only_show_if_degraded=True))
    vendor = judged(summary, components=("API",))
    assert status(vendor)[3:] == ["  API  ✓ operational"]


def leaves(prefix: str, number: int, status: str = "operational") -> list[Row]:
    return [component(f"{prefix}{n}", status) for n in range(number)]


def test_the_problems_of_a_large_page_come_first_and_the_rest_is_counted() -> None:
    large = page(
        *group("Europe", *leaves("E", 12)),
        *group("Asia", *leaves("A", 9), component("Queue", "partial_outage")),
        *group("Mars", component("Rover", "major_outage")),
        component("Website"),
    )
    assert status(judged(large))[2:] == [
        "Components",
        "✖ Mars/Rover      major outage",
        "◆ Asia/Queue      partial outage",
        "✓ 22 operational  in 2 groups",
    ]
    unfolded = status(judged(large), view=replace(VIEW, unfold=True))
    assert unfolded[5:7] == ["✓ Europe/E0", "✓ Europe/E1"]
    assert len(unfolded) == 2 + 1 + 2 + 22
    only = status(judged(large), view=replace(VIEW, problems_only=True))
    assert only[2:] == ["Components", *status(judged(large))[3:5]]


def test_more_than_twelve_problems_are_counted() -> None:
    lines = status(judged(page(*leaves("C", 14, "major_outage"))))
    assert lines[-2:] == ["✖ C11             major outage", "  +2 more (--all)"]
    whole = status(judged(page(*leaves("C", 21), component("Q", "major_outage"))))
    assert whole[-1] == "✓ 21 operational"


def test_a_healthy_large_page_is_a_line_a_group() -> None:
    large = page(
        *group("Europe", *leaves("E", 12)), *group("Asia", *leaves("A", 12)), component("Website")
    )
    assert status(judged(large))[2:] == [
        "Components",
        "✓ 25 components in 2 groups, all operational",
        "  Europe      12 operational",
        "  Asia        12 operational",
        "  (no group)  1 operational",
    ]
    flat = judged(page(*leaves("C", 21)))
    assert status(flat)[2:] == ["Components", "✓ 21 components, all operational"]
    assert len(status(flat, view=replace(VIEW, unfold=True))) == 2 + 1 + 21
    assert status(flat, view=replace(VIEW, problems_only=True))[2:] == [
        "✓ 21 components operational"
    ]


def test_groups_and_single_components_of_a_healthy_page_are_aligned() -> None:
    mixed = page(*group("Europe", component("Queue"), component("Build")), component("Dashboard"))
    assert status(judged(mixed))[3:] == [
        "  Europe",
        "    Queue      ✓ operational",
        "    Build      ✓ operational",
        "  Dashboard    ✓ operational",
    ]


def test_a_page_without_components_is_noted() -> None:
    assert status(judged(page()))[1:] == ["  the page has no components"]


def test_a_narrow_terminal_has_shorter_bars_then_none() -> None:
    vendor = broken(history=PAST)
    rows = [
        line for line in status(vendor, view=replace(VIEW, width=60)) if line.startswith("◆ Eu")
    ]
    assert rows == ["◆ Europe/Build    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▆  partial outage  55 min"]
    narrow = [
        line for line in status(vendor, view=replace(VIEW, width=40)) if line.startswith("◆ Eu")
    ]
    assert narrow == ["◆ Europe/Build    partial outage  55 min"]


def test_the_age_of_a_problem_is_that_of_its_incident_and_verbose_has_the_time() -> None:
    vendor = broken()
    assert after(status(vendor), "Components")[0].endswith("  55 min")
    verbose = status(vendor, view=replace(VIEW, verbose=True))
    assert any(line.endswith("15 Jan 11:05 UTC") and "Europe" in line for line in verbose)
    assert any(line.startswith("  problem: Europe/Build partial outage") for line in verbose)


def test_on_a_very_narrow_terminal_the_summary_is_below_the_name() -> None:
    assert status(broken(), view=replace(VIEW, width=40))[:4] == [
        "◆ Acme: major",
        "  2 of 4 components affected, 1 open",
        "  incident",
        "  status.acme.example  read 0 s ago",
    ]


def test_on_a_wide_terminal_text_stays_as_narrow_as_a_page() -> None:
    words = " ".join(["word"] * 60)
    vendor = acme(incidents=[incident("It", updates=[update(words)])])
    body = after(incidents(vendor, view=replace(VIEW, width=300)), "▲ It")[1:-1]
    assert max(map(len, body)) <= 120
    assert len(body) == 3


def test_active_maintenance_comes_before_the_components_and_planned_work_last() -> None:
    planned = [
        window(f"W{day}", start=f"2026-01-{day} 08:00", end=f"2026-01-{day} 09:00")
        for day in (23, 22, 24, 25)
    ]
    under_way = window("Now", "verifying", start="2026-01-15 11:00", end="2026-01-15 12:30")
    vendor = acme(windows=[*planned, under_way])
    assert after(status(vendor), "Maintenance in progress") == [
        "◷ Now",
        "  verifying · since 15 Jan 11:00 UTC, 1 h · planned until 15 Jan 12:30 UTC",
    ]
    assert status(vendor)[-4:] == [
        "Planned           ◷ 22 Jan 08:00-09:00 UTC, in 6 d 20 h  W22",
        "                  ◷ 23 Jan 08:00-09:00 UTC, in 7 d 20 h  W23",
        "                  ◷ 24 Jan 08:00-09:00 UTC, in 8 d 20 h  W24",
        "                  +1 more (--all)",
    ]
    assert status(vendor, view=replace(VIEW, unfold=True))[-1].endswith("W25")
    assert status(vendor, view=replace(VIEW, width=60))[-5:-3] == [
        "Planned",
        "◷ 22 Jan 08:00-09:00 UTC, in 6 d 20 h  W22",
    ]


def test_many_active_maintenances_are_counted() -> None:
    rows = [window(f"W{n}", "in_progress", start="2026-01-15 11:00") for n in range(4)]
    assert after(status(acme(windows=rows)), "Maintenance in progress")[-1] == "  +1 more (--all)"


def test_active_maintenance_may_have_no_end_or_a_future_start() -> None:
    endless = {**window("A", "in_progress", start="2026-01-15 11:00"), "scheduled_until": None}
    early = window("B", "in_progress", start="2026-01-15 13:00", end="2026-01-15 14:00")
    told = {**early, "incident_updates": [update("Reads stay up.", "in_progress")]}
    vendor = acme(windows=[endless, told])
    assert after(status(vendor), "Maintenance in progress") == [
        "◷ A",
        "  in progress · since 15 Jan 11:00 UTC, 1 h",
        "◷ B",
        "  in progress · 15 Jan 13:00-14:00 UTC · in 1 h",
        "  Reads stay up.",
    ]
    assert "until" not in shown(report(vendor))[0]


def test_planned_work_may_lack_its_times_or_end_on_another_day() -> None:
    bare = {**window("Some day"), "scheduled_for": None, "scheduled_until": None}
    endless = {**window("Endless"), "scheduled_until": None}
    long = window("Long", start="2026-01-22 08:00", end="2026-01-23 08:00")
    assert status(acme(windows=[bare, endless, long]))[-3:] == [
        "Planned           ◷ Some day",
        "                  ◷ 20 Jan 21:00 UTC, in 5 d 9 h  Endless",
        "                  ◷ 22 Jan 08:00 UTC - 23 Jan 08:00 UTC, in 6 d 20 h  Long",
    ]


def test_of_many_components_an_event_names_four() -> None:
    names = [f"C{n}" for n in range(6)]
    vendor = acme(*map(component, names), incidents=[incident("Far", links=names)])
    assert after(status(vendor), "▲ Far")[0] == (
        "  since 15 Jan 11:05 UTC · C0, C1, C2, C3 and 2 more"
    )


def test_status_lists_five_incidents_and_names_the_command_for_others() -> None:
    past = [
        incident(
            f"I{day}", "resolved", started=f"2026-01-0{day} 08:00", resolved=f"2026-01-0{day} 09:00"
        )
        for day in range(1, 8)
    ]
    lines = status(acme(history=past))
    assert [line for line in lines if line.startswith("✓ I")] == [
        "✓ I7",
        "✓ I6",
        "✓ I5",
        "✓ I4",
        "✓ I3",
    ]
    assert lines[-1] == "  +2 more: outlogger incidents acme"


def test_a_long_text_is_three_lines_in_a_past_incident_and_whole_in_incidents() -> None:
    words = " ".join(["word"] * 60)
    row = incident(
        "Long", "resolved", resolved="2026-01-15 11:30", updates=[update(f"{words}\nThe end.")]
    )
    vendor = acme(history=[row])
    body = after(status(vendor), "✓ Long")[1:-1]
    assert len(body) == 3
    assert body[-1].endswith("word …")
    assert after(incidents(vendor), "✓ Long")[-2] == "  The end."


def test_an_open_incident_has_ten_lines_and_the_number_of_earlier_updates() -> None:
    body = "\n".join(f"Line {n}." for n in range(12))
    row = incident("It", updates=[update(body), update("Before.")])
    lines = after(status(acme(incidents=[row])), "▲ It")
    assert lines[1].endswith("Line 0.")
    assert lines[10:] == [
        "  Line 9. …",
        "  +1 earlier update (--updates)     https://stspg.io/i1",
    ]
    whole = after(status(acme(incidents=[row]), view=replace(VIEW, timelines=True)), "▲ It")
    assert "    Line 11." in whole
    assert whole[-2:] == ["    Before.", "  https://stspg.io/i1"]


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
def test_open_incidents_are_in_the_order_of_their_impact(format: str) -> None:
    impacts = "none", "critical", "minor", "major"
    vendor = acme(incidents=[incident(f"impact {one}!", impact=one) for one in impacts])
    text = render(report(vendor, command="status"), format, VIEW)
    shown = [text.find(f"impact {one}!") for one in ("critical", "major", "minor")]
    assert -1 not in shown
    assert shown == sorted(shown)


def test_the_name_of_an_event_is_wrapped_if_nothing_else_shows_it_whole() -> None:
    name = " ".join(["a name that needs more than one line"] * 4)
    vendor = acme(incidents=[incident(name)], windows=[window(name), window(name, "in_progress")])
    for view in VIEW, replace(VIEW, width=40):
        lines = status(vendor, view=view)
        assert " ".join(" ".join(lines).split()).count(name) == 3
        assert max(map(cell_len, lines)) <= view.width
    assert name in " ".join(" ".join(incidents(vendor)).split())


@pytest.mark.parametrize(("body", "end"), [("ab " * 200, " ab …"), ("处" * 300, "处处 …")])
def test_the_ellipsis_of_a_text_that_was_cut_fits_into_its_last_line(body: str, end: str) -> None:
    row = incident("It", "resolved", resolved="2026-01-15 11:30", updates=[update(body)])
    lines = after(status(acme(history=[row])), "✓ It")[1:-1]
    assert len(lines) == 3
    assert lines[-1].endswith(end)
    assert max(map(cell_len, lines)) <= 80


def test_a_text_that_was_cut_says_how_to_see_it_whole() -> None:
    row = incident("It", updates=[update("\n".join(f"Line {n}." for n in range(12)))])
    assert "  full text: --updates     https://stspg.io/i1" in status(acme(incidents=[row]))


def test_a_long_address_is_on_a_line_of_its_own() -> None:
    url = f"https://stspg.io/{'x' * 40}"
    row = incident("It", updates=[update("Now."), update("Before.")], url=url)
    assert after(status(acme(incidents=[row])), "▲ It")[-2:] == [
        "  +1 earlier update (--updates)",
        f"  {url}",
    ]


def test_timelines_show_every_update() -> None:
    timeless = {**update(""), "display_at": None}
    row = incident("It", updates=[timeless, update("Text.", "identified")])
    vendor = acme(incidents=[row])
    assert incidents(vendor, view=replace(VIEW, timelines=True)) == [
        "Acme                                           status.acme.example  read 0 s ago",
        "  past incidents are unknown",
        "",
        "▲ It",
        "  investigating · impact minor · 15 Jan 11:05 UTC, 55 min so far",
        "  identified · 15 Jan 11:12 UTC",
        "    Text.",
        "  investigating",
        "    (no text published)",
        "  https://stspg.io/i1",
    ]
    no_text = incident("It", updates=[timeless])
    assert after(status(acme(incidents=[no_text])), "▲ It")[1] == "  (no text published)"


def test_incidents_of_several_vendors_are_one_list() -> None:
    run = [broken(history=PAST), healthy("fine"), stale("gone"), acme(history=[], name="Quiet")]
    assert incidents(*run) == [
        "2 incidents at 1 of 4 vendors; 1 unknown",
        "",
        "◆ Acme: Builds are stuck",
        "  identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Build",
        "  A disk is full.",
        "  We are adding one.",
        "  https://stspg.io/i1",
        "",
        "✓ Acme: API errors",
        "  resolved · impact minor · 3 Jan 08:00 UTC, lasted 1 h 30 min · API",
        "  Fixed.",
        "  https://stspg.io/i0",
        "",
        "? unknown  Acme  no answer in 10 s",
        "",
        "Acme: past incidents are unknown",
        "",
        "no matching incidents  Quiet",
    ]


def test_incidents_by_vendor_are_a_section_each() -> None:
    lines = incidents(
        broken(history=PAST), healthy("fine"), stale(), view=replace(VIEW, by_vendor=True)
    )
    assert lines[:5] == [
        "Acme                                           status.acme.example  read 0 s ago",
        "  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▃▁▁▁▁▁▁▁▁▁▁▁▆  17 Dec - 15 Jan",
        "  ▃ minor  ▆ major",
        "",
        "◆ Builds are stuck",
    ]
    assert lines[-7:] == [
        "Acme                                           status.fine.example  read 0 s ago",
        "  no open incidents",
        "  past incidents are unknown",
        "",
        "Acme                                      status.acme.example  stale, 12 min old",
        "? unknown: no answer in 10 s",
        "  past incidents are unknown",
    ]


def test_the_strip_wraps_and_marks_harmless_and_unknown_days() -> None:
    rows = [
        incident(
            f"I{n}", "resolved", "none", started="2026-01-14 08:00", resolved="2026-01-15 09:00"
        )
        for n in range(50)
    ]
    vendor = acme(history=rows, days=12)
    narrow = replace(VIEW, width=30)
    assert incidents(vendor, view=narrow)[2:5] == [
        "  ??????????  4 Jan - 13 Jan",
        "  ▂▂  14 Jan - 15 Jan",
        "  ? unknown  ▂ impact none",
    ]
    assert incidents(vendor, view=replace(narrow, ascii=True))[2:5] == [
        "  ??????????  4 Jan - 13 Jan",
        "  oo  14 Jan - 15 Jan",
        "  ? unknown  o impact none",
    ]


def test_a_strip_of_years_has_their_numbers() -> None:
    vendor = acme(history=[], days=800)
    lines = " ".join(incidents(vendor))
    assert f"  {'▁' * 48}  8 Nov 2023 - 25 Dec 2023" in lines
    assert lines.endswith("  15 Dec - 15 Jan   no incidents")
    assert "Incidents         800 days: no incidents" in status(vendor)


def test_a_quiet_month_has_no_legend() -> None:
    vendor = acme(history=[])
    assert incidents(vendor)[1:] == ["  " + "▁" * 30 + "  17 Dec - 15 Jan", "  no incidents"]
    assert status(vendor)[-1] == "Incidents         " + "▁" * 30 + "  30 days: no incidents"


def test_a_list_without_the_incidents_of_its_days_has_no_match() -> None:
    vendor = replace(acme(history=PAST), incidents=())
    assert incidents(vendor)[-1] == "  no matching incidents"


ODD: dict[str, tuple[Row, str, str]] = {
    "harmless but open": (
        incident("It", impact="none"),
        "○ It",
        "investigating · impact none · 15 Jan 11:05 UTC, 55 min so far",
    ),
    "over, nobody says when": (
        incident("It", "resolved"),
        "✓ It",
        "resolved · impact minor · 15 Jan 11:05 UTC, over",
    ),
    "a status nobody knows": (
        incident("It", "pondering"),
        "▲ It",
        "unknown (pondering) · impact minor · 15 Jan 11:05 UTC, 55 min so far",
    ),
    "without a status": (
        incident("It", ""),
        "▲ It",
        "unknown (no status) · impact minor · 15 Jan 11:05 UTC, 55 min so far",
    ),
    "without a start": (
        {**incident("It"), "created_at": None},
        "▲ It",
        "investigating · impact minor",
    ),
    "of another year": (
        incident("It", started="2025-12-24 18:00"),
        "▲ It",
        "investigating · impact minor · 24 Dec 2025 18:00 UTC, 21 d 18 h so far",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_unusual_incident_is_shown_as_it_is(name: str) -> None:
    row, head, facts = ODD[name]
    vendor = acme(incidents=[row], history=[])
    lines = incidents(vendor)
    at = lines.index(head)
    assert lines[at + 1 :] == [f"  {facts}", "  (no text published)", "  https://stspg.io/i1"]


def test_an_incident_without_components_is_marked_if_some_are_selected() -> None:
    vendor = acme(incidents=[incident("It")], components=("API",))
    assert incidents(vendor)[4] == (
        "  investigating · impact minor · 15 Jan 11:05 UTC, 55 min so far · not linked to"
    )


def test_an_incident_without_an_address_ends_with_its_text() -> None:
    summary = page(component("API"), incidents=[incident("It", url="")])
    del summary["page"]["url"]
    assert incidents(judged(summary))[-1] == "  (no text published)"


def test_ascii_keeps_the_width_of_every_character() -> None:
    vendor = acme(component("Zürich"), component("東京"), component("“quoted” – …"))
    lines = status(vendor, view=ASCII)
    assert all(line.isascii() for line in lines)
    assert lines[3:] == [
        "  Zurich        + operational",
        "  ????          + operational",
        '  "quoted" - ~  + operational',
    ]


def test_no_text_of_a_vendor_makes_a_row_of_its_own_or_moves_the_cursor() -> None:
    lines = status(hostile(), view=replace(VIEW, unfold=True))
    rows = [line for line in lines if "partial outage" in line]
    assert [row[2:12].rstrip() for row in rows] == [
        " ".join(text.split())[:10].rstrip() for text in HOSTILE
    ]
    assert max(map(cell_len, rows)) <= 80
    assert "".join(lines).isprintable()


def test_a_text_that_wraps_before_a_command_is_not_one() -> None:
    row = incident("It", updates=[update(f"{'b' * 78}::error::forged ##[error]")])
    vendor = acme(incidents=[row])
    assert after(incidents(vendor), "▲ It")[1:3] == [
        f"  {'b' * 78}",
        "  .:error::forged # #[error]",
    ]


def test_full_width_signs_make_no_command_in_ascii() -> None:
    vendor = acme(component("＃＃［error］"), description="：：error：：forged")
    lines = status(vendor, view=ASCII)
    assert lines[0].startswith("+ Acme: ok  ::error::forged")
    assert lines[3] == "  .#[error]  + operational"


def below_threshold(slug: str) -> Judged:
    return judged(page(component("EU", "partial_outage")), slug=slug, fail_on=FailOn.CRITICAL)


def test_vendors_below_their_thresholds_are_counted() -> None:
    one, other = below_threshold("one"), below_threshold("other")
    assert shown(report(one, healthy()))[0].startswith("1 below its threshold · 1 ok")
    assert shown(report(one, other, healthy()))[0].startswith("2 below their thresholds · 1 ok")


def arriving(*vendors: Judged, awaited: Sequence[str] = ("slow",), drill: str = "") -> list[str]:
    run = report(*vendors, drill=drill or None)
    return filling(run, awaited, 3.7, VIEW).rstrip("\n").split("\n")


def test_vendors_that_are_awaited_are_named_below_those_that_arrived() -> None:
    lines = arriving(broken("github"), healthy("fine"), drill="bad-day")
    assert lines[0] == " DRILL  bad-day  DRILL"
    assert lines[1].startswith("1 vendor has a problem · 1 ok  ")
    assert lines[1].endswith("  2/3 · waiting for slow 3 s")
    assert [line[:9] for line in lines[2:] if line] == ["◆ major  ", "✓ 1 ok  A", "· reading"]


def test_before_any_vendor_arrives_only_the_awaited_are_shown() -> None:
    assert [line.strip() for line in arriving()] == [
        "0/1 · waiting for slow 3 s",
        "",
        "· reading  slow",
    ]


def test_once_all_have_arrived_nothing_is_awaited() -> None:
    lines = arriving(broken("github"), awaited=())
    assert lines[0].endswith("1/1")
    assert not any("reading" in line for line in lines)


def test_an_incident_without_a_link_is_said_to_have_none_if_components_are_selected() -> None:
    loose = {**incident("Loose"), "created_at": None}
    scoped = judged(page(component("API"), incidents=[loose]), components=("API",))
    assert after(status(scoped), "▲ Loose")[0] == "  not linked to a component"
