"""Listings: the records of a command that lists entries, in each of their formats."""

import json
from dataclasses import replace
from typing import Any

import pytest

from outlogger_cli.render import LIST_FORMATS as FORMATS
from outlogger_cli.render import SCHEMA_VERSION, View
from outlogger_cli.render.listing import render
from tests.reports import VIEW

COLUMNS = ("slug", "platform", "url", "tags")
ITEMS: list[dict[str, Any]] = [
    {"slug": "acme", "platform": None, "url": "https://status.acme.example", "tags": ["ci", "web"]},
    {"slug": "a\tb", "platform": "statuspage", "url": "", "tags": []},
]
TEXTS = {
    "plain": "acme\t\thttps://status.acme.example\tci; web\na b\tstatuspage\t\t\n",
    "csv": (
        "slug,platform,url,tags\r\n"
        "acme,,https://status.acme.example,ci; web\r\n"
        "a b,statuspage,,\r\n"
    ),
    "table": (
        "SLUG  PLATFORM    URL                          TAGS\n"
        "acme              https://status.acme.example  ci; web\n"
        "a b   statuspage\n"
    ),
    "json": json.dumps(
        {"schema_version": SCHEMA_VERSION, "command": "vendors list", "items": ITEMS}, indent=2
    )
    + "\n",
}


def shown(format: str, items: list[dict[str, Any]] = ITEMS, view: View = VIEW) -> str:
    return render("vendors list", items, columns=COLUMNS, format=format, view=view)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_every_item(format: str) -> None:
    assert shown(format) == TEXTS[format]


def test_an_empty_list_is_an_empty_table_and_a_csv_with_a_header() -> None:
    assert shown("table", []) == ""
    assert shown("csv", []) == "slug,platform,url,tags\r\n"


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (
            44,
            [
                "SLUG  URL                          TAGS",
                "acme  https://status.acme.example  ci; web",
            ],
        ),
        (36, ["SLUG  URL", "acme  https://status.acme.example"]),
        (30, ["SLUG  URL", "acme  https://status.acme.exa…"]),
        (12, ["SLUG", "acme"]),
    ],
)
def test_a_narrow_table_keeps_the_key_and_then_the_address_and_no_empty_column(
    width: int, rows: list[str]
) -> None:
    assert shown("table", ITEMS[:1], replace(VIEW, width=width)).splitlines() == rows
