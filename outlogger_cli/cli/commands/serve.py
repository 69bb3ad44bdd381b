"""`outlogger serve`: the status of the vendors over HTTP, for a team and its monitoring."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, TypeVar

import typer
from typer import Option

from outlogger_cli.cli.command_line import OTHER, with_options
from outlogger_cli.cli.options import (
    Counted,
    MessageOptions,
    NetworkOptions,
    OutputOptions,
    ReadOptions,
    Tags,
    Threshold,
    ThresholdOptions,
    VendorNames,
    WatchlistFile,
)
from outlogger_cli.cli.output import announce, say
from outlogger_cli.cli.rounds import Interval, pause_after
from outlogger_cli.cli.session import Session, build, named_vendors
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Depth, Vendor
from outlogger_cli.domain.values import fields, frozen, replace
from outlogger_cli.serve import address as addresses
from outlogger_cli.serve.address import Address
from outlogger_cli.system.runtime import Runtime

LISTEN = Address(host="127.0.0.1", port=8469)
INTERVAL = timedelta(minutes=1)
HISTORY_DAYS = 30

LONGEST_NAME = 100
"""Characters of a name to read on demand: similar names are searched for an unknown one."""

Parsed = TypeVar("Parsed")


def _parsed_by(parse: Callable[[str], Parsed]) -> Callable[[str], Parsed]:
    """`parse` as a parser of an option: Typer shows what its `ValueError` says."""

    def parser(text: str) -> Parsed:
        try:
            return parse(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return parser


@frozen
class ServeOptions:
    """Where to listen, and for which names to answer."""

    listen: Annotated[
        Address | None,
        Option(
            "--listen",
            metavar="ADDRESS:PORT",
            parser=_parsed_by(addresses.parse),
            help=f"Address and port to listen on; port 0 is any free one. [default: {LISTEN}]",
            show_default=False,
        ),
    ] = None
    host: Annotated[
        list[str] | None,
        Option(
            "--host",
            metavar="NAME",
            parser=_parsed_by(addresses.parse_names),
            help="Also answer requests for this host name, such as a proxy's.",
            show_default=False,
        ),
    ] = None
    interval: Interval = None
    label: Annotated[
        list[str] | None,
        Option(
            "--label",
            metavar="NAME=VALUE",
            help="Add a label to every metric. [default: list=WATCHLIST]",
            show_default=False,
        ),
    ] = None


@frozen
class VendorOptions(NetworkOptions):
    """The options of `ReadOptions` that a server has: it always reads, and its times are UTC."""

    vendors: VendorNames = None
    watchlist: WatchlistFile = None
    tag: Tags = None
    count_incidents: Counted = None
    verbose: Annotated[
        bool, Option("--verbose", "-v", help="Log each request.", rich_help_panel=OTHER)
    ] = False
    fail_on: Threshold = None


@with_options(serve=ServeOptions, reading=VendorOptions, messages=MessageOptions)
def command(
    ctx: typer.Context, *, serve: ServeOptions, reading: VendorOptions, messages: MessageOptions
) -> ExitCode:
    """Serve the status of vendors over HTTP: a page, metrics, JSON, a feed and a calendar.

    \b
    Examples:
      outlogger serve
      outlogger serve --tag ci --interval 5m
      outlogger serve --listen 0.0.0.0:8469 --host status.example.com

    / shows all vendors, /vendors/SLUG one. /metrics is for Prometheus, and so is
    /probe?target=NAME, which reads a vendor of the catalogue on demand. /api/v1/status and
    /api/v1/vendors/SLUG have the JSON of 'status'. /incidents.atom is a feed, /maintenance.ics a
    calendar. /healthz and /readyz are for an orchestrator.

    Vendors are read in rounds, not on request. There is no login and no TLS: use a proxy for
    both. Exits 0 when it is stopped, 2 if it cannot start.
    """
    try:
        from outlogger_cli.serve import server  # Starlette, Uvicorn and icalendar: an extra
        from outlogger_cli.serve.readings import Readings
    except ImportError as error:
        raise UsageError(
            f"serve requires the extra: pip install 'outlogger-cli[serve]' ({error})"
        ) from None

    runtime: Runtime = ctx.obj
    names = {field.name for field in fields(ReadOptions)}
    given = {field.name: getattr(reading, field.name) for field in fields(VendorOptions)}
    options = ReadOptions(
        **{name: value for name, value in given.items() if name in names},
        refresh=True,  # stored readings do not change
    )
    threshold = ThresholdOptions(fail_on=reading.fail_on)
    session = build(
        runtime,
        options,
        OutputOptions(format="prometheus", quiet=messages.quiet, debug=messages.debug),
        threshold=threshold,
        depth=Depth.HISTORY,
        labels=serve.label or (),
    )
    session.run.network()  # a wrong proxy or certificate is a usage error before it listens
    interval = serve.interval or INTERVAL
    readings = Readings(session.run, interval=interval, window=lambda: session.window(HISTORY_DAYS))
    with addresses.listen(serve.listen or LISTEN) as sock:
        announce(session)
        server.run(
            sock,
            readings,
            find=_finder(session, replace(options, vendors=None, tag=None), threshold),
            view=session.view(),
            hosts=[name.strip().lower() for one in serve.host or () for name in one.split(",")],
            pause=lambda: pause_after(interval),
            say=lambda text: say(session, text),
            log=(lambda text: say(session, text)) if session.verbose or messages.debug else None,
        )
    return ExitCode.OK


def _finder(
    session: Session, options: ReadOptions, threshold: ThresholdOptions
) -> Callable[[str], Vendor]:
    """The function that finds the vendor to read on demand. An address is not a name: a server
    that requests any address for anyone is an open proxy."""
    own = {vendor.slug: vendor for vendor in session.run.vendors}

    def find(name: str) -> Vendor:
        if vendor := own.get(name):
            return vendor
        if "://" in name or len(name) > LONGEST_NAME:
            raise UsageError("unknown vendor: use a name of the watchlist or of the catalogue")
        found = named_vendors(
            session.runtime, [name], options, threshold, session.located, session.watchlist
        )
        if len(found) != 1:
            raise UsageError("name one vendor, as in /probe?target=github")
        return found[0]

    return find
