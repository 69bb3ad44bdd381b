"""The values of the domain: status pages as read, and the requests for them.

Every datetime is aware and UTC. Field names are those of Statuspage v2, whatever a platform
calls them on the wire. The rules for a verdict are in `verdict`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from outlogger_cli.domain.values import field, frozen

EVER = datetime.min.replace(tzinfo=UTC)
"""`Snapshot.history_from` of a page whose list of incidents is complete."""


class Severity(StrEnum):
    """How bad something is, in rising order; `UNKNOWN` has no rank."""

    NONE = "none"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """The place in the order, from 0 for `none`; -1 for `unknown`."""
        return _RANKS.get(self, -1)


_RANKS: dict[Severity, int] = {
    severity: rank for rank, severity in enumerate(Severity) if severity is not Severity.UNKNOWN
}


def worst(severities: Iterable[Severity]) -> Severity:
    """The worst of `severities`, `none` without any; unknowns do not count."""
    return max((s for s in severities if s in _RANKS), key=lambda s: s.rank, default=Severity.NONE)


class Verdict(StrEnum):
    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


class ComponentStatus(StrEnum):
    OPERATIONAL = "operational"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"
    UNDER_MAINTENANCE = "under_maintenance"
    UNKNOWN = "unknown"

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
    """How bad an incident is. An unknown word becomes `minor`, and `raw_impact` keeps the word."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    MAINTENANCE = "maintenance"

    @property
    def severity(self) -> Severity:
        return Severity(self.value)


class IncidentStatus(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    UNKNOWN = "unknown"

    @property
    def open(self) -> bool:
        """Whether the incident is not closed; an unknown status counts as open."""
        return self not in _CLOSED


_CLOSED = {IncidentStatus.RESOLVED, IncidentStatus.POSTMORTEM, IncidentStatus.COMPLETED}


class MaintenanceStatus(StrEnum):
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    UNKNOWN = "unknown"

    @property
    def active(self) -> bool:
        return self in {MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.VERIFYING}


class FailureKind(StrEnum):
    """Why a page is unknown: the `error.kind` of the JSON. `Reason` is more exact."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    HTTP = "http"
    REDIRECT = "redirect"
    NOT_JSON = "not_json"
    NOT_A_STATUS_PAGE = "not_a_status_page"
    TOO_LARGE = "too_large"
    INVALID = "invalid"
    OFFLINE = "offline"
    INTERRUPTED = "interrupted"


class Reason(StrEnum):
    """The exact cause of a failure, which code compares.

    One `FailureKind` has several. No code depends on the wording of a message.
    """

    UNSPECIFIED = "unspecified"
    """Only the kind is known and, for HTTP, the status."""

    HOST_NOT_FOUND = "host_not_found"
    LOOKUP_FAILED = "lookup_failed"
    """No name server answered: the host may exist."""

    NETWORK_UNREACHABLE = "network_unreachable"
    CONNECTION_REFUSED = "connection_refused"
    PROXY_UNREACHABLE = "proxy_unreachable"
    PROXY_REFUSED = "proxy_refused"
    CERTIFICATE = "certificate"
    """The certificate is not trusted, unlike a TLS handshake that failed otherwise."""

    NO_SUCH_PAGE = "no_such_page"
    PARKED_DOMAIN = "parked_domain"
    SIGN_IN = "sign_in"
    ROBOT_GUARD = "robot_guard"
    """The server answers with a browser challenge instead of the page."""


class Source(StrEnum):
    """Where the document of a page came from."""

    LIVE = "live"
    NOT_MODIFIED = "not_modified"
    CACHE = "cache"
    STALE = "stale"


class FailOn(StrEnum):
    """The threshold: the least severity that is a problem."""

    NEVER = "never"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    def reached_by(self, severity: Severity) -> bool:
        return self is not FailOn.NEVER and severity.rank >= Severity(self.value).rank


class OnUnknown(StrEnum):
    FAIL = "fail"
    WARN = "warn"
    IGNORE = "ignore"


class CountIncidents(StrEnum):
    """Which open incidents count towards the severity (rule 3)."""

    AUTO = "auto"
    ALL = "all"
    NONE = "none"


class Depth(StrEnum):
    """How much of a page to request: enough for a verdict, all that is open, past incidents too,
    or also past maintenance."""

    VERDICT = "verdict"
    NOW = "now"
    HISTORY = "history"
    ARCHIVE = "archive"

    @property
    def has_history(self) -> bool:
        return self in {Depth.HISTORY, Depth.ARCHIVE}


@frozen
class Selection:
    """Patterns for the components that count; without any, the whole page counts."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude)


@frozen
class Policy:
    """The settings by which severities become a verdict and an exit code."""

    fail_on: FailOn = FailOn.MINOR
    on_unknown: OnUnknown = OnUnknown.FAIL
    count_incidents: CountIncidents = CountIncidents.AUTO


@frozen
class Vendor:
    """A requested status page. `headers` are secret: they are sent to the host of `url` only."""

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
    then in `raw_indicator`. `raw_indicator` is None if the page has no roll-up: the indicator was
    computed. `indicator_of_incidents`: that was done from its open incidents, which count by
    themselves. `history_from` is the moment
    from which `incidents` and `downtime` are complete: `EVER` for all of it, None if no history
    was asked for or could be read. `maintenance_from` is the same for completed `maintenances`.
    `is_cut`: the page may have more components than these.
    `notes` are sentences about what could not be read or understood.
    """

    page_name: str = ""
    page_url: str = ""
    page_updated_at: datetime | None = None
    indicator: Severity
    raw_indicator: str | None = None
    description: str = ""
    indicator_of_incidents: bool = False
    components: tuple[Component, ...] = ()
    incidents: tuple[Incident, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()
    downtime: tuple[Downtime, ...] = ()
    history_from: datetime | None = None
    maintenance_from: datetime | None = None
    is_cut: bool = False
    notes: tuple[str, ...] = ()


@frozen
class Endpoint:
    """A document that a platform requests. `name` is the key under which it gets it."""

    name: str
    url: str


@frozen
class Document:
    """The response of `final_url`: its body decompressed, the names of headers in lower case."""

    endpoint: Endpoint
    final_url: str
    status: int
    headers: dict[str, str]
    body: bytes
    fetched_at: datetime
    source: Source = Source.LIVE


@frozen
class Read:
    """A page that was read.

    `moved_to` is the address that answered if it is not the vendor's. `fresh_for` is the time
    for which the page says that its answer is valid. `is_emptied`: the page listed components
    when it was read before, and lists none now. `seconds` is how long the reading took, None if it
    is a stored one.
    """

    vendor: Vendor
    platform: str
    snapshot: Snapshot
    source: Source
    checked_at: datetime
    moved_to: str | None = None
    fresh_for: timedelta = timedelta()
    is_emptied: bool = False
    seconds: float | None = None


@frozen
class Failed:
    """A page that could not be read. `last` is the stored result of its last read, if any.

    `seconds` is how long the attempt took, None if it never began.
    `retry_after` is how long a page that was asked too often (HTTP 429) wants to be left alone.
    """

    vendor: Vendor
    kind: FailureKind
    message: str
    checked_at: datetime
    reason: Reason = Reason.UNSPECIFIED
    http_status: int | None = None
    retry_after: timedelta | None = None
    last: Read | None = None
    seconds: float | None = None


Outcome = Read | Failed
