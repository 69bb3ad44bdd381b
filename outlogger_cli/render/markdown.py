"""For step summaries and tickets: a table of vendors, then what is wrong at each.

Nothing a vendor writes becomes a link, an image, HTML, a mention or a block of its own. GitHub and
GitLab look for addresses, mentions and references in the text after they parse Markdown, so a
backslash does not stop them; a zero-width space does. Every block is one line, and no line begins
with a vendor's text.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from outlogger_cli.domain.model import Incident, Severity, Update
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Finding, Judged
from outlogger_cli.render import View, wording
from outlogger_cli.render.evidence import about
from outlogger_cli.render.ordering import (
    incident_tally,
    is_quiet,
    newest_first,
    ok_count,
    ordered,
    tally,
)
from outlogger_cli.render.phrases import aside, facts, gaps, headline, names_others, worst_first
from outlogger_cli.render.theme import MARKS, mark

_BODY_LIMIT = 1000
_GAP = "\u200b"
_JOINTS = re.compile(r"(?<=[@#!%~$&])(?=\w)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\bGH)(?=-\d)", re.I)
_SIGNS = {
    **{sign: f"\\{sign}" for sign in "\\`*_{}[]~"},
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "|": "&#124;",
    "$": "&#36;",
    "\n": "<br>",
    "\r": " ",
    _GAP: "&#8203;",
}
_ESCAPES = str.maketrans(_SIGNS)
_ADDRESS_SIGNS = "%:/?#[]@!+,;=~&"
"""Characters that an address may have unquoted."""


def render(report: Report, view: View, /) -> str:
    text = "\n\n".join(_blocks(report, view)) + "\n"
    return text.encode("ascii", "xmlcharrefreplace").decode() if view.ascii else text


def escape(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, except at the beginning of a line."""
    return _JOINTS.sub(_GAP, text).translate(_ESCAPES)


def _blocks(report: Report, view: View) -> Iterator[str]:
    if report.drill:
        yield f"**DRILL: {escape(report.drill)}. Simulated data.**"
    if report.skipped:
        yield "Skipped: no page was read, the verdict is unknown."
        return
    if report.triage:
        yield f"**{escape(report.triage.conclusion.text)}**"
        yield from _evidence(report, view)
        return
    if report.command == "incidents" and len(report.vendors) > 1 and not view.by_vendor:
        yield from _one_list(report.vendors, view)
        return
    rows = ["| State | Vendor | What |", "| --- | --- | --- |"]
    vendors = ordered(report.vendors, view.sort)
    if len(vendors) > 1:
        yield f"**{tally(vendors)}**"
    fine = [one for one in vendors if is_quiet(one) and len(vendors) > 1]
    if view.unfold:
        fine = []
    if shown := [one for one in vendors if one not in fine]:
        yield "\n".join([*rows, *(_row(judged, view) for judged in shown)])
    if fine:
        names = "" if view.problems_only else f": {', '.join(escape(one.name) for one in fine)}"
        sign = MARKS[Severity.NONE].sign(ascii=view.ascii)
        yield f"{sign} {ok_count(len(fine), len(shown))}{names}"
    for judged in vendors:
        if items := list(_items(judged, report, view)):
            yield f"### {_vendor_link(judged)}"
            yield "\n".join(items)


def _one_list(vendors: Sequence[Judged], view: View) -> Iterator[str]:
    """The incidents of all vendors in one list, then the vendors without one."""
    found = newest_first(vendors)
    yield f"**{incident_tally(found, vendors)}**"
    items = [f"- {_vendor_link(judged)}: {_incident(one, judged, view)}" for judged, one in found]
    for judged in ordered(vendors, view.sort):
        if judged.error:
            sign = MARKS[Severity.UNKNOWN].sign(ascii=view.ascii)
            items.append(f"- {sign} {_vendor_link(judged)}: {escape(judged.error.message)}")
        elif unknown := gaps(judged):
            items.append(f"- note: {_vendor_link(judged)}: {escape('; '.join(unknown))}")
    if items:
        yield "\n".join(items)
    quiet = [one for one in vendors if not (one.incidents or one.error or gaps(one))]
    if quiet:
        yield f"No matching incidents: {', '.join(escape(one.name) for one in quiet)}"


def _evidence(report: Report, view: View) -> Iterator[str]:
    """What `triage` found: a row for each named vendor, and what to do."""
    if report.vendors:
        rows = [
            f"{_row(judged, view)} {'<br>'.join(map(escape, about(report, at, view)))} |"
            for at, judged in enumerate(report.vendors)
        ]
        head = ["| State | Vendor | What | Evidence |", "| --- | --- | --- | --- |"]
        yield "\n".join([*head, *rows])
    assert report.triage
    if report.triage.next_step:
        yield f"Next: {escape(report.triage.next_step)}"


def _row(judged: Judged, view: View) -> str:
    sign = mark(judged.severity, open_incidents=len(judged.open_incidents)).sign(ascii=view.ascii)
    state = f"{sign} {wording.state(judged.severity)}"
    vendor = _vendor_link(judged)
    return f"| {state} | {vendor} | {escape(headline(judged) + aside(judged, view))} |"


def _items(judged: Judged, report: Report, view: View) -> Iterator[str]:
    """Every finding and every incident of a vendor, as items of a list."""
    whole = report.command == "incidents"
    findings = [finding for finding in judged.findings if not finding.of_incident]
    if whole:
        findings += [Finding(text=gap) for gap in gaps(judged) if gap not in judged.reasons]
    for finding in findings:
        severity = finding.severity
        sign = MARKS[severity].sign(ascii=view.ascii) if severity else "note:"
        yield f"- {sign} {escape(finding.text)}"
    if judged.error and judged.reading:
        yield f"- last read {wording.moment(judged.reading.checked_at, view.zone, view.now)}"
    for incident in judged.incidents if whole else worst_first(judged):
        yield f"- {_incident(incident, judged, view)}"


def _incident(incident: Incident, judged: Judged, view: View) -> str:
    kind = "open incident" if incident.status.open else "incident"
    known = escape(" · ".join([*facts(incident, view), *names_others(incident, judged)]))
    head = f"{kind}: {link(incident.name, incident.url)} · {known}"
    updates = incident.updates if view.timelines else incident.updates[:1]
    return "<br>".join([head, *(_update(update, view) for update in updates if update.body)])


def _update(update: Update, view: View) -> str:
    """Its text; in a timeline also its status and time."""
    more = "…" if len(update.body) > _BODY_LIMIT else ""
    body = f"{escape(update.body[:_BODY_LIMIT])}{more}"
    if not view.timelines:
        return body
    when = wording.moment(update.created_at, view.zone, view.now) if update.created_at else ""
    known = " · ".join(filter(None, (wording.words(update.status), when)))
    return f"{escape(known)}: {body}"


def _vendor_link(judged: Judged) -> str:
    return link(judged.name, judged.vendor.url)


def link(text: str, url: str) -> str:
    """Only web addresses are links, and they are quoted so that no character ends them early."""
    if not url.startswith(("https://", "http://")):
        return escape(text)
    address = quote(url, safe=_ADDRESS_SIGNS).replace("&", "&amp;")
    return f"[{escape(text)}]({address})"
