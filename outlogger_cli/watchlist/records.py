"""What a list says of one vendor, and the names that programs give to its name and address."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.values import frozen
from outlogger_cli.watchlist import addresses

_NAMES = (
    *("name", "vendor", "vendor name", "service", "service name", "provider", "product"),
    *("title", "label", "company", "supplier", "tool", "app", "application", "vendors"),
    *("services", "providers"),
)
_URLS = (
    *("url", "status page", "status page url", "status url", "page url", "page", "link", "href"),
    *("status", "status link", "address", "feed", "feed url", "xmlurl", "htmlurl", "rss"),
    *("resource", "target", "endpoint", "website", "uri"),
)
_HEADS = {"slug": ("slug",), "name": _NAMES, "url": _URLS, "platform": ("platform", "type")}
"""Heads of columns and keys of objects, by the key of the watchlist they stand for."""

_NOTHING = {"", "-", "–", "—", "?", "n/a", "na", "none", "null", "tbd", "unknown", "x"}
"""Values that mean that there is no address."""


@frozen
class Record:
    """One vendor as a list has it; `values` by keys of the watchlist, none of them checked yet.

    `strict` says that the list may hold addresses of all kinds, so that this one counts only if
    it looks like a status page's.
    """

    where: str
    values: Mapping[str, Any]
    strict: bool = False


@lru_cache(maxsize=1024)
def standard(head: str) -> str:
    """A head or key in the spelling of `_HEADS`: `Status_Page ` is `status page`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head[:60])
    words = re.sub(r"[\W_]+", " ", spaced).strip().lower()
    return _JOINED.get(words.replace(" ", ""), words)


_JOINED = {head.replace(" ", ""): head for heads in _HEADS.values() for head in heads}


def key_of(head: str) -> str:
    """The key of the watchlist that a head stands for; "" if it stands for none."""
    return next((key for key, heads in _HEADS.items() if standard(head) in heads), "")


def chosen(values: Mapping[str, Any]) -> dict[str, Any]:
    """The `values` by keys of the watchlist: of several heads for one the usual one counts.

    A column `Status` that holds no address, such as `active`, is not one of addresses.
    """
    found: dict[str, Any] = {}
    for key, heads in _HEADS.items():
        ranked = sorted(
            (heads.index(standard(head)), at, value)
            for at, (head, value) in enumerate(values.items())
            if standard(head) in heads and isinstance(value, str) and value.strip()
            if standard(head) != "status" or _is_address(value.strip())
        )
        texts = [value.strip() for _, _, value in ranked]
        if key == "url":
            texts = [text for text in texts if text.lower() not in _NOTHING]
            texts.sort(key=lambda text: not _is_address(text))
        if texts:
            found[key] = texts[0]
    return found


def _is_address(text: str) -> bool:
    return "://" in text or addresses.is_host(text)


def named(text: str) -> dict[str, Any]:
    """What a name or an address alone says of a vendor.

    A host without a scheme is an address, unless it is the name of a vendor or its domain.
    """
    if "://" in text:
        return {"url": text}
    if is_known(text) or not addresses.is_host(text):
        return {"slug": text}
    vendor = addresses.vendor_at(f"https://{text}") or catalog.by_url(text)
    return {"slug": vendor.slug} if vendor else {"url": f"https://{text}"}


def is_known(name: str) -> bool:
    """Whether the catalogue calls a vendor so, by slug, alias or name."""
    return name.casefold() in _shown_names() or catalog.find(name) is not None


@cache
def _shown_names() -> set[str]:
    """An index, because a list may have thousands of names."""
    return {row.split(",", 2)[1].casefold() for row in catalog.lines()}
