"""StatusCake public reports: which tests are up and which are down.

`https://app.statuscake.com/Workfloor/PublicReportHandler.php?PublicID=<id>` lists the tests. The id
is in the address of the report, or else in its HTML, which is read first. The list is not
documented, and read as another client of it does: only the status of a test was seen. So tests
go by their place in the list.

wire                                        ours
TestData[].Status Up                        operational
  Down                                      major_outage
There is no roll-up: the indicator is the worst test. A list without tests says nothing.
"""

import re

from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    Snapshot,
)
from outlogger_cli.platforms import Documents, accepts
from outlogger_cli.platforms.shared import addresses, build, fields, html
from outlogger_cli.platforms.shared.fields import not_a_page

HOSTS: tuple[str, ...] = ("uptime.statuscake.com", "app.statuscake.com")
CAN: tuple[str, ...] = ("components",)

_HANDLER = "/Workfloor/PublicReportHandler.php"
_API = f"https://app.statuscake.com{_HANDLER}"
_IN_QUERY = re.compile(r"[?&](?:PublicID|TestID)=([A-Za-z0-9]{1,40})(?:[&#].*)?", re.IGNORECASE)
_IN_PATH = re.compile(r"/([A-Za-z0-9]{4,40})/?")
_IN_HTML = re.compile(r"\bPublicID=([A-Za-z0-9]{1,40})\b", re.IGNORECASE)

_STATUSES = {"up": ComponentStatus.OPERATIONAL, "down": ComponentStatus.MAJOR_OUTAGE}


def endpoints(page_url: str, _depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    if addresses.path_of(page_url).endswith(_HANDLER):
        return (Endpoint(name="report", url=page_url),)
    report = _in_address(page_url)
    first = () if report else (html.page_endpoint(page_url),)
    report = report or _in_html(read)
    return (*first, Endpoint(name="report", url=f"{_API}?PublicID={report}")) if report else first


def recognises(document: Document, /) -> bool:
    return bool(_in_html({"page": document})) or accepts(parse, document)


def parse(read: Documents, /) -> Snapshot:
    wire = fields.json_object(
        html.data_of(read, "report", platform="StatusCake", found=_in_html(read))
    )
    if "TestData" not in wire:
        raise not_a_page("unexpected JSON without TestData")
    components = tuple(
        Component(
            id=str(number),
            name=f"Test {number}",
            status=_STATUSES.get(row.word("Status"), ComponentStatus.UNKNOWN),
            raw_status=row.text("Status"),
        )
        for number, row in enumerate(wire.objects("TestData", required=True), 1)
    )
    return Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=build.roll_up(component.status for component in components),
        components=components,
    )


def _in_address(page_url: str) -> str:
    """The id of the report in the address of its page, "" if there is none."""
    found = _IN_QUERY.search(page_url)
    if found is None and addresses.is_on(page_url, HOSTS):
        found = _IN_PATH.fullmatch(addresses.path_of(page_url))
    return found[1] if found else ""


def _in_html(read: Documents) -> str:
    found = _IN_HTML.search(html.own_html(read))
    return found[1] if found else ""
