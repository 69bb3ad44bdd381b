"""Azure DevOps: what its one document says, and that damage never makes a page healthier."""

from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Component, ComponentStatus, Depth, Snapshot
from outlogger_cli.platforms import azuredevops, recognised
from tests.platforms import expected
from tests.support import document, sample

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
    assert (read.indicator, read.raw_indicator) == ("minor", "degraded")
    assert read.description == "Some users may see delays."


def test_a_service_in_one_geography_is_a_component() -> None:
    assert page().components == (
        expected.component(
            "Pipelines/EU", "Europe", "major_outage", "unhealthy", group="Pipelines"
        ),
        expected.component(
            "Pipelines/US", "United States", "operational", "healthy", group="Pipelines"
        ),
        expected.component("Repos/EU", "Europe", "degraded_performance", "advisory", group="Repos"),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("healthy", "operational"),
        (4, "operational"),
        ("advisory", "degraded_performance"),
        (3, "degraded_performance"),
        ("Degraded", "degraded_performance"),
        (2, "degraded_performance"),
        ("unhealthy", "major_outage"),
        (1, "major_outage"),
        ("on_fire", "unknown"),
        (True, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_health_is_known_or_unknown(word: object, status: str) -> None:
    assert geography(word).status == status
    assert page(status={"health": word}).indicator is ComponentStatus(status).severity


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
