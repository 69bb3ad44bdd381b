"""Vendors found by something like their name, domain or page."""

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


def test_search_finds_a_part_of_a_name_last() -> None:
    assert slugs("ermutiv") == ["permutive"]
    assert slugs("circle ci")[-1] == "marketcircle"


@pytest.mark.parametrize("text", ["", "  ", "--", "qwertyuiop", "no such vendor"])
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
    assert closest("datadog-e", 1) == ["datadog"]
    assert len(closest("datadog")) == 3
