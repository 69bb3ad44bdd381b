"""`outlogger report`: how reliable vendors were over a period, for reviews."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any

import typer
from typer import Option

from outlogger_cli.cli.command_line import format_option, with_options
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import OutputOptions, ReadOptions
from outlogger_cli.cli.output import announce, finish, unread
from outlogger_cli.cli.session import Session, build
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.figures import TROUBLES
from outlogger_cli.domain.model import Depth, Impact
from outlogger_cli.domain.period import Period
from outlogger_cli.domain.reliability import WEIGHTS, reliability
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.engine import run
from outlogger_cli.render.reliability import FORMATS
from outlogger_cli.system.runtime import Runtime

DEFAULT_DAYS = 90
LONGEST_DAYS = 3650
EARLIEST = date(2000, 1, 1)
"""No status page is older; earlier dates have no time in some zones."""

_WEIGHT = re.compile(r"0|1|[01]?\.[0-9]{1,6}")


def _date(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise typer.BadParameter(f"not a date: {line(text)!r}; use one like 2026-07-01")


def _weights(given: Sequence[str]) -> Mapping[Impact, Fraction]:
    """The weight of each impact; raises `UsageError` with all that is wrong."""
    errors: list[str] = []
    found: dict[Impact, Fraction] = {}
    names = {impact.value: impact for impact in TROUBLES}
    for text in (part.strip() for one in given for part in one.split(",")):
        name, _, value = text.partition("=")
        impact = names.get(name)
        if impact is None or not _WEIGHT.fullmatch(value) or Fraction(value) > 1:
            errors.append(
                f"--weight: must be critical, major or minor, = and a number from 0 to 1, such as"
                f" major=0.5, not {line(text)!r}"
            )
        elif impact in found:
            errors.append(f"--weight: {impact} is given twice")
        else:
            found[impact] = Fraction(value)
    if errors:
        raise UsageError(*errors)
    return {**WEIGHTS, **found}


def _check(given: Mapping[str, Any]) -> None:
    """Raise `UsageError` for weights that are wrong, and for dates that are wrong on any day."""
    days, first, last = given.get("days"), given.get("first"), given.get("last")
    errors = []
    if days is not None and (first or last):
        errors.append("--days cannot be used with --from or --to")
    if last and not given.get("first", last):
        errors.append("--to requires --from")
    if first and last and first > last:
        errors.append(f"--from {first} is after --to {last}")
    if first and first < EARLIEST:
        errors.append(f"--from {first} is too early: the earliest is {EARLIEST}")
    try:
        _weights(given.get("weight") or ())
    except UsageError as error:
        errors += error.args
    if errors:
        raise UsageError(*errors)


@frozen
class ReportOutputOptions(OutputOptions):
    """How the report is written, and where."""

    format: Annotated[
        str | None,
        format_option(
            "table, json, csv, markdown or html. [env: OUTLOGGER_FORMAT; default: table]"
        ),
    ] = None


@with_options(formats=FORMATS, check=_check, options=ReadOptions, output=ReportOutputOptions)
def command(
    ctx: typer.Context,
    days: Annotated[
        int | None,
        Option(
            metavar="N",
            min=7,
            max=365,
            help="Report on the last N days, today included. [default: 90]",
            show_default=False,
        ),
    ] = None,
    first: Annotated[
        date | None,
        Option("--from", metavar="DATE", parser=_date, help="First day.", show_default=False),
    ] = None,
    last: Annotated[
        date | None,
        Option(
            "--to",
            metavar="DATE",
            parser=_date,
            help="Last day, included. [default: today]",
            show_default=False,
        ),
    ] = None,
    weight: Annotated[
        list[str] | None,
        Option(
            "--weight",
            metavar="IMPACT=N",
            help="Share of an impact that is downtime, from 0 to 1."
            " [default: critical=1, major=0.5, minor=0]",
            show_default=False,
        ),
    ] = None,
    *,
    options: ReadOptions,
    output: ReportOutputOptions,
) -> int:
    """Report on the reliability of vendors over a period.

    \b
    Examples:
      outlogger report github openai --days 30
      outlogger report --from 2026-07-01 --to 2026-09-30 -f html -o q3.html
      outlogger report --tag ci --weight major=1 -f csv

    The figures are computed from the incidents that vendors post on their pages, not measured.
    Days are those of UTC; see --tz.

    Availability: 100 % less the time in incidents, weighted by impact. Each moment counts once,
    at the worst impact open then. Open incidents count up to now. Maintenance is not downtime.

    Unknown never improves a figure. If a page's list does not reach back to the first day, or
    incidents lack times or an impact, figures are bounds: "at least" (>=) and "at most" (<=).
    A missing impact counts as minor. A page that cannot be read is unknown.

    Exits 0 even during an outage, or 3 if a page could not be read.
    """
    runtime: Runtime = ctx.obj
    output = replace(output, format=output.format or "table")
    session = build(runtime, options, output, depth=Depth.ARCHIVE)
    period = _period(session, days, first, last)
    announce(session, titled=True)
    view = session.view()
    display = Display(session, "report", view=view)
    report = run.report(session.run, "report", gate=False, display=display)
    figures = reliability(report.vendors, period, _weights(weight or ()))
    report = replace(report, reliability=figures)
    return finish(session, report, session.aged(view), _notes)


def _period(session: Session, days: int | None, first: date | None, last: date | None) -> Period:
    """The period; days that are still to come are left out."""
    now = session.run.clock.now()
    today = now.astimezone(session.day_zone).date()
    if first is None:
        first = today - timedelta(days=(days or DEFAULT_DAYS) - 1)
    last = min(last or today, today)
    if first > today:
        raise UsageError(f"--from {first} is in the future")
    if (last - first).days >= LONGEST_DAYS:
        raise UsageError(f"--from {first}: a period has at most {LONGEST_DAYS} days")
    return Period(first=first, last=last, now=now, zone=session.day_zone)


def _notes(session: Session, report: Report) -> Iterator[str]:
    """Say beside records which vendors are unknown, and whose figures are bounds."""
    yield from unread(session, report)
    if not session.format.records_only:
        return
    from outlogger_cli.render.reliability import words

    assert report.reliability
    for judged, record in zip(report.vendors, report.reliability.records, strict=True):
        for note in words.notes(judged, record, report.reliability) if record else ():
            yield f"{judged.vendor.slug}: {note}, {judged.vendor.url}"
