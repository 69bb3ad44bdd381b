"""Gatus: the last result of each endpoint, and what is announced."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from outlogger_cli import platforms
from outlogger_cli.domain.model import Incident, Snapshot
from outlogger_cli.platforms import gatus
from tests.platforms.pages import snapshot
from tests.support import NOW, document, recognised, utc

page = partial(snapshot, "gatus")


def result(success: object = True, *, minutes: float = 1) -> dict[str, Any]:
    return {"success": success, "timestamp": (NOW - timedelta(minutes=minutes)).isoformat()}


def reading(*results: object, key: str = "core_api") -> Snapshot:
    """A page of one endpoint with these results, the oldest first."""
    rows = [{"name": "api", "key": key, "results": list(results)}]
    return gatus.parse({"endpoints": document("endpoints", rows)})


def announced(**row: Any) -> tuple[Incident, ...]:
    common = {"timestamp": "2026-01-15T11:00:00Z", "type": "outage", "message": "Down"}
    return page(config={"announcements": [{**common, **row}]}).incidents


@pytest.mark.parametrize(
    ("success", "status", "severity"),
    [
        (True, "operational", "none"),
        (False, "major_outage", "critical"),
        ("true", "unknown", "unknown"),
        (1, "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_the_last_result_counts(success: object, status: str, severity: str) -> None:
    for before in (True, False):
        read = reading(result(before, minutes=2), result(success))
        assert (read.components[0].status, read.indicator) == (status, severity)


@pytest.mark.parametrize(("minutes", "status"), [(60, "operational"), (61, "unknown")])
def test_a_last_result_older_than_an_hour_says_nothing(minutes: float, status: str) -> None:
    assert reading(result(minutes=minutes)).components[0].status == status
    assert reading(result(False, minutes=61)).components[0].status == "unknown"


@pytest.mark.parametrize("timestamp", [None, "", "now", "0001-01-01T00:00:00Z"])
def test_a_result_without_a_time_says_nothing(timestamp: object) -> None:
    read = reading({"success": True, "timestamp": timestamp})
    assert (read.components[0].status, read.indicator) == ("unknown", "unknown")


def test_an_endpoint_without_results_is_unknown() -> None:
    assert reading().indicator == "unknown"
    rows = [{"name": "api", "key": "_api", "results": None}]
    assert gatus.parse({"endpoints": document("endpoints", rows)}).indicator == "unknown"


def test_one_endpoint_without_results_hides_what_it_may_be() -> None:
    rows = [{"key": "a", "results": [result()]}, {"key": "b", "results": []}]
    read = gatus.parse({"endpoints": document("endpoints", rows)})
    assert read.indicator == "unknown"
    assert [component.name for component in read.components] == ["a", "b"]


def test_an_endpoint_is_as_it_is_since_the_first_result_of_that_kind() -> None:
    results = [result(minutes=4), result(False, minutes=3), result(False, minutes=2)]
    assert reading(*results).components[0].updated_at == utc("2026-01-15 11:57")
    assert reading(*results[1:]).components[0].updated_at is None


def test_a_suite_that_fails_is_a_problem() -> None:
    rows = [{"name": "checkout", "key": "_checkout", "results": [result(False)]}]
    read = page(endpoints=[{"key": "a", "results": [result()]}], suites=rows)
    assert (read.indicator, read.components[1].name) == ("critical", "checkout")


@pytest.mark.parametrize(
    ("kind", "impact"),
    [("outage", "major"), ("warning", "minor"), ("on_fire", "minor"), (None, "minor")],
)
def test_an_announcement_is_an_open_incident(kind: str | None, impact: str) -> None:
    (one,) = announced(type=kind)
    assert (one.impact, one.status.open, one.name) == (impact, True, "Down")


@pytest.mark.parametrize("kind", ["information", "operational", "none"])
def test_an_announcement_of_another_kind_is_no_incident(kind: str) -> None:
    assert announced(type=kind) == ()


def test_only_an_announcement_that_is_archived_is_over() -> None:
    assert announced(archived=True) == ()
    assert len(announced(archived=None)) == len(announced(archived="yes")) == 1


def test_an_announcement_without_a_text_has_no_title() -> None:
    (one,) = announced(message=None)
    assert (one.name, one.updates) == ("(no title)", ())


@pytest.mark.parametrize("rows", [[], [{"name": "api"}], [3], {"endpoints": []}])
def test_a_list_of_something_else_is_not_recognised(rows: object) -> None:
    assert not recognised(gatus, document("endpoints", rows))


def test_every_row_has_to_be_an_endpoint() -> None:
    rows = [{"key": "a", "results": []}, {"key": "b"}]
    assert not recognised(gatus, document("endpoints", rows))
    assert recognised(gatus, document("endpoints", rows[:1]))


@pytest.mark.parametrize(
    "markup",
    [
        '<html><script>window.config = {logo: "", header: "Health"};</script>',
        "<html><script>const config = {maximumNumberOfResults: 100}</script>",
        "<html><title>Health Dashboard | Gatus</title>",
    ],
)
def test_a_page_is_known_by_its_html(markup: str) -> None:
    assert platforms.named_in(markup.encode()) == {"gatus"}
