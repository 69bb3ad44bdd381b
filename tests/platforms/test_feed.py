"""Any status feed: Statuspage's own history, and entries that only say in words how things are."""

import re
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

from outlogger_cli.domain.model import EVER, Document, Incident, IncidentStatus, Snapshot
from outlogger_cli.platforms import feed
from tests.support import DATA, document, recognised, recorded, utc

HISTORY = (DATA / "feed/history.atom").read_text(encoding="utf-8")
INCIDENTS_ONLY = HISTORY[: HISTORY.rindex("<entry>")] + "</feed>"
PAGE = "https://status.acme.example"


def documents(body: object) -> dict[str, Document]:
    return {"feed": document("feed", body)}


def page(body: object = HISTORY) -> Snapshot:
    return feed.parse(documents(body))


def atom(*contents: str) -> str:
    """A feed of entries that were published and last updated at noon of 15 January 2026."""
    entries = (
        f"<entry><id>{n}</id><title>Trouble</title><published>2026-01-15T12:00:00Z</published>"
        f"<updated>2026-01-15T12:00:00Z</updated><content>{escape(content)}</content></entry>"
        for n, content in enumerate(contents)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{"".join(entries)}</feed>'


def message(word: str, when: str = "Jan 15, 12:00 UTC", body: str = "Text.") -> str:
    return f"<p><small>{when}</small><br><strong>{word}</strong> - {body}</p>"


def rss(title: str, description: str = "") -> str:
    return (
        f"<rss><channel><title>Acme</title><link>{PAGE}/</link><item><title>{escape(title)}</title>"
        f"<description>{escape(description)}</description><guid>{PAGE}/1</guid>"
        "<pubDate>Thu, 15 Jan 2026 12:00:00 GMT</pubDate></item></channel></rss>"
    )


def only(body: str) -> Incident:
    (incident,) = page(body).incidents
    return incident


def test_a_window_within_a_day_names_the_day_once() -> None:
    event = "<p><strong>THIS IS A SCHEDULED EVENT Jan 20, 09:00 - 10:30 PST</strong></p>"
    (window,) = page(atom(event + message("In progress"))).maintenances
    assert window.status == "in_progress"
    assert (window.scheduled_for, window.scheduled_until) == (
        utc("2026-01-20 17:00"),
        utc("2026-01-20 18:30"),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [("Scheduled", "scheduled"), ("In progress", "in_progress"), ("Verifying", "verifying")],
)
def test_the_words_of_maintenance_are_known(word: str, status: str) -> None:
    read = page(atom(message("Update") + message(word)))
    assert [(m.status, m.scheduled_for) for m in read.maintenances] == [(status, None)]
    assert (read.incidents, read.indicator) == ((), "unknown")


def test_a_maintenance_that_is_completed_is_over() -> None:
    read = page(atom(message("Completed"), message("Resolved")))
    assert (read.maintenances, len(read.incidents)) == ((), 1)
    assert read.indicator == "none"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Investigating", "investigating"),
        ("Identified", "identified"),
        ("Monitoring", "monitoring"),
        ("resolved", "resolved"),
        ("Postmortem", "postmortem"),
        ("Fixed", "resolved"),
        ("Closed", "resolved"),
        ("Recovered", "resolved"),
        ("On fire", "unknown"),
        ("Update", "unknown"),
    ],
)
def test_the_newest_message_says_how_an_incident_stands(word: str, status: str) -> None:
    read = page(atom(message(word)))
    assert [(i.status, i.raw_status) for i in read.incidents] == [(status, word)]
    assert read.indicator == ("unknown" if IncidentStatus(status).open else "none")


def test_a_report_weeks_later_does_not_make_the_outage_longer() -> None:
    timeline = (
        message("Resolved", "Jan 15, 12:00 UTC")
        + message("Update", "Jan 2, 11:00 UTC")
        + message("Resolved", "Jan 2, 10:00 UTC")
        + message("Investigating", "Jan 2, 09:00 UTC")
        + message("Resolved", "Jan 2, 08:00 UTC")
        + message("Investigating", "Jan 2, 07:00 UTC")
    )
    incident = only(atom(timeline))
    assert (incident.started_at, incident.resolved_at) == (
        utc("2026-01-02 07:00"),
        utc("2026-01-02 10:00"),
    )


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        ("Jan <var data-var='date'> 9</var>, <var>08:07</var> UTC", "2026-01-09 08:07"),
        ("Dec 31, 23:00 UTC", "2025-12-31 23:00"),
        ("Jul 17, 10:00 CEST", "2025-07-17 08:00"),
        ("Jan 14, 12:00:30 GMT +2", "2026-01-14 10:00:30"),
        ("2026-01-14T12:00:00Z", "2026-01-14 12:00"),
        ("Wed, 14 Jan 2026 12:00:00 +0100", "2026-01-14 11:00"),
    ],
)
def test_a_date_without_a_year_is_the_nearest_one(when: str, moment: str) -> None:
    assert only(atom(message("Monitoring", when))).updates[0].created_at == utc(moment)


@pytest.mark.parametrize("when", ["Jan 14, 12:00 IST", "Feb 30, 12:00 UTC", "Foo 1, 12:00", "soon"])
def test_a_date_nobody_can_read_is_none(when: str) -> None:
    incident = only(atom(message("Resolved", when)))
    assert (incident.updates[0].created_at, incident.resolved_at) == (None, None)
    assert incident.started_at == utc("2026-01-15 12:00")


def test_a_date_without_a_year_needs_one_that_has_it() -> None:
    body = atom(message("Resolved")).replace("2026-01-15T12:00:00Z", "soon")
    incident = only(body)
    assert (incident.updates[0].created_at, incident.started_at) == (None, None)
    assert page(body).history_from == EVER


def test_a_29th_of_february_is_looked_for_in_a_leap_year() -> None:
    body = atom(message("Resolved", "Feb 29, 12:00 UTC")).replace("2026-01-15", "2025-01-15")
    assert only(body).updates[0].created_at == utc("2024-02-29 12:00")


def test_statuspage_s_rss_is_read_like_its_atom() -> None:
    incident = only(rss("Queue stalled", message("Identified") + message("Investigating")))
    assert (incident.id, incident.name, incident.url) == (f"{PAGE}/1", "Queue stalled", f"{PAGE}/1")
    assert (incident.status, len(incident.updates)) == ("identified", 2)
    assert page(rss("x")).page_url == PAGE


def test_health_needs_a_history_in_which_every_entry_is_closed() -> None:
    assert page(INCIDENTS_ONLY).indicator == "none"
    assert page(atom(message("Resolved"), message("Monitoring"))).indicator == "unknown"
    assert page(atom(message("Resolved"), "Text.")).indicator == "unknown"
    assert page(atom(message("Resolved"), "Resolved - Text.")).indicator == "none"
    assert page(atom("Resolved - Text.")).indicator == "none"
    assert page(atom(message("Resolved"), message("Scheduled"))).indicator == "none"


def test_an_empty_feed_says_nothing() -> None:
    read = page(atom())
    assert (read.indicator, read.history_from) == ("unknown", None)
    assert read.notes == ("the feed has no entries, which says nothing",)


def test_a_short_history_is_whole() -> None:
    assert page(atom(*[message("Resolved")] * 24)).history_from == EVER


def test_a_full_history_reaches_back_to_its_oldest_entry() -> None:
    oldest = message("Resolved") + message("Investigating", "Jan 3, 10:00 UTC")
    assert page(atom(*[message("Resolved")] * 24, oldest)).history_from == utc("2026-01-03 10:00")


def test_another_feed_reaches_back_to_its_oldest_entry_however_short() -> None:
    assert page(rss("Resolved: x")).history_from == utc("2026-01-15 12:00")


@pytest.mark.parametrize(
    ("title", "body", "status", "raw_status"),
    [
        ("x", "<b>Status: Resolved</b><br/><br/>Done.", "resolved", "Resolved"),
        ("x", "Intro.<h3>Status: MONITORING</h3>", "monitoring", "MONITORING"),
        ("x", "Status: Identified - we know.", "identified", "Identified"),
        ("x", "Status: Exploding. Resolved", "unknown", "Exploding"),
        ("Service is fine: [RESOLVED] Errors", "", "resolved", "RESOLVED"),
        ("RESOLVED: Errors", "", "resolved", "RESOLVED"),
        ("Fixed - Errors", "", "resolved", "Fixed"),
        ("Resolved", "", "resolved", "Resolved"),
        ("Errors - Monitoring", "", "monitoring", "Monitoring"),
        ("Errors (investigating)", "", "investigating", "investigating"),
        ("Errors", "Resolved - All is well.", "resolved", "Resolved"),
        ("Errors", "Recovered.", "resolved", "Recovered"),
        ("Errors", "This has been resolved. Sorry.", "resolved", "has been resolved"),
        ("Errors are now resolved", "Sorry.", "resolved", "are now resolved"),
        ("Errors", "Errors occur.", "unknown", ""),
        ("Closed-beta users see errors", "", "unknown", ""),
        ("Tickets are auto-closed", "", "unknown", ""),
        ("Unresolved: errors", "", "unknown", ""),
        ("Errors", "This has not been resolved.", "unknown", ""),
        ("Errors", "More once this has been resolved.", "unknown", ""),
        ("Errors", "This has been partially resolved.", "unknown", ""),
        ("Errors", "Partly this has been resolved.", "unknown", ""),
        ("Errors", "Errors occur. An older one has been resolved.", "unknown", ""),
    ],
)
def test_an_entry_in_plain_words_is_closed_only_where_they_say_so(
    title: str, body: str, status: str, raw_status: str
) -> None:
    incident = only(rss(title, body))
    assert (incident.status, incident.raw_status) == (status, raw_status)
    assert (page(rss(title, body)).indicator == "none") is not incident.status.open


def test_an_entry_in_plain_words_is_one_message() -> None:
    incident = only(rss("API errors", "<b>Status: Resolved</b><br/>Done.<ul><li>API</li></ul>"))
    moment = "2026-01-15 12:00"
    assert (incident.started_at, incident.updated_at) == (utc(moment),) * 2
    assert incident.resolved_at is None  # the feed does not tell when it ended
    (update,) = incident.updates
    assert (update.status, update.raw_status) == ("resolved", "Resolved")
    assert (update.body, update.created_at) == ("Status: Resolved\nDone.\n\n• API", utc(moment))


def test_a_scheduled_entry_elsewhere_is_an_upcoming_window() -> None:
    read = page(rss("[Scheduled] Database upgrade"))
    assert [(m.name, m.status, m.scheduled_for) for m in read.maintenances] == [
        ("[Scheduled] Database upgrade", "scheduled", None)
    ]


def test_text_may_stand_in_summary_or_encoded_content() -> None:
    summary = atom("Status: Resolved").replace("content>", "summary>")
    encoded = rss("x", "Status: Resolved").replace("description>", "c:encoded>")
    encoded = encoded.replace("<rss>", '<rss xmlns:c="http://purl.org/rss/1.0/modules/content/">')
    assert [only(body).status for body in (summary, encoded)] == ["resolved"] * 2


def test_an_entry_may_lack_nearly_everything() -> None:
    for body in (
        "<rss><channel><item/></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self"/></entry></feed>',
    ):
        incident = only(body)
        assert (incident.id, incident.name, incident.url) == ("", "(no title)", "")
        assert (incident.status, incident.started_at) == ("unknown", None)
        assert page(body).history_from is None


@pytest.mark.parametrize(
    ("body", "mine"),
    [
        (HISTORY, True),
        (rss("x"), True),
        (atom(), True),
        ((DATA / "azure/feed.xml").read_bytes(), False),
        ((DATA / "statusiq/rss.xml").read_bytes(), False),
        ("<html>", False),
        ("<svg/>", False),
        ({}, False),
    ],
)
def test_feeds_are_recognised_that_no_other_platform_knows(body: object, mine: bool) -> None:
    assert recognised(feed, document("feed", body)) is mine


NOW_OR_LATER = utc("2027-01-01 00:00")
ATOM = {"a": "http://www.w3.org/2005/Atom"}
PLANNED = {"Scheduled", "In progress", "Verifying", "Completed"}


@pytest.mark.parametrize("path", recorded("feed/*--history-atom--*.xml"))
def test_a_recorded_history_is_read_whole(path: Path) -> None:
    root = ElementTree.fromstring(path.read_bytes())
    contents = {e.findtext("a:id", "", ATOM): e.findtext("a:content", "", ATOM) for e in root}
    words = {
        key: re.findall(r"<br> ?<strong>([^<]*)<", content)
        for key, content in contents.items()
        if content
    }
    windows = {key for key, said in words.items() if PLANNED & set(said)}
    read = page(path.read_bytes())
    assert (read.page_name, read.page_url) == ("GitHub Status", "https://www.githubstatus.com")
    assert {i.id: [u.raw_status for u in i.updates] for i in read.incidents} == {
        key: said for key, said in words.items() if key not in windows
    }
    assert {m.id: m.raw_status for m in read.maintenances} == {
        key: words[key][0] for key in windows if words[key][0] != "Completed"
    }
    assert not [u for i in read.incidents for u in i.updates if not u.created_at or not u.body]
    assert all(
        i.started_at and i.started_at <= (i.resolved_at or NOW_OR_LATER) for i in read.incidents
    )
    assert {i.id for i in read.incidents if i.status.open} == {
        key for key, said in words.items() if key not in windows and said[0] != "Resolved"
    }


Windows = list[tuple[str, str | None, str | None]]
OPEN_IN_RECORDINGS: dict[str, tuple[str, list[str], Windows, str]] = {
    "1": ("none", [], [], "2026-07-25 08:59"),
    "3": ("unknown", ["9rrqvvf23fhc", "k8nz2ljtvzv4"], [], "2024-05-20 16:47"),
    "4": ("none", [], [("scheduled", "2025-05-28 16:30", "2025-05-29 16:30")], "2025-04-23 07:17"),
    "5": ("none", [], [("in_progress", None, None)], "2025-04-28 08:03"),
    "6": ("unknown", ["k8nz2ljtvzv4", "9zq8p50p7tkh"], [], "2024-04-10 18:41"),
    "7": ("unknown", ["l94jr9wnhs4r"], [], "2025-08-14 05:03"),
    "8": ("unknown", ["x69zbgdyfzg0"], [], "2026-04-01 15:02"),
}
"""What each recording says by its number: the indicator, the open incidents, the windows, and
how far back it goes."""


@pytest.mark.parametrize("path", recorded("feed/*--history-atom--*.xml"))
def test_recorded_histories_say_what_was_open(path: Path) -> None:
    indicator, still_open, windows, starts = OPEN_IN_RECORDINGS[path.stem.rpartition("--")[2]]
    read = page(path.read_bytes())
    assert read.indicator == indicator
    assert [i.url.rpartition("/")[2] for i in read.incidents if i.status.open] == still_open
    assert [(m.status, m.scheduled_for, m.scheduled_until) for m in read.maintenances] == [
        (status, begins and utc(begins), ends and utc(ends)) for status, begins, ends in windows
    ]
    assert read.history_from == utc(starts)
