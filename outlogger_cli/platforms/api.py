"""What a platform of another package imports.

The values of a status page, `PageError`, `line` and `body` to clean text, `roll_up` for a page
without an indicator, and `Platform`, which describes the module to write. `accepts` helps in a
`recognises`. These names are stable in the sense of semver, like those of `outlogger_cli.api`.
"""

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    EVER,
    Component,
    ComponentStatus,
    Depth,
    Document,
    Endpoint,
    FailureKind,
    Impact,
    Incident,
    IncidentStatus,
    Link,
    Maintenance,
    MaintenanceStatus,
    Severity,
    Snapshot,
    Update,
    worst,
)
from outlogger_cli.domain.text import body, line
from outlogger_cli.platforms import Documents, Platform, accepts
from outlogger_cli.platforms.shared.build import roll_up

__all__ = [
    "EVER",
    "Component",
    "ComponentStatus",
    "Depth",
    "Document",
    "Documents",
    "Endpoint",
    "FailureKind",
    "Impact",
    "Incident",
    "IncidentStatus",
    "Link",
    "Maintenance",
    "MaintenanceStatus",
    "PageError",
    "Platform",
    "Severity",
    "Snapshot",
    "Update",
    "accepts",
    "body",
    "line",
    "roll_up",
    "worst",
]
