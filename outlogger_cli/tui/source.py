"""What the full-screen view asks of the command that runs it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from outlogger_cli.alerts.changes import Change
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.domain.model import Vendor
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.system.runtime import Clock


class Source(Protocol):
    """Reads the vendors, and keeps the mutes.

    All methods but the first three may block, and are called in threads. They raise
    `OutloggerError`.
    """

    @property
    def vendors(self) -> Sequence[Vendor]: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def environ(self) -> Mapping[str, str]: ...

    @property
    def drill(self) -> str | None:
        """The title of the drill, if the pages are simulated."""
        ...

    @property
    def shortest(self) -> float:
        """Seconds that have to pass between two requests of a page."""
        ...

    def view(self) -> View:
        """Return how things are shown now; the width does not count."""
        ...

    def has_terminal(self) -> bool:
        """Whether the terminal is still there."""
        ...

    def pause(self) -> float:
        """Return the seconds from the end of a round to the next one."""
        ...

    def read(
        self, on_due: Callable[[Sequence[Vendor]], None], on_vendor: Callable[[Judged], None], /
    ) -> Report:
        """Read a round: `on_due` is called first with what is requested, `on_vendor` with each
        vendor as its page arrives."""
        ...

    def changes(self, report: Report, /) -> Sequence[Change]:
        """Return what changed since the last round."""
        ...

    def notify(self, report: Report, /) -> Sequence[str]:
        """Notify subscribers; return what went wrong."""
        ...

    def mutes(self) -> Sequence[Mute]:
        """Return the mutes of the vendors."""
        ...

    def mute(self, vendor: Vendor, /) -> Sequence[Mute]:
        """Mute a vendor until it recovers, or end its mute; return the mutes then."""
        ...

    def page(self, vendor: Vendor, /) -> Judged:
        """Read a vendor with its history."""
        ...
