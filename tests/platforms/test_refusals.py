"""What is not a page of a platform is refused, and the reason says what it is."""

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import FailureKind
from outlogger_cli.platforms import BUILT_IN
from tests.fuzz.pages import ADDRESSES, HOME
from tests.platforms.pages import PAGES, Page, addresses, first_asked, label, load
from tests.support import recognised, sample

HTML_PAGES = {
    "statusio": "unexpected HTML: not a Status.io page",
    "statuspal": "unexpected HTML: not a StatusPal page",
    "sorry": "unexpected HTML: not a Sorry page",
    "pagerduty": "unexpected HTML: no PagerDuty data",
    "uptimerobot": "unexpected HTML: not a UptimeRobot page",
    "site24x7": "unexpected HTML: not a Site24x7 page",
    "statuscast": "unexpected HTML: not a StatusCast page",
    "freshstatus": "unexpected HTML: not a Freshstatus page with a feed",
    "onlineornot": "unexpected HTML: not a OnlineOrNot page with a feed",
    "hund": "unexpected HTML: not a Hund page with a feed",
    "uptimekuma": "unexpected HTML: not a Uptime Kuma page",
    "flashduty": "unexpected HTML: not a FlashDuty page",
    "statuscake": "unexpected HTML: not a StatusCake page",
}
"""Platforms that ask for the page's HTML first, and what they say of anything else."""

FEED_PAGES = {
    "statusiq": "unexpected RSS feed: not one of StatusIQ",
    "azure": "unexpected RSS feed: not Azure's",
    "feed": "",
}
"""Platforms that ask for a feed first, and what they say of another feed."""

JSON_PAGES = {
    "statuspage": "unexpected JSON without page, status or components",
    "incidentio": "unexpected JSON without page, status or components",
    "instatus": "unexpected JSON without page with a status",
    "betterstack": "unexpected JSON without data of type status_page",
    "statusio": "unexpected JSON: not the status of a Status.io page",
    "statuspal": "unexpected JSON: not the summary of a StatusPal page",
    "cachet": "unexpected JSON without meta.pagination and data",
    "cstate": "unexpected JSON without cStateVersion and systems",
    "sorry": "unexpected JSON without response",
    "rootly": "unexpected JSON without page, status.indicator and incidents alone",
    "firehydrant": "unexpected JSON: not the data of a FireHydrant page",
    "uptimerobot": "unexpected JSON: not a list of UptimeRobot monitors",
    "statusiq": "unexpected JSON without data",
    "site24x7": "unexpected JSON without data",
    "checkly": "unexpected JSON without page.status and activeIncidents",
    "datadog": "unexpected JSON: not the configuration of a Datadog page",
    "openstatus": "unexpected JSON: not the summary of an OpenStatus page",
    "slack": "unexpected JSON: not Slack's current status",
    "heroku": "unexpected JSON: not Heroku's current status",
    "googlecloud": "unexpected JSON: not a list of incidents",
    "aws": "unexpected JSON: not a list of events",
    "azuredevops": "unexpected JSON without status.health and services",
    "salesforce": "unexpected JSON without instances with key and location",
    "oci": "unexpected JSON without regionHealthReports",
    "uptimecom": "unexpected JSON: not the data of an Uptime.com page",
    "adobe": "unexpected JSON without incidentEvent and maintenanceEvent",
    "paypal": "unexpected JSON: not a list of PayPal's components",
    "zendesk": "unexpected JSON: not a list of Zendesk's incidents",
    "apple": "unexpected JSON without services with serviceName and events",
    "uptimekuma": "unexpected JSON without config.slug and publicGroupList",
    "gatus": "unexpected JSON: not a list of endpoints",
    "flashduty": "unexpected JSON without page.page_id and active_changes",
    "statushub": "unexpected JSON without counters of services",
    "hyperping": "unexpected JSON without globals.topLevelStatus.status",
    "statuscake": "unexpected JSON without TestData",
}
"""Platforms that may ask for JSON first, and what they say of an object without their keys."""

BARE_LISTS = {"aws", "gatus", "googlecloud", "salesforce"}
"""Those of them whose data is a bare list."""


def refusal(name: str, body: object, address: str) -> tuple[FailureKind, str]:
    """How the platform `name` refuses `body` as the first document of a page at `address`."""
    read = first_asked(name, body, address)
    assert not recognised(load(name), read)
    with pytest.raises(PageError) as caught:
        load(name).parse({read.endpoint.name: read})
    return caught.value.kind, caught.value.message


def test_every_platform_has_a_first_document_of_a_known_kind() -> None:
    assert {*HTML_PAGES, *FEED_PAGES, *JSON_PAGES} == set(BUILT_IN)


NOT_HTML = (
    *("", "blocked", "null", "7", "[]", "[" * 100_000, "<?xml version='1.0'?><rss/>"),
    *("<html><title>A - Sign In</title></html>", "<html>" + "<div>" * 100_000),
    *('{"error": "not found"}', b"\xff\xfe\x00\x01\x80", "<a>" * 100_000, "x" * 1_000_000),
)


@pytest.mark.parametrize("name", HTML_PAGES)
def test_what_is_not_the_html_of_a_page_is_refused(name: str) -> None:
    for body in NOT_HTML:
        assert refusal(name, body, HOME) == ("not_a_status_page", HTML_PAGES[name])


NOT_A_FEED = {
    "": ("not_a_status_page", "empty response"),
    "blocked": ("not_a_status_page", "not XML"),
    "7": ("not_a_status_page", "not XML"),
    "x" * 1_000_000: ("not_a_status_page", "not XML"),
    "[]": ("not_a_status_page", "JSON instead of a feed"),
    '{"error": "not found"}': ("not_a_status_page", "JSON instead of a feed"),
    "[" * 100_000: ("not_a_status_page", "JSON instead of a feed"),
    "<!doctype html>": ("not_a_status_page", "HTML instead of a feed"),
    "<html>A - Sign In": ("not_a_status_page", "HTML instead of a feed"),
    "<svg/>": ("not_a_status_page", "XML, but not an RSS feed"),
    "<rss>": ("invalid", "invalid or truncated XML"),
    "<feed>": ("invalid", "invalid or truncated XML"),
    "<a>" * 100_000: ("invalid", "XML is nested too deeply"),
}


@pytest.mark.parametrize("name", FEED_PAGES)
def test_what_is_not_a_feed_is_refused(name: str) -> None:
    assert {body: refusal(name, body, HOME) for body in NOT_A_FEED} == NOT_A_FEED


@pytest.mark.parametrize("name", [name for name, said in FEED_PAGES.items() if said])
def test_another_feed_is_refused(name: str) -> None:
    body = "<rss><channel><title>Acme</title><description>A blog</description></channel></rss>"
    assert refusal(name, body, HOME) == ("not_a_status_page", FEED_PAGES[name])


NOT_JSON = {
    b"": "empty response",
    b" \n": "empty response",
    b"blocked": "not JSON",
    b"x" * 1_000_000: "not JSON",
    b"\xff\xfe\x00\x01\x80": "not JSON",
    b"<!DOCTYPE html><title>Acme</title>": "HTML instead of JSON",
    b"<html><title>A - Sign In</title>": "private page: sign-in required",
    b"<!DOCTYPE html><title>Statuspage | Atlassian</title>": (
        "page does not exist (Atlassian's own website answers)"
    ),
    b"<?xml version='1.0'?><rss/>": "XML instead of JSON",
    b"{": "invalid or truncated JSON",
    b"[" * 100_000: "invalid or truncated JSON",
    b'{"a":' * 100_000: "invalid or truncated JSON",
}


@pytest.mark.parametrize("name", JSON_PAGES)
def test_what_is_not_json_is_refused(name: str) -> None:
    for body, message in NOT_JSON.items():
        assert refusal(name, body, json_address(name)) == ("not_json", message)


def json_address(name: str) -> str:
    """A page address at which the platform `name` asks for JSON first."""
    leads_to_it = name in HTML_PAGES or name in FEED_PAGES
    return ADDRESSES[name][0] if leads_to_it else HOME


@pytest.mark.parametrize("body", [{}, {"error": "not found"}, {"errors": ["x"], "status": "error"}])
@pytest.mark.parametrize("name", JSON_PAGES)
def test_an_object_without_the_keys_of_a_page_is_refused(name: str, body: object) -> None:
    assert refusal(name, body, json_address(name)) == ("not_a_status_page", JSON_PAGES[name])


NEAR_MISSES = [
    ("adobe", {"incidentEvent": {"incidents": {}}, "maintenanceEvent": {}}),
    ("adobe", {"incidentEvent": {}, "maintenanceEvent": {"maintenance": {}}}),
    ("apple", {"services": [{"serviceName": "Mail"}]}),
    ("azuredevops", {"services": []}),
    ("azuredevops", {"status": {"health": "healthy"}}),
    ("betterstack", {"data": []}),
    ("cachet", {"data": []}),
    ("checkly", {"page": {"name": "Acme", "url": HOME, "status": "HASISSUES"}}),
    ("cstate", {"cStateVersion": "5.6.1"}),
    ("cstate", sample("cstate/issues.json")),
    ("datadog", {"components": [], "incidents": []}),
    ("datadog", {"components": [], "pageUrl": HOME, "domainPrefix": "acme"}),
    ("firehydrant", {"config": {}, "components": []}),
    ("heroku", {"status": [], "incidents": []}),
    ("instatus", {"page": []}),
    ("instatus", {"page": {"name": "Acme"}, "status": {"indicator": "none"}}),
    ("openstatus", sample("statuspage/summary.json")),
    ("openstatus", {"status": "operational"}),
    ("openstatus", {"status": "success", "statusReports": []}),
    ("paypal", {"result": []}),
    ("paypal", {"result": [{"name": "API", "status": "operational"}]}),
    ("rootly", {"page": {"name": "Acme"}, "status": {"indicator": "none"}}),
    ("rootly", {"page": 7, "status": {"indicator": "none"}, "incidents": []}),
    ("rootly", sample("statuspage/summary.json")),
    ("salesforce", [{"id": "c4", "name": "API", "status": "OPERATIONAL"}]),
    ("slack", {"status": "ok"}),
    ("statusio", {"result": {"status": []}}),
    ("statuspal", {"status_page": {"name": "Acme"}, "services": []}),
    ("statuspal", {"status_page": {"subdomain": "acme"}}),
    ("uptimerobot", {"data": {"type": "status_page"}}),
    ("statushub", {"counters": {"count": 1}}),
    ("statushub", {"count_status_1": 1}),
    ("hyperping", {"globals": {"topLevelStatus": {}}}),
    ("hyperping", {"topLevelStatus": {"status": "up"}}),
    ("flashduty", {"data": {"page": {"page_id": 1}}}),
    ("flashduty", {"page": {"name": "Acme"}, "active_changes": []}),
    ("uptimekuma", {"heartbeatList": {}, "uptimeList": {}}),
    ("uptimekuma", {"config": {"slug": "acme"}}),
    ("uptimekuma", {"config": {}, "publicGroupList": []}),
    ("uptimecom", {"data": {"components": [], "global_is_operational": True}}),
    ("zendesk", {"data": []}),
    ("zendesk", {"data": [{"id": "1", "type": "service", "attributes": {}}], "included": []}),
]
"""Documents that have some of the keys of a platform's own."""


@pytest.mark.parametrize(("name", "body"), NEAR_MISSES)
def test_an_object_with_some_of_the_keys_of_a_page_is_refused(name: str, body: object) -> None:
    assert refusal(name, body, json_address(name)) == ("not_a_status_page", JSON_PAGES[name])


def like(path: str, **changes: object) -> object:
    """A sample with keys of it replaced."""
    return {**sample(path), **changes}


NOT_RECOGNISED = [
    ("aws", [*sample("aws/events.json"), {}]),
    ("aws", {"current": []}),
    ("cachet", sample("cachet/groups.json")),
    ("cachet", sample("cachet/incidents.json")),
    ("cachet", like("cachet/components.json", data=[])),
    ("cachet", like("cachet/components.json", data=[3])),
    ("checkly", {"page": {"status": "OPERATIONAL"}, "activeIncidents": []}),
    ("checkly", {"page": {"status": "HASISSUES"}, "activeIncidents": [], "activeMaintenances": []}),
    ("firehydrant", like("firehydrant/payload.json", conditions={"Up": 1})),
    ("firehydrant", like("firehydrant/payload.json", components=None)),
    ("googlecloud", [*sample("googlecloud/incidents.json"), {"id": 1}]),
    ("heroku", like("heroku/current-status.json", status=[])),
    ("heroku", like("heroku/current-status.json", status=[{"name": "Apps", "status": "green"}])),
    ("heroku", like("heroku/current-status.json", status={})),
    ("heroku", like("heroku/current-status.json", incidents=None)),
    ("instatus", {"page": {"status": None}, "status": "UP"}),
    ("instatus", {"page": {"status": None}, "activeIncidents": {}}),
    ("salesforce", sample("salesforce/incidents.json")),
    ("slack", {"status": {}, "active_incidents": []}),
    ("slack", {"status": "ok", "active_incidents": None}),
    ("sorry", sample("sorry/notices.json")),
    ("sorry", {"response": []}),
    ("sorry", {"response": {}}),
    ("sorry", {"response": [{"state": "up"}]}),
    ("statusio", {"result": {"status_overall": 1, "status": []}}),
    ("statusio", {"result": {"status_overall": {}, "status": {}}}),
    ("statusiq", {"data": {}}),
    ("statusiq", {"data": {"current_status": []}}),
    ("statuspal", {"status_page": {"subdomain": "acme"}, "services": {}}),
    ("uptimerobot", {"data": [{"id": 1}]}),
    ("uptimerobot", {"data": [3]}),
    ("uptimerobot", {"psp": {"monitors": None}}),
]
"""Documents that are close to a platform's own, and could be another's."""


@pytest.mark.parametrize(("name", "body"), NOT_RECOGNISED)
def test_a_document_that_could_be_anothers_is_not_recognised(name: str, body: object) -> None:
    for address in addresses(name):
        assert not recognised(load(name), first_asked(name, body, address))


NOT_OBJECTS: tuple[tuple[object, str], ...] = (
    *((None, "missing"), (True, "true or false"), (7, "a number"), ('"fine"', "text")),
    *(([], "a list"), ([{}], "a list"), ([None], "a list"), ([3], "a list")),
    ([0] * 100_000, "a list"),
)


@pytest.mark.parametrize("name", sorted(JSON_PAGES.keys() - BARE_LISTS))
def test_json_that_is_not_an_object_is_refused(name: str) -> None:
    for body, kind in NOT_OBJECTS:
        message = f"unexpected JSON: {kind}, not a status page"
        assert refusal(name, body, json_address(name)) == ("not_a_status_page", message)


@pytest.mark.parametrize(
    ("name", "body", "kind", "message"),
    [
        ("aws", [{"a": 1}], "not_a_status_page", "unexpected JSON: not a list of AWS events"),
        ("aws", "7", "not_a_status_page", JSON_PAGES["aws"]),
        ("aws", [3], "invalid", "events[0] is a number, expected an object"),
        (
            "googlecloud",
            [{"a": 1}],
            "not_a_status_page",
            "unexpected JSON: not a list of Google's incidents",
        ),
        ("googlecloud", "7", "not_a_status_page", JSON_PAGES["googlecloud"]),
        ("googlecloud", [3], "invalid", "incidents[0] is a number, expected an object"),
        *(
            (
                "gatus",
                body,
                "not_a_status_page",
                "unexpected JSON: not a list of Gatus endpoints",
            )
            for body in ([], [{"a": 1}])
        ),
        ("gatus", "7", "not_a_status_page", JSON_PAGES["gatus"]),
        ("gatus", [3], "invalid", "endpoints[0] is a number, expected an object"),
        ("salesforce", [], "not_a_status_page", JSON_PAGES["salesforce"]),
        ("salesforce", "7", "invalid", "instances is a number, expected a list"),
        ("salesforce", [3], "invalid", "instances[0] is a number, expected an object"),
    ],
)
def test_json_that_is_not_a_list_of_the_platforms_rows_is_refused(
    name: str, body: object, kind: str, message: str
) -> None:
    assert refusal(name, body, HOME) == (kind, message)


DATA_OF = {
    "statusio": f"Status.io page {'e' * 4}{'0' * 19}1",
    "statuspal": "StatusPal page https://statuspal.eu/api/v2/status_pages/acme/summary",
    "sorry": "Sorry page 0badcafe",
    "sorry page+status+notices": "Sorry page sorryapp.com",
    "uptimerobot": "UptimeRobot page aB3-xyz_9",
    "site24x7": "Site24x7 page 9f8e7d6c5b4a==",
    **{name: f"{name.capitalize()} page {HOME}/feed.rss" for name in ("freshstatus", "hund")},
    "onlineornot": f"OnlineOrNot page {HOME}/feed.rss",
    "uptimekuma": "Uptime Kuma page acme",
    "flashduty": "FlashDuty page 6410",
    "statuscake": "StatusCake page aB3xyz9",
}
"""The pages whose HTML leads to data elsewhere, and under which key."""


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_html_that_leads_to_data_is_not_read_without_it(page: Page) -> None:
    if len(page.needed) == 1:
        return
    with pytest.raises(PageError) as caught:
        page.platform.parse(page.only(page.needed[0]))
    assert caught.value.kind is FailureKind.INVALID
    named = DATA_OF.get(label(page), DATA_OF[page.name])
    assert caught.value.message == f"the data of the {named} was not read"
