"""Vendors to outcomes and a report: stored readings if they are enough, the network for the rest.

A vendor that cannot be read is a value in the report, never an exception that stops the others.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, overload

from outlogger_cli.domain.errors import ExitCode, PageError
from outlogger_cli.domain.model import Depth, Failed, FailureKind, Outcome, Read, Source, Vendor
from outlogger_cli.domain.values import field, frozen, replace
from outlogger_cli.engine.cache import Cache, StoredPage
from outlogger_cli.engine.page import from_stored, wrap_parser_errors
from outlogger_cli.system.runtime import Clock

if TYPE_CHECKING:
    import httpx

    from outlogger_cli.domain.history import Window
    from outlogger_cli.domain.report import Report
    from outlogger_cli.domain.verdict import Judged
    from outlogger_cli.drill.environment import Drill
    from outlogger_cli.net.client import Network

DEFAULT_TIMEOUT = timedelta(seconds=10)
DEFAULT_JOBS = 64
"""50 to 100 vendors at a time is the knee of the curve; more only costs file descriptors."""

LONGEST_FRESHNESS = timedelta(minutes=5)
"""A page is requested again after this, however long its answer claims to be fresh."""

UNSAVED_LIMIT = 16 * 1024 * 1024
"""Bytes of documents that wait in memory to be stored: a long run reads more than fits there."""


@frozen
class Request:
    """How vendors are read. `timeout` is each vendor's whole budget unless it has its own;
    `jobs` are read at the same time, None for `default_jobs`; a stored reading younger than
    `max_age` is used instead of the network, and with `offline` nothing but stored readings is."""

    depth: Depth
    timeout: timedelta = DEFAULT_TIMEOUT
    deadline: timedelta | None = None
    jobs: int | None = None
    max_age: timedelta = timedelta()
    offline: bool = False


@frozen
class Rest:
    """The `failure` of a page that is not requested before `until` on the monotonic clock."""

    failure: Failed
    until: float


@frozen
class Run:
    """What is read, and through what. `network` is called once a page has to be requested;
    without a `cache` nothing is stored and nothing stored is used.

    The rounds of one command share two memories. `resting` has, by address, pages that asked to be
    left alone for a while. `busy` has the slugs of vendors whose threads have not ended, abandoned
    or not: they are not read again until then.
    """

    vendors: tuple[Vendor, ...]
    request: Request
    clock: Clock
    network: "Callable[[], Network]"
    cache: Cache | None = None
    drill: "Drill | None" = None
    resting: "dict[str, Rest]" = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)

    @property
    def drill_title(self) -> str | None:
        """The title of the drill, None if the pages are real."""
        return self.drill.title if self.drill else None


class Display:
    """What shows a run while it goes on, as a context manager around it. This one shows nothing."""

    def __enter__(self) -> object: ...

    def __exit__(self, *_error: object) -> None: ...

    def on_started(self) -> None:
        """The first requests are under way: the time to load what is needed after the answers."""

    def on_vendor(self, judged: "Judged", /) -> None:
        """A vendor was read and judged."""


def network_of(
    clock: Clock,
    environ: Mapping[str, str],
    *,
    cacert: Path | None = None,
    retries: int = 1,
    drill: "Drill | None" = None,
    transport: "httpx.BaseTransport | None" = None,
) -> "Network":
    """What pages are requested through. Raises `UsageError` for a proxy variable or a file of
    certificates that cannot be used."""
    from outlogger_cli.net import proxy, tls  # httpx and ssl: what offline runs do without
    from outlogger_cli.net.client import Network

    return Network(
        tls=tls.contexts(cacert, environ),
        proxies=not drill and proxy.in_use(environ),
        retries=retries,
        drill=drill.origin if drill else None,
        transport=transport,
        now=clock.now,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
    )


def default_jobs() -> int:
    """How many vendors are read at a time, unless told otherwise: `DEFAULT_JOBS`, or half of the
    file descriptors that this process may open, since a connection needs one or two."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return DEFAULT_JOBS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return DEFAULT_JOBS
    return min(DEFAULT_JOBS, max(1, (soft - 32) // 2))


def freshness(read: Read) -> timedelta:
    """How long after it was read a page need not be requested again, by its `Cache-Control`."""
    return min(read.fresh_for, LONGEST_FRESHNESS)


def is_fresh(outcome: Outcome, now: datetime) -> bool:
    """Whether the page said, when it was read, that it would not change before `now`."""
    if not isinstance(outcome, Read):
        return False
    age = now - outcome.checked_at  # negative if the clock was set back
    return timedelta() <= age < freshness(outcome)


@overload
def read(
    run: Run, *, on_started: Callable[[], None] = ..., judge: None = None
) -> Iterator[tuple[int, Outcome]]: ...


@overload
def read(
    run: Run, *, on_started: Callable[[], None] = ..., judge: "Callable[[Outcome], Judged]"
) -> "Iterator[tuple[int, Judged]]": ...


def read(
    run: Run,
    *,
    on_started: Callable[[], None] = lambda: None,
    judge: "Callable[[Outcome], Judged] | None" = None,
) -> "Iterator[tuple[int, Outcome | Judged]]":
    """Yield each vendor's place in `run.vendors` and its outcome, as they come in.

    With `judge` yield what that makes of the outcome, within the vendor's time if it was read.
    """
    for index, outcome, judged in _read(run, on_started, judge):
        yield index, judge(outcome) if judge and judged is None else judged or outcome


def _read(
    run: Run, on_started: Callable[[], None], judge: "Callable[[Outcome], Judged] | None" = None
) -> "Iterator[tuple[int, Outcome, Judged | None]]":
    """Yield place and outcome, and what `judge` made of it in the vendor's time, if it did."""
    now, request = run.clock.now(), run.request
    stored = run.cache.load([vendor.url for vendor in run.vendors]) if run.cache else {}
    waiting: dict[int, Vendor] = {}
    for index, vendor in enumerate(run.vendors):
        last = None
        if request.offline or request.max_age:
            # Only offline may a stored page lack a document that this run would read.
            last = _stored_reading(stored, vendor, request.depth, whole=not request.offline)
            if request.offline and last and abs(now - last.checked_at) >= request.max_age:
                # A later run may have read only what a verdict needs, and no history.
                newer = _stored_reading(stored, vendor, Depth.VERDICT, whole=False)
                last = max(last, newer or last, key=attrgetter("checked_at"))
            _debug(f"{vendor.slug}: stored: {last.checked_at if last else 'nothing'}")
        if last and abs(now - last.checked_at) < request.max_age:
            yield index, last, None
        elif resting := _rest_of(run, vendor):
            last = _stored_reading(stored, vendor, request.depth, whole=False)
            yield index, replace(resting, last=_as_stale(last)), None
        elif request.offline:
            message = "stored reading is too old" if last else "no stored reading"
            yield index, _failed(vendor, FailureKind.OFFLINE, message, now, last), None
        elif vendor.slug in run.busy:
            message = "the previous reading is still running"
            last = _stored_reading(stored, vendor, request.depth, whole=False)
            yield index, _failed(vendor, FailureKind.TIMEOUT, message, now, last), None
        else:
            waiting[index] = vendor
    if waiting:
        yield from _read_live(run, waiting, stored, on_started, judge)


def report(
    run: Run,
    command: str,
    *,
    gate: bool,
    window: "Window | None" = None,
    narrow: "Callable[[Judged], Judged]" = lambda judged: judged,
    display: Display | None = None,
) -> "Report":
    """Read and judge every vendor; the report has them in the order of `run.vendors`.

    With `gate` the exit code carries the verdict. `narrow` may leave out what is not to be shown.
    What had not come in by Ctrl-C is unknown, of kind `interrupted`.
    """
    display = display or Display()
    began = run.clock.monotonic()
    judged: dict[int, Judged] = {}

    def judge(outcome: Outcome) -> "Judged":
        from outlogger_cli.domain import verdict  # loaded while requests are under way

        return narrow(verdict.judge(outcome, window=window))

    def add(index: int, one: "Judged") -> None:
        judged[index] = one
        display.on_vendor(one)

    interrupted = False
    try:
        with display:
            for index, one in read(run, on_started=display.on_started, judge=judge):
                add(index, one)
    except KeyboardInterrupt:
        interrupted = True
        now = run.clock.now()
        for index, vendor in enumerate(run.vendors):
            if index not in judged:
                add(index, judge(_failed(vendor, FailureKind.INTERRUPTED, "interrupted", now)))
    from outlogger_cli.domain.report import build

    built = build(
        command,
        [judged[index] for index in sorted(judged)],
        gate=gate,
        now=run.clock.now(),
        drill=run.drill_title,
    )
    built = replace(built, took=timedelta(seconds=run.clock.monotonic() - began))
    return replace(built, exit_code=ExitCode.INTERRUPTED) if interrupted else built


def _read_live(
    run: Run,
    vendors: dict[int, Vendor],
    stored: dict[str, StoredPage],
    on_started: Callable[[], None],
    judge: "Callable[[Outcome], Judged] | None",
) -> "Iterator[tuple[int, Outcome, Judged | None]]":
    """Read and judge `vendors`, each in a thread of its own within its own budget."""
    from outlogger_cli.engine import pool  # with page_reader: what offline runs do without
    from outlogger_cli.engine.page_reader import PageReader

    network, request, monotonic = run.network(), run.request, run.clock.monotonic
    readers = {
        index: PageReader(
            vendor,
            depth=request.depth,
            budget=vendor.timeout or request.timeout,
            network=network,
            stored=stored.get(vendor.url),
            judge=judge,
            busy=run.busy,
        )
        for index, vendor in vendors.items()
    }
    order = list(readers)
    unsaved: list[StoredPage] = []
    unsaved_bytes = 0
    try:
        for place, (outcome, judged) in pool.run(
            [readers[index].job() for index in order],
            limit=request.jobs or default_jobs(),
            deadline=monotonic() + request.deadline.total_seconds() if request.deadline else None,
            monotonic=monotonic,
            on_started=on_started,
        ):
            index, vendor = order[place], vendors[order[place]]
            page = readers.pop(index).to_store()
            if run.cache and page:
                unsaved.append(page)
                unsaved_bytes += sum(len(document.body) for document in page.documents.values())
            if run.cache and unsaved_bytes > UNSAVED_LIMIT:
                run.cache.save(unsaved)
                unsaved, unsaved_bytes = [], 0
            if isinstance(outcome, Failed):
                if outcome.retry_after:
                    seconds = outcome.retry_after.total_seconds()
                    run.resting[vendor.url] = Rest(failure=outcome, until=monotonic() + seconds)
                last = _stored_reading(stored, vendor, request.depth, whole=False)
                outcome = replace(outcome, last=_as_stale(last))
            yield index, outcome, judged
    finally:
        if run.cache and unsaved:
            run.cache.save(unsaved)


def _rest_of(run: Run, vendor: Vendor) -> Failed | None:
    """The failure of a page that still asks to be left alone, and until when it does."""
    rest = run.resting.get(vendor.url)
    if rest is None or run.clock.monotonic() >= rest.until:
        return None
    failed = rest.failure
    assert failed.retry_after is not None
    until = failed.checked_at + failed.retry_after
    message = f"{failed.message}; next request after {until:%H:%M:%S} UTC (Retry-After)"
    return replace(failed, vendor=vendor, message=message)


def _stored_reading(
    stored: dict[str, StoredPage], vendor: Vendor, depth: Depth, *, whole: bool
) -> Read | None:
    """What is stored of the vendor's page; with `whole` only if no document is missing."""
    page = stored.get(vendor.url)

    def parsed() -> Read | None:
        found = from_stored(page, depth) if page else None
        if page is None or found is None or (whole and found.lacks):
            return None
        reading = found.read(vendor)
        return replace(reading, is_emptied=True) if page.emptied_at else reading

    try:
        return wrap_parser_errors(parsed)
    except PageError:
        return None


def _debug(message: str) -> None:
    """Log `message` if `--debug` or the network has imported `logging`: others save the time."""
    if logging := sys.modules.get("logging"):
        logging.getLogger("outlogger.engine").debug(message)


def _as_stale(last: Read | None) -> Read | None:
    return last and replace(last, source=Source.STALE)


def _failed(
    vendor: Vendor, kind: FailureKind, message: str, now: datetime, last: Read | None = None
) -> Failed:
    return Failed(vendor=vendor, kind=kind, message=message, checked_at=now, last=_as_stale(last))
