"""Hyperping status pages: the overall status only.

`/api/config?hostname=<host of the page>` has the roll-up. It is not documented, and read as another
client of it does: what else it holds was not seen.

wire                                        ours
globals.topLevelStatus.status up            none
  outage                                    major
  maintenance                               maintenance
"""

from outlogger_cli.domain.model import Depth, Endpoint, Severity, Snapshot
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import addresses, fields
from outlogger_cli.platforms.shared.fields import not_a_page

HOSTS: tuple[str, ...] = ("hyperping.app",)
CAN: tuple[str, ...] = ()

_INDICATORS = {
    "up": Severity.NONE,
    "outage": Severity.MAJOR,
    "maintenance": Severity.MAINTENANCE,
}


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    path = f"/api/config?hostname={addresses.host_of(page_url)}"
    return (Endpoint(name="config", url=addresses.at(page_url, path)),)


def parse(read: Documents, /) -> Snapshot:
    status = fields.json_object(read["config"]).inside("globals", "topLevelStatus")
    if "status" not in status:
        raise not_a_page("unexpected JSON without globals.topLevelStatus.status")
    word = status.word("status")
    return Snapshot(indicator=_INDICATORS.get(word, Severity.UNKNOWN), raw_indicator=word)
