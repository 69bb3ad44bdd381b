"""Stored readings: the documents of a page as they came, one record a page in one file.

A file or record that is damaged, cut off, or of another format is a miss and gets replaced. What a
page says is never part of a statement or a path. Concurrent runs are safe, and a killed one leaves
what was there before: who cannot have the file in time does without.
"""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outlogger_cli.engine import stored
from outlogger_cli.engine.stored import Stored

if TYPE_CHECKING:
    from sqlite3 import Connection

TOTAL_LIMIT = 200 * 1024 * 1024
HELD_LIMIT = 16 * 1024 * 1024
"""Bytes that wait in memory to be written."""
LOCK_SECONDS = 2.0
"""How long another run may keep this one from the file."""

_DAMAGE = (
    "SQLITE_CONSTRAINT",
    "SQLITE_CORRUPT",
    "SQLITE_ERROR",
    "SQLITE_NOTADB",
    "SQLITE_READONLY",
)
"""What SQLite calls a file that is damaged, of another format, or not for this user to write."""
_BEGIN = (
    "PRAGMA synchronous = OFF",
    "PRAGMA auto_vacuum = FULL",
    "BEGIN IMMEDIATE",
    "CREATE TABLE IF NOT EXISTS pages (url TEXT NOT NULL UNIQUE, record BLOB NOT NULL)",
)
_GET = "SELECT record FROM pages WHERE url = ?"
_PUT = "INSERT OR REPLACE INTO pages (url, record) VALUES (?, ?)"
_DROP_OLDEST_OVER = """
    DELETE FROM pages WHERE rowid = (SELECT min(rowid) FROM pages) AND ? < (
        SELECT (page_count - freelist_count) * page_size
        FROM pragma_page_count, pragma_freelist_count, pragma_page_size
    )
"""
"""What is put, anew too, gets the highest number: the lowest is the oldest."""


class Cache:
    """The stored readings in `folder`, which is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "pages.sqlite"
        self._turn = threading.RLock()
        self._connection: Connection | None = None
        self._patience = LOCK_SECONDS
        self._held: list[Stored] = []
        self._held_bytes = 0

    def load(self, url: str) -> Stored | None:
        """What is stored of the page at `url`, None where that is nothing or damaged.

        It leaves the file open for the next: `close` it after the last.
        """
        try:
            return stored.decoded(self._record(url), url)
        except (OSError, ValueError):  # a damaged file may name a table in no known encoding
            return None

    def close(self) -> None:
        """Let go of the file; whatever comes next opens it again."""
        with self._turn:
            if self._connection:
                self._connection.close()
            self._connection = None

    def hold(self, reading: Stored) -> None:
        """Keep `reading` with the next `flush`, which comes by itself before too much is held.

        One transaction is cheaper than many. Beside threads that compute, every call into the
        file system waits for its turn to go on: better to write when they are done.
        """
        self._held.append(reading)
        self._held_bytes += sum(len(document.body) for document in reading.documents.values())
        if self._held_bytes > HELD_LIMIT:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        small = [reading for reading in self._held if stored.fits(reading)]
        if small:
            self._write(lambda connection: _put(connection, small))
        self._held, self._held_bytes = [], 0

    def save(self, reading: Stored) -> bool:
        """Keep `reading`; False where it is too large or this machine will not have it."""
        return stored.fits(reading) and self._write(lambda connection: _put(connection, [reading]))

    def prune(self) -> None:
        """Remove the oldest readings over `TOTAL_LIMIT`."""
        with suppress(OSError):
            if self._file.stat().st_size > TOTAL_LIMIT:
                self._write(_drop_oldest)

    def _record(self, url: str) -> Any:
        """What the file has for the page at `url`. Who once waited for it in vain does not wait
        again: a run asks for hundreds."""
        if not self._file.exists():
            return None
        import sqlite3

        with self._turn:
            try:
                self._connection = self._connection or _connected(self._file, self._patience)
                row = self._connection.execute(_GET, (url,)).fetchone()
            except sqlite3.Error:
                self._patience = 0.0
                self.close()
                return None
        return row and row[0]

    def _write(self, work: "Callable[[Connection], object]") -> bool:
        """Do `work` in one transaction; a file that is no good gives way to a new one."""
        import sqlite3

        with suppress(OSError, sqlite3.Error):
            try:
                _transact(self._file, work)
            except (sqlite3.Error, UnicodeDecodeError) as error:
                if not _is_no_good(self._file, error):
                    return False
                self.close()
                self._file.unlink(missing_ok=True)
                _transact(self._file, work)
            return True
        return False


def _transact(path: Path, work: "Callable[[Connection], object]") -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)
    with closing(_connected(path, LOCK_SECONDS)) as connection:
        for statement in _BEGIN:
            connection.execute(statement)
        work(connection)
        connection.execute("COMMIT")


def _connected(path: Path, patience: float) -> "Connection":
    """The file at `path`, which is not made: SQLite would let others read it."""
    import sqlite3
    from urllib.parse import quote  # `as_uri` loads half an HTTP client from Python 3.14 on

    name = os.fsencode(path.absolute().as_posix().removeprefix("/"))
    return sqlite3.connect(
        f"file:///{quote(name, safe='/:')}?mode=rw",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )


def _is_no_good(path: Path, error: Exception) -> bool:
    """Whether `error` is the file's own fault, not that of the disk or another run."""
    name: str = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")
    return name.startswith(_DAMAGE) or not os.access(path, os.R_OK | os.W_OK)


def _put(connection: "Connection", readings: Sequence[Stored]) -> None:
    """Put `readings`, and look whether they are there: SQLite takes a file that is cut off for one
    that ends in zeros, and may write where it will not look."""
    from sqlite3 import DatabaseError

    for reading in readings:
        record = stored.encoded(reading)
        connection.execute(_PUT, (reading.url, record))
        if connection.execute(_GET, (reading.url,)).fetchone() != (record,):
            raise DatabaseError("a record is not where it was put")


def _drop_oldest(connection: "Connection") -> None:
    while connection.execute(_DROP_OLDEST_OVER, (TOTAL_LIMIT,)).rowcount:
        continue
