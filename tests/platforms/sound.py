"""What holds of every snapshot, whatever a page says: to be asserted of hostile ones."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from outlogger_cli.domain.model import Component, ComponentStatus, Severity, Snapshot
from outlogger_cli.domain.text import BODY_LIMIT, LINE_LIMIT
from tests.shown import assert_shown

COMPONENT_WORDS = {
    "statuspage": {"operational"},
    "incidentio": {"operational"},
    "instatus": {"operational"},
    "betterstack": {"operational", "recovered"},
    "sorry": {"operational"},
    "checkly": {"operational"},
    "datadog": {"operational"},
    "uptimecom": {"operational"},
    "openstatus": {"operational", "active"},
    "cstate": {"ok"},
    "uptimerobot": {"success"},
    "statusiq": {"operational", "informational", "1", "2"},
    "site24x7": {"operational", "informational", "1", "2"},
    "heroku": {"green"},
    "azuredevops": {"healthy", "4"},
    "oci": {"normalperformance"},
    "salesforce": {"ok", "informational_core", "informational_noncore"},
    "uptimekuma": {"up"},
    "gatus": {"healthy"},
    "statuscake": {"up"},
    "adobe": {"", "potential", "trivial"},
    "paypal": {"operational", "informational"},
    # these tell of trouble only, so that no word at all is calm
    "flashduty": {"", "operational"},
    "statuspal": {"", "info"},
    "apple": {"", "available"},
}
"""The raw words that a component may be operational by. Status.io and Cachet go by a code beside
them, and FireHydrant's pages name their conditions themselves."""

PAGE_WORDS = {
    "statuspage": {"none"},
    "incidentio": {"none"},
    "rootly": {"none"},
    "instatus": {"up", "alloperational"},
    "betterstack": {"operational"},
    "checkly": {"operational"},
    "openstatus": {"none", "success", "operational"},
    "cstate": {"ok"},
    "slack": {"ok", "active"},  # active, where all that is active are notices
    "azuredevops": {"healthy", "4"},
    "oci": {"none"},
    "statuspal": {"", "info"},
    "hyperping": {"up"},
}
"""The raw words that a whole page may be fine by; the other platforms have none of their own."""

LONGEST = 4 * LINE_LIMIT
"""Characters of a line; a few are made of several texts."""


def assert_sound(name: str, snapshot: Snapshot) -> None:
    """That a snapshot of the platform `name` is safe to show and calls nothing fine unasked."""
    parts = (*snapshot.components, *snapshot.incidents, *snapshot.maintenances)
    for part in (replace(snapshot, components=(), incidents=(), maintenances=()), *parts):
        _assert_values(part)
    for component in snapshot.components:
        assert _may_be(name, component), f"operational by {component.raw_status!r}"
        assert "" not in {component.name, component.group, component.description}
    assert all(incident.name for incident in snapshot.incidents), "an incident without a name"
    assert all(window.name for window in snapshot.maintenances), "a window without a name"
    if snapshot.indicator is Severity.NONE:
        raw = snapshot.raw_indicator
        assert raw in PAGE_WORDS.get(name, {raw}), f"fine by {raw!r}"
        known = {component.status for component in snapshot.components} - {ComponentStatus.UNKNOWN}
        by_word = raw or name in PAGE_WORDS
        assert known or by_word or not snapshot.components, "fine, and nothing is known"


def _assert_values(part: Any) -> None:
    for field, value in _leaves(part):
        if isinstance(value, str):
            _assert_text(field, value)
        if isinstance(value, datetime):
            assert value.utcoffset() == timedelta(0), f"{field} is {value!r}"


@lru_cache(maxsize=10_000)  # a page is often read again with one part of it changed
def _assert_text(field: str, value: str) -> None:
    assert_shown(value, lines=field == "body")
    assert len(value) <= (BODY_LIMIT if field == "body" else LONGEST), f"{field} is long"
    if field in {"url", "page_url"} and value:
        assert urlsplit(value).scheme in {"http", "https"}, f"{field} is {value!r}"


def _may_be(name: str, component: Component) -> bool:
    """Whether the component's status is one that its raw words allow."""
    if component.status is not ComponentStatus.OPERATIONAL or name not in COMPONENT_WORDS:
        return True
    words = {word.strip() for word in component.raw_status.lower().split(",")}
    return words <= COMPONENT_WORDS[name]


def _leaves(value: Any, field: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a snapshot that has none inside it, and the field it stands in."""
    if isinstance(value, tuple):
        for item in value:
            yield from _leaves(item, field)
    elif names := _fields(value.__class__):
        for name in names:
            child = getattr(value, name)
            if isinstance(child, tuple):
                yield from _leaves(child, name)
            else:
                yield name, child
    else:
        yield field, value


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
