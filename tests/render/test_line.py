"""The line: short, only slugs, and cheap enough for a prompt."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from outlogger_cli.domain.model import FailOn, OnUnknown
from outlogger_cli.domain.report import Report
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import line, render
from tests.reports import (
    VIEW,
    broken,
    healthy,
    hostile,
    in_maintenance,
    report,
    skipped,
    stale,
    unreadable,
    watching,
)

LINES: dict[str, Report] = {
    "acme ok": report(healthy()),
    "all 2 ok": report(healthy(), healthy("beta")),
    "1 problem: github": report(broken("github"), healthy()),
    "2 problems: github, openai; 1 unknown: acme": report(
        stale(), broken("github"), healthy("beta"), broken("openai")
    ),
    "2 unknown: a, b": report(unreadable(slug="a"), unreadable(slug="b")),
    "1 unknown: acme": report(unreadable(on_unknown=OnUnknown.IGNORE), healthy("beta")),
    "all 2 ok; open incident: calm": report(healthy(), watching("calm")),
    "calm ok; open incident: calm": report(watching("calm")),
    "all 3 ok; major: github; maintenance: db": report(
        healthy(), in_maintenance(slug="db"), broken("github", fail_on=FailOn.CRITICAL)
    ),
    "7 problems: v0, v1, v2, v3, v4 and 2 more": report(*(broken(f"v{n}") for n in range(7))),
    "DRILL: 1 problem: acme": report(broken(), drill="a bad day"),
    "DRILL: acme ok": report(healthy(), drill="a bad day"),
    "skipped": skipped(),
    "1 problem: hostile": report(hostile()),
}


@pytest.mark.parametrize("expected", LINES)
def test_one_line_names_the_vendors(expected: str) -> None:
    assert line.render(LINES[expected], VIEW) == f"{expected}\n"


def waybar(*vendors: Judged) -> dict[str, str]:
    text = render(report(*vendors), "waybar", VIEW)
    assert text.endswith("}\n")
    module: dict[str, str] = json.loads(text)
    return module


def test_waybar_gets_text_tooltip_and_class() -> None:
    assert waybar(healthy(), broken("github"), watching("calm"), stale("gone")) == {
        "text": "1 problem: github; 1 unknown: gone",
        "tooltip": (
            "Acme: Europe/Build partial outage\n"
            'Acme: incident "API errors" monitoring, impact major: listed only, a fix is being'
            " monitored\n"
            "Acme: no answer in 10 s"
        ),
        "class": "problem",
    }


def test_waybar_repeats_the_text_as_tooltip_if_nothing_is_wrong() -> None:
    assert waybar(healthy()) == {"text": "acme ok", "tooltip": "acme ok", "class": "ok"}


@pytest.mark.parametrize(
    ("found", "is_empty"),
    [
        (report(healthy(), healthy("beta")), True),
        (report(healthy(), watching("calm")), False),
        (report(in_maintenance()), False),
        (report(broken("github", fail_on=FailOn.NEVER)), False),
        (report(unreadable(on_unknown=OnUnknown.IGNORE)), False),
        (skipped(), False),
    ],
)
def test_only_what_is_altogether_ok_may_be_empty(found: Report, is_empty: bool) -> None:
    view = replace(VIEW, empty_ok=True)
    assert line.render(found, view) == ("" if is_empty else line.render(found, VIEW))
    module = json.loads(render(found, "waybar", view))
    assert (module["text"] == "") is is_empty
    assert module["tooltip"]


def test_waybar_takes_no_markup_from_a_vendor() -> None:
    assert waybar(hostile())["tooltip"] == (
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;:"
        " : :error::forged partial outage"
    )


@pytest.mark.parametrize("name", ["line", "plain", "json", "nagios", "prometheus", "github"])
def test_formats_for_scripts_import_neither_rich_nor_a_client(name: str) -> None:
    program = (
        f"import sys, outlogger_cli.render.{name}\n"
        "print(sorted({'rich', 'httpx', 'typer', 'asyncio'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
