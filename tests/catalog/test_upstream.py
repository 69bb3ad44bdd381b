"""Which vendors the text of an incident names: by name, never by a part of another word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.upstream import LONGEST, UPSTREAMS, common, label, named_in, names
from outlogger_cli.domain.model import Incident, Update, Vendor
from outlogger_cli.domain.verdict import Judged
from tests.reports import acme, incident, update

NAMES = [(slug, name) for slug, own in UPSTREAMS.items() for name in own]


def vendor(slug: str = "acme", url: str = "https://status.acme.example") -> Vendor:
    return Vendor(slug=slug, url=url)


def named(text: str, slug: str = "acme", name: str = "Acme", **place: str) -> list[str]:
    return names(Incident(id="1", name=text), vendor(slug, **place), name)


@pytest.mark.parametrize("slug", UPSTREAMS)
def test_every_upstream_is_a_vendor_of_the_catalogue(slug: str) -> None:
    entry = catalog.find(slug)
    assert entry is not None
    assert entry.slug == slug


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Our provider AWS has errors", ["aws"]),
        ("(AWS)", ["aws"]),
        ("AWS's network, AWS-hosted", ["aws"]),
        ("GCP/AWS", ["gcp", "aws"]),
        ("-AWS: slow", ["aws"]),
        ("An outage.\nAWS is slow", ["aws"]),
        ("Amazon S3 is slow", ["aws"]),
        ("STRIPE IS DOWN", ["stripe"]),
        ("Cloudflare, then Stripe, then Cloudflare", ["cloudflare", "stripe"]),
        ("Twilio SendGrid delays mail", ["sendgrid"]),
        ("Azure DevOps is slow", ["azure-devops"]),
        ("Microsoft Azure DevOps is slow", ["azure-devops"]),
        ("Azure DevOps and Azure", ["azure-devops", "azure"]),
        ("Azurewave, then Azure", ["azure"]),
        ("Let's Encrypt issues no certificates", ["letsencrypt"]),
        ("see https://status.example/AWS and GitHub", ["github"]),
    ],
)
def test_a_name_counts_as_a_whole(text: str, slugs: list[str]) -> None:
    assert named_in(text) == slugs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Azurewave",
        "MyAWS",
        "AWS_ROLE",
        "AWSX",
        "non-AWS customers",
        "noc@Twilio.com",
        "status.AWS",
        "https://example.com/AWS/GitHub?from=Stripe",
        "the stripe of the magnetic card",
        "a snowflake schema, a plaid pattern, github",
        "Docker Hubs",
        "MongoDB replica",
        "Amazon orders are not imported",
        "S3 API errors",
        "us-east-1 is slow",
        "We rely on a Google service",
    ],
)
def test_other_words_do_not_count(text: str) -> None:
    assert named_in(text) == []


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Lambda errors in us-east-1", ["aws"]),
        ("EC2 in US-GOV-WEST-1", ["aws"]),
        ("GitHub and RDS in ap-southeast-2.", ["github", "aws"]),
        ("Lambdas in us-east-1", []),
        ("Lambda in us-east1", []),
        ("Lambda in my-us-east-1", []),
    ],
)
def test_a_region_counts_with_a_product_of_aws(text: str, slugs: list[str]) -> None:
    assert named_in(text) == slugs


@given(st.sampled_from(NAMES), st.text(), st.text())
def test_a_name_between_spaces_is_found_in_any_text(
    one: tuple[str, str], before: str, after: str
) -> None:
    slug, name = one
    assert slug in named_in(f"{before} {name} {after}")


@given(st.text(alphabet=st.sampled_from("aAwWsS -./:@_zurehttp\n"), max_size=60))
def test_what_is_found_is_a_word_of_the_text(text: str) -> None:
    words = re.findall(r"\w+", text)
    assert ("aws" in named_in(text)) <= ("AWS" in words)
    assert ("azure" in named_in(text)) <= ("Azure" in words or "AZURE" in words)


@given(st.sampled_from(NAMES), st.characters(categories=("L", "N")))
def test_a_name_that_goes_on_is_another_word(one: tuple[str, str], letter: str) -> None:
    assert one[0] not in named_in(f"{letter}{one[1].split()[-1]}{letter}")


def test_only_the_first_occurrences_of_a_word_are_looked_at() -> None:
    assert named_in("xAWS " * 19 + "AWS") == ["aws"]
    assert named_in("xAWS " * 1000 + "AWS") == []


def test_name_and_updates_are_read_up_to_a_limit() -> None:
    def told(*bodies: str) -> list[str]:
        updates = tuple(Update(body=body) for body in bodies)
        return names(Incident(id="1", name="Slow", updates=updates), vendor(), "Acme")

    assert told("We look.", "Cloudflare has told us.") == ["cloudflare"]
    assert told("x" * (LONGEST - 40) + " Cloudflare") == ["cloudflare"]
    assert told("x" * LONGEST + " Cloudflare") == []
    assert told("x" * LONGEST, "Cloudflare") == []


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("github", "GitHub Actions is slow"),
        ("github-actions", "GitHub Actions is slow"),
        ("aws", "Amazon EC2 in us-east-1"),
        ("amazon", "AWS"),
        ("datadog-us3", "Datadog"),
        ("mongodb-cloud", "MongoDB Atlas"),
    ],
)
def test_a_vendor_does_not_name_itself(slug: str, text: str) -> None:
    assert named_in(text)
    assert named(text, slug) == []


@pytest.mark.parametrize("slug", UPSTREAMS)
def test_no_upstream_names_itself_by_slug_alias_or_page(slug: str) -> None:
    entry = catalog.find(slug)
    assert entry is not None
    text = ", ".join(UPSTREAMS[slug])
    assert slug not in [one for own in entry.names for one in named(text, own)]
    assert slug not in named(text, "ours", url=f"{entry.url}/")


def test_a_page_under_a_name_of_ones_own_does_not_name_its_vendor() -> None:
    assert named("GitHub is slow", "code", "GitHub Enterprise") == []
    assert named("GitHub is slow on AWS", "code", "Code") == ["github", "aws"]


def on(slug: str, text: str, *, status: str = "investigating", body: str = "We look.") -> Judged:
    told = incident(text, status, resolved="2026-01-15 11:30", updates=[update(body)])
    return acme(slug=slug, name=slug, incidents=[told])


def test_a_cause_is_common_if_open_incidents_of_several_vendors_name_it() -> None:
    one, two = on("one", "AWS and Stripe"), on("two", "Slow", body="Amazon S3 is slow.")
    three, over = on("three", "Stripe, AWS"), on("over", "Twilio", status="resolved")
    assert common([one]) == []
    assert common([one, two]) == ["aws"]
    assert common([one, two, three, over, on("four", "Twilio")]) == ["aws", "stripe"]
    assert label("aws") == "AWS"


def test_two_incidents_of_one_vendor_are_not_a_common_cause() -> None:
    assert common([acme(incidents=[incident("AWS"), incident("AWS again")])]) == []
