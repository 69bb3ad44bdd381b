"""The verdict in one sentence: its reason, its threshold, and what did not count."""

import pytest

from outlogger_cli.domain.model import FailOn
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render import phrases
from tests.reports import acme, broken, component, healthy, narrowed, strange, unreadable, watching


def out(threshold: FailOn) -> Judged:
    return acme(component("API", "major_outage"), fail_on=threshold)


@pytest.mark.parametrize(
    ("threshold", "start"),
    [
        (FailOn.NEVER, "ok: API major outage counts as critical, and nothing is called a problem"),
        (FailOn.MAINTENANCE, "problem: API major outage counts as critical, and maintenance or"),
        (FailOn.MAJOR, "problem: API major outage counts as critical, and major or worse is a"),
        (FailOn.CRITICAL, "problem: API major outage counts as critical, and only critical is a"),
    ],
)
def test_the_threshold_is_named(threshold: FailOn, start: str) -> None:
    assert phrases.why(out(threshold)).startswith(start)


def test_further_reasons_are_counted() -> None:
    assert phrases.why(broken()) == (
        "problem: Europe/Build partial outage counts as major, and minor or worse is a problem;"
        " 2 more counted too"
    )


def test_what_did_not_count_is_named_with_the_reason() -> None:
    assert phrases.why(watching()) == (
        "ok: nothing is wrong, by the page's own indicator and its 1 component; noted only:"
        ' incident "API errors" monitoring, impact major: listed only, a fix is being watched'
    )


def test_a_failure_leaves_the_vendor_unknown() -> None:
    assert phrases.why(unreadable()) == "unknown: no answer in 10 s, so nobody can tell"


def test_unknown_components_are_counted() -> None:
    assert phrases.why(strange()) == (
        "ok: nothing is wrong, by the page's own indicator and its 2 components (1 unknown);"
        ' noted only: Search status is "on_fire", which nobody knows'
    )


def test_a_healthy_vendor_is_ok_by_its_own_indicator() -> None:
    assert phrases.why(healthy()).startswith("ok: nothing is wrong, by the page's own indicator")


def test_a_healthy_selection_is_counted() -> None:
    assert phrases.why(narrowed()) == (
        "ok: 1 selected component operational; noted only: 2 other components have problems,"
        " outside the selection"
    )
