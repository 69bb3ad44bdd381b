"""The cache: documents of status pages as they came, in one SQLite file.

A file that is missing, damaged, locked, of another format or of another user is a miss, never an
error. Processes may use it at the same time, and one that is killed leaves the file as it was.
"""

import json
import os
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outlogger_cli.domain.model import Document, Endpoint, Source
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.platforms.shared.times import plausible
from outlogger_cli.system.files import is_foreign
from outlogger_cli.system.paths import is_there

if TYPE_CHECKING:
    from sqlite3 import Connection

FORMAT = 2
"""`PRAGMA user_version` of the file. Version 0.1.0 left it at 0."""
TOTAL_LIMIT = 200 * 1024 * 1024
"""Bytes in the file over which the oldest pages are removed."""
LOAD_LIMIT = 64 * 1024 * 1024
"""Bytes of all bodies that one `load` brings into memory."""
DOCUMENT_LIMIT = 2 * 1024 * 1024
"""Bytes of the largest body that is stored."""
LOCK_SECONDS = 2.0
"""How long to wait for another process that has locked the file."""

_DAMAGE = (
    "SQLITE_CONSTRAINT",
    "SQLITE_CORRUPT",
    "SQLITE_ERROR",
    "SQLITE_NOTADB",
    "SQLITE_READONLY",
)
"""Errors of a file that is damaged, of another format, or not writable."""
_KEPT_HEADERS = ("etag", "last-modified", "cache-control", "content-type")

_SCHEMA = (
    # `saved` counts up: the lowest is the oldest. A clock may be set back.
    """CREATE TABLE page (
        saved INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        home TEXT NOT NULL,
        platform TEXT NOT NULL,
        emptied_at TEXT
    )""",
    """CREATE TABLE document (
        page TEXT NOT NULL REFERENCES page (url) ON DELETE CASCADE,
        name TEXT NOT NULL,
        url TEXT NOT NULL,
        final_url TEXT NOT NULL,
        headers TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        checksum INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (page, name)
    )""",
    f"PRAGMA user_version = {FORMAT}",
)
_SELECT_PAGE = """
    SELECT emptied_at, home, platform,
           name, document.url, final_url, headers, fetched_at, checksum, body
    FROM page JOIN document ON document.page = page.url WHERE page.url = ?
"""
_DELETE_MOVED = "DELETE FROM page WHERE url = ? AND (home, platform) IS NOT (?, ?)"
_SAVE_PAGE = """
    INSERT INTO page (url, home, platform, emptied_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (url) DO UPDATE SET
        saved = (SELECT max(saved) + 1 FROM page), emptied_at = excluded.emptied_at
"""
_SAVE_DOCUMENT = "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE_OLDEST = """
    DELETE FROM page WHERE saved = (SELECT min(saved) FROM page) AND ? < (
        SELECT (page_count - freelist_count) * page_size
        FROM pragma_page_count, pragma_freelist_count, pragma_page_size
    )
"""


@frozen
class StoredPage:
    """Documents of the page at `url`, by name; `home` is the address that answered.

    `emptied_at` is when the page was first read without components after it had some.
    """

    url: str
    home: str
    platform: str
    documents: Mapping[str, Document]
    emptied_at: datetime | None = None


class Cache:
    """The cache in `folder`, which the first `save` creates."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "pages.sqlite"

    @property
    def foreign(self) -> Path | None:
        """The cache's folder or file that is not used, because another user owns it: others may
        write anything into theirs."""
        for path in (self._file.parent, self._file):
            if os.path.lexists(path) and is_foreign(path, follows=is_there(path)):
                return path
        return None

    def load(self, urls: Iterable[str]) -> dict[str, StoredPage]:
        """Return the stored pages among `urls`, by URL, without damaged ones.

        Stop when their bodies exceed `LOAD_LIMIT`: pages after that are as if not stored.
        """
        if self.foreign or not os.path.lexists(self._file):
            return {}
        import sqlite3  # takes time that a command without a cache does not need

        pages: dict[str, StoredPage] = {}
        size = 0
        with suppress(sqlite3.Error), closing(_connect(self._file)) as connection:
            connection.execute("BEGIN")  # waits for a lock once, not for each page
            if _format_of(connection) == FORMAT:
                for url in urls:
                    if size > LOAD_LIMIT:
                        break
                    if page := _load_page(connection, url):
                        pages[url] = page
                        size += sum(len(document.body) for document in page.documents.values())
        return pages

    def save(self, pages: Iterable[StoredPage]) -> bool:
        """Store `pages` in one transaction and remove the oldest pages over `TOTAL_LIMIT`.

        Documents that were stored before and are not in `pages` stay, unless the home or platform
        of their page has changed. Documents over `DOCUMENT_LIMIT` are not stored, nor is a page
        whose first document is one. Return False if nothing was stored.
        """
        small = {page.url: page for page in map(_without_large_documents, pages) if page}
        if not small or self.foreign:
            return False
        import sqlite3

        with suppress(OSError, UnicodeEncodeError, sqlite3.Error):
            self._create()
            try:
                _write(self._file, small.values())
            except (sqlite3.Error, UnicodeDecodeError) as error:
                if not _is_damaged(self._file, error):
                    return False
                self._file.unlink(missing_ok=True)
                self._create()
                _write(self._file, small.values())
            return True
        return False

    def _create(self) -> None:
        """Create an empty file that only this user can read, unless there is one."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            self._file.touch(mode=0o600, exist_ok=False)


def _connect(path: Path) -> "Connection":
    """Open the file at `path`. SQLite must not create it: others could read it then."""
    import sqlite3
    from urllib.parse import quote  # `as_uri` loads half an HTTP client from Python 3.14 on

    name = os.fsencode(path.absolute().as_posix().removeprefix("/"))
    return sqlite3.connect(
        f"file:///{quote(name, safe='/:')}?mode=rw",
        uri=True,
        timeout=LOCK_SECONDS,
        isolation_level=None,
    )


def _format_of(connection: "Connection") -> int:
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def _load_page(connection: "Connection", url: str) -> StoredPage | None:
    """Return the page at `url` without damaged documents; None if no document is left."""
    from sqlite3 import Error

    rows, documents = [], {}
    with suppress(Error, ValueError):  # `ValueError` for text that is not UTF-8
        rows = connection.execute(_SELECT_PAGE, (url,)).fetchall()
    for _, *row in rows:
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            documents[row[2]] = _document(url, *row)
    if not documents:
        return None
    emptied, home, platform = rows[0][:3]
    emptied_at = None
    with suppress(ValueError, TypeError):  # not in the checksum: documents outlive its changes
        emptied_at = _time(emptied)
    return StoredPage(
        url=url, home=home, platform=platform, documents=documents, emptied_at=emptied_at
    )


def _document(page_url: str, *row: Any) -> Document:
    """Build a document from a row of `_SELECT_PAGE`; any error means that it is damaged."""
    *texts, checksum, body = row
    if checksum != _checksum(page_url, *texts, body=body):
        raise ValueError("damaged")
    _home, _platform, name, url, final_url, headers, fetched_at = texts
    return Document(
        endpoint=Endpoint(name=name, url=url),
        final_url=final_url,
        status=200,
        headers={key: str(text) for key, text in json.loads(headers).items()},
        body=body,
        fetched_at=_time(fetched_at),
        source=Source.CACHE,
    )


def _time(text: str) -> datetime:
    """Parse a time; `ValueError` if it has no zone, or is none that can be."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or plausible(moment.replace(tzinfo=UTC)) is None:
        raise ValueError("not a time with a zone")
    return moment.astimezone(UTC)


def _checksum(*texts: str, body: bytes) -> int:
    """Compute the checksum of a document and its page.

    SQLite checks the structure of a file but not its content. After a power cut, a row may have
    a part of another body, because writes are not synchronous.
    """
    return zlib.crc32(body, zlib.crc32("\0".join(texts).encode()))


def _without_large_documents(page: StoredPage) -> StoredPage | None:
    """Return None if the first document, without which the others mean nothing, is too large."""
    small = {
        name: document
        for name, document in page.documents.items()
        if len(document.body) <= DOCUMENT_LIMIT
    }
    first = next(iter(page.documents))
    return replace(page, documents=small) if first in small else None


def _write(path: Path, pages: Collection[StoredPage]) -> None:
    from sqlite3 import DatabaseError

    with closing(_connect(path)) as connection:
        # A power cut may damage the file, which is then a miss: see `_checksum`. A write-ahead log
        # (WAL) takes a third longer for one large transaction, also of two processes at a time.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        _create_tables(connection)
        rows = {page.url: [_row(page, one) for one in page.documents.values()] for page in pages}
        for page in pages:
            key = (page.url, page.home, page.platform)
            connection.execute(_DELETE_MOVED, key)
            emptied_at = page.emptied_at.isoformat() if page.emptied_at else None
            connection.execute(_SAVE_PAGE, (*key, emptied_at))
            connection.executemany(_SAVE_DOCUMENT, ((page.url, *row[2:]) for row in rows[page.url]))
        for page in pages:  # a damaged file may accept what it does not return
            stored = [row[1:] for row in connection.execute(_SELECT_PAGE, (page.url,))]
            if not all(row in stored for row in rows[page.url]):
                raise DatabaseError("a document is missing")
        while connection.execute(_DELETE_OLDEST, (TOTAL_LIMIT,)).rowcount:
            continue
        connection.execute("COMMIT")


def _create_tables(connection: "Connection") -> None:
    """Create the tables in an empty file; `DatabaseError` for a file of another format."""
    from sqlite3 import DatabaseError

    if _format_of(connection) == FORMAT:
        return
    if connection.execute("SELECT * FROM sqlite_master").fetchone():
        raise DatabaseError("another format")
    for statement in _SCHEMA:
        connection.execute(statement)


def _row(page: StoredPage, document: Document) -> tuple[str | int | bytes, ...]:
    """The columns of `_SELECT_PAGE` after the first."""
    headers = {key: document.headers[key] for key in _KEPT_HEADERS if key in document.headers}
    texts = (
        page.home,
        page.platform,
        document.endpoint.name,
        document.endpoint.url,
        document.final_url,
        json.dumps(headers),
        document.fetched_at.isoformat(),
    )
    return *texts, _checksum(page.url, *texts, body=document.body), document.body


def _is_damaged(path: Path, error: Exception) -> bool:
    """Whether `error` is due to the file itself, not to the disk or another process."""
    name: str = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")
    return name.startswith(_DAMAGE) or not os.access(path, os.R_OK | os.W_OK)
