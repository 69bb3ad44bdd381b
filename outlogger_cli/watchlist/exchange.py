"""Lists of vendors as other programs have them: names, CSV, JSON, OPML and whole watchlists.

Reads and writes text it is given, and knows the catalogue; opens no file and no connection.
Headers of vendors may be secret, so no export holds them.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import ConfigError, PageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.platforms import BUILT_IN
from outlogger_cli.watchlist import edit
from outlogger_cli.watchlist.pages import page_of, platform_of, shown_name, vendor_at
from outlogger_cli.watchlist.schema import NEW, VENDOR_KEYS, Entry, Shape, parse

if TYPE_CHECKING:
    from outlogger_cli.platforms.shared.xml import Node

SUMMARY = ("slug", "name", "platform", "url", "tags", "fail_on", "components")
"""The keys of a record that tell most."""

PUBLIC_KEYS = [key for key in VENDOR_KEYS if not key.secret]
COLUMNS = (*SUMMARY, *(key.name for key in PUBLIC_KEYS if key.name not in SUMMARY))
"""The keys of an exported record, in the order of its columns."""

FEED = "/history.atom"
"""Where a page on one of `_WITH_FEED` has its feed."""

_LISTS = [key.name for key in PUBLIC_KEYS if key.shape is Shape.LIST]
_WITH_FEED = ("statuspage", "incidentio")
_FEEDS = (FEED, "/history.rss")
_FORMULA_STARTS = tuple("=+-@＝＋－＠")
_TOML = re.compile(
    r"^[ \t]*(\[{1,2}\s*[\"']?(vendors|defaults|notify)\b|(version|vendors)\b.*=)", re.MULTILINE
)


@frozen
class Found:
    """The vendors of a list. `entries` come with their place in it; their slug is "" if the list
    gives none, and may be a name or an alias. `refused` are sentences about the others."""

    entries: tuple[tuple[str, Entry], ...]
    refused: tuple[str, ...] = ()


def read(data: bytes, name: str) -> Found:
    """The vendors in `data`, whose beginning tells the kind of list; errors call it `name`.

    Raises `ConfigError` if it cannot be read as a whole.
    """
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _opml(data, name)
    text = _decoded(data, name)
    if _TOML.search(text):
        entries = parse(text, Path(name)).vendors
        return Found(entries=tuple((f"{name}: [vendors.{one.slug}]", one) for one in entries))
    if text.lstrip().startswith(("[", "{")):
        return _json(text, name)
    return _csv(text, name) if _delimiter(text) else _names(text, name)


def as_toml(entries: Iterable[Entry]) -> str:
    """A watchlist of `entries` without their headers."""
    return edit.add(NEW, [replace(entry, headers=()) for entry in entries])


def as_opml(entries: Iterable[Entry]) -> str:
    """The feeds of the pages of `entries` that have one, and the addresses of the others."""
    from xml.sax.saxutils import quoteattr

    outlines = []
    for entry in entries:
        if not (page := page_of(entry)):
            continue
        name = quoteattr(shown_name(entry))
        links = f'type="link" url={quoteattr(page)}'
        if platform_of(entry) in _WITH_FEED:
            links = f'type="rss" xmlUrl={quoteattr(page + FEED)} htmlUrl={quoteattr(page)}'
        outlines.append(f"    <outline text={name} title={name} {links}/>\n")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n    <title>outlogger watchlist</title>\n  </head>\n"
        f"  <body>\n{''.join(outlines)}  </body>\n"
        "</opml>\n"
    )


def record(entry: Entry) -> dict[str, Any]:
    """An entry as lists show it: completed by the catalogue, with only the names of `headers`."""
    values: dict[str, Any] = {}
    for key in PUBLIC_KEYS:
        value = getattr(entry, key.name)
        values[key.name] = None if value is None else key.write(value)
    values |= {
        "slug": entry.slug,
        "name": shown_name(entry),
        "platform": platform_of(entry),
        "url": page_of(entry),
    }
    headers = [name for name, _ in entry.headers]
    return {name: values[name] for name in COLUMNS} | {"headers": headers}


# Readers take the text and the name that errors call it.


def _decoded(data: bytes, name: str) -> str:
    codec = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: is not UTF-8 text; save it as UTF-8") from None


def _names(text: str, name: str) -> Found:
    """The first field of each line: up to a tab or a comment."""
    rows = (row.partition("#")[0].strip() for row in text.splitlines())
    named = [(at, row.partition("\t")[0].strip()) for at, row in enumerate(rows, 1) if row]
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
    """The delimiter of a CSV file; "" if the first line is not a header."""
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
    """The entry with these values; raises `ConfigError` if they are invalid in a watchlist.

    A value that only repeats the catalogue is left out, and so is a platform that cannot be read.
    """
    slug = str(values.get("slug") or "").strip()
    vendor = catalog.find(slug)
    table = {
        key: values[key]
        for key in COLUMNS[1:]
        if values.get(key) and not (vendor and values[key] == getattr(vendor, key, None))
    }
    for key, value in table.items():
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str | int | float) for one in texts):
            raise ConfigError(f"{key}: must be text or a list of texts")
    if table.get("platform") not in BUILT_IN:
        table.pop("platform", None)
    try:
        import tomli_w  # loaded only if a list of another kind is imported

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


# OPML: outlines are feeds, http://opml.org/spec2.opml


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
    """Those that are not folders, at any depth."""
    for child in node.children("outline"):
        if next(child.children("outline"), None):
            yield from _outlines(child)
        else:
            yield child


def _title(outline: "Node") -> str:
    return line(outline.attribute("title") or outline.attribute("text"))


def _from_outline(outline: "Node") -> Entry:
    """By the feed's address; a feed that is not a status page's is probably a blog's."""
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
