"""Options, environment and watchlist become a `Session`: what is read, and how it is shown."""

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, TextIO

from outlogger_cli.cli.options import (
    NetworkOptions,
    OutputOptions,
    ReadOptions,
    ThresholdOptions,
)
from outlogger_cli.cli.writing import check_file, format_name, stream_view
from outlogger_cli.domain.errors import UsageError, collected, together
from outlogger_cli.domain.model import Depth, Vendor
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.engine.cache import Cache
from outlogger_cli.engine.run import (
    DEFAULT_TIMEOUT,
    Request,
    Run,
    network_of,
)
from outlogger_cli.render import FORMATS, Format, View
from outlogger_cli.system import paths
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.schema import Defaults, Watchlist

if TYPE_CHECKING:
    from outlogger_cli.domain.history import Window
    from outlogger_cli.drill.environment import Drill

OFFLINE_MAX_AGE = timedelta(minutes=10)
"""Default `--max-age` of a stored reading that is used without the network."""


@frozen
class Session:
    """One command line that reads pages, with every option settled.

    `zone` is the one that people read times in, None for the machine's own; `day_zone` the one
    that days begin in.
    """

    runtime: Runtime
    run: Run
    output: OutputOptions
    format: Format
    located: Located
    watchlist: Watchlist | None
    verbose: bool = False
    zone: tzinfo | None = None
    day_zone: tzinfo = UTC
    labels: tuple[tuple[str, str], ...] = ()
    """Labels of every series, if the format has some."""

    readings: tuple[str, ...] = ()
    """How ambiguous names were understood."""

    @property
    def streams(self) -> bool:
        """Whether vendors are written to standard output as they arrive."""
        return self.format.streams and not self.output.output

    def window(self, days: int) -> "Window":
        """The last `days` days."""
        from outlogger_cli.domain.history import Window

        return Window(days=days, now=self.run.clock.now(), zone=self.day_zone)

    def view(self, **changes: Any) -> View:
        """How the output shows things; `changes` are further fields of the view."""
        shown = stream_view(self.runtime, self.output)
        now = self.run.clock.now()
        changes = {"labels": self.labels, **changes}
        return replace(shown, now=now, zone=self.zone, verbose=self.verbose, **changes)

    def aged(self, view: View) -> View:
        """`view` at the present time and width: reading took some, and a window may be resized."""
        width = stream_view(self.runtime, self.output).width
        return replace(view, now=self.run.clock.now(), width=width)

    def labels_with(self, given: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """The labels of every series: those of `--label`, and the watchlist's name as `list`.

        Raises `UsageError` for invalid ones, and for any with a format that has none.
        """
        if not self.format.labelled:
            if given:
                raise UsageError("--label requires --format prometheus")
            return ()
        from outlogger_cli.render import prometheus

        name = self.watchlist.path.name.removesuffix(".toml") if self.watchlist else ""
        try:
            typed = dict(prometheus.labels(given))
        except ValueError as error:
            raise UsageError(f"--label: {error}") from None
        return tuple({"list": line(name) or "command-line", **typed}.items())


def build(
    runtime: Runtime,
    options: ReadOptions,
    output: OutputOptions,
    *,
    threshold: ThresholdOptions | None = None,
    depth: Depth | None = None,
    labels: Sequence[str] = (),
    empty_ok: bool = False,
) -> Session:
    """Settle options, environment and watchlist; raises `UsageError` with all that is wrong with
    them before anything is read.

    Without a `depth` as much of each page is read as the format shows. `labels` and
    `empty_ok` are what `--label` and `--empty-ok` say.
    """
    errors: list[UsageError] = []
    located = paths.watchlist(options.watchlist, runtime.environ, runtime.cwd)
    watchlist: Watchlist | None = None
    vendors: Sequence[Vendor] = ()
    readings: tuple[str, ...] = ()
    with collected(errors):
        watchlist = load(located)
        names = _names(options.vendors or [], runtime.stdin)
        vendors = named_vendors(runtime, names, options, threshold, located, watchlist)
        readings = tuple(resolve.readings(names, watchlist, located))
    with collected(errors):
        _refuse_contradictions(options)
    session = _session(runtime, vendors, options, output, located, watchlist, depth, errors=errors)
    session = replace(session, readings=readings)
    with collected(errors):
        session = replace(session, labels=session.labels_with(labels))
    if empty_ok and not session.format.can_be_empty:
        errors.append(UsageError("--empty-ok requires --format line or waybar"))
    if errors:
        with collected(errors):
            session.run.network()  # a wrong proxy or certificate is found only here
        raise together(errors)
    return session


def _refuse_contradictions(options: ReadOptions) -> None:
    if options.offline and options.refresh:
        raise UsageError("--offline and --refresh cannot be used together")


def named_vendors(
    runtime: Runtime,
    names: Sequence[str],
    options: ReadOptions,
    threshold: ThresholdOptions | None,
    located: Located,
    watchlist: Watchlist | None,
) -> Sequence[Vendor]:
    """The vendors that `names` mean, all of the watchlist without any, by these options."""
    threshold = threshold or ThresholdOptions()
    return resolve.vendors(
        names,
        tags=options.tag or [],
        overrides=resolve.Overrides(
            components=tuple(options.component or ()),
            exclude=tuple(options.exclude or ()),
            fail_on=threshold.fail_on,
            on_unknown=threshold.on_unknown,
            count_incidents=options.count_incidents,
            timeout=options.timeout,
        ),
        watchlist=watchlist,
        located=located,
        environ=runtime.environ,
    )


def build_for(
    runtime: Runtime,
    vendors: Sequence[Vendor],
    network: NetworkOptions,
    output: OutputOptions,
    *,
    located: Located | None = None,
    watchlist: Watchlist | None = None,
) -> Session:
    """The session of a command that reads the pages of given `vendors`, watched or not: of a
    watchlist only its defaults count, and of a page no more is read than says what it is."""
    errors: list[UsageError] = []
    session = _session(
        runtime,
        vendors,
        ReadOptions(
            deadline=network.deadline,
            jobs=network.jobs,
            retries=network.retries,
            cacert=network.cacert,
            refresh=True,
        ),
        output,
        located or Located(path=runtime.cwd, own=True),
        watchlist,
        Depth.VERDICT,
        timeout=network.timeout or DEFAULT_TIMEOUT,
        errors=errors,
    )
    if errors:
        raise together(errors)
    # What is written is not the report: no vendor is written as it arrives.
    return replace(session, format=replace(session.format, streams=False))


def _session(
    runtime: Runtime,
    vendors: Sequence[Vendor],
    options: ReadOptions,
    output: OutputOptions,
    located: Located,
    watchlist: Watchlist | None,
    depth: Depth | None,
    timeout: timedelta = DEFAULT_TIMEOUT,
    *,
    errors: list[UsageError],
) -> Session:
    """The session; what is wrong is added to `errors`, and then it must not be used."""
    drill = _drill(runtime.environ)
    format = FORMATS[format_name(runtime, output)]
    with collected(errors):
        if output.output:
            check_file(output.output)
    defaults = watchlist.defaults if watchlist else Defaults()
    zone: tzinfo | None = None
    day_zone: tzinfo = UTC
    with collected(errors):
        zone = _zone(options, runtime, defaults)
        day_zone = _zone_named(options.tz) if options.tz and not options.utc else UTC
    offline = options.offline or (format.stored_only and not options.refresh and not drill)
    max_age = options.max_age if options.max_age is not None else defaults.max_age
    if max_age is None:
        max_age = OFFLINE_MAX_AGE if offline else timedelta()
    clock = replace(runtime.clock, now=drill.running(runtime.now)) if drill else runtime.clock
    retries = _first(options.retries, defaults.retries, 1)
    run = Run(
        vendors=tuple(vendors),
        request=Request(
            depth=depth or format.status_depth(len(vendors)),
            timeout=timeout,
            deadline=options.deadline or defaults.deadline,
            jobs=options.jobs or defaults.jobs,
            max_age=timedelta() if options.refresh else max_age,
            offline=offline,
        ),
        clock=clock,
        network=lambda: network_of(
            clock,
            runtime.environ,
            cacert=options.cacert,
            retries=retries,
            drill=drill,
            transport=runtime.transport,
        ),
        cache=None if drill else Cache(paths.pages()),
        drill=drill,
    )
    return Session(
        runtime=runtime,
        run=run,
        output=output,
        format=format,
        located=located,
        watchlist=watchlist,
        verbose=options.verbose,
        zone=zone,
        day_zone=day_zone,
    )


def _drill(environ: Mapping[str, str]) -> "Drill | None":
    if "OUTLOGGER_DRILL" not in environ:
        return None
    from outlogger_cli.drill import environment

    return environment.from_environment(environ)


def load(located: Located) -> Watchlist | None:
    """The watchlist, None if there is none; one that was named must be there."""
    if located.named or paths.is_file(located.path):
        return resolve.load(located.path)
    return None


def _first(option: int | None, default: int | None, built_in: int) -> int:
    """The first of the three that is given; 0 is."""
    return next(value for value in (option, default, built_in) if value is not None)


def _names(names: Sequence[str], stdin: TextIO) -> list[str]:
    """The names, with `-` replaced by those on standard input: all words of a line, but of a
    record, such as a listing's, its first field."""
    if "-" not in names:
        return list(names)
    try:
        rows = stdin.read().removeprefix("\ufeff").splitlines()
    except UnicodeDecodeError:
        raise UsageError("standard input is not text (- reads vendor names from it)") from None
    read: list[str] = []
    for row in rows:
        field, tab, _ = row.partition("#")[0].strip().partition("\t")
        read += [field.strip()] if tab else field.split()
    at = names.index("-")
    found = [*names[:at], *read, *(name for name in names[at + 1 :] if name != "-")]
    if not found:
        raise UsageError(
            "no vendor to read: no names on standard input;"
            " give a name, or add one: outlogger watchlist add NAME"
        )
    return found


def _zone(options: ReadOptions, runtime: Runtime, defaults: Defaults) -> tzinfo | None:
    """The reader's zone: an option, TZ, the watchlist; None for the machine's own."""
    if options.utc:
        return UTC
    if options.tz:
        return _zone_named(options.tz)
    if name := runtime.environ.get("TZ", "").removeprefix(":"):
        try:
            return _zone_named(name)
        except UsageError:  # a form that only the C library reads, such as `EST5EDT4,M3...`
            return None
    return _zone_named(defaults.tz) if defaults.tz else None


def _zone_named(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UsageError(
            f"--tz: unknown time zone {name!r}: use a name like Europe/Berlin"
        ) from None
