"""`outlogger mcp`: tools for AI agents, over standard input and output."""

import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import typer

from outlogger_cli.cli.command_line import with_options
from outlogger_cli.cli.commands.triage import reading
from outlogger_cli.cli.commands.vendors.listing import find_vendors
from outlogger_cli.cli.commands.vendors.listing import record as vendor_record
from outlogger_cli.cli.commands.watchlist.target import open_target
from outlogger_cli.cli.options import (
    MaxAge,
    MessageOptions,
    NetworkOptions,
    OutputOptions,
    ReadOptions,
    ThresholdOptions,
    WatchlistOptions,
)
from outlogger_cli.cli.output import announce, certificate_hint
from outlogger_cli.cli.session import Session, build, build_for, load
from outlogger_cli.domain.errors import ConfigError, ExitCode, UsageError
from outlogger_cli.domain.model import Depth, FailOn
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.text import whole_line
from outlogger_cli.domain.values import replace
from outlogger_cli.drill.environment import is_loopback
from outlogger_cli.engine import run
from outlogger_cli.engine.run import Rest
from outlogger_cli.mcp.source import Listing, Reading
from outlogger_cli.render import View
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.triage import conclusion, evidence, lines
from outlogger_cli.triage.entries import by_own_name
from outlogger_cli.watchlist.exchange import record

DEADLINE = timedelta(seconds=50)
"""Time limit of a call, unless the user sets one: many clients give up after a minute."""

_DAYS = 30


@with_options(where=WatchlistOptions, network=NetworkOptions, messages=MessageOptions)
def command(
    ctx: typer.Context,
    max_age: MaxAge = None,
    *,
    where: WatchlistOptions,
    network: NetworkOptions,
    messages: MessageOptions,
) -> int:
    """Serve status pages to AI agents over stdin and stdout (Model Context Protocol).

    \b
    Examples:
      claude mcp add outlogger -- outlogger mcp
      uvx --from 'outlogger-cli[mcp]' outlogger mcp

    Needs the extra: pip install 'outlogger-cli[mcp]'. All tools are read only, and answer within
    50 s unless --deadline says otherwise. Exits 0 when stdin ends or it is stopped, or 2 if it
    cannot start.
    """
    runtime: Runtime = ctx.obj
    for number in (signal.SIGINT, signal.SIGTERM):
        # The threads that wait for stdin or for a page cannot be ended.
        signal.signal(number, lambda *_: os._exit(ExitCode.OK))
    try:
        from outlogger_cli.mcp import server  # the extra
    except ModuleNotFoundError:
        raise UsageError("mcp requires the extra: pip install 'outlogger-cli[mcp]'") from None
    if sys.stdin is None or sys.stdout is None:
        raise UsageError("mcp requires standard input and standard output")
    source = PageSource(runtime, where.watchlist, network, max_age, quiet=messages.quiet)
    source.check_options()
    if terminal.is_terminal(runtime.stdin) and not messages.quiet:
        terminal.tell(runtime.stderr, "waiting for an MCP client on stdin; Ctrl-C ends it\n")
    server.serve(source)
    return ExitCode.OK


class PageSource:
    """Reads what the tools ask for, as other commands do, with the options of this one.

    A page's `Retry-After` holds for later calls, too.
    """

    def __init__(
        self,
        runtime: Runtime,
        watchlist: Path | None,
        network: NetworkOptions,
        max_age: timedelta | None,
        *,
        quiet: bool,
    ) -> None:
        # Standard input carries the protocol, so no name may read it.
        self._runtime = replace(runtime, stdin=StringIO())
        self._watchlist = watchlist
        self._network = network
        self._max_age = max_age
        self._output = OutputOptions(format="json", quiet=quiet)
        self._resting: dict[str, Rest] = {}

    def check_options(self) -> None:
        """Raise `UsageError` for what every call would fail for, and write to standard error what
        the user must know.

        An invalid watchlist is not an error yet: it may be corrected before a call reads it.
        """
        session = build_for(self._runtime, (), self._network, self._output)
        session.run.network()
        watchlist, located = None, self._located()
        try:
            watchlist = load(located)
        except ConfigError as error:
            if not self._output.quiet:
                terminal.tell(self._runtime.stderr, f"outlogger: {whole_line(str(error))}\n")
        announce(replace(session, located=located, watchlist=watchlist))

    def check(self, names: Sequence[str], tag: str | None, fail_on: FailOn | None, /) -> Reading:
        session = self._session(names, Depth.VERDICT, tag=tag, fail_on=fail_on)
        return self._reading(session, run.report(session.run, "check", gate=True))

    def status(self, name: str, /) -> Reading:
        return self._with_history("status", [name], _DAYS)

    def incidents(self, name: str | None, days: int, /) -> Reading:
        return self._with_history("incidents", [] if name is None else [name], days)

    def search(self, query: str, /) -> Listing:
        return Listing(items=[vendor_record(entry) for entry in find_vendors(query)])

    def watchlist(self) -> Listing:
        where = WatchlistOptions(watchlist=self._watchlist)
        target = open_target(self._runtime, where, quiet=True, missing=False)
        items = [record(entry) for entry in target.watchlist.vendors]
        return Listing(items=items, note=target.emptiness or target.shown_path)

    def triage(self, text: str, /) -> Reading:
        tail = reading.end_of(text.encode(errors="replace"))
        if lines.is_binary(tail.text):
            raise UsageError("text is not a log; give the log as text")
        findings = evidence.find(tail.text, first_line=tail.first_line)
        by_name = by_own_name(findings, load(self._located()))
        findings = replace(findings, named=tuple(by_name.values()))
        if by_name:
            session = self._session([*by_name], Depth.VERDICT)
        else:
            session = build_for(self._runtime, (), self._network, self._output)
        report = run.report(session.run, "triage", gate=True)
        found = conclusion.triage(report, findings, zone=session.zone, command="")
        return self._reading(session, replace(report, triage=found))

    def _located(self) -> Located:
        return paths.watchlist(self._watchlist, self._runtime.environ, self._runtime.cwd)

    def _with_history(self, command: str, names: Sequence[str], days: int) -> Reading:
        session = self._session(names, Depth.HISTORY)
        window = session.window(days)
        return self._reading(session, run.report(session.run, command, gate=False, window=window))

    def _session(
        self,
        names: Sequence[str],
        depth: Depth,
        *,
        tag: str | None = None,
        fail_on: FailOn | None = None,
    ) -> Session:
        """The session that reads the vendors called `names`; raises `UsageError`."""
        if "-" in names:
            raise UsageError("unknown vendor '-': standard input carries the protocol here")
        network = self._network
        options = ReadOptions(
            vendors=[*names],
            watchlist=self._watchlist,
            tag=[] if tag is None else [tag],
            timeout=network.timeout,
            deadline=network.deadline,
            jobs=network.jobs,
            retries=network.retries,
            cacert=network.cacert,
            max_age=self._max_age,
        )
        threshold = ThresholdOptions(fail_on=fail_on)
        session = build(self._runtime, options, self._output, threshold=threshold, depth=depth)
        _refuse_addresses(session)
        request = session.run.request
        request = replace(request, deadline=request.deadline or DEADLINE)
        return replace(session, run=replace(session.run, request=request, resting=self._resting))

    def _reading(self, session: Session, report: Report) -> Reading:
        hint = certificate_hint(session, report)
        view = View(now=session.run.clock.now(), zone=session.zone)
        return Reading(
            report=report, view=view, notes=(*session.readings, *([hint] if hint else []))
        )


def _refuse_addresses(session: Session) -> None:
    """Refuse `http://` addresses that only the agent wrote, except on loopback: text that it has
    read may make it ask other services of this network."""
    listed = {entry.url for entry in session.watchlist.vendors} if session.watchlist else set()
    for vendor in session.run.vendors:
        host = urlsplit(vendor.url).hostname or ""
        if vendor.url.startswith("http://") and vendor.url not in listed and not is_loopback(host):
            raise UsageError(
                f"{vendor.url}: only https:// addresses are read, unless the user adds the page to"
                f" the watchlist: outlogger watchlist add {vendor.url}"
            )
