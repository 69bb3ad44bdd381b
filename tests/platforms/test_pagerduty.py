"""PagerDuty: what both forms of its page say."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Impact, Snapshot
from outlogger_cli.platforms import pagerduty
from tests.support import document, recognised, sample

INCIDENTS = sample("pagerduty/incidents.json")
HEADLINE = sample("pagerduty/headline.json")
NO_DATA = "the answer is not a page with PagerDuty's data in it"
NO_KEYS = "the answer is JSON but has no open incidents and no headline"


def html(data: object) -> Document:
    """A page as PagerDuty writes it, with `data` in its script."""
    script = data if isinstance(data, str) else json.dumps(data)
    return document(
        "page",
        "<!DOCTYPE html><html><head><title>Acme &amp; Co</title></head><body>"
        f'<script type="application/json" id="data">{script}</script>'
        "<script>start()</script></body></html>",
    )


def page(data: object) -> Snapshot:
    return pagerduty.parse({"page": html(data)})


def with_severities(*words: object) -> Snapshot:
    updates = [{"severity": word} for word in words]
    return page({"summary": {"open_incidents": [{"title": "T", "updates": updates}]}})


def with_headline(**changes: Any) -> Snapshot:
    headline = {**HEADLINE["layout"]["layout_settings"]["statusPage"], **changes}
    return page({"layout": {"layout_settings": {"statusPage": headline}}})


@pytest.mark.parametrize("data", [INCIDENTS, HEADLINE])
def test_both_forms_are_recognised_and_say_their_name(data: object) -> None:
    assert recognised(pagerduty, html(data))
    read = page(data)
    assert (read.page_name, read.page_url) == ("Acme & Co", "https://status.acme.example")
    assert (read.components, read.history_from) == ((), None)


def test_no_open_incident_is_health() -> None:
    read = page({"summary": {"open_incidents": []}})
    assert (read.indicator, read.incidents) == ("none", ())


@pytest.mark.parametrize(
    ("words", "impact", "raw"),
    [
        (["all_good"], "none", "all_good"),
        (["maintenance", "all_good"], "maintenance", "maintenance"),
        (["minor"], "minor", "minor"),
        (["minor", "major"], "major", "major"),
        (["critical", "major"], "critical", "critical"),
        (["on_fire", "all_good"], "minor", "on_fire"),
        ([None], "minor", ""),
        ([], "minor", ""),
    ],
)
def test_the_worst_update_is_the_impact(words: list[Any], impact: str, raw: str) -> None:
    read = with_severities(*words)
    (incident,) = read.incidents
    assert (incident.impact, incident.raw_impact) == (impact, raw)
    assert read.indicator is Impact(impact).severity


@pytest.mark.parametrize(
    ("flag", "severity"),
    [
        (True, "minor"),
        (False, "none"),
        (None, "unknown"),
        ("false", "unknown"),
        (0, "unknown"),
        ([], "unknown"),
    ],
)
def test_the_headline_says_whether_something_is_wrong(flag: object, severity: str) -> None:
    read = with_headline(globalStatusHeadlineHasError=flag)
    assert (read.indicator, read.description) == (severity, "We are having trouble")


def test_incidents_are_read_rather_than_a_headline() -> None:
    assert page({**INCIDENTS, **HEADLINE}).indicator == "major"


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (document("page", "<html><script>1</script></html>"), "not_a_status_page", NO_DATA),
        (document("page", INCIDENTS), "not_a_status_page", NO_DATA),
        (html({}), "not_a_status_page", NO_KEYS),
        (html({"summary": [], "layout": {"layout_settings": 7}}), "not_a_status_page", NO_KEYS),
        (html("[]"), "not_a_status_page", "the answer is JSON but a list, not a page"),
        (html("{"), "not_json", "the JSON breaks off or is damaged"),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: Document, kind: str, message: str) -> None:
    assert not recognised(pagerduty, body)
    with pytest.raises(PageError) as caught:
        pagerduty.parse({"page": body})
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize(
    "piece", ["<script ", "<script>", "<script id=data ", "<script id=data>", "id=data "]
)
def test_a_page_is_looked_through_in_one_pass(piece: str) -> None:
    """Starting over at each tag would take minutes here."""
    page = document("page", f"<html><script {piece * (1_000_000 // len(piece))}")
    assert not recognised(pagerduty, page)
