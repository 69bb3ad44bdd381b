"""The drill environment: the variables by which `outlogger drill` makes other runs drills.

In a drill every page is requested from one address on loopback instead of its own.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen

VARIABLE = "OUTLOGGER_DRILL"
SCENARIO_VARIABLE = "OUTLOGGER_DRILL_SCENARIO"
CLOCK_VARIABLE = "OUTLOGGER_DRILL_CLOCK"
FAULT_VARIABLE = "OUTLOGGER_DRILL_FAULT"
"""`dns`: the drill server's host name cannot be resolved."""

TIMEOUT_VARIABLE = "OUTLOGGER_TIMEOUT"
TIMEOUT = "1s"
"""The time limit for a page that never answers, unless the user sets another."""


@frozen
class Drill:
    """`origin` is that of the drill server; `clock` the time the drill starts at, None for now."""

    origin: str
    scenario: str
    clock: datetime | None

    @property
    def title(self) -> str:
        """The scenario and its clock, as every output of a drill shows them."""
        return f"{self.scenario}, clock {self.clock:%Y-%m-%d}" if self.clock else self.scenario

    def running(self, now: Callable[[], datetime]) -> Callable[[], datetime]:
        """The drill's clock: it starts at `clock` and advances as `now` does."""
        if (start := self.clock) is None:
            return now
        began = now()
        return lambda: start + (now() - began)


def from_environment(environ: Mapping[str, str]) -> Drill | None:
    """The drill of this run, None if it is not one.

    Raises `UsageError` for a server that is not on loopback, and for an invalid clock.
    """
    origin = environ.get(VARIABLE)
    if not origin:
        return None
    server = _loopback_origin(origin)
    if environ.get(FAULT_VARIABLE) == "dns":
        server = _unresolvable_origin(server)
    return Drill(
        origin=server,
        scenario=line(environ.get(SCENARIO_VARIABLE, "")) or "a page on loopback",
        clock=_clock(environ.get(CLOCK_VARIABLE)),
    )


def variables(drill: Drill, fault: str | None, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that make a run in `environ` this drill: the reverse of `from_environment`."""
    found = {VARIABLE: drill.origin, SCENARIO_VARIABLE: drill.scenario}
    if drill.clock:
        found[CLOCK_VARIABLE] = drill.clock.isoformat().replace("+00:00", "Z")
    if fault == "dns":
        found[FAULT_VARIABLE] = fault
    if fault == "timeout" and not environ.get(TIMEOUT_VARIABLE):
        found[TIMEOUT_VARIABLE] = TIMEOUT
    return found


def without_drill(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without the variables of a drill, as a drill may be started inside another."""
    return {name: value for name, value in environ.items() if not name.startswith(VARIABLE)}


def _loopback_origin(origin: str) -> str:
    try:
        parts = urlsplit(origin)
        bare = parts.scheme in {"http", "https"} and parts.port != 0 and "@" not in parts.netloc
        if bare and is_loopback(parts.hostname or ""):
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        pass
    raise UsageError(
        f"{VARIABLE} must be http://127.0.0.1:PORT or https://127.0.0.1:PORT;"
        " unset it to read the real pages"
    )


def _unresolvable_origin(origin: str) -> str:
    parts = urlsplit(origin)
    return f"{parts.scheme}://drill.invalid:{parts.port}"


def is_loopback(host: str) -> bool:
    """Whether `host` is `localhost` or an address of this machine, as written."""
    from ipaddress import ip_address  # few commands need it

    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _clock(moment: str | None) -> datetime | None:
    if not moment:
        return None
    try:
        clock = datetime.fromisoformat(moment)
        return (clock if clock.tzinfo else clock.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{CLOCK_VARIABLE} must be a time such as 2024-03-12T12:00:00Z") from None
