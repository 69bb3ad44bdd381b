"""What the reading of a page says about its line in the catalogue, and the lines put right."""

from dataclasses import replace

import pytest

from outlogger_cli.catalog.audit import Diagnosis, Finding, corrected, diagnose, doubted
from outlogger_cli.catalog.catalog import Entry
from outlogger_cli.domain.model import (
    Failed,
    FailureKind,
    Read,
    Reason,
    Severity,
    Snapshot,
    Source,
    Vendor,
)
from tests.support import NOW
from tests.tools import check_catalog

PAGE = "https://status.acme.example"
NEW = "https://status.new.example"
ENTRY = Entry(slug="acme", name="Acme", url=PAGE, platform="statuspage", category="ai", known=True)
VENDOR = Vendor(slug="acme", url=PAGE)


def read(platform: str = "statuspage", *, moved_to: str | None = None) -> Read:
    return Read(
        vendor=VENDOR,
        platform=platform,
        snapshot=Snapshot(
            page_name="Acme",
            page_url=PAGE,
            indicator=Severity.CRITICAL,
            raw_indicator="critical",
            description="",
        ),
        source=Source.LIVE,
        checked_at=NOW,
        moved_to=moved_to,
    )


def failed(reason: Reason) -> Failed:
    return Failed(
        vendor=VENDOR, kind=FailureKind.HTTP, reason=reason, message="why", checked_at=NOW
    )


def found(finding: Finding, platform: str | None = "statuspage", detail: str = "") -> Diagnosis:
    return Diagnosis(slug="acme", finding=finding, url=PAGE, platform=platform, detail=detail)


def test_a_page_that_is_where_and_what_its_line_says_is_fine_however_bad_the_news() -> None:
    assert diagnose(ENTRY, read()) == found(Finding.FINE)


def test_a_page_whose_platform_nobody_noted_is_fine() -> None:
    unnoted = replace(ENTRY, platform=None)
    assert diagnose(unnoted, read()) == found(Finding.FINE, detail="no platform in the catalogue")


def test_a_page_on_another_platform_has_changed() -> None:
    assert diagnose(ENTRY, read("instatus")) == found(
        Finding.CHANGED, "instatus", "the catalogue says statuspage"
    )


@pytest.mark.parametrize("home", [NEW, f"{NEW}/", f"{NEW}/?lang=en"])
def test_a_page_that_another_host_answers_for_has_moved(home: str) -> None:
    moved = replace(found(Finding.MOVED, detail=f"now at {NEW}"), moved_to=NEW)
    assert diagnose(ENTRY, read(moved_to=home)) == moved


def test_a_page_that_moved_may_have_changed_as_well() -> None:
    diagnosis = diagnose(ENTRY, read("instatus", moved_to=NEW))
    assert (diagnosis.finding, diagnosis.platform, diagnosis.detail) == (
        Finding.MOVED,
        "instatus",
        f"now at {NEW}; the catalogue says statuspage",
    )


def test_another_address_on_the_same_host_is_no_move() -> None:
    team = replace(ENTRY, url=f"{PAGE}/team")
    assert diagnose(team, read(moved_to=PAGE)).finding is Finding.FINE


@pytest.mark.parametrize(
    ("reason", "finding"),
    [
        (Reason.HOST_NOT_FOUND, Finding.DEAD),
        (Reason.NO_SUCH_PAGE, Finding.DEAD),
        (Reason.PARKED_DOMAIN, Finding.DEAD),
        (Reason.SIGN_IN, Finding.PRIVATE),
        (Reason.LOOKUP_FAILED, Finding.UNREADABLE),
        (Reason.PROXY_UNREACHABLE, Finding.UNREADABLE),
        (Reason.ROBOT_GUARD, Finding.UNREADABLE),
        (Reason.CERTIFICATE, Finding.UNREADABLE),
        (Reason.UNSPECIFIED, Finding.UNREADABLE),
    ],
)
def test_a_page_that_was_not_read_is_dead_private_or_unreadable(
    reason: Reason, finding: Finding
) -> None:
    assert diagnose(ENTRY, failed(reason)) == found(finding, None, "why")


def test_where_there_is_no_network_no_page_is_dead() -> None:
    assert doubted(found(Finding.DEAD, None, "no such host")) == found(
        Finding.UNREADABLE, None, "no such host"
    )
    assert doubted(found(Finding.MOVED)) == found(Finding.MOVED)


HEADER = ",".join(check_catalog.COLUMNS)
OTHER = "beta,Beta,https://beta.example,instatus,known,ai,,"


def line(url: str = PAGE, platform: str = "statuspage", evidence: str = "known") -> str:
    return f"acme,Acme,{url},{platform},{evidence},ai,acme-inc,acme.example"


def fixed(before: str, diagnosis: Diagnosis) -> str:
    """The line of acme after the correction; the lines around it are as they were."""
    text = "\n".join([HEADER, before, OTHER, ""])
    after = corrected(text, [diagnosis])
    assert check_catalog.faults(after) == []
    header, changed, other, end = after.split("\n")
    assert (header, other, end) == (HEADER, OTHER, "")
    return changed


def moved(home: str, platform: str = "statuspage") -> Diagnosis:
    return replace(found(Finding.MOVED, platform), moved_to=home)


def test_a_line_that_is_right_stays() -> None:
    assert fixed(line(), found(Finding.FINE)) == line()


@pytest.mark.parametrize("platform", ["", "statuspage"])
def test_what_was_a_guess_is_known_once_it_was_read(platform: str) -> None:
    assert fixed(line(platform=platform, evidence="guess"), found(Finding.FINE)) == line()


def test_a_changed_platform_is_written() -> None:
    assert fixed(line(), found(Finding.CHANGED, "instatus")) == line(platform="instatus")


def test_a_new_address_is_written_with_its_platform() -> None:
    assert fixed(line(), moved(f"{NEW}/eu", "incidentio")) == line(f"{NEW}/eu", "incidentio")


@pytest.mark.parametrize("finding", [Finding.DEAD, Finding.PRIVATE, Finding.UNREADABLE])
def test_a_page_that_was_not_read_changes_nothing(finding: Finding) -> None:
    assert fixed(line(evidence="guess"), found(finding, None)) == line(evidence="guess")


@pytest.mark.parametrize(
    "home",
    [
        "https://beta.example",
        "https://Beta.example",
        "http://new.example",
        "https://new.example:8443",
        "https://127.0.0.1",
        "https://-new.example",
        "https://new.example/a,b",
        'https://new.example/"',
        "https://new.example/a b",
        "https://new.example/a#b",
        "https://new.example/\n",
        "https://bücher.example",
    ],
)
def test_an_address_that_no_line_can_hold_or_another_has_is_not_written(home: str) -> None:
    assert fixed(line(), moved(home)) == line()


def test_two_pages_that_moved_to_one_address_do_not_both_get_it() -> None:
    text = "\n".join([HEADER, line(), OTHER, ""])
    beta = replace(moved(NEW), slug="beta", url="https://beta.example")
    after = corrected(text, [moved(NEW), beta])
    assert after.split("\n")[1:3] == [line(NEW), OTHER]


def test_a_line_that_has_changed_since_it_was_read_stays() -> None:
    elsewhere = line("https://status.acme.test")
    assert fixed(elsewhere, found(Finding.CHANGED, "instatus")) == elsewhere


def test_the_platform_of_another_package_is_not_written() -> None:
    assert fixed(line(), found(Finding.CHANGED, "homemade")) == line()
