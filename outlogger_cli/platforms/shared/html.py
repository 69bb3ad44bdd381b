"""The page's own HTML. If it carries no data, it names the key under which an API knows the page.

Such a platform asks for the HTML first, as the document `page`.
"""

import re
from collections.abc import Iterable, Iterator

from outlogger_cli.domain import text
from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.markup import unescape
from outlogger_cli.domain.model import Document, Endpoint, FailureKind
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared.addresses import at, host_of, link, link_from
from outlogger_cli.platforms.shared.fields import not_a_page

_LINK = re.compile(r"a\s[^>]*?\bhref\s*=\s*[\"']?([^\s\"'>]+)", re.IGNORECASE)
_NO_LINK = re.compile(r"(?:/?a|script)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)


def page_endpoint(page_url: str) -> Endpoint:
    return Endpoint(name="page", url=at(page_url, ""))


def html_of(document: Document) -> str:
    """The HTML in `document` with entities resolved, "" if it holds something else."""
    start = document.body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith(b"<") or b"<html" not in start:
        return ""
    return unescape(document.body.decode("utf-8", errors="replace"))


def own_html(read: Documents) -> str:
    """The page's HTML without its links to other hosts, "" if it was not read.

    What a page loads, or says about itself, shows its software; a link may lead to a supplier.
    """
    if "page" not in read:
        return ""
    first, *pieces = html_of(read["page"]).split("<")
    return "<".join([first, *_own(pieces, read["page"].final_url)])


def _own(pieces: Iterable[str], page_url: str) -> Iterator[str]:
    """The pieces, each of which began with `<`, that are not in a link to another host."""
    elsewhere = False
    for piece in pieces:
        if found := _LINK.match(piece):
            elsewhere = host_of(link_from(page_url, found[1])) != host_of(page_url)
        elif _NO_LINK.match(piece):
            elsewhere = False
        if not elsewhere:
            yield piece


def page_name(read: Documents) -> str:
    """The title of the page's HTML, "" if that was not read."""
    found = _TITLE.search(html_of(read["page"])) if "page" in read else None
    return text.line(found[1]) if found else ""


def page_address(read: Documents) -> str:
    """The address of the page's HTML, "" if that was not read."""
    return link(at(read["page"].final_url, "")) if "page" in read else ""


def data_of(read: Documents, name: str, *, platform: str, found: str) -> Document:
    """The API's document `name`, which the page's HTML leads to by the key `found`.

    Raises `not_a_status_page` if the HTML names no key, `invalid` if the API's answer is missing.
    """
    if name in read:
        return read[name]
    if not found:
        raise not_a_page(f"the answer is not the HTML of a {platform} page")
    raise PageError(FailureKind.INVALID, f"the data of the {platform} page {found} was not read")
