"""What `watch --once` says of vendors that could not be judged: cron mails it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.alerts.state_file import DAMAGED, time_from_text, time_to_text
from outlogger_cli.cli.session import Session
from outlogger_cli.domain.errors import LocalError
from outlogger_cli.domain.model import Verdict
from outlogger_cli.domain.report import Report
from outlogger_cli.render import wording

_REPEATED = timedelta(days=1)
_FORGOTTEN = timedelta(days=30)
"""After this a vendor that is not watched any more is forgotten."""

_NETWORK = "network"
"""The key of rounds in which no page was reached. Those of vendors contain a space."""


def notes(session: Session, state: StateFolder, report: Report, unreached: str | None) -> list[str]:
    """Return a line for each vendor when it becomes unknown, when that ends, and once a day; with
    `-v` in every run. In a run in which no page was reached only `unreached` counts."""
    try:
        with state.unjudged() as said:
            return list(_notes(session, said, report, unreached))
    except LocalError:  # the notifiers report it
        return list(_notes(session, {}, report, unreached))


def _notes(
    session: Session, said: dict[str, Any], report: Report, unreached: str | None
) -> Iterator[str]:
    now = report.generated_at
    current = {_NETWORK: unreached or ""}
    names = {}
    for judged in () if unreached else report.vendors:
        key, slug, url = vendor_key(judged.vendor), judged.vendor.slug, judged.vendor.url
        is_unknown = judged.verdict is Verdict.UNKNOWN
        current[key] = f"{slug}: unknown: {judged.findings[0].text}, {url}" if is_unknown else ""
        names[key] = f"{slug}: no longer unknown: {wording.state(judged.severity)}, {url}"
    names[_NETWORK] = "pages can be reached again"
    for key, text in current.items():
        before = _times(said.get(key))
        if not text:
            if before:
                del said[key]
                yield names[key]
            continue
        since, last = before or (now, None)
        # The clock may have been set back since.
        if last is None or abs(now - last) >= _REPEATED or session.verbose:
            yield f"{text} (for {wording.length(now - since)})" if before else text
            last = now
        said[key] = {"since": time_to_text(since), "said": time_to_text(last)}
    for key in [key for key in said if key not in current]:
        before = _times(said[key])
        if before is None or abs(now - before[1]) >= _FORGOTTEN:
            del said[key]


def _times(row: Any) -> tuple[datetime, datetime] | None:
    """When a vendor became unknown and when that was said last; None without a sound `row`."""
    try:
        since, last = time_from_text(row["since"]), time_from_text(row["said"])
    except DAMAGED:
        return None
    return (since, last) if since and last else None
