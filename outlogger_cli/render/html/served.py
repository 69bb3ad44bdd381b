"""What only a served page has: reloading, links to other pages, the age of its readings."""

from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import quote
from xml.etree.ElementTree import Element

from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import Site, View, wording
from outlogger_cli.render.html.elements import Part, link, node
from outlogger_cli.render.phrases import (
    age,
    headline_incident,
    names_others,
    others,
    worst_incident,
)
from outlogger_cli.render.records import unique

FEED, CALENDAR = "incidents.atom", "maintenance.ics"


def head(site: Site) -> Iterator[Element]:
    if site.refresh:
        yield node("meta", http_equiv="refresh", content=str(site.refresh))
    feed, title = f"{site.root}{FEED}", "Incidents"
    yield node("link", rel="alternate", type="application/atom+xml", title=title, href=feed)


def way_back(site: Site) -> Element:
    return node("nav", node("a", "All vendors", href=site.root), aria_label="Overview")


def notices(site: Site) -> Iterator[Element]:
    for notice in site.notices:
        yield node("p", notice, cls="notice", role="status")


def read(report: Report) -> str:
    """` · read 12 s ago`: how long ago the earliest of the readings was."""
    moments = [one.reading.checked_at for one in report.vendors if one.reading and not one.error]
    return f" · read {wording.age(min(moments), report.generated_at)}" if moments else ""


def footer(site: Site) -> Element:
    """The same in other formats, and how to stop the page from loading again."""
    parts: list[Part] = []
    for text, path in (
        ("Incidents (Atom)", FEED),
        ("Maintenance (iCalendar)", CALENDAR),
        ("JSON", "api/v1/status"),
        ("Metrics", "metrics"),
    ):
        parts += [node("a", text, href=f"{site.root}{path}"), " · "]
    if site.refresh:
        parts += [
            f"Loads again every {site.refresh} s (",
            node("a", "stop", href="?refresh=off"),
            ")",
        ]
    else:
        parts += ["Does not load again (", node("a", "start", href="?"), ")"]
    return node("p", *parts, cls="dim")


def pages(report: Report, site: Site) -> Mapping[int, str]:
    """The address of each vendor's own page, by the identity of what was judged."""
    seen: Counter[str] = Counter()
    return {
        id(one): f"{site.root}vendors/{quote(unique(one.vendor.slug, seen), safe='')}"
        for one in report.vendors
    }


def details(judged: Judged, view: View) -> Iterator[Element]:
    """What the overview says below a vendor's headline, whose page is another one."""
    if judged.open_incidents:
        yield node("p", *_incident(judged, view), cls="dim")
    if judged.other_problems:
        yield node("p", others(judged), cls="dim")


def _incident(judged: Judged, view: View) -> Iterator[Part]:
    """The worst open incident: `name · status · updated 11 min ago`."""
    incident = worst_incident(judged)
    more = len(judged.open_incidents) - 1
    facts = [wording.incident_status(incident), *names_others(incident, judged)]
    if headline_incident(judged):
        facts.insert(1, f"impact {incident.impact}")
    else:
        yield link(incident.name, incident.url)
        facts.insert(0, "")
    moment = next((u.created_at for u in incident.updates if u.created_at), incident.started_at)
    if moment:
        facts.append(f"updated {wording.age(moment, view.now)}")
    yield " · ".join([*facts, *([f"+{more} open"] if more else [])])


def lasting(judged: Judged, view: View) -> str:
    """` · 47 min`, if the page tells how long the problem has lasted."""
    known = age(judged, view)
    return f" · {known}" if known else ""
