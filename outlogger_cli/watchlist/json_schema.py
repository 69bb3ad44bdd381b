"""The JSON Schema of the watchlist, for editors, made of the keys that the parser reads.

`schema.json` holds it. It is draft 7, which every editor's TOML support knows.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from outlogger_cli.watchlist.schema import DEFAULTS_KEYS, NOTIFY_KEYS, VENDOR_KEYS, Key

FILE = Path(__file__).with_name("schema.json")

_RAW = "https://raw.githubusercontent.com/outlogger/outlogger-cli"


def address(version: str) -> str:
    """The public address of the schema of this `version` of the program."""
    return f"{_RAW}/v{version}/outlogger_cli/watchlist/{FILE.name}"


def text() -> str:
    """The content of `schema.json`."""
    slug = {"pattern": "^[A-Za-z0-9._-]+$"}
    properties = {
        "version": {"type": "integer", "enum": [1], "description": "The version of the format."},
        "defaults": _table(DEFAULTS_KEYS, "Settings of all vendors."),
        "vendors": {
            "type": "object",
            "description": "The vendors to read, by slug: of the catalogue, or any with a url.",
            "propertyNames": slug,
            "additionalProperties": {
                "title": "Vendor",
                **_table(VENDOR_KEYS, "A vendor, and its own settings."),
            },
        },
        "notify": _table(NOTIFY_KEYS, "Who is notified of changes, and when."),
    }
    definitions: dict[str, Any] = {}
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Watchlist",
        "description": "A watchlist of outlogger.",
        "type": "object",
        "additionalProperties": False,
        "properties": _referring(properties, definitions),
        "definitions": definitions,
    }
    return json.dumps(schema, indent=2) + "\n"


def _referring(part: Any, definitions: dict[str, Any]) -> Any:
    """`part` with a reference in place of each schema that has a title, which `definitions` gets.

    Programs that make types of a schema then give the type that name.
    """
    if isinstance(part, list):
        return [_referring(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: _referring(value, definitions) for key, value in part.items()}
    if "title" not in part:
        return found
    definitions[part["title"]] = found
    return {"$ref": f"#/definitions/{part['title']}"}


def _table(keys: Sequence[Key], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": {key.name: _value(key) for key in keys},
    }


def _value(key: Key) -> dict[str, Any]:
    one = dict(key.kind.schema)
    if key.shape == "list":
        return {"description": key.help, "type": "array", "items": one}
    if key.shape == "table":
        names = {"pattern": "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"}
        return {
            "description": key.help,
            "type": "object",
            "propertyNames": names,
            "additionalProperties": one,
        }
    return {"description": key.help, **one}
