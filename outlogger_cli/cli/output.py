"""The last steps of the walk: a report written where it belongs, and what is said beside it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from outlogger_cli import render
from outlogger_cli.cli.formats import put
from outlogger_cli.cli.session import Walk
from outlogger_cli.domain.errors import ExitCode, LocalError
from outlogger_cli.domain.model import Verdict
from outlogger_cli.domain.text import line
from outlogger_cli.render import View
from outlogger_cli.system import terminal

if TYPE_CHECKING:
    from outlogger_cli.domain.model import Failed
    from outlogger_cli.domain.report import Report
    from outlogger_cli.domain.verdict import Judged

_RECORDS = {"plain", "csv"}
"""Formats that have no place for a sentence."""


def announce(step: Walk) -> None:
    """Say on standard error what the reader must know before anything else."""
    if step.drill:
        say(step, f"DRILL: {step.title}; nothing of this is real")
    for note in withheld(step):
        say(step, note)


def withheld(step: Walk) -> list[str]:
    """What is not used or not sent, because of who may have written a watchlist that was found."""
    notes = [step.located.passed_over] if step.located.foreign else []
    if not step.located.own and _any_secrets(step):
        notes.append(f"{step.located.path}: its headers are not sent, {FOUND}")
    return notes


FOUND = "because it was found in this folder or above it; name it by --watchlist to trust it"


def _any_secrets(step: Walk) -> bool:
    """Whether the watchlist has headers for a vendor of this run."""
    listed = step.listed.vendors if step.listed else ()
    wanted = {vendor.slug for vendor in step.vendors}
    return any(entry.headers for entry in listed if entry.slug in wanted)


def streaming(step: Walk, command: str) -> "Callable[[Judged], None]":
    """What to do with each vendor as it arrives: `ndjson` is written at once, a line each."""
    if step.format != "ndjson" or step.reading.output or step.reading.quiet:
        return lambda _judged: None
    from outlogger_cli.render import ndjson

    def tell(judged: "Judged") -> None:
        from outlogger_cli.domain.report import build

        one = build(command, [judged], gate=False, now=step.now(), drill=step.title)
        terminal.write(step.runtime.stdout, ndjson.line(judged, one))

    return tell


def deliver(step: Walk, report: "Report", view: View) -> None:
    """Write the report to `--output` or standard output; with `-q` only to a file."""
    if step.format == "ndjson" and not step.reading.output:
        return  # was written as it arrived
    put(step.runtime, step.reading, render.render(report, step.format, view))
    if step.format == "github":
        from outlogger_cli.render import github

        _append(step, "GITHUB_STEP_SUMMARY", lambda: github.summary(report, view))
        _append(step, "GITHUB_OUTPUT", lambda: github.outputs(report))


def _append(step: Walk, variable: str, text: Callable[[], str]) -> None:
    """Add to the file that `variable` names, where it does."""
    if name := step.runtime.environ.get(variable):
        try:
            with Path(name).open("a", encoding="utf-8") as file:
                file.write(text())
        except OSError as error:
            raise LocalError(f"{variable}: {name} cannot be written: {error.strerror}") from None


def exit_code(step: Walk, report: "Report") -> int:
    """The report's, or a Nagios plugin's where the format is theirs."""
    if step.format != "nagios" or report.exit_code is ExitCode.INTERRUPTED:
        return report.exit_code
    from outlogger_cli.render import nagios

    return nagios.exit_code(report)


def explain_network(step: Walk, report: "Report") -> bool:
    """One line where no page at all could be reached; whether it was said."""
    from outlogger_cli.domain.report import unreached

    failures = unreached([judged.error for judged in report.vendors])
    if not failures or step.drill:
        return False
    say(step, without_network(failures[0]))
    return True


def without_network(failed: "Failed") -> str:
    """The line for a run in which every page was `failed` like this one."""
    return (
        f"no page could be reached ({failed.message}): probably this machine's network or proxy;"
        " outlogger drill works without one"
    )


def explain_unread(step: Walk, report: "Report") -> None:
    """Why pages could not be read, or not understood, where the format has no place for it: one
    line for all where it is the network, else a line each."""
    if explain_network(step, report) or step.format not in _RECORDS:
        return
    for judged in report.vendors:
        if judged.error:
            say(step, _unread(judged, step.now()))
        elif judged.verdict is Verdict.UNKNOWN:
            say(step, _named(judged))


def name_problems(step: Walk, report: "Report") -> None:
    """A line on standard error for each vendor that is not ok; with `-v` one more for everybody,
    why the verdict is what it is."""
    for judged in report.vendors:
        if judged.verdict is not Verdict.OK:
            say(step, _named(judged))
        if step.reading.verbose:
            from outlogger_cli.render import phrases

            say(step, f"{judged.vendor.slug}: {phrases.why(judged)}")


def name_gaps(step: Walk, report: "Report") -> None:
    """A line on standard error for each list of incidents that is not whole, where the format has
    no place for it: no record is no incident only where the past is known."""
    if step.format not in _RECORDS:
        return
    from outlogger_cli.render import phrases

    for judged in report.vendors:
        gaps = phrases.gaps(judged)
        if gaps and not judged.error:
            say(step, f"{judged.vendor.slug}: {': '.join(gaps)}, {judged.vendor.url}")


def say(step: Walk, text: str) -> None:
    """A line on standard error, unless the user wants none."""
    if not step.reading.quiet:
        terminal.tell(step.runtime.stderr, f"{line(text)}\n")


def _unread(judged: "Judged", now: datetime) -> str:
    """`acme: unknown: no answer in 10 s; what was read 12 min ago is left out, https://...`"""
    from outlogger_cli.render import wording

    reading = judged.reading
    known = f"; what was read {wording.age(reading.checked_at, now)} is left out" if reading else ""
    return f"{judged.vendor.slug}: unknown: {judged.findings[0].text}{known}, {judged.vendor.url}"


def _named(judged: "Judged") -> str:
    """`github: major: Actions partial outage, https://www.githubstatus.com`"""
    told = [finding.text for finding in judged.findings if finding.severity]
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    return f"{judged.vendor.slug}: {judged.severity}: {told[0]}{more}, {judged.vendor.url}"
