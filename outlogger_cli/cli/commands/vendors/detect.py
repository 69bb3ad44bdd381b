"""`outlogger vendors detect`: which platform a page runs on, and how sure that is."""

from collections.abc import Sequence
from enum import StrEnum, auto
from typing import Any

from outlogger_cli import platforms
from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.audit import Finding, failure
from outlogger_cli.cli.display import Display
from outlogger_cli.cli.options import ListOptions, NetworkOptions
from outlogger_cli.cli.output import announce, network_blame, say
from outlogger_cli.cli.session import build_for
from outlogger_cli.cli.writing import put_list
from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.domain.model import Failed, FailureKind, Outcome, Read
from outlogger_cli.engine import run as engine
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import resolve

COLUMNS = ("url", "platform", "certainty", "home", "components")


class Certainty(StrEnum):
    """How sure it is which platform a page runs on."""

    CERTAIN = auto()
    """A document of that platform was read."""

    LIKELY = auto()
    """The host is one of that platform's, but the document could not be read."""

    UNKNOWN = auto()


def run(
    runtime: Runtime, urls: Sequence[str], network: NetworkOptions, listing: ListOptions
) -> ExitCode:
    """List the platforms of the pages at `urls`; note on standard error those not read."""
    vendors = resolve.vendors(
        [_address(url) for url in urls],
        watchlist=None,
        located=Located(path=runtime.cwd, own=True),
        environ=runtime.environ,
    )
    session = build_for(runtime, vendors, network, listing)
    announce(session)
    report = engine.report(
        session.run, "vendors detect", gate=False, display=Display(session, "vendors detect")
    )
    items = [_item(judged.outcome) for judged in report.vendors]
    put_list(runtime, listing, "vendors detect", items, COLUMNS)
    if blamed := network_blame(session, report):
        say(session, blamed)
        return report.exit_code
    for item in items:
        if item["detail"]:
            say(session, f"{item['url']}: {item['detail']}")
    return report.exit_code


def _address(url: str) -> str:
    """The address of a bare host, as in curl; a name of the catalogue stays a name."""
    return url if "://" in url or "." not in url or catalog.find(url) else f"https://{url}"


def _item(outcome: Outcome) -> dict[str, Any]:
    url = outcome.vendor.url
    if isinstance(outcome, Read):
        return {
            "url": url,
            "platform": outcome.platform,
            "certainty": Certainty.CERTAIN,
            "home": outcome.moved_to or url,
            "components": len(outcome.snapshot.components),
            "detail": None,
        }
    likely = _likely(outcome)
    return {
        "url": url,
        "platform": likely,
        "certainty": Certainty.LIKELY if likely else Certainty.UNKNOWN,
        "home": None,
        "components": None,
        "detail": outcome.message,
    }


def _likely(failed: Failed) -> str | None:
    """The platform whose host this is; None if the host answers that it has no such page."""
    if failed.kind is not FailureKind.DNS and failure(failed) is Finding.DEAD:
        return None
    return next(iter(platforms.for_host(failed.vendor.url)), None)
