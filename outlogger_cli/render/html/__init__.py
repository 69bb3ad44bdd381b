"""For people without a terminal: one self-contained page, no script, nothing loaded from elsewhere.

The page is a tree of elements, so that every text and attribute is escaped on serialization. It is
ASCII, so that no stream's encoding damages it, and its times are UTC: readers are anywhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from itertools import groupby
from xml.etree.ElementTree import Element, tostring

from outlogger_cli.domain.model import EVER, Component, Severity
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.values import replace
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.domain.version import __version__
from outlogger_cli.render import View, wording
from outlogger_cli.render.html import served
from outlogger_cli.render.html.elements import Part, link, marked, node, time
from outlogger_cli.render.html.events import (
    incident_article,
    incidents,
    maintenances,
    open_incidents,
    strip,
)
from outlogger_cli.render.html.style import STYLE, policy
from outlogger_cli.render.ordering import (
    incident_tally,
    is_quiet,
    newest_first,
    ok_count,
    ordered,
    tally,
)
from outlogger_cli.render.phrases import aside, gaps, headline, notes

FOLD_FROM = 20
"""If a vendor has more components, only those with problems are shown unfolded."""


def render(report: Report, view: View, /) -> str:
    view = replace(view, zone=UTC)
    vendor = f" of {report.vendors[0].name}" if len(report.vendors) == 1 else ""
    return page(
        _title(report) + vendor,
        [_header(report, view), node("main", *_sections(report, view))],
        head=served.head(view.site) if view.site else (),
        footer=[served.footer(view.site)] if view.site else (),
    )


def page(
    title: str,
    parts: Iterable[Element],
    *,
    style: str = STYLE,
    head: Iterable[Element] = (),
    footer: Iterable[Element] = (),
) -> str:
    """Return a whole document: `parts`, and a footer that says where they are from."""
    source = f"Read from the vendors' own status pages by outlogger {__version__}."
    end = node("footer", node("p", source, cls="dim"), *footer)
    root = node("html", _head(title, style, head), node("body", *parts, end), lang="en")
    document: bytes = tostring(root, encoding="us-ascii", method="html")
    return f"<!DOCTYPE html>\n{document.decode('ascii')}\n"


def _head(title: str, style: str, more: Iterable[Element]) -> Element:
    return node(
        "head",
        node("meta", charset="utf-8"),
        node("meta", http_equiv="Content-Security-Policy", content=policy(style)),
        node("meta", name="viewport", content="width=device-width, initial-scale=1"),
        node("meta", name="referrer", content="no-referrer"),
        *more,
        node("title", title),
        node("style", style),
    )


def _title(report: Report) -> str:
    return "DRILL: vendor status" if report.drill else "Vendor status"


def _header(report: Report, view: View) -> Element:
    header = node("header", *drill_banner(report))
    if view.site and view.site.root:
        header.append(served.way_back(view.site))
    header.append(node("h1", _title(report)))
    counts = f"{tally(report.vendors)} · " if len(report.vendors) > 1 else ""
    # relative to another year, so that a page that is kept shows its own year
    read = served.read(report) if view.site and counts else ""
    header.append(node("p", f"{counts}as of ", time(report.generated_at, EVER), read, cls="dim"))
    if view.site:
        header.extend(served.notices(view.site))
    return header


def drill_banner(report: Report) -> list[Element]:
    if not report.drill:
        return []
    banner = node("b", f"DRILL · {report.drill} · simulated data · DRILL")
    return [node("p", banner, cls="drill")]


def _sections(report: Report, view: View) -> Iterator[Element]:
    if report.skipped:
        yield node("p", "Skipped: no page was read, the verdict is unknown.", cls="card")
    vendors = ordered(report.vendors, view.sort)
    if report.command == "incidents" and len(vendors) > 1 and not view.by_vendor:
        yield _one_list(report.vendors, vendors, view)
        return
    if len(vendors) > 1:
        yield _summary(vendors, view, served.pages(report, view.site) if view.site else {})
        if view.site:
            return  # each vendor has a page of its own
    for number, judged in enumerate(vendors, 1):
        if len(vendors) == 1 or _has_findings(judged, report):
            yield _vendor(judged, report, view, f"vendor-{number}")


def _one_list(asked: Sequence[Judged], vendors: Sequence[Judged], view: View) -> Element:
    """The incidents of all vendors in one list, then the vendors without one, in the order of
    `vendors`."""
    found = newest_first(asked)
    heading, count = node("h2", "Incidents", id="incidents"), incident_tally(found, vendors)
    section = node("section", heading, node("h3", count), cls="card", aria_labelledby="incidents")
    section.extend(incident_article(one, judged, view, owner=judged.name) for judged, one in found)
    for judged in vendors:
        name = link(judged.name, judged.vendor.url)
        if judged.error:
            state = marked(Severity.UNKNOWN, "unknown")
            section.append(node("p", state, " ", name, f": {judged.error.message}"))
        elif unknown := gaps(judged):
            section.append(node("p", name, f": {'; '.join(unknown)}", cls="dim"))
    quiet = [one for one in vendors if not (one.incidents or one.error or gaps(one))]
    if quiet:
        section.append(_names("No matching incidents", quiet, {}))
    return section


def _names(heading: Part, vendors: Sequence[Judged], pages: Mapping[int, str]) -> Element:
    paragraph = node("p", heading, cls="fine")
    for judged in vendors:
        paragraph.append(node("span", _name(judged, pages), cls="name"))
    return paragraph


def _name(judged: Judged, pages: Mapping[int, str]) -> Part:
    """The vendor's name: a link to its page among `pages`, else to its status page."""
    if page := pages.get(id(judged)):
        return node("a", judged.name, href=page)
    return link(judged.name, judged.vendor.url)


def _has_findings(judged: Judged, report: Report) -> bool:
    past = report.command == "incidents"
    return bool(judged.findings or (judged.incidents if past else judged.open_incidents))


def _summary(vendors: Sequence[Judged], view: View, pages: Mapping[int, str]) -> Element:
    """A row for each vendor that is not ok, and the names of the others."""
    fine = [one for one in vendors if is_quiet(one) and not view.unfold]
    shown = [one for one in vendors if one not in fine]
    strips = any(judged.days for judged in shown)
    rows = node("tbody")
    for judged in shown:
        cells = [
            node("td", _state(judged)),
            node("th", _name(judged, pages), scope="row"),
            node("td", headline(judged) + aside(judged, view), *_beside(judged, view)),
        ]
        if strips:
            none = node("span", "no history", cls="dim")
            cells.append(node("td", strip(judged.days) if judged.days else none))
        rows.append(node("tr", *cells))
    days = max((len(judged.days) for judged in shown), default=0)
    heads = _heads("State", "Vendor", "What", *([f"Last {days} days"] if strips else []))
    table = node("table", heads, rows, cls="summary")
    section = node("section", node("h2", "Summary", id="summary"), cls="card")
    section.set("aria-labelledby", "summary")
    if shown:
        section.append(table)
    if fine:
        heading = marked(Severity.NONE, ok_count(len(fine), len(shown)))
        section.append(_names(heading, [] if view.problems_only else fine, pages))
    return section


def _beside(judged: Judged, view: View) -> Iterator[Part]:
    """What else the overview says of a vendor whose page is another one."""
    if view.site:
        yield served.lasting(judged, view)
        yield from served.details(judged, view)


def _vendor(judged: Judged, report: Report, view: View, anchor: str) -> Element:
    past = report.command == "incidents"
    return node(
        "section",
        node("h2", judged.name, id=anchor),
        _checked(judged, view),
        node("p", _state(judged), f" {headline(judged)}", cls="lead"),
        *_notes(judged),
        *([] if past else open_incidents(judged, view)),
        *([] if past else _components(judged, view)),
        *incidents(judged, view, limit=None if past else view.incidents),
        *([] if past else maintenances(judged, view)),
        cls="card",
        aria_labelledby=anchor,
    )


def _checked(judged: Judged, view: View) -> Element:
    address = link(judged.vendor.url.partition("://")[2], judged.vendor.url)
    if judged.reading is None:
        return node("p", address, " · not read", cls="dim")
    known = " · stale, last read " if judged.error else " · read "
    moment = judged.reading.checked_at
    ago = f", {wording.age(moment, view.now)}" if view.site else ""
    return node("p", address, known, time(moment, view.now), ago, cls="dim")


def _notes(judged: Judged) -> list[Element]:
    items = [node("li", finding.text) for finding in notes(judged)]
    return [node("ul", *items, cls="dim")] if items else []


def _components(judged: Judged, view: View) -> Iterator[Element]:
    """Those with problems, the worst first; all in the page's order, folded if they are many."""
    shown = [
        component
        for component in judged.selected
        if view.unfold
        or not component.only_show_if_degraded
        or component.status.severity is not Severity.NONE
    ]
    if not shown:
        return
    yield node("h3", "Components when last read" if judged.error else "Components")
    problems = sorted(judged.problems, key=_rank)
    if problems:
        rows = [_component(one, label(one), judged, view, cls="alone") for one in problems]
        yield node("table", _heads("Component", "State"), node("tbody", *rows), cls="components")
    if len(problems) == len(shown):
        return
    if problems or len(shown) > FOLD_FROM:
        summary = node("summary", f"All {len(shown)} components")
        state = {"open": "open"} if view.unfold else {}
        yield node("details", summary, _component_table(shown, judged, view), **state)
    else:
        yield _component_table(shown, judged, view)


def _rank(component: Component) -> float:
    """The worst first, an unknown one before maintenance."""
    severity = component.status.severity
    return 0.5 - Severity.MINOR.rank if severity is Severity.UNKNOWN else -severity.rank


def _component_table(shown: Sequence[Component], judged: Judged, view: View) -> Element:
    """The components in the order of the page, below their groups."""
    bodies = []
    for group, members in groupby(shown, key=lambda component: component.group):
        heading = node("tr", node("th", group or "", scope="rowgroup", colspan="2"))
        cls = "child" if group else "alone"
        rows = [_component(one, one.name, judged, view, cls=cls) for one in members]
        bodies.append(node("tbody", *([heading] if group else []), *rows))
    return node("table", _heads("Component", "State"), *bodies, cls="components")


def _heads(*names: str) -> Element:
    return node("thead", node("tr", *(node("th", name, scope="col") for name in names)))


def _component(component: Component, name: str, judged: Judged, view: View, *, cls: str) -> Element:
    severity = component.status.severity
    state = node("td", marked(severity, wording.status_word(component)))
    since = judged.since(component)
    if severity is not Severity.NONE and since:
        state.append(node("span", " since ", time(since, view.now), cls="dim"))
    return node("tr", node("th", name, scope="row"), state, cls=cls)


def _state(judged: Judged) -> Element:
    watched = judged.severity is Severity.NONE and bool(judged.open_incidents)
    return marked(judged.severity, wording.state(judged.severity), watched=watched)
