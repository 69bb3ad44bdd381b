"""Whatever stands in a file, reading it ends in what it means, in a miss or in one line of refusal.

Files are changed as fuzzing changes them, but only a few of each, so that it takes seconds.
"""

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.watchlist.store import load
from tests.cli.commands.pages import FINE, HEALTHY, serving
from tests.fuzz import edits, files, mutation, seeds
from tests.running import run_command
from tests.shown import assert_shown

MOST = 64 << 10

changes = st.integers(0, 2**32 - 1)
"""Where the changes to a file come from."""

each = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cut_off(body: bytes, most: int) -> bytes:
    return body[: min(most, len(body) * 2 // 3)]


@each
@given(st.sampled_from(list(seeds.watchlists())), changes)
def test_a_changed_watchlist_is_edited_as_meant_or_refused(file: bytes, number: int) -> None:
    edits.edit(mutation.watchlist(file, MOST, number, cut_off))


@each
@given(st.sampled_from(list(seeds.watchlists())), changes, st.binary(max_size=8))
def test_a_changed_watchlist_is_read_or_refused_in_one_line(
    tmp_path: Path, file: bytes, number: int, tail: bytes
) -> None:
    path = tmp_path / "outlogger.toml"
    path.write_bytes(mutation.file(file[1:], MOST, number, cut_off) + tail)
    try:
        assert load(path).path == path
    except ConfigError as error:
        assert_shown(str(error))


@each
@given(st.sampled_from(list(seeds.lists())), changes)
def test_a_changed_list_is_imported_or_refused_in_lines(file: bytes, number: int) -> None:
    files.import_list(mutation.file(file, MOST, number, cut_off))


@pytest.fixture
def stored(home: Path) -> tuple[Path, bytes, list[bytes]]:
    """The file in which a healthy page is stored, its body, and the texts beside it."""
    web = serving({f"{FINE}/api/v2/summary.json": HEALTHY})
    assert run_command("check", FINE, transport=web).code == 0
    (path,) = home.rglob("pages.sqlite")
    with closing(sqlite3.connect(path)) as file:
        (page,) = file.execute("SELECT home, platform FROM page")
        ((body, *texts),) = file.execute(f"SELECT body, {', '.join(TEXTS)} FROM document")
    return path, body, [text.encode() for text in (*page, *texts)]


TEXTS = ("name", "url", "final_url", "headers", "fetched_at")


@each
@given(changes)
def test_a_changed_page_is_used_or_missed(
    stored: tuple[Path, bytes, list[bytes]], number: int
) -> None:
    """With a checksum that fits again, as if another program had written it."""
    path, body, texts = stored
    changed = list(texts)
    place = number % len(changed)
    changed[place] = mutation.file(changed[place], MOST, number, cut_off)
    checksum = zlib.crc32(body, zlib.crc32(b"\0".join([FINE.encode(), *changed])))
    columns = ", ".join(f"{name} = CAST(? AS TEXT)" for name in TEXTS)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            "UPDATE page SET home = CAST(? AS TEXT), platform = CAST(? AS TEXT)", changed[:2]
        )
        file.execute(f"UPDATE document SET {columns}, checksum = ?", (*changed[2:], checksum))
    finished = run_command("check", FINE, "--offline", "--max-age", "3650d", "--json")
    (vendor,) = finished.json["vendors"]
    assert (finished.code, vendor["verdict"]) in {(0, "ok"), (3, "unknown")}
    assert vendor["verdict"] == "ok" or vendor["error"]["kind"] == "offline"
