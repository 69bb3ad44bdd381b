"""`outlogger status`: a vendor's page, or several vendors at a glance."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from outlogger_cli import render
from outlogger_cli.cli.options import Reading, takes
from outlogger_cli.domain.errors import ExitCode, LocalError
from outlogger_cli.domain.model import Depth, Severity
from outlogger_cli.system.runtime import Runtime

if TYPE_CHECKING:
    from outlogger_cli.domain.verdict import Judged

FORMATS = tuple(name for name in render.FORMATS if name not in {"github", "nagios"})


_COMPONENTS_ONLY = {"plain", "csv", "junit", "prometheus", "line"}


@takes(reading=Reading)
def command(
    ctx: typer.Context,
    days: Annotated[int, Option(metavar="N", min=1, max=3650, help="Days of the strip.")] = 30,
    incidents: Annotated[int, Option(metavar="N", min=0, help="Incidents listed.")] = 5,
    problems: Annotated[bool, Option("--problems", help="Only what is not operational.")] = False,
    unfold: Annotated[bool, Option("--all", help="Every component, no folding.")] = False,
    web: Annotated[bool, Option("--web", help="Open the page in the browser instead.")] = False,
    waybar: Annotated[bool, Option("--waybar", help="With --format line: waybar's JSON.")] = False,
    exit_code: Annotated[
        bool, Option("--exit-code", help="Exit as 'check' does, by the verdict.")
    ] = False,
    *,
    reading: Reading,
) -> ExitCode:
    """Show vendors' components, open and recent incidents, and maintenance.

    Exits 0 however bad the news, 3 where a page could not be read.

    Examples: outlogger status permutive · outlogger status github -c Actions
    """
    from outlogger_cli.cli import output, session

    runtime: Runtime = ctx.obj
    step = session.prepare(runtime, reading, gate=None, depth=Depth.HISTORY, formats=FORMATS)
    output.announce(step)
    if web:
        return _open([vendor.url for vendor in step.vendors])
    report = session.report(
        session.at_depth(step, _depth(step.format, len(step.vendors))),
        "status",
        days=days,
        gate=exit_code,
        arrived=output.streaming(step, "status"),
        shaped=_problems_only if problems else lambda judged: judged,
    )
    view = session.view(
        step, incidents=incidents, unfold=unfold, problems_only=problems, waybar=waybar
    )
    output.deliver(step, report, view)
    output.explain_unread(step, report)
    informs = step.format == "line" and not exit_code  # a prompt is no place for a failure
    return ExitCode.OK if informs else report.exit_code


def _depth(format: str, vendors: int) -> Depth:
    """No more of the pages than is shown: `plain` and `csv` tell components, the table of several
    vendors what is open now."""
    if format in _COMPONENTS_ONLY:
        return Depth.VERDICT
    return Depth.NOW if format == "table" and vendors > 1 else Depth.HISTORY


def _problems_only(judged: "Judged") -> "Judged":
    """Without the components that are well; which of the others were selected stays known."""
    bad = tuple(c for c in judged.components if c.status.severity is not Severity.NONE)
    return replace(judged, components=bad)


def _open(urls: list[str]) -> ExitCode:
    import webbrowser

    for url in urls:
        if not webbrowser.open(url):
            raise LocalError(f"there is no browser to open {url} with")
    return ExitCode.OK
