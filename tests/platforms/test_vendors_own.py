"""Platforms that one vendor runs for itself: a page on another host is read there alone."""

from pathlib import Path

import httpx
import pytest

from tests.running import Web, run_command
from tests.support import DATA

PAGE = "https://status.acme.example"

DOCUMENTS = {
    "apple": ("/support/systemstatus/data/system_status_en_US.js", "apple/services.json"),
    "aws": ("/public/currentevents", "aws/events.json"),
    "azure": ("/en-us/status/feed/", "azure/feed.xml"),
    "azuredevops": (
        "/_apis/status/health?api-version=7.1-preview.1",
        "azuredevops/health.json",
    ),
    "heroku": ("/api/v4/current-status", "heroku/current-status.json"),
    "salesforce": ("/v1/instances/status/preview", "salesforce/instances.json"),
    "oci": ("/api/v2/components.json", "oci/components.json"),
    "adobe": ("/adobestatus/StatusEvents", "adobe/events.json"),
    "paypal": ("/api/v1/components", "paypal/components.json"),
    "zendesk": ("/api/ssp/incidents.json", "zendesk/incidents.json"),
    "slack": ("/api/v2.0.0/current", "slack/current.json"),
}


@pytest.mark.parametrize("path", ["", "/mirror/"])
@pytest.mark.parametrize("platform", DOCUMENTS)
def test_a_page_on_a_host_of_its_own_is_read_there(
    platform: str, path: str, tmp_path: Path
) -> None:
    (tmp_path / "outlogger.toml").write_text(
        f'version = 1\n[vendors.acme]\nurl = "{PAGE}{path}"\nplatform = "{platform}"\n'
    )
    document, body = DOCUMENTS[platform]
    below = "" if platform == "salesforce" else path.rstrip("/")
    url = f"{PAGE}{below}{document}"
    web = Web({url: httpx.Response(200, content=(DATA / body).read_bytes())})
    finished = run_command("check", "acme", "--json", transport=web, cwd=tmp_path)
    vendor = finished.json["vendors"][0]
    assert (vendor["platform"], vendor["error"]) == (platform, None)
    assert {request.url.host for request in web.seen} == {"status.acme.example"}
    assert web.asked[0] == url
