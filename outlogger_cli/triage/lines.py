"""The lines of a log, as a person reads them.

Text is bytes in lower case, as everything here compares without regard to case. Colour codes, the
prefixes that CI systems put before a line, and what a progress bar has overwritten are removed.
"""

import codecs
import re
from datetime import UTC, datetime, timedelta

from outlogger_cli.triage.kinds import OWN, Kind, kind_of

LINES_LIMIT = 1_000_000
"""Lines that are looked at, the last ones. More are mostly empty ones."""

_LENGTH_LIMIT = 4000
"""Bytes at each end of a line that are looked at, the first ones to be."""

_LENGTH_LIMIT_LATER = 100
"""Bytes at each end of a line that are looked at after `_BUDGET`."""

_BUDGET = 500_000
"""Bytes of long lines that are looked at up to `_LENGTH_LIMIT`."""

_DRAWN_LIMIT = 1500
"""Bytes of a progress bar that are looked at, the last ones."""

TAIL = 4_000
"""Lines at the end of a log that are all looked at."""

_BLOCK_LIMIT = 200
"""Lines of a stack trace."""

_ESCAPES = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]"
)
_BUILDKITE = re.compile(rb"\x1b_bk;t=(\d{1,16})\x07")
_CONTROLS = bytes(set(range(32)) - {9, 10, 13, 27})
_BINARY_SHARE = 0.05

_MOMENT = rb"(\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d)(?:[.,]\d+)? ?(z|utc|[+-]\d\d:?\d\d)?"
_TIME = (
    rb"\[?" + _MOMENT + rb"\]?[ \t]*"
    rb"(?:\d\d[oe]\+? ?)?"  # GitLab: the number and the kind of the stream
)
_PREFIX = re.compile(
    rb"\s*(?:bk;t=(\d+);)?(?:[^\t\n]{1,200}\t[^\t\n]{1,200}\t(?=\d{4}-))?"  # gh run view --log
    rb"(?:" + _TIME + rb"|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]? )?"
    rb"(?:#\d+ (?:\d+\.\d+ )?)?"  # docker build
    rb"(?:[\w.-]{1,60} *\| )?"  # docker compose
)

_FIELD = re.compile(rb"\b(?:time|ts|timestamp)[\"']?[=:] ?[\"']?(?:(\d{13})\b|" + _MOMENT + rb")")
"""The time in a line of JSON or of `key=value`."""

_FIELD_BEFORE = 300
"""Bytes of a line in which `_FIELD` is looked for."""

_FRAME = re.compile(
    rb"\s+at |\s*file \"|\s+[^\s:]*[\w)]\.\w{1,5}:\d+|goroutine \d|\s*from /|.{0,300}\(0x[0-9a-f]"
    rb"|\s*\.\.\. \d+ more|\s*created by "
)
_CHAIN = re.compile(rb"caused by: |during handling of|the above exception|traceback")
"""What links one stack trace to the next."""

_EXCEPTION = re.compile(rb"[\w.]+(?:error|exception|refused|timeout)\b")


class Log:
    """The lines of a text; they are numbered from 0 here."""

    def __init__(self, text: bytes) -> None:
        self.data = readable(text)
        lines = self.data.split(b"\n")
        self.skipped = max(0, len(lines) - LINES_LIMIT)
        """Lines at the start that are not looked at."""

        self.raw = lines[self.skipped :]
        if self.skipped:
            self.data = b"\n".join(self.raw)
        self._kinds: dict[int, Kind] = {}
        self._texts: dict[int, bytes] = {}
        self._budget = _BUDGET

    def __len__(self) -> int:
        return len(self.raw)

    def text(self, at: int) -> bytes:
        """The line without what a CI system or a progress bar put there."""
        if at not in self._texts:
            limit = _LENGTH_LIMIT if self._budget > 0 else _LENGTH_LIMIT_LATER
            self._texts[at] = text = _shown(self.raw[at], limit)
            if len(text) > 2 * _LENGTH_LIMIT_LATER:
                self._budget -= len(text)
        return self._texts[at]

    def kind(self, at: int) -> Kind:
        if at not in self._kinds:
            self._kinds[at] = kind_of(self.text(at))
        return self._kinds[at]

    @property
    def tail(self) -> range:
        return range(max(0, len(self.raw) - TAIL), len(self.raw))

    def failing(self) -> list[int]:
        """The lines that fail, without the project's own failures, among those looked at."""
        fails = {Kind.FAILS, Kind.SUMMARY}
        return sorted(at for at, kind in self._kinds.items() if kind in fails)

    def last_went_well(self) -> int:
        """The last line that went well, or that shows that what was fetched before it was there.

        Without one in the tail it is the line before the tail.
        """
        well = {Kind.WENT_WELL, *OWN}
        places = (at for at in reversed(self.tail) if self.kind(at) in well)
        return next(places, self.tail.start - 1)

    def has_local(self) -> bool:
        """Whether the tail has a failure of the project's own."""
        return any(self.kind(at) in OWN for at in self.tail)

    def is_frame(self, at: int) -> bool:
        return bool(_FRAME.match(self.text(at)))

    def block_of(self, at: int) -> range:
        """The stack trace around a line that fails, and what is indented below it."""
        first, last = at, at
        while first > 0 and at - first < _BLOCK_LIMIT and self._is_within(first - 1, before=True):
            first -= 1
        while last + 1 < len(self.raw) and last - at < _BLOCK_LIMIT and self._is_within(last + 1):
            last += 1
        return range(first, last + 1)

    def _is_within(self, at: int, *, before: bool = False) -> bool:
        text = self.text(at)
        if before:  # the frames of Python precede the error, and source lines stand between them
            indented = text.startswith((b"    ", b"\t"))
            return bool(text.strip()) and (
                indented
                or self.is_frame(at)
                or bool(_CHAIN.match(text))
                or bool(_EXCEPTION.match(text))
            )
        indented = text[:1] in b" \t}])" or bool(_CHAIN.match(text))
        return bool(text.strip()) and (indented or self.is_frame(at))

    def time(self, at: int) -> datetime | None:
        """When the line was written, if it says so with a time zone."""
        raw = self.raw[at]
        match = _PREFIX.match(raw)
        if not match or not (match[1] or match[3]):
            match = _FIELD.search(raw, 0, _FIELD_BEFORE)
        milliseconds, moment, zone = match.group(1, 2, 3) if match else (None, None, None)
        try:
            if milliseconds:
                return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
            if not (moment and zone):
                return None
            written = datetime.fromisoformat(moment.decode().upper())
            return written.replace(tzinfo=UTC) - _offset(zone)
        except (ValueError, OverflowError, OSError):
            return None


def readable(text: bytes) -> bytes:
    """`text` in lower case without escape sequences; UTF-16 becomes UTF-8."""
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = text.decode("utf-16", "replace").encode()
    if b"\x1b" in text:
        text = _ESCAPES.sub(b"", _BUILDKITE.sub(rb"bk;t=\1;", text))
    text = text.lower().replace(b"\r\n", b"\n")
    return text if b"\n" in text else text.replace(b"\r", b"\n")


def is_binary(text: bytes) -> bool:
    """Whether `text` is not a log: more than a few bytes are control codes."""
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    return len(text) - len(text.translate(None, _CONTROLS)) > _BINARY_SHARE * len(text)


def _shown(raw: bytes, limit: int) -> bytes:
    """What a terminal shows of a line, without the prefix of a CI system.

    `limit` bytes at each end of it.
    """
    if b"\r" in raw:
        drawn = raw[-_DRAWN_LIMIT:].split(b"\r")
        segments = [one for one in reversed(drawn) if one.strip()] or [b""]
        raw = next((one for one in segments if kind_of(one) is Kind.FAILS), segments[0])
    if len(raw) > 2 * limit:
        raw = raw[:limit] + b" " + raw[-limit:]
    match = _PREFIX.match(raw)
    return raw[match.end() :] if match and match.end() and raw[:1] not in b" \t" else raw


def _offset(zone: bytes) -> timedelta:
    if zone in {b"z", b"utc"}:
        return timedelta()
    digits = zone.replace(b":", b"")
    span = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return -span if zone.startswith(b"-") else span
