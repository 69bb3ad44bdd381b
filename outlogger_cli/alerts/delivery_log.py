"""What one subscriber was notified of, and the messages that are still to be delivered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from outlogger_cli.alerts.events import VendorState
from outlogger_cli.alerts.state_file import DAMAGED, StateFile, time_from_text, time_to_text
from outlogger_cli.domain.model import Severity, Vendor

QUEUE_LIMIT = 100
VENDOR_LIMIT = 5000

Message = dict[str, Any]
"""An event as it is sent: the body of a webhook."""

_REQUIRED_TEXTS = ("event", "vendor", "name", "severity", "title", "message", "url", "at")


@dataclass(slots=True, kw_only=True)
class DeliveryLog:
    """The vendors' states by `vendor_key`, the one updated last at the end; the `queue` of
    messages, oldest first; and what is `deferred` until quiet hours end.

    Changes are kept only by `save`, which raises `LocalError` if they cannot be written.
    """

    file: StateFile
    vendors: dict[str, VendorState] = field(default_factory=dict)
    queue: list[Message] = field(default_factory=list)
    deferred: list[Message] = field(default_factory=list)

    def state_of(self, key: str) -> VendorState:
        return self.vendors.get(key, VendorState())

    def update(self, key: str, state: VendorState) -> None:
        self.vendors.pop(key, None)
        self.vendors[key] = state

    def save(self) -> None:
        """Write the log under the names on disk, which are those of version 0.1.0.

        Of the vendors and messages that exceed the limits, the oldest are dropped.
        """
        vendors = list(self.vendors.items())[-VENDOR_LIMIT:]
        self.file.write(
            {
                "known": {key: _encode(state) for key, state in vendors},
                "pending": self.queue[-QUEUE_LIMIT:],
                "held": self.deferred[-QUEUE_LIMIT:],
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
            queue=[_message(row) for row in content["pending"]],
            deferred=[_message(row) for row in content["held"]],
        )
    except DAMAGED:
        return DeliveryLog(file=file)


def _message(row: Message) -> Message:
    if not all(isinstance(row[name], str) for name in _REQUIRED_TEXTS):
        raise ValueError("not a message")
    return dict(row)


def _encode(state: VendorState) -> dict[str, Any]:
    return {
        "severity": state.severity,
        "problem": state.is_problem,
        "turned": time_to_text(state.changed_at),
        "openings": [time_to_text(time) for time in state.opened_at],
        "flapping": state.flapping,
        "since": time_to_text(state.problem_since),
        **({"emptied": True} if state.emptied else {}),
        "told": state.notified,
        "readable": state.readable,
        "incidents": state.incidents,
        "maintenances": state.maintenances,
    }


def _decode(row: Mapping[str, Any]) -> VendorState:
    return VendorState(
        severity=_severity(row["severity"]),
        is_problem=bool(row["problem"]),
        changed_at=time_from_text(row["turned"]),
        opened_at=tuple(filter(None, map(time_from_text, row["openings"]))),
        flapping=bool(row["flapping"]),
        problem_since=time_from_text(row["since"]),
        emptied=bool(row.get("emptied")),  # which earlier versions did not write
        notified=_severity(row["told"]),
        readable=bool(row["readable"]),
        incidents={str(id): str(fingerprint) for id, fingerprint in row["incidents"].items()},
        maintenances={str(id): str(name) for id, name in row["maintenances"].items()},
    )


def _severity(word: str | None) -> Severity | None:
    return None if word is None else Severity(word)
