"""Find vendors in lines of text: names, addresses, Markdown, lists of feeds, and CSV."""

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.watchlist import addresses
from outlogger_cli.watchlist.records import Record, chosen, is_known, key_of, named
from outlogger_cli.watchlist.schema import VENDOR_KEYS

_LISTS = [key.name for key in VENDOR_KEYS if key.shape == "list"]
_OWN_KEYS = [key.name for key in VENDOR_KEYS if not key.secret]
_PLAIN = ("slug", "name", "platform", "url")
"""The first fields of this program's own lists in the format `plain`."""

LINE_LIMIT = 20_000
"""Characters of a line; one that is longer takes seconds, and no list has it."""

_DELIMITERS = ",;\t|"
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_BULLET = re.compile(r"(?:[-–—*+•‣·◦▪●]|[0-9]{1,4}[.)])\s+(?:\[[ xX]\]\s+)?")
_RULE = re.compile(r"[-=_*~`:|+\s]+")
_MARKS = " \t*_`\"'<>"
"""Marks of Markdown, and quotes, around a text."""

LINK = re.compile(
    r"\[([^\]\[]{0,500}+)\]\(\s{0,9}+<?(https?://[^\s)>]{1,1000}+)>?[^)]{0,200}+\)", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"(?P<open>\()?<?(https?://(?(open)[^\s<>\"'|,;)]|[^\s<>\"'|,;])+)>?", re.IGNORECASE
)
REFERENCE = re.compile(r"\[(?:[0-9]+|([^\]]+))\]:\s")
"""The label of a link that Markdown defines at its end; a number names nothing."""

_NO_NAME = re.compile(r"(?:the )?(?:status ?page|status|page|link|url|website|here)", re.IGNORECASE)
"""Titles of links that name no vendor."""

_DASHES = " :–—-*_`"
"""Marks between a name and its address."""

_TITLE = re.compile(r'"~([^"]+)"')
_SIGN = re.compile(r"'*[=+\-@＝＋－＠]")
_FORMULA = re.compile(r"'(?='*[=+\-@＝＋－＠]|[^;]*;\s*[=+\-@＝＋－＠])")
"""An apostrophe that keeps a spreadsheet from calculating a cell."""

_MARK_INSIDE = re.compile(r"""(;[\s"]*)'(?='*[=+\-@＝＋－＠])""")
"""The same after a semicolon, where some spreadsheets begin a cell."""


def has_long_line(text: str) -> bool:
    return any(len(row) > LINE_LIMIT and len(row.strip()) > LINE_LIMIT for row in text.splitlines())


def names(text: str, name: str) -> Iterator[Record]:
    """The vendors in lines: one in each, or several with commas or semicolons between."""
    heads: list[str] = []
    rows = text.splitlines()
    for number, raw in enumerate(rows, 1):
        where = f"{name}:{number}"
        row = _COMMENT.sub("", raw).strip()
        if row.startswith("|"):
            following = rows[number].strip() if number < len(rows) else ""
            if following.startswith("|") and _RULE.fullmatch(following):
                heads = _cells(row)
            elif not _RULE.fullmatch(row):
                yield Record(where=where, values=_from_table(heads, _cells(row)))
            continue
        heads = []
        is_prose = LINK.search(row) and not _BULLET.match(row) and LINK.sub("", row).strip(_MARKS)
        row = _bare(row)
        if row and not _RULE.fullmatch(row):
            for values in _in_line(row):
                yield Record(where=where, values=values, strict=bool(is_prose))


def delimiter(text: str) -> str:
    """The delimiter of a CSV file; "" if its first line is not a header."""
    head = text.lstrip("\r\n").partition("\n")[0].strip("\r")
    if "://" in head:
        return ""
    for sign in _DELIMITERS:
        cells = [cell.strip(' "') for cell in head.split(sign)]
        known = [cell for cell in cells if cell.lower() in _OWN_KEYS or key_of(cell)]
        alone = len(cells) == 1 and key_of(cells[0]) not in {"slug", "name"} and cells != ["url"]
        if known and not alone and not all(map(catalog.find, cells)) and head[0] not in "|#":
            return sign
    return ""


def from_csv(text: str, name: str) -> Iterator[Record]:
    """The vendors in the rows below a header; raises `ConfigError` for damaged CSV."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter(text))
    try:
        heads = [head.strip() for head in next(filter(None, rows))]
        for row in rows:
            joined = "".join(row).strip()
            if joined and not _RULE.fullmatch(joined):
                cells = dict(zip(heads, row, strict=False))
                yield Record(where=f"{name}:{rows.line_num}", values=_from_cells(cells))
    except csv.Error as error:
        raise ConfigError(f"{name}:{rows.line_num}: not valid CSV: {error}") from None


def cell_of(value: object) -> str:
    """A value of a watchlist as a cell of CSV, from which `from_csv` reads the same."""
    if not isinstance(value, list | tuple):
        text = "" if value is None else str(value)
        return f"'{text}" if _FORMULA.match(text) else text
    items = [f"'{one}" if _SIGN.match(one) else one for one in map(str, value)]
    return "; ".join(_quoted(one) if ";" in one or one[0] == '"' else one for one in items)


def _in_line(row: str) -> Iterator[Mapping[str, object]]:
    """The vendors of one line without its bullet."""
    links = LINK.findall(row)
    if links:
        before = _bare(row[: row.index("[")].rstrip(_DASHES)) if len(links) == 1 else ""
        for title, url in links:
            yield {"name": before if _NO_NAME.fullmatch(title) else _bare(title), "url": url}
    elif "://" not in row and is_known(row):
        yield {"slug": row}
    elif row.count("\t") >= len(_PLAIN) - 1 and "://" in row.split("\t")[3]:
        yield dict(zip(_PLAIN, row.split("\t"), strict=False))
    else:
        found = list(_ADDRESS.finditer(row))
        if not found:
            parts = [row.partition("\t")[0]] if "\t" in row else re.split("[,;|]", row)
            yield from (named(bare) for part in parts if (bare := _bare(part)))
        elif len(found) == 1:
            title = _TITLE.search(row) or REFERENCE.match(row)
            before = re.split(r"[\t,;|]", row[: found[0].start()])[0]
            named_by = (title[1] or "") if title else before
            yield {"name": _bare(named_by.rstrip(_DASHES)), "url": found[0][2]}
        else:
            yield from ({"url": one[2]} for one in found)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _from_table(heads: list[str], cells: list[str]) -> Mapping[str, object]:
    """A row of a Markdown table: by its heads, by its links, and else by its first cell."""
    texts = [_bare(LINK.sub(lambda link: link[1], cell)) for cell in cells]
    values = chosen(dict(zip(heads, texts, strict=False)))
    named_only = [text for text in texts if text and not _ADDRESS.fullmatch(text)]
    name = values.get("name") or next(iter(named_only), "")
    links = [link[2] for cell in cells for link in LINK.finditer(cell)]
    found = [address[2] for cell in cells for address in _ADDRESS.finditer(LINK.sub("", cell))]
    listed = [values[key] for key in ("url",) if addresses.is_host(values.get(key, ""))]
    return {"name": name, "url": next(iter((*links, *found, *listed)), "")}


def _from_cells(cells: Mapping[str, str]) -> Mapping[str, object]:
    """A row of CSV by its heads; what only this program's exports have is read too."""
    values: dict[str, object] = {}
    for head, cell in cells.items():
        key = head.lower()
        if key in _LISTS:
            items = next(csv.reader([cell], delimiter=";", skipinitialspace=True), [])
            values[key] = [_without_mark(one, _SIGN) for item in items if (one := item.strip())]
        elif key in _OWN_KEYS and key != "url":
            values[key] = _without_mark(cell.strip(), _FORMULA)
    texts = {head: _without_mark(cell.strip(), _FORMULA) for head, cell in cells.items()}
    found = values | chosen(texts)
    linked = LINK.search(str(found.get("name", ""))) or LINK.search(str(found.get("url", "")))
    return found | {"name": linked[1], "url": linked[2]} if linked else found


def _without_mark(text: str, mark: re.Pattern[str]) -> str:
    inside = _MARK_INSIDE.sub(r"\1", text)
    return inside[1:] if inside.startswith("'") and mark.match(inside) else inside


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _bare(text: str) -> str:
    """A line or a cell without its bullet, the marks of Markdown and quotes around it."""
    text = _BULLET.sub("", text.strip(), count=1) if _BULLET.match(text.strip()) else text
    return text.strip(_MARKS)
