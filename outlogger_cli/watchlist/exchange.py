"""Lists of vendors as other programs hold them: names, CSV, JSON, OPML and whole watchlists.

Reads and writes text it is given, and knows the catalogue; it opens no file and asks no network.
Headers of vendors may be secret, so no export holds them.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.durations import spell
from outlogger_cli.domain.errors import ConfigError, PageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms import BUILT_IN
from outlogger_cli.watchlist import edit
from outlogger_cli.watchlist.schema import Entry, parse

if TYPE_CHECKING:
    from outlogger_cli.platforms.shared.xml import Node

EXPORTS = ("toml", "csv", "json", "opml")

KEYS = (
    *("slug", "name", "platform", "url", "tags", "fail_on", "components"),
    *("exclude", "on_unknown", "count_incidents", "timeout"),
)
"""What an exported record holds, in the order of its columns."""

FEED = "/history.atom"
"""Where a page on one of `_WITH_FEED` has its feed."""

_LISTS = ("tags", "components", "exclude")
_WITH_FEED = ("statuspage", "incidentio")
_FEEDS = (FEED, "/history.rss")
_FORMULA_STARTS = tuple("=+-@＝＋－＠")
_TOML = re.compile(
    r"^[ \t]*(\[{1,2}\s*[\"']?(vendors|defaults|notify)\b|(version|vendors)\b.*=)", re.MULTILINE
)
_OF_THE_PAGE = {
    *("", "api", "components", "events", "history", "history.atom", "history.rss", "incidents"),
    *("maintenance", "maintenances", "notices", "posts", "subscribe", "uptime"),
}
"""What stands below a page and belongs to it; anything else may be another page."""


@frozen
class Found:
    """What a list names. `entries` come with where they stand; their slug is "" where the list
    gives none, and may be a name or an alias. `refused` are sentences about the others."""

    entries: tuple[tuple[str, Entry], ...]
    refused: tuple[str, ...] = ()


def read(data: bytes, name: str) -> Found:
    """The vendors in `data`; what kind of list that is, its beginning says.

    `name` is what errors call it. Raises `ConfigError` where it cannot be read as a whole.
    """
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _opml(data, name)
    text = _decoded(data, name)
    if _TOML.search(text):
        return _toml(text, name)
    if text.lstrip().startswith(("[", "{")):
        return _json(text, name)
    return _csv(text, name) if _delimiter(text) else _names(text, name)


def export(format: str, entries: Iterable[Entry], *, now: datetime) -> str:
    """`entries` without their headers, in one of `EXPORTS`."""
    bare = [replace(entry, headers=()) for entry in entries]
    match format:
        case "toml":
            return edit.add(edit.NEW, bare)
        case "opml":
            return _as_opml(bare)
        case _:
            from outlogger_cli.render import View, listing

            items = [item(entry) for entry in bare]
            command, view = "watchlist export", View(now=now)
            return listing.render(command, items, columns=KEYS, format=format, view=view)


def item(entry: Entry) -> dict[str, Any]:
    """An entry as listings show it: what the catalogue knows is filled in, and of `headers` there
    are only the names."""
    return {
        "slug": entry.slug,
        "name": shown_name(entry),
        "platform": platform_of(entry),
        "url": page_of(entry),
        "tags": list(entry.tags),
        "fail_on": entry.fail_on,
        "components": list(entry.components),
        "exclude": list(entry.exclude),
        "on_unknown": entry.on_unknown,
        "count_incidents": entry.count_incidents,
        "timeout": spell(entry.timeout) if entry.timeout else None,
        "headers": [name for name, _ in entry.headers],
    }


def shown_name(entry: Entry) -> str:
    """The watchlist's name, else the catalogue's, else the slug."""
    vendor = _vendor(entry)
    return entry.name or (vendor.name if vendor else entry.slug)


def page_of(entry: Entry) -> str | None:
    """The page's address; None where neither the entry nor the catalogue has one."""
    if entry.url:
        return entry.url.rstrip("/")
    vendor = _vendor(entry)
    return vendor.url if vendor else None


def platform_of(entry: Entry) -> str | None:
    """The platform the entry names, else the one the catalogue has for its page."""
    vendor = vendor_at(entry.url) if entry.url else _vendor(entry)
    return entry.platform or (vendor.platform if vendor else None)


def vendor_at(url: str) -> catalog.Entry | None:
    """The catalogue's vendor whose page `url` belongs to; a vendor's homepage is no page of it."""
    vendor = catalog.by_url(url)
    return vendor if vendor and belongs(url, vendor.url) else None


def belongs(url: str, page: str) -> bool:
    """Whether `url` is `page` or an address of its own, such as its history.

    `https://host/team` may be another page than `https://host`.
    """
    head, _, rest = f"{url.rstrip('/')}/".partition(f"{page}/")
    return not head and rest.split("/")[0] in _OF_THE_PAGE


def _vendor(entry: Entry) -> catalog.Entry | None:
    """The catalogue's, where the entry is one of its vendors."""
    return None if entry.url else catalog.find(entry.slug)


# Reading. Each reader takes the text and the name that errors call it.


def _decoded(data: bytes, name: str) -> str:
    codec = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: is not UTF-8 text; save it as UTF-8") from None


def _toml(text: str, name: str) -> Found:
    entries = parse(text, Path(name)).vendors
    return Found(entries=tuple((f"{name}: [vendors.{one.slug}]", one) for one in entries))


def _names(text: str, name: str) -> Found:
    """The first field of each line, which is all of it but where it holds tabs or a comment."""
    said = (row.partition("#")[0].strip() for row in text.splitlines())
    named = [(at, row.partition("\t")[0].strip()) for at, row in enumerate(said, 1) if row]
    return Found(entries=tuple((f"{name}:{at}", _named(field)) for at, field in named))


def _json(text: str, name: str) -> Found:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"{name}: not valid JSON: {line(str(error))}") from None
    except RecursionError:
        raise ConfigError(f"{name}: not valid JSON: lists too deep") from None
    items = value.get("items") if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise ConfigError(f'{name}: must be a list, or an object with a list at "items"')
    return _collected((f"{name}: item {at}", _from_json, one) for at, one in enumerate(items, 1))


def _from_json(value: object) -> Entry:
    match value:
        case str():
            return _named(value)
        case dict():
            return _entry(value)
        case _:
            raise ConfigError("must be text or an object")


def _csv(text: str, name: str) -> Found:
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        heads = [head.strip().lower() for head in next(filter(None, rows))]
        found = [(rows.line_num, dict(zip(heads, row, strict=False))) for row in rows]
    except csv.Error as error:
        raise ConfigError(f"{name}:{rows.line_num}: not valid CSV: {error}") from None
    return _collected(
        (f"{name}:{at}", _from_cells, cells) for at, cells in found if any(cells.values())
    )


def _delimiter(text: str) -> str:
    """What parts the columns of a CSV file; "" where the first line is no head of one."""
    head = text.lstrip("\r\n").partition("\n")[0].lower()
    for sign in ",;\t":
        cells = [cell.strip(' "\r') for cell in head.split(sign)]
        if {"slug", "name", "url"}.intersection(cells):
            return sign
    return ""


def _from_cells(cells: Mapping[str, str]) -> Entry:
    values: dict[str, object] = {}
    for key, cell in cells.items():
        text = cell.strip()
        # an apostrophe keeps a spreadsheet from calculating the cell
        text = text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text
        parts = [part.strip() for part in text.split(";")]
        values[key] = list(filter(None, parts)) if key in _LISTS else text
    return _entry(values)


def _entry(values: Mapping[str, object]) -> Entry:
    """The entry with these values; raises `ConfigError` for one that no watchlist may hold.

    What only repeats the catalogue is left out, and so is a platform that cannot be read.
    """
    slug = str(values.get("slug") or "").strip()
    vendor = catalog.find(slug)
    table = {
        key: values[key]
        for key in KEYS[1:]
        if values.get(key) and not (vendor and values[key] == getattr(vendor, key, None))
    }
    for key, value in table.items():
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str | int | float) for one in texts):
            raise ConfigError(f"{key}: must be text or a list of texts")
    if table.get("platform") not in BUILT_IN:
        table.pop("platform", None)
    try:
        import tomli_w  # loaded only where a list of another kind is taken in

        text = tomli_w.dumps({"vendors": {"it": table}})
        return replace(parse(text, Path("it")).vendors[0], slug=slug)
    except ConfigError as error:
        raise ConfigError(str(error).partition("[vendors.it] ")[2]) from None


def _named(name: str) -> Entry:
    return Entry(slug="", url=name) if "://" in name else Entry(slug=name)


def _collected(rows: Iterable[tuple[str, Callable[[Any], Entry], Any]]) -> Found:
    """Each row through its reader; `ConfigError`s become sentences."""
    entries, refused = [], []
    for where, reader, value in rows:
        try:
            entries.append((where, reader(value)))
        except ConfigError as error:
            refused.append(f"{where}: {error}")
    return Found(entries=tuple(entries), refused=tuple(refused))


# OPML, whose outlines are feeds: http://opml.org/spec2.opml


def _opml(data: bytes, name: str) -> Found:
    from outlogger_cli.domain.model import EVER, Document, Endpoint
    from outlogger_cli.platforms.shared import xml

    document = Document(
        endpoint=Endpoint(name="opml", url=""),
        final_url="",
        status=200,
        headers={},
        body=data,
        fetched_at=EVER,
    )
    try:
        root = xml.root_of(document)
    except PageError as error:
        raise ConfigError(f"{name}: {error}") from None
    if root.kind != "opml":
        raise ConfigError(f"{name}: is XML, but not OPML")
    outlines = [outline for body in root.children("body") for outline in _outlines(body)]
    return _collected((f"{name}: {_title(one)!r}", _from_outline, one) for one in outlines)


def _outlines(node: "Node") -> Iterator["Node"]:
    """Those that are no folders, at any depth."""
    for child in node.children("outline"):
        if next(child.children("outline"), None):
            yield from _outlines(child)
        else:
            yield child


def _title(outline: "Node") -> str:
    return line(outline.attribute("title") or outline.attribute("text"))


def _from_outline(outline: "Node") -> Entry:
    """By the feed's address; a feed that no status page has is somebody's blog."""
    feed = outline.attribute("xmlUrl").strip()
    page = (outline.attribute("htmlUrl") or outline.attribute("url")).strip()
    for end in _FEEDS:
        if feed.endswith(end):
            return _page(feed.removesuffix(end), outline)
    for url in (page, feed):
        if url and vendor_at(url):
            return Entry(slug="", url=url)
    if feed:
        raise ConfigError("is not the feed of a status page that is known")
    return _page(page, outline) if page else Entry(slug=_title(outline))


def _page(url: str, outline: "Node") -> Entry:
    return Entry(slug="", url=url, name=None if vendor_at(url) else _title(outline) or None)


def _as_opml(entries: Iterable[Entry]) -> str:
    rows = "".join(f"    {_as_outline(entry)}\n" for entry in entries if page_of(entry))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n    <title>outlogger watchlist</title>\n  </head>\n"
        f"  <body>\n{rows}  </body>\n"
        "</opml>\n"
    )


def _as_outline(entry: Entry) -> str:
    from xml.sax.saxutils import quoteattr

    name, page = quoteattr(shown_name(entry)), page_of(entry) or ""
    if platform_of(entry) in _WITH_FEED:
        links = f'type="rss" xmlUrl={quoteattr(page + FEED)} htmlUrl={quoteattr(page)}'
    else:
        links = f'type="link" url={quoteattr(page)}'
    return f"<outline text={name} title={name} {links}/>"
