"""For people without a terminal: one page to print or to send, with bars as inline SVG."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from outlogger_cli.domain.figures import TROUBLES, Figures
from outlogger_cli.domain.model import EVER, Severity
from outlogger_cli.domain.reliability import Record, Reliability
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.html import drill_banner, page
from outlogger_cli.render.html.elements import Part, link, marked, node, time
from outlogger_cli.render.html.style import STYLE
from outlogger_cli.render.reliability import words
from outlogger_cli.render.reliability.words import HEADS, SPOKEN

_STYLE = STYLE.replace(
    "@media print",
    """\
body { max-width: 75rem; }
.figures td { white-space: nowrap; font-variant-numeric: tabular-nums; }
.figures td.why { white-space: normal; } .figures th { font-weight: 600; }
.figures th[scope=row] { min-width: 8rem; overflow-wrap: anywhere; }
.figures td.bar { width: 18%; padding-right: 0; }
.bar svg { display: block; width: 100%; height: 1rem; margin-top: .25rem; }
.bar .ground { fill: var(--rule); opacity: .5; }
.bar .minor, .key .minor { fill: var(--minor); } .bar .major, .key .major { fill: var(--major); }
.bar .critical, .key .critical { fill: var(--critical); }
.key span { margin-right: 1rem; white-space: nowrap; }
.key svg { width: .75rem; height: .75rem; }
.figures + .figures { margin-top: 1rem; }
@media screen and (max-width: 60rem) { .figures thead { position: absolute; left: -999rem; }
  .figures tr { display: flex; flex-wrap: wrap; gap: .125rem 1rem; padding: .5rem 0;
    border-top: 1px solid var(--rule); }
  .figures th, .figures td { border: 0; padding: 0; } .figures th { flex: 1 0 100%; }
  .figures td[data-label]::before { content: attr(data-label) " "; color: var(--dim); }
  .figures td.bar { width: 100%; } }
@media print""",
    1,
)

_WIDTH = 1000
"""Units of a bar; it is drawn as wide as its cell."""


def render(report: Report, _view: View, /) -> str:
    part = report.reliability
    assert part
    title = f"DRILL: {words.title(part)}" if report.drill else words.title(part)
    head = node("h1", title)
    about = node("p", f"{words.terms(part)} · as of ", time(report.generated_at, EVER), cls="dim")
    header = node("header", *drill_banner(report), head, about)
    main = node("main", *_sections(report, part))
    return page(title, [header, main], style=_STYLE)


def _sections(report: Report, part: Reliability) -> Iterator[Element]:
    vendors = words.in_order(report)
    scale = max((record.whole.trouble_seconds for _, record in vendors if record), default=0)
    rows = [_vendor_row(judged, record, scale) for judged, record in vendors]
    yield node(
        "section",
        node("h2", "Comparison", id="comparison"),
        _table("Vendor", rows),
        _key(),
        node("p", words.EXPLAINED, cls="dim"),
        cls="card",
        aria_labelledby="comparison",
    )
    for number, (judged, record) in enumerate(vendors, 1):
        if record and not words.is_quiet(judged, record, part):
            yield _vendor(judged, record, part, f"vendor-{number}")


def _vendor_row(judged: Judged, record: Record | None, scale: int) -> Element:
    name = node("th", link(judged.name, judged.vendor.url), scope="row")
    return _row(
        name, record.whole if record else None, scale, "" if record else words.reason(judged)
    )


def _vendor(judged: Judged, record: Record, part: Reliability, anchor: str) -> Element:
    notes = [node("li", note) for note in words.notes(judged, record, part)]
    months = max(one.trouble_seconds for one in record.months)
    section = node(
        "section",
        node("h2", judged.name, id=anchor),
        node("p", link(judged.vendor.url.partition("://")[2], judged.vendor.url), cls="dim"),
        *([node("ul", *notes, cls="minor")] if notes else []),
        node("p", "; ".join(words.summary(record.whole, SPOKEN))),
        node("h3", "By month"),
        _table("Month", (_row(_head(words.month(one)), one, months) for one in record.months)),
        cls="card",
        aria_labelledby=anchor,
    )
    if listed := words.components(record):
        scale = max(one.whole.trouble_seconds for one in listed)
        rows = [_row(_head(words.name(one)), one.whole, scale) for one in listed]
        section.extend([node("h3", "By component, worst first"), _table("Component", rows)])
    if note := words.component_note(record):
        section.append(node("p", note, cls="dim"))
    return section


def _table(head: str, rows: Iterable[Element]) -> Element:
    names = (head, *HEADS, "Hours by impact")
    heads = node("tr", *(node("th", name, scope="col") for name in names))
    return node("table", node("thead", heads), node("tbody", *rows), cls="figures")


def _head(name: str) -> Element:
    return node("th", name, scope="row")


def _row(head: Element, figures: Figures | None, scale: int, why: str = "") -> Element:
    """A row of a table; without figures it says that they are unknown."""
    if figures is None or not figures.is_known:
        state: list[Part] = [marked(Severity.UNKNOWN, words.UNKNOWN), f" {why}"]
        return node("tr", head, node("td", *state, colspan=str(len(HEADS) + 1), cls="why"))
    cells = zip(HEADS, words.cells(figures, SPOKEN), strict=True)
    return node(
        "tr",
        head,
        *(node("td", cell, data_label=name) for name, cell in cells),
        node("td", _bar(figures, scale), cls="bar"),
    )


def _bar(figures: Figures, scale: int) -> Element:
    """The hours by impact, as wide as the cell for `scale` seconds, with the same in words."""
    bar = node(
        "svg",
        node("rect", width=str(_WIDTH), height="10", cls="ground"),
        viewBox=f"0 0 {_WIDTH} 10",
        preserveAspectRatio="none",
        role="img",
        aria_label=words.hours_by_impact(figures, SPOKEN) or "no hours",
    )
    left = 0
    for impact in TROUBLES:
        if seconds := figures.seconds[impact]:
            width = max(4, round(_WIDTH * seconds / scale))
            bar.append(node("rect", x=str(left), width=str(width), height="10", cls=impact.value))
            left += width
    return bar


def _key() -> Element:
    parts = [node("span", _swatch(impact.value), f" {impact}") for impact in TROUBLES]
    return node("p", *parts, cls="key dim")


def _swatch(color: str) -> Element:
    square = node("rect", width="10", height="10", cls=color)
    return node("svg", square, viewBox="0 0 10 10", aria_hidden="true")
