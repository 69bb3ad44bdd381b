"""What people paste as the name of a vendor, and what an address that cannot be read is told."""

from typing import Any

import httpx
import pytest

from tests.cli.commands.pages import ACME, FINE, fine, serving
from tests.origin import Origin, Reply
from tests.running import Finished, run_command

GITHUB = "https://www.githubstatus.com"
SUMMARY, INCIDENTS = "/v2/summary.json", "/v2/incidents.json"


def check(name: str, **pages: object) -> Finished:
    """Check `name` on a network with GitHub's page and those in `pages`."""
    answers = {f"{GITHUB}/api{SUMMARY}": fine(), f"{FINE}/api{SUMMARY}": fine(), **pages}
    return run_command("check", name, "--json", transport=serving(answers))


def url(finished: Finished) -> Any:
    (vendor,) = finished.json["vendors"]
    return (finished.code, vendor["url"])


@pytest.mark.parametrize("pasted", [f" {FINE}", f"{FINE}\n", f"\t{FINE}/  "])
def test_blanks_around_an_address_are_no_part_of_it(pasted: str) -> None:
    code, found = url(check(pasted))
    assert (code, found.rstrip("/")) == (0, FINE)


@pytest.mark.parametrize(
    "name",
    ["githubstatus.com", "www.githubstatus.com", "GitHubStatus.com/", " githubstatus.com "],
)
def test_the_host_of_a_page_of_the_catalogue_is_its_vendor(name: str) -> None:
    assert url(check(name)) == (0, GITHUB)


@pytest.mark.parametrize("name", ["githubstatus.com/history", "status.githubstatus.com", "a.b"])
def test_another_host_or_a_page_below_it_is_no_vendor(name: str) -> None:
    finished = check(name)
    assert finished.code == 2
    assert f"unknown vendor {name!r}" in finished.out + finished.err


@pytest.mark.parametrize("path", ["/api/public/acme/v2", "/api/v2", "", "/data"])
def test_the_address_of_a_summary_is_read_itself(path: str) -> None:
    pages = {
        f"{ACME}{path}/summary.json": fine(API="partial_outage"),
        f"{ACME}{path}/incidents.json": {"page": fine()["page"], "incidents": []},
    }
    finished = run_command(
        "status", f"{ACME}{path}/summary.json", "--json", transport=serving(pages)
    )
    (vendor,) = finished.json["vendors"]
    assert (vendor["severity"], len(vendor["components"])) == ("major", 2)
    assert len(vendor["days"]) == 30


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_authorities_of_other_programs_are_hinted_at(variable: str) -> None:
    with Origin(routes={"*": Reply(body=fine())}) as origin:
        finished = run_command("check", origin.url, env={variable: "/etc/corp.pem"})
    assert finished.code == 3
    assert finished.err.endswith(
        f"\n{variable} is ignored; to trust its authorities, set SSL_CERT_FILE=/etc/corp.pem\n"
    )


def test_without_such_a_variable_or_such_a_failure_there_is_no_hint() -> None:
    with Origin(routes={"*": Reply(body=fine())}) as origin:
        finished = run_command("check", origin.url)
    assert "invalid certificate" in finished.err
    assert "SSL_CERT_FILE" not in finished.err
    other = run_command(
        "check",
        FINE,
        env={"CURL_CA_BUNDLE": "/etc/corp.pem"},
        transport=serving({f"{FINE}/api{SUMMARY}": fine()}),
    )
    assert (other.code, other.err) == (0, "")


def test_a_page_that_answers_from_another_host_says_so_with_verbose() -> None:
    new = "https://status.new.example"
    pages = {
        f"{FINE}/api{SUMMARY}": httpx.Response(301, headers={"Location": f"{new}/api{SUMMARY}"}),
        f"{new}/api{SUMMARY}": fine(),
    }
    quiet = run_command("check", FINE, transport=serving(pages))
    assert (quiet.code, quiet.err) == (0, "")
    finished = run_command("check", FINE, "-v", transport=serving(pages))
    assert finished.code == 0
    assert f"moved to {new}" in finished.err
