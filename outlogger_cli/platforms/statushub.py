"""StatusHub pages: the numbers of services that are up, affected and down only.

`/api/statuses` counts the services. It is not documented, and read as another client of it does:
what else it holds was not seen.

wire                                        ours
counters.count_status_3 (down) not 0        major
counters.count_status_2 (affected) not 0    minor
counters.count_status_1 (up) not 0          none, if the other two are 0
All 0, or one of them missing, is unknown.
"""

from outlogger_cli.domain.model import Depth, Endpoint, Severity, Snapshot
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, fields
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("statushub.io",)
CAN: tuple[str, ...] = ()

_KEYS = {"count_status_1", "count_status_2", "count_status_3"}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return (Endpoint(name="statuses", url=addresses.at(page_url, "/api/statuses")),)


def parse(read: Documents, /) -> Snapshot:
    counters = fields.json_object(read["statuses"]).inside("counters")
    if not _KEYS & counters.values.keys():
        raise not_a_page("unexpected JSON without counters of services")
    return Snapshot(indicator=_indicator(counters))


def _indicator(counters: Fields) -> Severity:
    up, affected, down = (counters.number(key, -1) for key in sorted(_KEYS))
    if down > 0:
        return Severity.MAJOR
    if affected > 0:
        return Severity.MINOR
    return Severity.NONE if up > 0 and affected == 0 and down == 0 else Severity.UNKNOWN
