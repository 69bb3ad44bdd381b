"""The seeds of fuzzing: the samples of every platform, and recordings if there are any."""

import json
import tomllib
from collections.abc import Iterator

from tests.fuzz.pages import SEPARATOR
from tests.support import DATA, recordings
from tests.triage.samples import logs as triage_logs

LIMIT = 48_000
"""Bytes of the largest recording that is a seed: larger ones are slow and add nothing."""

_PAGES = {
    "sorry": '<script src="https://code.sorryapp.com/bar.js" data-for="0badcafe"></script>',
    "site24x7": '<script>var enc_statuspage_id = "9f8e7d6c5b4a==";</script>',
    **{
        name: f'<link rel="alternate" type="application/rss+xml" href="/feed.rss">'
        f'<script src="https://assets.{host}/page.js"></script>'
        for name, host in {
            "freshstatus": "freshstatus.io",
            "onlineornot": "onlineornot.com",
            "hund": "hund.io",
        }.items()
    },
}
"""The HTML of a page that links its data."""

_SAMPLES = {
    "statuspage": (("summary.json", "incidents.json"),),
    "incidentio": (("summary.json", "incidents.json", "native.json"),),
    "instatus": (
        ("summary.json", "components.json"),
        ("bare.json", "components.json", "events.json"),
    ),
    "betterstack": (("index.json",),),
    "statusio": (("page.html", "status.json"), ("status.json",)),
    "statuspal": (("page.html", "summary.json", "incidents.json"), ("summary.json",)),
    "cachet": (
        ("components.json", "groups.json", "incidents.json", "schedules.json", "incident.html"),
        (
            *("v3-components.json", "v3-incidents.json", "v3-schedules.json"),
            *("v3-status.json", "v3-components-2.json"),
        ),
    ),
    "cstate": (("index.json", "issues.json"),),
    "sorry": (
        ("components.json", "notices.json", "status.json"),
        ("components.json", "notices.json"),
        ("page.html", "status.json", "own-notices.json"),
    ),
    "rootly": (("status.json",),),
    "firehydrant": (("payload.json",),),
    "uptimerobot": (
        ("page.html", "monitors.json", "monitors-2.json", "events.json"),
        ("monitors.json",),
        ("monitor.json",),
    ),
    "statusiq": (("rss.xml", "summary.json"), ("summary.json",)),
    "site24x7": (("summary.json",),),
    "statuscast": (("page.html",),),
    "checkly": (("summary.json", "services.json"),),
    "datadog": (("config.json",),),
    "openstatus": (("summary.json", "feed.json"), ("feed.json",)),
    "slack": (("current.json", "history.json"),),
    "heroku": (("current-status.json", "incidents.json"),),
    "googlecloud": (("incidents.json",),),
    "aws": (("events.json",), ("data.json",)),
    "azure": (("feed.xml",), ("empty.xml",)),
    "azuredevops": (("health.json",),),
    "salesforce": (("instances.json", "incidents.json"),),
    "apple": (("services.json",),),
    "oci": (("components.json", "status.json", "incident-summary.rss"),),
    "uptimecom": (("ajax.json", "history.json"),),
    "adobe": (("events.json", "products.json"),),
    "paypal": (("components.json", "events.json"),),
    "zendesk": (("incidents.json", "services.json"),),
    "feed": (("history.atom",), ("announced/feed.rss",)),
    "onlineornot": (("page.html",), ("announced/feed.rss",)),
    "hund": (("live.txt", "announced/feed.rss"), ("announced/feed.rss",)),
    "freshstatus": (("announced/feed.rss",),),
    "uptimekuma": (
        ("page.html", "status-page.json", "heartbeat.json", "history.json", "history-2.json"),
        ("status-page.json", "heartbeat.json", "history.json", "history-2.json"),
    ),
    "gatus": (("endpoints.json", "suites.json", "config.json"),),
    "statushub": (("statuses.json",),),
    "hyperping": (("config.json",),),
    "statuscake": (("page.html", "report.json"), ("report.json",)),
    "flashduty": (("page.html", "active.json", "changes.json"), ("active.json", "changes.json")),
}
"""The documents of whole pages, in the order of the requests.

They are in `tests/data/<platform>/`, unless another folder is named."""


def pages(name: str) -> Iterator[bytes]:
    """Whole pages of the platform `name`, and its recordings in `OUTLOGGER_RECORDED`."""
    yield from samples(name)
    for body in _recordings(name):
        yield from around(name, body)


def samples(name: str) -> Iterator[bytes]:
    """The samples of the platform `name` as whole pages."""
    if name == "pagerduty":
        yield from map(_with_data, ("incidents.json", "headline.json"))
    for paths in _SAMPLES.get(name, ()):
        bodies = [_sample(name, path) for path in paths]
        yield SEPARATOR.join(bodies)
        if name in _PAGES:
            yield SEPARATOR.join([_html(_PAGES[name]), *bodies])


def around(name: str, body: bytes) -> Iterator[bytes]:
    """The page of a document: alone, and after the HTML that links it."""
    yield body
    if any("page.html" in paths for paths in _SAMPLES.get(name, ())):
        yield SEPARATOR.join([_sample(name, "page.html"), body])


def watchlists() -> Iterator[bytes]:
    """Watchlists, after the byte that selects the edit."""
    folder = DATA / "watchlist"
    yield b"\0" + (folder / "whole.toml").read_bytes()
    layouts = tomllib.loads((folder / "layouts.toml").read_text(encoding="utf-8"))
    for number, case in enumerate(case for cases in layouts.values() for case in cases):
        yield bytes([number % 256]) + case["before"].encode()


def lists() -> Iterator[bytes]:
    """Lists of vendors in every format that can be imported."""
    for path in sorted((DATA / "exchange").iterdir()):
        yield path.read_bytes()


def projects() -> Iterator[bytes]:
    """Files of projects, after a line with their name."""
    for path in sorted((DATA / "suggest").iterdir()):
        for part in path.read_bytes().split(b"\n=== ")[1:]:
            name, _, body = part.partition(b"\n")
            yield name + b"\n" + body


def logs() -> Iterator[bytes]:
    """Failing logs, and logs in which no vendor failed."""
    for name in ("failing", "nobodys"):
        for _, text in triage_logs(name):
            yield text


def _sample(name: str, path: str) -> bytes:
    return (DATA / (path if "/" in path else f"{name}/{path}")).read_bytes()


def _recordings(name: str) -> Iterator[bytes]:
    for path in recordings(f"{name}/*"):
        body = path.read_bytes()
        if len(body) <= LIMIT:
            yield body


def _html(markup: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>Acme</title>{markup}</head></html>".encode()


def _with_data(path: str) -> bytes:
    data = json.loads((DATA / "pagerduty" / path).read_bytes())
    return _html(f'<script type="application/json" id="data">{json.dumps(data)}</script>')
