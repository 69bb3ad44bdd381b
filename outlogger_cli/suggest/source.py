"""The services that a project's code and settings name: variables, hosts, images, actions.

What stands in a comment does not count, nor what stands further right than a person writes. Of a
variable only the name is kept and of an address only the host: no value leaves this module.
"""

import re
from collections.abc import Iterable, Iterator

from outlogger_cli.suggest.files import Mention, Strength, Text

_COMMENT = re.compile(r"\s*(?:#|//|/?\*|--\s|<!--|;|%|>>>)|.*(?:\s#\s|\s//\s|<!--|/\*)")

_NAME = "([A-Z][A-Z0-9_]{2,63})"
_BRACKETED = re.compile(rf"[\[(] ?[\"']{_NAME}[\"']")
_ASKS = re.compile(
    r"(?:environ(?:\.get|\.setdefault)?|ENV(?:\.fetch)?|\benv(?:\.\w{1,8}|!|::var(?:_os)?)?"
    r"|[gG]et_?env|LookupEnv|process\.env|GetEnvironmentVariable|fromEnvironment|_SERVER|\bconfig)$"
)
"""What asks for a variable, in front of the bracket: in any language the first way is `getenv`."""

_ASKS_LENGTH = 32
_UNPACKED = re.compile(r"\{[^{}]{1,2000}\}\s{0,20}=\s{0,20}(?:process|import\.meta)\.env\b")
_UNPACKED_NAME = re.compile(rf"[{{,]\s*{_NAME}\b")
_FIELD = re.compile(rf"(?:env|secrets|vars)\.{_NAME}\b")
_EXPANDED = re.compile(rf"\$\{{{_NAME}[:}}?-]")
_GIVEN = re.compile(
    rf"^[ \t]*(?:-[ \t]+)?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+|name:[ \t]*)?[\"']?{_NAME}"
    r"[\"']?[ \t]*(?:[:=]|$)",
    re.MULTILINE,
)
_ASSIGNED = re.compile(rf"^[ \t]*(?:export[ \t]+)?{_NAME}[ \t]*=[ \t]*(.*)$", re.MULTILINE)
_CREDENTIAL = re.compile("KEY|SECRET|TOKEN|PASSWORD|DSN")
_NO_VALUE = ('""', "''", "null", '"${', "${")
_LARAVEL_CONFIG = re.compile(r"(?:^|/)config/\w+\.php$")

_URL = r"[a-z][a-z0-9+.-]{1,15}://([^\s\"'`<>\\/?#,;|(){}]{4,300})(/[\w-]{1,20})?"
_HOST = r"((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24})"
_QUOTED_URL = re.compile(rf"[\"']{_URL}", re.IGNORECASE)
_BARE_HOST = r"((?:[a-z0-9-]{1,63}\.){2,6}[a-z]{2,24})"
"""Without a scheme before it a name of two labels may be anything, such as a module."""

_QUOTED_HOST = re.compile(rf"[\"']{_BARE_HOST}(?=[\"':/])")
_TEMPLATE_URL = re.compile(rf"`{_URL}", re.IGNORECASE)
_TEMPLATE_HOST = re.compile(rf"`{_BARE_HOST}(?=[`:/])")
_ANY_URL = re.compile(rf"(?:^|[\s\"'`=(@]){_URL}", re.IGNORECASE | re.MULTILINE)
_ANY_HOST = re.compile(rf"[=:][ \t]*[\"']?{_BARE_HOST}(?=[\"':/]|[ \t]*$)", re.MULTILINE)
_WHOLE_HOST = re.compile(_HOST)
_CALLED = re.compile(r"/(?:_?apis?|rest|graphql|oauth2?|simple|siteverify|v\d{1,2})", re.IGNORECASE)
"""Paths that programs ask for on a domain whose other pages are for people."""

_ASSET = re.compile(
    r"[^\s\"'`<>]{0,300}\.(?:gif|ico|jpe?g|mp4|pdf|png|svg|webp|woff2?)\b", re.IGNORECASE
)
"""What is shown, not called."""

_PLUG_INS = re.compile(r"(?:^|/)(?:backends|connectors|contrib|embeds|finders|plugins|providers)/")
"""Folders where one of many services is chosen from: an address there is no choice yet."""

_IMAGE = re.compile(
    r"^([ \t]*(?:-[ \t]+)?)(?:image|container):[ \t]*[\"']?(?:docker://)?(\w[\w./:@-]{1,250})"
    r"[\"']?[ \t]*(?:#.*)?$"
)
_MACHINE = re.compile(r"(?:ubuntu|windows|linux|android|macos)-\d|android:|default$")
"""What CircleCI calls an image where it means a virtual machine of its own."""

_FROM = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)?(\S{1,250})(?:[ \t]+AS[ \t]+(\S+))?[ \t]*$", re.I | re.M
)
_USES = re.compile(r"^[ \t]*(?:-[ \t]+)?uses:[ \t]*[\"']?([\w-]+/[\w./-]+)@", re.MULTILINE)
_PROVIDER = re.compile(
    r"^[ \t]*(?:source[ \t]*=|provider)[ \t]*\"(?!\.)(?:[\w.-]+/){0,3}([\w-]+)\""
    r"|^[ \t]*(?:resource|data)[ \t]+\"([a-z0-9]+)_",
    re.MULTILINE,
)
_REGISTRIES = (
    ("//registry.npmjs.org/", "registry.npmjs.org"),
    ("//registry.yarnpkg.com/", "registry.yarnpkg.com"),
    ("//rubygems.org", "rubygems.org"),
    ("//pypi.org/simple", "pypi.org"),
    ("rust-lang/crates.io-index", "crates.io"),
    ("mavenCentral()", "repo.maven.apache.org"),
)
"""What a file says of a registry, and the host that is."""

_SERVICE_LINES = 60
"""How far from its `image` the `build` of a compose service is looked for."""


def code(text: Text) -> Iterator[Mention]:
    """Variables that a program reads, and the quoted addresses in it.

    Laravel's skeleton asks in `config` for services that nobody chose yet: those do not count.
    """
    if not (text.laravel and _LARAVEL_CONFIG.search(text.path)):
        yield from _asked_for(text)
        yield from _variables(text, _FIELD)
    yield from _addresses(text, _QUOTED_URL, _QUOTED_HOST)


def script(text: Text) -> Iterator[Mention]:
    """JavaScript and its kin, and Go, where text may stand in backticks; elsewhere those mark
    prose."""
    yield from code(text)
    for match in _UNPACKED.finditer(text.body):
        for name in _UNPACKED_NAME.finditer(text.body, match.start(), match.end()):
            yield from _uncommented(text, name)
    yield from _addresses(text, _TEMPLATE_URL, _TEMPLATE_HOST)


def settings(text: Text) -> Iterator[Mention]:
    """Variables and addresses of YAML, TOML, INI, properties, shell and Docker files."""
    yield from _asked_for(text)
    for pattern in (_FIELD, _EXPANDED, _GIVEN):
        yield from _variables(text, pattern)
    yield from _addresses(text, _ANY_URL, _ANY_HOST)


def env_file(text: Text) -> Iterator[Mention]:
    """The names in `.env` files, and the hosts of their addresses.

    Of what Laravel's skeleton has there only a credential with a value counts.
    """
    for match in _ASSIGNED.finditer(text.body):
        unused = not match[2] or match[2].startswith(_NO_VALUE)
        if not text.laravel or (_CREDENTIAL.search(match[1]) and not unused):
            yield _variable(text, match)
    yield from _addresses(text, _ANY_URL, _ANY_HOST)


def dockerfile(text: Text) -> Iterator[Mention]:
    stages = {"scratch"}
    for match in _FROM.finditer(text.body):
        if match[1].lower() not in stages:
            yield from _image(match[1], text.line_at(match.start(1)))
        if match[2]:
            stages.add(match[2].lower())


def images(text: Text) -> Iterator[Mention]:
    """The images of compose and CI files, but not those that are built there."""
    rows = text.body.split("\n")
    for index, row in enumerate(rows):
        match = _IMAGE.match(row)
        if match and not _MACHINE.match(match[2]) and not _is_built(rows, index, len(match[1])):
            yield from _image(match[2], index + 1)


def actions(text: Text) -> Iterator[Mention]:
    """The actions of a GitHub workflow."""
    for match in _USES.finditer(text.body):
        yield _service("action", match[1], text.line_at(match.start(1)))


def terraform(text: Text) -> Iterator[Mention]:
    for match in _PROVIDER.finditer(text.body):
        group = 1 if match[1] else 2
        line = text.line_at(match.start(group))
        yield Mention(kind="terraform", name=match[group], line=line, strength=Strength.DIRECT)


def registry(text: Text) -> Iterator[Mention]:
    """Where a lock file or a build says its packages come from."""
    for needle, host in _REGISTRIES:
        offset = text.body.find(needle)
        if offset >= 0 and not _is_comment(text, offset):
            line = text.line_at(offset)
            yield Mention(kind="endpoint", name=host, line=line, strength=Strength.SERVICE)


def _asked_for(text: Text) -> Iterator[Mention]:
    for match in _BRACKETED.finditer(text.body):
        start = match.start()
        if _ASKS.search(text.body[max(0, start - _ASKS_LENGTH) : start].rstrip(" ")):
            yield from _uncommented(text, match)


def _variables(text: Text, pattern: re.Pattern[str]) -> Iterator[Mention]:
    for match in pattern.finditer(text.body):
        yield from _uncommented(text, match)


def _uncommented(text: Text, match: re.Match[str]) -> Iterator[Mention]:
    if not _is_comment(text, match.start(1)):
        yield _variable(text, match)


def _variable(text: Text, match: re.Match[str]) -> Mention:
    line = text.line_at(match.start(1))
    return Mention(kind="env", name=match[1], line=line, strength=Strength.VARIABLE)


def _addresses(text: Text, urls: re.Pattern[str], hosts: re.Pattern[str]) -> Iterator[Mention]:
    if _PLUG_INS.search(text.path):
        return
    for match in urls.finditer(text.body):
        host = match[1].rpartition("@")[2].partition(":")[0].lower()
        if _WHOLE_HOST.fullmatch(host) and not _ASSET.match(text.body, match.end()):
            kind = "endpoint" if _CALLED.fullmatch(match[2] or "") else "host"
            yield from _address(text, match, kind, host)
    for match in hosts.finditer(text.body):
        yield from _address(text, match, "host", match[1])


def _address(text: Text, match: re.Match[str], kind: str, host: str) -> Iterator[Mention]:
    if not _is_comment(text, match.start(1)):
        line = text.line_at(match.start(1))
        yield Mention(kind=kind, name=host, line=line, strength=Strength.ADDRESS)


def _is_comment(text: Text, offset: int) -> bool:
    before = text.before(offset)
    return before is None or bool(_COMMENT.match(before))


def _image(name: str, line: int) -> Iterator[Mention]:
    """The registry of an image, and the image itself without tag and digest."""
    if "$" in name:
        return
    first, slash, _ = name.partition("/")
    elsewhere = slash and ("." in first or ":" in first or first == "localhost")
    yield _service("registry", first.partition(":")[0] if elsewhere else "docker.io", line)
    yield _service("image", re.sub(r":[\w.-]*$", "", name.partition("@")[0]), line)


def _is_built(rows: list[str], index: int, indent: int) -> bool:
    """Whether a `build` stands beside the `image` of row `index`: then its name is local."""
    before = rows[max(0, index - _SERVICE_LINES) : index]
    after = rows[index + 1 : index + _SERVICE_LINES]
    return _builds(reversed(before), indent) or _builds(after, indent)


def _builds(rows: Iterable[str], indent: int) -> bool:
    for row in rows:
        inset = len(row) - len(row.lstrip())
        if inset < indent and row.strip():
            return False
        if inset == indent and row.lstrip().startswith("build:"):
            return True
    return False


def _service(kind: str, name: str, line: int) -> Mention:
    return Mention(kind=kind, name=name, line=line, strength=Strength.SERVICE)
