"""The lines of a log, and what each of them says: that something failed, or that it went well.

Text is bytes in lower case, as everything here compares without regard to case. Colour codes, the
prefixes that CI systems put before a line, and what a progress bar has overwritten are removed.
"""

import codecs
import re
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

LINES_LIMIT = 1_000_000
"""Lines that are looked at, the last ones. More are mostly empty ones."""

_LENGTH_LIMIT = 4000
"""Bytes at each end of a line that are looked at."""

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

_TIME = (
    rb"\[?(\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d)(?:[.,]\d+)? ?(z|utc|[+-]\d\d:?\d\d)?\]?[ \t]*"
    rb"(?:\d\d[oe]\+? ?)?"  # GitLab: the number and the kind of the stream
)
_PREFIX = re.compile(
    rb"\s*(?:bk;t=(\d+);)?(?:[^\t\n]{1,200}\t[^\t\n]{1,200}\t(?=\d{4}-))?"  # gh run view --log
    rb"(?:" + _TIME + rb"|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]? )?"
    rb"(?:#\d+ (?:\d+\.\d+ )?)?"  # docker build
    rb"(?:[\w.-]{1,60} *\| )?"  # docker compose
)


class Kind(Enum):
    """What a line says."""

    FAILS = auto()
    SUMMARY = auto()
    """Something before it failed: `exit code 1`."""

    LOCAL = auto()
    """The project's own failure, such as an assertion: what was fetched before was there."""

    WENT_WELL = auto()
    OTHER = auto()


_CODE = rb"(?:4(?:0\d|2\d|99)|5\d\d)(?![\d%]|[.,]\d| ?(?:ms|[kmg]i?b|bytes|\w+s\b))"
_REMOTE = re.compile(
    rb"timed[ -]?out\b|time out\b|time-out\b|(?<!-)timeout(?![-_\w]|['\"]?\s*[:=]\s*['\"]?\d|\s+\d)"
    rb"|etimedout|econn(?:refused|reset|aborted)|epipe|broken pipe|sockettimedout"
    rb"|timeouterror|timeoutexception"
    rb"|connection (?:\w+ ){0,2}(?:refused|reset|aborted|closed|broken|error|failed|lost|timed)"
    rb"|refused|reset by peer|enotfound|eai_|getaddrinfo|resolve (?:host|proxy|address|source)"
    rb"|name or service not known|name resolution|no such host|nodename nor servname|unknown ?host"
    rb"|unreachable|ehostunreach|no route to host|hang up|hung up|unexpected(?: \w+)? eof|early eof"
    rb"|: eof\b|remote end closed|disconnected|bad gateway|signed by unknown|self[- ]signed"
    rb"|service ?unavailable|temporarily unavailable|internal ?server ?error|gateway time"
    rb"|too ?many ?requests|rate ?limit(?:ed| exceeded| reached| hit)|pull rate limit|throttl"
    rb"|slow ?down|overloaded|fetch failed|failed to fetch|forbidden|unauthorized|connectionfailed"
    rb"|failed to connect|connect(?:ion)? ?error|ioerror|networkerror|deadline ?exceeded"
    rb"|failed to download|failed to pull|failed to push|could not transfer|temporary failure"
    rb"|trouble with your network|request cancell?ed|end of file|failure resolving|dns error"
    rb"|server misbehaving|failed to lookup|proxyconnect|proxyerror"
    rb"|\b(?:get|post|put|head|patch|delete)[^a-z0-9\n]{1,6}"
    + _CODE
    + rb"|(?:status(?: ?code)?|code|http(?:/[\d.]+)?|error|returned|response|responded with|got"
    rb"|received|server)(?:[^a-z0-9\n]{1,4}|: e| is |=)"
    + _CODE
    + rb"|(?<![\d.])"
    + _CODE
    + rb" (?:bad|unauth|forbid|not found|request|too many|internal|gateway|service|proxy|origin"
    rb"|web server|client error|server error)"
)
_SECURE = re.compile(rb"\b(?:tls|ssl|x509)\b|certificate|handshake|openssl")
_FAILS = re.compile(
    rb"err!|(?<![-/@.])(?<!no )(?<!0 )(?:error|exception|failure)s?(?![-/@\w]|\.\w"
    rb"|(?:[:=]| is)+ ?(?:0|none|null|false)\b)"
    rb"|(?<![-/@\w])(?<!0 )fail(?:ed|s|ing)?(?![-/@\w]|\.\w|[:=]+ ?(?:0|false)\b)"
    rb"|fatal|unable to|could(?: no|n')t|\bcan(?:not|'t)\b|panic:|\babort(?:ed|ing)\b"
    rb"|g[ai]v(?:e|ing) up|rejected|unavailable|\bkilled\b|denied|not found\b"
    rb"|\xe2\x9c[\x96\x97\x98]|\xe2\x9d\x8c"  # crosses
)
_SUMMARY = re.compile(
    rb"exit(?:ed)?(?: with)?(?: exit)?[ -](?:code|status)[: ]+[1-9]|completed with exit code"
    rb"|make(?:\[\d+\])?: \*\*\*|(?:job|build|pipeline|workflow|step|task|command) failed"
    rb"|elifecycle|lifecycle script|non-zero|did not complete successfully|exited with [1-9]"
    rb"|complete log of this|finished: failure|errors? occurred during"
    rb"|(?:err!|npm error) (?:errno|path|command|syscall|code \d)|err!$"
)
_LOCAL = re.compile(
    rb"assert|\bexpect(?:ed)?\b|^(?:error|fail): test|^\s*(?:---|===) fail"
    rb"|^\s*fail(?:ed)?[ \t:]+\S*(?:test|spec|::|\.)|^\s*failures:\s*$"
    rb"|failing tests?\b|\.{5,}failed$|failed: +\d+, passed"
    rb"|tests? (?:\w+ )?fail|\d+ (?:\w+ )?fail(?:ed|ing|ures?)|failures? in|err! test failed"
    rb"|\b(?:syntax|type|reference|name|attribute|import|modulenotfound|indentation|key|index"
    rb"|zerodivision|unboundlocal|assertion|nullpointer|nomethod|argument|recursion|runtime"
    rb"|numberformat|classcast|illegalstate|illegalargument)(?:error|exception)\b"
    rb"|compil|error ts\d|error\[e\d|error cs\d|undefined reference|cannot find (?:symbol|module)"
    rb"|undefined: |is not defined|segmentation|segfault|lint\b|no space left|out of memory"
    rb"|permission denied(?! \()|no such file or directory|command not found|is not recognized"
    rb"|missing script|parse error|invalid syntax|unexpected token|coverage|snapshot|eresolve"
    rb"|\w\.\w+:\d+:\d+: (?:fatal )?error"
)
_TEST_FILE = re.compile(rb"\s*fail(?:ed)?[ \t:]+(?!\S*://)\S*(?:test|spec)s?\b")
"""A runner's line about a file of tests, whose path does not count as words."""

_WENT_WELL = re.compile(
    rb"\bdone\b|success(?:ful|fully)?\b|succeeded|\bok\b|passed|completed?\b|finished"
    rb"|\badded \d+ packages|up[ -]to[ -]date|downloaded|uploaded|\bpushed\b|pull complete"
    rb"|\bpulled\b|digest: sha|\bfetched\b|\binstalled\b|\bsaved\b|\bcreated\b|\bpublished\b"
    rb"|\bdeployed\b|\bresolved \d+|\bunpacked\b|-> fetch_head|\* \[new "
    rb"|[0-9a-f]{6}\.\.\.?[0-9a-f]{6,40} .{1,200} -> |\blogged in\b"
    rb"|^\s*(?:upload|download|copy): "
    rb"|100 ?%|(?:get|post|put|head|http(?:/[\d.]+)?|status(?:[ _]?code)?)\"?[:= ]+2\d\d\b"
    rb"|\" 2\d\d \d|exit code[: ]+0\b|\xe2\x9c[\x93\x94\x85]|\bhit:\d+ |\bhealthy\b"
)
_PATHS = re.compile(
    rb"(?:https?|git|ssh)://[^\s'\"<>]+|(?<![\w.@~-])(?!http/\d)[\w.@~-]*/[\w./@~+-]+"
)

_FRAME = re.compile(
    rb"\s+at |\s*file \"|\s+[^\s:]*[\w)]\.\w{1,5}:\d+|goroutine \d|\s*from /|.{0,300}\(0x[0-9a-f]"
    rb"|\s*\.\.\. \d+ more|\s*created by "
)
_CHAIN = re.compile(rb"caused by: |during handling of|the above exception|traceback")
"""What links one stack trace to the next."""

_EXCEPTION = re.compile(rb"[\w.]+(?:error|exception|refused|timeout)\b")
_LOOPBACK = re.compile(
    rb"(?<![\w.-])(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal)"
    rb"(?![\w-])(?!:53\b)"
)
_DNS = re.compile(
    rb"enotfound|eai_again|getaddrinfo|(?:not|n't) resolve|name or service not known|no such host"
    rb"|name resolution|failure resolving|nodename nor servname|unknown ?host|failed to lookup"
    rb"|server misbehaving|name lookup|dns (?:error|lookup|resolution)|network is unreachable"
    rb"|enetunreach|failed to resolve"
)
_PROXY = re.compile(
    rb"proxyconnect|(?:connect to|resolve|through) (?:the )?proxy|proxyerror|tunneling socket"
    rb"|from proxy after connect|407 proxy|proxy authentication"
)
_MOCK = re.compile(
    rb"\bmock(?:ed|s|ing)?\b|_mock\b|mock[_.(]|\bstub(?:bed|s|_request)?\b|\bnock\(|\bresponses\.\w"
    rb"|\brespx\b|\bhttpretty\b|\bwiremock\b|\bcassettes?\b|\bfake\b"
)
"""A mock of the host in the line."""

_WARNING = re.compile(rb"\bwarn(?:ing)?\b|retry|attempt \d|will try again|deprecated")


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

    def __len__(self) -> int:
        return len(self.raw)

    def text(self, at: int) -> bytes:
        """The line without what a CI system or a progress bar put there."""
        if at not in self._texts:
            self._texts[at] = _shown(self.raw[at])
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
        well = {Kind.WENT_WELL, Kind.LOCAL}
        places = (at for at in reversed(self.tail) if self.kind(at) in well)
        return next(places, self.tail.start - 1)

    def has_local(self) -> bool:
        """Whether the tail has a failure of the project's own."""
        return any(self.kind(at) is Kind.LOCAL for at in self.tail)

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
        match = _PREFIX.match(self.raw[at])
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


def kind_of(line: bytes) -> Kind:
    """What `line` says, by its words; those of paths and addresses do not count."""
    words = _PATHS.sub(b" ", line) if b"/" in line else line
    fails = bool(_FAILS.search(words))
    if _REMOTE.search(words) or (fails and _SECURE.search(words)):
        return Kind.FAILS
    if _SUMMARY.search(words):
        return Kind.SUMMARY
    if not fails:
        return Kind.WENT_WELL if _WENT_WELL.search(words) else Kind.OTHER
    return Kind.LOCAL if _LOCAL.search(words) or _TEST_FILE.match(line) else Kind.FAILS


def is_dns(line: bytes) -> bool:
    """Whether a line that fails says that a name was not found, or that there is no network."""
    return bool(_DNS.search(line))


def is_proxy(line: bytes) -> bool:
    return bool(_PROXY.search(line))


def is_remote(line: bytes) -> bool:
    """Whether a line that fails speaks of a connection or of an HTTP status."""
    words = _PATHS.sub(b" ", line)
    return bool(_REMOTE.search(words) or _SECURE.search(words))


def is_loopback(line: bytes) -> bool:
    """Whether it names this machine; the address of its name server does not count."""
    return bool(_LOOPBACK.search(line))


def is_mock(line: bytes) -> bool:
    """Whether the line says that a test mocks a host."""
    return bool(_MOCK.search(line))


def is_warning(line: bytes) -> bool:
    return bool(_WARNING.search(line))


def _shown(raw: bytes) -> bytes:
    """What a terminal shows of a line, without the prefix of a CI system."""
    if b"\r" in raw:
        drawn = raw[-_DRAWN_LIMIT:].split(b"\r")
        segments = [one for one in reversed(drawn) if one.strip()] or [b""]
        raw = next((one for one in segments if kind_of(one) is Kind.FAILS), segments[0])
    if len(raw) > 2 * _LENGTH_LIMIT:
        raw = raw[:_LENGTH_LIMIT] + b" " + raw[-_LENGTH_LIMIT:]
    match = _PREFIX.match(raw)
    return raw[match.end() :] if match and match.end() and raw[:1] not in b" \t" else raw


def _offset(zone: bytes) -> timedelta:
    if zone in {b"z", b"utc"}:
        return timedelta()
    digits = zone.replace(b":", b"")
    span = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return -span if zone.startswith(b"-") else span
