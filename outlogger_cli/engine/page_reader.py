"""One vendor's page: which documents to ask for, on which platform, and what they come to."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
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
    Source,
    Vendor,
)
from outlogger_cli.domain.text import line
from outlogger_cli.engine.cache import StoredPage
from outlogger_cli.engine.page import Page, guarded, home_of, is_below, redirected
from outlogger_cli.engine.pool import Expired, Job
from outlogger_cli.net.client import Network, Session, timed_out
from outlogger_cli.platforms import Platform
from outlogger_cli.platforms.shared.fields import is_broken, known_refusal

DETECTION_LIMIT = 6
"""Requests a page may cost until its platform is found."""

_ELSEWHERE = {400, 404, 405, 406, 410}
"""Answers after which another address on the same host may be the right one."""


class Reading:
    """From the first request to the outcome. `run` goes on in a thread of its own; `abandon`
    may be called from another at any moment and answers with what is known by then."""

    def __init__(
        self,
        vendor: Vendor,
        *,
        depth: Depth,
        budget: timedelta,
        network: Network,
        stored: StoredPage | None = None,
    ) -> None:
        self._vendor = vendor
        self._depth = depth
        self._budget = budget
        self._network = network
        self._session: Session | None = None
        self._page: Page | None = None
        self._stored = stored
        self._answers: dict[str, Document | PageError] = {}
        self._named: set[str] = set()
        self._feeds: dict[str, str] = {}
        self._is_whole = False

    def job(self) -> Job[Outcome]:
        return Job(
            host=self._first_host(),
            budget=self._budget.total_seconds(),
            run=self.run,
            abandon=self.abandon,
        )

    def run(self, until: float) -> Outcome:
        """The outcome, by `until` on the network's monotonic clock."""
        return self._outcome(lambda: self._live(until))

    def abandon(self, why: Expired) -> Outcome:
        """End what is under way. A page whose first document has come is read all the same."""
        if self._session:
            self._session.abort()
        error = timed_out(self._budget)
        if why is Expired.DEADLINE:
            error = PageError(FailureKind.TIMEOUT, "the deadline of the run came first")
        page = self._page
        if page is None:
            return self._failed(error)
        return self._outcome(lambda: page.without(self._depth, error.message).read(self._vendor))

    def finish(self) -> StoredPage | None:
        """Hand over what was read to be stored, and let go of it: in a long run the documents
        would come to more than a machine has. For the thread that collects."""
        page = self._page
        self._answers, self._page, self._stored = {}, None, None
        if page is None or not self._is_whole:
            return None
        return StoredPage(
            url=self._vendor.url, home=page.home, platform=page.name, documents=page.documents
        )

    def _live(self, until: float) -> Outcome:
        self._session = Session(
            self._network,
            self._vendor.url,
            until=until,
            budget=self._budget,
            headers=dict(self._vendor.headers),
        )
        with closing(self._session):
            return self._found()

    def _found(self) -> Outcome:
        self._page = page = self._identify()
        self._complete(page)
        outcome = page.read(self._vendor)
        self._is_whole = True
        return outcome

    def _outcome(self, read: Callable[[], Outcome]) -> Outcome:
        try:
            return guarded(read)
        except PageError as error:
            return self._failed(error)

    def _first_host(self) -> str:
        """The host of the first document, which is not always the page's own."""
        name = self._vendor.platform or ""
        platform = platforms.load(name) if name in platforms.BUILT_IN else None
        endpoint = platform and platform.endpoints(self._vendor.url, self._depth, {})[0]
        return urlsplit(endpoint.url if endpoint else self._vendor.url).netloc

    def _identify(self) -> Page:
        """The page with its first document; the first failure where no platform knows it."""
        first: PageError | None = None
        for name, platform, home in self._candidates():
            endpoint = platform.endpoints(home, self._depth, {})[0]
            if endpoint.url not in self._answers and len(self._answers) >= DETECTION_LIMIT:
                continue
            answer = self._answer(endpoint)
            if isinstance(answer, Document) and platforms.recognised(platform, answer):
                return Page(
                    name=name,
                    platform=platform,
                    home=home_of(home, answer),
                    documents={endpoint.name: answer},
                )
            error = answer if isinstance(answer, PageError) else _refusal(platform, answer)
            first = first or error
            if not _may_be_elsewhere(error, answer):
                first = error if first.http_status in _ELSEWHERE else first
                break
        raise self._telling() or self._unknown(first)

    def _unknown(self, first: PageError | None) -> PageError:
        """The error for a page of no platform: its `first` one, but for an address at which there
        is nothing on a host that has a page all the same."""
        answered = any(isinstance(answer, Document) for answer in self._answers.values())
        if first and not (answered and first.http_status in _ELSEWHERE):
            return first
        return PageError(
            FailureKind.NOT_A_STATUS_PAGE,
            "a page answers here, but on no platform that can be read: outlogger help platforms",
        )

    def _telling(self) -> PageError | None:
        """The error for a page that says what it is instead: a sign-in, a parked domain."""
        for answer in self._answers.values():
            said = isinstance(answer, Document) and known_refusal(answer.body)
            if isinstance(answer, Document) and said:
                return redirected(PageError(FailureKind.NOT_JSON, said), answer)
        return None

    def _candidates(self) -> Iterator[tuple[str, Platform, str]]:
        """Platforms and addresses to try, each once and the likeliest first."""
        tried: set[tuple[str, str]] = set()
        for name, home in self._likeliest_first():
            platform = platforms.load(name) if (name, home) not in tried else None
            if platform:
                yield name, platform, home
            tried.add((name, home))

    def _likeliest_first(self) -> Iterator[tuple[str, str]]:
        """What the vendor is said to run, what was found there before, what its host says, then
        the probing order; in that a platform that the page's HTML names comes before the others.

        Of a page whose platform is known, or that was read at its own address before, nothing is
        guessed by what else its host has: another page at its root, or a feed.
        """
        page, stored = self._vendor.url, self._stored
        yield self._vendor.platform or "", page
        own = stored is not None and is_below(stored.home, page)
        open_ = not (self._vendor.platform or own)
        if stored:
            yield stored.platform, stored.home if own else page
            if open_ and _root(stored.home) == _root(page):
                yield stored.platform, stored.home
        yield from ((name, page) for name in platforms.for_host(page))
        bases = (page, _root(page)) if open_ else (page,)
        left = [
            (name, base) for name in platforms.PROBED if open_ or name != "feed" for base in bases
        ]
        while left:
            announced = self._announced_feed()
            named = {*self._named, "feed"} if announced else self._named
            place = next((place for place, (name, _) in enumerate(left) if name in named), 0)
            name, base = left.pop(place)
            yield name, announced or base if name == "feed" else base

    def _announced_feed(self) -> str:
        """The first feed that an answer announces, "" where none does; each is searched once."""
        for url, answer in self._answers.items():
            if isinstance(answer, Document) and url not in self._feeds:
                self._feeds[url] = self._announced_in(answer)
        return next(filter(None, self._feeds.values()), "")

    def _announced_in(self, answer: Document) -> str:
        """The address of a feed on the page's own host that `answer` announces, else ""."""
        if answer.body.lstrip()[:1] != b"<":
            return ""
        from outlogger_cli.platforms.shared import feed_link  # loads the readers of feeds

        found = feed_link.endpoints(self._vendor.url, {"page": answer}, ())[1:]
        said = found[0].url if found else ""
        return said if "status" in f"{self._vendor.url} {said}" else ""  # not that of a news page

    def _answer(self, endpoint: Endpoint) -> Document | PageError:
        """What stands at `endpoint`, asked for once however many platforms want to know."""
        if endpoint.url not in self._answers:
            try:
                document = self._ask(endpoint)
                self._answers[endpoint.url] = document
                self._named |= platforms.named_in(document.body)
            except PageError as error:
                self._answers[endpoint.url] = error
        answer = self._answers[endpoint.url]
        return replace(answer, endpoint=endpoint) if isinstance(answer, Document) else answer

    def _ask(self, endpoint: Endpoint) -> Document:
        """The document at `endpoint`: the stored one where the page says it has not changed."""
        assert self._session is not None
        stored = self._stored.documents.get(endpoint.name) if self._stored else None
        if stored is None or stored.endpoint.url != endpoint.url:
            return self._session.get(endpoint)
        document = self._session.get(endpoint, validators=_validators(stored))
        if document.status != 304:
            return document
        return replace(stored, fetched_at=document.fetched_at, source=Source.NOT_MODIFIED)

    def _complete(self, page: Page) -> None:
        """Ask for the further documents; one that cannot be read leaves the page readable."""
        while wanted := page.wanted(self._depth):
            for endpoint in wanted:
                try:
                    page.documents[endpoint.name] = self._ask(endpoint)
                except PageError as error:
                    page.missed[endpoint] = error.message

    def _failed(self, error: PageError) -> Failed:
        return Failed(
            vendor=self._vendor,
            kind=error.kind,
            message=line(error.message),
            http_status=error.http_status,
            checked_at=self._network.now(),
        )


def _refusal(platform: Platform, document: Document) -> PageError:
    """Why `document` is not a page of `platform`."""
    try:
        platform.parse({document.endpoint.name: document})
    except PageError as error:
        return redirected(error, document)
    return PageError(FailureKind.NOT_A_STATUS_PAGE, "the answer is another platform's")


def _may_be_elsewhere(error: PageError, answer: Document | PageError) -> bool:
    """Whether the right answer may stand at another address of the host: not where this one is of
    the right kind, and broken."""
    if isinstance(answer, PageError):
        return error.kind is FailureKind.REDIRECT or error.http_status in _ELSEWHERE
    is_data = answer.endpoint.name != "page"
    return not is_broken(answer) and not (is_data and error.kind is FailureKind.INVALID)


def _validators(document: Document) -> dict[str, str]:
    """What the page said to ask with; a value that no request can carry is left out."""
    asked = {"if-none-match": "etag", "if-modified-since": "last-modified"}
    said = {ask: document.headers.get(key, "") for ask, key in asked.items()}
    return {ask: value for ask, value in said.items() if value and value.isascii()}


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
