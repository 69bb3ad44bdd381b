"""Reads one vendor's page: finds its platform, requests its documents, makes an outcome of them."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from outlogger_cli import platforms
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Depth,
    Document,
    Endpoint,
    Failed,
    FailureKind,
    Outcome,
    Read,
    Source,
    Vendor,
)
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import replace
from outlogger_cli.engine.cache import StoredPage
from outlogger_cli.engine.page import (
    Page,
    emptied_since,
    home_of,
    is_below,
    redirected,
    wrap_parser_errors,
)
from outlogger_cli.engine.pool import Expired, Job
from outlogger_cli.net.client import Client, Network, timed_out
from outlogger_cli.net.errors import RetryableError
from outlogger_cli.platforms.shared.documents import check_documents
from outlogger_cli.platforms.shared.fields import is_broken, known_refusal

if TYPE_CHECKING:
    from outlogger_cli.domain.verdict import Judged

DETECTION_LIMIT = 6
"""Requests a page may cost until its platform is found."""

LONGEST_RETRY_AFTER = timedelta(minutes=15)

_ELSEWHERE = {400, 404, 405, 406, 410}
"""HTTP statuses after which another address on the same host may be the right one."""

_log = logging.getLogger("outlogger.engine")


class PageReader:
    """`read` runs in a thread of its own, and so does `judge`. `abandon` may be called from another
    thread at any moment and returns what is known by then. `to_store` is called last.

    `busy` holds the slugs of the vendors whose threads have not ended.
    """

    def __init__(
        self,
        vendor: Vendor,
        *,
        depth: Depth,
        budget: timedelta,
        network: Network,
        stored: StoredPage | None = None,
        judge: "Callable[[Read], Judged] | None" = None,
        busy: set[str] | None = None,
    ) -> None:
        self._vendor = vendor
        self._depth = depth
        self._budget = budget
        self._network = network
        self._stored = stored
        self._judge = judge
        self._busy = set() if busy is None else busy
        self._began: float | None = None
        self._client: Client | None = None
        self._page: Page | None = None
        self._answers: dict[str, Document | PageError] = {}
        self._emptied_at: datetime | None = None
        self._is_whole = False

    def job(self) -> "Job[tuple[Outcome, Judged | None]]":
        # Jobs of one host wait for each other; the first document may be on another host.
        name = self._vendor.platform or ""
        platform = platforms.load(name) if name in platforms.BUILT_IN else None
        first = platform and platform.endpoints(self._vendor.url, self._depth, {})[0].url
        return Job(
            host=urlsplit(first or self._vendor.url).netloc,
            budget=self._budget.total_seconds(),
            run=self._read_and_judge,
            abandon=lambda why: (self.abandon(why), None),
        )

    def read(self, until: float) -> Outcome:
        """The outcome, by `until` on the network's monotonic clock."""
        self._began = self._network.monotonic()
        return self._timed(self._outcome(lambda: self._read(until)))

    def abandon(self, why: Expired) -> Outcome:
        """End what is under way. A page whose first document was parsed is read all the same,
        unless all of them came: then parsing or judging them is what takes so long.

        Nothing is parsed here.
        """
        if self._client:
            self._client.abort()
        error = timed_out(self._budget)
        if why is Expired.DEADLINE:
            error = PageError(FailureKind.TIMEOUT, "the run's deadline was reached")
        page, is_whole = self._page, self._is_whole
        self._is_whole = False
        if page is None or page.parsed is None or (is_whole and not page.missed):
            return self._timed(self._failed(error))
        late = self._outcome(lambda: self._reading(page.cut_short(self._depth, error.message)))
        return self._timed(late)

    def to_store(self) -> StoredPage | None:
        """What to store of the page, None if it was not read whole. The reader lets go of all
        documents: those of a long run do not fit into memory."""
        page = self._page if self._is_whole else None
        self._answers, self._page, self._stored = {}, None, None
        if page is None:
            return None
        return StoredPage(
            url=self._vendor.url,
            home=page.home,
            platform=page.name,
            documents=page.documents,
            emptied_at=self._emptied_at,
        )

    def _timed(self, outcome: Outcome) -> Outcome:
        if self._began is None:
            return outcome
        return replace(outcome, seconds=self._network.monotonic() - self._began)

    def _read_and_judge(self, until: float) -> "tuple[Outcome, Judged | None]":
        self._busy.add(self._vendor.slug)
        try:
            outcome, judge = self.read(until), self._judge
            if judge is None or isinstance(outcome, Failed):
                return outcome, None
            return outcome, wrap_parser_errors(lambda: judge(outcome))
        except PageError as error:
            return self._timed(self._failed(error)), None
        finally:
            self._busy.discard(self._vendor.slug)

    def _outcome(self, parse: Callable[[], Outcome]) -> Outcome:
        try:
            return wrap_parser_errors(parse)
        except PageError as error:
            return self._failed(error)

    def _read(self, until: float) -> Outcome:
        self._client = Client(
            self._network,
            self._vendor.url,
            until=until,
            budget=self._budget,
            headers=dict(self._vendor.headers),
        )
        with closing(self._client):
            self._page = page = self._detected()
            while wanted := page.wanted(self._depth):
                for endpoint in wanted:
                    try:
                        document = self._fetched(endpoint)
                        read = (one.body for one in page.documents.values())
                        check_documents([*read, document.body])
                        page.documents[endpoint.name] = document
                    except PageError as error:  # the page stays readable without it
                        page.missed[endpoint] = error.message
            reading = self._reading(page)
            self._is_whole = True
            return reading

    def _reading(self, page: Page) -> Read:
        """What `page` says, and whether it listed components when it was read before."""
        reading = page.read(self._vendor)
        self._emptied_at = emptied_since(
            bool(reading.snapshot.components), self._stored, self._depth, reading.checked_at
        )
        return replace(reading, is_emptied=True) if self._emptied_at else reading

    def _detected(self) -> Page:
        """The page with its first document; raises `PageError` if no platform takes it."""
        first: PageError | None = None
        for name, platform, home, endpoint in self._first_endpoints():
            if endpoint.url not in self._answers and len(self._answers) >= DETECTION_LIMIT:
                continue
            answer = self._answer(endpoint)
            try:
                if isinstance(answer, PageError):
                    raise answer
                page = Page(name, platform, home_of(home, answer), answer)
                page.recognise()
            except PageError as error:
                _log.debug("%s: not %s: %s", self._vendor.slug, name, error)
                first = first or error
                if not _may_be_elsewhere(error, answer):
                    first = error if first.http_status in _ELSEWHERE else first
                    break
            else:
                _log.debug("%s: is %s at %s", self._vendor.slug, name, page.home)
                return page
        raise self._undetected(first)

    def _undetected(self, first: PageError | None) -> PageError:
        """Why no platform took the page: what it says it is instead (a sign-in, a parked domain),
        else the `first` error, unless that only says that nothing is at one address of a host
        that answers at another."""
        documents = [one for one in self._answers.values() if isinstance(one, Document)]
        if documents and self._vendor.platform in platforms.NEED_TOKEN:
            return PageError(
                FailureKind.NOT_A_STATUS_PAGE, "the page needs a token, which is not supported"
            )
        for document in documents:
            if refusal := known_refusal(document.body):
                return redirected(refusal, document)
        if first and not (documents and first.http_status in _ELSEWHERE):
            return first
        return PageError(
            FailureKind.NOT_A_STATUS_PAGE,
            "not a supported status page (see outlogger help platforms)",
        )

    def _first_endpoints(self) -> Iterator[tuple[str, platforms.Platform, str, Endpoint]]:
        """Yield where a first document may be, with the platform and the page it would be of."""
        for name, home in self._candidates():
            if platform := platforms.load(name):
                asked = platform.endpoints(home, self._depth, {})
                first = asked[0].name
                for endpoint in asked:
                    if endpoint.name == first:
                        yield name, platform, home, endpoint

    def _candidates(self) -> Iterator[tuple[str, str]]:
        """Yield platforms and addresses to try, the likeliest first and none twice: what the
        vendor is said to run, what was found there before, what its host suggests, then the
        platforms that may run anywhere, sorted anew after the first HTML.

        If the platform is known, or the page was read at its own address before, nothing is
        guessed from what else its host has: another page at the root, or a feed.
        """
        page, stored = self._vendor.url, self._stored
        root = _root(page)
        own = stored is not None and is_below(stored.home, page)
        guess = not (self._vendor.platform or own)
        found: list[tuple[str, str]] = []
        if self._vendor.platform:
            found.append((self._vendor.platform, page))
        if stored:
            found.append((stored.platform, stored.home if own else page))
            if guess and _root(stored.home) == root:
                found.append((stored.platform, stored.home))
        known = list(dict.fromkeys(found))
        yield from known
        found = [(name, page) for name in platforms.for_host(page)]
        for name in platforms.PROBED:
            if guess:
                found += [(name, page), (name, root)]
            elif name != "feed":
                found.append((name, page))
        left = [one for one in dict.fromkeys(found) if one not in known]
        is_sorted = False
        while left:
            html = self._html()
            if html and not is_sorted:
                left, is_sorted = _sorted_by(html, page, left), True
            yield left.pop(0)

    def _html(self) -> Document | None:
        """The first answer that is HTML or XML."""
        for answer in self._answers.values():
            if isinstance(answer, Document) and answer.body.lstrip()[:1] == b"<":
                return answer
        return None

    def _answer(self, endpoint: Endpoint) -> Document | PageError:
        """What is at `endpoint`, requested once however many platforms want to know."""
        if endpoint.url not in self._answers:
            try:
                self._answers[endpoint.url] = self._fetched(endpoint)
            except PageError as error:
                self._answers[endpoint.url] = error
        answer = self._answers[endpoint.url]
        if isinstance(answer, PageError) or answer.endpoint == endpoint:
            return answer
        return replace(answer, endpoint=endpoint)

    def _fetched(self, endpoint: Endpoint) -> Document:
        """The document at `endpoint`: the stored one if the page says that it has not changed."""
        assert self._client is not None
        stored = self._stored.documents.get(endpoint.name) if self._stored else None
        if stored is None or stored.endpoint.url != endpoint.url:
            return self._client.get(endpoint)
        _log.debug("%s: %s is stored: asking whether it changed", self._vendor.slug, endpoint.name)
        document = self._client.get(endpoint, validators=_validators(stored))
        if document.status != 304:
            return document
        return replace(stored, fetched_at=document.fetched_at, source=Source.NOT_MODIFIED)

    def _failed(self, error: PageError) -> Failed:
        return Failed(
            vendor=self._vendor,
            kind=error.kind,
            reason=error.reason,
            message=line(error.message),
            http_status=error.http_status,
            retry_after=_retry_after(error),
            checked_at=self._network.now(),
        )


def _retry_after(error: PageError) -> timedelta | None:
    """How long a page that was asked too often wants to be left alone, as far as that is obeyed."""
    if error.http_status != 429 or not isinstance(error, RetryableError):
        return None
    seconds = error.retry_after or 0.0
    return min(timedelta(seconds=min(seconds, 1e6)), LONGEST_RETRY_AFTER)


def _sorted_by(
    html: Document, page_url: str, candidates: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """`candidates` with the platforms that the page's HTML names first, and the feed that it
    announces in the place of all guessed ones."""
    from outlogger_cli.platforms.shared import feed_link  # loads the readers of feeds

    named = platforms.named_in(html.body)
    announced = feed_link.endpoints(page_url, {"page": html}, ())[1:]
    feed = announced[0].url if announced else ""
    if "status" not in f"{page_url} {feed}":  # that of a news page
        feed = ""
    if feed:
        named.add("feed")
        candidates = [(name, feed if name == "feed" else home) for name, home in candidates]
    return sorted(dict.fromkeys(candidates), key=lambda one: one[0] not in named)


def _may_be_elsewhere(error: PageError, answer: Document | PageError) -> bool:
    """Whether the right answer may be at another address of the host: not if this one is of the
    right kind, and broken."""
    if isinstance(answer, PageError):
        return error.kind is FailureKind.REDIRECT or error.http_status in _ELSEWHERE
    is_data = answer.endpoint.name != "page"
    return not is_broken(answer) and not (is_data and error.kind is FailureKind.INVALID)


def _validators(document: Document) -> dict[str, str]:
    """The request headers of a conditional request, less values that no request can carry."""
    asked = {"if-none-match": "etag", "if-modified-since": "last-modified"}
    said = {ask: document.headers.get(key, "") for ask, key in asked.items()}
    return {ask: value for ask, value in said.items() if value and value.isascii()}


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
