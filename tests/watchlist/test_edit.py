"""Edits of a watchlist: what changes, what stays byte for byte, and how the file is written."""

import errno
import os
import random
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from stat import ST_GID, ST_UID
from typing import Any

import pytest
import tomli_w
from filelock import FileLock
from hypothesis import assume, given
from hypothesis import strategies as st

from outlogger_cli.domain.errors import ConfigError, LocalError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.watchlist import store
from outlogger_cli.watchlist.edit import add, remove
from outlogger_cli.watchlist.schema import NEW, Entry, parse
from outlogger_cli.watchlist.store import EditRefusedError, change, load
from tests.support import DATA

LAYOUTS: dict[str, list[dict[str, str]]] = tomllib.loads(
    (DATA / "watchlist" / "layouts.toml").read_text(encoding="utf-8")
)
X = Entry(slug="x", tags=("ci",), fail_on=FailOn.MAJOR)


def cases(kind: str) -> list[Any]:
    return [pytest.param(c["before"], c["after"], id=c["why"]) for c in LAYOUTS[kind]]


def adding(*slugs: str) -> Callable[[str], str]:
    return lambda text: add(text, [Entry(slug=slug) for slug in slugs])


def framings(text: str) -> list[str]:
    """`text` with and without its last line end, with either line end, and with a mark."""
    bare = text.removesuffix("\n")
    plain = [text, bare, text.replace("\n", "\r\n"), bare.replace("\n", "\r\n")]
    return [*plain, *("\ufeff" + one for one in plain)]


@pytest.mark.parametrize(("before", "after"), cases("set"))
def test_add_writes_what_the_layout_asks_for(before: str, after: str) -> None:
    assert add(before, [X]) == after
    assert add(after, [X]) == after


@pytest.mark.parametrize(("before", "after"), cases("remove"))
def test_remove_takes_what_is_the_vendors_alone(before: str, after: str) -> None:
    assert remove(before, ["X"]) == after
    assert remove(after, ["X"]) == after


@pytest.mark.parametrize(("before", "after"), cases("set"))
def test_add_keeps_line_ends_and_byte_order_mark(before: str, after: str) -> None:
    if before:
        assert [add(text, [X]) for text in framings(before)] == framings(after)


@pytest.mark.parametrize(("before", "after"), cases("remove"))
def test_remove_keeps_line_ends_and_byte_order_mark(before: str, after: str) -> None:
    assert [remove(text, ["x"]) for text in framings(before)] == framings(after)


def test_line_ends_of_both_kinds_are_kept_as_they_are() -> None:
    text = "version = 1\n# one\r\n[vendors.x]"
    assert remove(text, ["x"]) == "version = 1\n# one"
    assert add(text, [Entry(slug="b")]) == f"{text}\n\n[vendors.b]"


def test_everything_an_entry_gives_is_written() -> None:
    entry = Entry(
        slug="acme.eu",
        name='Acme "Europe" \\ é',
        url="https://status.acme.example",
        platform="statuspage",
        components=("API", "EU/*"),
        exclude=("Docs",),
        tags=("ci",),
        fail_on=FailOn.MAINTENANCE,
        on_unknown=OnUnknown.WARN,
        count_incidents=CountIncidents.ALL,
        timeout=timedelta(seconds=90),
        headers=(("Authorization", "OAuth ${KEY}"), ("X.Y", "z")),
    )
    text = add(NEW, [entry])
    assert text == (
        "version = 1\n"
        "\n"
        '[vendors."acme.eu"]\n'
        'name = "Acme \\"Europe\\" \\\\ é"\n'
        'url = "https://status.acme.example"\n'
        'platform = "statuspage"\n'
        'components = ["API", "EU/*"]\n'
        'exclude = ["Docs"]\n'
        'tags = ["ci"]\n'
        'fail_on = "maintenance"\n'
        'on_unknown = "warn"\n'
        'count_incidents = "all"\n'
        'timeout = "90s"\n'
        'headers = { Authorization = "OAuth ${KEY}", "X.Y" = "z" }\n'
    )
    assert parse(text, Path("w.toml")).vendors == (entry,)


def test_several_come_in_the_order_they_are_named_and_each_once() -> None:
    text = add("[vendors.B]\n\n[notify]\n", [Entry(slug="c"), Entry(slug="b"), X, Entry(slug="C")])
    assert text == (
        '[vendors.B]\n\n[vendors.c]\n\n[vendors.x]\ntags = ["ci"]\nfail_on = "major"\n\n[notify]\n'
    )


def test_of_one_vendor_named_twice_the_later_word_counts() -> None:
    later = Entry(slug="X", fail_on=FailOn.NEVER)
    assert add("", [X, later]) == '[vendors.x]\ntags = ["ci"]\nfail_on = "never"\n'


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("timeout = 60", Entry(slug="X", timeout=timedelta(minutes=1))),
        ("tags = [\n  'a', # one\n]", Entry(slug="x", tags=("a",))),
        ("headers.A = '${B}'", Entry(slug="x", headers=(("A", "${B}"),))),
        ("name = ' X '", Entry(slug="x", name="X")),
        ("fail_on = 'major' # keep", Entry(slug="x")),
    ],
)
def test_what_already_means_the_same_stays_as_it_is_written(line: str, entry: Entry) -> None:
    text = f"[vendors.x]\n{line}\n"
    assert add(text, [entry]) == text


@pytest.mark.parametrize(
    "text",
    ["[vendors.x.headers]\nA = 'b'\n", "[vendors.x]\nheaders.A = 'b'\n"],
)
def test_what_cannot_be_edited_safely_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(EditRefusedError) as caught:
        add(text, [Entry(slug="x", headers=(("A", "s3cret"),))])
    assert str(caught.value) == (
        "its layout leaves no safe place for this, write it by hand: "
        '[vendors.x] headers = { A = "..." }'
    )


def test_an_edit_that_would_mean_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tomli_w, "dumps", lambda _: '"" = "minor"\n')
    with pytest.raises(EditRefusedError):
        add("[vendors.x]\nfail_on = 'never'\n", [Entry(slug="x", fail_on=FailOn.MAJOR)])


@pytest.mark.parametrize("text", ["[vendors.x]\nfail_on = 'bad'\n", "version = 1\r"])
@pytest.mark.parametrize("edit", [adding("x"), lambda text: remove(text, ["x"])])
def test_a_text_that_is_no_watchlist_is_not_edited(edit: Callable[[str], str], text: str) -> None:
    with pytest.raises(ConfigError):
        edit(text)


COMMENTS = st.sampled_from(["", "\n", "# note\n", "\n# note\n\n", "  # [vendors.q]\n", "\t\n\n"])
BODIES = st.sampled_from(
    [
        "",
        "fail_on = 'never' # x\n",
        "tags = [ # a\n'b', # ]\n\n]\n# c\n",
        '  name = """\n[vendors.new]\n# n\\\n"""\n',
        "headers.A = '''\\\"'''\n\n",
        'headers = { A = "}\\"#", "b.c" = \']\' } # {\n',
    ]
)
HEADS = st.sampled_from(["[vendors.{0}]\n", "[ vendors . '{0}' ] # it\n", '  [vendors."{0}"]\n'])
ROOTS = st.sampled_from(
    [
        "",
        "version = 1\n",
        "vendors.r.name = 'R'\nversion = 1\n",
        "[vendors]\nr = {}\nt.tags = [ 'a' ]\n",
        "vendors.r = { headers = { A = '#' } }\n",
    ]
)
NOTIFY = st.sampled_from(["", "[notify]\non = []\n", "[notify]\ncommand = '''\n# x'''\n"])


@st.composite
def watchlists(draw: st.DrawFn) -> str:
    """A good watchlist with comments and empty lines in odd places."""
    pieces = [draw(COMMENTS), draw(ROOTS)]
    tables = [draw(HEADS).format(slug) + draw(BODIES) for slug in draw(st.permutations("abc"))[:2]]
    for table in draw(st.permutations([*tables, draw(NOTIFY)])):
        pieces += [draw(COMMENTS), table]
    text = "".join([*pieces, draw(COMMENTS)])
    return draw(st.sampled_from(framings(text)))


def meaning(text: str) -> dict[str, Any]:
    return {"vendors": {}, **tomllib.loads(text.removeprefix("\ufeff"))}


def kept(part: str, whole: str) -> bool:
    """Whether the lines of `part` are lines of `whole`, in their order."""
    rows = iter(whole.removeprefix("\ufeff").split("\n"))
    return all(row.rstrip("\r") in (r.rstrip("\r") for r in rows) for row in part.split("\n"))


@given(watchlists(), st.sampled_from([Entry(slug="new"), Entry(slug="n.w", tags=("a", "b"))]))
def test_what_is_added_and_removed_again_leaves_the_same_bytes(text: str, entry: Entry) -> None:
    longer = add(text, [entry])
    assert longer != text
    assert remove(longer, [entry.slug]) == text


@given(watchlists(), st.sampled_from("abcrt"))
def test_what_is_removed_takes_nothing_else_along(text: str, slug: str) -> None:
    shorter = remove(text, [slug])
    expected = meaning(text)
    expected["vendors"].pop(slug, None)
    assert meaning(shorter) == expected
    assert kept(shorter.removeprefix("\ufeff"), text)


@given(watchlists(), st.sampled_from("abcrt"))
def test_what_is_set_changes_nothing_else(text: str, slug: str) -> None:
    assume(slug in meaning(text)["vendors"])
    changed = add(text, [Entry(slug=slug, fail_on=FailOn.CRITICAL)])
    expected = meaning(text)
    expected["vendors"][slug]["fail_on"] = "critical"
    assert meaning(changed) == expected
    assert len(changed.split("\n")) - len(text.split("\n")) <= 3


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
    stat = Path.stat

    def other(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = [*stat(path, follow_symlinks=follow_symlinks)]
        found[field] += path.suffix == ".new"
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", other)


def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nothing can be given to anybody."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)


def test_the_owner_is_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owners = []
    given_away(monkeypatch)
    monkeypatch.setattr(os, "chown", lambda *to: owners.append(to))
    assert change(path, adding("b"))
    own = path.stat()
    assert owners == [(path.with_name(".outlogger.toml.new"), own.st_uid, own.st_gid)]


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
        f'{path} (as it would be):5: [vendors.b] url = "acme": must be an address that begins '
        "with https:// or http://"
    )
    assert path.read_bytes() == before


def test_a_refused_edit_names_the_file(path: Path) -> None:
    path.write_bytes(b"[vendors.x.headers]\n")
    with pytest.raises(EditRefusedError) as caught:
        change(path, lambda text: add(text, [Entry(slug="x", headers=(("A", "b"),))]))
    assert str(caught.value) == (
        f"{path}: its layout leaves no safe place for this, write it by hand: "
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
