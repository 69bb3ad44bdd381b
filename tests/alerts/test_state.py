"""The state folder: what restarts, crashes, damaged files and other processes do to it."""

import copy
import json
import multiprocessing
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.alerts import delivery_log, state_file
from outlogger_cli.alerts.delivery_log import DeliveryLog, Waiting, vendor_key
from outlogger_cli.alerts.events import VendorState
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.alerts.state_file import BusyError
from outlogger_cli.domain.errors import LocalError
from outlogger_cli.domain.model import (
    FailOn,
    Impact,
    Incident,
    IncidentStatus,
    Policy,
    Selection,
    Severity,
    Update,
    Vendor,
)
from outlogger_cli.system import files
from tests.alerts.events import MESSAGE
from tests.support import NOW

IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0
VENDOR = Vendor(slug="acme", url="https://status.acme.example")
MUTE = Mute(slug="acme", url="https://status.acme.example")
LATER = NOW + timedelta(hours=2)
ACME = VendorState(
    severity=Severity.MAJOR,
    is_problem=True,
    changed_at=NOW,
    opened_at=(NOW - timedelta(minutes=3), NOW),
    flapping=True,
    problem_since=NOW - timedelta(minutes=3),
    notified=Severity.MINOR,
    readable=False,
    emptied=True,
    unread_rounds=2,
    open_incidents=("i1", "i2"),
    opened_notified=False,
    reminded_at=NOW,
    incident=Incident(
        id="i1",
        name="Slow",
        status=IncidentStatus.MONITORING,
        raw_status="watching",
        impact=Impact.MAJOR,
        started_at=NOW - timedelta(hours=1),
        resolved_at=NOW,
        url="https://stspg.io/i1",
        updates=(Update(status=IncidentStatus.MONITORING, body="Fixed.", created_at=NOW),),
    ),
    incidents={"i1": "2026-01-15T11:12:00+00:00 identified"},
    maintenances={"m1": "New disks"},
)
FINE = VendorState(severity=Severity.NONE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there" / "yet"


@pytest.fixture
def state(folder: Path) -> StateFolder:
    return StateFolder(folder)


@pytest.fixture
def log_file(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder / "told-output.json"


def save(state: StateFolder, **vendors: VendorState) -> None:
    with state.delivery_log("output") as log:
        for key, vendor in vendors.items():
            log.update(key, vendor)
        log.save()


def load(state: StateFolder, subscriber: str = "output") -> DeliveryLog:
    with state.delivery_log(subscriber) as log:
        return log


def assert_empty(log: DeliveryLog) -> None:
    assert (log.vendors, log.queue, log.deferred) == ({}, [], [])
    assert log.state_of("acme") == VendorState()


# A delivery log.


def test_a_new_log_is_empty(state: StateFolder) -> None:
    assert_empty(load(state))


def test_what_is_saved_is_read_by_the_next_process(state: StateFolder, folder: Path) -> None:
    with state.delivery_log("output") as log:
        log.update("acme", ACME)
        log.update("fine", FINE)
        log.queue += [Waiting(message=MESSAGE), Waiting(message=MESSAGE, refusals=2)]
        log.deferred.append(MESSAGE)
        log.save()
    again = load(StateFolder(folder))
    assert again.vendors == {"acme": ACME, "fine": FINE}
    assert again.queue == [Waiting(message=MESSAGE), Waiting(message=MESSAGE, refusals=2)]
    assert again.deferred == [MESSAGE]


def test_what_is_not_saved_is_lost(state: StateFolder) -> None:
    with state.delivery_log("output") as log:
        log.update("acme", ACME)
    assert_empty(load(state))


def test_each_subscriber_has_a_log(state: StateFolder) -> None:
    save(state, acme=ACME)
    assert_empty(load(state, "other"))


def test_only_its_owner_may_read_the_folder(state: StateFolder, folder: Path) -> None:
    save(state)
    assert sys.platform == "win32" or folder.stat().st_mode & 0o777 == 0o700


def test_an_unchanged_log_is_not_written_again(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_file(*_args: object, **_options: object) -> None:
        raise AssertionError("the file was written")

    save(state, acme=ACME)
    monkeypatch.setattr(files, "replace", replace_file)
    save(state, acme=ACME)


def test_beyond_the_limit_the_oldest_vendors_are_dropped(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_log, "VENDOR_LIMIT", 2)
    with state.delivery_log("output") as log:
        for name in ("a", "b", "c", "a"):
            log.update(name, ACME)
        log.save()
    assert list(load(state).vendors) == ["c", "a"]


def test_another_selection_or_threshold_is_another_key() -> None:
    vendors = [
        VENDOR,
        replace(VENDOR, slug="other"),
        replace(VENDOR, url="https://elsewhere.example"),
        replace(VENDOR, selection=Selection(include=("API",))),
        replace(VENDOR, selection=Selection(exclude=("API",))),
        replace(VENDOR, policy=Policy(fail_on=FailOn.MAJOR)),
    ]
    assert len({vendor_key(vendor) for vendor in vendors}) == len(vendors)
    assert vendor_key(VENDOR) == vendor_key(replace(VENDOR, name="Acme", tags=("ci",)))
    assert vendor_key(VENDOR).startswith("acme https://status.acme.example ")


# Damaged files.

GOOD: dict[str, Any] = {
    "format": 1,
    "known": {
        "acme": {
            "severity": "major",
            "problem": True,
            "turned": "2026-01-15T12:00:00+00:00",
            "openings": [],
            "flapping": False,
            "since": None,
            "told": None,
            "readable": True,
            "incidents": {},
            "maintenances": {},
        }
    },
    "pending": [MESSAGE],
    "held": [MESSAGE],
}


def changed(*path: str | int, to: object) -> bytes:
    """The good file with another value at `path`."""
    content: Any = copy.deepcopy(GOOD)
    parent = content
    for name in path[:-1]:
        parent = parent[name]
    parent[path[-1]] = to
    return json.dumps(content).encode()


DAMAGED = {
    "empty": b"",
    "cut off": json.dumps(GOOD).encode()[:-9],
    "not JSON": b"\x00\xff",
    "nested too deeply": b"[" * 100_000,
    "a list": b"[]",
    "an older format": changed("format", to=0),
    "an invalid format": changed("format", to="2"),
    "an infinite format": json.dumps(GOOD).replace('"format": 1', '"format": 1e400').encode(),
    "no vendors": changed("known", to=None),
    "an invalid vendor": changed("known", "acme", to=[]),
    "an unknown severity": changed("known", "acme", "severity", to="purple"),
    "an invalid time": changed("known", "acme", "turned", to="noon"),
    "a time without zone": changed("known", "acme", "turned", to="2026-01-15T12:00:00"),
    "a time out of range": changed("pending", 0, "at", to="0001-01-01T00:00:00+23:59"),
    "an unknown incident": changed("known", "acme", "incident", to={"id": "i1"}),
    "a message without time": changed("pending", 0, "at", to=""),
    "a summary of nothing": changed("pending", 0, "events", to=[{}]),
    "a message without title": changed("pending", 0, to={"event": "opened"}),
    "a message with a number": changed("held", 0, "title", to=5),
    "a message with an infinite number": changed("held", 0, "schema_version", to=float("inf")),
    "a message that is not Unicode": changed("held", 0, "title", to="\ud800"),
    "infinitely many rounds": changed("known", "acme", "unread", to=float("inf")),
}


def test_the_good_file_is_read(state: StateFolder, log_file: Path) -> None:
    log_file.write_text(json.dumps(GOOD))
    assert load(state).vendors == {
        "acme": VendorState(severity=Severity.MAJOR, is_problem=True, changed_at=NOW)
    }


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_log_counts_as_empty(state: StateFolder, log_file: Path, data: bytes) -> None:
    log_file.write_bytes(data)
    assert_empty(load(state))
    save(state, acme=ACME)
    assert load(state).vendors == {"acme": ACME}


@pytest.mark.parametrize("data", [b"", b"{}", b'{"format":1,"mutes":[{"slug":"acme"}]}'])
def test_damaged_mutes_count_as_none(state: StateFolder, log_file: Path, data: bytes) -> None:
    log_file.with_name("mutes.json").write_bytes(data)
    assert state.mutes(NOW) == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(state: StateFolder, log_file: Path) -> None:
    for path in (log_file, log_file.with_name("mutes.json"), log_file.with_name("unjudged.json")):
        path.unlink(missing_ok=True)
        os.mkfifo(path)
    assert_empty(load(state))
    assert state.mutes(NOW) == ()
    with pytest.raises(LocalError, match="no longer a regular file"), state.unjudged() as said:
        assert said == {}


def test_files_of_a_newer_version_are_left_alone(state: StateFolder, log_file: Path) -> None:
    newer = changed("format", to=2)
    mute_file = log_file.with_name("mutes.json")
    for path in (log_file, mute_file):
        path.write_bytes(newer)
    uses: list[tuple[Path, Callable[[], object]]] = [
        (log_file, lambda: load(state)),
        (log_file, lambda: state.unlocked_log("output")),
        (mute_file, lambda: state.mutes(NOW)),
        (mute_file, lambda: state.change_mutes(lambda old: old)),
    ]
    for path, use in uses:
        with pytest.raises(LocalError) as caught:
            use()
        assert str(caught.value) == f"{path}: a newer outlogger wrote this; update this one"
        assert path.read_bytes() == newer


def test_the_temporary_file_of_a_killed_process_is_removed(
    state: StateFolder, log_file: Path
) -> None:
    temporary = log_file.with_name(".told-output.json.new")
    temporary.write_text("half a fi")
    save(state)
    assert not temporary.exists()


# Other processes, and a disk that cannot be written.


def test_a_log_that_another_process_holds_is_busy(
    state: StateFolder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "LOCK_TIMEOUT", 0)
    other = StateFolder(folder)
    with state.delivery_log("output"), pytest.raises(BusyError) as caught:
        load(other)
    assert str(caught.value) == (f"{folder / 'told-output.json'}: locked by another outlogger")
    assert_empty(load(other))


def test_a_lock_ends_with_its_process(state: StateFolder, folder: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=_exit_while_locked, args=(folder,))
    child.start()
    child.join(20)
    assert child.exitcode == 7
    assert load(state).vendors == {"acme": ACME}


def _exit_while_locked(folder: Path) -> None:
    with StateFolder(folder).delivery_log("output") as log:
        log.update("acme", ACME)
        log.save()
        os._exit(7)


def test_an_unusable_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalError) as caught:
        load(StateFolder(tmp_path / "file"))
    path = tmp_path / "file" / "told-output.json"
    assert str(caught.value) == f"the state cannot be kept in {path}: File exists"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows has other owners")
def test_a_state_of_another_user_is_neither_used_nor_changed(
    state: StateFolder, log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(state, acme=ACME)
    state.change_mutes(lambda _old: [MUTE])
    assert state.foreign == []
    folder = log_file.parent
    before = {path: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    why = f"the state cannot be kept in {log_file}: another user owns it"
    assert state.mutes(NOW) == ()
    for use in (lambda: load(state), lambda: state.change_mutes(lambda _old: [])):
        with pytest.raises(LocalError, match="another user owns it"):
            use()
    with pytest.raises(LocalError) as caught:
        load(state)
    assert str(caught.value) == why
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_cannot_be_looked_into_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.symlink_to("x" * 300)
    state = StateFolder(folder)
    assert state.mutes(NOW) == ()
    assert state.foreign == [folder]
    with pytest.raises(LocalError, match="the state cannot be kept in"):
        load(state)


def test_a_lock_that_cannot_be_released_is_no_error(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_lock: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("filelock.FileLock.release", fail)
    save(state, acme=ACME)
    monkeypatch.undo()
    assert load(state).vendors == {"acme": ACME}


@pytest.mark.skipif(not IS_ROOT, reason="only root gives files away")
def test_only_the_file_of_another_user_is_not_used(state: StateFolder, log_file: Path) -> None:
    save(state, acme=ACME)
    state.change_mutes(lambda _old: [MUTE])
    os.chown(log_file, 12345, -1)
    assert state.foreign == [log_file]
    assert state.mutes(NOW) == (MUTE,)
    with pytest.raises(LocalError, match="another user owns it"):
        load(state)
    os.chown(log_file.parent, 12345, -1)
    assert state.foreign == [log_file.parent]
    assert state.mutes(NOW) == ()


def test_a_full_disk_is_an_error_and_leaves_the_old_file(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    save(state, acme=ACME)
    monkeypatch.setattr(files, "replace", full)
    with pytest.raises(LocalError, match="No space left on device"):
        save(state, fine=FINE)
    assert load(state).vendors == {"acme": ACME}


# Mutes.


def test_mutes_are_kept_in_their_order_until_they_expire(state: StateFolder, folder: Path) -> None:
    api = replace(MUTE, component="API", until=LATER)
    assert state.mutes(NOW) == ()
    state.change_mutes(lambda mutes: [*mutes, MUTE])
    state.change_mutes(lambda mutes: [*mutes, api])
    again = StateFolder(folder)
    assert again.mutes(NOW) == (MUTE, api)
    assert again.mutes(LATER) == (MUTE,)
    again.change_mutes(lambda _mutes: ())
    assert state.mutes(NOW) == ()
