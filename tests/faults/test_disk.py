"""Full disks, closed folders and damaged files: the verdict stays, and messages name the rest.

Tests of permissions run without root's capability to ignore them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import which

import pytest

from tests.cli.commands.pages import FINE, HEALTHY, fine
from tests.cli.commands.rounds import OUT, WELL, web
from tests.origin import Origin, Reply
from tests.running import Finished, finish, run_command, spawn, trusting
from tests.support import NOW

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other disks")

OUTLOGGER = (sys.executable, "-m", "outlogger_cli")
IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0
BOUND = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if IS_ROOT else ()
"""A prefix for commands that shall respect the modes of files, as root does not."""

respected = pytest.mark.skipif(
    IS_ROOT and which("setpriv") is None,
    reason="root ignores permissions, and setpriv is not installed",
)


@contextmanager
def page(*, out: bool = False) -> Iterator[str]:
    """Serve a page: healthy, or with its API out; yields its address."""
    body = fine(API="major_outage") if out else HEALTHY
    with Origin(routes={"/api/v2/summary.json": Reply(body=body)}) as origin:
        yield origin.url


def run(*argv: str, bound: bool = False, **options: str) -> Finished:
    """Run the command as a process, `bound` by the modes of files; `options` is its environment."""
    command = (*BOUND, *OUTLOGGER) if bound else OUTLOGGER
    with spawn(*argv, command=command, env=options) as process:
        return finish(process)


# Disks on which nothing can be stored.


@dataclass(frozen=True)
class Disk:
    """A folder that accepts no more bytes from the programs that `command` starts.

    It has the system's message for that.
    """

    folder: Path
    command: tuple[str, ...]
    why: str

    def run(self, *argv: str) -> Finished:
        home = {"HOME": str(self.folder), "TMPDIR": str(self.folder)}
        with spawn(*argv, command=self.command, env=home) as process:
            return finish(process)

    def files(self) -> dict[str, bytes]:
        """The files in the folder, except the cache and locks, which are empty."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        found = (path for path in found if self.folder / ".cache" not in path.parents)
        return {path.name: data for path in found if (data := path.read_bytes())}


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """Mount a disk of 64 KiB at `folder` during the block."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "small", str(folder)],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        pytest.skip("only root mounts a disk, and not everywhere")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(params=["full", "read-only", "limited"])
def disk(request: pytest.FixtureRequest, home: Path) -> Iterator[Disk]:
    """A full disk with a watchlist and a report on it."""
    folder = home / "disk"
    folder.mkdir()
    if request.param == "limited":  # available everywhere, without mounting
        (folder / "list.toml").write_bytes(LISTED)
        (folder / "report").write_bytes(b"old")
        limited = ("sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *OUTLOGGER)
        yield Disk(folder, limited, "File too large")
        return
    with mounted(folder):
        (folder / "list.toml").write_bytes(LISTED)
        (folder / "report").write_bytes(b"old")
        if request.param == "full":
            with suppress(OSError), (folder / "everything").open("wb", buffering=0) as file:
                file.write(bytes(1 << 16))
            yield Disk(folder, OUTLOGGER, "No space left on device")
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            yield Disk(folder, OUTLOGGER, "Read-only file system")


LISTED = b"version = 1  # ours\n"
SENT = "events are sent all the same, and may be sent again"


def test_a_full_disk_does_not_change_the_verdict(disk: Disk) -> None:
    before = disk.files()
    with page(out=True) as url:
        checked = disk.run("check", url, *trusting())
        shown = disk.run("status", url, "--exit-code", *trusting())
    assert checked == Finished(
        code=1,
        out=f"127.0.0.1\tcritical\tproblem\tAPI\t0\t{url}\n",
        err=f"127.0.0.1: critical: API major outage, {url}\n",
    )
    assert shown == Finished(
        code=1,
        out="127.0.0.1\t\tAPI\tmajor_outage\tcritical\n127.0.0.1\t\tWeb\toperational\tnone\n",
        err="",
    )
    assert disk.files() == before


def test_a_report_that_cannot_be_written_leaves_the_old_file(disk: Disk) -> None:
    before, report = disk.files(), disk.folder / "report"
    with page() as url:
        finished = disk.run("check", url, *trusting(), "--json", "-o", str(report))
    assert finished == Finished(
        code=70, out="", err=f"outlogger: --output: {report} cannot be written: {disk.why}\n"
    )
    assert disk.files() == before


def test_a_watchlist_that_cannot_be_written_is_unchanged(disk: Disk) -> None:
    before, listed = disk.files(), disk.folder / "list.toml"
    with page() as url:
        added = disk.run("watchlist", "add", url, *trusting(), "--watchlist", str(listed))
    assert added == Finished(
        code=70, out="", err=f"outlogger: {listed}: cannot be written: {disk.why}\n"
    )
    assert disk.files() == before


def test_a_mute_that_cannot_be_kept_is_an_error(disk: Disk) -> None:
    before = disk.files()
    finished = disk.run("mute", FINE)
    path = disk.folder / ".local" / "state" / "outlogger" / "mutes.json"
    assert finished == Finished(
        code=70, out="", err=f"outlogger: the state cannot be kept in {path}: {disk.why}\n"
    )
    assert disk.files() == before


def test_a_watch_that_cannot_keep_its_state_says_so_and_notifies(disk: Disk) -> None:
    before = disk.files()
    with page(out=True) as url:
        finished = disk.run("watch", "--once", url, *trusting())
    path = disk.folder / ".local" / "state" / "outlogger" / "told-output.json"
    assert (finished.code, json.loads(finished.out)["event"]) == (0, "opened")
    assert finished.err == f"the state cannot be kept in {path}: {disk.why}; {SENT}\n"
    assert disk.files() == before


# Folders without permission.


@pytest.fixture
def closed(home: Path) -> Iterator[Path]:
    """A folder without permissions for its owner."""
    folder = home / "closed"
    (folder / ".config" / "outlogger").mkdir(parents=True)
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


@respected
@pytest.mark.parametrize(
    ("command", "code", "record"),
    [("check", 1, "critical\tproblem"), ("status", 0, "\tAPI\tmajor_outage\tcritical")],
)
def test_a_page_is_read_with_an_inaccessible_home(
    closed: Path, command: str, code: int, record: str
) -> None:
    with page(out=True) as url:
        finished = run(command, url, *trusting(), bound=True, HOME=str(closed))
    assert finished.code == code
    assert record in finished.out
    assert "cannot" not in finished.err


@respected
def test_a_command_that_needs_an_inaccessible_home_reports_it(closed: Path) -> None:
    named = closed / ".config" / "outlogger" / "watchlist.toml"
    told = closed / ".local" / "state" / "outlogger" / "told-output.json"
    with page() as url:
        added = run("watchlist", "add", url, *trusting(), bound=True, HOME=str(closed))
        watched = run("watch", "--once", url, *trusting(), bound=True, HOME=str(closed))
    assert added == Finished(
        code=70, out="", err=f"outlogger: {named}: cannot be written: Permission denied\n"
    )
    assert watched == Finished(
        code=0,
        out="",
        err=f"the state cannot be kept in {told}: Permission denied; {SENT}\n",
    )
    listed = run("check", bound=True, HOME=str(closed))
    assert (listed.code, listed.err.partition(":")[0]) == (2, "outlogger")
    assert "no vendor to read" in listed.err


@respected
def test_a_page_is_read_from_an_inaccessible_folder(home: Path) -> None:
    inside = home / "closed" / "inside"
    inside.mkdir(parents=True)
    script = 'cd "$0"; chmod 0 ..; "$@"; code=$?; chmod 700 "$0/.."; exit $code'
    shell = (*BOUND, "sh", "-c", script, str(inside), *OUTLOGGER)
    with page() as url, spawn("check", url, *trusting(), command=shell) as process:
        assert finish(process).code == 0


@respected
@pytest.mark.skipif(not IS_ROOT, reason="only root can give a file to another group")
def test_a_list_of_a_group_the_user_is_not_in_can_be_changed(home: Path) -> None:
    listed = home / "outlogger.toml"
    listed.touch()
    os.chown(listed, -1, 12345)
    listed.chmod(0o660)
    argv = ("watchlist", "add", "github", "--no-check", "--watchlist", str(listed))
    with spawn(*argv, command=("setpriv", "--bounding-set", "-chown", *OUTLOGGER)) as process:
        assert finish(process).code == 0
    assert listed.read_text() == "[vendors.github]\n"
    assert (listed.stat().st_gid, listed.stat().st_mode & 0o777) == (os.getgid(), 0o600)


@respected
def test_a_lock_that_may_not_be_opened_is_named(home: Path) -> None:
    lock = home / ".outlogger.toml.lock"
    lock.touch(0)
    listed = home / "outlogger.toml"
    argv = ("watchlist", "add", "github", "--no-check", "--watchlist", str(listed))
    assert run(*argv, bound=True) == Finished(
        code=70,
        out="",
        err=f"outlogger: {listed}: cannot be written: {lock}: Permission denied; another user is "
        "changing the list, or left this lock behind: try again, or remove it\n",
    )
    lock.unlink()
    assert run(*argv, bound=True).code == 0


@respected
def test_a_folder_that_refuses_new_files_is_named(home: Path) -> None:
    folder = home / "closed"
    folder.mkdir()
    for listed in (folder / "outlogger.toml", folder / "team" / "outlogger.toml"):
        folder.chmod(0o500)
        argv = ("watchlist", "add", "github", "--no-check", "--watchlist", str(listed))
        finished = run(*argv, bound=True)
        folder.chmod(0o700)
        assert finished == Finished(
            code=70,
            out="",
            err=f"outlogger: {listed}: cannot be written: nothing can be made in {folder}: "
            "Permission denied\n",
        )


@respected
@pytest.mark.skipif(not IS_ROOT, reason="only root can change the owner of a folder")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_cache_of_another_user_is_neither_used_nor_changed(home: Path, mode: int) -> None:
    with page(out=True) as url:
        argv = (url, *trusting())
        assert run("check", *argv).code == 1
        (path,) = home.rglob("pages.sqlite")
        stored = path.read_bytes()
        for one in (path, path.parent, path.parent.parent):
            os.chown(one, 12345, 12345)
        path.parent.parent.chmod(mode)
        read = run("check", *argv, bound=True)
        unread = run("check", *argv, "--offline", bound=True)
    assert (read.code, read.err) == (1, f"127.0.0.1: critical: API major outage, {url}\n")
    said = f"127.0.0.1: unknown: no reading of it is stored, {url}\n"
    assert (unread.code, unread.err) == (3, said)
    assert path.read_bytes() == stored


# Users without a home.


NO_FOLDER = "Not a directory"
HOST = FINE.removeprefix("https://")


@pytest.fixture(params=["a file", "unknown"])
def homeless(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """Environments without a home (a file, or unknown), and the path it would have."""
    import pwd

    def unknown(_number: int) -> None:
        raise KeyError

    if request.param == "a file":
        file = home / "file"
        file.write_bytes(b"")
        monkeypatch.setenv("HOME", str(file))
        return file
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    return Path(os.devnull)


@pytest.mark.usefixtures("homeless")
def test_a_missing_home_does_not_change_the_verdict(home: Path) -> None:
    before = set(home.rglob("*"))
    finished = run_command("check", FINE, transport=web(OUT))
    assert (finished.code, finished.err) == (1, f"{HOST}: critical: API major outage, {FINE}\n")
    assert set(home.rglob("*")) == before


def test_a_command_that_needs_a_home_reports_that_there_is_none(homeless: Path) -> None:
    state, listed = homeless / ".local/state/outlogger", homeless / ".config/outlogger"
    cannot = f"cannot be written: {NO_FOLDER}\n"
    kept = "outlogger: the state cannot be kept in"
    added = run_command("watchlist", "add", "github", "--no-check")
    assert added == Finished(code=70, out="", err=f"outlogger: {listed}/watchlist.toml: {cannot}")
    muted = run_command("mute", "github")
    assert muted == Finished(code=70, out="", err=f"{kept} {state}/mutes.json: {NO_FOLDER}\n")
    watched = run_command("watch", "--once", FINE, transport=web(OUT))
    assert (watched.code, json.loads(watched.out)["event"]) == (0, "opened")
    kept = "the state cannot be kept in"
    assert watched.err == f"{kept} {state}/told-output.json: {NO_FOLDER}; {SENT}\n"


@respected
def test_unreadable_files_of_a_project_are_reported(home: Path) -> None:
    (home / "package.json").write_text('{"dependencies": {"stripe": "1"}}')
    (home / "package.json").chmod(0)
    (home / "src").mkdir(0)
    assert run("watchlist", "suggest", str(home), bound=True) == Finished(
        code=0,
        out="",
        err=f"nothing in {home} speaks of a vendor of the catalogue\n"
        f"not everything in {home} was read: 1 unreadable file, 1 unreadable folder\n",
    )


@respected
def test_an_inaccessible_folder_that_is_named_is_a_usage_error(closed: Path) -> None:
    inside = str(closed / ".config")
    suggested = run("watchlist", "suggest", inside, bound=True)
    assert suggested == Finished(
        code=2,
        out="",
        err=f"outlogger: {inside} is not a folder; name the folder of a project\n",
    )
    trusted = run("check", "github", bound=True, SSL_CERT_DIR=inside)
    said = f"outlogger: SSL_CERT_DIR: {inside} is not a folder\n"
    assert trusted == Finished(code=2, out="", err=said)


# Damaged state and mutes.


def watch() -> Finished:
    return run_command("watch", "--once", FINE, transport=web(OUT))


def test_a_truncated_state_notifies_once_more_and_is_repaired(
    home: Path,
) -> None:
    first = watch()
    (path,) = home.rglob("told-*.json")
    whole = path.read_bytes()
    assert (first.code, first.json["event"]) == (0, "opened")
    for length in range(len(whole) - 1):  # all but the line end
        path.write_bytes(whole[:length])
        assert watch() == first
        assert path.read_bytes() == whole
    assert watch() == Finished(code=0, out="", err="")


def test_truncated_mutes_mute_nothing_and_can_be_replaced(home: Path) -> None:
    assert run_command("mute", FINE).code == 0
    (path,) = home.rglob("mutes.json")
    whole = path.read_bytes()
    for length in range(len(whole) - 1):
        path.write_bytes(whole[:length])
        assert run_command("mute", "--list") == Finished(code=0, out="", err="")
    assert run_command("mute", FINE).code == 0
    assert path.read_bytes() == whole


def test_a_state_of_a_newer_version_is_neither_used_nor_lost(home: Path) -> None:
    watch()
    (path,) = home.rglob("told-*.json")
    newer = path.read_bytes().replace(b'"format":1', b'"format":2')
    path.write_bytes(newer)
    assert watch() == Finished(
        code=70,
        out="",
        err=f"outlogger: {path}: a newer outlogger wrote this; update this one\n",
    )
    assert path.read_bytes() == newer


def test_a_clock_set_back_causes_no_duplicates_and_no_negative_times() -> None:
    watch()
    yesterday = NOW - timedelta(days=1)
    again = run_command("watch", "--once", FINE, transport=web(OUT), now=yesterday)
    assert again == Finished(code=0, out="", err="")
    well = run_command("watch", "--once", FINE, transport=web(WELL), now=yesterday)
    assert (well.code, well.json["event"], well.json["duration_seconds"]) == (0, "recovered", 0)
