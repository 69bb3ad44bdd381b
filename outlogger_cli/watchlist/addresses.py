"""Addresses in lists of other programs: which page a feed, an API or another spelling is of."""

import re
from urllib.parse import urlsplit

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.text import line
from outlogger_cli.watchlist.pages import belongs

_OTHER_HOSTS = {
    "azure.status.microsoft": "azure",
    "azurestatuscdn.azureedge.net": "azure",
    "health.aws.amazon.com": "aws",
    "rssfeed.azure.status.microsoft": "azure",
    "status.aws.amazon.com": "aws",
    "status.azure.com": "azure",
    "status.slack.com": "slack",
}
"""Hosts of feeds and former pages that are not below the page in the catalogue."""

_OWN_DATA = re.compile(r"(?:history|incidents)\.(?:atom|rss)|api/v2/[\w/-]+\.json")
"""Paths below a page that only status pages have."""

_LOCALE = r"(?:en(?:-[a-z]{2})?/)?"
_FEED = re.compile(
    _LOCALE
    + r"(?:(?:feeds?|rss|atom)(?:/[\w.-]+)?"
    + r"|(?:feed|rss|atom|index|history|status|news|incidents)\.(?:rss|atom|xml))",
    re.IGNORECASE,
)
"""Paths of feeds, which blogs have too."""

_API = re.compile(
    _LOCALE + r"(?:(?:api|proxy|data)/.+|(?:index|status|summary|incidents|components)\.json)",
    re.IGNORECASE,
)
"""Paths of APIs, which other sites have too."""

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,24})(?:/\S*)?", re.I)
_NOT_HOSTS = {"csv", "html", "js", "json", "md", "py", "toml", "ts", "txt", "xml", "yaml", "yml"}
"""Ends of names such as `Node.js` and of files, which no host has."""

_STATUS_HOST = re.compile("status|health|uptime|incident|trust", re.IGNORECASE)


def is_address(text: str) -> bool:
    return bool(re.match(r"https?://\S+\Z", text, re.IGNORECASE))


def is_host(text: str) -> bool:
    """Whether `text` is an address without its scheme, such as `status.acme.example`."""
    found = _HOST.fullmatch(text[:2000])
    return found is not None and found[1].lower() not in _NOT_HOSTS


def vendor_at(url: str) -> catalog.Entry | None:
    """The vendor of the catalogue to whose page, feed or API `url` belongs.

    Scheme and `www.` do not matter; another path below the page may be another page.
    """
    host, path = catalog.address(url)
    if host in _OTHER_HOSTS:
        return catalog.find(_OTHER_HOSTS[host])
    bare = host.removeprefix("www.")
    for one in (f"https://{bare}/{path}", f"https://www.{bare}/{path}"):
        vendor = catalog.by_page(one)
        if vendor and (belongs(one, vendor.url) or _is_data(_below(one, vendor.url))):
            return vendor
    return None


def page_at(url: str, *, strict: bool) -> str:
    """The address of the page that `url` is, or whose feed or API it is.

    Raises `ConfigError` for a feed that may be a blog's, and if `strict` for any address that
    does not look like a status page's: a list of monitors holds addresses of all kinds.
    """
    if vendor := vendor_at(url):
        return vendor.url
    host, path = catalog.address(url)
    right_host = _STATUS_HOST.search(host)
    parts = urlsplit(url)
    for at in _starts(path):
        page = f"{parts.scheme}://{parts.netloc}/{path[:at]}".rstrip("/")
        if _OWN_DATA.fullmatch(path[at:]):
            return page
        if _is_data(path[at:]) and (right_host or "status" in path[:at].lower()):
            return page
        if _FEED.fullmatch(path[at:]):
            raise ConfigError("is not the feed of a known status page")
    if strict and not right_host:
        raise ConfigError(f"{line(host)} does not look like the host of a status page")
    return url.rstrip("/")


def _is_data(path: str) -> bool:
    return bool(_FEED.fullmatch(path) or _API.fullmatch(path))


def _starts(path: str) -> list[int]:
    """The offsets at which the last five parts of a path begin, in their order."""
    starts = [0, *(found.end() for found in re.finditer("/", path))]
    return starts[-5:]


def _below(url: str, page: str) -> str:
    return url.removeprefix(page).strip("/")
