"""Stored readings: what goes in comes out, damage is a miss, and concurrent runs are safe."""

import json
import os
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli import cache
from outlogger_cli.cache import DOCUMENT_LIMIT, Cache, Stored
from outlogger_cli.model import Source
from tests.running import PATIENCE
from tests.support import document

URL = "https://status.acme.example"


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


def rewrite(folder: Path, change: Callable[[Any], object]) -> None:
    """Change the head of the one stored file, whose checksum then fits again."""
    path = file_of(folder)
    _, head, bodies = path.read_bytes().split(b"\n", 2)
    values = json.loads(head)
    change(values)
    raw = json.dumps(values).encode() + b"\n" + bodies
    path.write_bytes(b"%d\n" % zlib.crc32(raw) + raw)


@pytest.fixture
def pages(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "pages")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pages"


# What goes in comes out


def test_a_reading_comes_out_as_it_went_in(pages: Cache) -> None:
    assert pages.save(stored()) is True
    found = pages.load(URL)
    expected = {
        name: replace(
            one,
            source=Source.CACHE,
            headers={"etag": 'W/"1"', "content-type": "text/x"},
        )
        for name, one in stored().documents.items()
    }
    assert found == replace(stored(), documents=expected)
    assert found is not None
    assert list(found.documents) == ["summary", "incidents"]


def test_a_page_that_was_never_read_is_a_miss(pages: Cache) -> None:
    assert pages.load(URL) is None
    pages.save(stored())
    assert pages.load(f"{URL}/team") is None


def test_a_later_reading_takes_the_place_of_the_first(pages: Cache, folder: Path) -> None:
    pages.save(stored(summary=b"{}"))
    pages.save(stored(summary=b"{ }"))
    found = pages.load(URL)
    assert found is not None
    assert found.documents["summary"].body == b"{ }"
    assert len(list(folder.iterdir())) == 1


def test_an_empty_body_is_kept(pages: Cache) -> None:
    pages.save(stored(summary=b"{}", incidents=b""))
    found = pages.load(URL)
    assert found is not None
    assert [one.body for one in found.documents.values()] == [b"{}", b""]


def test_nothing_a_page_says_names_a_file(pages: Cache, folder: Path) -> None:
    for url in ("https://acme.example/../../etc", "https://acme.example/%00", "https://é.example"):
        pages.save(stored(url))
    assert all(path.name.replace(".page", "").isalnum() for path in folder.iterdir())
    assert len(list(folder.iterdir())) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no modes")
def test_only_the_user_can_read_it(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file_of(folder).stat().st_mode) == 0o600


# Sizes


def test_a_page_whose_first_document_is_too_large_is_not_kept(pages: Cache) -> None:
    assert pages.save(stored(summary=b" " * (DOCUMENT_LIMIT + 1), incidents=b"{}")) is False
    assert pages.load(URL) is None


def test_a_later_document_that_is_too_large_is_left_out(pages: Cache) -> None:
    summary = b" " * DOCUMENT_LIMIT
    assert pages.save(stored(summary=summary, incidents=b" " * (DOCUMENT_LIMIT + 1))) is True
    found = pages.load(URL)
    assert found is not None
    assert list(found.documents) == ["summary"]


# Damage


def test_a_file_cut_off_anywhere_is_a_miss(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    path = file_of(folder)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert pages.load(URL) is None, f"{length} bytes"


def test_a_file_with_any_byte_changed_is_a_miss(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    path = file_of(folder)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
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
    ],
)
def test_any_other_file_is_a_miss(pages: Cache, folder: Path, content: bytes) -> None:
    pages.save(stored())
    file_of(folder).write_bytes(content)
    assert pages.load(URL) is None


CHANGES: dict[str, Callable[[Any], object]] = {
    "another format": lambda head: head.update(format=cache.FORMAT + 1),
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
def test_a_file_that_says_something_else_is_a_miss(
    pages: Cache, folder: Path, change: Callable[[Any], object]
) -> None:
    pages.save(stored())
    rewrite(folder, change)
    assert pages.load(URL) is None


def test_a_rewritten_head_that_says_the_same_is_no_miss(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    rewrite(folder, lambda head: head.update(more="ignored"))
    assert pages.load(URL) is not None


def test_a_damaged_file_is_replaced_by_the_next_reading(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    file_of(folder).write_bytes(b"damaged")
    assert pages.save(stored()) is True
    assert pages.load(URL) is not None


# A machine that will not


def test_a_place_that_cannot_be_a_folder_is_no_cache_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    pages = Cache(tmp_path / "file" / "pages")
    assert pages.save(stored()) is False
    assert pages.load(URL) is None
    pages.prune()


def test_a_file_that_cannot_be_replaced_leaves_nothing_beside_it(
    pages: Cache, folder: Path
) -> None:
    pages.save(stored())
    path = file_of(folder)
    path.unlink()
    path.mkdir()
    assert pages.save(stored()) is False
    assert pages.load(URL) is None
    assert list(folder.iterdir()) == [path]


# Order in the folder


def test_the_oldest_readings_go_first(
    pages: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for age, name in enumerate(("new", "older", "oldest")):
        pages.save(stored(f"{URL}/{name}", summary=b" " * 1000))
        _date(folder, 1_000_000 - age)
    size = sum(path.stat().st_size for path in folder.iterdir())
    monkeypatch.setattr(cache, "TOTAL_LIMIT", size - 1)
    pages.prune()
    left = {name for name in ("new", "older", "oldest") if pages.load(f"{URL}/{name}")}
    assert left == {"new", "older"}


def _date(folder: Path, seconds: int) -> None:
    """Date the file that has no date yet."""
    for path in folder.iterdir():
        if path.stat().st_mtime > 2_000_000:
            os.utime(path, (seconds, seconds))


def test_a_folder_within_its_limit_loses_nothing(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    pages.prune()
    assert len(list(folder.iterdir())) == 1


def test_what_a_killed_run_left_goes_after_an_hour(pages: Cache, folder: Path) -> None:
    pages.save(stored())
    left, fresh = folder / "0a.1-1.tmp", folder / "0a.2-2.tmp"
    left.touch()
    os.utime(left, (0, 0))
    fresh.touch()
    pages.prune()
    assert {path.suffix for path in folder.iterdir()} == {".page", ".tmp"}
    assert (left.exists(), fresh.exists()) == (False, True)


def test_a_file_that_goes_while_the_folder_is_read_is_no_error(
    pages: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.save(stored())
    found = list(os.scandir(folder))
    file_of(folder).unlink()

    class Listing:
        def __enter__(self) -> list[os.DirEntry[str]]:
            return found

        def __exit__(self, *_error: object) -> None: ...

    monkeypatch.setattr(os, "scandir", lambda _folder: Listing())
    pages.prune()


# Many at once


_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from outlogger_cli.cache import Cache, Stored
from outlogger_cli.model import Document, Endpoint

def reading(bodies):
    return Stored(url="https://a.example", home="", platform="", documents={
        name: Document(endpoint=Endpoint(name=name, url=""), final_url="", status=200, headers={},
                       body=body, fetched_at=datetime.now(UTC))
        for name, body in bodies.items()
    })

pages, letter = Cache(Path(sys.argv[1])), sys.argv[2].encode()
sys.stdin.readline()
for length in range(1, 30):
    assert pages.save(reading({"many": letter * length * 1000, "one": letter}))
    found = pages.load("https://a.example")
    assert found is not None
    assert set(found.documents["many"].body) == set(found.documents["one"].body)
"""


def test_twenty_processes_never_see_half_a_reading(folder: Path) -> None:
    root = str(Path(__file__).parent.parent)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(folder), letter],
            stdin=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
        )
        for letter in "abcdefghijklmnopqrst"
    ]
    try:
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write(b"go\n")
            writer.stdin.close()
        assert [writer.wait(PATIENCE) for writer in writers] == [0] * 20
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    assert len(list(folder.iterdir())) == 1


def test_what_is_held_is_written_with_the_next_flush(pages: Cache) -> None:
    pages.hold(stored())
    assert pages.load(URL) is None
    pages.flush()
    assert pages.load(URL) is not None


def test_too_much_is_never_held(pages: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "HELD_LIMIT", 10)
    pages.hold(stored())
    assert pages.load(URL) is not None
