"""Read the files of an untrusted project: bounded, offline, and never outside its tree.

Folders of third-party code or build output are left out, and so are links: their target is in the
tree anyway, or outside the project.
"""

import os
import re
from bisect import bisect_right
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath

from outlogger_cli.domain.values import frozen

LINE_LIMIT = 2_000
"""Characters; longer lines were written by a program."""

_EXCLUDED = frozenset({
    "__pycache__", "__pypackages__", "_build", "_vendor", "bower_components", "build", "carthage",
    "coverage", "deps", "deriveddata", "dist", "dist-packages", "elm-stuff", "htmlcov",
    "jspm_packages", "node_modules", "obj", "out", "pods", "site-packages", "target",
    "third_party", "thirdparty", "vendor", "vendors", "venv", "wheelhouse",
})  # fmt: skip
_SERVICE_FOLDERS = frozenset({
    ".azure-pipelines", ".buildkite", ".circleci", ".cloud66", ".devcontainer", ".github",
    ".gitlab", ".mergify", ".platform", ".semaphore", ".tx",
})  # fmt: skip
"""The hidden folders that are read: those of services."""

_AUXILIARY = frozenset({
    "__mocks__", "__tests__", "app_template", "benchmark", "benchmarks", "demo", "demos", "doc",
    "docs", "documentation", "e2e", "example", "examples", "extras", "fixture", "fixtures", "i18n",
    "l10n", "lang", "locale", "locales", "mocks", "project_template", "sample", "samples",
    "skeleton", "spec", "specs", "stubs", "test", "test-data", "testdata", "testing", "tests",
    "translations",
})  # fmt: skip
_AUXILIARY_FILE = re.compile(
    r"test_.*\.py|(?:conftest|noxfile)\.py|tox\.ini|.*[._-](?:tests?|spec)\.\w+"
    r"|.*Tests?\.(?:java|kt|cs|php|swift)"
    r"|.*(?:requirements.*|\b|_)(?:tests?|docs?|extras?|optional)\b.*\.(?:txt|in)"
)
_INSPECTED = 8192
_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)


class Strength(IntEnum):
    """How much a mention counts; the numbers are the scores that users see."""

    WEAK = 0
    """In tests, docs and examples, or an indirect dependency: alone it makes no proposal."""

    ADDRESS = 50
    VARIABLE = 60
    LOCKED = 70
    SERVICE = 80
    """A file that only one service reads, or that names the service it uses."""

    DIRECT = 90


@frozen
class Mention:
    """Something in a file that may belong to a vendor. `name` never contains a secret."""

    kind: str
    """A kind of `owners.csv` (its first column), or `endpoint`."""

    name: str
    line: int
    strength: Strength


@dataclass(frozen=True, kw_only=True)
class Text:
    """One file as text; line ends are `\\n`."""

    path: str
    """Relative to the root, with slashes."""

    body: str
    laravel: bool = False
    """Whether the file may come from Laravel's template: one of its folders has an `artisan`."""

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def line_of(self, *needles: str) -> int:
        """The line of the first of `needles` that the text contains, else 1.

        A needle may begin with a line end.
        """
        for needle in needles:
            if (offset := self.body.find(needle)) >= 0:
                return self.line_at(offset + needle.startswith("\n"))
        return 1

    def before(self, offset: int) -> str | None:
        """The text before `offset` on its line; None if it is longer than `LINE_LIMIT`."""
        start = self._starts[self.line_at(offset) - 1]
        return None if offset - start > LINE_LIMIT else self.body[start:offset]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.body))]


class Unread(StrEnum):
    """Why something was not read. The values are shown to users, in the singular."""

    FILE = "unreadable file"
    FOLDER = "unreadable folder"
    TOO_LARGE = "too large file"


class Tree:
    """The files below `root`; `unread` counts what could not be read."""

    def __init__(self, root: Path) -> None:
        self.unread: Counter[Unread] = Counter()
        self._root = root

    def files(self) -> Iterator[str]:
        """The relative paths of the regular files, with slashes, upper folders first."""
        folders = deque([""])
        while folders:
            folder = folders.popleft()
            try:
                with os.scandir(self._root / folder) as scanned:
                    entries = sorted(scanned, key=lambda entry: entry.name)
            except OSError:
                self.unread[Unread.FOLDER] += 1
                continue
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False) and _is_own(entry.name.lower(), entry.path):
                    folders.append(path)
                elif entry.is_file(follow_symlinks=False):
                    yield path

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file; empty if it is unreadable, longer than `limit`, or not text."""
        try:
            with (self._root / path).open("rb") as file:
                body = file.read(limit + 1)
        except OSError:
            self.unread[Unread.FILE] += 1
            return b""
        if len(body) > limit:
            self.unread[Unread.TOO_LARGE] += 1
            return b""
        return b"" if b"\0" in body[:_INSPECTED] and not body.startswith(_UTF16) else body


def decode(body: bytes) -> str:
    """Decode UTF-8, or UTF-16 if a byte order mark says so, as PowerShell writes it."""
    encoding = "utf-16" if body.startswith(_UTF16) else "utf-8-sig"
    return body.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def is_auxiliary(path: str) -> bool:
    """Whether a file belongs to tests, documentation or examples."""
    *folders, name = PurePosixPath(path).parts
    return any(folder.lower() in _AUXILIARY for folder in folders) or bool(
        _AUXILIARY_FILE.fullmatch(name)
    )


def _is_own(name: str, path: str) -> bool:
    if name.startswith("."):
        return name in _SERVICE_FOLDERS
    return (
        name not in _EXCLUDED
        and not name.endswith(".egg-info")
        and not os.path.lexists(f"{path}/pyvenv.cfg")
    )
