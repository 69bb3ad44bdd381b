"""The Atom feed: what its readers see of incidents, whatever vendors write."""

from dataclasses import replace
from importlib import import_module
from typing import Any
from xml.etree.ElementTree import fromstring

from hypothesis import given, settings

from outlogger_cli.domain.verdict import Judged
from outlogger_cli.serve import feed
from tests.reports import (
    BROKEN,
    PAST,
    broken,
    component,
    healthy,
    hostile,
    incident,
    judged,
    page,
    report,
    unreadable,
    update,
)
from tests.shown import assert_shown, written

feedparser: Any = import_module("feedparser")  # it ships no types


def read(*vendors: Judged, **options: Any) -> Any:
    found = feedparser.parse(feed.render(report(*vendors, **options), "list"))
    assert (found.bozo, found.version) == (False, "atom10")
    return found


def test_an_incident_is_an_entry_with_its_updates() -> None:
    found = read(broken(history=PAST))
    newest, past = found.entries
    assert newest.title == "Acme: Builds are stuck (identified)"
    assert newest.link == "https://stspg.io/i1"
    assert newest.author == "Acme"
    assert (newest.published, newest.updated) == ("2026-01-15T11:05:00Z", "2026-01-15T11:31:00Z")
    assert newest.content[0].type == "text/plain"
    assert newest.content[0].value == (
        "Status: identified, impact major\n\nComponents: Build\n\n"
        "2026-01-15T11:31:00Z identified: A disk is full.\nWe are adding one.\n\n"
        "2026-01-15T11:12:00Z investigating: We are looking into it."
    )
    assert [tag.term for tag in newest.tags] == ["acme", "major"]
    assert past.title == "Acme: API errors (resolved)"
    assert found.feed.updated == newest.updated


def test_an_update_keeps_the_id_and_moves_the_time() -> None:
    rows = [
        update("More.", "monitoring", "2026-01-15 11:50"),
        *BROKEN["incidents"][0]["incident_updates"],
    ]
    later = {**BROKEN["incidents"][0], "incident_updates": rows, "status": "monitoring"}
    (before,), (after,) = (
        read(judged({**BROKEN, "incidents": [one]})).entries
        for one in (BROKEN["incidents"][0], later)
    )
    assert before.id == after.id
    assert before.updated < after.updated


def test_one_id_at_two_vendors_is_two_entries() -> None:
    found = read(broken("acme"), broken("other"))
    assert len({entry.id for entry in found.entries}) == 2


def test_what_is_unknown_is_said_and_the_last_reading_stays() -> None:
    found = read(healthy(), unreadable(slug="other", last=broken("other")))
    assert found.feed.subtitle == "Status unknown: Acme"
    assert [entry.title for entry in found.entries] == ["Acme: Builds are stuck (identified)"]
    assert read(healthy()).entries == []
    assert "subtitle" not in read(healthy()).feed


def test_the_same_readings_make_the_same_bytes() -> None:
    run = report(broken(), healthy("b"))
    later = replace(run, generated_at=run.generated_at.replace(hour=23))
    assert feed.render(run, "list") == feed.render(later, "list")


def test_an_incident_without_times_and_link_is_valid() -> None:
    bare = {"id": "", "name": "X", "status": "investigating", "impact": "minor"}
    (entry,) = read(judged(page(component("API"), incidents=[bare]))).entries
    assert entry.updated == "1970-01-01T00:00:00Z"
    assert "published" not in entry
    assert entry.link == "https://status.acme.example/incidents/"
    assert entry.content[0].value == "Status: investigating, impact minor"


def test_a_feed_is_bounded() -> None:
    many = [incident(f"Incident {number}") for number in range(feed.ENTRIES + 1)]
    assert len(read(judged(page(component("API"), incidents=many))).entries) == feed.ENTRIES


def test_hostile_text_is_text() -> None:
    run = report(hostile())
    tree = fromstring(feed.render(run, "list"))
    assert not [one for one in tree.iter() if not one.tag.startswith("{http://www.w3.org/2005")]
    links = {one.get("href", "") for one in tree.iter("{http://www.w3.org/2005/Atom}link")}
    assert all(link.startswith(("https://", "./", "incidents.atom")) for link in links)


@settings(max_examples=50)
@given(written, written, written)
def test_any_text_makes_a_valid_feed(name: str, body: str, link: str) -> None:
    event = incident(name, updates=[update(body)], url=link)
    text = feed.render(report(judged(page(component("API"), incidents=[event], name=name))), "l")
    assert_shown(fromstring(text).findtext("{http://www.w3.org/2005/Atom}title", ""))
    for entry in feedparser.parse(text).entries:
        assert_shown(entry.title)
