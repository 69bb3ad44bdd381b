"""PagerDuty status pages.

The page's HTML carries its data as JSON in `<script id="data">`. Not documented; the two forms of
it are those that a public program reads on https://status.pagerduty.com. Neither has components,
and the other fields of an incident are unknown.

wire                                        ours
(older) update all_good, minor, major,      impact none, minor, major, critical, maintenance
critical, maintenance
(newer) globalStatusHeadlineHasError false  none
                                     true   minor: the headline does not say how bad

In the older form the indicator is the worst update of an open incident. No open incident is
health, unless `all_good` beside it is false. Which update is the newest is unknown, so the worst
counts. The newer form has only a headline. There is no list of closed incidents.
"""

import re
from dataclasses import replace

from outlogger_cli.domain.model import (
    Depth,
    Document,
    Endpoint,
    Impact,
    Incident,
    Severity,
    Snapshot,
)
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import build, fields, html
from outlogger_cli.platforms.shared.fields import Fields, not_a_page

HOSTS: tuple[str, ...] = ("status.pagerduty.com",)
CAN: tuple[str, ...] = ()

_SCRIPT = re.compile(rb"<script\b[^<>]*>", re.I)
_DATA = re.compile(rb"\bid=[\"']?data\b", re.I)
_END = re.compile(rb"</script>", re.I)
_IMPACTS = {
    "all_good": Impact.NONE,
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
    "maintenance": Impact.MAINTENANCE,
}
_HEADLINES = ((True, Severity.MINOR), (False, Severity.NONE))


def endpoints(page_url: str, _depth: Depth, _read: Documents, /) -> tuple[Endpoint, ...]:
    return (html.page_endpoint(page_url),)


def parse(read: Documents, /) -> Snapshot:
    data = _data(read["page"])
    page = Snapshot(
        page_name=html.page_name(read),
        page_url=html.page_address(read),
        indicator=Severity.UNKNOWN,
    )
    return _of_incidents(page, data) if _lists_incidents(data) else _of_headline(page, data)


def _data(document: Document) -> Fields:
    start = next((t.end() for t in _SCRIPT.finditer(document.body) if _DATA.search(t[0])), 0)
    end = _END.search(document.body, start) if start else None
    if end is None:
        raise not_a_page("the answer is not a page with PagerDuty's data in it")
    data = fields.json_object(replace(document, body=document.body[start : end.start()]))
    if not _lists_incidents(data) and not _headline(data).values:
        raise not_a_page("the answer is JSON but has no open incidents and no headline")
    return data


def _lists_incidents(data: Fields) -> bool:
    return "open_incidents" in data.inside("summary")


def _headline(data: Fields) -> Fields:
    return data.inside("layout", "layout_settings", "statusPage")


def _of_headline(page: Snapshot, data: Fields) -> Snapshot:
    headline = _headline(data)
    has_error = headline.values.get("globalStatusHeadlineHasError")
    found = (severity for flag, severity in _HEADLINES if has_error is flag)
    return replace(
        page,
        indicator=next(found, Severity.UNKNOWN),
        description=headline.text("globalStatusHeadline"),
    )


def _of_incidents(page: Snapshot, data: Fields) -> Snapshot:
    summary = data.object("summary")
    rows = summary.objects("open_incidents", required=True)
    incidents = tuple(_incident(row) for row in rows)
    found = build.worst_open(incidents)
    denied = False in (data.values.get("all_good"), summary.values.get("all_good"))
    return replace(
        page,
        indicator=Severity.UNKNOWN if denied and found is Severity.NONE else found,
        indicator_of_incidents=True,
        incidents=incidents,
    )


def _incident(row: Fields) -> Incident:
    words = {update.word("severity") for update in row.objects("updates")} or {""}
    impacts = {word: _IMPACTS.get(word, Impact.MINOR) for word in sorted(words)}
    severity = max(impacts, key=lambda word: impacts[word].severity.rank)
    return Incident(
        id=row.text("id", row.text("title")),
        name=row.text("title", "(no title)"),
        impact=impacts[severity],
        raw_impact=severity,
    )
