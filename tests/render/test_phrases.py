"""The verdict in one sentence: its reason, its threshold, and what did not count."""

import time

import pytest

from outlogger_cli.domain.model import FailOn
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import phrases
from tests.reports import (
    acme,
    broken,
    component,
    healthy,
    judged,
    narrowed,
    page,
    strange,
    unreadable,
    watching,
)


def out(threshold: FailOn) -> Judged:
    return acme(component("API", "major_outage"), fail_on=threshold)


@pytest.mark.parametrize(
    ("threshold", "text"),
    [
        (FailOn.NEVER, "ok: API major outage (critical; threshold: never)"),
        (FailOn.MAINTENANCE, "problem: API major outage (critical; threshold: maintenance)"),
        (FailOn.MAJOR, "problem: API major outage (critical; threshold: major)"),
        (FailOn.CRITICAL, "problem: API major outage (critical; threshold: critical)"),
    ],
)
def test_the_threshold_is_named(threshold: FailOn, text: str) -> None:
    assert phrases.why(out(threshold)) == text


def test_further_reasons_are_counted() -> None:
    assert phrases.why(broken()) == (
        "problem: Europe/Build partial outage (major; threshold: minor), plus 2 more"
    )


def test_the_time_grows_no_faster_than_the_number_of_reasons() -> None:
    def seconds(number: int) -> float:
        out = acme(*(component(str(place), "major_outage") for place in range(number)))
        began = time.process_time()
        assert phrases.why(out).endswith(f"plus {number - 1} more")
        return time.process_time() - began

    assert seconds(5_000) < 20 * seconds(500) + 0.5


def test_what_did_not_count_is_named_with_the_reason() -> None:
    assert phrases.why(watching()) == (
        "ok: no problem in the page's indicator and its 1 component; not counted:"
        ' incident "API errors" monitoring, impact major: listed only, a fix is being monitored'
    )


def test_a_failure_leaves_the_vendor_unknown() -> None:
    assert phrases.why(unreadable()) == "unknown: no answer in 10 s"


def test_unknown_components_are_counted() -> None:
    assert phrases.why(strange()) == (
        "ok: no problem in the page's indicator and its 2 components (1 unknown);"
        ' not counted: Search status is unknown: "on_fire"'
    )


def test_a_healthy_vendor_is_ok_by_its_own_indicator() -> None:
    assert phrases.why(healthy()) == ("ok: no problem in the page's indicator and its 2 components")


def test_a_page_without_components_is_ok_by_its_indicator_alone() -> None:
    assert phrases.why(judged(page())) == (
        "ok: no problem in the page's indicator; not counted: the page has no components"
    )


def test_a_healthy_selection_is_counted() -> None:
    assert phrases.why(narrowed()) == (
        "ok: 1 selected component operational; not counted: 2 other components have problems,"
        " outside the selection"
    )
