"""Lists that are no report: vendors of the catalogue, entries of the watchlist."""

from collections.abc import Mapping, Sequence
from typing import Any

from outlogger_cli.render import SCHEMA_VERSION, View

FORMATS = ("table", "plain", "json", "csv")

_GAPS = str.maketrans("\t\n\r", "   ")


def render(
    command: str,
    items: Sequence[Mapping[str, Any]],
    *,
    columns: Sequence[str],
    format: str,
    view: View,
) -> str:
    """`items` in one of `FORMATS`; `columns` are the keys that stand in a record, in order."""
    match format:
        case "json":
            import json

            listing = {"schema_version": SCHEMA_VERSION, "command": command, "items": list(items)}
            return json.dumps(listing, indent=2) + "\n"
        case "csv":
            from outlogger_cli.render.csv import written

            return written([columns, *(_record(item, columns) for item in items)])
        case "table":
            return _table([_record(item, columns) for item in items], columns, view)
        case _:
            return "".join("\t".join(_record(item, columns)) + "\n" for item in items)


def _record(item: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    return [_cell(item[column]) for column in columns]


def _cell(value: object) -> str:
    """One field: nothing for null, a list joined by `; `, gaps as spaces."""
    if isinstance(value, list | tuple):
        return "; ".join(map(_cell, value))
    return "" if value is None else str(value).translate(_GAPS)


def _table(rows: Sequence[Sequence[str]], columns: Sequence[str], view: View) -> str:
    from outlogger_cli.render.table.columns import aligned

    return aligned(rows, columns, view)
