"""What one subscriber was notified of, and the messages that are still to be delivered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from outlogger_cli.alerts.events import VendorState
from outlogger_cli.alerts.state_file import DAMAGED, StateFile, time_from_text, time_to_text
from outlogger_cli.domain.model import (
    Impact,
    Incident,
    IncidentStatus,
    Severity,
    Update,
    Vendor,
)

VENDOR_LIMIT = 5000

Message = dict[str, Any]
"""An event as it is sent: the body of a webhook."""

_REQUIRED_TEXTS = ("event", "vendor", "name", "severity", "title", "message", "url", "at")
_KEPT_TEXT = 4000
"""Characters of an incident's last update that are kept for the message of its end."""


@dataclass(slots=True, kw_only=True)
class Waiting:
    """A message that is still to be delivered, and how often it was refused alone."""

    message: Message
    refusals: int = 0

    @property
    def vendor(self) -> str:
        return str(self.message["vendor"])


@dataclass(slots=True, kw_only=True)
class DeliveryLog:
    """The vendors' states by `vendor_key`, the one updated last at the end; the `queue` of
    messages, oldest first for each vendor; and what is `deferred` until quiet hours end.

    Changes are kept only by `save`, which raises `LocalError` if they cannot be written.
    """

    file: StateFile
    vendors: dict[str, VendorState] = field(default_factory=dict)
    queue: list[Waiting] = field(default_factory=list)
    deferred: list[Message] = field(default_factory=list)

    def state_of(self, key: str) -> VendorState:
        return self.vendors.get(key, VendorState())

    def update(self, key: str, state: VendorState) -> None:
        self.vendors.pop(key, None)
        self.vendors[key] = state

    def save(self) -> None:
        """Write the log under the names on disk, which are those of version 0.1.0.

        Of the vendors that exceed the limit, the oldest are dropped.
        """
        vendors = list(self.vendors.items())[-VENDOR_LIMIT:]
        self.file.write(
            {
                "known": {key: _encode(state) for key, state in vendors},
                "pending": [
                    {**one.message, "refusals": one.refusals} if one.refusals else one.message
                    for one in self.queue
                ],
                "held": self.deferred,
            }
        )


def vendor_key(vendor: Vendor) -> str:
    """Return slug, page, and a checksum of selection and threshold.

    With another selection or threshold nothing was notified yet, so that is another key.
    """
    selection, policy = vendor.selection, vendor.policy
    asked = [selection.include, selection.exclude, policy.fail_on, policy.count_incidents]
    return f"{vendor.slug} {vendor.url} {crc32(json.dumps(asked).encode()):08x}"


def load(file: StateFile) -> DeliveryLog:
    """Read the log in `file`; an empty one if there is none, or a damaged one."""
    try:
        content = file.read()
        return DeliveryLog(
            file=file,
            vendors={str(key): _decode(row) for key, row in content["known"].items()},
            queue=[_waiting(row) for row in content["pending"]],
            deferred=[_message(row) for row in content["held"]],
        )
    except DAMAGED:
        return DeliveryLog(file=file)


def _waiting(row: Message) -> Waiting:
    message = _message(row)
    return Waiting(message=message, refusals=int(message.pop("refusals", 0)))


def _message(row: Message) -> Message:
    if not all(isinstance(row[name], str) for name in _REQUIRED_TEXTS):
        raise ValueError("not a message")
    if time_from_text(row["at"]) is None:
        raise ValueError("a message without time")
    for event in row.get("events", ()):
        _message(event)
    json.dumps(row, allow_nan=False, ensure_ascii=False).encode()  # as a channel will send it
    return dict(row)


def _encode(state: VendorState) -> dict[str, Any]:
    """What version 0.1.0 did not have is written only if it says something."""
    return {
        "severity": state.severity,
        "problem": state.is_problem,
        "turned": time_to_text(state.changed_at),
        "openings": [time_to_text(time) for time in state.opened_at],
        "flapping": state.flapping,
        "since": time_to_text(state.problem_since),
        **({"emptied": True} if state.emptied else {}),
        **({"unread": state.unread_rounds} if state.unread_rounds else {}),
        **({"open": list(state.open_incidents)} if state.open_incidents else {}),
        **({"opened": False} if not state.opened_notified else {}),
        **({"reminded": time_to_text(state.reminded_at)} if state.reminded_at else {}),
        **({"incident": _encode_incident(state.incident)} if state.incident else {}),
        "told": state.notified,
        "readable": state.readable,
        "incidents": state.incidents,
        "maintenances": state.maintenances,
    }


def _decode(row: Mapping[str, Any]) -> VendorState:
    incident = row.get("incident")
    return VendorState(
        severity=_severity(row["severity"]),
        is_problem=bool(row["problem"]),
        changed_at=time_from_text(row["turned"]),
        opened_at=tuple(filter(None, map(time_from_text, row["openings"]))),
        flapping=bool(row["flapping"]),
        problem_since=time_from_text(row["since"]),
        emptied=bool(row.get("emptied")),
        unread_rounds=int(row.get("unread", 0)),
        open_incidents=tuple(map(str, row.get("open", ()))),
        opened_notified=bool(row.get("opened", True)),
        reminded_at=time_from_text(row.get("reminded")),
        incident=_decode_incident(incident) if incident else None,
        notified=_severity(row["told"]),
        readable=bool(row["readable"]),
        incidents={str(id): str(fingerprint) for id, fingerprint in row["incidents"].items()},
        maintenances={str(id): str(name) for id, name in row["maintenances"].items()},
    )


def _encode_incident(incident: Incident) -> dict[str, Any]:
    """What a message about the end of `incident` needs, with its newest update."""
    return {
        "id": incident.id,
        "name": incident.name,
        "status": incident.status,
        "raw_status": incident.raw_status,
        "impact": incident.impact,
        "started_at": time_to_text(incident.started_at),
        "resolved_at": time_to_text(incident.resolved_at),
        "url": incident.url,
        "updates": [_encode_update(one) for one in incident.updates[:1]],
    }


def _encode_update(update: Update) -> dict[str, Any]:
    return {
        "status": update.status,
        "body": update.body[:_KEPT_TEXT],
        "created_at": time_to_text(update.created_at),
    }


def _decode_incident(row: Mapping[str, Any]) -> Incident:
    updates: Sequence[Mapping[str, Any]] = row["updates"]
    return Incident(
        id=str(row["id"]),
        name=str(row["name"]),
        status=IncidentStatus(row["status"]),
        raw_status=str(row["raw_status"]),
        impact=Impact(row["impact"]),
        started_at=time_from_text(row["started_at"]),
        resolved_at=time_from_text(row["resolved_at"]),
        url=str(row["url"]),
        updates=tuple(
            Update(
                status=IncidentStatus(one["status"]),
                body=str(one["body"]),
                created_at=time_from_text(one["created_at"]),
            )
            for one in updates
        ),
    )


def _severity(word: str | None) -> Severity | None:
    return None if word is None else Severity(word)
