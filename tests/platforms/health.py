"""How healthy a reading claims to be, to show that damage never makes a page healthier."""

from collections.abc import Mapping

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Severity, Snapshot
from outlogger_cli.platforms import Platform
from tests.support import document

BROKEN_AT = tuple(range(0, 100, 10))


def claims(snapshot: Snapshot) -> tuple[tuple[str, ...], ...]:
    """The claims of health a snapshot makes: a green roll-up, green components, closed incidents.

    A damaged page may make fewer of these than the whole one, never more.
    """
    return (
        ("indicator",) if snapshot.indicator is Severity.NONE else (),
        tuple(c.id or c.name for c in snapshot.components if c.status.severity is Severity.NONE),
        tuple(i.id or i.name for i in snapshot.incidents if not i.status.open),
    )


def never_healthier(
    platform: Platform, read: Mapping[str, Document], name: str, body: object
) -> Snapshot | None:
    """Parse `read` with document `name` replaced by `body`; the snapshot, or None if refused.

    Fails where the damaged page claims health that the whole page does not.
    """
    whole = platform.parse(read)
    changed = {**read, name: document(name, body, read[name].endpoint.url)}
    try:
        hurt = platform.parse(changed)
    except PageError:
        return None
    assert len(claims(hurt)[0]) <= len(claims(whole)[0]), "a greener roll-up"
    assert len(claims(hurt)[1]) <= len(claims(whole)[1]), "more green components"
    still_open = [i for i in whole.incidents if i.status.open]
    closed = {i.id for i in hurt.incidents if not i.status.open}
    assert not [i for i in still_open if i.id and i.id in closed], "an open incident closed"
    return hurt


def truncations(body: bytes) -> list[bytes]:
    """`body` cut off at every tenth of its length."""
    return [body[: len(body) * tenth // 100] for tenth in BROKEN_AT]
