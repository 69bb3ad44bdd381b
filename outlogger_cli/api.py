"""The Python API: read and judge status pages, as the commands do.

    from outlogger_cli import read

    report = read("github", "https://status.acme.example", fail_on="major")
    for judged in report.vendors:
        print(judged.vendor.slug, judged.verdict, judged.reasons)

Stable by semantic versioning: the names in `__all__`, the parameters of `read`, and the fields
below. Words are `StrEnum`s, so `report.verdict == "problem"` holds; times are aware and UTC.

`Report`, a whole run:
    verdict         "ok", "problem" or "unknown" over all vendors; a problem outranks an unknown
    exit_code       the exit code of `outlogger check`: 0, 1 or 3
    vendors         a `Judged` for each vendor, in the order of the request
    generated_at    when it was read
    drill           the title of the drill, None if the pages are real

`Judged`, one vendor:
    vendor          its `slug`, `url` and `tags`
    name            the watchlist's or catalogue's name, else the page's own, else the slug
    verdict         "ok", "problem" or "unknown"
    severity        "none", "maintenance", "minor", "major", "critical" or "unknown"
    reasons         sentences, the deciding ones first; may be empty
    error           None, or why the page could not be read (`Failed`): its `kind`, `message`,
                    `http_status`
    reading         None, or what was read; for a page that failed, the last stored reading: its
                    `platform`, `source`, `checked_at`, `snapshot.indicator` and
                    `snapshot.description`
    components      all of the page (`Component`), each with `id`, `name`, `group`, `status`,
                    `raw_status`, `updated_at`
    selected        the components that count
    problems        the components that count and are not operational
    other_problems  how many components are not operational and do not count
    incidents       newest first (`Incident`), without `history` only the open ones, each with
                    `id`, `name`, `status`, `impact`, `started_at`, `resolved_at`, `url`, `updates`
    open_incidents  the incidents that are open
    maintenances    active and scheduled maintenance (`Maintenance`), each with `id`, `name`,
                    `status`, `scheduled_for`, `scheduled_until`, `url`, `updates`
    days            with `history` the last 30, oldest first, each with `date`, `severity`,
                    `incidents`
    incident_seconds  with `history` the time in those days with an incident open, else None
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from outlogger_cli.domain.durations import LONGEST
from outlogger_cli.domain.errors import ConfigError, ExitCode, UsageError
from outlogger_cli.domain.history import Window
from outlogger_cli.domain.model import (
    Component,
    Depth,
    Failed,
    FailOn,
    Incident,
    Maintenance,
    Severity,
    Verdict,
)
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.drill import environment
from outlogger_cli.engine.cache import Cache
from outlogger_cli.engine.run import Request, Run, network_of, report
from outlogger_cli.system import paths
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Clock
from outlogger_cli.watchlist import resolve
from outlogger_cli.watchlist.schema import Defaults

__all__ = [
    "Component",
    "ConfigError",
    "ExitCode",
    "Failed",
    "Incident",
    "Judged",
    "Maintenance",
    "Report",
    "Severity",
    "UsageError",
    "Verdict",
    "read",
]

DAYS = 30

Threshold = Literal["never", "maintenance", "minor", "major", "critical"]


def read(
    *names: str,
    components: Iterable[str] = (),
    exclude: Iterable[str] = (),
    tags: Iterable[str] = (),
    fail_on: Threshold | FailOn | None = None,
    timeout: float | None = None,
    history: bool = False,
    max_age: float = 0,
    cacert: str | Path | None = None,
    watchlist: str | Path | None = None,
) -> Report:
    """Read and judge the pages of vendors, as `outlogger check` does.

    A name is a slug or alias of the catalogue, a name on the watchlist, or a page's `https://`
    address. Without names the whole watchlist is read. No watchlist is used but the file given.
    `components` and `exclude` are patterns and need exactly one vendor. `tags` keeps the vendors
    with one of them.

    `fail_on` is the threshold; without it the watchlist's counts, else minor. `timeout` is the
    time limit of one vendor in seconds (10). With `history` the last 30 days are read too.
    `cacert` names a file of certificate authorities to trust instead of the system's.

    Every page is requested and nothing is stored, unless `max_age` is given: then a stored reading
    younger than that many seconds is used. Nothing is printed. Of the environment only the proxy
    and certificate variables are used, and OUTLOGGER_DRILL, so that
    `outlogger drill -- python your.py` rehearses an outage.

    A page that cannot be read is not an exception: its vendor is "unknown" and has an `error`.
    Raises `UsageError` for an unknown name, for no vendor at all and for an invalid argument, and
    its subclass `ConfigError` for an invalid watchlist or proxy.
    """
    if not names and watchlist is None:
        raise UsageError("no vendor to read: pass a name or a watchlist")
    located, listed = Located(path=Path(), own=True), None
    if watchlist is not None:
        located = Located(path=Path(watchlist), own=True, named=True)
        listed = resolve.load(located.path)
    defaults = listed.defaults if listed else Defaults()
    vendors = resolve.vendors(
        names,
        tags=_several(tags),
        overrides=resolve.Overrides(
            components=_several(components),
            exclude=_several(exclude),
            fail_on=_threshold(fail_on),
            timeout=_budget(timeout),
        ),
        watchlist=listed,
        located=located,
        environ=os.environ,
    )
    drill = environment.from_environment(os.environ)
    clock = Clock(now=lambda: datetime.now(UTC))
    if drill:
        clock = Clock(now=drill.running(clock.now))
    run = Run(
        vendors=vendors,
        request=Request(
            depth=Depth.HISTORY if history else Depth.VERDICT,
            deadline=defaults.deadline,
            jobs=defaults.jobs,
            max_age=_age(max_age),
        ),
        clock=clock,
        network=lambda: network_of(
            clock,
            os.environ,
            cacert=Path(cacert) if cacert else None,
            retries=1 if defaults.retries is None else defaults.retries,
            drill=drill,
        ),
        cache=Cache(paths.pages()) if max_age and not drill else None,
        drill=drill,
    )
    window = Window(days=DAYS, now=clock.now()) if history else None
    found = report(run, "status" if history else "check", gate=True, window=window)
    if found.exit_code is ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    return found


def _age(seconds: float) -> timedelta:
    try:
        return timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        raise UsageError(f"max_age: {seconds} is not a valid number of seconds") from None


def _several(words: Iterable[str]) -> tuple[str, ...]:
    """A lone text is one word, not its letters."""
    return (words,) if isinstance(words, str) else tuple(words)


def _threshold(word: str | None) -> FailOn | None:
    if word is None:
        return None
    try:
        return FailOn(word)
    except ValueError:
        raise UsageError(f"fail_on must be one of {', '.join(FailOn)}, not {word!r}") from None


def _budget(seconds: float | None) -> timedelta | None:
    if seconds is None:
        return None
    if not 0 < seconds <= LONGEST.total_seconds():
        raise UsageError(f"timeout must be more than 0 and at most {LONGEST.days} days, in seconds")
    return timedelta(seconds=seconds)
