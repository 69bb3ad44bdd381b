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
from outlogger_cli.platforms.shared.documents import HEAD_LIMIT, check_documents, once
from outlogger_cli.platforms.shared.fields import not_a_page

_LINK = re.compile(r"a\s[^>]*?\bhref\s*=\s*[\"']?([^\s\"'>]+)", re.IGNORECASE)
_NO_LINK = re.compile(r"(?:/?a|script)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)


def page_endpoint(page_url: str) -> Endpoint:
    return Endpoint(name="page", url=at(page_url, ""))


def html_of(document: Document) -> str:
    """The HTML in `document` with entities resolved, "" if it holds something else.

    Raises `too_large`. Only for a platform whose page is its data, once `head_of` shows its mark.
    """
    return once(_decoded, document.body)


def head_of(document: Document) -> str:
    """The first `HEAD_LIMIT` bytes of the HTML in `document`, as `html_of` gives them.

    Marks and keys are looked for here: pages of any software are searched, by all platforms.
    """
    return once(_head, document.body)


def _decoded(body: bytes) -> str:
    start = body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith(b"<") or b"<html" not in start:
        return ""
    check_documents([body])
    return unescape(body.decode("utf-8", errors="replace"))


def _head(body: bytes) -> str:
    head = body[:HEAD_LIMIT]
    if len(head) < len(body):  # half of a key would be the key of another page
        head = head[: max(head.rfind(mark) for mark in (b"<", b">", b'"', b"'", b" ", b"\n"))]
    return _decoded(head)


def own_html(read: Documents) -> str:
    """The `head_of` the page's HTML without its links to other hosts, "" if it was not read.

    What a page loads, or says about itself, shows its software; a link may lead to a supplier.
    """
    if "page" not in read:
        return ""
    return once(_own_html, read["page"].body, read["page"].final_url)


def _own_html(body: bytes, page_url: str) -> str:
    first, *pieces = once(_head, body).split("<")
    return "<".join([first, *_own(pieces, page_url)])


def _own(pieces: Iterable[str], page_url: str) -> Iterator[str]:
    """The pieces, each of which began with `<`, that are not in a link to another host."""
    elsewhere, page_host = False, host_of(page_url)
    hosts: dict[str, str] = {}
    for piece in pieces:
        if found := _LINK.match(piece):
            target = found[1]
            if target not in hosts:
                hosts[target] = host_of(link_from(page_url, target))
            elsewhere = hosts[target] != page_host
        elif _NO_LINK.match(piece):
            elsewhere = False
        if not elsewhere:
            yield piece


def page_name(read: Documents) -> str:
    """The title of the page's HTML, "" if that was not read."""
    found = _TITLE.search(head_of(read["page"])) if "page" in read else None
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
        raise not_a_page(f"unexpected HTML: not a {platform} page")
    raise PageError(FailureKind.INVALID, f"the data of the {platform} page {found} was not read")
