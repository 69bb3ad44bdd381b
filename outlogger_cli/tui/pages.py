"""The page of the selected vendor, with its history once that was read."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.domain.model import Read
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import View
from outlogger_cli.render.table.layout import paragraph
from outlogger_cli.render.table.vendor import vendor_page
from outlogger_cli.render.theme import DIM


class Pages:
    """Readings with history, by vendor. One is read again when the vendor has changed."""

    def __init__(self) -> None:
        self._pages: dict[str, Judged] = {}
        self._asked: dict[str, object] = {}

    def wants(self, latest: Judged) -> bool:
        """Whether the history has to be read."""
        is_known = self._asked.get(vendor_key(latest.vendor)) == _fingerprint(latest)
        return isinstance(latest.outcome, Read) and not is_known

    def ask(self, latest: Judged) -> None:
        """Note that the history of `latest` is being read."""
        key = vendor_key(latest.vendor)
        self._asked[key] = _fingerprint(latest)
        self._pages.pop(key, None)

    def add(self, page: Judged) -> None:
        self._pages[vendor_key(page.vendor)] = page

    def retry(self) -> None:
        """Read again what failed, now that a round is over, if it is still shown."""
        failed = [key for key, page in self._pages.items() if page.error]
        for key in failed:
            del self._pages[key], self._asked[key]

    def lines(self, latest: Judged, view: View) -> Iterator[RenderableType]:
        """The vendor's page, never an older state than the one of `latest`."""
        page = self._pages.get(vendor_key(latest.vendor))
        if page and not page.error and not self.wants(latest) and _agree(page, latest):
            yield from vendor_page(page, view)
            return
        yield from vendor_page(latest, view)
        if isinstance(latest.outcome, Read):
            yield Text("")
            failed = page.error if page else None
            text = f"past incidents could not be read: {failed.message}" if failed else ""
            yield paragraph(text or "reading past incidents ...", indent=0, style=DIM)


def _agree(page: Judged, latest: Judged) -> bool:
    """Whether `page` is as new as `latest`, or says the same."""
    is_newer = page.outcome.checked_at >= latest.outcome.checked_at
    return is_newer or (page.severity, page.selected) == (latest.severity, latest.selected)


def _fingerprint(judged: Judged) -> object:
    return judged.severity, judged.incidents, judged.maintenances, judged.selected
