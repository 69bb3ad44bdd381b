"""Disks that are full, closed or odd: the verdict stands, and what is not kept is said.

What needs a user who may not do everything is run without root's rights to look everywhere.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest

from outlogger_cli import watchlist
from tests.commands.pages import HEALTHY, fine
from tests.origin import Origin, Reply
from tests.running import Finished, finish, run_command, spawn, trusting

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other disks")

OUTLOGGER = (sys.executable, "-m", "outlogger_cli")
IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0
BOUND = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if IS_ROOT else ()
"""What goes before a command that is to respect the modes of files, as root does not."""

respected = pytest.mark.skipif(
    IS_ROOT and which("setpriv") is None, reason="root may do everything, and there is no setpriv"
)


@contextmanager
def page(*, out: bool = False) -> Iterator[str]:
    """The address of a page: all is well on it, or its API is out."""
    body = fine(API="major_outage") if out else HEALTHY
    with Origin(routes={"/api/v2/summary.json": Reply(body=body)}) as origin:
        yield origin.url


def run(*argv: str, bound: bool = False, **options: str) -> Finished:
    """The command as a process; `bound` by the modes of files, with `options` as environment."""
    command = (*BOUND, *OUTLOGGER) if bound else OUTLOGGER
    with spawn(*argv, command=command, env=options) as process:
        return finish(process)


# Disks on which nothing can be stored.


@dataclass(frozen=True)
class Disk:
    """A folder that will not have a byte more, for the programs that `command` starts, and what
    the system calls that."""

    folder: Path
    command: tuple[str, ...]
    why: str

    def run(self, *argv: str) -> Finished:
        home = {"HOME": str(self.folder), "TMPDIR": str(self.folder)}
        with spawn(*argv, command=self.command, env=home) as process:
            return finish(process)

    def files(self) -> dict[str, bytes]:
        """What stands in the folder, but for locks, which are empty."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.name: data for path in found if (data := path.read_bytes())}


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """A disk of 64 KiB at `folder`, as long as the block lasts."""
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
    """A disk with a watchlist and a report on it, and no room for more."""
    folder = home / "disk"
    folder.mkdir()
    if request.param == "limited":  # what everybody can have of a full disk
        _fill(folder / "list.toml", LISTED)
        _fill(folder / "report", b"old")
        limited = ("sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *OUTLOGGER)
        yield Disk(folder, limited, "File too large")
        return
    with mounted(folder):
        _fill(folder / "list.toml", LISTED)
        _fill(folder / "report", b"old")
        if request.param == "full":
            with suppress(OSError), (folder / "everything").open("wb", buffering=0) as file:
                file.write(bytes(1 << 16))
            yield Disk(folder, OUTLOGGER, "No space left on device")
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            yield Disk(folder, OUTLOGGER, "Read-only file system")


LISTED = b"version = 1  # ours\n"


def test_where_nothing_can_be_stored_the_verdict_stands(disk: Disk) -> None:
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


def test_a_report_that_cannot_be_stored_leaves_the_old_one(disk: Disk) -> None:
    before, report = disk.files(), disk.folder / "report"
    with page() as url:
        finished = disk.run("check", url, *trusting(), "--json", "-o", str(report))
    assert finished == Finished(
        code=70, out="", err=f"outlogger: --output: {report} cannot be written: {disk.why}\n"
    )
    assert disk.files() == before


def test_a_list_that_cannot_be_stored_stays_as_it_is(disk: Disk) -> None:
    before, listed = disk.files(), disk.folder / "list.toml"
    with page() as url:
        added = disk.run("watchlist", "add", url, *trusting(), "--watchlist", str(listed))
    assert added == Finished(
        code=70, out="", err=f"outlogger: {listed}: cannot be written: {disk.why}\n"
    )
    assert disk.files() == before


@pytest.mark.parametrize("argv", [("watch", "--once"), ("mute",)])
def test_a_state_that_cannot_be_stored_is_no_success(disk: Disk, argv: tuple[str, ...]) -> None:
    before = disk.files()
    with page(out=True) as url:
        finished = disk.run(*argv, url, *(trusting() if argv[0] == "watch" else ()))
    name = {"watch": "told-output.json", "mute": "mutes.json"}[argv[0]]
    path = disk.folder / ".local" / "state" / "outlogger" / name
    assert finished == Finished(
        code=70, out="", err=f"outlogger: the state cannot be kept in {path}: {disk.why}\n"
    )
    assert disk.files() == before


# Folders that are closed to whoever runs it.


@pytest.fixture
def closed(home: Path) -> Iterator[Path]:
    """A folder that its owner may not look into."""
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
def test_a_page_is_read_in_a_home_nobody_may_look_into(
    closed: Path, command: str, code: int, record: str
) -> None:
    with page(out=True) as url:
        finished = run(command, url, *trusting(), bound=True, HOME=str(closed))
    assert finished.code == code
    assert record in finished.out
    assert "cannot" not in finished.err


@respected
def test_what_needs_a_home_nobody_may_look_into_says_so(closed: Path) -> None:
    named = closed / ".config" / "outlogger" / "watchlist.toml"
    told = closed / ".local" / "state" / "outlogger" / "told-output.json"
    with page() as url:
        added = run("watchlist", "add", url, *trusting(), bound=True, HOME=str(closed))
        watched = run("watch", "--once", url, *trusting(), bound=True, HOME=str(closed))
    assert added == Finished(
        code=70, out="", err=f"outlogger: {named}: cannot be written: Permission denied\n"
    )
    assert watched == Finished(
        code=70,
        out="",
        err=f"outlogger: the state cannot be kept in {told}: Permission denied\n",
    )
    listed = run("check", bound=True, HOME=str(closed))
    assert (listed.code, listed.err.partition(":")[0]) == (2, "outlogger")
    assert "no vendor to read" in listed.err


@respected
def test_a_page_is_read_from_a_folder_nobody_may_look_into(home: Path) -> None:
    inside = home / "closed" / "inside"
    inside.mkdir(parents=True)
    script = 'cd "$0"; chmod 0 ..; "$@"; code=$?; chmod 700 "$0/.."; exit $code'
    shell = (*BOUND, "sh", "-c", script, str(inside), *OUTLOGGER)
    with page() as url, spawn("check", url, *trusting(), command=shell) as process:
        assert finish(process).code == 0


# Watchlists that are no plain file.


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    """A null device of our own: the machine's must outlive a mistake."""
    try:
        os.mknod(path, 0o020666, Path("/dev/null").stat().st_rdev)
    except PermissionError:
        pytest.skip("only root makes devices")


def loop(path: Path) -> None:
    path.symlink_to(path)


ODD: dict[str, tuple[Callable[[Path], None], str]] = {
    "a folder": (Path.mkdir, "cannot be read: Is a directory"),
    "a link to itself": (loop, "cannot be read: Too many levels of symbolic links"),
    "a pipe": (pipe, "cannot be read: nobody writes to this pipe"),
    "too large": (lambda path: _fill(path, b"#" * 10_000_000), "is larger than 1 MiB"),
    "a NUL": (lambda path: _fill(path, b"version = 1\0\n"), "not valid TOML"),
    "UTF-16": (lambda path: _fill(path, "version = 1\n".encode("utf-16")), "is not UTF-8 text"),
}


def _fill(path: Path, data: bytes) -> None:
    path.write_bytes(data)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchlist, "PIPE_PATIENCE", 0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("make", "said"), ODD.values(), ids=ODD)
@pytest.mark.parametrize("argv", [("check",), ("watchlist", "validate")])
def test_a_list_that_is_no_plain_file_is_refused_at_once(
    home: Path, make: Callable[[Path], None], said: str, argv: tuple[str, ...]
) -> None:
    path = home / "odd.toml"
    make(path)
    finished = run_command(*argv, "--watchlist", str(path))
    assert (finished.code, finished.out, finished.err.count("\n")) == (2, "", 1)
    assert finished.err.startswith(f"outlogger: {path}:")
    assert said in finished.err


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("make", [*(make for make, _ in ODD.values()), device])
def test_a_list_that_is_no_plain_file_is_never_replaced(
    home: Path, make: Callable[[Path], None]
) -> None:
    path = home / "odd.toml"
    make(path)
    before = path.lstat()
    finished = run_command("watchlist", "add", "github", "--no-check", "--watchlist", str(path))
    assert (finished.code, finished.out, finished.err.count("\n")) == (2, "", 1)
    assert (path.lstat().st_ino, path.lstat().st_mtime) == (before.st_ino, before.st_mtime)
    assert {left.name for left in home.iterdir()} <= {".odd.toml.lock", "odd.toml"}


def test_a_list_may_come_through_a_pipe(home: Path) -> None:
    path = home / "odd.toml"
    os.mkfifo(path)
    writer = threading.Thread(target=_fill, args=(path, b"[vendors.github]\n"))
    writer.start()
    finished = run_command("watchlist", "validate", "--watchlist", str(path))
    writer.join()
    assert finished == Finished(code=0, out=f"{path}: ok, 1 vendor\n", err="")


def test_a_link_to_nothing_makes_the_file_it_names(home: Path) -> None:
    link, real = home / "link.toml", home / "real.toml"
    link.symlink_to(real)
    finished = run_command("watchlist", "add", "github", "--no-check", "--watchlist", str(link))
    assert (finished.code, link.is_symlink()) == (0, True)
    assert real.read_text() == "version = 1\n\n[vendors.github]\n"
