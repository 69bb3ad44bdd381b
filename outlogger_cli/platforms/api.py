"""What a platform of another package imports: the values, the error, and text made safe to show.

These names are stable in the sense of semver, like those of `outlogger_cli.api`. The three
functions and two facts that a platform module offers are described by `platforms.Platform`.
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
from outlogger_cli.platforms import Platform

__all__ = [
    "EVER",
    "Component",
    "ComponentStatus",
    "Depth",
    "Document",
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
    "body",
    "line",
    "worst",
]
