"""Reports of invented pages, parsed by the Statuspage parser and judged as in a real run.

The small builders (`component`, `incident`, `window`, `page`) make wire documents. `judged`, `acme`
and `unreadable` make vendors of them, `report` a run. The vendors below are shared by many tests.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from outlogger_cli.domain import report as reports
from outlogger_cli.domain.history import Window
from outlogger_cli.domain.model import (
    Failed,
    FailOn,
    FailureKind,
    OnUnknown,
    Policy,
    Read,
    Reason,
    Selection,
    Source,
    Vendor,
)
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.text import line
from outlogger_cli.domain.verdict import Judged, judge
from outlogger_cli.platforms import statuspage
from outlogger_cli.render import View
from tests.support import NOW, document, utc

Row = dict[str, Any]

VIEW = View(now=NOW, zone=NOW.tzinfo)
"""The view of most tests: 80 columns, no colour, UTC."""


def component(
    name: str, status: str | None = "operational", *, id: str | None = None, **fields: Any
) -> Row:
    """A component without children; its id is its name by default."""
    return {"id": name if id is None else id, "name": name, "status": status, **fields}


def group(name: str, *children: Row) -> list[Row]:
    """A group row and its children."""
    parent = {"id": f"group {name}", "name": name, "status": "operational", "group": True}
    return [parent, *({**child, "group_id": parent["id"]} for child in children)]


def update(body: str, status: str = "investigating", at: str = "2026-01-15 11:12") -> Row:
    return {"status": status, "body": body, "display_at": wire_time(at)}


def incident(
    name: str,
    status: str = "investigating",
    impact: str = "minor",
    *,
    started: str = "2026-01-15 11:05",
    resolved: str | None = None,
    links: Iterable[str] = (),
    updates: Sequence[Row] = (),
    url: str = "https://stspg.io/i1",
) -> Row:
    """`links` are names of components."""
    return {
        "id": f"incident {name}",
        "name": name,
        "status": status,
        "impact": impact,
        "created_at": wire_time(started),
        "resolved_at": resolved and wire_time(resolved),
        "shortlink": url,
        "components": [{"id": link, "name": link} for link in links],
        "incident_updates": list(updates),
    }


def window(
    name: str,
    status: str = "scheduled",
    *,
    start: str = "2026-01-20 21:00",
    end: str = "2026-01-20 22:30",
    links: Iterable[str] = (),
    updates: Sequence[Row] = (),
) -> Row:
    """A scheduled maintenance."""
    return {
        "id": f"window {name}",
        "name": name,
        "status": status,
        "scheduled_for": wire_time(start),
        "scheduled_until": wire_time(end),
        "shortlink": "https://stspg.io/m1",
        "components": [{"id": link, "name": link} for link in links],
        "incident_updates": list(updates),
    }


def page(
    *rows: Row,
    indicator: str | None = "none",
    description: str = "All Systems Operational",
    incidents: Sequence[Row] = (),
    windows: Sequence[Row] = (),
    name: str = "Acme",
) -> Row:
    """A summary with its components in this order."""
    return {
        "page": {"id": "acme00000001", "name": name, "url": "https://status.acme.example"},
        "status": {"indicator": indicator, "description": description},
        "components": [{"position": place, **row} for place, row in enumerate(rows)],
        "incidents": list(incidents),
        "scheduled_maintenances": list(windows),
    }


def judged(
    summary: Row,
    *,
    slug: str = "acme",
    name: str | None = None,
    history: Sequence[Row] | None = None,
    days: int = 30,
    components: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    fail_on: FailOn = FailOn.MINOR,
    on_unknown: OnUnknown = OnUnknown.FAIL,
    source: Source = Source.LIVE,
    checked_at: datetime = NOW,
) -> Judged:
    """The vendor of the page `summary`, with a `history` if there is one."""
    read = {"summary": document("summary", summary)}
    if history is not None:
        read["incidents"] = document("incidents", {"incidents": list(history)})
    outcome = Read(
        vendor=Vendor(
            slug=slug,
            url=f"https://status.{slug}.example",
            name=name,
            platform="statuspage",
            selection=Selection(include=components, exclude=exclude),
            policy=Policy(fail_on=fail_on, on_unknown=on_unknown),
        ),
        platform="statuspage",
        snapshot=statuspage.parse(read),
        source=source,
        checked_at=checked_at,
    )
    return judge(outcome, window=None if history is None else Window(days=days, now=NOW))


def acme(
    *rows: Row,
    indicator: str | None = "none",
    description: str = "All Systems Operational",
    incidents: Sequence[Row] = (),
    windows: Sequence[Row] = (),
    name: str = "Acme",
    **reading: Any,
) -> Judged:
    """The vendor of a page with these components, or with one healthy component."""
    summary = page(
        *(rows or [component("API")]),
        indicator=indicator,
        description=description,
        incidents=incidents,
        windows=windows,
        name=name,
    )
    return judged(summary, **reading)


def unreadable(
    *,
    slug: str = "acme",
    kind: FailureKind = FailureKind.TIMEOUT,
    reason: Reason = Reason.UNSPECIFIED,
    message: str = "no answer in 10 s",
    http_status: int | None = None,
    platform: str | None = "statuspage",
    on_unknown: OnUnknown = OnUnknown.FAIL,
    last: Judged | None = None,
) -> Judged:
    """A vendor whose page could not be read; `last` was read twelve minutes before."""
    stored = None
    if last and last.reading:
        stored = replace(last.reading, source=Source.STALE, checked_at=NOW - timedelta(minutes=12))
    failed = Failed(
        vendor=Vendor(
            slug=slug,
            url=f"https://status.{slug}.example",
            platform=platform,
            policy=Policy(on_unknown=on_unknown),
        ),
        kind=kind,
        reason=reason,
        message=message,
        http_status=http_status,
        checked_at=NOW,
        last=stored,
    )
    return judge(failed, window=Window(days=30, now=NOW) if last and last.days else None)


def report(*vendors: Judged, command: str = "check", drill: str | None = None) -> Report:
    """A run of `command`; the exit code of `check` and `wait` is the verdict."""
    return reports.build(command, vendors, gate=command in {"check", "wait"}, now=NOW, drill=drill)


def skipped() -> Report:
    """The report of `check --skip`."""
    return replace(report(), verdict=unreadable().verdict, skipped=True)


def wire_time(text: str) -> str:
    """`2026-01-15 11:05` as Statuspage writes it."""
    return utc(text).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def healthy(slug: str = "acme") -> Judged:
    return judged(page(component("API"), component("Dashboard")), slug=slug)


BROKEN = page(
    *group("Europe", component("Queue"), component("Build", "partial_outage")),
    component("API", "degraded_performance", updated_at=wire_time("2026-01-15 11:00")),
    component("Dashboard"),
    indicator="major",
    description="Partial System Outage",
    incidents=[
        incident(
            "Builds are stuck",
            "identified",
            "major",
            links=["Build"],
            updates=[
                update("A disk is full.\nWe are adding one.", "identified", "2026-01-15 11:31"),
                update("We are looking into it."),
            ],
        )
    ],
    windows=[
        window(
            "Database upgrade", links=["Dashboard"], updates=[update("Reads stay up.", "scheduled")]
        )
    ],
)
PAST = [
    incident(
        "API errors",
        "resolved",
        "minor",
        started="2026-01-03 08:00",
        resolved="2026-01-03 09:30",
        links=["API"],
        updates=[update("Fixed.", "resolved", "2026-01-03 09:30")],
        url="https://stspg.io/i0",
    )
]


def without_link() -> Judged:
    """A healthy vendor whose address is not a web address."""
    one = healthy()
    vendor = replace(one.vendor, url="javascript:alert(1)")
    return replace(one, outcome=replace(one.outcome, vendor=vendor))


def broken(slug: str = "acme", *, history: Sequence[Row] | None = None, **policy: Any) -> Judged:
    """One component is out, one degraded, an incident is open, maintenance is scheduled."""
    return judged(BROKEN, slug=slug, history=history, **policy)


def strange(**policy: Any) -> Judged:
    """One component has an unknown status."""
    return judged(page(component("API"), component("Search", "on_fire")), **policy)


def stale(slug: str = "acme") -> Judged:
    """The page does not answer; twelve minutes ago it was healthy."""
    return unreadable(slug=slug, last=healthy(slug))


def in_maintenance(**policy: Any) -> Judged:
    """Maintenance is active and its component is in maintenance."""
    rows = component("Database", "under_maintenance"), component("API")
    under_way = window(
        "Database upgrade",
        "in_progress",
        start="2026-01-15 11:00",
        end="2026-01-15 13:00",
        links=["Database"],
    )
    return judged(page(*rows, indicator="maintenance", windows=[under_way]), **policy)


def watching(slug: str = "acme") -> Judged:
    """Every component is healthy while an incident is still open."""
    still = incident("API errors", "monitoring", "major", updates=[update("A fix is out.")])
    return judged(page(component("API"), incidents=[still]), slug=slug)


def narrowed(**policy: Any) -> Judged:
    """Only the dashboard counts; two other components have problems."""
    return judged(BROKEN, components=("Dashboard",), **policy)


WRITTEN = (
    "::error::forged",
    "##[add-mask]forged",
    "x%0A::warning::forged",
    '=HYPERLINK("https://evil.example","free")',
    "@SUM(1+1)",
    "+1+1",
    "-1+1",
    "# heading",
    "- item",
    "1. one",
    "> quote",
    "---",
    "```sh",
    "a | b || c \\| d \\",
    "[click](https://evil.example)",
    "![pixel](https://evil.example/p.png)",
    "<https://evil.example>",
    "https://evil.example www.evil.example a@evil.example",
    "@acme/everyone #1 GH-1 acme/app#1",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</style></title></table>&lt;b&gt; \" ' ]]> <![CDATA[ -->",
    "*bold* _it_ ~~gone~~ `code` $x$ <b>",
    "CRITICAL | problems=99",
    'x"} 1\noutlogger_up{vendor="forged',
    "javascript:alert(1)",
    "Größe 東京 …",
    "##teamcity[setParameter name='env.PATH' value='/evil']",
    "+++ unfolded",
)
"""Texts that are active in some format unless they are escaped."""

HOSTILE = tuple(map(line, WRITTEN))
"""The same as shown: without text that a CI system takes for a command."""


def hostile() -> Judged:
    """Every text a vendor can write is one of `HOSTILE`; so is the name of the page."""
    everything = "\n".join(WRITTEN)
    return judged(
        page(
            *(component(text, "partial_outage", description=text) for text in WRITTEN),
            *group(WRITTEN[19], component(WRITTEN[0], WRITTEN[13], id="odd")),
            indicator=WRITTEN[0],
            description=WRITTEN[19],
            incidents=[
                incident(
                    text,
                    links=[text],
                    updates=[update(text), update(everything)] if place else [update(everything)],
                    url=f'https://evil.example/{place}|)("><',
                )
                for place, text in enumerate(WRITTEN)
            ],
            windows=[window(WRITTEN[19], "in_progress", updates=[update(everything)])],
            name=WRITTEN[19],
        ),
        slug="hostile",
        history=(),
    )
