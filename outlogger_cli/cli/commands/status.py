"""`outlogger status`: a vendor's page, or several vendors at a glance."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from outlogger_cli import render
from outlogger_cli.cli.command_line import with_options
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import EmptyOk, Labels, OutputOptions, ReadOptions, Sorted
from outlogger_cli.cli.output import announce, finish, unread
from outlogger_cli.cli.session import build
from outlogger_cli.domain.errors import ExitCode, LocalError
from outlogger_cli.domain.model import Severity
from outlogger_cli.domain.values import replace
from outlogger_cli.engine import run
from outlogger_cli.render import Sort
from outlogger_cli.system.runtime import Runtime

if TYPE_CHECKING:
    from outlogger_cli.domain.verdict import Judged

FORMATS = tuple(name for name, format in render.FORMATS.items() if not format.verdicts_only)


@with_options(formats=FORMATS, options=ReadOptions, output=OutputOptions)
def command(
    ctx: typer.Context,
    days: Annotated[int, Option(metavar="N", min=1, max=3650, help="Days of history.")] = 30,
    incidents: Annotated[int, Option(metavar="N", min=0, help="Past incidents to list.")] = 5,
    problems: Annotated[
        bool, Option("--problems", help="Show only vendors and components that are not ok.")
    ] = False,
    unfold: Annotated[bool, Option("--all", help="Show every vendor and component.")] = False,
    details: Annotated[
        bool, Option("--details", help="Show the page of each vendor that is not ok.")
    ] = False,
    updates: Annotated[bool, Option("--updates", help="Show every update of an incident.")] = False,
    sort: Sorted = Sort.SEVERITY,
    web: Annotated[bool, Option("--web", help="Open the page in the browser instead.")] = False,
    empty_ok: EmptyOk = False,
    label: Labels = None,
    exit_code: Annotated[
        bool, Option("--exit-code", help="Exit as 'check' does, by the verdict.")
    ] = False,
    *,
    options: ReadOptions,
    output: OutputOptions,
) -> int:
    """Show open and recent incidents, components and maintenance of vendors.

    \b
    Examples:
      outlogger status permutive
      outlogger status github -c Actions
      outlogger status --tag ci --problems

    Exits 0 even during an outage (see --exit-code), or 3 if a page could not be read.
    """
    runtime: Runtime = ctx.obj
    session = build(runtime, options, output, labels=label or (), empty_ok=empty_ok)
    announce(session, titled=True)
    if web:
        return _open([vendor.url for vendor in session.run.vendors])
    view = session.view(
        incidents=incidents,
        unfold=unfold,
        problems_only=problems,
        details=details,
        timelines=updates,
        sort=sort,
        empty_ok=empty_ok,
    )
    report = run.report(
        session.run,
        "status",
        gate=exit_code,
        window=session.window(days),
        narrow=_problems_only if problems else lambda judged: judged,
        display=Display(session, "status", view=view),
    )
    view = session.aged(view)
    code = finish(session, report, view, unread)
    # A prompt shows the text, and its exit code is not seen.
    return ExitCode.OK if session.format.stored_only and not exit_code else code


def _problems_only(judged: "Judged") -> "Judged":
    """Leave out the components that are operational; which were selected stays known."""
    bad = tuple(c for c in judged.components if c.status.severity is not Severity.NONE)
    return replace(judged, components=bad)


def _open(urls: list[str]) -> ExitCode:
    import webbrowser

    for url in urls:
        if not webbrowser.open(url):
            raise LocalError(f"no browser found to open {url}")
    return ExitCode.OK
