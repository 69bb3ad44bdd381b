"""A page is read even if its list of incidents cannot be, and the report says so."""

import re
from contextlib import ExitStack
from functools import cache, partial

import pytest

from tests.faults.pages import GOOD, Broken, assert_read, assert_said, check, vendors
from tests.origin import Origin, Reply, faults
from tests.running import Finished

late = partial(Broken, kind="timeout", said="incidents not read: timed out after 5 s")

BROKEN = {
    "hangs": late(route=faults.hang, budget="5s"),
    "drips": late(route=faults.drip_headers, budget="5s"),
    "resets": Broken(
        kind="connect", said=re.compile("incidents not read: connection .+"), route=faults.reset
    ),
    "breaks-within-the-body": Broken(
        kind="connect",
        said="incidents not read: connection closed before the end of the response",
        route=faults.cut_mid_body,
    ),
    "is-garbage": Broken(
        kind="http",
        said=re.compile("incidents not read: invalid HTTP response: .+"),
        route=faults.garbage,
    ),
    "is-endless": Broken(
        kind="too_large",
        said="incidents not read: response is larger than 8 MiB",
        route=faults.endless_body,
    ),
    "redirects": Broken(
        kind="redirect",
        said="incidents not read: too many redirects (more than 5)",
        route=faults.redirect_onward,
    ),
    "is-not-found": Broken(
        kind="http",
        said="incidents not read: HTTP 404: no status page at this address",
        route=Reply(status=404),
    ),
    "is-a-sign-in-page": Broken(
        kind="not_json",
        said="incident history not read: private page: sign-in required",
        route=Reply(body=b"<!doctype html><title>Acme - Sign In</title>"),
    ),
}


@cache
def finished() -> Finished:
    with ExitStack() as origins:
        made = {
            name: Origin(routes={"/api/v2/summary.json": GOOD, "*": page.route})
            for name, page in BROKEN.items()
        }
        urls = {name: origins.enter_context(origin).url for name, origin in made.items()}
        return check(urls, BROKEN, command="status")


@pytest.mark.parametrize("name", BROKEN)
def test_a_page_with_an_unreadable_list_of_incidents_is_read(name: str) -> None:
    assert finished().code == 0
    vendor = vendors(finished())[name]
    assert_read(vendor)
    assert [component["status"] for component in vendor["components"]] == ["operational"] * 2
    assert (vendor["days"], vendor["incident_seconds"]) == ([], None)
    (reason,) = vendor["reasons"]
    assert_said(reason, BROKEN[name])
