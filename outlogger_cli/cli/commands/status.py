"""`outlogger status`: a vendor's page, or several vendors at a glance."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from outlogger_cli import render
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import Labels, OutputOptions, ReadOptions, with_options
from outlogger_cli.cli.output import announce, finish, unread
from outlogger_cli.cli.session import build
from outlogger_cli.domain.errors import ExitCode, LocalError
from outlogger_cli.domain.model import Severity
from outlogger_cli.engine import run
from outlogger_cli.system.runtime import Runtime

if TYPE_CHECKING:
    from outlogger_cli.domain.verdict import Judged

FORMATS = tuple(name for name, format in render.FORMATS.items() if not format.verdicts_only)


@with_options(formats=FORMATS, options=ReadOptions, output=OutputOptions)
def command(
    ctx: typer.Context,
    days: Annotated[int, Option(metavar="N", min=1, max=3650, help="Days of the strip.")] = 30,
    incidents: Annotated[int, Option(metavar="N", min=0, help="Incidents listed.")] = 5,
    problems: Annotated[bool, Option("--problems", help="Only what is not operational.")] = False,
    unfold: Annotated[bool, Option("--all", help="Every component, no folding.")] = False,
    web: Annotated[bool, Option("--web", help="Open the page in the browser instead.")] = False,
    waybar: Annotated[bool, Option("--waybar", help="With --format line: waybar's JSON.")] = False,
    label: Labels = None,
    exit_code: Annotated[
        bool, Option("--exit-code", help="Exit as 'check' does, by the verdict.")
    ] = False,
    *,
    options: ReadOptions,
    output: OutputOptions,
) -> int:
    """Show vendors' components, open and recent incidents, and maintenance.

    Exits 0 however bad the news, 3 where a page could not be read.

    Examples: outlogger status permutive · outlogger status github -c Actions
    """
    runtime: Runtime = ctx.obj
    session = build(runtime, options, output)
    labels = session.labels(label or ())
    announce(session)
    if web:
        return _open([vendor.url for vendor in session.run.vendors])
    report = run.report(
        session.run,
        "status",
        gate=exit_code,
        window=session.window(days),
        narrow=_problems_only if problems else lambda judged: judged,
        display=Display(session, "status"),
    )
    view = session.view(
        incidents=incidents,
        unfold=unfold,
        problems_only=problems,
        waybar=waybar,
        labels=labels,
    )
    code = finish(session, report, view, unread)
    # A prompt shows the text, and nobody sees its exit code.
    return ExitCode.OK if session.format.stored_only and not exit_code else code


def _problems_only(judged: "Judged") -> "Judged":
    """Leave out the components that are operational; which were selected stays known."""
    bad = tuple(c for c in judged.components if c.status.severity is not Severity.NONE)
    return replace(judged, components=bad)


def _open(urls: list[str]) -> ExitCode:
    import webbrowser

    for url in urls:
        if not webbrowser.open(url):
            raise LocalError(f"there is no browser to open {url} with")
    return ExitCode.OK
