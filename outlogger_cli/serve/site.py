"""What the server answers: each resource as bytes, made from the readings that all share."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from json import dumps

from outlogger_cli.domain.report import Report, unreached
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.render import Site, View, html, json, phrases, prometheus, wording
from outlogger_cli.render.records import unique
from outlogger_cli.serve import feed, maintenance
from outlogger_cli.serve.readings import Readings

HTML = "text/html"
JSON = "application/json"
METRICS = "text/plain; version=0.0.4"

_HURRY = 2
"""Seconds after which a page loads again while the first round is under way."""

_NAMED = 10
"""How many vendors a notice names."""


@frozen
class Resource:
    """A resource; `body` renders it, and is told whether a page is to load again. One that is
    `whole` has no answer before the first round is over: what it lacks would seem to be over."""

    media_type: str
    body: Callable[[bool], bytes]
    whole: bool = False


class Pages:
    """The resources of a server, by path. `view` is how metrics and pages are shown."""

    def __init__(self, readings: Readings, view: View) -> None:
        self.readings = readings
        self._view = view
        name = prometheus.common_labels(view)["list"]
        every = readings.report
        self.resources = {
            "/": Resource(media_type=HTML, body=partial(self._html, every, "")),
            "/metrics": Resource(media_type=METRICS, body=lambda _: self.metrics(every())),
            "/api/v1/status": Resource(media_type=JSON, body=lambda _: _json(every())),
            "/incidents.atom": Resource(
                media_type=feed.MEDIA_TYPE, body=lambda _: feed.render(every(), name), whole=True
            ),
            "/maintenance.ics": Resource(
                media_type=maintenance.MEDIA_TYPE,
                body=lambda _: maintenance.render(every(), name),
                whole=True,
            ),
        }
        seen: Counter[str] = Counter()
        for index, vendor in enumerate(readings.run.vendors):
            self._add_vendor(unique(vendor.slug, seen), partial(readings.report_of, index))

    def _add_vendor(self, slug: str, report: Callable[[], Report]) -> None:
        self.resources[f"/vendors/{slug}"] = Resource(
            media_type=HTML, body=partial(self._html, report, "../")
        )
        self.resources[f"/api/v1/vendors/{slug}"] = Resource(
            media_type=JSON, body=lambda _: _json(report())
        )

    def probe(self, report: Report) -> bytes:
        """The metrics of one vendor, and whether its page could be read."""
        labels = prometheus.common_labels(self._view)
        success = int(not any(one.error for one in report.vendors))
        first = prometheus.family(
            "outlogger_probe_success", "Whether the page could be read.", [(labels, success)]
        )
        return first.encode() + self.metrics(report)

    def progress(self) -> str:
        """`3 of 41 pages read`"""
        total = len(self.readings.run.vendors)
        return f"{self.readings.count} of {wording.count(total, 'page')} read"

    def metrics(self, report: Report) -> bytes:
        return prometheus.render(report, self._view).encode()

    def _html(self, read: Callable[[], Report], root: str, refresh: bool) -> bytes:
        report = read()
        pause = int(self.readings.interval / timedelta(seconds=1))
        pause = pause if self.readings.is_complete else _HURRY
        site = Site(
            root=root, refresh=pause if refresh else 0, notices=tuple(self._notices(report))
        )
        return html.render(report, replace(self._view, now=report.generated_at, site=site)).encode()

    def _notices(self, report: Report) -> Iterator[str]:
        if not self.readings.is_complete:
            yield f"Reading the status pages: {self.progress()}."
        elif not report.drill and (failures := unreached([one.error for one in report.vendors])):
            yield phrases.without_network(len(report.vendors), failures[0])
        old = [
            f"{judged.name} (read {wording.age(moment, report.generated_at)})"
            for judged, moment in self.readings.old(report)
        ]
        if old:
            limit = wording.length(2 * self.readings.interval)
            yield f"Older than {limit}: {wording.listed(old, limit=_NAMED)}"


def _json(report: Report) -> bytes:
    return f"{dumps(json.document(report), indent=2)}\n".encode()
