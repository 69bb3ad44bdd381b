"""Vendors found by something like their name, domain or page."""

from pathlib import Path

import pytest

from outlogger_cli.catalog.search import closest, search


def slugs(text: str) -> list[str]:
    return [entry.slug for entry in search(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GITHUB", ["github"]),
        ("circle-ci", ["circleci"]),
        ("Google Cloud", ["gcp", "google-maps-platform"]),
        ("google maps", ["google-maps-platform"]),
        ("permutive.com", ["permutive"]),
        ("status.permutive.com", ["permutive"]),
        ("https://status.permutive.com/", ["permutive"]),
        ("www.githubstatus.com", ["github"]),
        ("api.stripe.com", ["stripe"]),
        ("https://api.openai.com/v1", ["openai"]),
        ("a.b.c.docker.com", ["docker"]),
        ("chatgpt", ["openai"]),
        ("stripe-api", ["stripe"]),
        ("permutve", ["permutive"]),
        ("anthropc", ["anthropic"]),
        ("x", ["x"]),
    ],
)
def test_search_gives_the_best_match_first(text: str, found: list[str]) -> None:
    assert slugs(text)[: len(found)] == found


@pytest.mark.parametrize(
    ("text", "vendor"),
    [("git", "digitalocean"), ("ircle", "circleci"), ("circle ci", "marketcircle")],
)
def test_a_text_inside_a_word_is_no_match(text: str, vendor: str) -> None:
    assert vendor not in slugs(text)


@pytest.mark.parametrize(
    ("text", "vendors"),
    [
        ("lambda", ("aws", "lambda-ai")),
        ("cloudfr", ("aws",)),
        ("dynamdb", ("aws",)),
        ("cloudwatch logs please", ("aws",)),
        ("mybucket.s3.amazonaws.com", ("aws",)),
        ("https://console.cloud.google.com/run", ("gcp",)),
        ("google gemini", ("ai-studio",)),
        ("atlassian jira", ("jira", "atlassian")),
        ("AMAZON S3", ("aws",)),
    ],
)
def test_a_product_finds_its_vendor(text: str, vendors: tuple[str, ...]) -> None:
    assert tuple(slugs(text)[: len(vendors)]) == vendors


@pytest.mark.parametrize("text", ["- " * 100_000, "a." * 100_000, "qwertyuiop " * 100_000])
def test_a_huge_text_means_nothing(text: str) -> None:
    assert slugs(text) == []


def cases() -> list[tuple[str, list[str]]]:
    """What people type, and the slugs that are right first; none for what means no vendor."""
    rows = Path(__file__).with_name("queries.txt").read_text("utf-8").splitlines()
    pairs = [row.split("\t") for row in rows if not row.startswith("#")]
    return [(text, [] if right == "-" else right.split("|")) for text, right in pairs]


def test_the_first_answer_is_right_for_what_people_type() -> None:
    found = [(text, right, slugs(text)[:3]) for text, right in cases()]
    wrong = [one for one in found if not (one[2][0] in one[1] if one[2] else not one[1])]
    assert len(cases()) >= 150
    assert len(wrong) <= len(cases()) * 0.02, wrong


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("vercle.com", "vercel"),
        ("https://www.githb.com/pricing", "github"),
        ("a.dicord.io", "discord"),
    ],
)
def test_a_misspelt_domain_finds_whose_name_it_nearly_has(text: str, slug: str) -> None:
    assert slugs(text) == [slug]


def test_no_typing_errors_are_looked_for_if_a_name_begins_so() -> None:
    assert slugs("vonage") == ["vonageapi", "vonage-contact-centre"]


@pytest.mark.parametrize(
    "text", ["", "  ", "--", "qwertyuiop", "no such vendor", "10.0.0.1", "a.b.qwertyuiop.example"]
)
def test_search_finds_nothing_where_nothing_is_like_it(text: str) -> None:
    assert slugs(text) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("githb", "github"),
        ("gihtub", "github"),
        ("permutve", "permutive"),
        ("pemrutive", "permutive"),
        ("slak", "slack"),
        ("strpie", "stripe"),
        ("xreo", "xero"),
        ("asw", "aws"),
        ("pagduty", "pagerduty"),
        ("cloudflair", "cloudflare"),
        ("data-dog", "datadog"),
        ("opneai", "openai"),
        ("salesfroce", "salesforce"),
        ("github.com", "github"),
        ("aws-us-east-1", "aws"),
        ("mongo", "mongodb-atlas"),
    ],
)
def test_the_closest_name_is_the_one_meant(typed: str, meant: str) -> None:
    assert closest(typed)[0] == meant


@pytest.mark.parametrize(
    "far", ["acme", "foobar", "internal-db", "my-company", "nosuchvendor", "qq", "zzz", ""]
)
def test_far_names_have_no_closest(far: str) -> None:
    assert closest(far) == []


def test_closest_gives_as_many_as_asked_for() -> None:
    assert closest("datadog-e", 1) == ["datadog-eu"]
    assert len(closest("datadog")) == 3
