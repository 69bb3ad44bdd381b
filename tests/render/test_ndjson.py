"""NDJSON: each line is one vendor of the JSON document."""

import json

from outlogger_cli.render import ndjson
from outlogger_cli.render.json import document
from tests.reports import PAST, VIEW, broken, hostile, report, skipped, stale


def test_each_line_is_a_vendor_of_the_document() -> None:
    run = report(broken(history=PAST), hostile(), stale(), command="status")
    lines = ndjson.render(run, VIEW).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == document(run)["vendors"]


def test_a_line_is_ascii_and_holds_no_break_of_any_kind() -> None:
    run = report(hostile())
    line = ndjson.line(run.vendors[0], run)
    assert line.isascii()
    assert line.splitlines() == [line.removesuffix("\n")]


def test_nothing_read_is_nothing_written() -> None:
    assert ndjson.render(skipped(), VIEW) == ""
