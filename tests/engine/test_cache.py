"""Stored readings: what goes in comes out, damage is a miss, and concurrent runs are safe."""

import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Document, Source
from outlogger_cli.engine import cache
from outlogger_cli.engine import stored as records
from outlogger_cli.engine.cache import Cache
from outlogger_cli.engine.stored import DOCUMENT_LIMIT, Stored
from tests.running import PATIENCE
from tests.support import document

URL = "https://status.acme.example"
OTHER = "https://a.example"


def stored(url: str = URL, **bodies: object) -> Stored:
    """A reading of the page at `url`; without bodies a summary and its incidents."""
    named = bodies or {"summary": {"page": {"name": "Acme é"}}, "incidents": b'{"a"\n: 1}\n'}
    return Stored(
        url=url,
        home=f"{url}/home",
        platform="statuspage",
        documents={
            name: replace(
                document(name, body, f"{url}/{name}"),
                final_url=f"{url}/moved/{name}",
                headers={"etag": 'W/"1"', "set-cookie": "secret", "content-type": "text/x"},
            )
            for name, body in named.items()
        },
    )


def file_of(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def found(folder: Path, url: str = URL) -> Stored | None:
    """What another run finds."""
    with closing(Cache(folder)) as pages:
        return pages.load(url)


def opened(folder: Path) -> "closing[sqlite3.Connection]":
    return closing(sqlite3.connect(file_of(folder), isolation_level=None))


def record(folder: Path) -> bytes:
    with opened(folder) as connection:
        ((content,),) = connection.execute("SELECT record FROM pages")
    assert isinstance(content, bytes)
    return content


def put(folder: Path, content: object) -> None:
    """Make `content` the one record."""
    with opened(folder) as connection:
        connection.execute("UPDATE pages SET record = ?", (content,))


def rewrite(folder: Path, change: Callable[[Any], object]) -> None:
    """Change the head of the one record, whose checksum then fits again."""
    _, head, bodies = record(folder).split(b"\n", 2)
    values = json.loads(head)
    change(values)
    raw = json.dumps(values).encode() + b"\n" + bodies
    put(folder, b"%d\n" % zlib.crc32(raw) + raw)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pages"


@pytest.fixture
def pages(folder: Path) -> Iterator[Cache]:
    with closing(Cache(folder)) as cache:
        yield cache


# What goes in comes out


def test_a_reading_comes_out_as_it_went_in(pages: Cache) -> None:
    assert pages.save(stored()) is True
    loaded = pages.load(URL)
    expected = {
        name: replace(
            one,
            source=Source.CACHE,
            headers={"etag": 'W/"1"', "content-type": "text/x"},
        )
        for name, one in stored().documents.items()
    }
    assert loaded == replace(stored(), documents=expected)
    assert loaded is not None
    assert list(loaded.documents) == ["summary", "incidents"]


def test_a_page_that_was_never_read_is_a_miss(pages: Cache) -> None:
    assert pages.load(URL) is None
    pages.save(stored())
    assert pages.load(f"{URL}/team") is None


def test_a_later_reading_takes_the_place_of_the_first(pages: Cache, folder: Path) -> None:
    pages.save(stored(summary=b"{}"))
    pages.save(stored(summary=b"{ }"))
    loaded = pages.load(URL)
    assert loaded is not None
    assert loaded.documents["summary"].body == b"{ }"
    assert b"{ }" in record(folder)


def test_an_empty_body_is_kept(pages: Cache) -> None:
    pages.save(stored(summary=b"{}", incidents=b""))
    loaded = pages.load(URL)
    assert loaded is not None
    assert [one.body for one in loaded.documents.values()] == [b"{}", b""]


def test_what_another_run_wrote_is_seen(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    assert pages.load(URL) is not None
    Cache(folder).save(stored(summary=b"[]"))
    loaded = pages.load(URL)
    assert loaded is not None
    assert list(loaded.documents) == ["summary"]


def test_nothing_a_page_says_names_a_file_or_is_run(pages: Cache, folder: Path) -> None:
    urls = ("https://a.example/../../etc", "https://a.example/%00", "https://é.example/'); --")
    for url in urls:
        assert pages.save(stored(url)) is True
    assert [found(folder, url) is not None for url in urls] == [True] * 3
    assert file_of(folder).name == "pages.sqlite"


@pytest.mark.parametrize("name", ["a b", "a?mode=ro", "a#b", "a%41", "é", "a'b"])
def test_the_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    assert Cache(tmp_path / name).save(stored()) is True
    assert found(tmp_path / name) is not None
    assert file_of(tmp_path / name).name == "pages.sqlite"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only text for names")
def test_the_folder_may_have_a_name_that_is_no_text(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"a\xff")
    assert Cache(folder).save(stored()) is True
    assert found(folder) is not None


def test_to_look_for_a_reading_makes_nothing(pages: Cache, folder: Path) -> None:
    assert pages.load(URL) is None
    pages.flush()
    pages.prune()
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no modes")
def test_only_the_user_can_read_it(
    pages: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    encoded = records.encoded

    def watched(stored: Stored) -> bytes:
        seen.extend(stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir())
        return encoded(stored)

    monkeypatch.setattr(records, "encoded", watched)
    pages.save(stored())
    pages.save(stored(summary=b"{}"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(seen) > 2
    assert {*seen, stat.S_IMODE(file_of(folder).stat().st_mode)} == {0o600}


# Sizes


def test_a_page_whose_first_document_is_too_large_is_not_kept(pages: Cache) -> None:
    assert pages.save(stored(summary=b" " * (DOCUMENT_LIMIT + 1), incidents=b"{}")) is False
    assert pages.load(URL) is None


def test_a_later_document_that_is_too_large_is_left_out(pages: Cache) -> None:
    summary = b" " * DOCUMENT_LIMIT
    assert pages.save(stored(summary=summary, incidents=b" " * (DOCUMENT_LIMIT + 1))) is True
    loaded = pages.load(URL)
    assert loaded is not None
    assert list(loaded.documents) == ["summary"]


def test_a_page_that_is_too_large_keeps_no_other_from_being_written(
    pages: Cache, folder: Path
) -> None:
    pages.hold(stored(f"{URL}/large", summary=b" " * (DOCUMENT_LIMIT + 1)))
    pages.hold(stored())
    pages.flush()
    assert found(folder, f"{URL}/large") is None
    assert found(folder) is not None


# Damage


def test_a_file_cut_off_anywhere_is_a_miss_and_replaced(folder: Path) -> None:
    whole = _file_with_neighbours(folder)
    for length in [*range(0, len(whole), 509), len(whole) - 1]:
        _is_right_or_a_miss(folder, whole[:length], f"{length} bytes")


def test_a_file_with_any_byte_changed_is_right_or_a_miss_and_replaced(folder: Path) -> None:
    whole = _file_with_neighbours(folder)
    chosen = random.Random(1)
    heads = [page + byte for page in range(0, len(whole), 4096) for byte in range(12)]
    schema = range(4096 - 160, 4096, 3)
    for place in [*range(100), *heads, *schema, *chosen.sample(range(len(whole)), 100)]:
        for mask in (0x01, 0x80):
            changed = bytearray(whole)
            changed[place] ^= mask
            _is_right_or_a_miss(folder, bytes(changed), f"byte {place} ^ {mask}")


def _file_with_neighbours(folder: Path) -> bytes:
    for name in "abc":
        Cache(folder).save(stored(f"{URL}/{name}", summary=name.encode() * 5000))
    Cache(folder).save(stored())
    return file_of(folder).read_bytes()


def _is_right_or_a_miss(folder: Path, content: bytes, what: str) -> None:
    right = stored().documents
    path = folder / "pages.sqlite"
    path.write_bytes(content)
    loaded = found(folder)
    assert loaded is None or _bodies(loaded.documents) == _bodies(right), what
    assert Cache(folder).save(stored()), what
    loaded = found(folder)
    assert loaded is not None, what
    assert _bodies(loaded.documents) == _bodies(right), what


def _bodies(documents: Mapping[str, Document]) -> dict[str, bytes]:
    return {name: one.body for name, one in documents.items()}


def test_a_record_cut_off_anywhere_is_a_miss(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    whole = record(folder)
    for length in range(len(whole)):
        put(folder, whole[:length])
        assert pages.load(URL) is None, f"{length} bytes"


def test_a_record_with_any_byte_changed_is_a_miss(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    whole = record(folder)
    for place in range(len(whole)):
        put(folder, whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert pages.load(URL) is None, f"byte {place}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"[]",
        b"0\n",
        b"{}\n{}\n",
        b"\x00" * 4096,
        b"%d\nnull\n" % zlib.crc32(b"null\n"),
        b"%d\n[]\n" % zlib.crc32(b"[]\n"),
        b"%d\n" % zlib.crc32(b"[" * 100_000) + b"[" * 100_000,
        "text",
        7,
    ],
)
def test_any_other_record_is_a_miss(pages: Cache, folder: Path, content: object) -> None:
    pages.save(stored())
    put(folder, content)
    assert pages.load(URL) is None
    assert pages.save(stored()) is True
    assert pages.load(URL) is not None


@pytest.mark.parametrize("content", [b"", b"damaged", b"\x00" * 4096, b"SQLite format 3\x00"])
def test_any_other_file_is_a_miss_and_replaced(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "pages.sqlite").write_bytes(content)
    assert found(folder) is None
    assert Cache(folder).save(stored()) is True
    assert found(folder) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE pages (url TEXT)",
        "CREATE TABLE pages (url TEXT, record BLOB, more TEXT NOT NULL)",
        "CREATE VIEW pages AS SELECT 1 AS url, 2 AS record",
    ],
)
def test_a_database_of_another_format_is_a_miss_and_replaced(folder: Path, statement: str) -> None:
    folder.mkdir()
    (folder / "pages.sqlite").touch()
    with opened(folder) as connection:
        connection.execute(statement)
    assert found(folder) is None
    assert Cache(folder).save(stored()) is True
    assert found(folder) is not None


CHANGES: dict[str, Callable[[Any], object]] = {
    "another format": lambda head: head.update(format=records.FORMAT + 1),
    "no format": lambda head: head.pop("format"),
    "another page": lambda head: head.update(url="https://other.example"),
    "no home": lambda head: head.pop("home"),
    "no documents": lambda head: head.update(documents=[]),
    "documents that are no list": lambda head: head.update(documents=None),
    "a document that is no object": lambda head: head.update(documents=["summary"]),
    "a document without address": lambda head: head["documents"][0].pop("url"),
    "headers that are no object": lambda head: head["documents"][0].update(headers=[]),
    "a length too many": lambda head: head["documents"][0].update(length=9999),
    "a length that is text": lambda head: head["documents"][0].update(length="9"),
    "a length that is a fraction": lambda head: [
        row.update(length=row["length"] + half)
        for row, half in zip(head["documents"], (0.5, -0.5), strict=True)
    ],
    "a time without zone": lambda head: head["documents"][0].update(
        fetched_at="2026-01-15T12:00:00"
    ),
    "no time": lambda head: head["documents"][0].update(fetched_at="yesterday"),
    "a time that is a number": lambda head: head["documents"][0].update(fetched_at=1768478400),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_record_that_says_something_else_is_a_miss(
    pages: Cache, folder: Path, change: Callable[[Any], object]
) -> None:
    pages.save(stored())
    rewrite(folder, change)
    assert pages.load(URL) is None


def test_a_rewritten_head_that_says_the_same_is_no_miss(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    rewrite(folder, lambda head: head.update(more="ignored"))
    assert pages.load(URL) is not None


def test_a_run_that_met_damage_finds_what_it_wrote(pages: Cache, folder: Path) -> None:
    folder.mkdir()
    (folder / "pages.sqlite").write_bytes(b"damaged")
    assert pages.load(URL) is None
    assert pages.save(stored()) is True
    assert pages.load(URL) is not None


# A machine that will not


def test_a_place_that_cannot_be_a_folder_is_no_cache_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    pages = Cache(tmp_path / "file" / "pages")
    assert pages.save(stored()) is False
    assert pages.load(URL) is None
    pages.prune()


def test_a_folder_in_its_place_is_a_miss_and_left_alone(pages: Cache, folder: Path) -> None:
    (folder / "pages.sqlite").mkdir(parents=True)
    assert pages.save(stored()) is False
    assert pages.load(URL) is None
    assert file_of(folder).is_dir()


def test_a_file_that_is_gone_is_made_again(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    assert pages.load(URL) is not None
    file_of(folder).unlink()
    assert pages.load(URL) is None
    assert pages.save(stored()) is True
    assert found(folder) is not None


def test_a_link_that_leads_nowhere_gives_way(pages: Cache, folder: Path) -> None:
    folder.mkdir()
    (folder / "pages.sqlite").symlink_to("nowhere")
    assert pages.load(URL) is None
    assert pages.save(stored()) is True
    assert not file_of(folder).is_symlink()


_READING = """
import os
import signal
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from outlogger_cli.engine import cache
from outlogger_cli.engine.cache import Cache
from outlogger_cli.engine.stored import Stored
from outlogger_cli.domain.model import Document, Endpoint

def reading(bodies):
    return Stored(url="https://a.example", home="", platform="", documents={
        name: Document(endpoint=Endpoint(name=name, url=""), final_url="", status=200, headers={},
                       body=body, fetched_at=datetime.now(UTC))
        for name, body in bodies.items()
    })
"""
"""What the processes below begin with."""


_NOBODY = f"""{_READING}
import urllib.parse  # nobody may be kept from reading it later
if os.getuid() == 0:
    os.setuid(65534)
with closing(Cache(Path(sys.argv[1]))) as pages:
    seen = [pages.load("https://a.example"), pages.save(reading({{"one": b"1"}})),
            pages.load("https://a.example")]
print(*map(bool, seen))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no modes")
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "answer"),
    [
        (0o555, 0o444, "True False True"),
        (0o555, 0o666, "True False True"),
        (0o555, 0o000, "False False False"),
        (0o777, 0o000, "False True True"),
        (0o000, 0o600, "False False False"),
    ],
)
def test_what_the_modes_allow_is_done(
    home: Path, folder_mode: int, file_mode: int, answer: str
) -> None:
    home.chmod(0o755)
    folder = home / "pages"
    Cache(folder).save(stored(OTHER))
    file_of(folder).chmod(file_mode)
    folder.chmod(folder_mode)
    with _process(_NOBODY, folder) as process:
        out, _ = process.communicate(timeout=PATIENCE)
    folder.chmod(0o700)
    assert (process.returncode, out) == (0, f"{answer}\n".encode())


def _process(code: str, *argv: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, argv)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_a_file_that_others_keep_is_a_miss_and_not_waited_for_twice(
    pages: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.save(stored())
    monkeypatch.setattr(cache, "LOCK_SECONDS", 0.01)
    waits = []
    connect = sqlite3.connect

    def watched(*args: Any, **options: Any) -> sqlite3.Connection:
        waits.append(options["timeout"])
        connection: sqlite3.Connection = connect(*args, **options)
        return connection

    with opened(folder) as other, closing(Cache(folder)) as late:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr(sqlite3, "connect", watched)
        assert (late.load(URL), late.load(URL), late.save(stored())) == (None, None, False)
    assert waits == [0.01, 0.0, 0.01]
    assert found(folder) is not None


# Order in the file


def test_the_oldest_readings_go_first_and_the_file_shrinks(
    pages: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("oldest", "older", "new")
    for name in ("new", *names):
        pages.save(stored(f"{URL}/{name}", summary=b" " * 10_000))
    size = file_of(folder).stat().st_size
    monkeypatch.setattr(cache, "TOTAL_LIMIT", size - 1)
    pages.prune()
    assert [name for name in names if pages.load(f"{URL}/{name}")] == ["older", "new"]
    assert file_of(folder).stat().st_size < size - 8000


def test_a_file_that_is_within_its_limit_loses_nothing(
    pages: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.save(stored())
    monkeypatch.setattr(cache, "TOTAL_LIMIT", file_of(folder).stat().st_size)
    pages.prune()
    assert pages.load(URL) is not None


def test_a_limit_that_nothing_fits_leaves_nothing(
    pages: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.save(stored())
    monkeypatch.setattr(cache, "TOTAL_LIMIT", 0)
    pages.prune()
    assert pages.load(URL) is None


# Many at once


_WRITER = f"""{_READING}
pages, letter = Cache(Path(sys.argv[1])), sys.argv[2].encode()
sys.stdin.readline()
for length in range(1, 30):
    pages.save(reading({{"many": letter * length * 1000, "one": letter}}))
    found = pages.load("https://a.example")
    if found:
        assert set(found.documents["many"].body) == set(found.documents["one"].body)
pages.close()
"""


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_twenty_processes_never_see_half_a_reading(folder: Path, content: bytes | None) -> None:
    if content:
        folder.mkdir()
        (folder / "pages.sqlite").write_bytes(content)
    writers = [_process(_WRITER, folder, letter) for letter in "abcdefghijklmnopqrst"]
    try:
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write(b"go\n")
            writer.stdin.flush()
        outs = [writer.communicate(timeout=PATIENCE)[0] for writer in writers]
        assert (outs, [writer.returncode for writer in writers]) == ([b""] * 20, [0] * 20)
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert found(folder, OTHER) is not None
    assert file_of(folder).name == "pages.sqlite"


_KILLED = f"""{_READING}
connected, left = cache._connected, iter(range(int(sys.argv[2])))

def step():
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

def counted(path, patience):
    connection = connected(path, patience)
    connection.set_progress_handler(step, 1)
    return connection

cache._connected = counted
pages = Cache(Path(sys.argv[1]))
for number in range(30):
    pages.hold(reading({{"many": bytes([number]) * 500_000}}))
pages.flush()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows kills nobody by signal")
@pytest.mark.parametrize("steps", [0, 20, 50, 100, 200, 300])
def test_a_process_that_is_killed_anywhere_leaves_what_was_there(folder: Path, steps: int) -> None:
    Cache(folder).save(stored(OTHER))
    before = found(folder, OTHER)
    with _process(_KILLED, folder, steps) as process:
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert (folder / "pages.sqlite-journal").exists() == (steps >= 50)
    assert found(folder, OTHER) == before
    assert file_of(folder).name == "pages.sqlite"


def test_what_is_held_is_written_with_the_next_flush(pages: Cache) -> None:
    pages.hold(stored())
    assert pages.load(URL) is None
    pages.flush()
    assert pages.load(URL) is not None


def test_too_much_is_never_held(pages: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "HELD_LIMIT", 10)
    pages.hold(stored())
    assert pages.load(URL) is not None
