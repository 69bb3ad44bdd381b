"""`outlogger drill`: simulate a vendor's status page on loopback and run a command against it."""

import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Any, NoReturn
from urllib.parse import urlsplit

import typer
from typer import Argument, Option

from outlogger_cli.cli.command_line import Command, completed_by, with_options
from outlogger_cli.cli.session import load
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import ComponentStatus, Snapshot, Vendor
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.drill import command as drill_command
from outlogger_cli.drill import environment, pages
from outlogger_cli.drill import scenario as scenarios
from outlogger_cli.drill.environment import Drill
from outlogger_cli.drill.scenario import Scenario
from outlogger_cli.drill.server import Fault, Server
from outlogger_cli.system import paths, processes, terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve

_COMMAND = "outlogger.drill.command"


def split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """`argv` up to its first `--`, and the command after that."""
    words = list(argv)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


class _Command(Command):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own, ctx.meta[_COMMAND] = split(args)
        return super().parse_args(ctx, own)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND...]"]


CLASS = _Command
"""Keeps COMMAND from being parsed as arguments and options of the drill."""


@frozen
class DrillOptions:
    """The vendor and the scenario of the drill, changes to them, and what to do instead."""

    vendor: Annotated[
        str | None,
        Argument(
            metavar="[VENDOR]",
            help="The vendor to simulate. [default: the vendors of scenario bad-day]",
            show_default=False,
            autocompletion=completed_by("vendors"),
        ),
    ] = None
    component: Annotated[
        list[str] | None,
        Option(
            "--component",
            "-c",
            metavar="NAME",
            help="Component to break.",
            show_default=False,
            autocompletion=completed_by("components"),
        ),
    ] = None
    status: Annotated[
        ComponentStatus | None,
        Option(
            "--status",
            help="Status to set; without --component of every component. [default: major_outage]",
            show_default=False,
        ),
    ] = None
    fault: Annotated[
        Fault | None,
        Option("--fault", help="How the page itself fails.", show_default=False),
    ] = None
    scenario: Annotated[
        str | None,
        Option(
            "--scenario",
            metavar="NAME",
            help="Scenario to simulate (see --list).",
            show_default=False,
            autocompletion=completed_by("scenarios"),
        ),
    ] = None
    serve: Annotated[
        bool, Option("--serve", help="Print the variables to export, and serve until Ctrl-C.")
    ] = False
    listing: Annotated[bool, Option("--list", help="List the scenarios.")] = False


@with_options(options=DrillOptions)
def command(ctx: typer.Context, *, options: DrillOptions) -> int:
    """Simulate an outage on loopback; no network needed.

    \b
    Examples:
      outlogger drill
      outlogger drill permutive
      outlogger drill github -c Actions -- outlogger check github
      outlogger drill --fault tls -- ./deploy.sh

    Runs COMMAND, or 'outlogger status' of the simulated vendors, and exits with its exit code: 127
    if it does not exist, 126 if it cannot be run. Only the page is simulated: reading, verdict,
    format, exit code and notifications are real. Every page is served in Statuspage's
    format; its indicator follows its worst component.
    """
    runtime: Runtime = ctx.obj
    words: list[str] = ctx.meta[_COMMAND]
    if options.listing:
        terminal.write(runtime.stdout, _listed(wide=terminal.is_terminal(runtime.stdout)))
        return ExitCode.OK
    if options.serve and words:
        raise UsageError("--serve runs nothing: leave it out, or the command after --")
    scenario, vendors = _chosen(runtime, options)
    clock = scenario.clock or runtime.now().replace(microsecond=0)
    shown = {
        urlsplit(vendor.url).netloc: [pages.documents(page) for page in found]
        for vendor, found in _snapshots(options, scenario, vendors, clock)
    }
    fault = options.fault
    with Server(shown, good_readings=scenario.good_readings, fault=fault) as server:
        title = f"{scenario.name}, fault {fault}" if fault else scenario.name
        drill = Drill(origin=server.origin, scenario=title, clock=clock)
        variables = environment.variables(drill, fault, runtime.environ)
        environ = {**environment.without_drill(runtime.environ), **variables}
        drill_runtime = replace(runtime, environ=environ)
        if options.serve:
            _serve(runtime, drill, variables)
        if words:
            return _run(drill_runtime, drill, words)
        named = options.vendor or scenario.vendor
        args = ["status", *([named] if named else [_name_of(vendor) for vendor in vendors])]
        if timeout := variables.get(environment.TIMEOUT_VARIABLE):
            args += ["--timeout", timeout]
        program = ctx.find_root().command
        with program.make_context(processes.PROGRAM, args, obj=drill_runtime) as context:
            return int(context.command.invoke(context))


def _listed(*, wide: bool) -> str:
    row = "{:<24}{}\n" if wide else "{}\t{}\n"
    found = map(scenarios.load, scenarios.names())
    return "".join(row.format(scenario.name, scenario.summary) for scenario in found)


def _chosen(runtime: Runtime, options: DrillOptions) -> tuple[Scenario, list[Vendor]]:
    """The scenario and its vendors; if only one is given, the other follows from it."""
    if options.vendor is None:
        scenario = scenarios.load(options.scenario or scenarios.DEFAULT)
        parts = scenario.pages or (scenario,)
        return scenario, [_vendor(runtime, one.vendor or one.page_url) for one in parts]
    vendor = _vendor(runtime, options.vendor)
    if options.scenario is None:
        return scenarios.for_vendor(vendor.slug), [vendor]
    scenario = scenarios.load(options.scenario)
    by_vendor = {part.vendor: part for part in scenario.pages or (scenario,)}
    if part := by_vendor.get(vendor.slug) or by_vendor.get(None):
        return part, [vendor]
    raise UsageError(
        f"--scenario {scenario.name} is for {', '.join(filter(None, by_vendor))}, not for"
        f" {vendor.slug}: leave out the vendor, or see outlogger drill --list"
    )


def _name_of(vendor: Vendor) -> str:
    """What the vendor is called on a command line: its slug, or its address."""
    return vendor.slug if vendor.name else vendor.url


def _vendor(runtime: Runtime, name: str) -> Vendor:
    """The vendor that `outlogger status NAME` would read; raises `UsageError` if unknown."""
    located = paths.watchlist(None, runtime.environ, runtime.cwd)
    return resolve.one(name, load(located), located)


def _snapshots(
    options: DrillOptions, scenario: Scenario, vendors: Sequence[Vendor], clock: datetime
) -> list[tuple[Vendor, Sequence[Snapshot]]]:
    """The page of each vendor at each reading, with the components that the options change."""
    components = options.component or ()
    found: list[tuple[Vendor, Sequence[Snapshot]]] = []
    for vendor, part in zip(vendors, scenario.pages or (scenario,), strict=True):
        own = scenarios.snapshots(
            part,
            name=(vendor.name or vendor.slug) if part.vendor or options.vendor else part.page_name,
            url=vendor.url,
            clock=clock,
            extra_components=(*vendor.selection.include, *vendor.selection.exclude, *components),
        )
        found.append((vendor, own))
    scenarios.require(components, [own[0] for _, own in found])
    if not (components or options.status):
        return found
    status = options.status or ComponentStatus.MAJOR_OUTAGE
    return [
        (
            vendor,
            [scenarios.with_status(page, components, status, since=clock) for page in own],
        )
        for vendor, own in found
    ]


def _serve(runtime: Runtime, drill: Drill, variables: Mapping[str, str]) -> NoReturn:
    """Print what to export, and wait for Ctrl-C."""
    _announce(runtime, drill)
    exports = (f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    terminal.write(runtime.stdout, "".join(exports))
    while True:
        runtime.clock.sleep(3600)


def _run(runtime: Runtime, drill: Drill, words: Sequence[str]) -> int:
    """The exit code of the command `words`, run in the environment of `runtime`."""
    if PurePath(words[0]).stem != processes.PROGRAM:  # which announces the drill itself
        _announce(runtime, drill)
    try:
        return drill_command.run(words, runtime.environ)
    except processes.CommandNotStartedError as error:
        terminal.tell(runtime.stderr, f"outlogger: {words[0]}: {error}\n")
        return error.code


def _announce(runtime: Runtime, drill: Drill) -> None:
    terminal.tell(runtime.stderr, f"DRILL: simulated data ({drill.title})\n")
