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
from outlogger_cli.watchlist.schema import load
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
    files.take_in(mutation.file(file, MOST, number, cut_off))


@pytest.fixture
def stored(home: Path) -> tuple[Path, bytes]:
    """The file in which the reading of a healthy page is stored, and its record."""
    web = serving({f"{FINE}/api/v2/summary.json": HEALTHY})
    assert run_command("check", FINE, transport=web).code == 0
    (path,) = home.rglob("pages.sqlite")
    with closing(sqlite3.connect(path)) as file:
        ((record,),) = file.execute("SELECT record FROM pages")
    return path, record


@each
@given(changes)
def test_a_changed_reading_is_used_or_missed(stored: tuple[Path, bytes], number: int) -> None:
    """With a checksum that fits again, as if another program had written it."""
    path, whole = stored
    _, head, bodies = whole.split(b"\n", 2)
    raw = mutation.file(head, MOST, number, cut_off) + b"\n" + bodies
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE pages SET record = ?", (b"%d\n" % zlib.crc32(raw) + raw,))
    finished = run_command("check", FINE, "--offline", "--max-age", "3650d", "--json")
    (vendor,) = finished.json["vendors"]
    assert (finished.code, vendor["verdict"]) in {(0, "ok"), (3, "unknown")}
    assert vendor["verdict"] == "ok" or vendor["error"]["kind"] == "offline"
