"""The state of `outlogger watch`: files of version 0.1.0, other processes, unusable folders."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.alerts import state_file
from outlogger_cli.alerts.state import StateFolder
from tests.cli.commands.pages import FINE, fine
from tests.cli.commands.rounds import HOOK, OPENED, OUT, WELL, Site, events, write_watchlist
from tests.running import Finished, run_command
from tests.support import NOW


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def folder(home: Path) -> Path:
    return home / ".local" / "state" / "outlogger"


# Files as version 0.1.0 wrote them.

KNOWN = (
    '"fine https://status.fine.example 29b96a09":{"severity":"critical","problem":true,'
    '"turned":"2026-01-15T12:02:00+00:00","openings":["2026-01-15T12:02:00+00:00"],'
    '"flapping":false,"since":"2026-01-15T12:02:00+00:00","told":"critical","readable":true,'
    '"incidents":{"i1":"2026-01-15T11:12:00+00:00 0001 identified"},'
    '"maintenances":{"m1":"New disks"}}'
)
PENDING = (
    '{"schema_version":1,"event":"opened","vendor":"fine","name":"Fine Inc",'
    '"severity":"critical","previous_severity":"none","title":"Fine Inc: API major outage",'
    '"message":"Fine Inc stands at critical, before at none.\\nAPI major outage",'
    '"url":"https://status.fine.example","components":["API"],"incident":null,'
    '"at":"2026-01-15T12:02:00Z","duration_seconds":null,"drill":false}'
)
HELD = PENDING.replace('"title":"Fine Inc:', '"title":"Late:')
EMPTY_LOG = f'{{"format":1,"known":{{{KNOWN}}},"pending":[],"held":[]}}\n'
FULL_LOG = f'{{"format":1,"known":{{{KNOWN}}},"pending":[{PENDING}],"held":[{HELD}]}}\n'
WEB_MUTE = '{"slug":"fine","url":"https://status.fine.example","component":"Web","until":null},'
MUTES = (
    f'{{"format":1,"mutes":[{WEB_MUTE}{{"slug":"status.acme.example",'
    '"url":"https://status.acme.example","component":null,'
    '"until":"2026-01-15T14:00:00+00:00"}]}\n'
)

PAGE = {
    **fine(API="major_outage", Web="degraded_performance"),
    "incidents": [
        {
            "id": "i1",
            "name": "API is down",
            "status": "identified",
            "impact": "critical",
            "incident_updates": [
                {
                    "status": "identified",
                    "body": "Found it.",
                    "created_at": "2026-01-15T11:12:00Z",
                }
            ],
        }
    ],
    "scheduled_maintenances": [{"id": "m1", "name": "New disks", "status": "in_progress"}],
}
"""The page whose state the files above hold."""

ALL_KINDS = (
    "opened,worsened,eased,recovered,updated,maintenance_started,maintenance_ended,unreadable,"
    "readable"
)


def test_files_of_0_1_0_are_read_and_written_and_nothing_is_repeated(
    site: Site, tmp_path: Path, folder: Path
) -> None:
    listed = str(write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]'))
    folder.mkdir(parents=True)
    output_log = folder / "told-output.json"
    hook_log = folder / "told-2a5f4575f5fc4566.json"
    mutes = folder / "mutes.json"
    output_log.write_text(EMPTY_LOG)
    hook_log.write_text(FULL_LOG)
    mutes.write_text(MUTES)

    finished = site.once("--watchlist", listed, "--on", ALL_KINDS, page=PAGE, after=5)
    assert finished == Finished(code=0, out="", err="")
    assert site.titles == [OPENED, "Late: API major outage"]
    assert output_log.read_text() == hook_log.read_text()
    assert as_of_0_1_0(output_log) == json.loads(EMPTY_LOG)
    assert mutes.read_text() == MUTES

    recovered = site.once("--watchlist", listed, page=WELL, after=50)
    assert json.loads(recovered.out)["duration_seconds"] == 48 * 60
    assert mutes.read_text() == MUTES.replace(WEB_MUTE, "")


def as_of_0_1_0(log: Path) -> dict[str, Any]:
    """The content of `log` without the keys that version 0.1.0 did not know."""
    content: dict[str, Any] = json.loads(log.read_text())
    for row in content["known"].values():
        assert (row.pop("open"), row.pop("incident")["name"]) == (["i1"], "API is down")
    return content


def test_mutes_of_0_1_0_are_listed_and_changed(folder: Path, tmp_path: Path) -> None:
    listed = str(write_watchlist(tmp_path / "mine.toml"))
    folder.mkdir(parents=True)
    mutes = folder / "mutes.json"
    mutes.write_text(MUTES)
    assert run_command("mute", "--list", now=NOW + timedelta(minutes=5)).out == (
        "fine\tWeb\tuntil resolved\nstatus.acme.example\t\tuntil 2026-01-15T14:00:00Z\n"
    )
    run_command("unmute", "fine/Web", "--watchlist", listed)
    assert mutes.read_text() == MUTES.replace(WEB_MUTE, "")


# Other processes, and a folder that cannot be used.


def test_while_another_watch_holds_the_log_nothing_is_sent(
    site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "LOCK_TIMEOUT", 0)
    with StateFolder(folder).delivery_log("output"):
        finished = site.once(FINE, page=OUT)
    assert finished == Finished(
        code=0,
        out="",
        err=f"{folder / 'told-output.json'}: locked by another outlogger;"
        " the next round notifies of what changed\n",
    )
    assert events(site.once(FINE)) == ["opened"]


def test_with_an_unusable_state_folder_events_are_written_and_the_reason_is_reported(
    site: Site, home: Path
) -> None:
    (home / ".local").write_text("")
    finished = site.once(FINE, page=OUT)
    assert (finished.code, events(finished)) == (0, ["opened"])
    assert finished.err == (
        f"the state cannot be kept in {home}/.local/state/outlogger/told-output.json: Not a"
        " directory; events are sent all the same, and may be sent again\n"
    )


def test_a_mute_that_cannot_be_ended_is_reported(
    site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_command("mute", FINE)

    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("outlogger_cli.system.files.replace", full)
    finished = site.once(FINE, page=WELL)
    assert (finished.code, finished.out) == (0, "")
    assert finished.err.splitlines()[0] == (
        f"the state cannot be kept in {folder / 'mutes.json'}: No space left on device; the next"
        " round tries again to end a mute"
    )


@pytest.mark.parametrize("name", ["mutes.json", "told-output.json", "told-2a5f4575f5fc4566.json"])
def test_files_of_a_newer_version_end_the_watch(
    site: Site, tmp_path: Path, folder: Path, name: str
) -> None:
    listed = str(write_watchlist(tmp_path / "mine.toml", f'webhooks = ["{HOOK}"]'))
    folder.mkdir(parents=True)
    (folder / name).write_text('{"format":2}')
    finished = site.once("--watchlist", listed, page=OUT)
    assert (finished.code, site.messages) == (70, [])
    assert finished.err == (
        f"outlogger: {folder / name}: a newer outlogger wrote this; update this one\n"
    )
    assert (folder / name).read_text() == '{"format":2}'
