"""The words of the field as values: what a status page says, and what is asked of it.

Every datetime is aware and UTC. Field names are those of Statuspage v2, whatever a platform
calls them on the wire. Nothing here computes a verdict (see `verdict`) or touches the outside.
"""

from collections.abc import Iterable
from dataclasses import field
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto

from outlogger_cli.domain.values import frozen

EVER = datetime.min.replace(tzinfo=UTC)
"""`Snapshot.history_from` of a page whose incident list is whole."""


class Severity(StrEnum):
    """The one ladder of every verdict; `UNKNOWN` stands beside it and has no rank."""

    NONE = auto()
    MAINTENANCE = auto()
    MINOR = auto()
    MAJOR = auto()
    CRITICAL = auto()
    UNKNOWN = auto()

    @property
    def rank(self) -> int:
        """Place on the ladder, 0 for `none`; -1 for `unknown`, which is on no rung."""
        return _RANKS.get(self, -1)


_RANKS: dict[Severity, int] = {
    severity: rank for rank, severity in enumerate(Severity) if severity is not Severity.UNKNOWN
}


def worst(severities: Iterable[Severity]) -> Severity:
    """The highest rung among `severities`, `none` where no rung is; unknowns do not count."""
    return max((s for s in severities if s in _RANKS), key=lambda s: s.rank, default=Severity.NONE)


class Verdict(StrEnum):
    OK = auto()
    PROBLEM = auto()
    UNKNOWN = auto()


class ComponentStatus(StrEnum):
    OPERATIONAL = auto()
    DEGRADED_PERFORMANCE = auto()
    PARTIAL_OUTAGE = auto()
    MAJOR_OUTAGE = auto()
    UNDER_MAINTENANCE = auto()
    UNKNOWN = auto()

    @property
    def severity(self) -> Severity:
        return _STATUS_SEVERITY[self]


_STATUS_SEVERITY = {
    ComponentStatus.OPERATIONAL: Severity.NONE,
    ComponentStatus.DEGRADED_PERFORMANCE: Severity.MINOR,
    ComponentStatus.PARTIAL_OUTAGE: Severity.MAJOR,
    ComponentStatus.MAJOR_OUTAGE: Severity.CRITICAL,
    ComponentStatus.UNDER_MAINTENANCE: Severity.MAINTENANCE,
    ComponentStatus.UNKNOWN: Severity.UNKNOWN,
}


class Impact(StrEnum):
    """How bad an incident is. A word nobody knows is `minor`, with the word kept beside it."""

    NONE = auto()
    MINOR = auto()
    MAJOR = auto()
    CRITICAL = auto()
    MAINTENANCE = auto()

    @property
    def severity(self) -> Severity:
        return Severity(self.value)


class IncidentStatus(StrEnum):
    INVESTIGATING = auto()
    IDENTIFIED = auto()
    MONITORING = auto()
    RESOLVED = auto()
    POSTMORTEM = auto()
    SCHEDULED = auto()
    IN_PROGRESS = auto()
    VERIFYING = auto()
    COMPLETED = auto()
    UNKNOWN = auto()

    @property
    def open(self) -> bool:
        """Everything is open that is not said to be closed."""
        return self not in _CLOSED


_CLOSED = {IncidentStatus.RESOLVED, IncidentStatus.POSTMORTEM, IncidentStatus.COMPLETED}


class MaintenanceStatus(StrEnum):
    SCHEDULED = auto()
    IN_PROGRESS = auto()
    VERIFYING = auto()
    COMPLETED = auto()
    UNKNOWN = auto()

    @property
    def active(self) -> bool:
        return self in {MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.VERIFYING}


class FailureKind(StrEnum):
    """Why a page is unknown: the `error.kind` of the JSON. See `Reason` for more."""

    DNS = auto()
    CONNECT = auto()
    TLS = auto()
    TIMEOUT = auto()
    HTTP = auto()
    REDIRECT = auto()
    NOT_JSON = auto()
    NOT_A_STATUS_PAGE = auto()
    TOO_LARGE = auto()
    INVALID = auto()
    OFFLINE = auto()
    INTERRUPTED = auto()


class Reason(StrEnum):
    """The cause of a failure, as exactly as it is known: what the program's logic compares.

    Several causes come under one `FailureKind`. Messages are for people, and nothing depends on
    their wording.
    """

    UNSPECIFIED = auto()
    """Nothing more exact is known than the kind and, for HTTP, the status."""

    HOST_NOT_FOUND = auto()
    LOOKUP_FAILED = auto()
    """No name server answered: the host may exist."""

    NETWORK_UNREACHABLE = auto()
    CONNECTION_REFUSED = auto()
    PROXY_UNREACHABLE = auto()
    PROXY_REFUSED = auto()
    CERTIFICATE = auto()
    """The certificate is not trusted, unlike a TLS handshake that failed otherwise."""

    NO_SUCH_PAGE = auto()
    PARKED_DOMAIN = auto()
    SIGN_IN = auto()
    ROBOT_GUARD = auto()
    """A challenge for browsers stands before the page."""


class Source(StrEnum):
    """Where a reading came from."""

    LIVE = auto()
    NOT_MODIFIED = auto()
    CACHE = auto()
    STALE = auto()


class FailOn(StrEnum):
    """The threshold: from which severity a vendor is a problem."""

    NEVER = auto()
    MAINTENANCE = auto()
    MINOR = auto()
    MAJOR = auto()
    CRITICAL = auto()

    def reached_by(self, severity: Severity) -> bool:
        return self is not FailOn.NEVER and severity.rank >= Severity(self.value).rank


class OnUnknown(StrEnum):
    FAIL = auto()
    WARN = auto()
    IGNORE = auto()


class CountIncidents(StrEnum):
    """Which open incidents count towards the severity (rule 3)."""

    AUTO = auto()
    ALL = auto()
    NONE = auto()


class Depth(StrEnum):
    """How much of a page is asked for: what a verdict needs, all of what is open now, or its
    history too."""

    VERDICT = auto()
    NOW = auto()
    HISTORY = auto()


@frozen
class Selection:
    """Which components count, by pattern; both empty means the whole page."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude)


@frozen
class Policy:
    """What turns severities into a verdict and an exit code."""

    fail_on: FailOn = FailOn.MINOR
    on_unknown: OnUnknown = OnUnknown.FAIL
    count_incidents: CountIncidents = CountIncidents.AUTO


@frozen
class Vendor:
    """A status page somebody asked about. `headers` are secret: sent to `url`'s host only."""

    slug: str
    url: str
    name: str | None = None
    platform: str | None = None
    selection: Selection = Selection()
    policy: Policy = Policy()
    tags: tuple[str, ...] = ()
    timeout: timedelta | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@frozen
class Component:
    """A component of the page without its groups, in the order the page shows it."""

    id: str
    name: str
    status: ComponentStatus
    raw_status: str = ""
    group: str | None = None
    description: str | None = None
    only_show_if_degraded: bool = False
    updated_at: datetime | None = None


@frozen
class Link:
    """A component that an incident names. `id` is None if the page gives only a name."""

    id: str | None = None
    name: str


@frozen
class Update:
    """One message of an incident's timeline; `body` is plain text, `\\n` between lines."""

    status: IncidentStatus = IncidentStatus.UNKNOWN
    raw_status: str = ""
    body: str
    created_at: datetime | None = None


@frozen
class Incident:
    """An unplanned event, open or closed.

    `impact` is minor if the page does not tell. `started_at` is the earliest start the page gives,
    `resolved_at` is None while the incident is open. `updates` are newest first.
    """

    id: str
    name: str
    status: IncidentStatus = IncidentStatus.UNKNOWN
    raw_status: str = ""
    impact: Impact = Impact.MINOR
    raw_impact: str = ""
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    updated_at: datetime | None = None
    links: tuple[Link, ...] = ()
    url: str = ""
    updates: tuple[Update, ...] = ()


@frozen
class Maintenance:
    """A planned window from `scheduled_for` to `scheduled_until`; `updates` are newest first."""

    id: str
    name: str
    status: MaintenanceStatus = MaintenanceStatus.UNKNOWN
    raw_status: str = ""
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    links: tuple[Link, ...] = ()
    url: str = ""
    updates: tuple[Update, ...] = ()


@frozen
class Downtime:
    """What the page's monitors recorded of a component on one day, with or without an incident.

    The page does not say at which hours: `noon` is the middle of the day in the page's zone.
    """

    component_id: str
    noon: datetime
    severity: Severity


@frozen
class Snapshot:
    """What a status page says, read once.

    `indicator` is the page's own roll-up; `unknown` if it is missing or an unknown word, which is
    then in `raw_indicator`. `indicator_of_incidents`: the page has no roll-up, and the indicator
    was computed from its open incidents, which count by themselves. `history_from` is the moment
    from which `incidents` and `downtime` are complete: `EVER` for all of it, None if no history was
    asked for or could be read. `notes` are sentences about what could not be read or understood.
    """

    page_name: str = ""
    page_url: str = ""
    indicator: Severity
    raw_indicator: str = ""
    description: str = ""
    indicator_of_incidents: bool = False
    components: tuple[Component, ...] = ()
    incidents: tuple[Incident, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()
    downtime: tuple[Downtime, ...] = ()
    history_from: datetime | None = None
    notes: tuple[str, ...] = ()


@frozen
class Endpoint:
    """One document a platform asks for. `name` is the key it is handed back under."""

    name: str
    url: str


@frozen
class Document:
    """A body as it came from `final_url`, decompressed, with the headers in lower case."""

    endpoint: Endpoint
    final_url: str
    status: int
    headers: dict[str, str]
    body: bytes
    fetched_at: datetime
    source: Source = Source.LIVE


@frozen
class Read:
    """A page that was read; `moved_to` is the address that answered where it is another one, and
    `fresh_for` how long the page says that its answer holds."""

    vendor: Vendor
    platform: str
    snapshot: Snapshot
    source: Source
    checked_at: datetime
    moved_to: str | None = None
    fresh_for: timedelta = timedelta()


@frozen
class Failed:
    """A page that could not be read. `last` is its last stored reading, if there is one."""

    vendor: Vendor
    kind: FailureKind
    message: str
    checked_at: datetime
    reason: Reason = Reason.UNSPECIFIED
    http_status: int | None = None
    last: Read | None = None


Outcome = Read | Failed
