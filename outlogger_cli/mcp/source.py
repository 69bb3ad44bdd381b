"""What the tools ask of the command that runs them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from outlogger_cli.domain.model import FailOn
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.values import frozen
from outlogger_cli.render import View


@frozen
class Reading:
    """The report of a run, how its times are shown, and what a reader must know beside it."""

    report: Report
    view: View
    notes: tuple[str, ...] = ()


@frozen
class Listing:
    """Items of a list by the keys of its JSON. `note` is its file, or why there are none."""

    items: Sequence[Mapping[str, Any]]
    note: str = ""


class Source(Protocol):
    """Reads pages and lists. The methods block, are called in threads, several at a time, and
    raise `OutloggerError`."""

    def check(self, names: Sequence[str], tag: str | None, fail_on: FailOn | None, /) -> Reading:
        """Judge vendors; without names the whole watchlist."""
        ...

    def status(self, name: str, /) -> Reading:
        """Read a vendor with its history."""
        ...

    def incidents(self, name: str | None, days: int, /) -> Reading:
        """Read the incidents of a vendor, or of the whole watchlist."""
        ...

    def search(self, query: str, /) -> Listing:
        """Find vendors of the catalogue, the best match first."""
        ...

    def watchlist(self) -> Listing:
        """Return the entries of the watchlist in its order; it must be there."""
        ...

    def triage(self, text: str, /) -> Reading:
        """Judge the vendors that a log names in what failed."""
        ...
