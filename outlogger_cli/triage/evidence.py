"""Which vendors a log names in what failed, the most likely one first.

A vendor is named if its host or the signature of a tool stands in a line that fails, if its host
stands within three lines of one, or if no line after it went well. How much it counts:

    4  the host in the line that fails
    3  a signature, or a host in a line that warns of a failure (a retry)
    2  a host beside a line that fails, or in one that says that a request was refused
    1  a host after which no line went well, if no failure of the project's own explains the end
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from outlogger_cli.domain.triage import Evidence, EvidenceKind, Findings, Named
from outlogger_cli.domain.values import frozen
from outlogger_cli.triage import hosts, kinds, lines, signatures
from outlogger_cli.triage.hosts import Hit
from outlogger_cli.triage.kinds import Kind
from outlogger_cli.triage.lines import Log

BESIDE = 3
"""Lines before and after one that fails in which a host is named by it."""

EVIDENCE_LIMIT = 20
"""Pieces of evidence that are kept of a vendor."""

_LINES_LIMIT = 5_000
"""Lines with hosts, and with signatures, that are looked at, the last ones."""

_BLOCK = 6
"""Lines around a host in which a failed connection to this machine is looked for."""

_SIGNATURE_WINDOW = 5
"""Lines around a signature that are searched for another host that the tool called."""

_CALLED_BEFORE = 8
"""Lines before a signature that are searched for the host that the tool called."""

_CALLED, _SAID, _NEAR, _LAST, _MENTIONED = 4, 3, 2, 1, 0


@frozen
class _Found:
    slug: str
    weight: int
    evidence: Evidence


def find(text: bytes, *, first_line: int = 1) -> Findings:
    """The vendors that `text` names; `first_line` is the number of its first line."""
    log = Log(text)
    search = _Search(log, first_line + log.skipped)
    if not lines.is_binary(text):
        search.run()
    moments = [moment for at in search.failing if (moment := log.time(at))]
    is_network = search.is_network()
    by_slug: dict[str, list[_Found]] = {}
    for one in search.found:
        by_slug.setdefault(one.slug, []).append(one)
    named = {
        slug: found
        for slug, found in by_slug.items()
        if not is_network and max(one.weight for one in found) > _MENTIONED
    }
    return Findings(
        named=tuple(
            _named(slug, named[slug])
            for slug in sorted(named, key=lambda slug: _place(named[slug]))
        ),
        mentioned=tuple(
            _named(slug, found) for slug, found in sorted(by_slug.items()) if slug not in named
        ),
        is_network=is_network,
        first_error=min(moments, default=None),
        last_error=max(moments, default=None),
    )


def _place(found: Sequence[_Found]) -> tuple[int, int]:
    """Sort key: the strongest evidence first, then the vendor that failed last."""
    best = max(one.weight for one in found)
    return -best, -max(one.evidence.line for one in found if one.weight == best)


def _named(slug: str, found: Sequence[_Found]) -> Named:
    is_named = any(one.weight for one in found)
    unique = {
        (one.evidence.line, one.evidence.kind, one.evidence.value): one
        for one in sorted(found, key=lambda one: one.weight)
        if one.weight or not is_named
    }
    ranked = sorted(unique.values(), key=lambda one: (-one.weight, one.evidence.line))
    return Named(slug=slug, evidence=tuple(one.evidence for one in ranked[:EVIDENCE_LIMIT]))


def _domain(name: str) -> str:
    return ".".join(name.split(".")[-2:])


def _last_lines(places: Iterable[int], starts: Sequence[int]) -> list[int]:
    """The numbers of the last lines with one of `places`, given where each line starts."""
    return sorted({bisect_right(starts, at) - 1 for at in places})[-_LINES_LIMIT:]


class _Search:
    """The search of one log."""

    def __init__(self, log: Log, first_line: int) -> None:
        self.found: list[_Found] = []
        self.failing: list[int] = []
        self._log = log
        self._first_line = first_line
        self._hits: dict[int, list[Hit]] = {}
        self._own_blocks: set[int] = set()
        """Lines of stack traces of connections to this machine."""

        self._mocked: set[str] = set()
        """Vendors that a test mocks."""

    def run(self) -> None:
        log = self._log
        starts = [0, *accumulate(len(line) + 1 for line in log.raw)]
        with_hosts = _last_lines(hosts.places(log.data), starts)[::-1]
        self._hits = {at: found for at in with_hosts if (found := hosts.hits(log.text(at)))}
        with_signatures = _last_lines(signatures.places(log.data), starts)
        for at in sorted({*log.tail, *self._hits, *with_signatures}, reverse=True):
            log.kind(at)
        self._find_own_blocks()
        self.failing = log.failing()
        is_explained = log.has_local() or any(map(self._is_foreign, self.failing))
        last_went_well = len(log) if is_explained else log.last_went_well()
        self._mocked = {
            hit.match.slug
            for at, found in self._hits.items()
            if kinds.is_mock(log.text(at))
            for hit in found
        }
        for at, found in self._hits.items():
            for hit in found:
                self._add(at, hit, self._weight(at, hit, last_went_well))
        for at in self.failing:
            if at not in self._own_blocks and not self._is_of_own(at):
                self._add_signatures(at)

    def _find_own_blocks(self) -> None:
        """Mark the stack traces of connections to this machine, near lines with hosts."""
        log = self._log
        for at in self._hits:
            if log.kind(at) is Kind.OTHER:
                for other in range(max(0, at - _BLOCK), min(len(log), at + _BLOCK + 1)):
                    log.kind(other)
        for at in log.failing():
            if at not in self._hits and kinds.is_loopback(log.text(at)):
                self._own_blocks.update(log.block_of(at))

    def is_network(self) -> bool:
        """Whether this machine's network failed: no name of several was found, or its proxy failed,
        and nothing else did."""
        not_found: set[str] = set()
        otherwise: set[str] = set()
        has_proxy = False
        for at in self.failing:
            text = self._log.text(at)
            if at in self._own_blocks:
                continue
            slugs = {hit.match.slug for hit in self._hits.get(at, ()) if not hit.is_link}
            if kinds.is_proxy(text):
                has_proxy = True
            elif kinds.is_dns(text):
                not_found |= slugs
                not_found.update(hosts.owner(name) or _domain(name) for name in hosts.targets(text))
            elif any(map(self._is_dns, range(at + 1, at + 1 + BESIDE))):  # its cause stands below
                not_found |= slugs
            elif kinds.is_remote(text):
                otherwise |= slugs
        return (has_proxy or len(not_found) > 1) and otherwise <= not_found

    def _is_dns(self, at: int) -> bool:
        """Whether the line says that a name was not found, and not which."""
        if at >= len(self._log) or at in self._hits:
            return False
        text = self._log.text(at)
        return kinds.is_dns(text) and not hosts.targets(text)

    def _add(self, at: int, hit: Hit, weight: int) -> None:
        match = hit.match
        evidence = Evidence(
            line=self._first_line + at,
            kind=hit.kind,
            value=match.entry,
            product=hit.product,
            region=match.region,
        )
        self.found.append(_Found(slug=match.slug, weight=weight, evidence=evidence))

    def _weight(self, at: int, hit: Hit, last_went_well: int) -> int:
        log = self._log
        if hit.is_link or hit.match.slug in self._mocked:
            return _MENTIONED
        if at in self._own_blocks or log.is_frame(at):
            return _MENTIONED
        kind = log.kind(at)
        if kind in {Kind.FAILS, Kind.SUMMARY}:
            if self._is_of_own(at):
                return _MENTIONED
            return _SAID if kinds.is_warning(log.text(at)) else _CALLED
        if kind is Kind.REFUSED:
            return _NEAR
        if kind is not Kind.OTHER:
            return _MENTIONED
        if self._is_beside_failure(at):
            return _NEAR
        return _LAST if at > last_went_well else _MENTIONED

    def _is_of_own(self, at: int) -> bool:
        """Whether a line only reports a failure of the project's own just before it."""
        log = self._log
        before = range(max(0, at - BESIDE), at)
        is_after = any(log.kind(other) in kinds.OWN for other in before)
        return is_after and not kinds.is_remote(log.text(at))

    def _is_beside_failure(self, at: int) -> bool:
        """Whether a line within `BESIDE` lines fails, and none between went well.

        The error of a source line in a stack trace stands below it.
        """
        is_source = at > 0 and self._log.is_frame(at - 1)
        for step in (1,) if is_source else (1, -1):
            for other in range(at + step, at + step * (BESIDE + 1), step):
                if not 0 <= other < len(self._log):
                    break
                kind = self._log.kind(other)
                is_failure = kind is Kind.FAILS and not self._is_foreign(other)
                if is_failure and not self._is_of_own(other):
                    return True
                if is_failure or kind in {Kind.WENT_WELL, *kinds.OWN}:
                    break
        return False

    def _is_foreign(self, at: int) -> bool:
        """Whether the host that failed stands in a line that fails, or if that names none, in one
        next to it, and no vendor has it."""
        if self._names_foreign(at):
            return True
        if self._hits.get(at) or hosts.targets(self._log.text(at)):
            return False
        return any(
            self._log.kind(other) is Kind.FAILS and self._names_foreign(other)
            for other in (at - 1, at + 1)
            if 0 <= other < len(self._log)
        )

    def _names_foreign(self, at: int) -> bool:
        if any(not hit.is_link for hit in self._hits.get(at, ())):
            return False
        text = self._log.text(at)
        unowned = any(hosts.owner(name) is None for name in hosts.targets(text))
        return unowned or at in self._own_blocks or hosts.is_private(text)

    def _add_signatures(self, at: int) -> None:
        text = self._log.text(at)
        own = [hit for hit in self._hits.get(at, ()) if not hit.is_link]
        for signature in signatures.matching(text):
            slugs = {hit.match.slug for hit in own}
            if not slugs and signature.slug and not self._is_other(at, signature.slug):
                slugs = {signature.slug}
            elif not slugs and not signature.slug and not self._is_foreign(at):
                slugs = self._called_before(at)
            for slug in slugs - self._mocked:
                evidence = Evidence(
                    line=self._first_line + at,
                    kind=EvidenceKind.SIGNATURE,
                    value=signature.entry,
                    product=signature.product if signature.slug in {None, slug} else None,
                )
                self.found.append(_Found(slug=slug, weight=_SAID, evidence=evidence))

    def _called_before(self, at: int) -> set[str]:
        """The vendor of the last host before a signature that names none."""
        for other in range(at - 1, max(-1, at - 1 - _CALLED_BEFORE), -1):
            kind = self._log.kind(other)
            if kind in kinds.OWN or (kind is Kind.FAILS and self._is_foreign(other)):
                break
            called = [hit for hit in self._hits.get(other, ()) if not hit.is_link]
            if called and kind is not Kind.WENT_WELL and other not in self._own_blocks:
                for hit in called:
                    self._add(other, hit, _NEAR)
                return {hit.match.slug for hit in called}
        return set()

    def _is_other(self, at: int, slug: str) -> bool:
        """Whether failing lines nearby name a host of another vendor that the tool called."""
        for other in range(
            max(0, at - _SIGNATURE_WINDOW), min(len(self._log), at + _SIGNATURE_WINDOW + 1)
        ):
            if self._log.kind(other) is not Kind.FAILS:
                continue
            called = [hit.match.slug for hit in self._hits.get(other, ()) if not hit.is_link]
            if (called and slug not in called) or (not called and self._is_foreign(other)):
                return True
        return False
