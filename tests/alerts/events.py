"""Events and messages that the tests of messages and channels share."""

import json
from importlib import import_module
from importlib.resources import files
from typing import Any

from outlogger_cli.alerts.events import Event, VendorState, compare
from outlogger_cli.domain.verdict import Judged
from tests.support import NOW

_TEXT = files("outlogger_cli.alerts").joinpath("event-schema.json").read_text(encoding="utf-8")
_DRAFT: Any = import_module("jsonschema").Draft202012Validator  # jsonschema ships no types
SCHEMA = _DRAFT(json.loads(_TEXT))
"""The validator of messages."""

MESSAGE: dict[str, Any] = {
    "schema_version": 1,
    "event": "opened",
    "vendor": "acme",
    "name": "Acme",
    "severity": "major",
    "previous_severity": "none",
    "title": "Acme: Build partial outage",
    "message": "Acme has a problem (severity major; before: ok).\nBuild partial outage",
    "url": "https://status.acme.example",
    "components": ["Build"],
    "incident": None,
    "at": "2026-01-15T12:00:00Z",
    "duration_seconds": None,
    "drill": False,
}


def events(*readings: Judged) -> list[Event]:
    """The events after the last of several readings at one time."""
    state = VendorState()
    found: tuple[Event, ...] = ()
    for reading in readings:
        state, found = compare(state, reading, now=NOW)
    return list(found)
