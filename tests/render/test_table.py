"""The table at 80 columns, and how it is shortened on narrow terminals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.cells import cell_len

from outlogger_cli.domain.model import Source
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, render
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


def test_check_is_a_line_a_vendor_and_a_tally() -> None:
    run = report(
        healthy("fine"),
        broken("github"),
        stale("gone"),
        watching("calm"),
        in_maintenance(slug="db"),
        narrowed(slug="narrow"),
        unreadable(slug="never-read"),
    )
    assert shown(run) == [
        "✓ ok           Acme        All Systems Operational",
        "✗ major        Acme        Europe/Build partial outage (+2 more)",
        "? unknown      Acme        no answer in 10 s",
        "○ ok           Acme        open incident: API errors",
        "◷ maintenance  Acme        Database under maintenance (+1 more)",
        "✓ ok           Acme        1 selected component operational",
        "    2 other components have problems, outside the selection",
        "? unknown      never-read  no answer in 10 s",
        "",
        "4 of 7 vendors fine, 1 problem, 2 unknown",
    ]


def test_check_of_one_vendor_needs_no_tally() -> None:
    silent = acme(description="")
    assert shown(report(silent)) == ["✓ ok           Acme  nothing is reported"]


def test_check_counts_the_open_incidents_it_does_not_name() -> None:
    two = [incident(name, "monitoring") for name in ("First", "Second")]
    assert shown(report(acme(incidents=two))) == [
        "○ ok           Acme  open incident: First (+1 more)"
    ]


def test_verbose_check_shows_the_reasons() -> None:
    assert shown(report(broken("github"), strange()), replace(VIEW, verbose=True)) == [
        "✗ major        Acme  Europe/Build partial outage (+2 more)",
        "    problem: Europe/Build partial outage counts as major, and minor or worse is",
        "    a problem; 2 more counted too",
        '      incident "Builds are stuck" identified, impact major',
        "      API degraded performance",
        "✓ ok           Acme  All Systems Operational",
        "    ok: nothing is wrong, by the page's own indicator and its 2 components (1",
        '    unknown); noted only: Search status is "on_fire", which nobody knows',
        "",
        "1 of 2 vendors fine, 1 problem",
    ]


def test_check_is_cut_to_a_narrow_terminal_and_has_ascii_signs() -> None:
    run = report(
        healthy("fine"),
        broken("github"),
        stale("gone"),
        watching("calm"),
        in_maintenance(),
        acme(component("A", "degraded_performance")),
        acme(component("A", "major_outage")),
    )
    assert shown(run, replace(ASCII, width=38)) == [
        "+ ok           Acme  All Systems Oper~",
        "x major        Acme",
        "    Europe/Build partial outage (+2",
        "    more)",
        "? unknown      Acme  no answer in 10 s",
        "o ok           Acme  open incident: A~",
        "m maintenance  Acme",
        "    Database under maintenance (+1",
        "    more)",
        "! minor        Acme",
        "    A degraded performance",
        "X critical     Acme  A major outage",
        "",
        "3 of 7 vendors fine, 3 problems, 1",
        "unknown",
    ]


REASON = "HTTP 500 Internal Server Error: the page's server is in trouble"


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (
            40,
            [
                "? unknown      acme",
                "    HTTP 500 Internal Server Error: the",
                "    page's server is in trouble",
            ],
        ),
        (
            60,
            [
                "? unknown      acme  HTTP 500 Internal Server Error: the",
                "                     page's server is in trouble",
            ],
        ),
        (
            80,
            [
                "? unknown      acme  HTTP 500 Internal Server Error: the page's server is in",
                "                     trouble",
            ],
        ),
        (120, [f"? unknown      acme  {REASON}"]),
    ],
)
def test_a_reason_takes_the_rows_it_needs(width: int, rows: list[str]) -> None:
    assert shown(report(unreadable(message=REASON)), replace(VIEW, width=width)) == rows


def test_a_reason_that_is_longer_than_three_rows_is_cut() -> None:
    narrow = replace(VIEW, width=60)
    assert shown(report(unreadable(message=" ".join([REASON] * 3))), narrow) == [
        "? unknown      acme  HTTP 500 Internal Server Error: the",
        "                     page's server is in trouble HTTP 500",
        "                     Internal Server Error: the page's serv…",
    ]
    word = "東京" * 30
    assert shown(report(unreadable(message=f"no {word}")), narrow) == [
        "? unknown      acme  no",
        f"                     {word[:19]}",
        f"                     {word[19:38]}…",
    ]


def test_a_drill_is_in_the_title() -> None:
    run = report(healthy(), drill="a bad day")
    assert shown(run)[0] == " DRILL  a bad day  DRILL"
    assert shown(replace(run, command="status"))[0] == " DRILL  a bad day  DRILL"
    assert shown(replace(run, command="incidents"))[0] == " DRILL  a bad day  DRILL"


def test_colour_is_added_to_the_words() -> None:
    (line,) = shown(report(broken()), replace(VIEW, color=True))
    assert line == (
        "\x1b[31m✗ major      \x1b[0m  \x1b[1mAcme\x1b[0m  Europe/Build partial outage (+2 more)"
    )


def test_the_whole_page_of_a_vendor() -> None:
    assert status(broken(history=PAST)) == [
        "Acme                                      status.acme.example · checked just now",
        "✗ major   Europe/Build partial outage (+2 more)                  1 incident open",
        "",
        "  Europe       ✗ partial outage",
        "    Queue      ✓ operational",
        "    Build      ✗ partial outage",
        "  API          ▲ degraded performance  since 15 Jan 11:00 UTC, 1 h",
        "  Dashboard    ✓ operational",
        "",
        "Maintenance",
        "  ◷ Database upgrade",
        "    scheduled · 20 Jan 21:00 UTC - 20 Jan 22:30 UTC, in 5 d 9 h · Dashboard",
        "    Reads stay up.",
        "",
        "Incidents   last 30 days · 2 · 2 h 25 min of trouble",
        "  ·················▂···········▅  17 Dec - 15 Jan",
        "  ▂ minor  ▅ major",
        "  ✗ Builds are stuck",
        "    identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Build",
        "    A disk is full.",
        "    We are adding one.",
        "    https://stspg.io/i1",
        "  ✓ API errors",
        "    resolved · impact minor · 3 Jan 08:00 UTC, lasted 1 h 30 min · API",
        "    Fixed.",
        "    https://stspg.io/i0",
    ]


def test_several_vendors_are_an_overview_and_their_current_problems() -> None:
    run = [broken("github", history=PAST), healthy("fine"), watching("calm"), in_maintenance()]
    assert status(*run) == [
        "✗ major        Acme  Europe/Build partial outage (+2 more)",
        "✓ ok           Acme  All Systems Operational",
        "○ ok           Acme  open incident: API errors",
        "◷ maintenance  Acme  Database under maintenance (+1 more)",
        "",
        "3 of 4 vendors fine, 1 problem",
        "",
        "Acme                                    status.github.example · checked just now",
        "✗ major   Europe/Build partial outage (+2 more)                  1 incident open",
        "",
        "  Europe   ✗ partial outage",
        "    Build  ✗ partial outage",
        "  API      ▲ degraded performance  since 15 Jan 11:00 UTC, 1 h",
        "",
        "Incidents   1 open",
        "  ✗ Builds are stuck",
        "    identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Build",
        "    A disk is full.",
        "    We are adding one.",
        "    https://stspg.io/i1",
        "",
        "Acme                                      status.calm.example · checked just now",
        "○ ok   open incident: API errors                                 1 incident open",
        "",
        "  no component has a problem",
        "",
        "Incidents   1 open",
        "  ✗ API errors",
        "    monitoring · impact major · 15 Jan 11:05 UTC, 55 min so far",
        "    A fix is out.",
        "    https://stspg.io/i1",
        "",
        "Acme                                      status.acme.example · checked just now",
        "◷ maintenance   Database under maintenance (+1 more)",
        "",
        "  Database  ◷ under maintenance",
        "",
        "Maintenance",
        "  ◷ Database upgrade",
        "    in progress · since 15 Jan 11:00 UTC, 1 h so far · planned until 15 Jan",
        "    13:00 UTC · Database",
    ]


def test_a_page_that_does_not_answer_shows_the_last_reading_and_its_age() -> None:
    assert status(stale()) == [
        "Acme                                     status.acme.example · stale, 12 min old",
        "? unknown   no answer in 10 s",
        "",
        "  API        ✓ operational",
        "  Dashboard  ✓ operational",
    ]
    assert status(unreadable()) == [
        "acme                                                         status.acme.example",
        "? unknown   no answer in 10 s",
    ]


def test_a_stored_reading_is_marked() -> None:
    old = acme(source=Source.CACHE, checked_at=NOW - timedelta(minutes=5))
    assert status(old)[0].endswith("  status.acme.example · stored, read 5 min ago")


def test_what_does_not_count_is_below_the_components() -> None:
    assert status(narrowed())[:5] == [
        "Acme                                      status.acme.example · checked just now",
        "✓ ok   1 selected component operational",
        "",
        "  Dashboard  ✓ operational",
        "  2 other components have problems, outside the selection",
    ]
    assert status(strange())[3:] == [
        "  API     ✓ operational",
        "  Search  ? unknown (on_fire)",
        '  Search status is "on_fire", which nobody knows',
    ]


def test_a_component_hidden_while_healthy_is_shown_with_a_problem_or_unfold() -> None:
    rows = [
        component(status, status, only_show_if_degraded=True)
        for status in ("operational", "major_outage")
    ]
    vendor = acme(*rows)
    assert status(vendor)[3:] == ["  major_outage  ✗ major outage"]
    assert status(vendor, view=replace(VIEW, unfold=True))[3:] == [
        "  operational   ✓ operational",
        "  major_outage  ✗ major outage",
    ]


def test_a_hidden_component_is_shown_if_it_is_selected() -> None:
    summary = page(component("API", only_show_if_degraded=True))
    vendor = judged(summary, components=("API",))
    assert status(vendor)[3:] == ["  API  ✓ operational"]


def test_a_group_shows_its_worst_component() -> None:
    rows = [
        *group("Well", component("A"), component("B", "under_maintenance")),
        *group("Odd", component("C", "under_maintenance"), component("D", "on_fire")),
        *group(
            "A group with a long name",
            component("E", "on_fire"),
            component("F", "degraded_performance"),
        ),
    ]
    heads = [line for line in status(acme(*rows))[3:] if not line.startswith("    ")]
    assert heads[:3] == [
        "  Well  ◷ under maintenance",
        "  Odd  ? unknown (on_fire)",
        "  A group with a long name  ▲ degraded performance",
    ]


def test_a_page_of_nothing_but_hidden_components_shows_none() -> None:
    vendor = acme(component("API", only_show_if_degraded=True))
    assert status(vendor)[3:] == []


def test_on_a_narrow_terminal_distinct_names_come_before_ages() -> None:
    since = "2026-01-15T11:12:00Z"
    vendor = acme(
        component("Payments Dashboard"),
        component("Payments API", "major_outage", updated_at=since),
        component("Payments by bank transfer in Europe"),
    )
    assert status(vendor, view=replace(VIEW, width=40))[4:] == [
        "  Payments Dashboard    ✓ operational",
        "  Payments API          ✗ major outage",
        "  Payments by bank tr…  ✓ operational",
    ]
    assert status(vendor, view=replace(VIEW, width=60))[3:] == [
        "  Payments Dashboard              ✓ operational",
        "  Payments API                    ✗ major outage  48 min",
        "  Payments by bank transfer in …  ✓ operational",
    ]


def leaves(prefix: str, number: int, status: str = "operational") -> list[Row]:
    return [component(f"{prefix}{n}", status) for n in range(number)]


def test_healthy_groups_of_a_large_page_are_a_line_each() -> None:
    large = page(
        *group("Europe", *leaves("E", 12)),
        *group("Asia", *leaves("A", 7), component("Queue", "partial_outage")),
        *group("Mars", component("Rover", "major_outage")),
        component("Website"),
    )
    assert status(judged(large))[3:] == [
        "  Europe     ✓ 12 operational",
        "  Asia       ✗ partial outage",
        "    Queue    ✗ partial outage",
        "    and 7 operational",
        "  Mars       ✗ major outage",
        "    Rover    ✗ major outage",
        "  Website    ✓ operational",
    ]


def test_many_healthy_components_without_a_group_are_a_number() -> None:
    large = page(*leaves("C", 21), component("Queue", "major_outage"))
    assert status(judged(large))[3:] == [
        "  Queue  ✗ major outage",
        "  and 21 operational (--all shows them)",
    ]
    assert len(status(judged(large), view=replace(VIEW, unfold=True))[3:]) == 22


def test_a_page_without_components_is_noted() -> None:
    assert status(judged(page()))[1:] == [
        "✓ ok   All Systems Operational",
        "  the page lists no components",
    ]


def test_the_start_of_a_problem_is_shortened_to_its_age_then_left_out() -> None:
    vendor = broken()
    assert after(status(vendor, view=replace(VIEW, width=50)), "    Build")[0] == (
        "  API          ▲ degraded performance  1 h"
    )
    assert after(status(vendor, view=replace(VIEW, width=36)), "    Build")[0] == (
        "  API          ▲ degraded performan…"
    )


def test_two_sides_that_do_not_fit_are_two_lines() -> None:
    assert status(broken(), view=replace(VIEW, width=40))[:5] == [
        "Acme",
        "  status.acme.example · checked just now",
        "✗ major   Europe/Build partial outage",
        "          (+2 more)",
        "  1 incident open",
    ]
    assert status(unreadable(message=REASON), view=replace(VIEW, width=40))[1:] == [
        "? unknown   HTTP 500 Internal Server",
        "            Error: the page's server is",
        "            in trouble",
    ]
    watched = status(watching(), view=replace(VIEW, width=40))
    assert watched[2:4] == ["○ ok   open incident: API errors", "  1 incident open"]
    assert status(healthy(), view=replace(VIEW, width=26))[2] == "✓ ok   All Systems Operat…"


def test_on_a_wide_terminal_text_stays_as_narrow_as_a_page() -> None:
    words = " ".join(["word"] * 60)
    vendor = acme(incidents=[incident("It", updates=[update(words)])])
    body = after(incidents(vendor, view=replace(VIEW, width=300)), "  ▲ It")[1:-1]
    assert [len(line) for line in body] == [4 + 21 * 5 - 1, 4 + 21 * 5 - 1, 4 + 18 * 5 - 1]


@pytest.mark.parametrize("width", [111, 120, 300])
def test_on_a_wide_terminal_both_sides_of_a_line_stay_on_it(width: int) -> None:
    wide = replace(VIEW, width=width)
    assert status(broken(), view=wide)[
        0
    ] == "Acme" + "status.acme.example · checked just now".rjust(106)
    assert incidents(broken(), view=wide)[0] == status(broken(), view=wide)[0]


def test_active_maintenance_comes_first_then_the_next_scheduled() -> None:
    planned = [
        window(f"W{day}", start=f"2026-01-{day} 08:00", end=f"2026-01-{day} 09:00")
        for day in (23, 14, 22)
    ]
    under_way = window("Now", "verifying", start="2026-01-15 11:00", end="2026-01-15 12:30")
    vendor = acme(windows=[*planned, under_way])
    assert after(status(vendor), "Maintenance") == [
        "  ◷ Now",
        "    verifying · since 15 Jan 11:00 UTC, 1 h so far · planned until 15 Jan 12:30",
        "    UTC",
        "  ◷ W14",
        "    scheduled · 14 Jan 08:00 UTC - 14 Jan 09:00 UTC, 1 d 4 h ago",
        "  ◷ W22",
        "    scheduled · 22 Jan 08:00 UTC - 22 Jan 09:00 UTC, in 6 d 20 h",
        "  and 1 more (--all shows them)",
    ]
    everything = after(status(vendor, view=replace(VIEW, unfold=True)), "Maintenance")
    assert everything[-2:] == [
        "  ◷ W23",
        "    scheduled · 23 Jan 08:00 UTC - 23 Jan 09:00 UTC, in 7 d 20 h",
    ]


def test_active_maintenance_may_have_no_end_or_a_future_start() -> None:
    endless = {**window("A", "in_progress", start="2026-01-15 11:00"), "scheduled_until": None}
    early = window("B", "in_progress", start="2026-01-15 13:00", end="2026-01-15 14:00")
    vendor = acme(windows=[endless, early])
    assert after(status(vendor), "Maintenance") == [
        "  ◷ A",
        "    in progress · since 15 Jan 11:00 UTC, 1 h so far",
        "  ◷ B",
        "    in progress · 15 Jan 13:00 UTC - 15 Jan 14:00 UTC, in 1 h",
    ]


def test_maintenance_without_times_or_text_is_shown() -> None:
    bare = {**window("Some day"), "scheduled_for": None, "scheduled_until": None}
    vendor = acme(windows=[bare])
    assert after(status(vendor), "Maintenance") == ["  ◷ Some day", "    scheduled"]


def test_of_many_components_an_event_names_four() -> None:
    names = [f"C{n}" for n in range(6)]
    endless = {**window("Wide", links=names), "scheduled_until": None}
    vendor = acme(
        *map(component, names), windows=[endless], incidents=[incident("Far", links=names)]
    )
    assert after(status(vendor), "  ◷ Wide") == [
        "    scheduled · 20 Jan 21:00 UTC, in 5 d 9 h · C0, C1, C2, C3 and 2 more"
    ]
    assert after(status(vendor), "  ▲ Far")[0] == (
        "    investigating · impact minor · 15 Jan 11:05 UTC, 55 min so far · C0, C1, C2,"
    )


def test_status_lists_five_incidents_and_names_the_command_for_others() -> None:
    past = [
        incident(
            f"I{day}", "resolved", started=f"2026-01-0{day} 08:00", resolved=f"2026-01-0{day} 09:00"
        )
        for day in range(1, 8)
    ]
    lines = status(acme(history=past))
    assert [line for line in lines if line.startswith("  ✓ I")] == [
        "  ✓ I7",
        "  ✓ I6",
        "  ✓ I5",
        "  ✓ I4",
        "  ✓ I3",
    ]
    assert lines[-1] == "  and 2 more: outlogger incidents acme"


def test_a_long_text_is_three_lines_in_status_and_whole_in_incidents() -> None:
    words = " ".join(["word"] * 60)
    long = [incident("Long", updates=[update(f"{words}\nThe end.")])]
    vendor = acme(incidents=long)
    body = after(status(vendor), "  ▲ Long")[1:-1]
    assert len(body) == 3
    assert body[-1].endswith("word …")
    assert after(incidents(vendor), "  ▲ Long")[-2] == "    The end."


def test_a_text_of_many_short_lines_is_cut_after_three() -> None:
    body = "First.\nSecond.\nThird.\nFourth."
    vendor = acme(incidents=[incident("It", updates=[update(body)])])
    assert after(status(vendor), "  ▲ It")[1:-1] == [
        "    First.",
        "    Second.",
        "    Third.",
        "    …",
    ]


def test_timelines_show_every_update() -> None:
    timeless = {**update(""), "display_at": None}
    row = incident("It", updates=[timeless, update("Text.", "identified")])
    vendor = acme(incidents=[row])
    assert incidents(vendor, view=replace(VIEW, timelines=True)) == [
        "Acme                                      status.acme.example · checked just now",
        "  past incidents are not known",
        "",
        "  ▲ It",
        "    investigating · impact minor · 15 Jan 11:05 UTC, 55 min so far",
        "    identified · 15 Jan 11:12 UTC",
        "    Text.",
        "    investigating",
        "    (no text published)",
        "    https://stspg.io/i1",
    ]


def test_incidents_of_several_vendors() -> None:
    assert incidents(broken(history=PAST), healthy("fine"), stale("gone")) == [
        "Acme                                      status.acme.example · checked just now",
        "  ·················▂···········▅  17 Dec - 15 Jan",
        "  ▂ minor  ▅ major",
        "",
        "  ✗ Builds are stuck",
        "    identified · impact major · 15 Jan 11:05 UTC, 55 min so far · Build",
        "    A disk is full.",
        "    We are adding one.",
        "    https://stspg.io/i1",
        "",
        "  ✓ API errors",
        "    resolved · impact minor · 3 Jan 08:00 UTC, lasted 1 h 30 min · API",
        "    Fixed.",
        "    https://stspg.io/i0",
        "",
        "Acme                                      status.fine.example · checked just now",
        "  no open incidents",
        "  past incidents are not known",
        "",
        "Acme                                     status.gone.example · stale, 12 min old",
        "? no answer in 10 s",
        "  past incidents are not known",
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
        "  ▪▪  14 Jan - 15 Jan",
        "  ? not known  ▪ impact none",
    ]
    assert incidents(vendor, view=replace(narrow, ascii=True))[2:5] == [
        "  ??????????  4 Jan - 13 Jan",
        "  oo  14 Jan - 15 Jan",
        "  ? not known  o impact none",
    ]


def test_a_strip_of_years_has_their_numbers() -> None:
    vendor = acme(history=[], days=800)
    lines = " ".join(incidents(vendor))
    assert f"  {'·' * 48}  8 Nov 2023 - 25 Dec 2023" in lines
    assert lines.endswith("  15 Dec - 15 Jan   no incidents")


def test_a_quiet_month_has_no_legend() -> None:
    vendor = acme(history=[])
    assert incidents(vendor)[1:] == ["  " + "·" * 30 + "  17 Dec - 15 Jan", "  no incidents"]
    assert status(vendor)[-2:] == [
        "Incidents   last 30 days · 0",
        "  " + "·" * 30 + "  17 Dec - 15 Jan",
    ]


def test_a_list_without_the_incidents_of_its_days_has_no_match() -> None:
    vendor = replace(acme(history=PAST), incidents=())
    assert incidents(vendor)[-1] == "  no incidents of the kind that was asked for"


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
    at = lines.index(f"  {head}")
    assert lines[at + 1 :] == [f"    {facts}", "    (no text published)", "    https://stspg.io/i1"]


def test_an_incident_without_components_is_marked_if_some_are_selected() -> None:
    vendor = acme(incidents=[incident("It")], components=("API",))
    assert incidents(vendor)[4] == (
        "    investigating · impact minor · 15 Jan 11:05 UTC, 55 min so far · unscoped:"
    )


def test_an_incident_without_an_address_ends_with_its_text() -> None:
    summary = page(component("API"), incidents=[incident("It", url="")])
    del summary["page"]["url"]
    assert incidents(judged(summary))[-1] == "    (no text published)"


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
    lines = status(hostile())
    rows = [line for line in lines if line.endswith("✗ partial outage")]
    assert [row[2:12].rstrip() for row in rows] == [
        " ".join(text.split())[:10].rstrip() for text in HOSTILE
    ]
    assert max(map(cell_len, rows)) <= 80
    assert "".join(lines).isprintable()


def test_a_text_that_wraps_before_a_command_is_not_one() -> None:
    row = incident("It", updates=[update(f"{'b' * 76}::error::forged ##[error]")])
    vendor = acme(incidents=[row])
    assert after(incidents(vendor), "  ▲ It")[1:3] == [
        f"    {'b' * 76}",
        "    .:error::forged # #[error]",
    ]


def test_full_width_signs_make_no_command_in_ascii() -> None:
    vendor = acme(component("＃＃［error］"), description="：：error：：forged")
    assert status(vendor, view=ASCII)[1:4] == [
        "+ ok   ::error::forged",
        "",
        "  .#[error]  + operational",
    ]
