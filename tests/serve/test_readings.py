"""What readings say: only what was read lately, and unknown otherwise."""

from datetime import timedelta

import pytest

from outlogger_cli.domain.model import Source
from outlogger_cli.domain.verdict import Judged
from tests.running import Web
from tests.serve.rounds import INTERVAL, Network, good
from tests.support import NOW, utc

SECOND = timedelta(seconds=1)


def network(**headers: str) -> Network:
    return Network(("acme",), good("acme", **headers))


def verdict(found: Network) -> str:
    return found.readings.report().vendors[0].verdict


def only(found: Network) -> Judged:
    (judged,) = found.readings.report().vendors
    return judged


def test_what_was_never_read_is_unknown() -> None:
    found = network()
    assert not found.readings.is_complete
    assert (only(found).verdict, only(found).reasons) == ("unknown", ("not read yet",))
    assert found.readings.report().verdict == "unknown"


def test_a_reading_counts_for_two_intervals_and_is_unknown_afterwards() -> None:
    found = network()
    found.readings.read_round()
    found.time.pass_by(2 * INTERVAL)
    assert only(found).verdict == "ok"
    assert list(found.readings.old(found.readings.report())) == []
    found.time.pass_by(SECOND)
    assert only(found).verdict == "unknown"
    assert only(found).reasons == ("last read 2 min ago, although the interval is 1 min",)
    assert only(found).last_severity == "none"
    report = found.readings.report()
    assert [(one.name, at) for one, at in found.readings.old(report)] == [("Acme", NOW)]


@pytest.mark.parametrize("back", [timedelta(hours=1), 2 * INTERVAL + SECOND])
def test_a_clock_that_was_set_back_keeps_no_reading(back: timedelta) -> None:
    found = network()
    found.readings.read_round()
    found.time.now -= back
    assert only(found).verdict == "unknown"


def test_the_next_round_makes_it_known_again() -> None:
    found = network()
    found.readings.read_round()
    found.time.pass_by(timedelta(hours=1))
    found.readings.read_round()
    assert only(found).verdict == "ok"


def test_a_page_is_not_requested_while_its_answer_is_valid_and_that_is_said() -> None:
    found = network(**{"cache-control": "max-age=150"})
    found.readings.read_round()
    asked = len(found.web.asked)
    found.time.pass_by(140 * SECOND)
    found.readings.read_round()
    assert len(found.web.asked) == asked
    assert only(found).verdict == "ok"
    assert "read 2 min ago: the page says that its answer is still valid" in only(found).reasons
    found.time.pass_by(10 * SECOND)
    found.readings.read_round()
    assert len(found.web.asked) == 2 * asked
    assert not any("still valid" in reason for reason in only(found).reasons)


def test_no_page_keeps_its_reading_for_longer_than_five_minutes_and_two_intervals() -> None:
    found = network(**{"cache-control": "max-age=86400"})
    found.readings.read_round()
    found.time.pass_by(timedelta(minutes=7))
    assert only(found).verdict == "ok"
    found.time.pass_by(SECOND)
    assert only(found).verdict == "unknown"


def test_a_page_that_fails_is_unknown_and_keeps_its_last_reading() -> None:
    found = network()
    found.readings.read_round()
    found.web = Web({})
    found.time.pass_by(INTERVAL)
    for _ in range(2):
        found.readings.read_round()
        judged = only(found)
        assert judged.verdict == "unknown"
        assert judged.error
        assert judged.reading
        assert (judged.reading.checked_at, judged.reading.source) == (NOW, Source.STALE)
    found.time.pass_by(timedelta(hours=1))
    assert only(found).verdict == "unknown"


def test_a_page_that_never_answered_has_no_reading() -> None:
    found = Network(("acme",), {})
    found.readings.read_round()
    assert found.readings.is_complete
    assert only(found).verdict == "unknown"
    assert only(found).reading is None


def test_the_days_end_today_also_after_midnight() -> None:
    found = network()
    found.time.now = utc("2026-01-15 23:59")
    found.readings.read_round()
    found.time.pass_by(INTERVAL)
    assert only(found).days[-1].date.isoformat() == "2026-01-16"
    assert only(found).verdict == "ok"


def test_vendors_stay_in_the_order_of_the_list() -> None:
    found = Network(("b", "a", "c"), {**good("a"), **good("c")})
    found.readings.read_round()
    verdicts = [(one.vendor.slug, one.verdict) for one in found.readings.report().vendors]
    assert verdicts == [("b", "unknown"), ("a", "ok"), ("c", "ok")]
    assert [one.vendor.slug for one in found.readings.report_of(1).vendors] == ["a"]
    assert found.readings.count == 3
