"""Other vendors that open incidents name, in every format that shows incidents."""

from dataclasses import replace

import pytest

from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import render
from outlogger_cli.render.json import vendor
from tests.reports import VIEW, acme, component, healthy, incident, report, update


def on(
    slug: str, body: str = "AWS is slow.", *, status: str = "investigating", title: str = "Slow"
) -> Judged:
    told = incident(title, status, resolved="2026-01-15 11:30", updates=[update(body, status)])
    bad = component("API", "major_outage")
    incidents = [told] if status != "resolved" else []
    return acme(bad, slug=slug, name=slug, incidents=incidents, history=[told])


def text(format: str, *vendors: Judged, command: str = "status", width: int = 100) -> str:
    run: Report = report(*vendors, command=command)
    return render(run, format, replace(VIEW, width=width))


BOTH = on("one"), on("two", "Amazon S3 and Stripe are slow."), healthy("fine")


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
@pytest.mark.parametrize("command", ["status", "incidents"])
def test_the_incident_of_one_vendor_says_whom_it_names(format: str, command: str) -> None:
    assert " names AWS, Stripe" in text(format, BOTH[1], command=command)
    assert "names" not in text(format, on("one", "A disk is full."), command=command)


def test_the_overview_says_it_beside_each_incident_and_in_its_first_line() -> None:
    first, *rest = text("table", *BOTH).splitlines()
    assert first == "2 vendors have problems · 1 ok · common cause? AWS"
    said = [line.strip() for line in rest if "names" in line]
    assert said == [
        "Slow · investigating · updated 48 min ago · names AWS",
        "Slow · investigating · updated 48 min ago · names AWS, Stripe",
    ]


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
def test_a_common_cause_needs_two_vendors(format: str) -> None:
    assert "common cause? AWS" in text(format, *BOTH)
    assert "common cause" not in text(format, *BOTH[1:])


def test_check_asks_for_a_common_cause_too() -> None:
    assert "common cause? AWS" in text("table", *BOTH, command="check").splitlines()[0]


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
def test_a_closed_incident_does_not_say_whom_it_named(format: str) -> None:
    closed = on("one", status="resolved"), on("two", status="resolved")
    assert "AWS is slow." in text(format, closed[0], command="incidents")
    assert "names" not in text(format, closed[0], command="incidents")
    assert "names" not in text(format, *closed)
    assert "common cause" not in text(format, *closed)


@pytest.mark.parametrize("status", ["investigating", "resolved"])
def test_the_document_has_the_slugs(status: str) -> None:
    (found,) = vendor(one := on("one", "Stripe, AWS", status=status), report(one))["incidents"]
    assert found["names"] == ["stripe", "aws"]


def test_its_own_name_is_not_anothers() -> None:
    (found,) = vendor(one := on("aws"), report(one))["incidents"]
    assert found["names"] == []
    assert "names" not in text("table", one)


def test_on_a_narrow_terminal_the_name_of_the_incident_gives_way() -> None:
    rows = text("table", on("one", title="A long story " * 9), healthy("fine"), width=60)
    assert "            A long story A long… · investigating · names AWS" in rows.splitlines()
