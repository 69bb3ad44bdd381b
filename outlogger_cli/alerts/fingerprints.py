"""What identifies incidents and maintenance from reading to reading, and shows their changes."""

from zlib import crc32

from outlogger_cli.domain.model import ComponentStatus, Incident
from outlogger_cli.domain.selection import label
from outlogger_cli.domain.verdict import Judged

WITHOUT_WINDOW = ""
"""Stands for the id of a window if components are under maintenance without one."""


def worst_open(judged: Judged) -> Incident | None:
    """The open incident of worst impact, the newest of several."""
    return max(judged.open_incidents, key=lambda i: i.impact.severity.rank, default=None)


def fingerprint_of(incident: Incident) -> str:
    """Return what changes with each update: the time of the newest, their number, the status, and
    after a tab a checksum of the letters of its text.

    All of them, for vendors date updates back, change the status without an update, and write the
    update of a feed into the text that is there. Digits are left out: some texts count minutes.
    """
    newest = incident.updates[0].created_at if incident.updates else None
    time = newest or incident.updated_at or incident.started_at
    status = incident.raw_status or incident.status.value
    body = incident.updates[0].body if incident.updates else ""
    checksum = crc32("".join(filter(str.isalpha, body)).encode())
    return f"{time.isoformat() if time else ''} {len(incident.updates):04} {status}\t{checksum:08x}"


def is_newer(fingerprint: str, known: str | None) -> bool:
    """Whether it is of a later state of the incident than the `known` one.

    A vendor's servers may return an older copy of the page. Its newest update is an earlier one,
    or it has fewer updates, so the first two parts are less.
    """
    if known is None:
        return True
    if "\t" not in known:  # as earlier versions wrote it
        fingerprint = fingerprint.partition("\t")[0]
    return fingerprint != known and fingerprint.split(" ", 2)[:2] >= known.split(" ", 2)[:2]


def active_maintenances(judged: Judged) -> dict[str, str]:
    """Return the names of the active windows by id; without one, the names of the components
    that are under maintenance."""
    windows = {w.id: w.name for w in judged.maintenances if w.status.active}
    if windows:
        return windows
    status = ComponentStatus.UNDER_MAINTENANCE
    names = [label(component) for component in judged.selected if component.status is status]
    return {WITHOUT_WINDOW: ", ".join(names)} if names else {}
