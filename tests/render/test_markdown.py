"""Markdown: parsed by a Markdown parser; nothing a vendor writes is more than text."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import markdown
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
    stale,
    strange,
    unreadable,
    update,
    watching,
    without_link,
)

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

REFERENCE = re.compile(r"[a-z][a-z0-9+.-]*://|www\.|[@#!%~$&]\w|\bGH-\d", re.IGNORECASE)
"""Text that GitHub and GitLab turn into links and mentions."""


def tokens(text: str) -> Iterator[Token]:
    for block in PARSER.parse(text):
        yield block
        yield from block.children or ()


def test_the_whole_text_of_a_run() -> None:
    run = report(healthy("fine"), broken("github", history=PAST), stale("gone"), watching("calm"))
    assert markdown.render(run, VIEW) == (
        "**1 vendor has a problem · 1 unknown · 1 with an open incident · 1 ok**\n"
        "\n"
        "| State | Vendor | What |\n"
        "| --- | --- | --- |\n"
        "| ◆ major | [Acme](https://status.github.example) | Europe/Build partial outage,"
        " +1 component |\n"
        "| ? unknown | [Acme](https://status.gone.example) | no answer in 10 s; last read"
        " 11:48 UTC: ok |\n"
        "| ○ ok | [Acme](https://status.calm.example) | API errors |\n"
        "\n"
        "✓ 1 other ok: Acme\n"
        "\n"
        "### [Acme](https://status.github.example)\n"
        "\n"
        "- ◆ Europe/Build partial outage\n"
        "- ▲ API degraded performance\n"
        "- open incident: [Builds are stuck](https://stspg.io/i1) · identified · impact major ·"
        " 15 Jan 11:05 UTC, 55 min so far<br>A disk is full.<br>We are adding one.\n"
        "\n"
        "### [Acme](https://status.gone.example)\n"
        "\n"
        "- ? no answer in 10 s\n"
        "- last read 15 Jan 11:48 UTC\n"
        "\n"
        "### [Acme](https://status.calm.example)\n"
        "\n"
        "- open incident: [API errors](https://stspg.io/i1) · monitoring · impact major ·"
        " 15 Jan 11:05 UTC, 55 min so far<br>A fix is out.\n"
    )


def items(*vendors: Judged, command: str = "check") -> list[str]:
    """The items of the lists below the table."""
    text = markdown.render(report(*vendors, command=command), VIEW)
    return [line.removeprefix("- ") for line in text.split("\n") if line.startswith("- ")]


def test_incidents_lists_resolved_incidents_too() -> None:
    assert items(broken(history=PAST), command="incidents")[-1] == (
        "incident: [API errors](https://stspg.io/i0) · resolved · impact minor ·"
        " 3 Jan 08:00 UTC, lasted 1 h 30 min<br>Fixed."
    )


def test_the_incidents_of_several_vendors_are_one_list_the_newest_first() -> None:
    old = acme(incidents=[incident("Old", started="2026-01-02 10:00", url="")], slug="a")
    calm, gone = acme(history=()), unreadable(slug="gone")
    run = report(old, broken(history=PAST), calm, gone, healthy("blind"), command="incidents")
    tally, rows, quiet = markdown.render(run, VIEW).split("\n\n")
    assert tally == "**3 incidents at 2 of 5 vendors; 1 unknown**"
    assert [row.split("](")[0] for row in rows.split("\n")] == [
        "- [Acme",
        "- [Acme",
        "- [Acme",
        "- note: [Acme",
        "- ? [gone",
        "- note: [Acme",
    ]
    assert ["Builds" in rows.split("\n")[0], "API errors" in rows.split("\n")[1]] == [True, True]
    assert quiet == "No matching incidents: Acme\n"


def test_several_vendors_without_a_past_have_no_list() -> None:
    calm = report(acme(history=()), acme(history=(), slug="b"), command="incidents")
    assert markdown.render(calm, VIEW) == (
        "**0 incidents at 0 of 2 vendors**\n\nNo matching incidents: Acme, Acme\n"
    )
    past = report(broken(history=PAST), broken("b", history=PAST), command="incidents")
    assert "No matching" not in markdown.render(past, VIEW)


def test_a_timeline_has_every_update_with_its_time() -> None:
    run = report(broken(history=PAST), command="incidents")
    assert markdown.render(run, replace(VIEW, timelines=True)).count("<br>") == 4
    assert (
        "<br>identified · 15 Jan 11:31 UTC: A disk is full.<br>We are adding one."
        "<br>investigating · 15 Jan 11:12 UTC: We are looking into it."
    ) in markdown.render(run, replace(VIEW, timelines=True))


def test_an_incident_without_times_link_or_text_is_shown() -> None:
    bare = {**incident("Bare", url=""), "created_at": None}
    over = incident("Old", "resolved", url="")
    unlinked = page(component("API"), incidents=[bare, over])
    del unlinked["page"]["url"]
    assert items(judged(unlinked, history=()), command="incidents")[-2:] == [
        "incident: Old · resolved · impact minor · 15 Jan 11:05 UTC, over",
        "open incident: Bare · investigating · impact minor",
    ]


def test_a_long_text_is_cut() -> None:
    long = incident("Long", updates=[update("x" * 1001)])
    assert items(judged(page(incidents=[long])))[-1].endswith("<br>" + "x" * 1000 + "…")


def test_what_is_not_counted_is_a_note() -> None:
    assert items(narrowed()) == ["note: 2 other components have problems, outside the selection"]
    assert items(strange()) == ['note: Search status is unknown: "on\\_fire"']


def test_a_vendor_without_findings_is_only_a_row() -> None:
    assert items(healthy()) == []


def test_active_maintenance_is_shown() -> None:
    assert items(in_maintenance()) == [
        "◷ Database under maintenance",
        '◷ maintenance "Database upgrade" in progress',
    ]


def test_of_vendors_that_are_ok_there_are_names_or_their_number() -> None:
    run = report(healthy("a"), healthy("b"))
    assert markdown.render(run, VIEW) == "**all 2 vendors ok**\n\n✓ 2 vendors ok: Acme, Acme\n"
    few = replace(VIEW, problems_only=True)
    assert markdown.render(run, few) == "**all 2 vendors ok**\n\n✓ 2 vendors ok\n"
    every = markdown.render(run, replace(VIEW, unfold=True))
    assert every.count("| ✓ ok |") == 2


def test_a_drill_is_named_first() -> None:
    text = markdown.render(report(healthy(), drill="a *bad* day"), VIEW)
    assert text.split("\n")[0] == "**DRILL: a \\*bad\\* day. Simulated data.**"


def test_without_unicode_the_text_is_ascii_and_reads_the_same() -> None:
    run = report(acme(component("Größe", "major_outage"), incidents=[incident("ünter")]))
    text = markdown.render(run, replace(VIEW, ascii=True))
    assert text.isascii()
    assert "| X critical | [Acme](https://status.acme.example) | Gr&#246;&#223;e major" in text


BY_VENDOR = replace(VIEW, by_vendor=True)
HOSTILE_RUN = report(hostile(), acme(history=()), command="incidents", drill=HOSTILE[14])


def test_the_only_links_are_those_to_pages_and_incidents() -> None:
    links = [
        str(token.attrs["href"])
        for token in tokens(markdown.render(HOSTILE_RUN, BY_VENDOR))
        if token.type == "link_open"
    ]
    incidents = [f"https://evil.example/{n}%7C%29%28%22%3E%3C" for n in range(len(HOSTILE))]
    vendor = "https://status.hostile.example"
    assert sorted(links) == sorted([vendor, vendor, *incidents])


def test_no_text_of_a_vendor_is_more_than_text() -> None:
    allowed = {
        *("paragraph", "table", "thead", "tbody", "tr", "th", "td", "heading", "bullet_list"),
        *("list_item", "inline", "text", "link", "strong", "html_inline"),
    }
    found = list(tokens(markdown.render(HOSTILE_RUN, BY_VENDOR)))
    assert {re.sub("_(open|close)$", "", token.type) for token in found} == allowed
    assert {token.content for token in found if token.type == "html_inline"} == {"<br>"}


def test_there_is_a_row_per_vendor_and_a_line_per_item() -> None:
    kinds = Counter(token.type for token in tokens(markdown.render(HOSTILE_RUN, BY_VENDOR)))
    vendor = HOSTILE_RUN.vendors[0]
    findings = sum(not finding.of_incident for finding in vendor.findings)
    assert (kinds["tr_open"], kinds["td_open"], kinds["heading_open"]) == (2, 3, 1)
    assert kinds["list_item_open"] == findings + len(vendor.incidents)


def test_nothing_in_the_text_reads_as_an_address_a_mention_or_a_reference() -> None:
    texts = [
        token.content
        for token in tokens(markdown.render(HOSTILE_RUN, BY_VENDOR))
        if token.type == "text"
    ]
    assert not [text for text in texts if REFERENCE.search(text)]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_vendor_is_shown_as_it_was_written(text: str) -> None:
    (block,) = PARSER.parse(f"text: {markdown.escape(text)}")[1:2]
    words = "".join(
        "\n" if token.type == "html_inline" else token.content for token in block.children or ()
    )
    assert words.replace("\u200b", "") == f"text: {text}"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_row_has_three_cells_whatever_is_in_them(text: str) -> None:
    run = report(acme(component(text, "major_outage"), name=text))
    cells = [
        block.children or ()
        for block, after in pairwise(PARSER.parse(markdown.render(run, VIEW)))
        if after.type == "td_close"
    ]
    texts = ["".join(token.content for token in cell).replace("\u200b", "") for cell in cells]
    clean = " ".join(text.split())
    assert texts == ["✖ critical", clean, f"{clean} major outage"]


def test_an_address_is_kept_by_quoting() -> None:
    address = "https://evil.example/a_(b)*c*?x=1&copy;=2#!/~d"
    run = report(judged(page(incidents=[incident("It", url=address)])))
    links = [str(t.attrs["href"]) for t in tokens(markdown.render(run, VIEW)) if t.attrs]
    assert unquote(links[-1]) == address


def test_no_delimiter_of_mathematics_is_left() -> None:
    assert markdown.escape("$x$ costs $ 5") == "&#36;&#8203;x&#36; costs &#36; 5"


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    assert "| ✓ ok | Acme | All Systems Operational |" in markdown.render(
        report(without_link()), VIEW
    )
