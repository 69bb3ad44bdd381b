"""No damage makes a page of any platform healthier than it is, or is a crash."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Document, Snapshot
from outlogger_cli.platforms import BUILT_IN, Platform
from tests.platforms.health import assert_no_healthier, truncations
from tests.platforms.hostile import mistyped, multiplied, nested
from tests.platforms.pages import (
    PAGES,
    Page,
    addresses,
    first_asked,
    is_read,
    load,
    split_json,
    with_json,
)
from tests.platforms.sound import assert_sound
from tests.support import damaged, recognised, recorded


class Part(NamedTuple):
    """One document of a page."""

    page: Page
    name: str

    @property
    def body(self) -> bytes:
        return self.page.documents[self.name].body

    @property
    def json(self) -> Any:
        parts = split_json(self.body)
        assert parts is not None
        return parts[1]

    def read_with(self, bodies: Iterable[bytes]) -> Iterator[Snapshot]:
        """What the page says with each of `bodies` as this document; nothing if it is refused."""
        for body in bodies:
            documents = self.page.changed(self.name, body)
            if self.name not in self.page.later:
                recognised(self.page.platform, documents[self.name])
            if snapshot := read(self.page.platform, documents):
                yield snapshot


def read(platform: Platform, documents: Mapping[str, Document]) -> Snapshot | None:
    """What a page says, None if it is refused."""
    try:
        return platform.parse(documents)
    except PageError:
        return None


def label(part: Part) -> str:
    return f"{part.page.name} {part.name} of {'+'.join(part.page.documents)}"


def _without_later(part: Part) -> Part:
    """The document in its page without those that are read after it."""
    page = part.page
    return Part(page._replace(documents=page.only(*page.needed)), part.name)


def _without_html(part: Part) -> Part:
    """The document in its page without the HTML that leads to the data, if it is read so, too."""
    page = part.page
    rest = page.only(*page.needed[-1:], *page.later)
    return Part(page._replace(documents=rest), part.name) if part.name in rest else part


def _use(part: Part) -> tuple[bool, int]:
    """Orders the pages that have one document in common: as data in a long page comes last."""
    return part.name == part.page.needed[-1], part.page.length()


PARTS = [Part(page, name) for page in PAGES for name in page.documents]
DATA = [part for part in PARTS if part.name == part.page.needed[-1]]
JSON = [part for part in PARTS if split_json(part.body)]
LATER = [part for part in JSON if part.name in part.page.later]
ALONE = [_without_later(part) for part in DATA if part in JSON and part.page.later]
BODIES = {(part.page.name, part.body): part for part in sorted(JSON, key=_use)}
EACH = [_without_html(part) for part in BODIES.values()]
"""Each JSON sample once, as data if it can be, with all that the page is read from besides."""

NO_DAMAGE = {
    "statuspage": "components.5.name",  # a row that is left out because of its name
    "adobe": r"\.\d+$",  # a whole row, which is no element of a list here
    "statuspal": "null .*incident_type",  # null is its word for fine
}
"""What a field may lose by platform, although the page gets healthier by it."""


@pytest.mark.parametrize("part", PARTS, ids=label)
def test_a_document_cut_off_is_never_healthier(part: Part) -> None:
    whole = part.page.platform.parse(part.page.documents)
    for snapshot in part.read_with(truncations(part.body)):
        assert_no_healthier(snapshot, whole, "cut off")


@pytest.mark.parametrize("part", DATA, ids=label)
def test_data_cut_off_is_never_read(part: Part) -> None:
    assert not list(part.read_with(truncations(part.body)))


@pytest.mark.parametrize("path", recorded("*/*"))
def test_a_recorded_page_cut_off_is_never_read(path: Path) -> None:
    body, name = path.read_bytes(), path.parent.name
    for address in addresses(name) if name in BUILT_IN else ():
        whole = first_asked(name, body, address)
        if recognised(load(name), whole):
            for part in truncations(body):
                cut_off = first_asked(name, part, address)
                assert not is_read(load(name), {cut_off.endpoint.name: cut_off})


@pytest.mark.parametrize("part", [*EACH, *ALONE], ids=label)
def test_a_document_that_lost_a_field_is_never_healthier(part: Part) -> None:
    whole = part.page.platform.parse(part.page.documents)
    spared = NO_DAMAGE.get(part.page.name)
    for where, value in damaged(part.json):
        if spared and re.search(spared, where):
            continue
        for snapshot in part.read_with(with_json(part.body, [value])):
            assert_no_healthier(snapshot, whole, where)


@pytest.mark.parametrize("part", EACH, ids=label)
def test_a_value_of_another_type_is_never_a_crash(part: Part) -> None:
    for snapshot in part.read_with(with_json(part.body, mistyped(part.json))):
        assert_sound(part.page.name, snapshot)


@pytest.mark.parametrize("part", EACH, ids=label)
def test_a_value_nested_deeply_is_never_a_crash(part: Part) -> None:
    for snapshot in part.read_with(with_json(part.body, nested(part.json, 100))):
        assert_sound(part.page.name, snapshot)


@pytest.mark.parametrize("part", EACH, ids=label)
def test_long_lists_are_read_or_refused(part: Part) -> None:
    for snapshot in part.read_with(with_json(part.body, [multiplied(part.json, 30)])):
        assert_sound(part.page.name, snapshot)


NAMES = {
    "statuspage incidents": "incident history",
    "incidentio incidents": "incident history",
    "incidentio native": "incident texts",
    "instatus components": "components",
    "instatus events": "open incidents",
    "statuspal incidents": "incident history",
    "cachet groups": "component groups",
    "cachet incidents": "incident history",
    "cachet schedules": "maintenance",
    "cachet status": "page status",
    "cachet components-2": "page 2 of the components",
    "cstate issues": "incident history",
    "sorry notices": "incident history",
    "sorry status": "page state",
    "uptimerobot monitors-2": "page 2 of the monitors",
    "uptimerobot announcements": "announcements",
    "statusiq summary": "incidents",
    "checkly services": "services",
    "openstatus feed": "incident history",
    "slack history": "incident history",
    "heroku incidents": "incident history",
    "salesforce incidents": "incident history",
    "hund feed": "incident history",
    "uptimekuma heartbeat": "heartbeats",
    "flashduty changes": "incident history",
    "gatus suites": "suites",
    "gatus config": "announcements",
    "uptimekuma history": "incident history",
    "uptimekuma history-2": "page 2 of the incident history",
    "uptimecom history": "incident history",
    "adobe products": "products",
    "paypal events": "events",
    "zendesk services": "services",
    "oci status": "roll-up",
    "oci incidents": "incident history",
}
"""What notes call the documents that a page is read without, too."""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty response"),
        (b"<html>", "HTML instead of JSON"),
        (b"<rss/>", "XML instead of JSON"),
        (b"blocked", "not JSON"),
        (b"{", "invalid or truncated JSON"),
        (b"[" * 100_000, "invalid or truncated JSON"),
        (b"null", None),
        (b"7", None),
    ],
    ids=lambda value: str(value)[:20],
)
@pytest.mark.parametrize("part", LATER, ids=label)
def test_a_later_document_that_cannot_be_read_is_a_note(
    part: Part, body: bytes, why: str | None
) -> None:
    page = part.page
    without = page.platform.parse(
        page.only(*(name for name in page.documents if name != part.name))
    )
    (broken,) = part.read_with([body])
    assert replace(broken, notes=()) == replace(without, notes=())
    (note,) = set(broken.notes) - set(without.notes)
    named, _, reason = note.partition(" not read: ")
    assert (named, bool(reason)) == (NAMES[f"{page.name} {part.name}"], True)
    is_feed = part.body.startswith(b"<")  # of which other words are said
    assert is_feed or why in {None, reason}


BARE_LISTS = [part for part in LATER if part.body.startswith(b"[")]


@pytest.mark.parametrize("part", BARE_LISTS, ids=label)
def test_an_object_in_place_of_a_later_list_is_a_note(part: Part) -> None:
    (broken,) = part.read_with([b"{}"])
    name = NAMES[f"{part.page.name} {part.name}"]
    assert broken.notes == (f"{name} not read: {part.name} is missing, expected a list",)
