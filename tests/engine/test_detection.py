"""Which platform a page runs on, found out through the command: from the page's own documents, in
at most six requests, and found out again where the page has changed."""

import json
import shlex
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from outlogger_cli import platforms
from tests.origin import Origin, Reply, redirect
from tests.running import Answer, Finished, Web, run_command, trusting
from tests.support import DATA, sample

PAGE = "https://status.acme.example"
NEW = "https://status.acme.test"
LIMIT = 6

V2 = "/api/v2/summary.json"
HTML = ""
INSTATUS = "/summary.json"
INDEX = "/index.json"
FEED = "/history.atom"
FIREHYDRANT = "/data/payload.json"
OPENSTATUS = "/api/status/summary.json"
CACHET = "/api/v1/components?per_page=100"


def html(said: str) -> bytes:
    return f"<!doctype html><html><title>Acme</title><body>{said}</body></html>".encode()


def announcing(host: str) -> bytes:
    """A page that announces its feed, and loads something from the host of its platform."""
    return html(
        '<link rel="alternate" type="application/rss+xml" href="/changes.rss">'
        f'<script src="https://{host}/app.js"></script>'
    )


def data(path: str) -> bytes:
    return (DATA / path).read_bytes()


SUMMARY = sample("statuspage/summary.json")
SHELL = html("<div id=app></div>")
NOT_JSON = "HTML instead of JSON"
NO_PLATFORM = "not a supported status page (see outlogger help platforms)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The documents of a page, by path or address, how many components are read from them, and
    the paths that are asked for until the first document that is the platform's own."""

    documents: Mapping[str, object]
    components: int
    asked: tuple[str, ...]


PAGES = {
    "statuspage": Page(documents={V2: SUMMARY}, components=4, asked=(V2,)),
    "incidentio": Page(
        documents={V2: sample("incidentio/summary.json")}, components=3, asked=(V2,)
    ),
    "statusio": Page(
        documents={
            HTML: data("statusio/page.html"),
            "https://api.status.io/1.0/status/eeee00000000000000000001": data(
                "statusio/status.json"
            ),
        },
        components=5,
        asked=(V2, HTML),
    ),
    "uptimerobot": Page(
        documents={
            HTML: data("uptimerobot/page.html"),
            "/api/getMonitorList/aB3-xyz_9": data("uptimerobot/monitors.json"),
            "/api/getMonitorList/aB3-xyz_9?page=2": data("uptimerobot/monitors-2.json"),
        },
        components=3,
        asked=(V2, HTML),
    ),
    "pagerduty": Page(
        documents={
            HTML: html(
                f'<script id="data">{json.dumps(sample("pagerduty/headline.json"))}</script>'
            )
        },
        components=0,
        asked=(V2, HTML),
    ),
    "statuspal": Page(
        documents={
            HTML: data("statuspal/page.html"),
            "https://statuspal.eu/api/v2/status_pages/acme/summary": data("statuspal/summary.json"),
        },
        components=4,
        asked=(V2, HTML),
    ),
    "sorry": Page(
        documents={
            HTML: html('<script src="https://code.sorryapp.com" data-for="0badcafe"></script>'),
            "https://api.sorryapp.com/v1/pages/0badcafe/components": data("sorry/components.json"),
        },
        components=3,
        asked=(V2, HTML),
    ),
    "site24x7": Page(
        documents={
            HTML: html("<script>enc_statuspage_id = '9f8e7d6c5b4a'</script>"),
            "/sp/api/public/summary_details/statuspages/9f8e7d6c5b4a": data(
                "site24x7/summary.json"
            ),
        },
        components=2,
        asked=(V2, HTML),
    ),
    "statuscast": Page(
        documents={HTML: data("statuscast/page.html")}, components=0, asked=(V2, HTML)
    ),
    "freshstatus": Page(
        documents={
            HTML: announcing("assets.freshstatus.io"),
            "/changes.rss": data("announced/feed.rss"),
        },
        components=0,
        asked=(V2, HTML),
    ),
    "hund": Page(
        documents={HTML: announcing("hund.io"), "/changes.rss": data("announced/feed.rss")},
        components=0,
        asked=(V2, HTML),
    ),
    "onlineornot": Page(
        documents={HTML: announcing("onlineornot.com"), "/changes.rss": data("announced/feed.rss")},
        components=0,
        asked=(V2, HTML),
    ),
    "instatus": Page(
        documents={
            INSTATUS: data("instatus/summary.json"),
            "/v3/components.json": data("instatus/components.json"),
        },
        components=3,
        asked=(V2, HTML, INSTATUS),
    ),
    "betterstack": Page(
        documents={INDEX: data("betterstack/index.json")},
        components=3,
        asked=(V2, HTML, INSTATUS, INDEX),
    ),
    "cstate": Page(
        documents={INDEX: data("cstate/index.json")},
        components=4,
        asked=(V2, HTML, INSTATUS, INDEX),
    ),
    "feed": Page(
        documents={
            HTML: html('<link rel="alternate" type="application/atom+xml" href="/history.atom">'),
            FEED: data("feed/history.atom"),
        },
        components=0,
        asked=(V2, HTML, FEED),
    ),
    "firehydrant": Page(
        documents={
            HTML: html("by FireHydrant"),
            FIREHYDRANT: data("firehydrant/payload.json"),
        },
        components=4,
        asked=(V2, HTML, FIREHYDRANT),
    ),
    "cachet": Page(
        documents={
            CACHET: data("cachet/components.json"),
            "/api/v1/components/groups?per_page=100": data("cachet/groups.json"),
            "/api/v1/incidents?per_page=100&sort=id&order=desc": data("cachet/incidents.json"),
        },
        components=4,
        asked=(V2, HTML, INSTATUS, INDEX, "/api/v1/status.json", CACHET),
    ),
    "rootly": Page(
        documents={
            "/api/v1/status.json": data("rootly/status.json"),
        },
        components=0,
        asked=(V2, HTML, INSTATUS, INDEX, "/api/v1/status.json"),
    ),
    "checkly": Page(
        documents={
            HTML: html("Checkly"),
            "/api/v1/summary.json": data("checkly/summary.json"),
            "/api/v1/services.json": data("checkly/services.json"),
        },
        components=3,
        asked=(V2, HTML, "/api/v1/summary.json"),
    ),
    "datadog": Page(
        documents={
            HTML: b"<!DOCTYPE html><html><title>Acme | Datadog</title><div id=root></div></html>",
            "/config.json": data("datadog/config.json"),
        },
        components=4,
        asked=(V2, HTML, "/config.json"),
    ),
    "openstatus": Page(
        documents={
            HTML: html('<link rel="alternate" type="application/json" href="' + OPENSTATUS + '">'),
            OPENSTATUS: data("openstatus/summary.json"),
        },
        components=3,
        asked=(V2, HTML, OPENSTATUS),
    ),
    "uptimecom": Page(
        documents={
            HTML: html("React.createElement(StatusPageDisplayController, {})"),
            "/ajax": data("uptimecom/ajax.json"),
        },
        components=3,
        asked=(V2, HTML, "/ajax"),
    ),
    "statusiq": Page(
        documents={HTML: html("by StatusIQ"), "/rss": data("statusiq/rss.xml")},
        components=6,
        asked=(V2, HTML, "/rss"),
    ),
    "uptimekuma": Page(
        documents={
            HTML: data("uptimekuma/page.html"),
            "/api/status-page/acme": data("uptimekuma/status-page.json"),
            "/api/status-page/heartbeat/acme": data("uptimekuma/heartbeat.json"),
        },
        components=6,
        asked=(V2, HTML, "/api/status-page/acme"),
    ),
    "gatus": Page(
        documents={
            HTML: html("<script>window.config = {logo: ''};</script>"),
            "/api/v1/endpoints/statuses?page=1&pageSize=20": data("gatus/endpoints.json"),
        },
        components=4,
        asked=(V2, HTML, "/api/v1/endpoints/statuses?page=1&pageSize=20"),
    ),
    "flashduty": Page(
        documents={
            HTML: data("flashduty/page.html"),
            "/api/status-page/6410/summary/active": data("flashduty/active.json"),
        },
        components=4,
        asked=(V2, HTML, "/api/status-page/6410/summary/active"),
    ),
    "statushub": Page(
        documents={HTML: html("StatusHub"), "/api/statuses": data("statushub/statuses.json")},
        components=0,
        asked=(V2, HTML, "/api/statuses"),
    ),
    "hyperping": Page(
        documents={
            HTML: html("Hyperping"),
            "/api/config?hostname=status.acme.example": data("hyperping/config.json"),
        },
        components=0,
        asked=(V2, HTML, "/api/config?hostname=status.acme.example"),
    ),
    "statuscake": Page(
        documents={
            HTML: data("statuscake/page.html"),
            "https://app.statuscake.com/Workfloor/PublicReportHandler.php?PublicID=aB3xyz9": data(
                "statuscake/report.json"
            ),
        },
        components=3,
        asked=(V2, HTML),
    ),
}


def good(body: object) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(200, content=content)


def serving(documents: Mapping[str, object], *, page: str = PAGE) -> Web:
    return Web(
        {
            path if "://" in path else page + path: body
            if isinstance(body, httpx.Response)
            else good(body)
            for path, body in documents.items()
        }
    )


def everywhere(body: bytes) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _request: httpx.Response(200, stream=httpx.ByteStream(body)))


def detect(web: httpx.BaseTransport, url: str = PAGE) -> dict[str, Any]:
    (item,) = run_command("vendors", "detect", url, "--json", transport=web).json["items"]
    found: dict[str, Any] = item
    return found


def check(web: httpx.BaseTransport, url: str = PAGE) -> dict[str, Any]:
    (vendor,) = run_command("check", url, "--json", transport=web).json["vendors"]
    found: dict[str, Any] = vendor
    return found


def test_every_probed_platform_has_a_page_here() -> None:
    assert set(PAGES) == set(platforms.PROBED)


@pytest.mark.parametrize("name", PAGES)
def test_a_platform_is_found_from_its_own_documents(name: str) -> None:
    page = PAGES[name]
    web = serving(page.documents)
    assert detect(web) == {
        "url": PAGE,
        "platform": name,
        "certainty": "certain",
        "home": PAGE,
        "components": page.components,
        "detail": None,
    }
    assert tuple(url.removeprefix(PAGE) for url in web.asked[: len(page.asked)]) == page.asked
    assert len(page.asked) <= LIMIT


CACHET_3 = {
    HTML: html('<a href="https://cachethq.io">Powered by Cachet</a>'),
    "/api/components?per_page=100&include=group&sort=order": data("cachet/v3-components-2.json"),
    "/api/status": data("cachet/v3-status.json"),
}


def test_a_first_document_may_be_at_one_of_several_addresses() -> None:
    web = serving(CACHET_3)
    found = detect(web)
    assert (found["platform"], found["home"], found["components"]) == ("cachet", PAGE, 2)
    first = "/api/components?per_page=100&include=group&sort=order"
    assert [url.removeprefix(PAGE) for url in web.asked[:4]] == [V2, HTML, CACHET, first]


def test_a_reading_of_a_first_document_at_another_address_is_found_offline() -> None:
    online = check(serving(CACHET_3))
    (offline,) = run_command("check", PAGE, "--json", "--offline").json["vendors"]
    assert (online["platform"], offline["platform"]) == ("cachet", "cachet")
    assert offline["components"] == online["components"]


FOREIGN_ID = "0123456789abcdef01234567"
SUPPLIERS = {
    "statuspal": (
        '<a class="x" href="https://other.statuspal.eu/"><b>other.statuspal.eu</b></a>',
        {"https://statuspal.eu/api/v2/status_pages/other/summary": "statuspal/summary.json"},
    ),
    "statusio": (
        f'<a href="https://status.other.example/pages/history/{FOREIGN_ID}">status</a>',
        {f"https://api.status.io/1.0/status/{FOREIGN_ID}": "statusio/status.json"},
    ),
    "sorry": (
        '<A HREF="https://sorryapp.com">Sorry</A> <a href="/pages/0badcafe">ours</a>',
        {"https://api.sorryapp.com/v1/pages/0badcafe/components": "sorry/components.json"},
    ),
    "uptimerobot": (
        '<a href="https://stats.uptimerobot.com/api/getMonitorList/abc">up</a>',
        {"/api/getMonitorList/abc": "uptimerobot/monitors.json"},
    ),
    "hund": (
        '<link type="application/rss+xml" href="/changes.rss"><a href="https://hund.io">by</a>',
        {"/changes.rss": "announced/feed.rss"},
    ),
}
"""What a page says that links to another's, by the platform of that, and the other's documents."""


@pytest.mark.parametrize("platform", SUPPLIERS)
def test_a_page_that_a_page_links_to_is_not_read_in_its_place(platform: str) -> None:
    said, documents = SUPPLIERS[platform]
    others = {path: data(sample_path) for path, sample_path in documents.items()}
    shown = html(f"<p>Our supplier: {said}</p><script>start('instatus')</script>")
    web = serving({**PAGES["instatus"].documents, HTML: shown, **others})
    assert check(web)["platform"] == "instatus"
    assert len(web.asked) <= LIMIT


def test_the_page_is_asked_below_its_path_first_and_then_at_the_hosts_root() -> None:
    web = serving({V2: SUMMARY})
    found = detect(web, f"{PAGE}/team")
    assert (found["platform"], found["home"]) == ("statuspage", PAGE)
    assert web.asked == [f"{PAGE}/team{V2}", f"{PAGE}{V2}"]


def test_below_its_path_a_page_costs_no_more() -> None:
    web = serving(PAGES["instatus"].documents, page=f"{PAGE}/team")
    assert detect(web, f"{PAGE}/team")["platform"] == "instatus"
    assert web.asked[: LIMIT - 1] == [
        f"{PAGE}/team{V2}",
        f"{PAGE}{V2}",
        f"{PAGE}/team",
        PAGE,
        f"{PAGE}/team{INSTATUS}",
    ]


@pytest.mark.parametrize("path", ["", "/team"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(404), "HTTP 404: no status page at this address"),
        (good(SHELL), NOT_JSON),
        (good(b"not here"), "not JSON"),
        (good({}), "unexpected JSON without page, status or components"),
    ],
)
def test_a_host_that_answers_everything_alike_costs_six_requests(
    answer: httpx.Response, said: str, path: str
) -> None:
    asked: list[str] = []

    def answering(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(answer.status_code, stream=httpx.ByteStream(answer.content))

    found = check(httpx.MockTransport(answering), PAGE + path)
    assert (found["verdict"], found["error"]["message"]) == ("unknown", said)
    assert len(asked) == len(set(asked)) == LIMIT


def test_a_page_of_the_vendors_own_making_has_a_sentence_of_its_own() -> None:
    found = check(serving({HTML: html("All our systems are fine")}))
    assert (found["severity"], found["verdict"]) == ("unknown", "unknown")
    assert found["error"] == {
        "kind": "not_a_status_page",
        "message": NO_PLATFORM,
        "http_status": None,
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            b"<html><title>Statuspage | Atlassian</title></html>",
            "page does not exist (Atlassian's own website answers)",
        ),
        (
            b"<html><title>Acme Status - Sign In</title></html>",
            "private page: sign-in required",
        ),
        (b'<html><input type="password"></html>', "sign-in page instead of a status page"),
        (b"<html>This domain is for sale</html>", "parked domain (for sale)"),
        (b"<html><title>Just a moment...</title></html>", "blocked by bot protection"),
        (SHELL, NOT_JSON),
    ],
)
def test_a_page_that_says_what_it_is_instead_is_unknown_with_its_own_sentence(
    body: bytes, said: str
) -> None:
    finished = run_command("vendors", "detect", PAGE, transport=everywhere(body))
    assert (finished.code, finished.out) == (3, f"{PAGE}\t\tunknown\t\t\n")
    assert finished.err == f"{PAGE}: {said}\n"


# What the page's HTML says


def test_a_shell_at_every_address_that_names_its_platform_saves_requests() -> None:
    shell = good(html('<link href="https://uptime.betterstack.com/assets/app.css">'))
    web = serving({V2: shell, HTML: shell, INSTATUS: shell, INDEX: data("betterstack/index.json")})
    assert detect(web)["platform"] == "betterstack"
    assert web.asked == [f"{PAGE}{V2}", f"{PAGE}{INDEX}"]


def test_a_slug_in_the_address_is_enough_if_the_html_names_the_platform() -> None:
    page = f"{PAGE}:3001/status/acme"
    shell = html('<meta name="description" content="Uptime Kuma monitoring tool">')
    api = f"{PAGE}:3001/api/status-page"
    beats = data("uptimekuma/heartbeat.json")
    web = serving(
        {
            f"{page}{V2}": shell,
            f"{api}/acme": data("uptimekuma/status-page.json"),
            f"{api}/heartbeat/acme": beats,
        }
    )
    assert check(web, page)["platform"] == "uptimekuma"
    assert web.asked == [f"{page}{V2}", f"{api}/acme", f"{api}/heartbeat/acme"]


ANNOUNCED = '<link rel="alternate" type="application/atom+xml" href="{}">'


def test_a_feed_that_a_page_announces_is_read_where_there_is_nothing_better() -> None:
    web = serving(
        {HTML: html(ANNOUNCED.format("/all.atom")), "/all.atom": data("feed/history.atom")}
    )
    found = check(web)
    assert (found["platform"], found["error"]) == ("feed", None)
    assert not [reason for reason in found["reasons"] if "moved" in reason]


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (PAGE, "https://elsewhere.example/all.atom"),
        ("https://www.acme.example", "https://www.acme.example/news.atom"),
    ],
)
def test_a_feed_of_another_host_or_of_no_status_page_is_not_followed(page: str, feed: str) -> None:
    web = serving({HTML: html(ANNOUNCED.format(feed)), feed: data("feed/history.atom")}, page=page)
    assert check(web, page)["error"]["message"] == NO_PLATFORM
    assert feed not in web.asked


# Pages that changed


def test_a_page_that_left_the_platform_of_the_catalogue_is_read_all_the_same() -> None:
    page = "https://status.permutive.com"
    web = serving(PAGES["instatus"].documents, page=page)
    assert run_command("vendors", "show", "permutive").out.split("\t")[2] == "statuspage"
    found = check(web, "permutive")
    assert (found["slug"], found["platform"], found["error"]) == ("permutive", "instatus", None)


def test_what_was_found_is_remembered_and_asked_first_the_next_time() -> None:
    web = serving(PAGES["cstate"].documents)
    assert check(web)["platform"] == "cstate"
    first = len(web.asked)
    assert check(web)["platform"] == "cstate"
    assert web.asked[first:] == [f"{PAGE}{INDEX}", f"{PAGE}/issues/index.json"]


def test_what_was_found_by_detect_is_remembered_too() -> None:
    web = serving(PAGES["cstate"].documents)
    detect(web)
    first = len(web.asked)
    check(web)
    assert web.asked[first:] == [f"{PAGE}{INDEX}", f"{PAGE}/issues/index.json"]


def test_where_a_page_was_found_is_remembered_but_its_own_address_comes_first() -> None:
    web = serving({V2: SUMMARY})
    check(web, f"{PAGE}/team")
    check(web, f"{PAGE}/team")
    assert web.asked == 2 * [f"{PAGE}/team{V2}", f"{PAGE}{V2}"]


def test_an_announced_feed_is_remembered() -> None:
    web = serving(
        {HTML: html(ANNOUNCED.format("/all.atom")), "/all.atom": data("feed/history.atom")}
    )
    check(web)
    first = len(web.asked)
    assert check(web)["platform"] == "feed"
    assert web.asked[first:] == [f"{PAGE}/all.atom"]


def test_a_page_that_left_the_platform_it_was_remembered_for_is_found_again() -> None:
    assert check(serving(PAGES["cstate"].documents))["platform"] == "cstate"
    web = serving({INDEX: good(SHELL), **PAGES["statuspage"].documents})
    assert check(web)["platform"] == "statuspage"
    assert web.asked == [f"{PAGE}{INDEX}", f"{PAGE}{V2}"]


# Pages that moved


def test_a_page_that_moved_is_read_at_its_new_home_and_the_move_is_reported() -> None:
    with (
        Origin("127.0.0.2", routes={V2: Reply(body=SUMMARY)}) as new,
        Origin(routes={"*": redirect(f"{new.url}/", status=301)}) as old,
    ):
        vendor = run_command("check", old.url, "--json", *trusting()).json["vendors"][0]
        found = run_command("vendors", "detect", old.url, *trusting())
    assert (vendor["platform"], vendor["error"]) == ("statuspage", None)
    assert vendor["reasons"][-1] == (
        f"moved to {new.url}; update the watchlist:"
        f" outlogger watchlist add {new.url} --as 127.0.0.1"
    )
    assert found == Finished(code=0, out=f"{old.url}\tstatuspage\tcertain\t{new.url}\t4\n", err="")


def test_the_command_for_a_page_that_moved_is_safe_to_paste() -> None:
    home = f"{NEW}/$(reboot);'a"
    moved = httpx.Response(301, headers={"Location": f"{home}{V2}"})
    web = serving({V2: moved, f"{home}{V2}": SUMMARY})
    (told,) = [reason for reason in check(web)["reasons"] if reason.startswith("moved")]
    _, command = told.split("watchlist: ")
    assert shlex.split(command) == [
        "outlogger",
        "watchlist",
        "add",
        home,
        "--as",
        "status.acme.example",
    ]


# The command

WIDE = {"COLUMNS": "100"}


def test_detect_takes_several_pages_and_a_host_for_an_address() -> None:
    web = serving({V2: SUMMARY, f"{NEW}{INDEX}": data("cstate/index.json")})
    finished = run_command("vendors", "detect", "status.acme.example", NEW, transport=web)
    assert finished == Finished(
        code=0,
        out=f"{PAGE}\tstatuspage\tcertain\t{PAGE}\t4\n{NEW}\tcstate\tcertain\t{NEW}\t4\n",
        err="",
    )


def test_detect_takes_a_vendor_of_the_catalogue() -> None:
    web = serving({V2: SUMMARY}, page="https://status.permutive.com")
    finished = run_command("vendors", "detect", "permutive", "-f", "csv", transport=web)
    assert finished.out.replace("\r\n", "\n") == (
        "url,platform,certainty,home,components\n"
        "https://status.permutive.com,statuspage,certain,https://status.permutive.com,4\n"
    )


def test_detect_has_a_table_for_people() -> None:
    finished = run_command(
        "vendors", "detect", PAGE, "-f", "table", transport=serving({V2: SUMMARY}), env=WIDE
    )
    assert finished.out == (
        "URL                          PLATFORM    CERTAINTY  HOME                         "
        "COMPONENTS\n"
        "https://status.acme.example  statuspage  certain    https://status.acme.example  4\n"
    )


HOSTED = "https://acme.statuspage.io"


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(403),
        httpx.Response(500),
        httpx.ConnectTimeout(""),
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        good(SHELL),
        good(html("<title>Acme - Sign In</title>")),
    ],
)
def test_the_host_of_a_platform_makes_it_likely_where_the_page_cannot_be_read(
    failure: Answer,
) -> None:
    web = Web({f"{HOSTED}{V2}": failure})
    finished = run_command("vendors", "detect", HOSTED, "--retries", "0", "--json", transport=web)
    assert finished.code == 3
    (found,) = finished.json["items"]
    detail = found.pop("detail").replace("host not found (DNS)", "DNS lookup failed")
    assert detail in finished.err
    assert found == {
        "url": HOSTED,
        "platform": "statuspage",
        "certainty": "likely",
        "home": None,
        "components": None,
    }


@pytest.mark.parametrize(
    "failure",
    [httpx.Response(404), httpx.Response(410), good(b"<html><title>Statuspage | Atlassian")],
)
def test_a_host_that_says_it_has_no_such_page_is_unknown(failure: Answer) -> None:
    found = detect(Web({f"{HOSTED}{V2}": failure}), HOSTED)
    assert (found["platform"], found["certainty"]) == (None, "unknown")


def test_one_page_that_cannot_be_read_does_not_stop_another() -> None:
    web = serving({V2: SUMMARY})
    finished = run_command("vendors", "detect", NEW, PAGE, transport=web)
    assert finished == Finished(
        code=3,
        out=f"{NEW}\t\tunknown\t\t\n{PAGE}\tstatuspage\tcertain\t{PAGE}\t4\n",
        err=f"{NEW}: HTTP 404: no status page at this address\n",
    )


def test_where_no_page_can_be_reached_one_line_says_so() -> None:
    web = Web({f"{page}{V2}": httpx.ConnectError("Refused") for page in (PAGE, NEW)})
    finished = run_command("vendors", "detect", PAGE, NEW, "--retries", "0", transport=web)
    assert finished.code == 3
    assert finished.err == (
        "It's this machine: none of 2 status pages could be reached (cannot connect: refused)."
        " Check network, VPN or proxy.\n"
    )


def test_quiet_says_nothing_and_still_ends_with_its_code() -> None:
    assert run_command("vendors", "detect", PAGE, "-q", transport=Web({})) == Finished(
        code=3, out="", err=""
    )


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("githb",), "unknown vendor 'githb': did you mean github?"),
        (("ftp://x.example",), "'ftp://x.example' is not a valid page URL"),
        ((PAGE, "-f", "junit"), "--format must be one of table, plain, json, csv"),
        ((PAGE, "-o", "/nowhere/found.csv"), "--output: no such folder: /nowhere"),
    ],
)
def test_a_bad_command_line_is_refused_before_anything_is_asked(
    argv: tuple[str, ...], said: str
) -> None:
    web = Web({})
    finished = run_command("vendors", "detect", *argv, transport=web)
    assert finished.code == 2
    assert finished.err.startswith(f"outlogger: {said}")
    assert web.asked == []


def test_a_page_gets_the_time_and_the_tries_that_are_asked_for() -> None:
    web = Web({f"{PAGE}{V2}": [httpx.Response(503), httpx.Response(503), good(SUMMARY)]})
    argv = ("vendors", "detect", PAGE, "--retries", "2", "--timeout", "9s", "--deadline", "30s")
    assert run_command(*argv, "--jobs", "1", transport=web).code == 0
    assert len(web.asked) == 3
