"""The hosts in a line of a log, and how they are meant: called, or only linked to."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from outlogger_cli.catalog import hosts
from outlogger_cli.catalog.hosts import Match
from outlogger_cli.domain.triage import EvidenceKind
from outlogger_cli.domain.values import frozen

_HOSTS_LIMIT = 40
"""Hosts of one line that are looked at."""

_TARGET = re.compile(
    rb"https?://(?:[^\s/@'\"]{1,200}@)?\[?([a-z0-9._:-]{1,253})"
    rb"|(?:resolve (?:host|address)|lookup|getaddrinfo \w{1,20}|connect(?:ing|ion)? to(?: host)?"
    rb"|host=|hostname|resolving(?: host)?|dial tcp|econnrefused|server at)[:= ('\"]{1,4}"
    rb"([a-z0-9][a-z0-9.-]{0,253}(?:[: ]\d{2,5}\b)?)"
)
_ADDRESS = re.compile(r"[\d.]+")
_PRIVATE = re.compile(
    rb"(?<![\w.-])(?:localhost\b|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+"
    rb"|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+)(?!:53\b)"
)
_LINKS = re.compile(
    rb"\b(?:see|visit|read|learn|more (?:info\w*|details?|about)|further information|docs?|help"
    rb"|documentation|guide|report(?: this| it| an?| bugs?)?|instructions|homepage|refer to"
    rb"|reference|troubleshoot\w*|changelog|release notes|migrat\w+|license|funding|sponsor"
    rb"|logs? (?:is|are|at)|available at|view (?:logs?|it|run|build)|inspect|build scan to"
    rb"|upgrade|according to|details|information|file an? (?:issue|bug)|open an? issue|check out)"
    rb"\b[^/]{0,40}(?:https?://\S{1,200} (?:and|or) )?$"
)
_LINKED_PATHS = re.compile(
    rb"/(?:[^\s/]+/[^\s/]+/)?(?:issues|pull|blob|wiki|discussions|tree|docs?|help|advisories|security"
    rb"|releases/tag|commit|guides?|support|articles?|questions|faq|blog|changelog|sponsors|compare"
    rb"|documentation|manual|learn|legal|status|about|pricing|settings|account|nvd|cve\S*)(?:[/#?.\s'\")\]]|$)"
)
_LINKED_LABELS = frozenset(
    (
        *("app", "blog", "community", "console", "dashboard", "dev", "developer", "developers"),
        *("doc", "docs", "forum", "forums", "guides", "help", "learn", "status", "support", "www"),
    )
)
_AGENT = re.compile(rb"user-agent|\(compatible;|(?<!git)\+https?://")
_SSH = re.compile(rb"(?:git@|ssh://)$|git@$")
_LOGGED_IN = re.compile(rb"https?://[^\s/@'\"]{1,200}@$")
_OF_IMAGES = frozenset(("docker", "quay"))
"""Vendors whose hosts before a path are those of container images."""


@frozen
class Hit:
    """A host of the tables in a line. `is_link`: the text points people to it."""

    match: Match
    kind: EvidenceKind
    product: str | None
    is_link: bool


def hits(line: bytes) -> list[Hit]:
    """The hosts in `line`, which is in lower case, that have a vendor."""
    found = []
    for number, name in enumerate(_names().finditer(line)):
        if number == _HOSTS_LIMIT:
            break
        match = _owner(name[0])
        if match and (hit := _hit(match, line, name.start(), name.end())):
            found.append(hit)
    return found


def targets(line: bytes) -> list[str]:
    """The hosts that the line says were called or looked up, with or without a vendor."""
    found = (match[1] or match[2] for match in _TARGET.finditer(line))
    names = (name.decode("ascii", "replace").replace(" ", ":").partition(":") for name in found)
    return [
        name.rstrip(".")
        for name, _, port in names
        if ("." in name or port) and not _ADDRESS.fullmatch(name)
    ]


def is_private(line: bytes) -> bool:
    """Whether the line names an address of this machine or of its own network."""
    return bool(_PRIVATE.search(line))


def owner(name: str) -> str | None:
    """The vendor of the host `name`, None if it is unknown."""
    match = _owner(name.encode("ascii", "replace"))
    return match.slug if match else None


def places(text: bytes) -> Iterator[int]:
    """Yield one place in each line of `text` that may have a host."""
    at = 0
    while found := _suffixes().search(text, at):
        yield found.start()
        at = text.find(b"\n", found.end())
        if at < 0:
            return


def _hit(match: Match, line: bytes, start: int, end: int) -> Hit | None:
    before, after = line[max(0, start - 260) : start], line[end : end + 200]
    is_address = before.endswith(b"://") or bool(_LOGGED_IN.search(before))
    is_ssh = bool(_SSH.search(before))
    if not (is_address or is_ssh) and before[-1:] in {b"/", b"\\", b"@", b"-"}:
        return None  # a path, a package or an email address
    kind, product = EvidenceKind.HOST, match.product
    has_path = after.startswith(b"/")
    if not (is_address or is_ssh) and has_path:
        if match.slug in _OF_IMAGES or (match.product or "").lower().endswith(" registry"):
            kind = EvidenceKind.IMAGE
        elif match.visited:
            return None  # the path of a module, such as github.com/acme/tools
    elif not (is_address or is_ssh) and after[:1] in {b"(", b"_"}:
        return None
    is_git = is_ssh or re.match(rb"(?::\d+)?/[^\s'\"]{1,150}\.git\b", after)
    if is_git and match.product is None:
        product = "Git"
    is_link = bool(_AGENT.search(before[-60:] + line[start : start + 1]))
    if is_address and match.visited and not is_git:
        is_link = is_link or _is_link(match, before, after)
    elif is_address:
        is_link = is_link or bool(_LINKED_LABELS.intersection(match.below))
    elif match.visited and not is_git and _LINKED_LABELS.intersection(match.below):
        is_link = True
    return Hit(match=match, kind=kind, product=product, is_link=is_link)


def _is_link(match: Match, before: bytes, after: bytes) -> bool:
    if _LINKED_LABELS.intersection(match.below) or _LINKED_PATHS.match(after):
        return True
    introduction = before.rpartition(b"http")[0].rstrip(b"<(['\" ")
    return bool(_LINKS.search(introduction))


@lru_cache(maxsize=20_000)
def _owner(name: bytes) -> Match | None:
    return hosts.owner_of(name.decode("ascii", "replace"))


@cache
def _endings() -> bytes:
    return b"|".join(one.encode() for one in sorted(hosts.suffixes(), key=len, reverse=True))


@cache
def _suffixes() -> re.Pattern[bytes]:
    return re.compile(rb"\.(?:" + _endings() + rb")(?![a-z0-9-])")


@cache
def _names() -> re.Pattern[bytes]:
    labels = rb"(?<![a-z0-9_.-])(?:[a-z0-9_-]{1,63}\.){1,12}"
    return re.compile(labels + rb"(?:" + _endings() + rb")(?![a-z0-9_-]|\.[a-z0-9])")
