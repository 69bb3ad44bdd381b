"""What a line of a log says, by its words: that something failed, or that it went well.

Lines are bytes in lower case, without colour codes and the prefixes of CI systems.
"""

import re
from enum import Enum, auto


class Kind(Enum):
    """What a line says."""

    FAILS = auto()
    SUMMARY = auto()
    """Something before it failed: `exit code 1`."""

    LOCAL = auto()
    """The project's own failure, such as an assertion: what was fetched before was there."""

    REFUSED = auto()
    """A vendor answered, and refused a request for what it asks: rights, or a name or version that
    does not exist."""

    WENT_WELL = auto()
    OTHER = auto()


OWN = frozenset({Kind.LOCAL, Kind.REFUSED})
"""The failures that are the caller's own."""


def _status(codes: bytes) -> re.Pattern[bytes]:
    """A pattern for one of the HTTP status `codes` in the words of a log."""
    code = rb"(?:" + codes + rb")(?![\d%]|[.,]\d| ?(?:ms|[kmg]i?b|bytes|\w+s\b))"
    return re.compile(
        rb"\b(?:get|post|put|head|patch|delete)[^a-z0-9\n]{1,6}"
        + code
        + rb"|(?:status(?: ?code)?|code|http(?:/[\d.]+)?|error|returned|response|responded with|got"
        rb"|received|server)(?:[^a-z0-9\n]{1,4}|:? e| is |=)"
        + code
        + rb"|(?<![\d.])"
        + code
        + rb"\]? (?:bad|unauth|forbid|not found|request|too many|internal|gateway|service|proxy"
        rb"|origin|web server|client error|server error|payment|conflict|unprocessable"
        rb"|get|post|put|head|patch|delete)"
    )


_CODE = re.compile(rb"[45]\d\d")
_FAILED_CODE = _status(rb"40[78]|42[159]|499|5\d\d")
_REFUSED_CODE = _status(rb"40[0-69]|41\d|42[0234678]|451")
_REMOTE = re.compile(  # 20 times as fast while each part begins with a letter
    rb"timed[ -]?out\b|time out\b|time-out\b"
    rb"|timeout(?<!-timeout)(?![-_\w]|['\"]?\s*[:=]\s*['\"]?\d|\s+\d)"
    rb"|etimedout|econn(?:refused|reset|aborted)|epipe|broken pipe|sockettimedout"
    rb"|timeouterror|timeoutexception"
    rb"|connection (?:\w+ ){0,2}(?:refused|reset|aborted|closed|broken|error|failed|lost|timed)"
    rb"|refused|reset by peer|enotfound|eai_|getaddrinfo|resolve (?:host|proxy|address)"
    rb"|name or service not known|name resolution|no such host|nodename nor servname|unknown ?host"
    rb"|host not found|unreachable|ehostunreach|no route to host|hang up|hung up|early eof"
    rb"|unexpected(?: \w+)? eof|: eof\b|remote end closed|disconnected|bad gateway"
    rb"|certificate has expired|cert_has_expired|internal ?server ?error|gateway time"
    rb"|service ?unavailable|temporarily unavailable|currently unavailable"
    rb"|too ?many ?requests|rate ?limit(?:ed| exceeded| reached| hit)|pull rate limit|throttl"
    rb"|slow ?down|overloaded|connectionfailed|fetch failed|typeerror: failed to fetch"
    rb"|failed to connect|connect(?:ion)? ?error|networkerror|deadline ?exceeded"
    rb"|temporary failure|trouble with your network|request cancell?ed|end of file"
    rb"|failure resolving|dns error|server misbehaving|failed to lookup|proxyconnect|proxyerror"
)
_REFUSED = re.compile(
    rb"forbidden|unauthorized|unauthenticated|bad ?request|invalid_request"
    # an SDK of AWS, with the name of the error
    rb"|an error occurred \((?!\w*(?:throttl|slow|unavailable|internal|server|time|exceeded|toomany"
    rb"|5\d\d))"
)
_ALWAYS_OWN = re.compile(
    rb"signed by unknown|self[- _]signed|local[ _]issuer[ _]cert"  # by a proxy that reads along
    rb"|insufficient_quota|exceeded your current quota|credit balance is too low|billing hard limit"
)
"""A failure of the caller's own, whatever else the line says."""

_SECURE = re.compile(rb"\b(?:tls|ssl|x509)\b|certificate|handshake|openssl")
_FAILS = re.compile(
    rb"err!|(?<![-/@.])(?<!no )(?<!0 )(?:error|exception|failure)s?(?![-/@\w]|\.\w"
    rb"|(?:[:=]| is)+ ?(?:0|none|null|false)\b)"
    rb"|(?<![-/@\w])(?<!0 )fail(?:ed|s|ing)?(?![-/@\w]|\.\w|[:=]+ ?(?:0|false)\b)"
    rb"|fatal|unable to|could(?: no|n')t|\bcan(?:not|'t)\b|panic:|\babort(?:ed|ing)\b"
    rb"|g[ai]v(?:e|ing) up|rejected|unavailable|\bkilled\b|denied|not found\b"
    rb"|\xe2\x9c[\x96\x97\x98]|\xe2\x9d\x8c"  # crosses
)
_DEBUG = re.compile(
    rb"(?:[^a-z]|level|severity|\[[a-z][\w. -]{0,30}\]){0,60}"
    rb"(?:(?:debug|trace|verbose|silly)(?:[\]:\"|\t]|  )|(?<==)(?:debug|trace)\b)"
)
"""A line that says that it is for debugging; only a failed connection counts in it."""

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
    rb"|no such file or directory|command not found|is not recognized"
    rb"|missing script|parse error|invalid syntax|unexpected token|coverage|snapshot|eresolve"
    rb"|\w\.\w+:\d+:\d+: (?:fatal )?error"
)
_DENIED = re.compile(
    rb"(?:access|permission|login|authentication) .{0,60}denied|access ?denied|denied: |denied to "
    rb"|permission_denied|not (?:authori[sz]ed|logged in|permitted)"
    rb"|authentication (?:failed|is required|required)"
    rb"|(?:invalid|bad|incorrect|wrong|missing|expired|revoked|no(?: valid)?) (?:\w+ ){0,2}"
    rb"(?:credential|api[ _-]?key|token|password|user ?name|signature|access key)"
    rb"|(?:credentials?|api[ _-]?key|token|password)s? (?:\w+ ){0,3}(?:expired|invalid|incorrect"
    rb"|missing|revoked|required|not (?:valid|set|found|provided))|expiredtoken"
    rb"|not have (?:\w+ ){0,3}(?:permission|access|rights)|do(?:es)?(?: not|n't) exist"
    rb"|(?:docker\.io/\S+|:[\w.-]+): not found|(?:repository|package|image|manifest|tag|version"
    rb"|module|artifact|branch|ref|project|bucket|chart|release)\b.{0,60}[: ]not found"
    rb"|no such (?:image|package|bucket|key|tag|version|remote)|nosuch(?:bucket|key)"
    rb"|manifest unknown|no matching (?:version|package|manifest)|from versions: \d|conflict"
    rb"|\[(?:remote )?rejected\]|gated|restricted|declined|violation|please log ?in"
    rb"|(?:must|need|have) to (?:be )?(?:log ?in|authenticat)|resolutionimpossible"
    rb"|installable set|compatible version|solving failed|unsatisfiable|(?:does|do) not satisfy"
    rb"|notfound: |not_found|already ?_?exists|invalid_?argument|failed_?precondition"
    rb"|is not in (?:this|the npm) registry"
)
"""The rights of the caller, or a name or version that does not exist."""

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

_LOOPBACK = re.compile(
    rb"(?<![\w.-])(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal)"
    rb"(?![\w-])(?!:53\b)"
)
_DNS = re.compile(
    rb"enotfound|eai_again|getaddrinfo|(?:not|n't) resolve|name or service not known|no such host"
    rb"|name resolution|failure resolving|nodename nor servname|unknown ?host|failed to lookup"
    rb"|server misbehaving|name lookup|dns (?:error|lookup|resolution)|network is unreachable"
    rb"|enetunreach|failed to resolve|host not found"
)
_PROXY = re.compile(
    rb"proxyconnect|(?:connect to|resolve|through) (?:the )?proxy|proxyerror|tunneling socket"
    rb"|from proxy after connect|407 proxy|proxy authentication"
)
_MOCK = re.compile(
    rb"\bmock(?:ed|s|ing)?\b|_mock\b|mock[_.(]|\bstub(?:bed|s|_request)?\b|\bnock\b|\bresponses\.\w"
    rb"|\brespx\b|\bhttpretty\b|\bwiremock\b|\bcassettes?\b|\bfake\b"
)
"""A mock of the host in the line."""

_WARNING = re.compile(rb"\bwarn(?:ing)?\b|retry|attempt \d|will try again|deprecated")


def kind_of(line: bytes) -> Kind:
    """What `line` says, by its words; those of paths and addresses do not count."""
    words = _PATHS.sub(b" ", line) if b"/" in line else line
    fails = bool(_FAILS.search(words)) and not _DEBUG.match(words)
    if _ALWAYS_OWN.search(words):
        return Kind.LOCAL
    has_code = _CODE.search(words)
    if (
        _REMOTE.search(words)
        or (has_code and _FAILED_CODE.search(words))
        or (fails and _SECURE.search(words))
    ):
        return Kind.FAILS
    if _REFUSED.search(words) or (has_code and _REFUSED_CODE.search(words)):
        return Kind.REFUSED
    if _SUMMARY.search(words):
        return Kind.SUMMARY
    if not fails:
        return Kind.WENT_WELL if _WENT_WELL.search(words) else Kind.OTHER
    if _DENIED.search(words):
        return Kind.REFUSED
    return Kind.LOCAL if _LOCAL.search(words) or _TEST_FILE.match(line) else Kind.FAILS


def is_dns(line: bytes) -> bool:
    """Whether a line that fails says that a name was not found, or that there is no network."""
    return bool(_DNS.search(line))


def is_proxy(line: bytes) -> bool:
    return bool(_PROXY.search(line))


def is_remote(line: bytes) -> bool:
    """Whether a line that fails speaks of a connection or of an HTTP status."""
    words = _PATHS.sub(b" ", line)
    return bool(_REMOTE.search(words) or _FAILED_CODE.search(words) or _SECURE.search(words))


def is_loopback(line: bytes) -> bool:
    """Whether it names this machine; the address of its name server does not count."""
    return bool(_LOOPBACK.search(line))


def is_mock(line: bytes) -> bool:
    """Whether the line says that a test mocks a host."""
    return bool(_MOCK.search(line))


def is_warning(line: bytes) -> bool:
    return bool(_WARNING.search(line))
