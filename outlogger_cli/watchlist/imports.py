"""Read the vendors in lists of other programs: names, CSV, JSON, YAML, TOML, OPML, Markdown.

Reads text it is given, and knows the catalogue; opens no file and no connection. `exchange` writes
the lists that this program exports.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outlogger_cli.catalog import catalog
from outlogger_cli.domain import toml
from outlogger_cli.domain.errors import ConfigError, PageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.platforms import is_known
from outlogger_cli.watchlist import addresses, rows, trees, yaml
from outlogger_cli.watchlist.records import Record
from outlogger_cli.watchlist.schema import VENDOR_KEYS, Defaults, Entry, Watchlist, parse

if TYPE_CHECKING:
    from outlogger_cli.platforms.shared.xml import Node

VENDOR_LIMIT = 5000
"""Vendors in one file; the catalogue has half as many."""

TOML_LIMIT = 1024 * 1024
"""Characters; TOML takes longer to read than the other kinds of lists."""

_KEYS = [key.name for key in VENDOR_KEYS if not key.secret]
_WATCHLIST = re.compile(
    r"^[ \t]*(\[{1,2}\s*[\"']?(vendors|defaults|notify)\b|(version|vendors)\b[^:\n]*=)",
    re.MULTILINE,
)
_TOML = re.compile(r"[ \t]*(\[{1,2}[\w .\"'-]+\]{1,2}[ \t]*(#|$)|[\w.-]+[ \t]*=)")
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_YAML = re.compile(r"[ \t]*(- +)?[\w.-]+:(\s|$)|---$")


_is_known = cache(is_known)
"""Looking for plug-ins takes 10 ms, and a list may name thousands of platforms."""


@frozen
class Found:
    """The vendors of a list. `entries` come with their place in it; their slug is "" if the list
    gives none, and may be a name or an alias. `refused` are sentences about the others, and about
    what was not taken over."""

    entries: tuple[tuple[str, Entry], ...]
    refused: tuple[str, ...] = ()


def read(data: bytes, name: str) -> Found:
    """The vendors in `data`, whose name or beginning tells the kind of list; errors call it `name`.

    Raises `ConfigError` if it cannot be read as a whole.
    """
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _collected(_opml(data, name), name)
    text = re.sub(r"\A\s*sep=.\r?\n", "", _decoded(data, name))  # a first line for spreadsheets
    if _WATCHLIST.search(text) and len(text) <= TOML_LIMIT:
        return _watchlist(parse(text, Path(name)), name)
    first = next((row for raw in text.splitlines() if (row := raw.strip()) and row[0] != "#"), "")
    suffix = Path(name).suffix.lower()
    notes: list[str] = []
    try:
        is_link = rows.LINK.match(first) or rows.REFERENCE.match(first)
        if first.startswith(("{", "[")) and not is_link:
            found = _json_or_toml(text, name)
        elif suffix == ".toml" or _TOML.match(first):
            found = trees.records(_toml(text, name), name, strict=True)
        elif suffix in {".yml", ".yaml"} or _YAML.match(first):
            tree, unread = yaml.load(text)
            notes = [f"{name}:{sentence}" for sentence in unread]
            found = trees.records(tree, name, strict=True)
        else:
            found = _rows(text, name)
        return _collected(found, name, notes)
    except yaml.InvalidYamlError as error:
        if suffix in {".yml", ".yaml"}:
            raise ConfigError(f"{name}:{error}") from None
        return _collected(_rows(text, name), name)
    except RecursionError:
        raise ConfigError(f"{name}: lists or objects are nested too deeply") from None


def _watchlist(known: Watchlist, name: str) -> Found:
    entries = tuple((f"{name}: [vendors.{one.slug}]", one) for one in known.vendors)
    return Found(entries=entries, refused=tuple(_left_out(known, name)))


def _left_out(known: Watchlist, name: str) -> Iterator[str]:
    """What an import does not take over from another watchlist."""
    if known.defaults != Defaults():
        yield f"{name}: the settings of [defaults] were not imported"
    if known.notify:
        yield f"{name}: the settings of [notify] were not imported"


# Readers take the text and the name that errors call it.


def _decoded(data: bytes, name: str) -> str:
    codec = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: is not UTF-8 text; save it as UTF-8") from None


def _rows(text: str, name: str) -> Iterator[Record]:
    if rows.has_long_line(text):
        raise ConfigError(f"{name}: a line is longer than {rows.LINE_LIMIT} characters")
    return rows.from_csv(text, name) if rows.delimiter(text) else rows.names(text, name)


def _json_or_toml(text: str, name: str) -> Iterator[Record]:
    """Both may begin with a bracket."""
    try:
        return trees.records(json.loads(text), name, strict=False)
    except ValueError as error:
        if _TOML.match(text.lstrip().partition("\n")[0].strip()):
            return trees.records(_toml(text, name), name, strict=True)
        raise ConfigError(f"{name}: not valid JSON: {line(str(error))}") from None


def _toml(text: str, name: str) -> Any:
    if len(text) > TOML_LIMIT:
        raise ConfigError(f"{name}: TOML is larger than 1 MiB, the limit for a list of vendors")
    try:
        return toml.loads(text)
    except (ValueError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{name}: not valid TOML: {line(str(error))}") from None


def _collected(found: Iterable[Record], name: str, notes: Iterable[str] = ()) -> Found:
    """Each record as an entry; `ConfigError`s become sentences."""
    entries, refused = [], [*notes]
    for number, record in enumerate(found):
        if number == VENDOR_LIMIT:
            raise ConfigError(f"{name}: names more than {VENDOR_LIMIT}: not a list of vendors")
        try:
            entries.append((record.where, _entry(record)))
        except ConfigError as error:
            refused.append(f"{record.where}: {error}")
    return Found(entries=tuple(entries), refused=tuple(refused))


def _entry(record: Record) -> Entry:
    """The entry of a record; raises `ConfigError` if it is invalid in a watchlist.

    A value that only repeats the catalogue is left out, and so is a platform that cannot be read.
    """
    values = record.values
    slug = str(values.get("slug") or "").strip()
    vendor = catalog.find(slug)
    table = {
        key: values[key]
        for key in _KEYS
        if values.get(key) and not (vendor and values[key] == getattr(vendor, key, None))
    }
    for key, value in table.items():
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str | int | float) for one in texts):
            raise ConfigError(f"{key}: must be a string or a list of strings")
    if "platform" in table and not _is_known(str(table["platform"])):
        del table["platform"]
    if addresses.is_host(str(table.get("url", "")).strip()):
        table["url"] = f"https://{table['url'].strip()}"
    if not (slug or table.get("name") or table.get("url")):
        raise ConfigError("must be a name, an address, or an object that has one of them")
    if not table:
        return Entry(slug=slug)
    entry = replace(_checked(table), slug=slug)
    if entry.slug or entry.url is None:
        return entry
    page = addresses.page_at(entry.url, strict=record.strict)
    known = addresses.vendor_at(page)
    name = None if known and record.strict else entry.name
    platform = None if known and known.platform == entry.platform else entry.platform
    return replace(entry, url=page, name=name, platform=platform)


def _checked(table: dict[str, Any]) -> Entry:
    import tomli_w  # loaded only if a list of another kind is imported

    try:
        return parse(tomli_w.dumps({"vendors": {"it": table}}), Path("it")).vendors[0]
    except ConfigError as error:
        raise ConfigError(*(one.partition("[vendors.it] ")[2] for one in error.args)) from None


# OPML: outlines are feeds, http://opml.org/spec2.opml


def _opml(data: bytes, name: str) -> Iterator[Record]:
    from outlogger_cli.domain.model import EVER, Document, Endpoint
    from outlogger_cli.platforms.shared import xml

    if _HTML.match(data):
        raise ConfigError(f"{name}: is an HTML page, not a list of vendors")
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
    outlines = (outline for body in root.children("body") for outline in _outlines(body))
    for one in outlines:
        is_feed = bool(one.attribute("xmlUrl").strip())
        yield Record(where=f"{name}: {_title(one)!r}", values=_from_outline(one), strict=is_feed)


def _outlines(node: "Node") -> Iterator["Node"]:
    """Those that are not folders, at any depth."""
    for child in node.children("outline"):
        if next(child.children("outline"), None):
            yield from _outlines(child)
        else:
            yield child


def _title(outline: "Node") -> str:
    return line(outline.attribute("title") or outline.attribute("text"))


def _from_outline(outline: "Node") -> dict[str, str]:
    """By the address that is a known vendor's, else by the feed's."""
    feed = outline.attribute("xmlUrl").strip()
    page = (outline.attribute("htmlUrl") or outline.attribute("url")).strip()
    known = (url for url in (feed, page) if url and addresses.vendor_at(url))
    return {"name": _title(outline), "url": next(known, feed or page)}
