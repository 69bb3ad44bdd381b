"""What was told and what is muted, kept over restarts, crashes, damage and rivals."""

import copy
import json
import multiprocessing
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.alerts import delivery_log, state_file
from outlogger_cli.alerts.delivery_log import vendor_key
from outlogger_cli.alerts.events import VendorState
from outlogger_cli.alerts.mutes import Mute
from outlogger_cli.alerts.state import StateFolder
from outlogger_cli.alerts.state_file import BusyError
from outlogger_cli.domain.errors import LocalError
from outlogger_cli.domain.model import FailOn, Policy, Selection, Severity, Vendor
from outlogger_cli.system import files
from tests.reports import broken, component, healthy, judged, page, unreadable
from tests.support import NOW

VENDOR = Vendor(slug="acme", url="https://status.acme.example")
MUTE = Mute(slug="acme", url="https://status.acme.example")
SOON = NOW + timedelta(hours=2)
MESSAGE = {
    "event": "opened",
    "vendor": "acme",
    "name": "Acme",
    "severity": "major",
    "title": "Acme: API major outage",
    "message": "Acme stands at major.",
    "url": "https://status.acme.example",
    "at": "2026-01-15T12:00:00Z",
    "drill": False,
}
ACME = VendorState(
    severity=Severity.MAJOR,
    is_problem=True,
    changed_at=NOW,
    opened_at=(NOW - timedelta(minutes=3), NOW),
    flapping=True,
    problem_since=NOW - timedelta(minutes=3),
    notified=Severity.MINOR,
    readable=False,
    incidents={"i1": "2026-01-15T11:12:00+00:00 identified"},
    maintenances={"m1": "New disks"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there" / "yet"


@pytest.fixture
def kept(folder: Path) -> StateFolder:
    return StateFolder(folder)


# What an audience knows.


def test_a_new_ledger_knows_nothing(kept: StateFolder) -> None:
    with kept.delivery_log("output") as log:
        assert (log.vendors, log.queue, log.deferred) == ({}, [], [])
        assert log.state_of("acme") == VendorState()


def test_what_is_saved_is_there_for_the_next_process(kept: StateFolder, folder: Path) -> None:
    with kept.delivery_log("output") as log:
        log.update("acme", ACME)
        log.update("fine", VendorState(severity=Severity.NONE))
        log.queue.append(MESSAGE)
        log.deferred.append(MESSAGE)
        log.save()
    with StateFolder(folder).delivery_log("output") as log:
        assert log.vendors == {"acme": ACME, "fine": VendorState(severity=Severity.NONE)}
        assert log.queue == log.deferred == [MESSAGE]


def test_what_is_not_saved_is_not_kept(kept: StateFolder) -> None:
    with kept.delivery_log("output") as log:
        log.update("acme", ACME)
    with kept.delivery_log("output") as log:
        assert log.vendors == {}


def test_audiences_have_ledgers_of_their_own(kept: StateFolder) -> None:
    with kept.delivery_log("one") as log:
        log.update("acme", ACME)
        log.save()
    with kept.delivery_log("other") as log:
        assert log.vendors == {}


def test_only_the_owner_can_look_into_the_folder(kept: StateFolder, folder: Path) -> None:
    with kept.delivery_log("output") as log:
        log.save()
    assert sys.platform == "win32" or folder.stat().st_mode & 0o777 == 0o700


def test_an_unchanged_ledger_is_not_written_again(
    kept: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept.delivery_log("output") as log:
        log.update("acme", ACME)
        log.save()
        monkeypatch.setattr(files, "replace", _must_not_be_called)
        log.update("acme", ACME)
        log.save()


def _must_not_be_called(*_args: object, **_options: object) -> None:
    raise AssertionError("the file was written")


def test_those_of_whom_nothing_was_heard_for_longest_go_first(
    kept: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_log, "VENDOR_LIMIT", 2)
    monkeypatch.setattr(delivery_log, "QUEUE_LIMIT", 2)
    with kept.delivery_log("output") as log:
        for name in ("a", "b", "c", "a"):
            log.update(name, ACME)
            log.queue.append({**MESSAGE, "title": name})
            log.deferred.append({**MESSAGE, "title": name})
        log.save()
    with kept.delivery_log("output") as log:
        assert list(log.vendors) == ["c", "a"]
        for waiting in (log.queue, log.deferred):
            assert [one["title"] for one in waiting] == ["c", "a"]


# Damage.


def _good() -> dict[str, Any]:
    known = {
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
    return {
        "format": 1,
        "known": {"acme": known},
        "pending": [MESSAGE],
        "held": [MESSAGE],
    }


def _bent(*path: str | int, to: object) -> bytes:
    """A good file with another value at `path`."""
    content: Any = copy.deepcopy(_good())
    place = content
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = to
    return json.dumps(content).encode()


DAMAGED = {
    "empty": b"",
    "cut off": json.dumps(_good()).encode()[:-9],
    "no JSON": b"\x00\xff",
    "too deep": b"[" * 100_000,
    "a list": b"[]",
    "an older format": _bent("format", to=0),
    "a format that is none": _bent("format", to="2"),
    "no vendors": _bent("known", to=None),
    "a vendor that is none": _bent("known", "acme", to=[]),
    "a severity nobody knows": _bent("known", "acme", "severity", to="purple"),
    "a moment that is none": _bent("known", "acme", "turned", to="noon"),
    "a moment without zone": _bent("known", "acme", "turned", to="2026-01-15T12:00:00"),
    "a message without title": _bent("pending", 0, to={"event": "opened"}),
    "a message of numbers": _bent("held", 0, "title", to=5),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_ledger_is_a_new_one(kept: StateFolder, folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "told-output.json").write_bytes(data)
    with kept.delivery_log("output") as log:
        assert (log.vendors, log.queue, log.deferred) == ({}, [], [])
        log.update("acme", ACME)
        log.save()
    with kept.delivery_log("output") as log:
        assert log.vendors == {"acme": ACME}


def test_what_a_newer_program_wrote_is_left_to_it(kept: StateFolder, folder: Path) -> None:
    folder.mkdir(parents=True)
    ledger, mutes = folder / "told-output.json", folder / "mutes.json"
    for path in (ledger, mutes):
        path.write_bytes(_bent("format", to=2))
    said = "{}: a newer outlogger wrote this; update this one"
    with pytest.raises(LocalError) as caught, kept.delivery_log("output"):
        pass
    assert str(caught.value) == said.format(ledger)
    for use in (lambda: kept.mutes(NOW), lambda: kept.change_mutes(lambda old: old)):
        with pytest.raises(LocalError) as caught:
            use()
        assert str(caught.value) == said.format(mutes)
    assert ledger.read_bytes() == mutes.read_bytes() == _bent("format", to=2)


def test_the_undamaged_file_is_read(kept: StateFolder, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "told-output.json").write_text(json.dumps(_good()))
    with kept.delivery_log("output") as log:
        assert log.vendors == {
            "acme": VendorState(severity=Severity.MAJOR, is_problem=True, changed_at=NOW)
        }


def test_what_a_killed_process_left_behind_is_in_nobodys_way(
    kept: StateFolder, folder: Path
) -> None:
    folder.mkdir(parents=True)
    (folder / ".told-output.json.new").write_text("half a fi")
    with kept.delivery_log("output") as log:
        log.save()
    assert not (folder / ".told-output.json.new").exists()


# Rivals, and a machine that will not have it.


def test_a_ledger_that_another_holds_is_waited_for_and_then_given_up(
    kept: StateFolder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "LOCK_TIMEOUT", 0)
    other = StateFolder(folder)
    with (
        kept.delivery_log("output"),
        pytest.raises(BusyError) as caught,
        other.delivery_log("output"),
    ):
        pass
    assert str(caught.value) == (
        f"{folder / 'told-output.json'}: another outlogger is at work with it"
    )
    with other.delivery_log("output") as log:
        assert log.vendors == {}


def test_a_lock_ends_with_its_process(kept: StateFolder, folder: Path) -> None:
    spawned = multiprocessing.get_context("spawn")
    child = spawned.Process(target=_die_holding, args=(folder,))
    child.start()
    child.join(20)
    assert child.exitcode == 7
    with kept.delivery_log("output") as log:
        assert log.vendors == {"acme": ACME}


def _die_holding(folder: Path) -> None:
    import os

    with StateFolder(folder).delivery_log("output") as log:
        log.update("acme", ACME)
        log.save()
        os._exit(7)


def test_a_folder_that_cannot_be_used_is_this_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalError) as caught, StateFolder(tmp_path / "file").delivery_log("output"):
        pass
    path = tmp_path / "file" / "told-output.json"
    assert str(caught.value) == f"the state cannot be kept in {path}: File exists"


def test_a_full_disk_is_told_and_leaves_the_old_file(
    kept: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept.delivery_log("output") as log:
        log.update("acme", ACME)
        log.save()

    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "replace", full)
    with kept.delivery_log("output") as log:
        log.update("fine", ACME)
        with pytest.raises(LocalError, match="No space left on device"):
            log.save()
    with kept.delivery_log("output") as log:
        assert list(log.vendors) == ["acme"]


# What a vendor is known by.


def test_another_question_about_a_vendor_is_another_key() -> None:
    asked = [
        VENDOR,
        replace(VENDOR, slug="other"),
        replace(VENDOR, url="https://elsewhere.example"),
        replace(VENDOR, selection=Selection(include=("API",))),
        replace(VENDOR, selection=Selection(exclude=("API",))),
        replace(VENDOR, policy=Policy(fail_on=FailOn.MAJOR)),
    ]
    assert len({vendor_key(vendor) for vendor in asked}) == len(asked)
    assert vendor_key(VENDOR) == vendor_key(replace(VENDOR, name="Acme", tags=("ci",)))
    assert vendor_key(VENDOR).startswith("acme https://status.acme.example ")


# Mutes.


def test_mutes_are_kept_in_their_order_until_they_are_over(kept: StateFolder, folder: Path) -> None:
    api = replace(MUTE, component="API", until=SOON)
    assert kept.mutes(NOW) == ()
    kept.change_mutes(lambda mutes: [*mutes, MUTE])
    kept.change_mutes(lambda mutes: [*mutes, api])
    again = StateFolder(folder)
    assert again.mutes(NOW) == (MUTE, api)
    assert again.mutes(SOON) == (MUTE,)
    again.change_mutes(lambda _mutes: ())
    assert kept.mutes(NOW) == ()


@pytest.mark.parametrize("data", [b"", b"{}", b'{"format":1,"mutes":[{"slug":"acme"}]}'])
def test_damaged_mutes_mute_nothing(kept: StateFolder, folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "mutes.json").write_bytes(data)
    assert kept.mutes(NOW) == ()


def test_a_mute_is_called_as_it_was_asked_for() -> None:
    assert MUTE.name == "acme"
    assert replace(MUTE, component="Europe/API").name == "acme/Europe/API"


@pytest.mark.parametrize(
    ("mute", "concerned"),
    [
        (MUTE, True),
        (replace(MUTE, slug="status.acme.example"), True),
        (replace(MUTE, slug="other"), False),
        (replace(MUTE, url="https://elsewhere.example"), False),
    ],
)
def test_a_mute_concerns_one_vendor(mute: Mute, concerned: bool) -> None:
    assert mute.applies_to(VENDOR) is concerned


UNTIL_RESOLVED: dict[str, tuple[Mute, Callable[[], Any], bool]] = {
    "well": (MUTE, healthy, True),
    "a problem": (MUTE, broken, False),
    "unreadable": (MUTE, lambda: unreadable(last=healthy()), False),
    "for a time": (replace(MUTE, until=SOON), healthy, False),
    "component well": (replace(MUTE, component="Dashboard"), broken, True),
    "component out": (replace(MUTE, component="build"), broken, False),
    "component gone": (replace(MUTE, component="Mail"), healthy, False),
    "component a stranger": (
        replace(MUTE, component="API"),
        lambda: judged(page(component("API", "on_fire"))),
        False,
    ),
}


@pytest.mark.parametrize(
    ("mute", "reading", "resolved"), UNTIL_RESOLVED.values(), ids=UNTIL_RESOLVED
)
def test_only_what_was_read_and_is_well_resolves_a_mute(
    mute: Mute, reading: Callable[[], Any], resolved: bool
) -> None:
    assert mute.is_resolved(reading()) is resolved
