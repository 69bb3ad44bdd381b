"""For prompts and status bars: one short line of slugs, without any text that a vendor wrote."""

import json
from collections import Counter
from collections.abc import Sequence

from outlogger_cli.domain.model import Severity, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import Sort, View, wording
from outlogger_cli.render.ordering import ordered

_NAMED = 5
"""How many vendors of each kind are named."""


def render(report: Report, view: View, /) -> str:
    """Return the sentence, or with `waybar` an object for its custom modules, escaped for Pango."""
    text = sentence(report, view.sort)
    if not view.waybar:
        return f"{text}\n"
    from html import escape  # loads a table of entities that no prompt needs

    tips = [f"{judged.name}: {judged.reasons[0]}" for judged in report.vendors if _kind(judged)]
    module = {
        "text": escape(text, quote=False),
        "tooltip": escape("\n".join(tips) or text, quote=False),
        "class": report.verdict,
    }
    return json.dumps(module) + "\n"


def sentence(report: Report, sort: Sort = Sort.SEVERITY) -> str:
    """`2 problems: github, openai; 1 unknown: acme`, or `all 40 ok`."""
    text = "skipped" if report.skipped else "; ".join(_parts(ordered(report.vendors, sort)))
    return f"DRILL: {text}" if report.drill else text


def _parts(vendors: Sequence[Judged]) -> list[str]:
    """Problems and unknown vendors; if there are none, what is below the threshold."""
    slugs: dict[str, list[str]] = {}
    for judged in vendors:
        if kind := _kind(judged):
            slugs.setdefault(kind, []).append(judged.vendor.slug)
    named = {kind: wording.listed(some, limit=_NAMED) for kind, some in slugs.items()}
    verdicts = Counter(judged.verdict for judged in vendors)
    problems, unknown = verdicts[Verdict.PROBLEM], verdicts[Verdict.UNKNOWN]
    parts = [f"{wording.count(problems, 'problem')}: {named['problem']}"] if problems else []
    parts += [f"{unknown} unknown: {named['unknown']}"] if unknown else []
    if parts:
        return parts
    fine = f"all {len(vendors)} ok" if len(vendors) > 1 else f"{vendors[0].vendor.slug} ok"
    return [fine, *(f"{kind}: {some}" for kind, some in named.items())]


def _kind(judged: Judged) -> str:
    """What a vendor is named for, "" if nothing is wrong there."""
    if judged.verdict is not Verdict.OK:
        return judged.verdict
    if judged.severity is not Severity.NONE:
        return judged.severity
    return "open incident" if judged.open_incidents else ""
