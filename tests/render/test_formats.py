"""The table of formats: each format does what its entry says."""

import subprocess
import sys

import pytest

from outlogger_cli.domain.model import Depth
from outlogger_cli.domain.report import Report
from outlogger_cli.render import FORMATS, HISTORICAL, View, github, nagios, render
from tests.reports import (
    PAST,
    VIEW,
    broken,
    healthy,
    hostile,
    in_maintenance,
    narrowed,
    report,
    skipped,
    stale,
    strange,
    unreadable,
    watching,
)

COMMANDS = ("check", "wait", "status", "incidents")
KINDS = {
    "healthy": report(healthy()),
    "broken": report(broken()),
    "with a past": report(broken(history=PAST)),
    "strange": report(strange()),
    "in maintenance": report(in_maintenance()),
    "watching": report(watching()),
    "narrowed": report(narrowed()),
    "unreadable": report(unreadable()),
    "stale": report(stale()),
    "hostile": report(hostile()),
    "several": report(healthy("beta"), broken(history=PAST), stale("gone")),
    "drill": report(broken(), drill="a bad day"),
}
STATUS = [name for name, format in FORMATS.items() if not format.verdicts_only]


def shown(name: str, command: str, *, history: bool, several: bool = False) -> str:
    """A broken vendor, with or without its past, alone or with a healthy one."""
    vendors = [broken(history=PAST if history else None), *([healthy("beta")] if several else [])]
    return render(report(*vendors, command=command), name, VIEW)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_whole_lines_for_every_report(name: str, command: str) -> None:
    for kind in KINDS.values():
        run = report(*kind.vendors, command=command, drill=kind.drill)
        text = render(run, name, VIEW)
        assert text.endswith("\n") or (FORMATS[name].records_only and text == "")
        assert render(run, FORMATS[name], VIEW) == text


SKIPPED = {
    "table": "skipped: no page was read, the verdict is unknown\n",
    "plain": "",
    "ndjson": "",
    "csv": "slug,severity,verdict,problems,open_incidents,url\r\n",
    "markdown": "Skipped: no page was read, the verdict is unknown.\n",
    "github": "outlogger: skipped\n",
    "nagios": "OUTLOGGER OK - skipped | problems=0;;;0 unknown=0;;;0\n",
    "line": "skipped\n",
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_skipped_run_is_named_or_has_no_record(name: str) -> None:
    text = render(skipped(), name, VIEW)
    assert text == SKIPPED.get(name, text)
    assert text.endswith("\n") or name in SKIPPED


@pytest.mark.parametrize("name", FORMATS)
def test_only_a_format_with_a_past_shows_one(name: str) -> None:
    past = shown(name, "incidents", history=True) != shown(name, "incidents", history=False)
    assert past is FORMATS[name].past is (name in HISTORICAL)


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("name", STATUS)
def test_status_reads_the_history_for_every_format_that_shows_it(name: str, several: bool) -> None:
    if FORMATS[name].status_depth(1 + several) is not Depth.HISTORY:
        without, whole = (shown(name, "status", history=h, several=several) for h in (False, True))
        assert without == whole


def test_a_table_of_several_vendors_needs_what_is_open_now() -> None:
    assert FORMATS["table"].status_depth(2) is Depth.NOW


@pytest.mark.parametrize("name", [n for n, format in FORMATS.items() if format.records_only])
@pytest.mark.parametrize("command", COMMANDS)
def test_records_have_no_room_for_the_reason_of_a_failure(name: str, command: str) -> None:
    run = report(unreadable(message="the page is gone"), command=command)
    assert "the page is gone" not in render(run, name, VIEW)


@pytest.mark.parametrize("run", KINDS.values(), ids=KINDS)
def test_what_is_for_a_terminal_names_every_reason_for_a_problem(run: Report) -> None:
    (name,) = (name for name, format in FORMATS.items() if format.for_terminal)
    text = " ".join(render(run, name, View(now=VIEW.now, width=110)).split())
    assert not [
        one.vendor.slug for one in run.vendors if one.error and one.error.message not in text
    ]


@pytest.mark.parametrize("name", [n for n, format in FORMATS.items() if format.streams])
def test_a_stream_is_the_same_if_each_vendor_is_written_alone(name: str) -> None:
    vendors = [healthy("beta"), broken(), stale("gone")]
    alone = [render(report(one), name, VIEW) for one in vendors]
    assert "".join(alone) == render(report(*vendors), name, VIEW)


def test_only_nagios_has_exit_codes_of_its_own() -> None:
    ((name, exit_code),) = ((f.name, f.exit_code) for f in FORMATS.values() if f.exit_code)
    assert (name, exit_code(report(broken()))) == ("nagios", nagios.State.CRITICAL)


def test_nagios_and_github_have_errors_of_their_own() -> None:
    made = {f.name: f.on_error("no 100%", 2) for f in FORMATS.values() if f.on_error}
    assert made == {
        "github": ("::error::outlogger: no 100%25\n", 2),
        "nagios": ("OUTLOGGER UNKNOWN - no 100%\n", 3),
    }


def test_only_github_appends_to_files_that_variables_name() -> None:
    assert [name for name, format in FORMATS.items() if format.appends] == ["github"]
    run = report(broken())
    texts = {variable: text(run, VIEW) for variable, text in FORMATS["github"].appends}
    assert texts == {
        "GITHUB_STEP_SUMMARY": github.summary(run, VIEW),
        "GITHUB_OUTPUT": github.outputs(run),
    }


def test_the_table_is_known_before_any_format_is_imported() -> None:
    program = (
        "import sys, outlogger_cli.render\n"
        "print([m for m in sys.modules if m.startswith(('outlogger_cli.render.', 'rich'))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
