"""Azure DevOps: what its one document says, and that damage never makes a page healthier."""

from typing import Any

import pytest

from outlogger_cli.domain.model import Component, ComponentStatus, Snapshot
from outlogger_cli.platforms import azuredevops
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
