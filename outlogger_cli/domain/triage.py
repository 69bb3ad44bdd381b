"""What `outlogger triage` finds: evidence in a log, and whose failure it probably is."""

from datetime import datetime
from enum import StrEnum, auto

from outlogger_cli.domain.values import frozen


class EvidenceKind(StrEnum):
    """What names a vendor in a line of a log."""

    HOST = auto()
    SIGNATURE = auto()
    """The words of a tool."""

    IMAGE = auto()
    """A container image, by its registry."""


class ConclusionKind(StrEnum):
    """Whose failure it probably is."""

    THEIRS = auto()
    ELSEWHERE = auto()
    """A named vendor has a problem, but in another component."""

    OURS = auto()
    NONE_NAMED = auto()
    UNKNOWN = auto()
    NETWORK = auto()


@frozen
class Evidence:
    """One line of a log that names a vendor. It holds nothing of the line's text.

    `value` is the entry of the table that matched, such as `*.dkr.ecr.*.amazonaws.com`. `product`
    and `region` are what that entry says about the vendor's part, if anything.
    """

    line: int
    kind: EvidenceKind
    value: str
    product: str | None = None
    region: str | None = None


@frozen
class Named:
    """A vendor and its evidence, the strongest first."""

    slug: str
    evidence: tuple[Evidence, ...]


@frozen
class Findings:
    """What a log says: `named` are the vendors named in what failed, the most likely one first.

    `mentioned` are vendors that only other lines name; they are not read. `is_network`: every
    failure is one of this machine's own network. `first_error` and `last_error` are when the lines
    that fail were written, if the log says so with a time zone.
    """

    named: tuple[Named, ...] = ()
    mentioned: tuple[Named, ...] = ()
    is_network: bool = False
    first_error: datetime | None = None
    last_error: datetime | None = None


@frozen
class Conclusion:
    """Whose failure it probably is; `text` is one sentence."""

    kind: ConclusionKind
    text: str


@frozen
class Triage:
    """The part of a report that only `triage` has.

    `read` are the named vendors that were read, in the order of the report's, and `timings` how the
    open incident of each fits the times of the log, "" if that is unknown. `next_step` is a command
    to run now, "" if there is none.
    """

    conclusion: Conclusion
    read: tuple[Named, ...]
    timings: tuple[str, ...]
    next_step: str = ""
