"""The cache: what is saved is loaded, damage is a miss, and concurrent processes are safe."""

import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import zlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.domain.model import Source
from outlogger_cli.engine import cache
from outlogger_cli.engine.cache import DOCUMENT_LIMIT, FORMAT, Cache, StoredPage
from tests.running import PATIENCE
from tests.support import document

URL = "https://status.acme.example"
OTHER = "https://a.example"
IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0


def page(url: str = URL, **bodies: object) -> StoredPage:
    """The page at `url`; without `bodies` it has a summary and incidents."""
    named = bodies or {"summary": {"page": {"name": "Acme é"}}, "incidents": b'{"a"\n: 1}\n'}
    documents = {
        name: replace(
            document(name, body, f"{url}/{name}"),
            final_url=f"{url}/moved/{name}",
            headers={"etag": 'W/"1"', "content-type": "text/x"},
            source=Source.CACHE,
        )
        for name, body in named.items()
    }
    return StoredPage(url=url, home=f"{url}/home", platform="statuspage", documents=documents)


def save(folder: Path, *pages: StoredPage) -> bool:
    return Cache(folder).save(pages)


def load(folder: Path, url: str = URL) -> StoredPage | None:
    return Cache(folder).load([url]).get(url)


def file_of(folder: Path) -> Path:
    """The only file in `folder`."""
    (path,) = folder.iterdir()
    return path


def execute(folder: Path, *statement: Any) -> list[Any]:
    """Run an SQL statement on the file, which is created if there is none."""
    with closing(sqlite3.connect(folder / "pages.sqlite", isolation_level=None)) as connection:
        return connection.execute(*statement).fetchall()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pages"


# Saving and loading


def test_a_page_is_loaded_as_it_was_saved(folder: Path) -> None:
    assert save(folder, page()) is True
    assert load(folder) == page()


def test_only_headers_that_are_of_use_are_stored(folder: Path) -> None:
    kept = {"etag": "1", "last-modified": "2", "cache-control": "3", "content-type": "4"}
    summary = page().documents["summary"]
    sent = replace(summary, headers={**kept, "set-cookie": "secret"})
    save(folder, replace(page(), documents={"summary": sent}))
    assert load(folder) == replace(page(), documents={"summary": replace(sent, headers=kept)})
    assert b"secret" not in file_of(folder).read_bytes()


def test_a_stored_document_counts_as_read_from_the_cache(folder: Path) -> None:
    live = replace(page().documents["summary"], source=Source.LIVE)
    save(folder, replace(page(), documents={"summary": live}))
    assert load(folder) == replace(page(), documents={"summary": page().documents["summary"]})


def test_only_the_pages_that_were_asked_for_are_loaded(folder: Path) -> None:
    assert load(folder) is None
    save(folder, page(f"{URL}/a"), page(f"{URL}/b"), page(f"{URL}/c"))
    urls = [f"{URL}/a", f"{URL}/c", f"{URL}/d", f"{URL}/\ud800"]
    assert Cache(folder).load(urls) == {url: page(url) for url in urls[:2]}


def test_a_later_document_replaces_the_first_and_the_others_stay(folder: Path) -> None:
    save(folder, page(summary=b"{}", incidents=b"[1]"))
    save(folder, page(summary=b"{ }"))
    assert load(folder) == page(summary=b"{ }", incidents=b"[1]")


@pytest.mark.parametrize(
    "moved",
    [
        replace(page(summary=b"{ }"), home="https://b.example"),
        replace(page(summary=b"{ }"), platform="instatus"),
    ],
)
def test_no_document_stays_if_a_page_has_moved(folder: Path, moved: StoredPage) -> None:
    save(folder, page())
    save(folder, moved)
    assert load(folder) == moved


def test_an_address_that_is_not_text_is_not_stored(folder: Path) -> None:
    save(folder, page())
    assert save(folder, page("https://\ud800")) is False
    assert load(folder) == page()


def test_an_empty_body_is_stored(folder: Path) -> None:
    save(folder, page(summary=b"{}", incidents=b""))
    assert load(folder) == page(summary=b"{}", incidents=b"")


def test_nothing_in_a_page_names_a_file_or_is_run(folder: Path) -> None:
    urls = ("https://a.example/../../etc", "https://a.example/%00", "https://é.example/'); --")
    assert save(folder, *map(page, urls)) is True
    assert Cache(folder).load(urls) == {url: page(url) for url in urls}
    assert file_of(folder).name == "pages.sqlite"


@pytest.mark.parametrize("name", ["a b", "a?mode=ro", "a#b", "a%41", "é", "a'b"])
def test_the_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    assert save(tmp_path / name, page()) is True
    assert load(tmp_path / name) is not None
    assert file_of(tmp_path / name).name == "pages.sqlite"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only text for names")
def test_the_name_of_the_folder_may_not_be_text(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"a\xff")
    assert save(folder, page()) is True
    assert load(folder) is not None


def test_loading_or_saving_nothing_creates_nothing(folder: Path) -> None:
    assert load(folder) is None
    assert save(folder) is False
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_the_user_can_read_it(folder: Path) -> None:
    seen: list[tuple[str, int]] = []

    class Headers(dict[str, str]):
        """Headers that `save` looks at while it writes."""

        def __getitem__(self, name: str) -> str:
            seen.extend((one.name, stat.S_IMODE(one.stat().st_mode)) for one in folder.iterdir())
            return super().__getitem__(name)

    summary = replace(page().documents["summary"], headers=Headers(etag="1"))
    watched = replace(page(), documents={"summary": summary})
    assert save(folder, watched)
    assert save(folder, watched)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {*seen} == {("pages.sqlite", 0o600), ("pages.sqlite-journal", 0o600)}
    assert stat.S_IMODE(file_of(folder).stat().st_mode) == 0o600


# Limits


def test_a_page_whose_first_document_is_too_large_is_not_stored(folder: Path) -> None:
    large = page(summary=b" " * (DOCUMENT_LIMIT + 1), incidents=b"{}")
    assert save(folder, large) is False
    assert save(folder, large, page(OTHER)) is True
    assert Cache(folder).load([URL, OTHER]) == {OTHER: page(OTHER)}


def test_a_later_document_that_is_too_large_is_left_out(folder: Path) -> None:
    summary = b" " * DOCUMENT_LIMIT
    assert save(folder, page(summary=summary, incidents=b" " * (DOCUMENT_LIMIT + 1))) is True
    assert load(folder) == page(summary=summary)


def test_no_more_pages_are_loaded_than_memory_is_meant_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = [f"{URL}/{name}" for name in "abcd"]
    save(folder, *(page(url, summary=b"12345") for url in urls))
    monkeypatch.setattr(cache, "LOAD_LIMIT", 5)
    assert list(Cache(folder).load(urls)) == urls[:2]


def test_the_oldest_pages_over_the_limit_are_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = {name: page(f"{URL}/{name}", summary=b" " * 10_000) for name in "abcd"}
    for name in ("a", "b", "c", "a"):
        save(folder, large[name])
    monkeypatch.setattr(cache, "TOTAL_LIMIT", file_of(folder).stat().st_size)
    save(folder, large["d"])
    left = Cache(folder).load([stored.url for stored in large.values()])
    assert left == {large[name].url: large[name] for name in "acd"}
    assert execute(folder, "SELECT count(*) FROM document") == [(3,)]


def test_a_limit_that_nothing_fits_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "TOTAL_LIMIT", 0)
    assert save(folder, page()) is True
    assert load(folder) is None


# Damage


@pytest.fixture
def whole(folder: Path) -> bytes:
    """The content of a file of four pages, of which the last is the one at `URL`."""
    save(folder, *(page(f"{URL}/{name}", summary=name.encode() * 5000) for name in "abc"), page())
    return file_of(folder).read_bytes()


def is_right_or_a_miss_and_replaced(folder: Path, content: bytes, damage: str) -> None:
    (folder / "pages.sqlite").write_bytes(content)
    loaded = load(folder)
    documents = loaded.documents if loaded else {}
    assert documents.items() <= page().documents.items(), damage
    assert save(folder, page()), damage
    assert load(folder) == page(), damage


def test_a_file_that_is_cut_off_is_a_miss_and_replaced(folder: Path, whole: bytes) -> None:
    for length in [*range(0, len(whole), 509), len(whole) - 1]:
        is_right_or_a_miss_and_replaced(folder, whole[:length], f"{length} bytes")


def test_a_file_with_zeroed_blocks_is_right_or_a_miss(folder: Path, whole: bytes) -> None:
    for start in range(0, len(whole), 512):
        for end in (start + 512, start + 4096, len(whole)):
            zeroed = whole[:start] + bytes(end - start) + whole[end:]
            is_right_or_a_miss_and_replaced(folder, zeroed, f"bytes {start} to {end}")


def test_a_file_with_a_changed_byte_is_right_or_a_miss(folder: Path, whole: bytes) -> None:
    chosen = random.Random(1)
    heads = [start + byte for start in range(0, len(whole), 4096) for byte in range(12)]
    schema = range(4096 - 700, 4096, 7)
    for place in [*range(100), *heads, *schema, *chosen.sample(range(len(whole)), 100)]:
        for mask in (0x01, 0x80):
            changed = bytearray(whole)
            changed[place] ^= mask
            is_right_or_a_miss_and_replaced(folder, bytes(changed), f"byte {place} ^ {mask}")


@pytest.mark.parametrize("content", [b"", b"damaged", b"\x00" * 4096, b"SQLite format 3\x00"])
def test_any_other_file_is_a_miss_and_replaced(folder: Path, content: bytes) -> None:
    folder.mkdir()
    is_right_or_a_miss_and_replaced(folder, content, "")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE pages (url TEXT NOT NULL UNIQUE, record BLOB NOT NULL)",
        "CREATE TABLE page (url TEXT)",
        "CREATE VIEW page AS SELECT 1 AS url, 2 AS home, 3 AS platform",
        "CREATE TABLE document (page TEXT, name TEXT)",
    ],
)
@pytest.mark.parametrize("number", [0, FORMAT, FORMAT + 1])
def test_another_database_is_a_miss_and_replaced(folder: Path, statement: str, number: int) -> None:
    folder.mkdir()
    execute(folder, statement)
    execute(folder, f"PRAGMA user_version = {number}")
    is_right_or_a_miss_and_replaced(folder, file_of(folder).read_bytes(), "")
    assert execute(folder, "SELECT name FROM sqlite_master WHERE name = 'pages'") == []


def test_the_tables_of_another_format_are_a_miss_and_replaced(folder: Path) -> None:
    save(folder, page())
    execute(folder, f"PRAGMA user_version = {FORMAT + 1}")
    assert load(folder) is None
    assert save(folder, page(OTHER)) is True
    assert Cache(folder).load([URL, OTHER]) == {OTHER: page(OTHER)}


def test_a_file_that_does_not_return_what_was_saved_is_replaced(folder: Path) -> None:
    save(folder, page(OTHER))
    execute(folder, "CREATE TRIGGER t AFTER INSERT ON document BEGIN DELETE FROM document; END")
    assert save(folder, page()) is True
    assert Cache(folder).load([URL, OTHER]) == {URL: page()}


@pytest.mark.parametrize("column", ["home", "platform"])
def test_a_page_that_has_changed_is_a_miss(folder: Path, column: str) -> None:
    save(folder, page())
    execute(folder, f"UPDATE page SET {column} = {column} || '?'")
    assert load(folder) is None


COLUMNS = ("name", "url", "final_url", "headers", "fetched_at", "body")


@pytest.mark.parametrize("column", [*COLUMNS, "checksum"])
@pytest.mark.parametrize("content", ["'text'", "7", "NULL", "x'ff'", "CAST(x'ff' AS TEXT)"])
def test_a_document_that_has_changed_is_a_miss(folder: Path, column: str, content: str) -> None:
    save(folder, page(), page(OTHER))
    with closing(sqlite3.connect(file_of(folder), isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '')")
    change = f"UPDATE document SET {column} = {content} WHERE page = ? AND name = 'summary'"
    execute(folder, change, (URL,))
    loaded = Cache(folder).load([URL, OTHER])
    assert loaded.pop(OTHER) == page(OTHER)
    assert [list(one.documents) for one in loaded.values()] in ([], [["incidents"]])
    assert save(folder, page()) is True
    assert load(folder) == page()


def test_a_document_of_another_page_is_a_miss(folder: Path) -> None:
    save(folder, page(summary=b"1"), page(OTHER, summary=b"2"))
    execute(
        folder, "UPDATE document SET page = iif(page = ?, ?, ?), name = body", (URL, OTHER, URL)
    )
    assert Cache(folder).load([URL, OTHER]) == {}


@pytest.mark.parametrize(
    ("column", "content"),
    [
        ("headers", "[]"),
        ("headers", "{"),
        ("headers", "[" * 100_000),
        ("fetched_at", "yesterday"),
        ("fetched_at", "2026-01-15T12:00:00"),
        ("fetched_at", "0001-01-01T00:00:00+23:59"),
        ("fetched_at", "9999-12-31T23:59:59-23:59"),
        ("fetched_at", "1e400"),
        ("headers", '{"etag": 1e400}{'),
    ],
)
def test_a_document_that_another_program_wrote_is_a_miss(
    folder: Path, column: str, content: str
) -> None:
    save(folder, page(summary=b"{}"))
    rewrite(folder, **{column: content})
    assert load(folder) is None


def test_a_document_with_a_right_checksum_is_loaded(folder: Path) -> None:
    save(folder, page(summary=b"{}"))
    rewrite(folder, headers=json.dumps({"etag": 1}))
    summary = replace(page(summary=b"{}").documents["summary"], headers={"etag": "1"})
    assert load(folder) == replace(page(), documents={"summary": summary})


def rewrite(folder: Path, **changes: str) -> None:
    """Change the only document, and its checksum to match."""
    ((home, platform),) = execute(folder, "SELECT home, platform FROM page")
    (row,) = execute(folder, f"SELECT {', '.join(COLUMNS)} FROM document")
    columns = {**dict(zip(COLUMNS, row, strict=True)), **changes}
    *texts, body = columns.values()
    checksum = zlib.crc32(body, zlib.crc32("\0".join((URL, home, platform, *texts)).encode()))
    assignments = ", ".join(f"{name} = ?" for name in (*COLUMNS, "checksum"))
    execute(folder, f"UPDATE document SET {assignments}", (*columns.values(), checksum))


# Files that cannot be used


def test_a_place_that_cannot_be_a_folder_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert save(tmp_path / "file" / "pages", page()) is False
    assert load(tmp_path / "file" / "pages") is None


def test_a_folder_in_place_of_the_file_is_a_miss_and_left_alone(folder: Path) -> None:
    (folder / "pages.sqlite").mkdir(parents=True)
    assert save(folder, page()) is False
    assert load(folder) is None
    assert file_of(folder).is_dir()


@pytest.mark.parametrize("name", ["pages", "pages/pages.sqlite"])
def test_a_link_that_cannot_be_followed_is_a_miss(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "pages"
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).symlink_to("x" * 300)
    assert Cache(folder).foreign is None
    assert load(folder) is None
    assert save(folder, page()) is (name == "pages/pages.sqlite")  # which is replaced


def test_a_broken_link_is_replaced(folder: Path) -> None:
    folder.mkdir()
    (folder / "pages.sqlite").symlink_to("nowhere")
    assert load(folder) is None
    assert save(folder, page()) is True
    assert not file_of(folder).is_symlink()


def test_a_cache_of_another_user_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(folder, page())
    before = file_of(folder).read_bytes()
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1, raising=False)
    assert load(folder) is None
    assert save(folder, page(OTHER)) is False
    assert file_of(folder).read_bytes() == before


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a file to another user")
@pytest.mark.parametrize("name", [".", "pages.sqlite"])
def test_neither_the_folder_nor_the_file_may_be_of_another_user(folder: Path, name: str) -> None:
    save(folder, page())
    assert Cache(folder).foreign is None
    os.chown(folder / name, 12345, -1)
    assert Cache(folder).foreign == folder / name
    assert load(folder) is None
    assert save(folder, page(OTHER)) is False


def test_nothing_is_made_in_a_folder_of_another_user(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1, raising=False)
    assert save(folder, page()) is False
    assert list(folder.iterdir()) == []


def test_a_system_without_users_has_a_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getuid", raising=False)
    assert save(folder, page()) is True
    assert load(folder) == page()


_CHILD = """
import os
import signal
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from outlogger_cli.engine.cache import Cache, StoredPage
from outlogger_cli.domain.model import Document, Endpoint

def page(bodies):
    return StoredPage(url="https://a.example", home="", platform="", documents={
        name: Document(endpoint=Endpoint(name=name, url=""), final_url="", status=200, headers={},
                       body=body, fetched_at=datetime.now(UTC))
        for name, body in bodies.items()
    })

folder = Path(sys.argv[1])
"""
"""How the processes below begin."""


_NOBODY = f"""{_CHILD}
import urllib.parse  # this user may not be able to read it later
if os.getuid() == 0:
    os.setuid(65534)
seen = [Cache(folder).load(["https://a.example"]), Cache(folder).save([page({{"one": b"1"}})]),
        Cache(folder).load(["https://a.example"])]
print(*map(bool, seen))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
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
def test_the_cache_does_what_the_modes_allow(
    home: Path, folder_mode: int, file_mode: int, answer: str
) -> None:
    home.chmod(0o755)
    folder = home / "pages"
    save(folder, page(OTHER))
    for path, mode in ((file_of(folder), file_mode), (folder, folder_mode)):
        if IS_ROOT:
            os.chown(path, 65534, -1)
        path.chmod(mode)
    with start(_NOBODY, folder) as process:
        out, _ = process.communicate(timeout=PATIENCE)
    folder.chmod(0o700)
    assert (process.returncode, out) == (0, f"{answer}\n".encode())


def start(code: str, *argv: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, argv)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


# Many processes


@pytest.mark.parametrize(("lock", "loaded"), [("IMMEDIATE", page()), ("EXCLUSIVE", None)])
def test_a_file_that_another_process_has_locked_is_not_waited_for_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lock: str, loaded: StoredPage | None
) -> None:
    save(folder, page())
    monkeypatch.setattr(cache, "LOCK_SECONDS", 0.01)
    with closing(sqlite3.connect(file_of(folder), isolation_level=None)) as other:
        other.execute(f"BEGIN {lock}")
        assert (load(folder), save(folder, page(OTHER))) == (loaded, False)
    assert load(folder) == page()


_WRITER = f"""{_CHILD}
letter = sys.argv[2].encode()
sys.stdin.readline()
for length in range(1, 30):
    Cache(folder).save([page({{"many": letter * length * 1000, "one": letter}})])
    for found in Cache(folder).load(["https://a.example"]).values():
        assert set(found.documents["many"].body) == set(found.documents["one"].body)
"""


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_twenty_processes_never_load_half_a_page(folder: Path, content: bytes | None) -> None:
    if content:
        folder.mkdir()
        (folder / "pages.sqlite").write_bytes(content)
    writers = [start(_WRITER, folder, letter) for letter in "abcdefghijklmnopqrst"]
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
    assert load(folder, OTHER) is not None
    assert file_of(folder).name == "pages.sqlite"


_KILLED = f"""{_CHILD}
connect, left = sqlite3.connect, iter(range(int(sys.argv[2])))

def step():
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

def counted(*args, **options):
    connection = connect(*args, **options)
    connection.set_progress_handler(step, 1)
    return connection

sqlite3.connect = counted
Cache(folder).save([page({{str(number): bytes([number]) * 500_000 for number in range(30)}})])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that kills")
@pytest.mark.parametrize("steps", [0, 20, 50, 100, 200, 300, 1000])
def test_a_process_that_is_killed_leaves_the_file_as_it_was(folder: Path, steps: int) -> None:
    save(folder, page(OTHER))
    with start(_KILLED, folder, steps) as process:
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert (folder / "pages.sqlite-journal").exists() == (steps >= 100)
    assert load(folder, OTHER) == page(OTHER)
    assert file_of(folder).name == "pages.sqlite"
