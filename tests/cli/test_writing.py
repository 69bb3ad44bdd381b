"""Writing the answer to a file: whole or not at all."""

import errno
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from outlogger_cli.cli.writing import check_file as check
from outlogger_cli.cli.writing import write_file as write
from outlogger_cli.domain.errors import LocalError, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_holds_the_text_and_nothing_is_left_beside_it(folder: Path) -> None:
    write(folder / "report.json", "✓ one\ntwo\r\n")
    assert (folder / "report.json").read_bytes() == "✓ one\ntwo\r\n".encode()
    assert names(folder) == ["report.json"]


@pytest.mark.parametrize(("umask", "expected"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_mode_of_any_other(folder: Path, umask: int, expected: int) -> None:
    before = os.umask(umask)
    try:
        write(folder / "report", "x")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert mode(folder / "report") == expected


@pytest.mark.parametrize("bits", [0o600, 0o640, 0o755])
def test_a_file_that_stood_there_keeps_its_mode(folder: Path, bits: int) -> None:
    path = folder / "report"
    path.write_text("a much longer answer of yesterday")
    path.chmod(bits)
    write(path, "new")
    assert (path.read_text(), mode(path)) == ("new", bits)


def test_a_link_stays_a_link(folder: Path) -> None:
    real, link = folder / "real", folder / "link"
    real.write_text("old")
    link.symlink_to("real")
    write(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert names(folder) == ["link", "real"]


def test_a_link_to_what_is_not_there_makes_it(folder: Path) -> None:
    (folder / "link").symlink_to("real")
    write(folder / "link", "new")
    assert (folder / "link").is_symlink()
    assert (folder / "real").read_text() == "new"


def test_a_relative_name_is_below_the_current_folder(home: Path) -> None:
    check(Path("report"))
    write(Path("report"), "x")
    assert (home / "report").read_text() == "x"


@pytest.mark.parametrize("name", ["x" * 255, "報" * 85])
def test_a_name_as_long_as_names_can_be_is_written(folder: Path, name: str) -> None:
    path = folder / name
    write(path, "x")
    assert path.read_text() == "x"


def test_what_is_no_file_is_written_to_as_it_is(folder: Path) -> None:
    """A pipe stands for devices too: no test may put one of the system's at risk."""
    pipe, arrived = folder / "pipe", []
    os.mkfifo(pipe)
    check(pipe)
    reader = threading.Thread(target=lambda: arrived.append(pipe.read_text()), daemon=True)
    reader.start()
    write(pipe, "x")
    reader.join(20)
    assert arrived == ["x"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file can hold more than four thousand bytes."""
    resource = pytest.importorskip("resource", reason="Windows limits no file")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_disk")
def test_what_does_not_fit_leaves_the_old_file_unharmed(folder: Path) -> None:
    path = folder / "report"
    path.write_text("old")
    with pytest.raises(LocalError) as caught:
        write(path, "new" * 10_000)
    assert str(caught.value) == f"--output: {path} cannot be written: File too large"
    assert path.read_text() == "old"
    assert names(folder) == ["report"]


@pytest.mark.parametrize(
    "error", [OSError(errno.EROFS, "Read-only file system"), KeyboardInterrupt()]
)
def test_what_stops_the_last_step_leaves_nothing_beside(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def refuse(*_: object) -> Path:
        raise error

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises((LocalError, KeyboardInterrupt)):
        write(folder / "report", "new")
    assert names(folder) == []


def test_a_text_no_file_can_hold_leaves_nothing_beside(folder: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write(folder / "report", "\ud83d")
    assert names(folder) == []


def test_a_device_that_is_full_is_the_machines_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    os.mkfifo(folder / "pipe")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(LocalError) as caught:
        write(folder / "pipe", "x")
    assert str(caught.value) == (
        f"--output: {folder / 'pipe'} cannot be written: No space left on device"
    )


def test_a_folder_that_went_away_is_the_machines_fault(folder: Path) -> None:
    path = folder / "gone" / "report"
    with pytest.raises(LocalError) as caught:
        write(path, "x")
    assert str(caught.value) == f"--output: {path} cannot be written: No such file or directory"


def test_a_place_nothing_can_be_written_to_is_refused_before_anything_is_read(
    folder: Path,
) -> None:
    (folder / "file").write_text("x")
    for path, why in [
        (folder, f"{folder} is a folder"),
        (folder / "no" / "report", f"no such folder: {folder / 'no'}"),
        (folder / "file" / "report", f"no such folder: {folder / 'file'}"),
        (folder / ("x" * 300), f"{folder / ('x' * 300)}: File name too long"),
    ]:
        with pytest.raises(UsageError) as caught:
            check(path)
        assert str(caught.value) == f"--output: {why}"
    assert names(folder) == ["file"]


def test_a_good_place_is_left_as_it_is(folder: Path) -> None:
    (folder / "file").write_text("x")
    check(folder / "file")
    check(folder / "new")
    assert names(folder) == ["file"]
