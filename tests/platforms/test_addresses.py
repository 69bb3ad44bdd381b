"""Where each platform's documents are asked for, given the address of a page."""

import pytest

from outlogger_cli.domain.model import Depth
from outlogger_cli.platforms import aws, azure
from tests.platforms.pages import load

PAGE = "https://status.acme.example"
LOCAL = "http://127.0.0.1:9"
AZURE_DEVOPS = "https://status.dev.azure.com/_apis/status/health"
APPLE = "https://www.apple.com/support/systemstatus/data"
SALESFORCE = "https://api.status.salesforce.com/v1"
STATUSIO = f"https://api.status.io/1.0/status/{'e' * 24}"
STATUSPAL = "https://statuspal.eu/api/v2/status_pages/acme"
UPTIMEROBOT = "https://stats.uptimerobot.com"
SUMMARY_DETAILS = f"{PAGE}/sp/api/public/summary_details/statuspages/9f8e7d6c5b4a=="
SORRY = "https://api.sorryapp.com/v1/pages/0badcafe"
GOOGLE = "https://status.cloud.google.com/incidents.json"

ONE = [
    ("betterstack", f"{PAGE}/eu", f"{PAGE}/eu/index.json"),
    ("rootly", PAGE, f"{PAGE}/api/v1/status.json"),
    ("firehydrant", f"{PAGE}/eu", f"{PAGE}/eu/data/payload.json"),
    ("firehydrant", f"{PAGE}/eu/data/payload.json", f"{PAGE}/eu/data/payload.json"),
    ("pagerduty", PAGE, PAGE),
    ("statuscast", PAGE, PAGE),
    ("hund", f"{PAGE}/eu", f"{PAGE}/eu"),
    ("freshstatus", f"{PAGE}/eu", f"{PAGE}/eu"),
    ("onlineornot", f"{PAGE}/eu", f"{PAGE}/eu"),
    ("sorry", PAGE, PAGE),
    ("site24x7", PAGE, PAGE),
    ("site24x7", SUMMARY_DETAILS, SUMMARY_DETAILS),
    ("statusiq", SUMMARY_DETAILS, SUMMARY_DETAILS),
    ("statusio", PAGE, PAGE),
    ("statusio", STATUSIO, STATUSIO),
    ("statusio", f"{LOCAL}/1.0/status/{'e' * 24}", f"{LOCAL}/1.0/status/{'e' * 24}"),
    ("statusio", f"{PAGE}/pages/history/{'e' * 24}", STATUSIO),
    ("statusio", f"https://acme.status.io/pages/{'e' * 24}?lang=en", STATUSIO),
    ("statuspal", PAGE, PAGE),
    ("statuspal", "https://www.statuspal.io", "https://www.statuspal.io"),
    ("statuspal", "https://statuspal.eu/admin", "https://statuspal.eu/admin"),
    ("uptimerobot", f"{PAGE}/up", f"{PAGE}/up"),
    ("feed", f"{PAGE}/eu/", f"{PAGE}/eu/history.atom"),
    ("feed", f"{PAGE}/history.rss", f"{PAGE}/history.rss"),
    ("feed", f"{PAGE}/all.atom?lang=en", f"{PAGE}/all.atom?lang=en"),
    ("feed", f"{PAGE}/status.xml/", f"{PAGE}/status.xml/"),
    ("feed", f"{PAGE}/feed/en", f"{PAGE}/feed/en"),
    ("feed", f"{PAGE}/feed.php", f"{PAGE}/feed.php"),
    ("feed", f"{PAGE}/rss", f"{PAGE}/rss"),
    ("feed", f"{PAGE}/feedback", f"{PAGE}/feedback/history.atom"),
    ("feed", f"{PAGE}/news-feed", f"{PAGE}/news-feed/history.atom"),
    ("feed", "https://rss.acme.example", "https://rss.acme.example/history.atom"),
    ("googlecloud", "https://status.cloud.google.com", GOOGLE),
    ("googlecloud", GOOGLE, GOOGLE),
    (
        "googlecloud",
        "https://status.firebase.google.com/",
        "https://status.firebase.google.com/incidents.json",
    ),
    (
        "googlecloud",
        "https://www.google.com/appsstatus/dashboard",
        "https://www.google.com/appsstatus/dashboard/incidents.json",
    ),
    ("aws", "https://health.aws.amazon.com/health/status", aws.EVENTS),
    ("aws", "https://status.aws.amazon.com", aws.EVENTS),
    ("aws", f"{LOCAL}/public/currentevents", f"{LOCAL}/public/currentevents"),
    ("aws", "https://status.aws.amazon.com/data.json", "https://status.aws.amazon.com/data.json"),
    ("azure", "https://azure.status.microsoft", azure.FEED),
    ("azure", "https://status.azure.com/en-us/status", azure.FEED),
    ("azure", f"{LOCAL}/en-us/status/feed/", f"{LOCAL}/en-us/status/feed/"),
    ("azure", "https://status.azure.com/status/feed", "https://status.azure.com/status/feed"),
    ("azuredevops", "https://status.dev.azure.com", f"{AZURE_DEVOPS}?api-version=7.1-preview.1"),
    (
        "azuredevops",
        "https://status.dev.azure.com/_history",
        f"{AZURE_DEVOPS}?api-version=7.1-preview.1",
    ),
    ("azuredevops", f"{AZURE_DEVOPS}?services=Repos", f"{AZURE_DEVOPS}?services=Repos"),
    ("apple", "https://www.apple.com/support/systemstatus", f"{APPLE}/system_status_en_US.js"),
    (
        "apple",
        "https://developer.apple.com/system-status/",
        f"{APPLE}/developer/system_status_en_US.js",
    ),
    ("apple", f"{APPLE}/system_status_de_DE.js", f"{APPLE}/system_status_de_DE.js"),
]
"""Pages of which one document is asked for, at every depth, before anything is read."""

SEVERAL = [
    *(
        ("uptimerobot", page_url, f"{UPTIMEROBOT}/api", f"{monitors} getEventFeed/aB3-xyz_9")
        for page_url, monitors in {
            f"{UPTIMEROBOT}/aB3-xyz_9": "getMonitorList/aB3-xyz_9",
            f"{UPTIMEROBOT}/aB3-xyz_9/77001?x=1": "getMonitor/aB3-xyz_9?m=77001",
            f"{UPTIMEROBOT}/api/getMonitorList/aB3-xyz_9": "getMonitorList/aB3-xyz_9",
            f"{UPTIMEROBOT}/api/getMonitor/aB3-xyz_9?m=7": "getMonitor/aB3-xyz_9?m=7",
        }.items()
    ),
    (
        "uptimerobot",
        f"{LOCAL}/api/getMonitorList/k",
        f"{LOCAL}/api",
        "getMonitorList/k getEventFeed/k",
    ),
    ("instatus", f"{PAGE}/eu", f"{PAGE}/eu", "summary.json v3/components.json v2/components.json"),
    ("checkly", PAGE, f"{PAGE}/api/v1", "summary.json services.json"),
    ("cstate", f"{PAGE}/eu", f"{PAGE}/eu", "index.json issues/index.json"),
    (
        "cachet",
        f"{PAGE}/eu",
        f"{PAGE}/eu/api",
        "v1/components?per_page=100 components?per_page=100&include=group&sort=order"
        " v1/components/groups?per_page=100 v1/incidents?per_page=100&sort=id&order=desc",
    ),
    ("sorry", SORRY, SORRY, "components notices?include=components,updates"),
    ("statusiq", PAGE, PAGE, "rss sp/api/u/summary_details"),
    ("statusiq", f"{PAGE}/rss/", PAGE, "rss sp/api/u/summary_details"),
    (
        "salesforce",
        "https://status.salesforce.com",
        SALESFORCE,
        "instances/status/preview incidents",
    ),
    (
        "salesforce",
        "https://status.salesforce.com/products/Marketing_Cloud",
        SALESFORCE,
        "instances/status/preview?products=Marketing_Cloud incidents",
    ),
    (
        "salesforce",
        "https://status.salesforce.com/instances/EU42",
        SALESFORCE,
        "instances/EU42/status incidents",
    ),
    (
        "salesforce",
        f"{SALESFORCE}/instances/NA1/status",
        SALESFORCE,
        "instances/NA1/status incidents",
    ),
]
"""Pages of which several documents are asked for at every depth, below a common address."""

WITH_HISTORY = [
    ("statuspage", f"{PAGE}/eu", f"{PAGE}/eu/api/v2", "summary.json incidents.json"),
    ("incidentio", f"{PAGE}/eu", f"{PAGE}/eu/api/v2", "summary.json incidents.json"),
    ("slack", "https://slack-status.com", "https://slack-status.com/api/v2.0.0", "current history"),
    (
        "slack",
        "https://status.slack.com/2026-01/aaaa",
        "https://slack-status.com/api/v2.0.0",
        "current history",
    ),
    ("slack", f"{LOCAL}/api/v2.0.0/current", f"{LOCAL}/api/v2.0.0", "current history"),
    (
        "heroku",
        "https://status.heroku.com",
        "https://status.heroku.com/api/v4",
        "current-status incidents",
    ),
    (
        "heroku",
        "https://status.heroku.com/incidents/301",
        "https://status.heroku.com/api/v4",
        "current-status incidents",
    ),
    (
        "heroku",
        f"{LOCAL}/api/v4/current-status/?x=1",
        f"{LOCAL}/api/v4",
        "current-status incidents",
    ),
    ("statuspal", "https://acme.statuspal.eu", STATUSPAL, "summary incidents?limit=100"),
    (
        "statuspal",
        "https://ACME.statuspal.eu/incidents/5",
        STATUSPAL,
        "summary incidents?limit=100",
    ),
    ("statuspal", f"{STATUSPAL}/summary", STATUSPAL, "summary incidents?limit=100"),
    (
        "statuspal",
        "https://acme.statuspal.io/",
        STATUSPAL.replace(".eu", ".io"),
        "summary incidents?limit=100",
    ),
    (
        "statuspal",
        f"{LOCAL}/api/v2/status_pages/acme/summary",
        f"{LOCAL}/api/v2/status_pages/acme",
        "summary incidents?limit=100",
    ),
]
"""Pages of which a second document is asked for if the history is, below a common address."""


def asked(name: str, page_url: str, depth: Depth) -> list[str]:
    return [endpoint.url for endpoint in load(name).endpoints(page_url, depth, {})]


@pytest.mark.parametrize(("name", "page_url", "url"), ONE)
def test_one_document_is_asked_for_at_every_depth(name: str, page_url: str, url: str) -> None:
    assert [asked(name, page_url, depth) for depth in Depth] == [[url]] * len(Depth)


@pytest.mark.parametrize(("name", "page_url", "below", "documents"), SEVERAL)
def test_several_documents_are_asked_for_at_every_depth(
    name: str, page_url: str, below: str, documents: str
) -> None:
    urls = [f"{below}/{one}" for one in documents.split()]
    assert [asked(name, page_url, depth) for depth in Depth] == [urls] * len(Depth)


@pytest.mark.parametrize(("name", "page_url", "below", "documents"), WITH_HISTORY)
def test_a_verdict_takes_one_document_and_the_history_two(
    name: str, page_url: str, below: str, documents: str
) -> None:
    urls = [f"{below}/{one}" for one in documents.split()]
    assert asked(name, page_url, Depth.VERDICT) == urls[:1]
    assert asked(name, page_url, Depth.HISTORY) == urls
