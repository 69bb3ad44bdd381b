"""The end of every command that reads pages: the report written, and what is said beside it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from outlogger_cli import render
from outlogger_cli.cli.session import Session
from outlogger_cli.cli.writing import put
from outlogger_cli.domain.errors import ExitCode, LocalError
from outlogger_cli.domain.model import FailOn, Reason, Verdict
from outlogger_cli.domain.text import line
from outlogger_cli.render import View
from outlogger_cli.system import terminal
from outlogger_cli.watchlist import pages

if TYPE_CHECKING:
    from outlogger_cli.domain.model import Failed
    from outlogger_cli.domain.report import Report
    from outlogger_cli.domain.verdict import Judged
    from outlogger_cli.watchlist.schema import Watchlist

Notes = Callable[[Session, "Report"], Iterator[str]]
"""Notes on standard error beside a report, one a line."""

_OTHERS_AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PIP_CERT")
"""Variables of other programs for certificate authorities."""

FOUND = "because it was auto-discovered; to trust it: --watchlist FILE"


def announce(session: Session, *, names_list: bool = True, titled: bool = False) -> None:
    """Say on standard error what the reader must know before anything else: with `names_list` also
    which watchlist was found, if the user did not choose it.

    With `titled` the table's title announces a drill, if it appears on the same terminal.
    """
    if session.run.drill and not (titled and _has_title(session)):
        say(session, f"DRILL: simulated data ({session.run.drill.title})")
    if names_list and session.watchlist and not session.located.own:
        say(session, _found(session.watchlist))
    for note in withheld(session):
        say(session, note)
    if session.format.on_error is None and not session.format.stored_only:  # people read these
        for reading in session.readings:
            say(session, reading)
    cache = session.run.cache
    if session.verbose and cache and cache.foreign:
        say(session, unused(cache.foreign))


def _has_title(session: Session) -> bool:
    """Whether a table follows on the terminal that standard error writes to."""
    if not session.format.for_terminal or session.output.output:
        return False
    return terminal.is_one_terminal(session.runtime.stdout, session.runtime.stderr)


def unused(path: Path) -> str:
    """The line about stored readings or a state that another user may have written."""
    return f"{path} is ignored: another user owns it"


def withheld(session: Session) -> list[str]:
    """What is not used or not sent, because of who may have written a watchlist that was found."""
    located, watchlist = session.located, session.watchlist
    notes = [located.passed_over] if located.foreign else []
    slugs = {vendor.slug for vendor in session.run.vendors}
    listed = watchlist.vendors if watchlist else ()
    if not located.own and any(one.headers for one in listed if one.slug in slugs):
        notes.append(f"{located.path}: its headers are ignored, {FOUND}")
    return notes


def finish(session: Session, report: "Report", view: View, notes: Notes) -> int:
    """Write the report, say what its format has no room for, and return the exit code."""
    write(session, report, view)
    blamed = network_blame(session, report)
    if blamed and not (session.format.for_terminal and len(report.vendors) > 1):
        say(session, blamed)
    for note in notes(session, report) if session.verbose or not blamed else ():
        say(session, note)
    if hint := certificate_hint(session, report):
        say(session, hint)
    own = session.format.exit_code
    if own and report.command == "check" and report.exit_code is not ExitCode.INTERRUPTED:
        return own(report)
    return report.exit_code


def write(session: Session, report: "Report", view: View) -> None:
    """Write the report to `--output` or standard output, and to the files that variables name for
    its format. Formats that stream were written as the vendors arrived."""
    format = session.format
    if session.streams:
        return
    put(session.runtime, session.output, render.render(report, format, view))
    for variable, text in format.appends:
        if name := session.runtime.environ.get(variable):
            try:
                with Path(name).open("a", encoding="utf-8") as file:
                    file.write(text(report, view))
            except OSError as error:
                raise LocalError(
                    f"{variable}: {name} cannot be written: {error.strerror}"
                ) from None


def network_blame(session: Session, report: "Report") -> str | None:
    """The one line for a run in which no page at all could be reached."""
    from outlogger_cli.domain.report import unreached

    failures = unreached([judged.error for judged in report.vendors])
    if not failures or session.run.drill:
        return None
    return without_network(failures[0], pages=len(report.vendors))


def without_network(failed: "Failed", *, pages: int) -> str:
    """The line for a run in which every one of `pages` failed like this one."""
    from outlogger_cli.render import phrases

    return phrases.without_network(pages, failed)


def certificate_hint(session: Session, report: "Report") -> str | None:
    """A line for a certificate that fails while variables of other programs name authorities."""
    failed = any(one.error and one.error.reason is Reason.CERTIFICATE for one in report.vendors)
    environ = session.runtime.environ
    named = [name for name in _OTHERS_AUTHORITIES if environ.get(name)]
    if not (failed and named) or environ.get("SSL_CERT_FILE"):
        return None
    path = environ[named[0]]
    return f"{named[0]} is ignored; to trust its authorities, set SSL_CERT_FILE={path}"


def problems(session: Session, report: "Report") -> Iterator[str]:
    """Yield a line for each vendor that is not ok, unless the format explains it; with `-v` one
    more for every vendor, why its verdict is what it is, if that adds anything."""
    if session.format.for_terminal:
        return
    for judged in report.vendors:
        named = ""
        if judged.verdict is not Verdict.OK and not session.format.is_log:
            named = _named(judged)
            yield named
        yield from _why(session, judged, named)


def _why(session: Session, judged: "Judged", named: str) -> Iterator[str]:
    """With `-v` yield why the verdict is what it is, if the line `named` does not say it."""
    if session.verbose:
        from outlogger_cli.render import phrases

        why = f"{judged.vendor.slug}: {phrases.why(judged)}"
        if not named.startswith(why):
            yield why


def unread(session: Session, report: "Report") -> Iterator[str]:
    """Yield why pages could not be read or judged, if the format has no room for it; with `-v` why
    the verdict of every other vendor is what it is."""
    if not session.format.records_only:
        return
    from outlogger_cli.render import wording

    for judged in report.vendors:
        if judged.error:
            last, now = judged.reading, session.run.clock.now()
            age = wording.age(last.checked_at, now) if last else ""
            left_out = f"; the stored reading {age} is not shown" if last else ""
            reason = judged.findings[0].text
            yield f"{judged.vendor.slug}: unknown: {reason}{left_out}, {judged.vendor.url}"
            continue
        named = ""
        if judged.verdict is Verdict.UNKNOWN:
            named = _named(judged)
            yield named
        yield from _why(session, judged, named)


def unread_and_gaps(session: Session, report: "Report") -> Iterator[str]:
    """As `unread`, and what lists of incidents do not hold: no record means no incident only if
    the past is known."""
    yield from unread(session, report)
    if not session.format.records_only:
        return
    from outlogger_cli.render import phrases

    for judged in report.vendors:
        gaps = phrases.gaps(judged)
        if gaps and not judged.error:
            yield f"{judged.vendor.slug}: {': '.join(gaps)}, {judged.vendor.url}"


def say(session: Session, text: str) -> None:
    """Write a line to standard error, unless the user or the format wants none."""
    if not (session.output.quiet or session.format.silent):
        terminal.tell(session.runtime.stderr, f"{line(text)}\n")


def _found(watchlist: "Watchlist") -> str:
    """The note about an auto-discovered watchlist, and what in it could hide a problem."""
    redefined = [one.slug for one in watchlist.vendors if pages.redefines(one)]
    silenced = [one.slug for one in watchlist.vendors if one.fail_on is FailOn.NEVER]
    parts = [f"using {watchlist.path} (auto-discovered)"]
    if redefined:
        parts.append(f"its URLs replace the catalogue's for {', '.join(redefined)}")
    if watchlist.defaults.fail_on is FailOn.NEVER:
        parts.append('fail_on = "never" is its default')
    if silenced:
        parts.append(f'fail_on = "never" for {", ".join(silenced)}')
    return "; ".join(parts)


def _named(judged: "Judged") -> str:
    """`github: major: Actions partial outage, https://www.githubstatus.com`"""
    counted = [finding.text for finding in judged.findings if finding.severity]
    more = f" and {len(counted) - 1} more" if len(counted) > 1 else ""
    return f"{judged.vendor.slug}: {judged.severity}: {counted[0]}{more}, {judged.vendor.url}"
