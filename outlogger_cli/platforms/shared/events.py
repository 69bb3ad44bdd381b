"""Pages that list events and nothing else, where nothing open is health: AWS, Azure, Google."""

from collections.abc import Iterable

from outlogger_cli.domain.model import Document, Incident, Severity, worst
from outlogger_cli.platforms.shared import fields, reading
from outlogger_cli.platforms.shared.fields import Fields


def roll_up(incidents: Iterable[Incident]) -> Severity:
    """The worst open event, `none` where nothing is open."""
    return worst(incident.impact.severity for incident in incidents if incident.status.open)


def rows(document: Document, name: str) -> list[Fields]:
    """The objects of a document that is one bare list of `name` and nothing else.

    An empty list is a claim of health, so a list inside an object is somebody else's. Raises
    `not_json`, `not_a_status_page` where it is no list, `invalid` where a row is no object.
    """
    value = fields.json_value(document)
    if not isinstance(value, list):
        raise reading.not_a_page(f"the answer is JSON but not a list of {name}")
    return list(Fields({name: value}).objects(name))


def asked_of(document: Document, hosts: Iterable[str]) -> bool:
    """Whether `document` was asked of one of `hosts`, which alone tells empty lists apart."""
    return reading.is_on(document.endpoint.url, hosts)
