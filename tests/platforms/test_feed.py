"""Any status feed: Statuspage's own history, and entries that only say in words how things are."""

import re
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

from outlogger_cli.domain.model import (
    EVER,
    Document,
    Incident,
    IncidentStatus,
    Read,
    Snapshot,
    Source,
    Vendor,
)
from outlogger_cli.domain.text import BODY_LIMIT
from outlogger_cli.domain.verdict import judge
from outlogger_cli.platforms import feed
from tests.support import DATA, NOW, document, recognised, recorded, utc

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


def test_a_message_is_cut_as_a_whole() -> None:
    first, rest = "a" * 19_000, "b" * 19_000
    timeline = message("Monitoring", body=f"{first}<br>{rest}") + message("Identified")
    newest, _ = only(atom(timeline)).updates
    assert len(newest.body) == BODY_LIMIT
    assert newest.body.startswith(f"{first}\nb")
    assert newest.body.endswith("b…")


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
    assert read.notes == ("the feed has no entries: the status is unknown",)


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
    number = path.stem.rpartition("--")[2]
    if number not in OPEN_IN_RECORDINGS:
        pytest.skip("what this recording says is not written down")
    indicator, still_open, windows, starts = OPEN_IN_RECORDINGS[number]
    read = page(path.read_bytes())
    assert read.indicator == indicator
    assert [i.url.rpartition("/")[2] for i in read.incidents if i.status.open] == still_open
    assert [(m.status, m.scheduled_for, m.scheduled_until) for m in read.maintenances] == [
        (status, begins and utc(begins), ends and utc(ends)) for status, begins, ends in windows
    ]
    assert read.history_from == utc(starts)


# Stages


def items(*entries: tuple[str, str, str], guids: str = "") -> str:
    """An RSS feed of entries (title, text, age such as `3h` or `-2h`), and a guid for each."""
    rows = []
    for guid, (title, body, age) in zip(guids or "abcdefgh", entries, strict=False):
        when = NOW - timedelta(hours=float(age.removesuffix("h")))
        rows.append(
            f"<item><title>{escape(title)}</title><description>{escape(body)}</description>"
            f"<guid>{guid}</guid><pubDate>{format_datetime(when)}</pubDate></item>"
        )
    return f"<rss><channel><title>Acme</title>{''.join(rows)}</channel></rss>"


CLOSED = ("[Resolved] Old trouble", "Over.", "900h")


def verdict(body: str) -> str:
    read = Read(
        vendor=Vendor(slug="acme", url=PAGE),
        platform="feed",
        snapshot=page(body),
        source=Source.LIVE,
        checked_at=NOW,
    )
    return judge(read, window=None).verdict


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<h3>Resolved</h3><p>All is good.</p>", "resolved"),
        ("<h2>Investigating</h2><p>x</p><h2>Resolved</h2><p>y</p>", "resolved"),
        ("<b>Investigating</b> - We look.<br/><br/><b>Resolved</b> - Over.", "resolved"),
        ("<b>Resolved</b> - Over.<br/><br/><b>Investigating</b> - We look.", "resolved"),
        ("<b>Investigating</b> - We look. <b>Resolved</b> - Over.", "resolved"),
        ("<p><strong>Investigating</strong>: x</p><p><strong>Resolved</strong>: y</p>", "resolved"),
        ("<ul><li>Investigating: we look</li><li>Resolved: over</li></ul>", "resolved"),
        ("Identified\nThe cause.\nMonitoring\nA fix.\nResolved\nOver.", "resolved"),
        ("<b>Status:</b> Resolved<br/>x", "resolved"),
        ("<strong>Current status</strong>: <em>Resolved</em>", "resolved"),
        ("<table><tr><td>Status</td><td>Resolved</td></tr></table>", "resolved"),
        ("<dl><dt>State</dt><dd>Investigating</dd></dl>", "investigating"),
        ("State: Bavaria", "unknown"),
        ("<b>Status: Monitoring</b><br/><b>Affected</b><ul><li>Login (Resolved)</li></ul>", None),
        ("<strong>[Investigating]</strong> We look.", "investigating"),
        ("<b>Investigating</b> We look.", "investigating"),
        ("**Resolved** - Over.", "resolved"),
        ("[Resolved] Over.", "resolved"),
        ("Resolved (10:00 UTC): over", "resolved"),
        ("Update: Resolved - Over.", "resolved"),
        ("Status update: Resolved!", "resolved"),
        ("Jan 15, 10:00 UTC <b>Resolved</b> all of it", "resolved"),
        ("Update 2: still slow", "unknown"),
        ("Update 11:20: still slow<br>Resolved 11:40: over", "resolved"),
        ("Status: Gelöst", "resolved"),
        ("Behoben: Der Fehler ist weg.", "resolved"),
        ("In Untersuchung - Wir suchen.", "investigating"),
        ("Wird überwacht", "monitoring"),
        ("Statut : Résolu", "resolved"),
        ("En cours d’investigation : les API", "investigating"),
        ("We have <b>resolved</b> it for some", "unknown"),
        ("<b>resolved</b> issues may come back", "unknown"),
        ("<p>The team resolved: nothing</p>", "unknown"),
        ("Not resolved: the API", "unknown"),
        ("<style>Resolved</style>", "unknown"),
    ],
)
def test_a_stage_stands_apart_whatever_the_markup(body: str, status: str | None) -> None:
    assert only(rss("Trouble", body)).status == (status or "monitoring")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        # oldest first, newest first
        (["08:00 UTC - Investigating - a", "09:00 UTC - Resolved - b"], "resolved"),
        (["09:00 UTC - Resolved - b", "08:00 UTC - Investigating - a"], "resolved"),
        # reopened
        (["10:00 UTC - Investigating - c", "09:00 UTC - Resolved - b", "08:00 UTC - x"], None),
        (["08:00 UTC - x", "09:00 UTC - Resolved - b", "10:00 UTC - Investigating - c"], None),
        # an update or a text goes on with the stage before it
        (["10:00 UTC - Update - c", "09:00 UTC - Investigating - b"], None),
        (["10:00 UTC - We see less of it.", "09:00 UTC - Investigating - b"], None),
        # a time that cannot be read, a stage without one
        (["10:00 IST - Investigating - c", "09:00 IST - Resolved - b"], None),
        (["25:00 UTC - Investigating - c", "25:00 UTC - Resolved - b"], None),
        (["Investigating - again", "09:00 UTC - Resolved - b", "08:00 UTC - x"], None),
        (["Resolved - not dated", "09:00 UTC - Investigating - b"], None),
        # a text below its time
        (["10:00 UTC", "It is back.", "09:00 UTC", "Investigating", "08:00 UTC", "x"], None),
        (["09:00 UTC", "Investigating", "10:00 UTC", "We go on."], None),
        (["09:00 UTC", "Investigating", "10:00 UTC"], None),
        # the field at the top is not one of the messages
        (["Status: Resolved", "09:00 UTC - Investigating - b", "08:00 UTC - Resolved"], None),
        # a window that is to come is no message
        (["2026-01-16 09:00 UTC - 10:00 UTC", "09:00 UTC - Investigating - b"], None),
        (["2026-01-16 09:00 UTC we go on", "09:00 UTC - Investigating - b"], None),
    ],
)
@pytest.mark.parametrize("date", ["", "2026-01-15 ", "Thu, 15 Jan 2026 ", "Jan 15, "])
def test_the_newest_message_counts_where_messages_have_times(
    body: list[str], status: str | None, date: str
) -> None:
    lines = [re.sub(r"^(?=\d\d:)", date, line) for line in body]
    assert only(rss("Trouble", "<br/>".join(lines))).status == (status or "investigating")


def test_a_field_counts_where_no_message_with_a_time_names_a_stage() -> None:
    for word, status in (("Resolved", "resolved"), ("Identified", "identified")):
        body = f"Status: {word}<br>10:00 UTC - It is better.<br>09:00 UTC - It is slow."
        assert only(rss("Trouble", body)).status == status
    assert only(rss("[Resolved] Trouble", "10:00 UTC - It is better.")).status == "resolved"


def test_messages_of_one_minute_are_in_the_order_of_the_others() -> None:
    lines = ["Jan 15, 10:00 UTC - Resolved", "Jan 15, 10:00 UTC - Investigating"]
    assert only(rss("Trouble", "<br>".join(lines))).status == "resolved"
    older = "Jan 15, 09:00 UTC - Resolved"
    assert only(rss("Trouble", "<br>".join([older, *lines]))).status == "investigating"


def test_a_time_may_stand_before_its_message_or_below_its_heading() -> None:
    above = "<p>Jan 15, 10:00 UTC</p><p>Resolved</p><p>Jan 15, 9:00 UTC</p><p>Investigating</p>"
    below = "<h3>Resolved</h3><p>Jan 15, 10:00 UTC</p><h3>Identified</h3><p>Jan 15, 9:00 UTC</p>"
    behind = "Resolved at Jan 15, 10:00 UTC<br>Identified at Jan 15, 9:00 UTC: a disk"
    posted = (
        "<p>Resolved</p><p>Over.</p><p>Posted 2 days ago. Jan 15, 2026 - 10:00 UTC</p>"
        "<p>Investigating</p><p>We look.</p><p>Posted 2 days ago. Jan 15, 2026 - 09:00 UTC</p>"
    )
    bold = "<p><b>15 Jan 2026 10:00:00 GMT</b> Resolved</p><p><b>15 Jan 2026 09:00 GMT</b> Open</p>"
    for body in (above, below, behind, posted, bold):
        incident = only(rss("Trouble", f"Preface.<p>{body}"))
        assert (incident.started_at, incident.resolved_at) == (
            utc("2026-01-15 09:00"),
            utc("2026-01-15 10:00"),
        )


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        ("Jan 14, 11:30 AM UTC", "2026-01-14 11:30"),
        ("Jan 14, 12:05 AM UTC", "2026-01-14 00:05"),
        ("Jan 14, 12:05 p.m. UTC", "2026-01-14 12:05"),
        ("Jan 14, 2026 4:40PM PST", "2026-01-15 00:40"),
        ("January 14, 2026 at 16:40 UTC", "2026-01-14 16:40"),
        ("14 January 2026, 4:40 PM CET", "2026-01-14 15:40"),
        ("2026-01-14 16:40 UTC", "2026-01-14 16:40"),
        ("2026-01-14 16:40 IST", None),
        ("2026-01-14 16:40", "2026-01-14 16:40"),
        ("06:40 UTC", None),
    ],
)
def test_times_are_read_as_people_write_them(when: str, moment: str | None) -> None:
    incident = only(rss("Trouble", f"{when} - Monitoring - A fix is in.<br>x"))
    assert [u.created_at for u in incident.updates] == [moment and utc(moment)]
    assert [u.body for u in incident.updates] == ["A fix is in.\nx"]


@pytest.mark.parametrize(
    ("body", "closes"),
    [
        ("We looked. The issue has been resolved.", True),
        ("We look.<p>Update: the cause.<p>The issue has been resolved.", True),
        ("Investigating - We look.<br>The issue has been resolved.", True),
        ("The API is back to normal. We apologize for the trouble.", True),
        ("Update: the service is operating normally.", True),
        ("09:00 UTC We look.<br>10:00 UTC The issue has been resolved.", True),
        ("10:00 UTC The issue has been resolved.<br>09:00 UTC We look.", True),
        ("The service has recovered.", True),
        ("Der Fehler wurde behoben.", True),
        ("L’incident est résolu.", True),
        ("Investigating - The issue has been resolved.", False),
        ("The issue has been resolved.<br>Investigating - It is back.", False),
        ("Update: it has been resolved.<br>Investigating - We look.", False),
        ("09:00 UTC The issue has been resolved.<br>10:00 UTC It is back.", False),
        ("The issue has been resolved. It came back.", False),
        ("The issue has been resolved for some.", False),
        ("The API is not back to normal.", False),
        ("Other services are operating normally.", False),
        ("Some customers recovered.", False),
        ("Has the issue been resolved? The issue has been resolved?", False),
        ("Der Fehler wurde noch nicht behoben.", False),
        ("Sorry.", False),
    ],
)
def test_a_closing_sentence_counts_at_the_end_of_the_newest_message(
    body: str, closes: bool
) -> None:
    assert only(rss("Trouble", body)).status.open is not closes


def test_in_statuspage_s_form_the_stages_alone_count() -> None:
    update = message("Update", "Jan 15, 12:00 UTC", "Logins are operating normally.")
    incident = only(atom(update + message("Investigating", "Jan 15, 11:00 UTC")))
    assert (incident.status, incident.raw_status) == ("investigating", "Update")


@pytest.mark.parametrize(
    ("title", "status", "word"),
    [
        ("✅ Resolved: Major outage", "resolved", "Resolved"),
        ("Major outage - Resolved", "resolved", "Resolved"),
        ("✅ API recovered", "resolved", "recovered"),
        ("Behoben: Störung der API", "resolved", "Behoben"),
        ("Résolu : panne", "resolved", "Résolu"),
        ("Up: API", "resolved", "Up"),
        ("[Monitoring] Fixed: logins", "monitoring", "Monitoring"),
        ("🔴 Outage: API", "unknown", "Outage"),
        ("UPDATE: logins fail", "unknown", ""),
        ("Resolved major outage of the API", "unknown", ""),
        ("Not resolved: Major outage", "unknown", "Major outage"),
    ],
)
def test_a_title_names_a_stage_beside_its_sentence(title: str, status: str, word: str) -> None:
    incident = only(rss(title, "See the page."))
    assert (incident.status, incident.raw_status) == (status, word)


def test_a_text_says_more_than_a_sentence_in_the_title() -> None:
    assert only(rss("API recovered", "Investigating - It is back.")).status == "investigating"
    assert only(rss("[Resolved] API", "Investigating - x")).status == "resolved"
    assert only(rss("[Resolved] API", "Jan 15, 10:00 UTC - Monitoring - x")).status == "monitoring"


@pytest.mark.parametrize(
    "element",
    [
        "<category>Resolved</category>",
        "<category term='Resolved'/>",
        "<x:status xmlns:x='https://acme.example/ns'>Resolved</x:status>",
    ],
)
def test_a_field_of_the_entry_may_name_its_stage(element: str) -> None:
    body = rss("Trouble", "It is over.").replace("<guid>", f"{element}<guid>")
    assert only(body).status == "resolved"
    assert only(body.replace("Resolved", "Europe")).status == "unknown"


def test_markup_may_be_part_of_the_feed_s_own() -> None:
    content = "<content type='xhtml'><div><p><b>Resolved</b> - a &lt; b</p><p>c</p></div></content>"
    incident = only(atom("x").replace("<content>x</content>", content))
    assert (incident.status, incident.updates[0].body) == ("resolved", "Resolved - a < b\n\nc")


def test_of_a_long_text_both_ends_are_read() -> None:
    newest = "Resolved - Over."
    padding = "<br>We still look into it." * 10_000
    assert only(rss("Trouble", f"{newest}{padding}")).status == "resolved"
    assert only(rss("Trouble", f"{padding}<br>{newest}")).status == "resolved"


def test_a_label_may_be_repeated_without_end() -> None:
    assert only(rss("Trouble", "Update: " * 5_000)).raw_status == "Update"


def test_of_many_messages_those_at_both_ends_are_read() -> None:
    middle = "<br>Update: x" * 600
    for body in (
        f"Resolved - a{middle}<br>Identified - b",
        f"Identified - b{middle}<br>Resolved - a",
    ):
        incident = only(rss("Trouble", body))
        assert (incident.status, len(incident.updates)) == ("resolved", 400)


# Windows


@pytest.mark.parametrize(
    ("title", "body", "age", "window"),
    [
        ("Database", "Status: In progress", "3h", ("in_progress", None)),
        ("Database", "Status: Scheduled", "3h", ("scheduled", None)),
        ("Planned maintenance: database", "x", "-120h", ("scheduled", "2026-01-20 12:00")),
        ("Network maintenance", "We work on it.", "-24h", ("scheduled", "2026-01-16 12:00")),
        ("Network maintenance", "We work on it.", "1h", ("unknown", None)),
        ("Wartung am Sonntag", "Wir arbeiten.", "1h", ("unknown", None)),
        ("Database", "We move it.", "-2h", ("scheduled", "2026-01-15 14:00")),
    ],
)
def test_an_entry_is_a_window_by_its_stage_its_title_or_its_time(
    title: str, body: str, age: str, window: tuple[str, str | None]
) -> None:
    read = page(items((title, body, age), CLOSED))
    status, begins = window
    assert [(m.status, m.scheduled_for) for m in read.maintenances] == [
        (status, begins and utc(begins))
    ]
    assert [i.name for i in read.incidents] == [CLOSED[0]]
    assert read.indicator == "none"


@pytest.mark.parametrize(
    ("title", "body", "age"),
    [
        ("Network maintenance", "Status: Identified", "3h"),
        ("Network maintenance", "Scheduled - a<br>In progress - b<br>Investigating - c", "3h"),
        ("Database", "Status: Investigating", "-5h"),
        ("Outage: database", "We look.", "-5h"),
        ("Database", "We look.", "-0.1h"),
    ],
)
def test_an_entry_is_no_window_if_something_is_wrong(title: str, body: str, age: str) -> None:
    read = page(items((title, body, age), CLOSED))
    assert (read.maintenances, len(read.incidents)) == ((), 2)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Maintenance completed", "Over."),
        ("Scheduled maintenance", "Status: Completed"),
        ("Network maintenance", "The maintenance has been completed."),
        ("Network", "Scheduled - a<br>In progress - b<br>Resolved - c"),
    ],
)
def test_a_window_that_is_over_is_health(title: str, body: str) -> None:
    read = page(items((title, body, "3h")))
    assert (read.indicator, read.maintenances, read.incidents) == ("none", (), ())


def test_a_window_in_12_hours_names_its_zone_twice() -> None:
    event = "THIS IS A SCHEDULED EVENT Jan 20, 11:00 AM PST - Jan 20, 1:30 PM PST"
    (window,) = page(atom(f"<p><strong>{event}</strong></p>" + message("Scheduled"))).maintenances
    assert (window.scheduled_for, window.scheduled_until) == (
        utc("2026-01-20 19:00"),
        utc("2026-01-20 21:30"),
    )


def test_a_window_in_a_zone_nobody_knows_has_no_times() -> None:
    event = "<p><strong>THIS IS A SCHEDULED EVENT Jan 20, 09:00 - 10:30 local time</strong></p>"
    (window,) = page(atom(event + message("Scheduled"))).maintenances
    assert (window.scheduled_for, window.scheduled_until) == (None, None)


# Entries that belong together


@pytest.mark.parametrize(
    ("entries", "states"),
    [
        ("[Resolved] T 1h, T 5h", "resolved"),
        ("Up: T 1h, Down: T 5h", "resolved"),
        ("✅ T recovered 1h, 🔴 Outage: T 5h", "resolved"),
        ("[Resolved] T 0h, T 336h", "resolved"),
        ("[Resolved] T 0h, T 337h", "resolved open"),
        ("T 1h, [Resolved] T 5h", "open resolved"),
        ("T 1h, [Resolved] T 5h, T 9h", "open resolved"),
        ("[Resolved] T 1h, T 5h, T 9h", "resolved open"),
        ("[Resolved] T 1h, T 1h", "resolved open"),
        ("[Resolved] T 1h, U 5h", "resolved open"),
        ("[Resolved] T 1h, [Monitoring] T 5h, [Investigating] T 9h", "resolved"),
        ("[Resolved] T 1h, [Monitoring] T 200h, [Investigating] T 400h", "resolved"),
        ("[Resolved] T 1h, [Investigating] T 5h, [Investigating] T 9h", "resolved open"),
        ("RESOLVED: T 1h, UPDATE: T 5h, T 9h", "resolved"),
        ("UPDATE: T 1h, [Investigating] T 5h", "open"),
        ("[Resolved] 1h, [Investigating] 5h", "resolved open"),
    ],
)
def test_a_title_closes_the_latest_entry_of_its_topic(entries: str, states: str) -> None:
    rows = (entry.rpartition(" ") for entry in entries.split(", "))
    read = page(items(*((title, "x", age) for title, _, age in rows)))
    found = ["open" if i.status.open else "resolved" for i in read.incidents]
    assert sorted(found) == sorted(states.split())


def test_an_incident_of_several_entries_lasts_from_the_first_to_the_last() -> None:
    (incident,) = page(items(("[Resolved] T", "Over.", "1h"), ("T", "Down.", "5h"))).incidents
    assert (incident.id, incident.name, incident.status) == ("b", "T", "resolved")
    assert (incident.started_at, incident.resolved_at) == (
        utc("2026-01-15 07:00"),
        utc("2026-01-15 11:00"),
    )
    assert [(u.status, u.body) for u in incident.updates] == [
        ("resolved", "Over."),
        ("unknown", "Down."),
    ]


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        (("It has been resolved.", "1h"), ("Down.", "5h"), "resolved"),
        (("Down.", "5h"), ("It has been resolved.", "1h"), "resolved"),
        (("Status: Investigating", "1h"), ("Status: Resolved", "5h"), "investigating"),
        (("It is back.", "1h"), ("Status: Resolved", "5h"), "unknown"),
        (("Status: Resolved", "1h"), ("Status: Monitoring", "1h"), "monitoring"),
        (("Status: Resolved", "1h"), ("Status: Monitoring", "900h"), "resolved"),
    ],
)
def test_of_two_entries_with_one_guid_the_later_counts(
    first: tuple[str, str], second: tuple[str, str], status: str
) -> None:
    body = items(("T", *first), ("T", *second), guids="aa")
    assert only(body).status == status


def test_of_two_entries_without_a_date_the_open_one_counts() -> None:
    body = items(("T", "Status: Investigating", "1h"), ("T", "Status: Resolved", "5h"), guids="aa")
    undated = re.sub("<pubDate>[^<]*</pubDate>", "", body, count=1)
    assert undated != body
    assert only(undated).status == "investigating"


def test_a_guid_may_come_in_every_entry_of_one_incident() -> None:
    stages = ("Resolved", "1h"), ("Monitoring", "3h"), ("Investigating", "5h")
    body = items(*(("T", f"Status: {stage}", age) for stage, age in stages), guids="aaa")
    assert [u.status for u in only(body).updates] == ["resolved", "monitoring", "investigating"]


def test_a_guid_that_identifies_nothing_joins_nothing() -> None:
    body = items(("T", "Down.", "5h"), ("U", "Down.", "3h"), CLOSED, guids="aaa")
    ids = [i.id for i in page(body).incidents]
    assert len(ids) == len(set(ids)) == 3


# Verdicts


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([CLOSED], "ok"),
        ([("Trouble", "x", "3h"), CLOSED], "problem"),
        ([("Trouble", "x", "600h"), CLOSED], "problem"),
        ([("Trouble", "x", "800h"), CLOSED], "unknown"),
        ([("Trouble", "Status: Investigating", "800h"), CLOSED], "problem"),
        ([("Trouble", "x", "3h")], "unknown"),
        ([("Trouble", "x", "3h"), ("More trouble", "x", "900h")], "unknown"),
        ([("Trouble", "x<p>Update: y", "3h")], "problem"),
        ([("Network maintenance", "x", "-30h")], "unknown"),
        ([("Network maintenance", "x", "-30h"), CLOSED], "ok"),
        ([("Trouble", "Status: Monitoring", "3h"), CLOSED], "problem"),
    ],
)
def test_what_a_feed_comes_to(entries: list[tuple[str, str, str]], expected: str) -> None:
    assert verdict(items(*entries)) == expected


def test_what_is_not_clear_is_listed_and_noted() -> None:
    read = page(items(("Trouble", "x", "3h"), ("More", "y", "9h")))
    assert [(i.status, i.impact) for i in read.incidents] == [("unknown", "none")] * 2
    assert read.notes == ("2 entries do not have a known status",)
    read = page(items(("Trouble", "x", "800h"), CLOSED))
    assert read.notes == ("1 entry does not have a known status",)


def test_an_edit_in_place_is_an_update() -> None:
    body = "We look into it."
    first = only(rss("Trouble", body))
    second = only(rss("Trouble", f"{body}<p>Update: we found the cause."))
    assert first.id == second.id
    assert [u.body for u in second.updates] == ["we found the cause.", body]
    edited = atom(body).replace("<updated>2026-01-15T12:00", "<updated>2026-01-15T12:30")
    assert only(edited).updates[0].created_at == utc("2026-01-15 12:30")
