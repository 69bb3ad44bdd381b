"""The watchlist's file: what is read, and how it is changed."""

import errno
import os
import random
import subprocess
import sys
from pathlib import Path
from stat import ST_GID, ST_UID

import pytest
from filelock import FileLock

from outlogger_cli.domain.errors import ConfigError, LocalError
from outlogger_cli.watchlist import store
from outlogger_cli.watchlist.edit import add
from outlogger_cli.watchlist.schema import NEW, Entry, Watchlist
from outlogger_cli.watchlist.store import SIZE_LIMIT, EditRefusedError, change, load
from tests.support import DATA
from tests.watchlist.editing import adding

WHOLE = DATA / "watchlist" / "whole.toml"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path, why in [
        (tmp_path / "none.toml", "cannot be read: No such file or directory"),
        (tmp_path, "cannot be read: Is a directory"),
    ]:
        with pytest.raises(ConfigError) as caught:
            load(path)
        assert str(caught.value) == f"{path}: {why}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"#" * (SIZE_LIMIT + 1), ": is larger than 1 MiB, the limit for a watchlist"),
        ("a = 1\n".encode("utf-16"), ":1: is not UTF-8 text; save it as UTF-8"),
        (b"version = 1\n# caf\xe9\n", ":2: is not UTF-8 text; save it as UTF-8"),
        (b"\0", ":1: not valid TOML: Invalid statement (column 1)"),
    ],
)
def test_bytes_that_are_no_watchlist_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "w.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value) == f"{path}{said}"


def test_a_file_of_just_the_size_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_bytes(b"#" * SIZE_LIMIT)
    assert load(path) == Watchlist(path=path)


def test_reading_a_watchlist_loads_nothing_heavy() -> None:
    code = (
        "import sys; from pathlib import Path; from outlogger_cli.watchlist import store; "
        f"store.load(Path({str(WHOLE)!r})); "
        "print(sorted({'httpx', 'rich', 'typer', 'filelock', 'tomli_w', 'difflib', 'asyncio'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "outlogger.toml"
    path.write_bytes(b"# ours\r\n[vendors.a]\r\n")
    return path


def left_behind(folder: Path) -> list[str]:
    """What stands in the folder besides the watchlist."""
    return sorted(p.name for p in folder.iterdir() if p.name != "outlogger.toml")


def test_a_change_is_written_and_said(path: Path) -> None:
    assert change(path, adding("b"))
    assert path.read_bytes() == b"# ours\r\n[vendors.a]\r\n\r\n[vendors.b]\r\n"
    assert left_behind(path.parent) == []


def test_no_change_writes_nothing(path: Path) -> None:
    before = path.stat()
    assert not change(path, adding("A"))
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_new_file_gets_its_folders_and_the_usual_mode(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "outlogger.toml"
    umask = os.umask(0o027)
    try:
        assert change(path, adding("a"))
    finally:
        os.umask(umask)
    assert path.read_bytes() == b"version = 1\n\n[vendors.a]\n"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_file_that_would_say_nothing_is_not_written(tmp_path: Path) -> None:
    assert not change(tmp_path / "outlogger.toml", lambda text: text)
    assert not (tmp_path / "outlogger.toml").exists()


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o777])
def test_the_mode_is_kept(path: Path, mode: int) -> None:
    path.chmod(mode)
    assert change(path, adding("b"))
    assert path.stat().st_mode & 0o777 == mode


def given_away(monkeypatch: pytest.MonkeyPatch, field: int = ST_UID) -> None:
    """From here on a temporary file seems to belong to somebody else, or to another group."""
    fstat = os.fstat

    def other(handle: int) -> os.stat_result:
        found = [*fstat(handle)]
        found[field] += 1
        return os.stat_result(found)

    monkeypatch.setattr(os, "fstat", other)


def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nothing can be given to anybody."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)


def test_the_owner_is_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owners = []
    given_away(monkeypatch)
    monkeypatch.setattr(os, "fchown", lambda _handle, *to: owners.append(to))
    own = path.stat()
    assert change(path, adding("b"))
    assert owners == [(own.st_uid, own.st_gid)]


def test_a_file_whose_owner_cannot_be_kept_is_not_touched(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    given_away(monkeypatch)
    refused(monkeypatch)
    with pytest.raises(LocalError) as caught:
        change(path, adding("b"))
    assert str(caught.value) == f"{path}: cannot be written: Operation not permitted"
    assert path.read_bytes() == before
    assert left_behind(path.parent) == []


@pytest.mark.parametrize(
    ("mode", "left"),
    [
        (0o600, 0o600),
        (0o640, 0o600),
        (0o660, 0o600),
        (0o644, 0o644),
        (0o664, 0o644),
        (0o604, 0o600),
    ],
)
def test_a_group_that_cannot_be_kept_leaves_nobody_with_more_than_before(
    path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, left: int
) -> None:
    path.chmod(mode)
    given_away(monkeypatch, ST_GID)
    refused(monkeypatch)
    assert change(path, adding("b"))
    assert path.stat().st_mode & 0o777 == left


def test_a_link_stays_a_link_and_its_file_is_written(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "outlogger.toml"
    link.symlink_to(Path("..") / path.name)
    assert change(link, adding("b"))
    assert link.readlink() == Path("..") / path.name
    assert [entry.slug for entry in load(path).vendors] == ["a", "b"]
    assert left_behind(folder) == []


def test_a_link_to_a_file_that_is_not_there_makes_that_file(tmp_path: Path) -> None:
    link = tmp_path / "outlogger.toml"
    link.symlink_to("real.toml")
    assert change(link, adding("a"))
    assert link.is_symlink()
    assert (tmp_path / "real.toml").read_bytes() == b"version = 1\n\n[vendors.a]\n"


@pytest.mark.parametrize(
    "data",
    [
        b"[vendors.a",
        b"a = ",
        b"version = 2\n",
        b"versoin = 1\n",
        b"[vendors.a]\nfailon = 'major'\n",
        b"[vendors.a]\nfail_on = 'bad'\n",
        b"[vendors.a]\ntags = 'ci'\n",
        b"[vendors.a]\n[vendors.A]\n",
        b"[defaults]\ntimeout = 'soon'\n",
        b"[vendors.a]\nurl = 'acme'\n",
        b"# caf\xe9\n",
        b"<html>",
    ],
)
def test_a_bad_file_is_never_overwritten(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        change(path, adding("b"))
    assert str(caught.value).startswith(str(path))
    assert path.read_bytes() == data
    assert left_behind(path.parent) == []


def test_an_edit_that_would_make_a_bad_file_is_not_written(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ConfigError) as caught:
        change(path, lambda text: add(text, [Entry(slug="b", url="acme")]))
    assert str(caught.value) == (
        f'{path} (after the change):5: [vendors.b] url = "acme": must be a URL that begins '
        "with https:// or http://"
    )
    assert path.read_bytes() == before


def test_a_refused_edit_names_the_file(path: Path) -> None:
    path.write_bytes(b"[vendors.x.headers]\n")
    with pytest.raises(EditRefusedError) as caught:
        change(path, lambda text: add(text, [Entry(slug="x", headers=(("A", "b"),))]))
    assert str(caught.value) == (
        f"{path}: cannot edit this layout safely; add it by hand: "
        '[vendors.x] headers = { A = "..." }'
    )
    assert path.read_bytes() == b"[vendors.x.headers]\n"


def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LocalError) as caught:
        change(path, adding("b"))
    assert str(caught.value) == f"{path}: cannot be written: No space left on device"
    assert path.read_bytes() == before
    assert left_behind(path.parent) == []


def test_whoever_is_reading_the_old_file_reads_it_to_its_end(path: Path) -> None:
    before = path.read_bytes()
    with path.open("rb") as reader:
        assert change(path, adding("b"))
        assert reader.read() == before


def test_what_a_killed_process_left_is_swept_up(path: Path) -> None:
    path.with_name(".outlogger.toml.new").write_bytes(b"half a f")
    assert change(path, adding("b"))
    assert left_behind(path.parent) == []


def test_a_place_where_no_file_can_be_is_named(path: Path) -> None:
    below = path / "outlogger.toml"
    with pytest.raises(LocalError) as caught:
        change(below, adding("b"))
    assert str(caught.value) == f"{below}: cannot be written: File exists"


def test_a_file_somebody_else_is_writing_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    monkeypatch.setattr(store, "LOCK_TIMEOUT", 0.0)
    with (
        FileLock(path.with_name(".outlogger.toml.lock")),
        pytest.raises(LocalError) as caught,
    ):
        change(path, adding("b"))
    assert str(caught.value) == f"{path}: another process is writing it; try again"
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps what is open")
def test_a_lock_whose_file_went_while_it_was_waited_for_is_none(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    lock, flock = path.with_name(".outlogger.toml.lock"), fcntl.flock
    locked: list[int] = []

    def take_away(file: int, operation: int) -> None:
        if operation & fcntl.LOCK_EX and lock.exists():
            locked.append(file)
            if len(locked) == 1:
                lock.unlink()
        flock(file, operation)

    monkeypatch.setattr(fcntl, "flock", take_away)
    assert change(path, adding("b"))
    assert len(locked) == 2
    assert left_behind(path.parent) == []


ADD = """
import sys
from pathlib import Path
from outlogger_cli.watchlist.schema import Entry
from outlogger_cli.watchlist.edit import add
from outlogger_cli.watchlist.store import change

def adding(slug):
    return lambda text: add(text, [Entry(slug=slug, tags=("a" * 999,))])
"""


def test_twenty_processes_at_once_all_take_effect(path: Path) -> None:
    code = f"{ADD}\nsys.stdin.read()\nchange(Path(sys.argv[1]), adding(sys.argv[2]))"
    slugs = [f"v{number}" for number in range(20)]
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path), slug], stdin=subprocess.PIPE)
        for slug in slugs
    ]
    for process in running:
        assert process.stdin
        process.stdin.close()
    assert [process.wait(60) for process in running] == [0] * 20
    assert {entry.slug for entry in load(path).vendors} == {"a", *slugs}
    assert left_behind(path.parent) == []


@pytest.mark.parametrize("seed", range(10))
def test_a_kill_at_any_moment_leaves_a_whole_file_and_no_lock(tmp_path: Path, seed: int) -> None:
    code = f"""{ADD}
for number in range(10_000):
    change(Path(sys.argv[1]), adding(f"v{{number}}"))
    print(number, flush=True)
"""
    path = tmp_path / "outlogger.toml"
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        for _ in range(random.Random(seed).randrange(1, 9)):
            assert process.stdout.readline()
        process.kill()
    slugs = [entry.slug for entry in load(path).vendors]
    assert slugs == [f"v{number}" for number in range(len(slugs))]
    assert path.read_text() == add(NEW, [Entry(slug=s, tags=("a" * 999,)) for s in slugs])
    assert change(path, adding("after"))
    assert left_behind(tmp_path) == []


def test_a_file_that_must_be_new_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    assert change(path, adding("github"), must_be_new=True)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="already exists; nothing was written"):
        change(path, adding("openai"), must_be_new=True)
    assert path.read_bytes() == before
