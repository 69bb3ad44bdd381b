"""What several platforms read in the same way: later documents, addresses, the HTML of a page.

A platform whose own page carries no data asks for the page's HTML first, as `page`, and finds in
it the key under which an API knows the page.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.markup import unescape
from outlogger_cli.domain.model import (
    EVER,
    ComponentStatus,
    Document,
    Endpoint,
    FailureKind,
    Incident,
    Severity,
    worst,
)
from outlogger_cli.platforms.shared import fields
from outlogger_cli.platforms.shared.fields import Fields

Found = TypeVar("Found")
History = tuple[tuple[Incident, ...], datetime | None]
"""Listed incidents, and the moment from which the list is complete."""

_LINK = re.compile(r"a\s[^>]*?\bhref\s*=\s*[\"']?([^\s\"'>]+)", re.IGNORECASE)
_NO_LINK = re.compile(r"(?:/?a|script)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)


def page_endpoint(page_url: str) -> Endpoint:
    """The page itself, read for the key that its API goes by."""
    return Endpoint(name="page", url=fields.at(page_url, ""))


def html_of(document: Document) -> str:
    """The HTML in `document` with entities resolved; "" where it holds something else."""
    start = document.body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith(b"<") or b"<html" not in start:
        return ""
    return unescape(document.body.decode("utf-8", errors="replace"))


def own_html(read: Mapping[str, Document]) -> str:
    """The page's HTML without its links to other hosts, "" where it was not read.

    What a page loads, or says of itself, tells what it is; what it links to may be a supplier's.
    """
    if "page" not in read:
        return ""
    first, *pieces = html_of(read["page"]).split("<")
    return "<".join([first, *_own(pieces, read["page"].final_url)])


def _own(pieces: Iterable[str], page_url: str) -> Iterator[str]:
    """Those pieces, each of which a `<` begins, that stand in no link to another host."""
    elsewhere = False
    for piece in pieces:
        if link := _LINK.match(piece):
            elsewhere = host_of(link_from(page_url, link[1])) != host_of(page_url)
        elif _NO_LINK.match(piece):
            elsewhere = False
        if not elsewhere:
            yield piece


def page_name(read: Mapping[str, Document]) -> str:
    """The title of the page's HTML, "" where that was not read."""
    found = _TITLE.search(html_of(read["page"])) if "page" in read else None
    return text.line(found[1]) if found else ""


def page_address(read: Mapping[str, Document]) -> str:
    """Where the page's HTML came from, "" where it was not read."""
    return fields.link(fields.at(read["page"].final_url, "")) if "page" in read else ""


def path_of(url: str) -> str:
    return urlsplit(url).path


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def origin_of(url: str) -> str:
    """`url` up to its host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_on(url: str, hosts: Iterable[str]) -> bool:
    """Whether `url` is on one of `hosts` or on a host below one."""
    host = host_of(url)
    return any(host == end or host.endswith(f".{end}") for end in hosts)


def vendors_own(page_url: str, hosts: Iterable[str], known: str) -> str:
    """Where a platform that one vendor runs for itself is asked: at the `known` address for a page
    on the vendor's `hosts`, for any other at the same path below the page."""
    if is_on(page_url, hosts):
        return known
    return fields.at(page_url, known.removeprefix(origin_of(known)))


def link_from(url: str, target: str) -> str:
    """The address that `target` is on the page at `url`; "" where that is none safe to show."""
    try:
        return fields.link(urljoin(url, target))
    except ValueError:
        return ""


def api_base(page_url: str, path: str) -> str:
    """What stands before `path` where `page_url` is that API document already, else ""."""
    url = page_url.split("?")[0].rstrip("/")
    return url.removesuffix(path) if url.endswith(path) else ""


def data_of(read: Mapping[str, Document], name: str, *, platform: str, found: str) -> Document:
    """The API's document `name`, which the page's HTML leads to under the key `found`.

    Raises `not_a_status_page` where the HTML names no key, `invalid` where the API's answer is
    missing.
    """
    if name in read:
        return read[name]
    if not found:
        raise not_a_page(f"the answer is not the HTML of a {platform} page")
    raise PageError(FailureKind.INVALID, f"the data of the {platform} page {found} was not read")


def not_a_page(message: str) -> PageError:
    return PageError(FailureKind.NOT_A_STATUS_PAGE, message)


def later(
    document: Document | None, what: str, read: Callable[[Document], Found]
) -> tuple[Found | None, tuple[str, ...]]:
    """What `read` finds in a document after the first, None and a note where it cannot."""
    if document is None:
        return None, ()
    try:
        return read(document), ()
    except PageError as error:
        return None, (f"{what} not read: {error.message}",)


def rows_of(document: Document, key: str) -> list[Fields]:
    """The rows of a document that is a bare list, or an object with the list at `key`."""
    value = fields.json_value(document)
    wire = Fields({key: value}) if isinstance(value, list) else fields.json_object(document)
    return list(wire.objects(key, required=True))


def object_at(row: Fields, key: str) -> Fields:
    """The object at `key`, an empty one where it is missing or null."""
    return row.object(key) if row.values.get(key) is not None else Fields({})


def texts_at(row: Fields, key: str) -> tuple[str, ...]:
    """The cleaned words of a list of words or numbers; whatever else stands in it is left out."""
    value = row.values.get(key)
    words = (Fields({"": one}).text("") for one in value) if isinstance(value, list) else ()
    return tuple(word for word in words if word)


def rows_newest_first(rows: Iterable[Fields], *keys: str) -> list[Fields]:
    """Rows by the first time they have among `keys`; of the same time the earlier row first."""
    return sorted(rows, key=lambda row: time_at(row, *keys) or EVER, reverse=True)


def time_at(row: Fields, *keys: str) -> datetime | None:
    """The first time that `row` has among `keys`."""
    return next((moment for key in keys if (moment := row.time(key))), None)


def oldest(rows: Iterable[Fields], key: str) -> datetime | None:
    """Back to where a list reaches that leaves out what is older."""
    return earliest(row.time(key) for row in rows)


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def passed(row: Fields, key: str, document: Document) -> datetime | None:
    """The moment at `key`, if it had come when the document was read: an end that lies ahead is
    what somebody expects."""
    moment = row.time(key)
    return moment if moment and moment <= document.fetched_at else None


def roll_up(statuses: Collection[ComponentStatus]) -> Severity:
    """What the components of a page without an indicator come to.

    `unknown` where there are none, or where only those that nobody knows could be a problem.
    """
    severities = [status.severity for status in statuses]
    found = worst(severities)
    unsure = not severities or Severity.UNKNOWN in severities
    return Severity.UNKNOWN if unsure and found.rank < Severity.MINOR.rank else found
