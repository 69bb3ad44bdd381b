"""`outlogger drill`: a vendor's page acted out on loopback, and a command run against it."""

import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Any

import typer
from typer import Argument, Option
from typer.core import TyperCommand

from outlogger_cli.cli.options import completed_by, with_options
from outlogger_cli.cli.session import load
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import ComponentStatus, Vendor
from outlogger_cli.domain.values import frozen
from outlogger_cli.drill import environment
from outlogger_cli.drill import pages as rehearsal
from outlogger_cli.drill import scenario as drill
from outlogger_cli.drill.scenario import Scenario
from outlogger_cli.drill.server import Fault, Server
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve

PATIENCE = "1s"
"""What the reading of a page that never answers may take, unless the user says otherwise."""

NOT_EXECUTABLE, NOT_FOUND = 126, 127
"""Exit codes where COMMAND could not be started: those of env(1) and of the shells."""

_PROGRAM = "outlogger"
_STATUSPAGE = "statuspage"
_TIMEOUT_VARIABLE = "OUTLOGGER_TIMEOUT"
_COMMAND = "outlogger.drill.command"

_SIGNALLED = 128
_LAST_WORDS = 2.0
"""Seconds that COMMAND has after Ctrl-C, and again after it was told to end."""


def split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """`argv` up to its first `--`, and the command after that."""
    words = list(argv)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


class _Command(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own, ctx.meta[_COMMAND] = split(args)
        return super().parse_args(ctx, own)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND...]"]


CLASS = _Command
"""Keeps COMMAND from being read as arguments and options of the drill."""


@frozen
class Asked:
    """What the drill is to act out."""

    vendor: Annotated[
        str | None,
        Argument(
            metavar="[VENDOR]",
            help="Whose page. [default: permutive]",
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
            help="Put this one out.",
            show_default=False,
            autocompletion=completed_by("components"),
        ),
    ] = None
    status: Annotated[
        ComponentStatus | None,
        Option(
            "--status",
            help="What the component becomes; without --component every component does."
            " [default: major_outage]",
            show_default=False,
        ),
    ] = None
    fault: Annotated[
        Fault | None,
        Option("--fault", help="What is wrong with the page itself.", show_default=False),
    ] = None
    scenario: Annotated[
        str | None,
        Option(
            "--scenario",
            metavar="NAME",
            help="What is acted out.",
            show_default=False,
            autocompletion=completed_by("scenarios"),
        ),
    ] = None
    serve: Annotated[
        bool, Option("--serve", help="Print what to export and serve until Ctrl-C.")
    ] = False
    listing: Annotated[bool, Option("--list", help="Show the scenarios.")] = False


@with_options(asked=Asked)
def command(ctx: typer.Context, *, asked: Asked) -> int:
    """Rehearse an outage: a vendor's page acted out on this machine, no network needed.

    Runs COMMAND, or 'outlogger status VENDOR', against it and exits with its exit code; with 127
    where there is no such command, 126 where it cannot be run. Only the page is not real: reading,
    verdict, format, exit code and notification are. The page's indicator follows its worst
    component; an incident is open only where the scenario has one.

    Examples: outlogger drill · outlogger drill github -- outlogger check github · outlogger drill
    --fault tls -- ./deploy.sh
    """
    runtime: Runtime = ctx.obj
    words: list[str] = ctx.meta[_COMMAND]
    if asked.listing:
        terminal.write(runtime.stdout, _listed(wide=terminal.is_terminal(runtime.stdout)))
        return ExitCode.OK
    if asked.serve and words:
        raise UsageError("--serve runs nothing: leave it out, or the command after --")
    scenario, vendor = _chosen(runtime, asked)
    clock = scenario.clock or runtime.now().replace(microsecond=0)
    readings = _readings(runtime, asked, scenario, vendor, clock)
    with Server(readings, good_readings=scenario.good_readings, fault=asked.fault) as server:
        variables = _variables(server, scenario, clock, runtime.environ)
        if asked.serve:
            _serve(runtime, variables)
        if words:
            return _run(runtime, words, variables)
        return _status(ctx, asked.vendor or scenario.vendor or scenario.page_url, variables)


def _listed(*, wide: bool) -> str:
    rows = [
        (one.name, one.platform or "the vendor's", one.shows)
        for one in map(drill.load, drill.names())
    ]
    if not wide:
        return "".join("\t".join(row) + "\n" for row in rows)
    return "".join(f"{name:<23} {platform:<13} {shows}\n" for name, platform, shows in rows)


def _chosen(runtime: Runtime, asked: Asked) -> tuple[Scenario, Vendor]:
    """The scenario and the vendor in whose name it is told; each may follow from the other."""
    if asked.vendor is None:
        scenario = drill.load(asked.scenario or drill.DEFAULT)
        return scenario, _vendor(runtime, scenario.vendor or scenario.page_url)
    vendor = _vendor(runtime, asked.vendor)
    scenario = drill.load(asked.scenario) if asked.scenario else drill.for_vendor(vendor.slug)
    if scenario.vendor not in {None, vendor.slug}:
        raise UsageError(
            f"--scenario {scenario.name} is the page of {scenario.vendor} alone:"
            f" leave out one of the two, or take another from outlogger drill --list"
        )
    return scenario, vendor


def _vendor(runtime: Runtime, name: str) -> Vendor:
    """Whom `outlogger status NAME` would read; raises `UsageError` for a name nobody knows."""
    located = paths.watchlist(None, runtime.environ, runtime.cwd)
    (vendor,) = resolve.vendors(
        [name],
        tags=(),
        overrides=resolve.Overrides(),
        watchlist=load(located),
        located=located,
        environ=runtime.environ,
    )
    return vendor


def _readings(
    runtime: Runtime, asked: Asked, scenario: Scenario, vendor: Vendor, clock: datetime
) -> list[dict[str, bytes]]:
    """The documents of each reading of the page."""
    pages = drill.pages(
        scenario,
        name=(vendor.name or vendor.slug) if asked.vendor else scenario.page_name,
        url=vendor.url,
        clock=clock,
        wanted=(*vendor.selection.include, *vendor.selection.exclude, *(asked.component or ())),
    )
    if asked.component or asked.status:
        status = asked.status or ComponentStatus.MAJOR_OUTAGE
        out = asked.component or ()
        pages = tuple(drill.put(page, out, status, since=clock) for page in pages)
    platform = _platform(runtime, scenario, vendor)
    return [rehearsal.documents(page, platform) for page in pages]


def _platform(runtime: Runtime, scenario: Scenario, vendor: Vendor) -> str:
    wanted = scenario.platform or vendor.platform or _STATUSPAGE
    if wanted in rehearsal.PLATFORMS:
        return wanted
    _say(runtime, f"{vendor.slug}: a page on {wanted} is acted out as one on Statuspage")
    return _STATUSPAGE


def _variables(
    server: Server, scenario: Scenario, clock: datetime, environ: Mapping[str, str]
) -> dict[str, str]:
    """What tells every command of this program that it is in the drill, and which."""
    fault = server.fault
    variables = {
        environment.VARIABLE: server.origin,
        environment.SCENARIO_VARIABLE: f"{scenario.name}, fault {fault}"
        if fault
        else scenario.name,
        environment.CLOCK_VARIABLE: clock.isoformat().replace("+00:00", "Z"),
    }
    if fault is Fault.DNS:
        variables[environment.FAULT_VARIABLE] = fault
    if fault is Fault.TIMEOUT and not environ.get(_TIMEOUT_VARIABLE):
        variables[_TIMEOUT_VARIABLE] = PATIENCE
    return variables


def _drilled(environ: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """`environ` inside the drill; of a drill around this one nothing is left."""
    outside = {k: v for k, v in environ.items() if not k.startswith(environment.VARIABLE)}
    return {**outside, **variables}


def _status(ctx: typer.Context, vendor: str, variables: Mapping[str, str]) -> int:
    """`outlogger status VENDOR` in this process, on its terminal."""
    runtime: Runtime = ctx.obj
    args = ["status", vendor]
    if _TIMEOUT_VARIABLE in variables:
        args += ["--timeout", variables[_TIMEOUT_VARIABLE]]
    inside = replace(runtime, environ=_drilled(runtime.environ, variables))
    with ctx.find_root().command.make_context(_PROGRAM, args, obj=inside) as context:
        return int(context.command.invoke(context))


def _serve(runtime: Runtime, variables: Mapping[str, str]) -> None:
    """Say what to export, and stay until somebody presses Ctrl-C."""
    exports = (f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    _announce(runtime, variables)
    terminal.write(runtime.stdout, "".join(exports))
    while True:
        runtime.clock.sleep(3600)


def _run(runtime: Runtime, words: Sequence[str], variables: Mapping[str, str]) -> int:
    """COMMAND's exit code, 128 and the number of the signal that ended it."""
    environ = _drilled(runtime.environ, variables)
    if PurePath(words[0]).stem != _PROGRAM:  # which says so itself
        _announce(runtime, variables)
    try:
        child = subprocess.Popen(_program(words, environ), env=environ)
    except OSError as error:
        terminal.tell(runtime.stderr, f"outlogger: {words[0]}: {error.strerror}\n")
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
    with child, _terminating(child):
        try:
            code = child.wait()
        except KeyboardInterrupt:
            code = _ended(child)
    return code if code >= 0 else _SIGNALLED - code


def _program(words: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """`words`, with this very program for an `outlogger` that is not on the PATH."""
    if words[0] != _PROGRAM or shutil.which(_PROGRAM, path=environ.get("PATH")):
        return list(words)
    return [sys.executable, "-P", "-m", "outlogger_cli", *words[1:]]


@contextmanager
def _terminating(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Who ends the drill ends COMMAND too."""
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _ended(child: "subprocess.Popen[bytes]") -> int:
    """The exit code after Ctrl-C, which on a terminal the child has heard as well: its own, where
    it ends by itself."""
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        return child.wait(_LAST_WORDS)
    child.terminate()
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        child.wait(_LAST_WORDS)
    child.kill()
    return ExitCode.INTERRUPTED


def _announce(runtime: Runtime, variables: Mapping[str, str]) -> None:
    played = environment.from_environment(variables)
    _say(runtime, f"DRILL: {played.title if played else ''}; nothing of this is real")


def _say(runtime: Runtime, text: str) -> None:
    terminal.tell(runtime.stderr, f"{text}\n")
