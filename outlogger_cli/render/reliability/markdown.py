"""For tickets and reviews: the vendors compared, the worst first, then each by month.

Every text of a vendor is escaped as in `render.markdown`.
"""

from collections.abc import Iterable, Iterator, Sequence

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from outlogger_cli.render.markdown import escape, link
from outlogger_cli.render.reliability import words
from outlogger_cli.render.reliability.words import HEADS, SPOKEN


def render(report: Report, view: View, /) -> str:
    text = "\n\n".join(_blocks(report)) + "\n"
    return text.encode("ascii", "xmlcharrefreplace").decode() if view.ascii else text


def _blocks(report: Report) -> Iterator[str]:
    part = report.reliability
    assert part
    if report.drill:
        yield f"**DRILL: {escape(report.drill)}. Simulated data.**"
    yield f"## {words.title(part)}"
    yield f"{words.terms(part)}."
    vendors = words.in_order(report)
    rows = []
    for judged, record in vendors:
        first, *others = words.cells(record.whole if record else None, SPOKEN)
        note = "" if record else f": {escape(words.reason(judged))}"
        rows.append([link(judged.name, judged.vendor.url), f"{first}{note}", *others])
    yield _table("Vendor", rows)
    for judged, record in vendors:
        if record is None or words.is_quiet(judged, record, part):
            continue
        yield f"### {link(judged.name, judged.vendor.url)}"
        notes = [f"**{escape(note)}**" for note in words.notes(judged, record, part)]
        facts = "; ".join(words.summary(record.whole, SPOKEN))
        yield "\n".join(f"- {text}" for text in (*notes, facts) if text)
        yield _table(
            "Month", ([words.month(one), *words.cells(one, SPOKEN)] for one in record.months)
        )
        if listed := words.components(record):
            cells = ((escape(words.name(c)), *words.cells(c.whole, SPOKEN)) for c in listed)
            yield _table("Component", cells)
        if note := words.component_note(record):
            yield f"{note}."
    yield words.EXPLAINED


def _table(head: str, rows: Iterable[Sequence[str]]) -> str:
    lines = [[head, *HEADS], ["---", *["---:"] * len(HEADS)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
