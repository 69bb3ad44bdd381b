"""For prompts and status bars: one short line. Names are slugs; nothing a vendor wrote is in it."""

import json
from collections.abc import Sequence

from outlogger_cli.domain.model import Severity, Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View, wording

_NAMED = 5
"""How many vendors are named of each kind; of the others only the number is told."""


def render(report: Report, view: View, /) -> str:
    return waybar(report) if view.waybar else sentence(report) + "\n"


def sentence(report: Report) -> str:
    """`2 problems: github, openai; 1 unknown: acme`, or `all 40 fine`."""
    return f"DRILL: {_news(report)}" if report.drill else _news(report)


def waybar(report: Report) -> str:
    """The object waybar's custom modules read, on one line; its text is escaped for Pango."""
    from html import escape  # a table of entities that no prompt needs

    notable = [judged for judged in report.vendors if _kind(judged)]
    told = {
        "text": escape(sentence(report), quote=False),
        "tooltip": escape("\n".join(map(_tip, notable)) or sentence(report), quote=False),
        "class": report.verdict,
    }
    return json.dumps(told) + "\n"


def _news(report: Report) -> str:
    if report.skipped:
        return "skipped"
    verdicts = [judged.verdict for judged in report.vendors]
    problems, unknown = verdicts.count(Verdict.PROBLEM), verdicts.count(Verdict.UNKNOWN)
    parts = []
    if problems:
        parts.append(f"{wording.count(problems, 'problem')}: {_slugs(report, 'problem')}")
    parts += [f"{unknown} unknown: {_slugs(report, 'unknown')}"] if unknown else []
    return "; ".join(parts or [_fine(report.vendors), *_quiet_news(report)])


def _fine(vendors: Sequence[Judged]) -> str:
    return f"all {len(vendors)} fine" if len(vendors) > 1 else f"{vendors[0].vendor.slug} fine"


def _quiet_news(report: Report) -> list[str]:
    """What is below the threshold: even then nobody with news is only called fine."""
    kinds = dict.fromkeys(filter(None, map(_kind, report.vendors)))
    return [f"{kind}: {_slugs(report, kind)}" for kind in kinds]


def _slugs(report: Report, kind: str) -> str:
    slugs = [judged.vendor.slug for judged in report.vendors if _kind(judged) == kind]
    more = f" and {len(slugs) - _NAMED} more" if len(slugs) > _NAMED else ""
    return ", ".join(slugs[:_NAMED]) + more


def _kind(judged: Judged) -> str:
    """What a vendor is named for, "" where there is nothing to say of it."""
    if judged.verdict is not Verdict.OK:
        return judged.verdict
    if judged.severity is not Severity.NONE:
        return judged.severity
    return "open incident" if judged.open_incidents else ""


def _tip(judged: Judged) -> str:
    return f"{judged.name}: {judged.reasons[0]}"
