"""The walk of every command that reads pages: names, vendors, outcomes, report, text.

Here stand the order of the steps and the precedence of options, environment and watchlist.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO

from outlogger_cli.cli import output_file
from outlogger_cli.cli.formats import choose_format, stream_view
from outlogger_cli.cli.options import Fetching, Gate, Reading
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.model import Depth, Failed, FailureKind, Outcome, Vendor
from outlogger_cli.domain.values import frozen
from outlogger_cli.drill import environment
from outlogger_cli.drill.environment import Drill
from outlogger_cli.engine.cache import Cache
from outlogger_cli.engine.run import Request, collect
from outlogger_cli.render import View
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve, schema
from outlogger_cli.watchlist.resolve import Overrides
from outlogger_cli.watchlist.schema import Defaults, Watchlist

if TYPE_CHECKING:
    from outlogger_cli.domain.report import Report
    from outlogger_cli.domain.verdict import Judged
    from outlogger_cli.net.client import Network

DEFAULT_TIMEOUT = timedelta(seconds=10)
OFFLINE_MAX_AGE = timedelta(minutes=10)
DEFAULT_JOBS = 64
"""50 to 100 at a time is the knee of the curve; more buys nothing and costs file descriptors."""


@frozen
class Walk:
    """One run of a reading command, with every option settled."""

    runtime: Runtime
    reading: Reading
    located: Located
    listed: Watchlist | None
    vendors: tuple[Vendor, ...]
    request: Request
    retries: int
    drill: Drill | None
    format: str
    zone: tzinfo | None
    started: datetime

    @property
    def title(self) -> str | None:
        """The drill that is being acted out, None where the pages are real."""
        return self.drill.title if self.drill else None

    def now(self) -> datetime:
        """The present, which in a drill is the scenario's."""
        present = self.runtime.now()
        if self.drill is None or self.drill.clock is None:
            return present
        return self.drill.clock + (present - self.started)


def prepare(
    runtime: Runtime, reading: Reading, *, gate: Gate | None, depth: Depth, formats: Sequence[str]
) -> Walk:
    """Settle options, environment and watchlist; raises `UsageError` before anything is fetched."""
    if reading.offline and reading.refresh:
        raise UsageError("--offline and --refresh contradict each other: give one of them")
    drill = environment.from_environment(runtime.environ)
    chosen = choose_format(runtime, reading, formats)
    if reading.output:
        output_file.check(reading.output)
    located = paths.watchlist(reading.watchlist, runtime.environ, runtime.cwd)
    listed = load(located)
    defaults = listed.defaults if listed else Defaults()
    vendors = resolve.resolve(
        _names(reading.vendors or [], runtime.stdin),
        tags=reading.tag or [],
        overrides=_overrides(reading, gate),
        watchlist=listed,
        located=located,
        environ=runtime.environ,
    )
    return Walk(
        runtime=runtime,
        reading=reading,
        located=located,
        listed=listed,
        vendors=vendors,
        request=_request(reading, defaults, depth, stored=chosen == "line" and not drill),
        retries=first(reading.retries, defaults.retries, 1),
        drill=drill,
        format=chosen,
        zone=_zone(reading, runtime, defaults),
        started=runtime.now(),
    )


def over_pages(
    runtime: Runtime,
    vendors: Sequence[Vendor],
    fetching: Fetching,
    *,
    quiet: bool,
    listed: Watchlist | None = None,
) -> Walk:
    """The run of a command that reads pages because they are there, not because they are watched:
    of a watchlist only its defaults count, and of a page no more is read than says what it is."""
    given = Reading(
        deadline=fetching.deadline, jobs=fetching.jobs, cacert=fetching.cacert, refresh=True
    )
    defaults = listed.defaults if listed else Defaults()
    request = _request(given, defaults, Depth.VERDICT, stored=False)
    return Walk(
        runtime=runtime,
        reading=replace(given, quiet=quiet),
        located=Located(path=runtime.cwd, own=True),
        listed=listed,
        vendors=tuple(vendors),
        request=replace(request, timeout=fetching.timeout or DEFAULT_TIMEOUT),
        retries=first(fetching.retries, defaults.retries, 1),
        drill=environment.from_environment(runtime.environ),
        format="plain",
        zone=None,
        started=runtime.now(),
    )


def at_depth(walk: Walk, depth: Depth) -> Walk:
    """The same run, asking for more or less of each page."""
    return replace(walk, request=replace(walk.request, depth=depth))


def report(
    walk: Walk,
    command: str,
    *,
    days: int | None,
    gate: bool,
    arrived: "Callable[[Judged], None]" = lambda _: None,
    shaped: "Callable[[Judged], Judged]" = lambda judged: judged,
) -> "Report":
    """Every vendor read and judged, in the order asked for, over the last `days` if any.

    `arrived` hears of each as it comes; `shaped` may leave out what is not to be shown. What had
    not come by Ctrl-C is unknown, `interrupted`.
    """
    now, interrupted = walk.now(), False
    judged: dict[int, Judged] = {}
    try:
        with _progress(walk, judged):
            for index, outcome in outcomes(walk, meanwhile=lambda: _prepare_rest(walk)):
                judged[index] = shaped(_judge(walk, outcome, days, now))
                arrived(judged[index])
    except KeyboardInterrupt:
        interrupted = True
    for index, vendor in enumerate(walk.vendors):
        if index not in judged:
            judged[index] = shaped(_judge(walk, _interrupted(vendor, now), days, now))
            arrived(judged[index])
    return _built(walk, command, [judged[index] for index in sorted(judged)], gate, interrupted)


def _prepare_rest(walk: Walk) -> None:
    """Load what is needed once the answers are there, while they are on their way."""
    import_module("outlogger_cli.domain.report")
    import_module(f"outlogger_cli.render.{walk.format}")


def _judge(walk: Walk, outcome: Outcome, days: int | None, now: datetime) -> "Judged":
    from outlogger_cli.domain.history import Window
    from outlogger_cli.domain.verdict import judge

    window = Window(days=days, now=now, zone=_day_zone(walk)) if days else None
    return judge(outcome, window=window)


def _built(
    walk: Walk, command: str, judged: "Sequence[Judged]", gate: bool, interrupted: bool
) -> "Report":
    from outlogger_cli.domain.report import build

    built = build(command, judged, gate=gate, now=walk.now(), drill=walk.title)
    return replace(built, exit_code=ExitCode.INTERRUPTED) if interrupted else built


def view(walk: Walk, **changes: Any) -> View:
    """How `walk`'s stream shows things; `changes` are further fields of the view."""
    reading = walk.reading
    shown = stream_view(walk.runtime, reading)
    return replace(shown, now=walk.now(), zone=walk.zone, verbose=reading.verbose, **changes)


def outcomes(
    walk: Walk, *, stored: bool = True, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[tuple[int, Outcome]]:
    """Each vendor's place and its outcome, as they come in; without `stored` no stored readings
    are used or written. `meanwhile` is called while the first answers are on their way."""
    return collect(
        walk.vendors,
        walk.request,
        now=walk.now(),
        cache=Cache(paths.pages()) if stored and not walk.drill else None,
        network=lambda: network(walk),
        meanwhile=meanwhile,
    )


def network(walk: Walk) -> "Network":
    """What the pages of this run are asked through."""
    from outlogger_cli.net import proxy, tls
    from outlogger_cli.net.client import Network

    runtime = walk.runtime
    return Network(
        tls=tls.contexts(walk.reading.cacert, runtime.environ),
        proxies=not walk.drill and proxy.in_use(runtime.environ),
        retries=walk.retries,
        drill=walk.drill.origin if walk.drill else None,
        transport=runtime.transport,
        now=walk.now,
        monotonic=runtime.monotonic,
        sleep=runtime.sleep,
    )


def _progress(walk: Walk, found: "Mapping[int, Judged]") -> terminal.Progress:
    stream = walk.runtime.stderr
    shows = terminal.redraws(stream, walk.runtime.environ) and not walk.reading.quiet
    return terminal.Progress(
        stream if shows else None,
        awaited=lambda: [v.slug for i, v in enumerate(walk.vendors) if i not in found],
        columns=terminal.width(stream, walk.runtime.environ),
    )


def _interrupted(vendor: Vendor, now: datetime) -> Failed:
    return Failed(
        vendor=vendor, kind=FailureKind.INTERRUPTED, message="interrupted", checked_at=now
    )


def first(option: int | None, default: int | None, built_in: int) -> int:
    """The first of the three that says something; 0 does."""
    return next(value for value in (option, default, built_in) if value is not None)


def load(located: Located) -> Watchlist | None:
    """The watchlist, None where there is none; one that was named must be there."""
    if located.named or paths.is_file(located.path):
        return schema.load(located.path)
    return None


def _names(names: Sequence[str], stdin: TextIO) -> list[str]:
    """The names, with `-` replaced by those on standard input."""
    if "-" not in names:
        return list(names)
    try:
        rows = stdin.read().removeprefix("\ufeff").splitlines()
    except UnicodeDecodeError:
        raise UsageError("standard input is no text; - stands for names on it") from None
    read = [name for row in rows for name in _in_row(row.partition("#")[0].strip())]
    at = names.index("-")
    found = [*names[:at], *read, *(name for name in names[at + 1 :] if name != "-")]
    if not found:
        raise UsageError(
            "no vendor to read: - stands for names on standard input, and there is none;"
            " name one, or make a list: outlogger watchlist add NAME"
        )
    return found


def _in_row(row: str) -> list[str]:
    """The names in a line: its words, but of a record, such as a listing's, the first field."""
    field, tab, _ = row.partition("\t")
    return [field.strip()] if tab else row.split()


def _overrides(reading: Reading, gate: Gate | None) -> Overrides:
    return Overrides(
        components=tuple(reading.component or ()),
        exclude=tuple(reading.exclude or ()),
        fail_on=gate.fail_on if gate else None,
        on_unknown=gate.on_unknown if gate else None,
        count_incidents=reading.count_incidents,
        timeout=reading.timeout,
    )


def _request(reading: Reading, defaults: Defaults, depth: Depth, *, stored: bool) -> Request:
    offline = reading.offline or (stored and not reading.refresh)
    max_age = reading.max_age if reading.max_age is not None else defaults.max_age
    if max_age is None:
        max_age = OFFLINE_MAX_AGE if offline else timedelta()
    return Request(
        depth=depth,
        timeout=DEFAULT_TIMEOUT,
        deadline=reading.deadline or defaults.deadline,
        jobs=first(reading.jobs, defaults.jobs, min(DEFAULT_JOBS, _spare_files())),
        max_age=timedelta() if reading.refresh else max_age,
        offline=offline,
    )


def _spare_files() -> int:
    """Half of the file descriptors this process may open: a connection needs one or two."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return DEFAULT_JOBS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return DEFAULT_JOBS if soft == resource.RLIM_INFINITY else max(1, (soft - 32) // 2)


def _zone(reading: Reading, runtime: Runtime, defaults: Defaults) -> tzinfo | None:
    """The reader's zone: an option, TZ, the watchlist; None for the machine's own."""
    if reading.utc:
        return UTC
    if reading.tz:
        return _zone_named(reading.tz)
    if name := runtime.environ.get("TZ", "").removeprefix(":"):
        return _zone_or_local(name)
    return _zone_named(defaults.tz) if defaults.tz else None


def _day_zone(walk: Walk) -> tzinfo:
    """Days are UTC's unless `--tz` says otherwise: what a machine reads must not depend on TZ."""
    return _zone_named(walk.reading.tz) if walk.reading.tz and not walk.reading.utc else UTC


def _zone_named(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UsageError(
            f"--tz: nobody knows the zone {name!r}; write one like Europe/Berlin"
        ) from None


def _zone_or_local(name: str) -> tzinfo | None:
    """TZ may hold forms only the C library reads (`EST5EDT4,M3...`): those are the local zone."""
    try:
        return _zone_named(name)
    except UsageError:
        return None
