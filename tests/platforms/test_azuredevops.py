"""Azure DevOps: what its one document says, and that damage never makes a page healthier."""

import json
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Component, ComponentStatus, Depth, Severity, Snapshot
from outlogger_cli.platforms import azuredevops, recognised
from tests.platforms.health import never_healthier, truncations
from tests.platforms.hostile import survives
from tests.support import damaged, document, sample

HEALTH = sample("azuredevops/health.json")
API = "https://status.dev.azure.com/_apis/status/health"


def page(**changes: Any) -> Snapshot:
    """The sample page with keys of its document replaced."""
    return azuredevops.parse({"health": document("health", {**HEALTH, **changes})})


def geography(health: object) -> Component:
    row = {"id": "EU", "name": "Europe", "health": health}
    return page(services=[{"id": "Repos", "geographies": [row]}]).components[0]


@pytest.mark.parametrize(
    ("page_url", "asked"),
    [
        ("https://status.dev.azure.com", f"{API}?api-version=7.1-preview.1"),
        ("https://status.dev.azure.com/_history", f"{API}?api-version=7.1-preview.1"),
        (f"{API}?services=Repos", f"{API}?services=Repos"),
    ],
)
@pytest.mark.parametrize("depth", list(Depth))
def test_one_document_is_all_there_is(depth: Depth, page_url: str, asked: str) -> None:
    assert [e.url for e in azuredevops.endpoints(page_url, depth, {})] == [asked]


def test_the_page_says_its_roll_up() -> None:
    read = page()
    assert (read.indicator, read.raw_indicator) == (Severity.MINOR, "degraded")
    assert read.description == "Some users may see delays."


def test_a_service_in_one_geography_is_a_component() -> None:
    assert page().components == (
        Component(
            id="Pipelines/EU",
            name="Europe",
            status=ComponentStatus.MAJOR_OUTAGE,
            raw_status="unhealthy",
            group="Pipelines",
        ),
        Component(
            id="Pipelines/US",
            name="United States",
            status=ComponentStatus.OPERATIONAL,
            raw_status="healthy",
            group="Pipelines",
        ),
        Component(
            id="Repos/EU",
            name="Europe",
            status=ComponentStatus.DEGRADED_PERFORMANCE,
            raw_status="advisory",
            group="Repos",
        ),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("healthy", ComponentStatus.OPERATIONAL),
        (4, ComponentStatus.OPERATIONAL),
        ("advisory", ComponentStatus.DEGRADED_PERFORMANCE),
        (3, ComponentStatus.DEGRADED_PERFORMANCE),
        ("Degraded", ComponentStatus.DEGRADED_PERFORMANCE),
        (2, ComponentStatus.DEGRADED_PERFORMANCE),
        ("unhealthy", ComponentStatus.MAJOR_OUTAGE),
        (1, ComponentStatus.MAJOR_OUTAGE),
        ("on_fire", ComponentStatus.UNKNOWN),
        (True, ComponentStatus.UNKNOWN),
        (None, ComponentStatus.UNKNOWN),
    ],
)
def test_every_health_is_known_or_unknown(word: object, status: ComponentStatus) -> None:
    assert geography(word).status is status
    assert page(status={"health": word}).indicator is status.severity


def test_there_is_no_history() -> None:
    assert (page().incidents, page().history_from) == ((), None)


def test_its_own_document_is_recognised() -> None:
    assert recognised(azuredevops, document("health", HEALTH))


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (
            {"services": []},
            "not_a_status_page",
            "the answer is JSON but has no status.health and services",
        ),
        (
            {"status": {"health": "healthy"}},
            "not_a_status_page",
            "the answer is JSON but has no status.health and services",
        ),
        ("<html></html>", "not_json", "the answer is an HTML page, not JSON"),
        (
            {**HEALTH, "services": None},
            "invalid",
            "services is missing where a list should be",
        ),
        (
            {**HEALTH, "services": [{"id": "Repos"}]},
            "invalid",
            "services[0].geographies is missing where a list should be",
        ),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    assert not recognised(azuredevops, document("health", body))
    with pytest.raises(PageError) as caught:
        azuredevops.parse({"health": document("health", body)})
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize(("where", "changed"), list(damaged(HEALTH)))
def test_a_page_that_lost_a_field_is_never_healthier(where: str, changed: object) -> None:
    assert where
    never_healthier(azuredevops, {"health": document("health", HEALTH)}, "health", changed)


@pytest.mark.parametrize("part", truncations(json.dumps(HEALTH).encode()))
def test_a_page_cut_off_is_never_read(part: bytes) -> None:
    whole = {"health": document("health", HEALTH)}
    assert never_healthier(azuredevops, whole, "health", part) is None


def test_no_value_of_another_type_is_a_crash() -> None:
    assert survives(azuredevops, {"health": document("health", HEALTH)}, "health")
