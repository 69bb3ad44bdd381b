"""cState: its words, and the issues that only a list of their own has."""

import json
from functools import partial
from typing import Any

import pytest

from outlogger_cli.domain.model import Incident, Snapshot
from outlogger_cli.platforms import cstate
from tests.platforms.pages import with_keys
from tests.support import document, recognised, sample

page = partial(with_keys, "cstate")

INDEX = sample("cstate/index.json")
ISSUES = sample("cstate/issues.json")


def whole_page(issues: object = ISSUES) -> Snapshot:
    return cstate.parse({"index": document("index", INDEX), "issues": document("issues", issues)})


def issue(**changes: Any) -> Incident:
    """One issue of the list, with its fields replaced."""
    row = {**ISSUES["pages"][0], "filename": "other.md", **changes}
    (found,) = [i for i in whole_page({"pages": [row]}).incidents if i.id != "queue-stalled.md"]
    return found


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("ok", "none"),
        ("notice", "minor"),
        ("disrupted", "major"),
        ("down", "critical"),
        ("on_fire", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_summary_word_is_known_or_unknown(word: str | None, severity: str) -> None:
    assert page(summaryStatus=word).indicator == severity


def test_a_word_nobody_knows_is_unknown_and_kept() -> None:
    (component,) = page(systems=[{"name": "API", "status": "Burning"}]).components
    assert (component.status, component.raw_status) == ("unknown", "Burning")


@pytest.mark.parametrize(
    ("changes", "impact"),
    [
        ({"severity": "notice"}, "minor"),
        ({"severity": "disrupted"}, "major"),
        ({"severity": "down"}, "critical"),
        ({"severity": "on_fire"}, "minor"),
        ({"severity": None}, "minor"),
        ({"severity": ""}, "none"),
    ],
)
def test_the_severity_of_an_issue_is_its_impact(changes: dict[str, Any], impact: str) -> None:
    assert issue(**changes).impact == impact


@pytest.mark.parametrize("resolved", [None, "true", 1])
def test_an_issue_that_does_not_say_it_is_resolved_is_open(resolved: object) -> None:
    found = issue(resolved=resolved)
    assert (found.status, found.raw_status) == ("unknown", "")


def test_an_announcement_is_not_an_incident() -> None:
    row = {**ISSUES["pages"][0], "informational": True}
    assert whole_page({"pages": [row]}).incidents == page().incidents
    systems = [{"name": "API", "status": "ok", "unresolvedIssues": [row]}]
    assert page(systems=systems).incidents == ()


@pytest.mark.parametrize(
    ("summary", "severity", "is_open"),
    [
        ("ok", "notice", False),
        ("ok", "down", False),
        ("notice", "disrupted", False),
        ("disrupted", "down", False),
        ("notice", "notice", True),
        ("down", "notice", True),
        ("ok", "", True),
        ("ok", "on_fire", True),
        ("on_fire", "down", True),
        (None, "down", True),
    ],
)
def test_an_issue_worse_than_the_page_is_not_open(
    summary: object, severity: str, is_open: bool
) -> None:
    row = {**ISSUES["pages"][0], "severity": severity}
    index = document("index", {**INDEX, "summaryStatus": summary, "systems": []})
    read = cstate.parse({"index": index, "issues": document("issues", {"pages": [row]})})
    assert [one.status.open for one in read.incidents] == [is_open]


def quoted(value: object) -> str:
    """The JSON as the templates write it, with texts that break it."""
    wire = json.dumps(value).replace("Queue stalled", 'Queue says "full" or C:\\full')
    return wire.replace('"description": "Jobs', '"description": "Jobs\n("cron")')


def test_quotation_marks_in_texts_do_not_break_the_page() -> None:
    index, issues = document("index", quoted(INDEX)), document("issues", quoted(ISSUES))
    read, whole = cstate.parse({"index": index, "issues": issues}), whole_page()
    assert recognised(cstate, index)
    assert read.incidents[0].name == 'Queue says "full" or C:\\full'
    assert read.components[1].description == 'Jobs ("cron") and retries'
    assert [one.status for one in read.components] == [one.status for one in whole.components]
    assert [one.id for one in read.incidents] == [one.id for one in whole.incidents]


@pytest.mark.parametrize("moment", ["<no value>", "", None, 7, "soon +0000 UTC"])
def test_a_moment_nobody_can_read_is_none(moment: object) -> None:
    assert issue(createdAt=moment).started_at is None


@pytest.mark.parametrize("affected", [None, "API", [True, None, ""]])
def test_what_is_no_name_is_no_link(affected: object) -> None:
    assert issue(affected=affected).links == ()
