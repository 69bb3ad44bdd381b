"""Addresses of pages and of their data; only http(s) addresses that are safe to show are kept."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from outlogger_cli.domain import text


def link(value: object) -> str:
    """`value` with https if it is an http(s) address that is safe to show, else ""."""
    if not isinstance(value, str) or value != text.line(value) or " " in value:
        return ""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return ""
    rest = value[len(parts.scheme) :]
    return parts.scheme + rest if port else f"https{rest}"


def link_from(url: str, target: str) -> str:
    """The address of `target` on the page at `url`, "" if it is not safe to show."""
    try:
        return link(urljoin(url, target))
    except ValueError:
        return ""


def at(page_url: str, path: str) -> str:
    """The address of `path` below the page, whose own path is kept."""
    return page_url.split("?")[0].split("#")[0].rstrip("/") + path


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
    """The API address of a platform that one vendor runs for itself.

    It is `known` for a page on the vendor's `hosts`, else the same path below the page.
    """
    if is_on(page_url, hosts):
        return known
    return at(page_url, known.removeprefix(origin_of(known)))


def api_base(page_url: str, path: str) -> str:
    """The part of `page_url` before `path` if it is that API document itself, else ""."""
    url = page_url.split("?")[0].rstrip("/")
    return url.removesuffix(path) if url.endswith(path) else ""
