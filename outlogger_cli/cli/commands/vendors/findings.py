"""What `vendors doctor` found, as text for people that can be pasted into an issue."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from outlogger_cli.catalog.audit import Diagnosis, Finding
from outlogger_cli.domain.text import line
from outlogger_cli.domain.version import __version__
from outlogger_cli.render.wording import count

_ORDER = (
    *(Finding.DEAD, Finding.MOVED, Finding.CHANGED, Finding.PRIVATE, Finding.UNREADABLE),
    Finding.FINE,
)
_BY_REASON = {Finding.PRIVATE, Finding.UNREADABLE}
"""Findings that no change of the catalogue can fix: one line for each reason is enough."""


def summary(diagnoses: Iterable[Diagnosis]) -> str:
    """`40 pages: 38 ok, 2 dead`"""
    counts = Counter(diagnosis.finding for diagnosis in diagnoses)
    found = ", ".join(
        f"{counts[finding]} {_word(finding)}" for finding in Finding if counts[finding]
    )
    return f"{count(counts.total(), 'page')}: {found}" if found else "no page was read"


def report(diagnoses: Sequence[Diagnosis], *, hidden: set[Finding], now: datetime) -> str:
    """Return the findings that are not `hidden` in groups, in Markdown that is plain to read.

    What a server said stands between backticks, so that it forms no link, mention or markup.
    """
    blocks = [f"outlogger {__version__}, {now:%Y-%m-%d}: {summary(diagnoses)}"]
    for finding in _ORDER:
        found = [diagnosis for diagnosis in diagnoses if diagnosis.finding is finding]
        if found and finding not in hidden:
            rows = _reasons(found) if finding in _BY_REASON else map(_row, found)
            blocks.append(f"### {_word(finding).capitalize()} ({len(found)})")
            blocks.append("\n".join(f"- {row}" for row in rows))
    return "\n\n".join(blocks) + "\n"


def _word(finding: Finding) -> str:
    """Its name for people; `fine` is the value of the machine formats."""
    return "ok" if finding is Finding.FINE else finding.value


def _row(diagnosis: Diagnosis) -> str:
    detail = f": {_literal(diagnosis.detail)}" if diagnosis.detail else ""
    platform = f" ({diagnosis.platform})" if diagnosis.platform else ""
    return f"{diagnosis.slug}: {diagnosis.url}{platform}{detail}"


def _reasons(found: Iterable[Diagnosis]) -> Iterator[str]:
    """Yield each reason with its vendors, the most frequent first."""
    slugs = defaultdict(list)
    for diagnosis in found:
        slugs[_literal(diagnosis.detail)].append(diagnosis.slug)
    for reason, named in sorted(slugs.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"{reason} ({len(named)}): {', '.join(named)}"


def _literal(text: str) -> str:
    plain = line(text).replace("`", "'")
    return f"`{plain}`"
