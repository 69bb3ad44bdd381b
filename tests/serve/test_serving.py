"""The server as a process: what it answers over real HTTP, and how it starts and ends."""

import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from prometheus_client.parser import text_string_to_metric_families

from outlogger_cli.cli import help
from tests.cli.commands.pages import HEALTHY, TROUBLED
from tests.origin import Connection, Origin, Reply, faults
from tests.running import PATIENCE, finish, spawn
from tests.serve.serving import Server, get, serving
from tests.support import sample

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")

feedparser: Any = import_module("feedparser")  # it ships no types
DRAFT: Any = import_module("jsonschema").Draft202012Validator  # jsonschema ships no types

SUMMARY, INCIDENTS = "/api/v2/summary.json", "/api/v2/incidents.json"
GOOD = {
    SUMMARY: Reply(body=TROUBLED),
    INCIDENTS: Reply(body=sample("statuspage/incidents.json")),
}
FINE = {
    SUMMARY: Reply(body=HEALTHY),
    INCIDENTS: Reply(body={"page": HEALTHY["page"], "incidents": []}),
}
PATHS = (
    *("/", "/vendors/acme", "/metrics", "/api/v1/status", "/api/v1/vendors/acme"),
    *("/incidents.atom", "/maintenance.ics", "/healthz", "/readyz", "/probe?target=acme"),
)


@pytest.fixture(scope="module")
def origins() -> Iterator[tuple[Origin, Origin]]:
    with (
        Origin("127.0.0.2", tls=False, routes=FINE) as fine,
        Origin(tls=False, routes=GOOD) as origin,
    ):
        yield origin, fine


@pytest.fixture(scope="module")
def server(
    origins: tuple[Origin, Origin], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that has read a troubled page, `acme`, and a healthy one, `fine`."""
    acme, fine = origins
    home = tmp_path_factory.mktemp("home")
    watchlist = home / "vendors.toml"
    watchlist.write_text(
        f'version = 1\n[vendors.acme]\nname = "Acme"\nurl = "{acme.url}"\n'
        f'[vendors.fine]\nname = "Fine"\nurl = "{fine.url}"\ntags = ["ci"]\n'
    )
    with serving("--watchlist", str(watchlist), cwd=home, env={"HOME": str(home)}) as running:
        yield running.ready()


def metrics(text: str) -> dict[tuple[str, ...], float]:
    """The samples: name and values of the labels without `list`, and the value."""
    return {
        (sample.name, *(v for k, v in sample.labels.items() if k != "list")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


# Resources


def test_the_page_of_all_vendors_leads_to_the_page_of_each_and_back(server: Server) -> None:
    page = server.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<a href="vendors/acme">Acme</a>' in page.text
    assert '<meta http-equiv="refresh" content="60">' in page.text
    assert "1 vendor has a problem" in page.text
    own = server.get("/vendors/acme")
    assert '<a href="../">All vendors</a>' in own.text
    assert "<h3>Components</h3>" in own.text
    assert "refresh" not in server.get("/?refresh=off").text.partition("</head>")[0]


def test_the_metrics_are_those_of_the_format(server: Server) -> None:
    answer = server.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = metrics(answer.text)
    assert found["outlogger_vendor_verdict", "acme", "problem"] == 1
    assert found["outlogger_vendor_verdict", "fine", "ok"] == 1
    assert '{list="vendors",vendor="fine"' in answer.text


def test_the_json_is_the_document_of_status(server: Server) -> None:
    schema = json.loads(help.TOPICS["json-schema"]({}))
    whole, one = (json.loads(server.get(path).text) for path in PATHS[3:5])
    for document in (whole, one):
        DRAFT(schema).validate(document)
    assert [vendor["slug"] for vendor in whole["vendors"]] == ["acme", "fine"]
    assert [vendor["slug"] for vendor in one["vendors"]] == ["acme"]
    assert (whole["command"], whole["verdict"]) == ("status", "problem")
    assert len(one["vendors"][0]["days"]) == 30


def test_a_feed_reader_reads_the_incidents(server: Server) -> None:
    answer = server.get("/incidents.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.text)
    assert (feed.bozo, feed.version) == (False, "atom10")
    shown = json.loads(server.get("/api/v1/vendors/acme").text)["vendors"][0]["incidents"]
    assert {entry.title for entry in feed.entries} == {
        f"Acme: {one['name']} ({one['status'].replace('_', ' ')})" for one in shown
    }
    assert len({entry.id for entry in feed.entries}) == len(shown)


def test_a_calendar_reads_the_maintenance(server: Server) -> None:
    answer = server.get("/maintenance.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    shown = json.loads(server.get("/api/v1/vendors/acme").text)["vendors"][0]["maintenances"]
    assert [str(event["summary"]) for event in events] == [f"Acme: {one['name']}" for one in shown]
    assert shown


@pytest.mark.parametrize("path", ["/x", "/vendors/nobody", "/api/v1/vendors/nobody", "/vendors/"])
def test_an_unknown_path_is_404_with_a_way_out(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status == 404
    assert "The overview is at /" in answer.text
    assert answer.headers["content-type"].startswith(
        {"/x": "text/plain", "/a": "application/json", "/v": "text/html"}[path[:2]]
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/probe?target=acme", "/api/v1/status"])
def test_nothing_can_be_written(server: Server, method: str, path: str) -> None:
    answer = server.get(path, method)
    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert "read only" in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers_that_protect_its_reader(server: Server, path: str) -> None:
    full, head = server.get(path), server.get(path, "HEAD")
    assert (full.status, head.status, head.text) == (200, 200, "")
    assert head.headers["content-type"] == full.headers["content-type"]
    policy = full.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert full.headers["x-content-type-options"] == "nosniff"
    assert full.headers["referrer-policy"] == "no-referrer"
    assert "server" not in full.headers


@pytest.mark.parametrize("path", ["/incidents.atom", "/maintenance.ics"])
def test_what_has_not_changed_is_not_sent_again(server: Server, path: str) -> None:
    etag = server.get(path).headers["etag"]
    for known in (etag, f'"x", W/{etag}'):
        again = server.get(path, If_None_Match=known)
        assert (again.status, again.text, again.headers["etag"]) == (304, "", etag)
    assert server.get(path, If_None_Match='"other"').status == 200
    assert server.get(path, If_None_Match="*").status == 304


# Hosts


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.3", "localhost.evil.example", "", "["])
def test_a_foreign_host_is_refused_on_every_path(server: Server, host: str) -> None:
    for path in (*PATHS, "/x"):
        answer = server.get(path, Host=host)
        assert answer.status == 421
        assert "--host NAME" in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:1"])
def test_its_address_and_localhost_are_answered(server: Server, host: str) -> None:
    assert server.get("/healthz", Host=host).status == 200


def test_names_given_by_host_are_answered(origins: tuple[Origin, Origin]) -> None:
    names = "--host", "Status.example.com, other.example", "--host", "third"
    with serving(origins[1].url, *names) as server:
        for host in ("status.example.com", "other.example:8469", "THIRD."):
            assert server.get("/healthz", Host=host).status == 200
        assert server.get("/healthz", Host="example.com").status == 421


def test_it_listens_on_ipv6(origins: tuple[Origin, Origin]) -> None:
    with serving(origins[1].url, listen="[::1]:0") as server:
        assert server.url.startswith("http://[::1]:")
        assert server.get("/healthz").status == 200
        assert server.get("/healthz", Host="[0:0:0:0:0:0:0:1]:80").status == 200
        assert server.get("/healthz", Host="127.0.0.1").status == 421


@pytest.mark.parametrize("everywhere", ["0.0.0.0", "[::]"])
def test_an_address_that_others_reach_is_warned_of(
    origins: tuple[Origin, Origin], everywhere: str
) -> None:
    with serving(origins[1].url, listen=f"{everywhere}:0") as server:
        port = server.url.rpartition(":")[2]
        assert get(f"http://127.0.0.1:{port}/healthz").status == 200
        assert get(f"http://127.0.0.1:{port}/healthz", Host="evil.example").status == 421
        finished = server.stop(signal.SIGTERM)
    assert finished.err.startswith("warning: everyone who can reach ")
    assert finished.code == 0


# Start and end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_five_seconds_whatever_goes_on(number: int) -> None:
    asked = threading.Semaphore(0)

    def hang(connection: Connection) -> None:
        asked.release()
        faults.hang(connection)

    with (
        Origin(tls=False, routes={"*": hang}) as origin,
        serving(origin.url, "--timeout", "60s") as server,
        socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nHost: lo")  # never finished
        assert asked.acquire(timeout=PATIENCE)
        began = time.monotonic()
        finished = server.stop(number)
    assert time.monotonic() - began < 5
    assert (finished.code, finished.out, finished.err) == (0, "", "")


def test_a_reading_on_demand_does_not_delay_the_end() -> None:
    asked = threading.Event()

    def hang(connection: Connection) -> None:
        asked.set()
        faults.hang(connection)

    with Origin(tls=False, routes={SUMMARY: [hang]}) as origin:
        Path("outlogger.toml").write_text(
            f'version = 1\n[vendors.slow]\nurl = "{origin.url}"\n[vendors.none]\n'
            f'url = "{origin.url}/x"\nplatform = "statuspage"\ntags = ["x"]\n'
        )
        with (
            serving("--tag", "x", "--timeout", "60s") as server,
            ThreadPoolExecutor(1) as pool,
        ):
            pool.submit(server.get, "/probe?target=slow")
            assert asked.wait(PATIENCE)
            began = time.monotonic()
            finished = server.stop(signal.SIGTERM)
    assert time.monotonic() - began < 5
    assert (finished.code, finished.err) == (0, "")


def test_an_address_in_use_is_a_usage_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with spawn("serve", "github", "--listen", f"127.0.0.1:{port}") as process:
            finished = finish(process)
    assert finished.code == 2
    assert finished.err == (
        f"outlogger: --listen: cannot listen on 127.0.0.1:{port}: address already in use;"
        " choose another ADDRESS:PORT\n"
    )


# While pages are read


def test_before_the_first_round_is_over_nothing_is_ok() -> None:
    with ExitStack() as stack:
        urls = [
            stack.enter_context(Origin(host, tls=False, routes={"*": faults.hang})).url
            for host in ("127.0.0.1", "127.0.0.2")
        ]
        server = stack.enter_context(serving(*urls, "--timeout", "30s"))
        assert server.get("/healthz").status == 200
        for path in ("/readyz", "/incidents.atom", "/maintenance.ics"):
            answer = server.get(path)
            assert (answer.status, answer.text) == (503, "not ready: 0 of 2 pages read\n")
            assert answer.headers["retry-after"]
        page = server.get("/").text
        assert "Reading the status pages: 0 of 2 pages read." in page
        assert "2 unknown" in page
        assert '<meta http-equiv="refresh" content="2">' in page
        found = metrics(server.get("/metrics").text)
        assert found["outlogger_vendor_verdict", "127.0.0.1", "unknown"] == 1
        assert found["outlogger_verdict", "unknown"] == 1
        document = json.loads(server.get("/api/v1/status").text)
        assert [one["verdict"] for one in document["vendors"]] == ["unknown"] * 2
        assert document["vendors"][0]["error"]["message"] == "not read yet"


def test_a_page_is_shown_once_it_is_read_whatever_the_others_do(
    origins: tuple[Origin, Origin],
) -> None:
    with (
        Origin("127.0.0.3", tls=False, routes={"*": faults.hang}) as silent,
        serving(silent.url, origins[1].url, "--timeout", "30s") as server,
    ):
        slug = "127.0.0.2"
        for _ in range(5000):
            if json.loads(server.get(f"/api/v1/vendors/{slug}").text)["verdict"] == "ok":
                break
        document = json.loads(server.get("/api/v1/status").text)
        assert [one["verdict"] for one in document["vendors"]] == ["unknown", "ok"]
        assert server.get("/readyz").status == 503


def test_no_request_fails_or_waits_while_pages_hang() -> None:
    """The load of a second; `tests.bench` is for more."""
    paths = [PATHS[0], "/metrics", "/api/v1/status", "/healthz"]

    def timed(path: str) -> tuple[int, float]:
        began = time.monotonic()
        return running.get(path).status, time.monotonic() - began

    with (
        Origin(tls=False, routes={"*": faults.hang}) as origin,
        serving(origin.url, "--timeout", "30s") as running,
        ThreadPoolExecutor(8) as pool,
    ):
        answers = list(pool.map(timed, paths * 50))
    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < 5


# Readings on demand


def test_a_name_of_the_catalogue_is_read_on_demand_once_an_interval(
    origins: tuple[Origin, Origin],
) -> None:
    _, fine = origins
    with serving(fine.url, env={"OUTLOGGER_DRILL": fine.url}) as server:
        server.ready()
        before = len(fine.seen)
        for _ in range(3):
            answer = server.get("/probe?target=github")
            found = metrics(answer.text)
            assert (answer.status, found["outlogger_probe_success",]) == (200, 1)
            assert found["outlogger_vendor_verdict", "github", "ok"] == 1
            assert found["outlogger_drill",] == 1
        assert len(fine.seen) == before + 1
        for _ in range(3):
            watched = metrics(server.get("/probe?target=127.0.0.2").text)
            assert watched["outlogger_vendor_verdict", "127.0.0.2", "ok"] == 1
        assert len(fine.seen) == before + 1


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 400, "name one vendor, as in /probe?target=github"),
        ("?target=a&target=b", 400, "name one vendor"),
        ("?target=githib", 404, "unknown vendor 'githib': did you mean github?"),
        ("?target=http://127.0.0.1:1", 404, "use a name of the watchlist or of the catalogue"),
        ("?target=https%3A%2F%2Fstatus.acme.example", 404, "use a name of the watchlist"),
        ("?target=github,npm", 404, "name one vendor"),
        ("?target=" + "x" * 5000, 404, "use a name of the watchlist"),
        ("?target=", 404, "unknown vendor"),
    ],
)
def test_what_is_not_a_known_name_is_never_requested(
    server: Server, query: str, status: int, said: str
) -> None:
    answer = server.get(f"/probe{query}")
    assert answer.status == status
    assert said in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


def test_at_most_four_are_read_on_demand_at_a_time() -> None:
    asked = threading.Semaphore(0)

    def hang(connection: Connection) -> None:
        asked.release()
        faults.hang(connection)

    names = ("github", "npm", "fly", "slack", "datadog")
    with Origin(tls=False, routes={"*": hang}) as origin:
        drill = {"OUTLOGGER_DRILL": origin.url}
        with (
            serving("permutive", "--timeout", "30s", env=drill) as server,
            ThreadPoolExecutor(8) as pool,
        ):
            assert asked.acquire(timeout=PATIENCE)
            running = [pool.submit(server.get, f"/probe?target={one}") for one in names[:4]]
            running.append(pool.submit(server.get, "/probe?target=github"))  # shares a reading
            for _ in range(4):
                assert asked.acquire(timeout=PATIENCE)
            busy = server.get(f"/probe?target={names[4]}")
            assert (busy.status, busy.headers["retry-after"]) == (503, "5")
            origin.close()
            found = [metrics(one.result(PATIENCE).text) for one in running]
    assert [one["outlogger_probe_success",] for one in found] == [0] * 5
    assert not asked.acquire(blocking=False)


# What is said


def test_requests_are_logged_only_if_that_is_asked_for(origins: tuple[Origin, Origin]) -> None:
    with serving(origins[1].url) as server:
        server.get("/healthz")
        assert server.stop(signal.SIGTERM).err == ""
    with serving(origins[1].url, "-v") as server:
        server.get("/vendors/%1b%5b2Jx%0a?secret")
        said = server.stop(signal.SIGTERM).err
    assert said.startswith("127.0.0.1 GET /vendors/x 404 ")
    assert said.endswith(" ms\n")


def test_a_drill_is_marked_everywhere(origins: tuple[Origin, Origin]) -> None:
    with serving("github", "npm", env={"OUTLOGGER_DRILL": origins[0].url}) as server:
        server.ready()
        assert any("DRILL: simulated data" in row for row in server.said)
        assert "DRILL" in server.get("/").text
        assert "<title>DRILL" in server.get("/vendors/github").text
        assert metrics(server.get("/metrics").text)["outlogger_drill",] == 1
        assert json.loads(server.get("/api/v1/status").text)["drill"] is True
        feed = feedparser.parse(server.get("/incidents.atom").text)
        assert all(row.title.startswith("DRILL: ") for row in (feed.feed, *feed.entries))
        events = Calendar.from_ical(server.get("/maintenance.ics").text).walk("VEVENT")
        assert all(str(event["summary"]).startswith("DRILL: ") for event in events)
        assert events


def test_vendors_on_one_host_have_pages_of_their_own(origins: tuple[Origin, Origin]) -> None:
    url = origins[0].url
    with serving(url, f"{url}/team") as server:
        page = server.ready().get("/").text
        assert 'href="vendors/127.0.0.1%232"' in page
        second = json.loads(server.get("/api/v1/vendors/127.0.0.1%232").text)["vendors"][0]
    assert second["url"] == f"{url}/team"


def test_quiet_says_nothing(origins: tuple[Origin, Origin]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with spawn("serve", origins[1].url, "-q", "--listen", f"127.0.0.1:{port}") as process:
        answer = None
        while answer is None and process.poll() is None:
            with suppress(ConnectionRefusedError):
                answer = get(f"http://127.0.0.1:{port}/healthz")
        process.send_signal(signal.SIGTERM)
        finished = finish(process)
    assert (finished.code, finished.out, finished.err) == (0, "", "")


def test_a_server_that_is_not_read_from_is_bounded(server: Server) -> None:
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.settimeout(PATIENCE)
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")
    assert server.get("/healthz").status == 200
