"""Read the files of an untrusted project: bounded, offline, and never outside its tree.

Folders of third-party code or build output are left out, and so are links to folders: their target
is in the tree anyway, or outside the project. A link to a file counts if the file is in the tree.
"""

import os
import re
from bisect import bisect_right
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import defaultdict, deque
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
_KEY = re.compile(
    r"\"([^\"\n]{1,300})\"\s{0,20}[:=]|^[ \t]*'?([\w./@-]{1,300})'?[ \t]*=|\.([\w-]{1,300})\]",
    re.MULTILINE,
)
"""A key of JSON, a key of TOML, the last part of the name of a table of TOML."""

_STRING = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
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

    def line_of(self, name: str, section: str = "") -> int:
        """The line of the key `name` below the key `section`, else of the string; else 1."""
        offsets = self._keys.get(name, [])
        start = bisect_right(offsets, self._keys.get(section, [0])[0] - 1)
        if start < len(offsets):
            return self.line_at(offsets[start])
        return self.line_at(self._strings.get(name, 0))

    def before(self, offset: int) -> str | None:
        """The text before `offset` on its line; None if it is longer than `LINE_LIMIT`."""
        start = self._starts[self.line_at(offset) - 1]
        return None if offset - start > LINE_LIMIT else self.body[start:offset]

    @cached_property
    def _keys(self) -> dict[str, list[int]]:
        """Where each key of JSON or TOML is, the first first."""
        found = defaultdict(list)
        for match in _KEY.finditer(self.body):
            found[match[1] or match[2] or match[3]].append(match.start(match.lastindex or 0))
        return found

    @cached_property
    def _strings(self) -> dict[str, int]:
        """Where each quoted string is first."""
        found: dict[str, int] = {}
        for match in _STRING.finditer(self.body):
            found.setdefault(match[1] or match[2] or "", match.start())
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.body))]


class ManifestError(ValueError):
    """A file is not what its name says, such as a `package.json` that is not JSON."""


class Unread(StrEnum):
    """Why something was not read. The values are shown to users, in the singular."""

    FILE = "unreadable file"
    FOLDER = "unreadable folder"
    INVALID = "invalid manifest"
    TOO_LARGE = "too large file"
    UNSUPPORTED = "unsupported manifest"


class Tree:
    """The files below `root`; `unread` names what could not be read."""

    def __init__(self, root: Path) -> None:
        self.unread: defaultdict[Unread, list[str]] = defaultdict(list)
        self.links: dict[str, str] = {}
        """The paths of links to files of the tree, with the paths of these files."""

        self._root = root
        self._real_root = os.path.realpath(root)

    def files(self) -> Iterator[str]:
        """The relative paths of the regular files, with slashes, upper folders first."""
        folders = deque([""])
        while folders:
            folder = folders.popleft()
            try:
                with os.scandir(self._root / folder) as scanned:
                    entries = sorted(scanned, key=lambda entry: entry.name)
            except OSError:
                self.unread[Unread.FOLDER].append(folder)
                continue
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False) and _is_own(entry.name.lower(), entry.path):
                    folders.append(path)
                elif entry.is_file(follow_symlinks=False) or self._is_link_inside(entry, path):
                    yield path

    def _is_link_inside(self, entry: os.DirEntry[str], path: str) -> bool:
        """Whether `entry` is a link to a file below the root; if so, it is noted."""
        try:
            if not entry.is_symlink() or not entry.is_file():
                return False
            target = Path(os.path.realpath(entry.path)).relative_to(self._real_root)
        except (OSError, ValueError):  # a loop of links; outside
            return False
        self.links[path] = target.as_posix()
        return ".git" not in target.parts

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file; empty if it is unreadable, longer than `limit`, or not text."""
        try:
            with Path(self._real_root, self.links.get(path, path)).open("rb") as file:
                body = file.read(limit + 1)
        except OSError:
            self.unread[Unread.FILE].append(path)
            return b""
        if len(body) > limit:
            self.unread[Unread.TOO_LARGE].append(path)
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
