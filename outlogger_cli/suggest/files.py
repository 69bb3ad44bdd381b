"""The files of somebody else's project, read with care: bounded, offline, never outside its tree.

Folders that hold other people's code or a build's output are left out, and so is every link: what
it points to is either in the tree anyway or none of this program's business.
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
"""Characters; whoever writes longer lines is a program."""

_FOREIGN = frozenset({
    "__pycache__", "__pypackages__", "_build", "_vendor", "bower_components", "build", "carthage",
    "coverage", "deps", "deriveddata", "dist", "dist-packages", "elm-stuff", "htmlcov",
    "jspm_packages", "node_modules", "obj", "out", "pods", "site-packages", "target",
    "third_party", "thirdparty", "vendor", "vendors", "venv", "wheelhouse",
})  # fmt: skip
_HIDDEN = frozenset({
    ".azure-pipelines", ".buildkite", ".circleci", ".cloud66", ".devcontainer", ".github",
    ".gitlab", ".mergify", ".platform", ".semaphore", ".tx",
})  # fmt: skip
"""Of the hidden folders only those a service reads."""

_ASIDE = frozenset({
    "__mocks__", "__tests__", "app_template", "benchmark", "benchmarks", "demo", "demos", "doc",
    "docs", "documentation", "e2e", "example", "examples", "extras", "fixture", "fixtures", "i18n",
    "l10n", "lang", "locale", "locales", "mocks", "project_template", "sample", "samples",
    "skeleton", "spec", "specs", "stubs", "test", "test-data", "testdata", "testing", "tests",
    "translations",
})  # fmt: skip
_ASIDE_FILE = re.compile(
    r"test_.*\.py|(?:conftest|noxfile)\.py|tox\.ini|.*[._-](?:tests?|spec)\.\w+"
    r"|.*Tests?\.(?:java|kt|cs|php|swift)"
    r"|.*(?:requirements.*|\b|_)(?:tests?|docs?|extras?|optional)\b.*\.(?:txt|in)"
)
_SNIFFED = 8192
_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)


class Strength(IntEnum):
    """How much a mention says; the numbers are the scores people see."""

    ASIDE = 0
    """In tests, docs and examples, or of a package that another package wants: no proposal."""

    ADDRESS = 50
    VARIABLE = 60
    LOCKED = 70
    SERVICE = 80
    """A file that only one service reads, or that names the service to use."""

    DIRECT = 90


@frozen
class Mention:
    """Something a file names that may belong to a vendor. `name` never holds a secret's value."""

    kind: str
    """A word of the first column of `owners.csv`, or `endpoint`."""

    name: str
    line: int
    strength: Strength


@dataclass(frozen=True, kw_only=True)
class Text:
    """One file as text; line ends are `\\n`."""

    path: str
    """Below the root, with slashes."""

    body: str
    laravel: bool = False
    """Whether Laravel's skeleton may have written it: one of its folders has an `artisan`."""

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def line_of(self, *needles: str) -> int:
        """The first line with the first of `needles` there is, which may begin with a line end."""
        for needle in needles:
            if (offset := self.body.find(needle)) >= 0:
                return self.line_at(offset + needle.startswith("\n"))
        return 1

    def before(self, offset: int) -> str | None:
        """What stands before `offset` on its line, None where that is longer than a person's."""
        start = self._starts[self.line_at(offset) - 1]
        return None if offset - start > LINE_LIMIT else self.body[start:offset]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.body))]


class Unread(StrEnum):
    """What is in the way of reading; the words people see, of one."""

    FILE = "unreadable file"
    FOLDER = "unreadable folder"
    TOO_LARGE = "too large file"


class Tree:
    """What lies below `root`; `unread` counts what should have been read and was not."""

    def __init__(self, root: Path) -> None:
        self.unread: Counter[Unread] = Counter()
        self._root = root

    def walk(self) -> Iterator[str]:
        """The paths of the regular files, with slashes, the upper folders first."""
        folders = deque([""])
        while folders:
            folder = folders.popleft()
            for entry in self._entries(folder):
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False) and _is_own(entry.name.lower(), entry.path):
                    folders.append(path)
                elif entry.is_file(follow_symlinks=False):
                    yield path

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file; none where it cannot be read, is longer than `limit` or is no
        text."""
        try:
            with (self._root / path).open("rb") as file:
                body = file.read(limit + 1)
        except OSError:
            self.unread[Unread.FILE] += 1
            return b""
        if len(body) > limit:
            self.unread[Unread.TOO_LARGE] += 1
            return b""
        return b"" if b"\0" in body[:_SNIFFED] and not body.startswith(_UTF16) else body

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError:
            self.unread[Unread.FOLDER] += 1
            return []


def decode(body: bytes) -> str:
    """UTF-8, or what its mark says it is: PowerShell writes UTF-16."""
    encoding = "utf-16" if body.startswith(_UTF16) else "utf-8-sig"
    return body.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def is_aside(path: str) -> bool:
    """Whether a file is about the project (tests, documentation, examples) and not of it."""
    *folders, name = PurePosixPath(path).parts
    return any(folder.lower() in _ASIDE for folder in folders) or bool(_ASIDE_FILE.fullmatch(name))


def _is_own(name: str, path: str) -> bool:
    if name.startswith("."):
        return name in _HIDDEN
    return (
        name not in _FOREIGN
        and not name.endswith(".egg-info")
        and not os.path.lexists(f"{path}/pyvenv.cfg")
    )
