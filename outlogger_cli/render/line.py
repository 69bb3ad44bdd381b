"""For prompts and status bars: one short line of slugs, without any text that a vendor wrote."""

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
    """Return the sentence, or "" if there is nothing to say and `view` wants nothing then."""
    if view.empty_ok and says_nothing(report):
        return ""
    return f"{sentence(report, view.sort)}\n"


def says_nothing(report: Report) -> bool:
    """Whether all vendors are ok and none has an open incident or a problem below its threshold."""
    return not (report.skipped or troubled(report))


def troubled(report: Report) -> list[Judged]:
    """The vendors that the sentence has something to say about."""
    return [judged for judged in report.vendors if _kind(judged)]


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
    ok = f"all {len(vendors)} ok" if len(vendors) > 1 else f"{vendors[0].vendor.slug} ok"
    return [ok, *(f"{kind}: {some}" for kind, some in named.items())]


def _kind(judged: Judged) -> str:
    """What a vendor is named for, "" if nothing is wrong there."""
    if judged.verdict is not Verdict.OK:
        return judged.verdict
    if judged.severity is not Severity.NONE:
        return judged.severity
    return "open incident" if judged.open_incidents else ""
