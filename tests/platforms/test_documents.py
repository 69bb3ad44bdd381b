"""How much of a page is read, and that a document is parsed once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import (
    Component,
    ComponentStatus,
    Incident,
    Maintenance,
    Severity,
    Snapshot,
    Update,
)
from outlogger_cli.platforms import cachet, cstate, feed, statuscast
from outlogger_cli.platforms.shared import build, documents, fields, html
from outlogger_cli.platforms.shared.documents import (
    COMPONENT_LIMIT,
    EVENT_LIMIT,
    HEAD_LIMIT,
    NODE_LIMIT,
    PAGE_LIMIT,
    ROW_LIMIT,
    TAG_LIMIT,
    UPDATE_LIMIT,
    VALUE_LIMIT,
    check_documents,
    check_snapshot,
    once,
)
from tests.platforms.hostile import multiplied
from tests.platforms.pages import PAGES, Page, label, snapshot, split_json, with_json, with_keys
from tests.support import document, sample

COMPONENT = Component(id="1", name="API", status=ComponentStatus.OPERATIONAL)
INCIDENT = Incident(id="1", name="API down")
WINDOW = Maintenance(id="1", name="Upgrade")
TAGS = "the answer holds more than 400,000 tags and character references"
EMPTY = Snapshot(indicator=Severity.NONE)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing is kept before a test, nor after it."""
    documents.forget()
    yield
    documents.forget()


def refusal(*bodies: bytes) -> str:
    with pytest.raises(PageError) as caught:
        check_documents(bodies)
    assert caught.value.kind == "too_large"
    return caught.value.message


@pytest.mark.parametrize(
    ("piece", "count", "message"),
    [
        (b" ", PAGE_LIMIT, "the page is larger than 8 MiB"),
        (b"[],", NODE_LIMIT, "the JSON holds more than 200,000 lists and objects"),
        (b"{},", NODE_LIMIT, "the JSON holds more than 200,000 lists and objects"),
        (b"0,", VALUE_LIMIT, "the JSON holds more than 600,000 values"),
        (b"<", TAG_LIMIT, TAGS),
        (b"&#1;", TAG_LIMIT, TAGS),
        (
            b"x\\u003C",
            TAG_LIMIT,
            TAGS,
        ),
        (
            b"x\\u0026",
            TAG_LIMIT,
            TAGS,
        ),
    ],
)
def test_a_page_that_holds_more_than_is_read_is_refused(
    piece: bytes, count: int, message: str
) -> None:
    check_documents([piece * count])
    check_documents([piece * (count // 2), piece * (count // 2)])
    assert refusal(piece * (count + 1)) == message
    assert refusal(piece * (count // 2), piece * (count // 2 + 1)) == message


def test_what_html_holds_besides_tags_does_not_count() -> None:
    check_documents([b"\n<p>" + b"[{,,,}]" * VALUE_LIMIT])


def test_json_of_too_many_lists_is_refused_before_it_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json, "loads", pytest.fail)
    with pytest.raises(PageError, match="more than 200,000 lists and objects"):
        fields.json_value(document("a", b"[" + b"[]," * NODE_LIMIT + b"0]"))


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(PageError, match="truncated JSON"):
        fields.json_value(document("a", b"[" * 150_000 + b"]" * 150_000))


@pytest.mark.parametrize(
    ("snapshot", "what"),
    [
        (replace(EMPTY, components=(COMPONENT,) * COMPONENT_LIMIT), "20,000 components"),
        (replace(EMPTY, incidents=(INCIDENT,) * EVENT_LIMIT), "5,000 incidents"),
        (replace(EMPTY, maintenances=(WINDOW,) * EVENT_LIMIT), "5,000 maintenance windows"),
        (
            replace(
                EMPTY,
                incidents=(replace(INCIDENT, updates=(Update(body=""),) * UPDATE_LIMIT),),
            ),
            "20,000 updates",
        ),
        (
            replace(
                EMPTY,
                maintenances=(replace(WINDOW, updates=(Update(body=""),) * UPDATE_LIMIT),),
            ),
            "20,000 updates",
        ),
    ],
)
def test_a_page_that_lists_more_than_is_read_is_refused(snapshot: Snapshot, what: str) -> None:
    more = Incident(id="2", name="One more", updates=(Update(body=""),))
    check_snapshot(snapshot)
    larger = replace(
        snapshot,
        components=(*snapshot.components, COMPONENT),
        incidents=(*snapshot.incidents, more),
        maintenances=(*snapshot.maintenances, WINDOW),
    )
    with pytest.raises(PageError) as caught:
        check_snapshot(larger)
    assert (caught.value.kind, caught.value.message) == (
        "too_large",
        f"the page lists more than {what}",
    )


def test_a_document_is_parsed_once() -> None:
    bodies = []

    def make(body: bytes, word: str) -> str:
        bodies.append(body)
        return word

    body = b"{}"
    assert [once(make, body, "a"), once(make, body, "a"), once(make, body, "b")] == ["a", "a", "b"]
    assert bodies == [body, body]
    documents.forget()
    once(make, body, "a")
    assert bodies == [body, body, body]


def test_a_document_that_is_invalid_is_parsed_once() -> None:
    bodies = []

    def make(body: bytes) -> str:
        bodies.append(body)
        raise fields.not_a_page("no")

    body = b"x"
    for _ in range(2):
        with pytest.raises(PageError, match="no"):
            once(make, body)
    assert bodies == [body]


def test_what_was_made_of_the_oldest_documents_is_dropped_first() -> None:
    bodies = []

    def make(body: bytes) -> int:
        bodies.append(len(body))
        return len(body)

    small, half, large = b"x", b"x" * (PAGE_LIMIT // 2), b"x" * (PAGE_LIMIT // 2 + 1)
    for body in (small, half, small, half, large, large, half):
        assert once(make, body) == len(body)
    assert bodies == [len(small), len(half), len(large), len(half)]


# Rows that mean more than they are


def size_of(snapshot: Snapshot) -> int:
    """What a snapshot lists."""
    events: list[Incident | Maintenance] = [*snapshot.incidents, *snapshot.maintenances]
    return len(snapshot.components) + sum(1 + len(e.links) + len(e.updates) for e in events)


PARTS = [
    pytest.param(page, name, id=f"{label(page)}: {name}")
    for page in PAGES
    for name in page.documents
    if split_json(page.documents[name].body)
]


@pytest.mark.parametrize(("page", "name"), PARTS)
def test_repeated_rows_are_not_multiplied(page: Page, name: str) -> None:
    """A hundred copies of each row list a hundred times as much, not ten thousand times."""
    body = page.documents[name].body
    parts = split_json(body)
    assert parts is not None
    (many,) = with_json(body, [multiplied(parts[1], 100)])
    found = page.platform.parse(page.changed(name, many))
    assert size_of(found) <= 101 * size_of(page.platform.parse(page.documents))


def test_a_group_that_is_linked_by_thousands_of_events_is_refused() -> None:
    group = {"id": "g", "name": "All", "group": True}
    members = [{"id": f"c{number}", "name": "One", "group_id": "g"} for number in range(1000)]
    row = {"status": "investigating", "components": [{"id": "g", "name": "All"}]}
    with pytest.raises(PageError, match="more than 200,000 links to components"):
        snapshot(
            "statuspage",
            summary={
                **sample("statuspage/summary.json"),
                "components": [group, *members],
                "incidents": [{**row, "id": str(number)} for number in range(201)],
            },
        )


def test_rows_that_are_too_many_are_refused_before_they_are_read() -> None:
    def rows(count: int) -> Iterator[fields.Fields]:
        return fields.Fields({"rows": [{}] * count}, "page").objects("rows")

    assert sum(1 for _ in rows(ROW_LIMIT)) == ROW_LIMIT
    with pytest.raises(PageError, match=r"page\.rows has more than 25,000 rows") as caught:
        next(rows(ROW_LIMIT + 1))
    assert caught.value.kind == "too_large"


def test_incidents_that_are_too_many_are_not_all_built() -> None:
    built = 0

    def incidents(count: int) -> Iterator[Incident]:
        nonlocal built
        for number in range(count):
            built += 1
            yield Incident(id=str(number), name="API down")

    assert len(build.newest_first(incidents(EVENT_LIMIT))) == EVENT_LIMIT
    for combine in (build.newest_first, lambda some: build.merge((), some)):
        built = 0
        with pytest.raises(PageError, match="more than 5,000 incidents"):
            combine(incidents(10 * EVENT_LIMIT))
        assert built == EVENT_LIMIT + 1


def test_a_feed_of_too_many_entries_or_lines_is_refused() -> None:
    def feed_of(*items: str) -> bytes:
        return f"<rss><channel><title>A</title>{''.join(items)}</channel></rss>".encode()

    with pytest.raises(PageError, match="more than 5,000 entries"):
        feed.parse({"feed": document("feed", feed_of("<item/>" * 5001))})
    lines = "<item><description><![CDATA[" + "Resolved: x\n" * 4000 + "]]></description></item>"
    with pytest.raises(PageError, match="more than 40,000 lines of updates"):
        feed.parse({"feed": document("feed", feed_of(lines * 11))})
    text = f"<item><description>{'Resolved a ' * 200}</description></item>"
    with pytest.raises(PageError, match="more than 1,000,000 characters of updates"):
        feed.parse({"feed": document("feed", feed_of(text * 500))})
    assert feed.parse({"feed": document("feed", feed_of(text * 400))}).incidents


def test_services_that_are_nested_without_end_are_refused() -> None:
    leaf: dict[str, Any] = {
        "id": "leaf",
        "name": "Leaf",
        "current_incident_type": None,
        "children": [],
    }
    tree = {**leaf, "children": [leaf] * 250}
    for number in range(100):
        tree = {**leaf, "id": str(number), "children": [tree]}
    with pytest.raises(PageError, match="nested too deeply"):
        with_keys("statuspal", services=[tree])


# HTML


def test_marks_are_looked_for_early_in_a_page_and_never_cut() -> None:
    key = "/pages/history/0123456789abcdef01234567"
    early, late = (f"<html>{'x' * size}<a href='{key}'>" for size in (100, HEAD_LIMIT))
    cut = f"<html>{'x' * (HEAD_LIMIT - 30)}<a href='{key}'>"
    found = [key in html.head_of(document("page", one + "y" * HEAD_LIMIT)) for one in (early, late)]
    assert found == [True, False]
    assert "/pages" not in html.head_of(document("page", cut))


def test_a_page_that_is_its_own_data_is_read_whole_once_its_mark_was_seen() -> None:
    mark = '<i class="status-list-component-status-text component-{}"></i>'
    filler = "<p>" + "x" * HEAD_LIMIT
    page = f"<html>{mark.format('available')}{filler}{mark.format('unavailable')}</html>"
    assert statuscast.parse({"page": document("page", page)}).indicator == "critical"
    late = f"<html>{filler}{mark.format('unavailable')}</html>"
    with pytest.raises(PageError, match="not a StatusCast page"):
        statuscast.parse({"page": document("page", late)})


def test_html_of_too_many_tags_is_refused() -> None:
    mark = '<i class="status-list-component-status-text component-available">'
    page = f"<html>{mark}{'<b>' * TAG_LIMIT}</html>"
    with pytest.raises(PageError, match="more than 400,000 tags"):
        statuscast.parse({"page": document("page", page)})


def test_each_link_of_a_page_to_another_host_is_left_out() -> None:
    link = "<a href='https://other.example/statuspal'>powered by</a>"
    page = document("page", f"<html>{link}<p>own</p>{link}</html>")
    assert html.own_html({"page": page}) == "<html></a><p>own</p></a></html>"


def test_a_cachet_list_of_too_many_rows_is_refused() -> None:
    rows = [{"id": number, "status": 1, "group_id": 0, "enabled": 1} for number in range(20_001)]
    half = {"meta": {"pagination": {"total": 20_001}}}
    pages = {
        "components": document("components", {**half, "data": rows[:10_000]}),
        "components-2": document("components-2", {**half, "data": rows[10_000:]}),
    }
    with pytest.raises(PageError, match="more than 20,000 components"):
        cachet.parse(pages)


def test_a_text_of_cstate_that_is_too_long_is_not_escaped() -> None:
    page = '{"title": "a "b" c", "cStateVersion": "5", "systems": [], "description": "%s"}'
    found = cstate.parse({"index": document("index", page % ("x" * 2000))})
    assert found.page_name == 'a "b" c'
    with pytest.raises(PageError, match="truncated JSON"):
        cstate.parse({"index": document("index", page % ('"' * 2000))})
