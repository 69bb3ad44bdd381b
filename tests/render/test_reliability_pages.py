"""The report on the sample pages of every platform, and on what may be missing from them."""

import json
from csv import reader
from datetime import date, timedelta
from importlib import import_module
from importlib.resources import files
from io import StringIO
from typing import Any

import pytest

from outlogger_cli import platforms
from outlogger_cli.domain.model import EVER, Read, Snapshot, Source, Vendor
from outlogger_cli.domain.period import Period
from outlogger_cli.domain.reliability import WEIGHTS, reliability
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import judge
from outlogger_cli.render import render
from outlogger_cli.render.reliability import FORMATS
from tests.platforms.pages import Page, label, whole
from tests.reports import VIEW, report
from tests.support import NOW

PAGES = [page for name in platforms.BUILT_IN for page in whole(name)]
SCHEMA = json.loads((files("outlogger_cli.render") / "report-schema.json").read_text("utf-8"))
DRAFT: Any = import_module("jsonschema").Draft202012Validator  # jsonschema ships no types
VALIDATOR = DRAFT(SCHEMA, format_checker=DRAFT.FORMAT_CHECKER)


def measured(page: Page, days: int) -> tuple[Snapshot, Report]:
    snapshot = page.platform.parse(page.documents)
    read = Read(
        vendor=Vendor(slug="acme", url=page.address),
        platform=page.name,
        snapshot=snapshot,
        source=Source.LIVE,
        checked_at=NOW,
    )
    judged = judge(read, window=None)
    run = report(judged, command="report")
    period = Period(first=NOW.date() - timedelta(days=days - 1), last=NOW.date(), now=NOW)
    found = reliability([judged], period, WEIGHTS)
    return snapshot, Report(
        command="report",
        vendors=run.vendors,
        verdict=run.verdict,
        exit_code=run.exit_code,
        generated_at=NOW,
        reliability=found,
    )


@pytest.mark.parametrize("page", PAGES, ids=label)
@pytest.mark.parametrize("days", [7, 365])
def test_a_page_says_no_more_than_it_lists(page: Page, days: int) -> None:
    snapshot, run = measured(page, days)
    document = json.loads(render(run, "json", VIEW))
    VALIDATOR.validate(document)
    (vendor,) = document["vendors"]
    start = NOW.date() - timedelta(days=days - 1)
    covers = snapshot.history_from
    is_whole = covers is not None and (covers == EVER or covers.date() < start)
    assert vendor["partial"] is not is_whole
    figures = vendor["figures"]
    if covers is None and not any(one.status.open for one in snapshot.incidents):
        assert figures is None or figures["lower_bounds"]
    if figures and not is_whole:
        assert figures["availability_percent"] != 100
        assert figures["clear_percent"] != 100
    for format in FORMATS:
        assert render(run, format, VIEW).endswith("\n")
    rows = list(reader(StringIO(render(run, "csv", VIEW), newline=""), strict=True))
    months = (NOW.date().year - start.year) * 12 + NOW.date().month - start.month + 1
    assert len(rows) == 1 + (1 + months) * (1 + len(vendor["components"]))
    assert {date.fromisoformat(row[3]) for row in rows[1:]} >= {start}


def wrong(document: Any, *path: str | int) -> Any:
    """The document, and the object at a path of it."""
    at = document
    for key in path:
        at = at[key]
    return at


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), "command", "status"),
        ((), "skipped", True),
        ((), "exit_code", 1),
        ((), "more", 1),
        (("period",), "from", "2026-01-01"),
        (("weights",), "major", 1.5),
        (("vendors", 0), "figures", {}),
        (("vendors", 0), "unknown", "gone"),
        (("vendors", 0), "months", []),
        (("vendors", 0, "figures"), "availability_percent", 100.1),
        (("vendors", 0, "figures"), "lower_bounds", ["names"]),
        (("vendors", 0, "figures", "incidents"), "total", -1),
    ],
)
def test_the_schema_refuses_a_wrong_document(
    path: tuple[str | int, ...], key: str, value: object
) -> None:
    (page,) = (one for one in PAGES if label(one) == "statuspage summary+incidents")
    document = json.loads(render(measured(page, 30)[1], "json", VIEW))
    VALIDATOR.validate(document)
    wrong(document, *path)[key] = value
    assert not VALIDATOR.is_valid(document)


def test_the_schema_refuses_100_percent_of_a_partial_period() -> None:
    (page,) = (one for one in PAGES if label(one) == "statuspage summary+incidents")
    document = json.loads(render(measured(page, 30)[1], "json", VIEW))
    figures = document["vendors"][0]["figures"]
    figures |= {
        "partial": True,
        "availability_percent": 99.5,
        "clear_percent": 99.5,
        "lower_bounds": ["incidents"],
        "upper_bounds": ["clear_percent", "availability_percent"],
    }
    VALIDATOR.validate(document)
    figures["availability_percent"] = 100
    assert not VALIDATOR.is_valid(document)


def test_every_object_of_the_schema_is_closed_and_named() -> None:
    titles = [SCHEMA["title"], *(shape["title"] for shape in SCHEMA["$defs"].values())]
    assert len({*titles}) == len(titles)  # generators make one type of each
    for name, shape in {"": SCHEMA, **SCHEMA["$defs"]}.items():
        if shape["type"] == "object":
            assert shape["additionalProperties"] is False, name
            assert shape["required"] == list(shape["properties"]), name


def test_the_schema_shares_its_definitions_with_that_of_status() -> None:
    status = json.loads((files("outlogger_cli.render") / "schema.json").read_text("utf-8"))
    for name in ("page_error", "error_kind", "verdict", "source"):
        assert SCHEMA["$defs"][name] == status["$defs"][name]
