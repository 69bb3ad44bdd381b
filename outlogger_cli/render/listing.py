"""Lists that are not reports: vendors of the catalogue, entries of the watchlist."""

from collections.abc import Mapping, Sequence
from typing import Any

from outlogger_cli.render import SCHEMA_VERSION, View, wording


def render(
    command: str,
    items: Sequence[Mapping[str, Any]],
    *,
    columns: Sequence[str],
    format: str,
    view: View,
) -> str:
    """Return `items` in one of `LIST_FORMATS`; `columns` are the keys of a record, in order.

    What a format needs is imported when it is used: commands import this module as they start.
    """
    if format == "json":
        import json

        listing = {"schema_version": SCHEMA_VERSION, "command": command, "items": list(items)}
        return json.dumps(listing, indent=2) + "\n"
    records = [[_field(item[column]) for column in columns] for item in items]
    if format == "csv":
        from outlogger_cli.render.csv import written

        return written([columns, *records])
    if format == "table":
        from outlogger_cli.render.table.columns import aligned

        return aligned(records, columns, view)
    return "".join("\t".join(record) + "\n" for record in records)


def _field(value: object) -> str:
    """Null as an empty field, a list joined by `; `."""
    if isinstance(value, list | tuple):
        return "; ".join(map(_field, value))
    return "" if value is None else wording.field(str(value))
