"""Read the variables and hosts that code and settings name.

Comments do not count, nor does anything beyond `LINE_LIMIT` on its line. Only the names of
variables and the hosts of addresses are kept: no value leaves this module.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from outlogger_cli.suggest.files import Mention, Strength, Text

_COMMENT = re.compile(r"\s*(?:#|//|/?\*|--\s|<!--|;|%|>>>)|.*(?:\s#\s|\s//\s|<!--|(?<!/)/\*)")

_NAME = "([A-Z][A-Z0-9_]{2,63})"
_BRACKETED = re.compile(rf"[\[(] ?[\"']{_NAME}[\"']")
_ACCESS = re.compile(
    r"(?:environ(?:\.get|\.setdefault)?|ENV(?:\.fetch)?|\benv(?:\.\w{1,8}|!|::var(?:_os)?)?"
    r"|[gG]et_?env|LookupEnv|process\.env|GetEnvironmentVariable|fromEnvironment|_SERVER|\bconfig)$"
)
"""The code before the bracket that reads a variable, in many languages."""

_ACCESS_LENGTH = 32
_DESTRUCTURED = re.compile(r"\{[^{}]{1,2000}\}\s{0,20}=\s{0,20}(?:process|import\.meta)\.env\b")
_DESTRUCTURED_NAME = re.compile(rf"[{{,]\s*{_NAME}\b")
_FIELD = re.compile(rf"(?:env|secrets|vars)\.{_NAME}\b")
_EXPANDED = re.compile(rf"\$\{{{_NAME}[:}}?-]")
_SET = re.compile(
    rf"^[ \t]*(?:-[ \t]+)?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+|name:[ \t]*)?[\"']?{_NAME}"
    r"[\"']?[ \t]*(?:[:=]|$)",
    re.MULTILINE,
)
_ASSIGNED = re.compile(rf"^[ \t]*(?:export[ \t]+)?{_NAME}[ \t]*=[ \t]*(.*)$", re.MULTILINE)
_CREDENTIAL = re.compile("KEY|SECRET|TOKEN|PASSWORD|DSN")
_PLACEHOLDERS = ('""', "''", "null", '"${', "${")
_LARAVEL_CONFIG = re.compile(
    r"(?:^|/)config/(?:app|auth|broadcasting|cache|cors|database|filesystems|hashing|logging|mail|"
    r"queue|sanctum|scout|services|session|view)\.php$"
)
"""What comes with every project of Laravel, whatever it uses."""

_TEMPLATE_FILE = re.compile(r"(?:^|/)[^/]*(?:example|sample|template|dist|default)[^/]*$")
_COMMENTED = re.compile(rf"^[ \t]*#[ \t]*(?:export[ \t]+)?{_NAME}[ \t]*=", re.MULTILINE)
_KEY = re.compile(
    rf"(?:^[ \t]+|[{{,(][ \t]*)[\"']?{_NAME}[\"']?\??[ \t]*:(?![:=/])",
    re.MULTILINE,
)
"""A key of a dictionary or an object, or a field with its type."""

_SETTING = re.compile(
    r"(?:BUCKET|DSN|ENDPOINT|HOST|ID|KEY|PASSWORD|REGION|SECRET|SID|TOKEN|UR[IL]|WEBHOOK)$"
)
"""The ends of names that are settings: other keys in capitals may be any constant."""

_URL = (
    r"[a-z][a-z0-9+.-]{1,15}://(?:[^\s\"'`<>/@]{0,200}@)?"
    r"([^\s\"'`<>\\/?#,;|(){}]{4,300})(/[\w-]{1,20})?"
)
_HOST = r"((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24})"
_QUOTED_URL = re.compile(rf"[\"']{_URL}", re.IGNORECASE)
_BARE_HOST = r"((?:[a-z0-9-]{1,63}\.){2,6}[a-z]{2,24})"
"""Three labels at least: without a scheme, two may be anything, such as a module."""

_QUOTED_HOST = re.compile(rf"[\"']{_BARE_HOST}(?=[\"':/])")
_QUOTED_WILDCARD = re.compile(rf"[\"'](?:https?://|wss?://)?(\*{{1,2}}\.){_HOST}(?=[\"':/])")
_POLICY = re.compile(
    r"\b(?:default|script|connect|frame|child|worker)-src(?:-elem|-attr)?[ \t]+([^;\"`\n]{1,2000})"
)
_POLICY_LIST = re.compile(
    r"\b(?:csp_)?(?:default|script|connect|frame|child|worker)[_-]?src(?:[_-]?(?:elem|attr))?"
    r"[\"']?\s{0,5}(?:[:=]\s{0,5}[\[(]|[ \t](?=:self))([^;\])]{1,2000})",
    re.IGNORECASE,
)
"""Lists of hosts that pages may call (Content-Security-Policy), as a header and in code."""

_POLICY_ENDS = re.compile(r"[\s,\"'`]+")
_POLICY_HOST = re.compile(rf"(?:https?://|wss?://)?(\*\.)?{_HOST}(?:[:/].*)?")
_TAG = re.compile(
    r"(?:<(?:script|iframe)\b[^<>]{0,500}?\bsrc|\bscript\.src)\s{0,5}=\s{0,5}[{\"'`]{0,2}"
    rf"(?:https?:)?//{_HOST}(?=[\"'/`:?])",
    re.IGNORECASE,
)
_TEMPLATE_URL = re.compile(rf"`{_URL}", re.IGNORECASE)
_TEMPLATE_HOST = re.compile(rf"`{_BARE_HOST}(?=[`:/])")
_ANY_URL = re.compile(rf"(?:^|[\s\"'`=(@]){_URL}", re.IGNORECASE | re.MULTILINE)
_ANY_HOST = re.compile(rf"[=:][ \t]*[\"']?{_BARE_HOST}(?=[\"':/]|[ \t]*$)", re.MULTILINE)
_WHOLE_HOST = re.compile(_HOST)
_API_PATH = re.compile(
    r"/(?:_?apis?|rest|graphql|oauth2?|simple|siteverify|v\d{1,2})", re.IGNORECASE
)
"""Paths of APIs on a domain whose other pages are for people."""

_ASSET = re.compile(
    r"[^\s\"'`<>]{0,300}\.(?:gif|ico|jpe?g|mp4|pdf|png|svg|webp|woff2?)\b", re.IGNORECASE
)
"""Paths of images and the like, which are not API calls."""

_PLUG_INS = re.compile(r"(?:^|/)(?:backends|connectors|contrib|embeds|finders|plugins|providers)/")
"""Folders with code for many services: an address there does not say that one is used."""

_REGISTRIES = (
    ("//registry.npmjs.org/", "registry.npmjs.org"),
    ("//registry.yarnpkg.com/", "registry.yarnpkg.com"),
    ("//rubygems.org", "rubygems.org"),
    ("//pypi.org/simple", "pypi.org"),
    ("rust-lang/crates.io-index", "crates.io"),
    ("mavenCentral()", "repo.maven.apache.org"),
    ("https://jitpack.io", "jitpack.io"),
)
"""Texts that name a package registry, and its host."""


def code(text: Text) -> Iterator[Mention]:
    """Variables that a program reads, and quoted addresses.

    The `config` of Laravel's template does not count: it names services not in use.
    """
    if text.laravel and _LARAVEL_CONFIG.search(text.path):
        return
    yield from _variables(text, _accessed(text), _FIELD.finditer(text.body))
    if not _PLUG_INS.search(text.path):
        keys = (key for key in _KEY.finditer(text.body) if _SETTING.search(key[1]))
        yield from _variables(text, keys)
    yield from _addresses(text, _QUOTED_URL, _QUOTED_HOST)
    yield from _allowed(text)
    for match in _TAG.finditer(text.body):
        yield from _address(text, match, "endpoint", match[1].lower())


def script(text: Text) -> Iterator[Mention]:
    """As `code`, for JavaScript and Go, whose strings may be in backticks, and destructuring."""
    yield from code(text)
    for match in _DESTRUCTURED.finditer(text.body):
        names = _DESTRUCTURED_NAME.finditer(text.body, match.start(), match.end())
        yield from _variables(text, names)
    yield from _addresses(text, _TEMPLATE_URL, _TEMPLATE_HOST)


def settings(text: Text) -> Iterator[Mention]:
    """Variables and addresses of YAML, TOML, INI, properties, shell and Docker files."""
    patterns = (_FIELD, _EXPANDED, _SET)
    found = (pattern.finditer(text.body) for pattern in patterns)
    yield from _variables(text, _accessed(text), *found)
    yield from _addresses(text, _ANY_URL, _ANY_HOST)
    yield from _allowed(text)


def env_file(text: Text) -> Iterator[Mention]:
    """The names in `.env` files, and the hosts of their addresses.

    In a template a comment names a variable too. In a file of Laravel's template only a credential
    with a value counts.
    """
    if _TEMPLATE_FILE.search(text.path) and not text.laravel:
        for match in _COMMENTED.finditer(text.body):
            line = text.line_at(match.start(1))
            yield Mention(kind="env", name=match[1], line=line, strength=Strength.ADDRESS)
    for match in _ASSIGNED.finditer(text.body):
        has_value = match[2] and not match[2].startswith(_PLACEHOLDERS)
        if not text.laravel or (_CREDENTIAL.search(match[1]) and has_value):
            yield from _variables(text, [match])
    yield from _addresses(text, _ANY_URL, _ANY_HOST)


def registry(text: Text) -> Iterator[Mention]:
    """The package registries that a lock file or a build file names."""
    for needle, host in _REGISTRIES:
        offset = text.body.find(needle)
        if offset >= 0 and not is_comment(text, offset):
            line = text.line_at(offset)
            yield Mention(kind="endpoint", name=host, line=line, strength=Strength.SERVICE)


def _accessed(text: Text) -> Iterator[re.Match[str]]:
    """The names in brackets after code that reads a variable."""
    for match in _BRACKETED.finditer(text.body):
        start = match.start()
        if _ACCESS.search(text.body[max(0, start - _ACCESS_LENGTH) : start].rstrip(" ")):
            yield match


def _variables(text: Text, *found: Iterable[re.Match[str]]) -> Iterator[Mention]:
    for match in chain(*found):
        offset = match.start(1)
        if not is_comment(text, offset):
            line = text.line_at(offset)
            yield Mention(kind="env", name=match[1], line=line, strength=Strength.VARIABLE)


def _addresses(text: Text, urls: re.Pattern[str], hosts: re.Pattern[str]) -> Iterator[Mention]:
    if _PLUG_INS.search(text.path):
        return
    for match in urls.finditer(text.body):
        host = match[1].rpartition("@")[2].partition(":")[0].lower()
        if _WHOLE_HOST.fullmatch(host) and not _ASSET.match(text.body, match.end()):
            kind = "endpoint" if _API_PATH.fullmatch(match[2] or "") else "host"
            yield from _address(text, match, kind, host)
    for match in hosts.finditer(text.body):
        yield from _address(text, match, "host", match[1])


def _allowed(text: Text) -> Iterator[Mention]:
    """Hosts with a wildcard, and those of content security policies: they are not requested."""
    for match in _QUOTED_WILDCARD.finditer(text.body):
        yield from _address(text, match, "endpoint", f"any.{match[2]}")
    for policy in chain(_POLICY.finditer(text.body), _POLICY_LIST.finditer(text.body)):
        for source in _POLICY_ENDS.split(policy[1]):
            if allowed := _POLICY_HOST.fullmatch(source):
                host = f"any.{allowed[2]}" if allowed[1] else allowed[2]
                yield from _address(text, policy, "endpoint", host)


def _address(text: Text, match: re.Match[str], kind: str, host: str) -> Iterator[Mention]:
    if not is_comment(text, match.start(1)):
        line = text.line_at(match.start(1))
        yield Mention(kind=kind, name=host, line=line, strength=Strength.ADDRESS)


def is_comment(text: Text, offset: int) -> bool:
    before = text.before(offset)
    return before is None or bool(_COMMENT.match(before))
