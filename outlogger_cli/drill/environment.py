"""Whether this run is a drill: pages acted out on loopback instead of read."""

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
"""`dns`: the drill's host gets a name that nobody has, on the drill's own port."""


@frozen
class Drill:
    """`origin` answers for every page; `clock` is the moment the drill begins at, None for now."""

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
    """The drill that the environment asks for; raises `UsageError` for one not on loopback."""
    origin = environ.get(VARIABLE)
    if not origin:
        return None
    checked = _checked(origin)
    return Drill(
        origin=_nowhere(checked) if environ.get(FAULT_VARIABLE) == "dns" else checked,
        scenario=line(environ.get(SCENARIO_VARIABLE, "")) or "a page on loopback",
        clock=_clock(environ.get(CLOCK_VARIABLE)),
    )


def _checked(origin: str) -> str:
    try:
        parts = urlsplit(origin)
        bare = parts.scheme in {"http", "https"} and parts.port != 0 and "@" not in parts.netloc
        if bare and _is_loopback(parts.hostname or ""):
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        pass
    raise UsageError(
        f"{VARIABLE} must be http://127.0.0.1:PORT or https://127.0.0.1:PORT: a drill never leaves"
        " this machine; unset it to read the real pages"
    )


def _nowhere(origin: str) -> str:
    parts = urlsplit(origin)
    return f"{parts.scheme}://drill.invalid:{parts.port}"


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address  # only a drill asks

    return host == "localhost" or ip_address(host).is_loopback


def _clock(moment: str | None) -> datetime | None:
    if not moment:
        return None
    try:
        clock = datetime.fromisoformat(moment)
        return (clock if clock.tzinfo else clock.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"{CLOCK_VARIABLE} must be a moment such as 2024-03-12T12:00:00Z"
        ) from None
