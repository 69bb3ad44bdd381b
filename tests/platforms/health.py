"""How healthy a snapshot claims to be, to show that damage never makes a page healthier."""

from outlogger_cli.domain.model import Severity, Snapshot


def assert_no_healthier(hurt: Snapshot, whole: Snapshot, where: str) -> None:
    """That a damaged page makes no claim of health that the whole page does not make."""
    assert _fine(hurt) <= _fine(whole), f"a greener roll-up: {where}"
    assert _green(hurt) <= _green(whole), f"more green components: {where}"
    still_open = {i.id for i in whole.incidents if i.id and i.status.open}
    closed = {i.id for i in hurt.incidents if not i.status.open}
    assert not still_open & closed, f"an open incident closed: {where}"


def _fine(snapshot: Snapshot) -> bool:
    return snapshot.indicator is Severity.NONE


def _green(snapshot: Snapshot) -> int:
    return sum(component.status.severity is Severity.NONE for component in snapshot.components)


def truncations(body: bytes) -> list[bytes]:
    """`body` cut off at every tenth of its length."""
    return [body[: len(body) * tenth // 10] for tenth in range(10)]
