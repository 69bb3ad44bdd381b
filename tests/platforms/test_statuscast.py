"""StatusCast: what the marks of its page mean."""

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Snapshot
from outlogger_cli.platforms import statuscast
from tests.support import DATA, document, recognised

PAGE = (DATA / "statuscast/page.html").read_text()


def page(body: object = PAGE) -> Snapshot:
    return statuscast.parse({"page": document("page", body)})


def marked(*states: str) -> Snapshot:
    """A page whose components carry `states` as classes."""
    marks = (f'<i class="status-list-component-status-text {state}">x</i>' for state in states)
    return page(f"<html>{''.join(marks)}</html>")


@pytest.mark.parametrize(
    ("states", "severity", "raw"),
    [
        (["component-available", "component-available"], "none", ""),
        (["component-available", "component-unavailable"], "critical", ""),
        (["component-maintenance"], "maintenance", ""),
        (["component-informational"], "none", ""),
        (["component-monitored"], "none", ""),
        (["component-identified"], "none", ""),
        (["component-identified", "component-degraded"], "minor", ""),
        (["component-investigating"], "minor", ""),
        (["Component-Degraded", "component-degraded"], "minor", ""),
        (["component-available", "component-on-fire"], "unknown", "on-fire"),
        (["component-unavailable", "component-on-fire"], "critical", "on-fire"),
        (["component-available", ""], "unknown", ""),
        (["component-\x1b[2Jon-\x1b]0;title\x07fire"], "unknown", "on-fire"),
    ],
)
def test_the_worst_mark_is_the_indicator(states: list[str], severity: str, raw: str) -> None:
    read = marked(*states)
    assert (read.indicator, read.raw_indicator) == (severity, raw)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (
            "<html><p class='component-available'>All fine</p></html>",
            "not_a_status_page",
            "unexpected HTML: not a StatusCast page",
        ),
        (
            {"class": "status-list-component-status-text component-available"},
            "not_a_status_page",
            "unexpected HTML: not a StatusCast page",
        ),
        (
            '<html><i class="status-list-component-status-text component-available"></i>',
            "invalid",
            "truncated HTML",
        ),
    ],
)
def test_what_is_not_a_page_says_what_it_is(body: object, kind: str, message: str) -> None:
    assert not recognised(statuscast, document("page", body))
    with pytest.raises(PageError) as caught:
        page(body)
    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize("piece", ["&#9", "&#" + "9" * 5000, "class=", "class "])
def test_a_page_of_odd_markup_is_read_in_one_pass(piece: str) -> None:
    """Markup that makes a reader start over at each piece would take minutes here."""
    mark = '<i class="status-list-component-status-text component-available">'
    read = page(f"<html>{mark}{piece * (500_000 // len(piece))}</html>")
    assert (read.indicator, read.page_name) == ("none", "")
