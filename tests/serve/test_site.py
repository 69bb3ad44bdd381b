"""What the overview says beside each vendor's state, and above all of them."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from outlogger_cli.domain.model import Selection
from outlogger_cli.render import View
from outlogger_cli.serve.site import Pages
from tests.cli.commands.pages import HEALTHY
from tests.serve.rounds import INTERVAL, Network, good, host
from tests.support import NOW

URL = "https://status.acme.example/incidents/i1"


def overview(found: Network) -> str:
    pages = Pages(found.readings, View(now=NOW))
    return pages.resources["/"].body(False).decode()


def incident(**facts: Any) -> dict[str, Any]:
    return {
        **{"id": "i1", "name": "Slow builds", "status": "monitoring", "impact": "minor"},
        **{"shortlink": URL, "incident_updates": [], "components": []},
        **facts,
    }


def acme(page: Mapping[str, Any], **options: Any) -> Network:
    """A server that has read this page of `acme`, and a healthy one."""
    own = {f"{host('acme')}/api/v2/summary.json": httpx.Response(200, json=page)}
    found = Network(("acme", "fine"), good("acme") | good("fine") | own, **options)
    found.readings.read_round()
    return found


def test_an_incident_that_does_not_decide_is_named_and_linked() -> None:
    second = incident(id="i2", name="Slow logs", impact="none")
    troubled = [{**one, "status": "partial_outage"} for one in HEALTHY["components"]]
    text = overview(acme({**HEALTHY, "components": troubled, "incidents": [incident(), second]}))
    assert (
        f'<a href="{URL}" rel="noreferrer">Slow builds</a> &#183; monitoring &#183; +1 open' in text
    )


def test_an_incident_that_decides_is_the_headline_and_says_how_bad_it_is() -> None:
    open_one = incident(status="identified", impact="major")
    text = overview(acme({**HEALTHY, "incidents": [open_one]}))
    assert "identified &#183; impact major" in text
    assert text.count("Slow builds") == 1


def test_problems_outside_the_selection_are_counted() -> None:
    first, *others = HEALTHY["components"]
    page = {
        **HEALTHY,
        "components": [first, *({**one, "status": "major_outage"} for one in others)],
    }
    only = Selection(include=(first["name"],))
    text = overview(acme(page, selection=only))
    assert len(others) == 1
    assert "1 other component has a problem" in text


def test_readings_that_are_too_old_are_named_first() -> None:
    found = acme(HEALTHY)
    assert "Older than" not in overview(found)
    found.time.pass_by(3 * INTERVAL)
    assert "Older than 2 min: Acme (read 3 min ago), Fine (read 3 min ago)" in overview(found)


@pytest.mark.parametrize(("fails", "said"), [(httpx.ConnectError("x"), True), (None, False)])
def test_a_machine_without_a_network_says_so_once(
    fails: httpx.ConnectError | None, said: bool
) -> None:
    answers = good("acme") | good("fine")
    if fails:
        answers = dict.fromkeys(answers, fails)
    found = Network(("acme", "fine"), answers)
    found.readings.read_round()
    text = overview(found)
    assert ("none of 2 status pages could be reached" in text) is said
