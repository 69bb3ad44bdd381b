"""Azure DevOps: the words for the health of a service, and the numbers that stand for them."""

from functools import partial

import pytest

from outlogger_cli.domain.model import Component, ComponentStatus
from tests.platforms.pages import with_keys
from tests.support import sample

page = partial(with_keys, "azuredevops")

HEALTH = sample("azuredevops/health.json")


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
