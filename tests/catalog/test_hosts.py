"""The vendor of a host: by the table, the pages and the domains of the catalogue."""

import re

import pytest

from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.hosts import NO_VENDOR, owner_of, rows

LABEL = re.compile(r"[a-z0-9_-]*(?:\{region\}|\*)?[a-z0-9_-]*(?:\*)?")


@pytest.mark.parametrize(
    ("host", "slug", "entry", "product", "region"),
    [
        ("api.stripe.com", "stripe", "api.stripe.com", "API", None),
        (
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
            "aws",
            "*.dkr.ecr.*.amazonaws.com",
            "Elastic Container Registry",
            "eu-west-1",
        ),
        ("s3.us-east-1.amazonaws.com", "aws", "s3.*.amazonaws.com", "S3", "us-east-1"),
        ("bucket.s3.amazonaws.com", "aws", "*.s3.amazonaws.com", "S3", None),
        ("a.b.s3.ap-southeast-2.amazonaws.com", "aws", "*.s3.*.amazonaws.com", "S3", "*"),
        ("newservice.amazonaws.com", "aws", "*.amazonaws.com", None, None),
        ("db.x1.eu-west-1.rds.amazonaws.com", "aws", "*.*.rds.amazonaws.com", "RDS", "*"),
        ("us-docker.pkg.dev", "gcp", "*-docker.pkg.dev", "Artifact Registry", "us"),
        (
            "us-central1-acme.cloudfunctions.net",
            "gcp",
            "*-*.cloudfunctions.net",
            "Cloud Functions",
            "us-central1",
        ),
        ("acme.blob.core.windows.net", "azure", "*.blob.core.windows.net", "Blob Storage", None),
        ("o1.ingest.us.sentry.io", "sentry", "*.ingest.*.sentry.io", "Ingest", "us"),
        ("api.eu.mailgun.net", "mailgun", "api.eu.mailgun.net", None, "EU"),
        ("abc.m.pipedream.net", "pipedream", "*.m.pipedream.net", None, None),
        ("API.GitHub.com.", "github", "api.github.com", "REST API", None),
        ("www.githubstatus.com", "github", "www.githubstatus.com", None, None),
        ("permutive.com", "permutive", "permutive.com", None, None),
        ("go.xero.com", "xero", "*.xero.com", None, None),
    ],
)
def test_a_host_has_its_vendor_product_and_region(
    host: str, slug: str, entry: str, product: str | None, region: str | None
) -> None:
    match = owner_of(host)
    assert match
    assert (match.slug, match.entry, match.product) == (slug, entry, product)
    assert match.region == region or (region == "*" and match.region)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "localhost",
        "com",
        "xapi.stripe.community",
        "api.stripe.com.evil.example",
        "m.pipedream.net.evil.example",
        "fonts.googleapis.com",
        "a." * 200 + "stripe.com",
        "a" * 64 + "." * 100,
        "api stripe com",
        "api.stripe.com:443",
    ],
)
def test_other_hosts_have_none(host: str) -> None:
    assert owner_of(host) is None


def test_a_wildcard_does_not_include_its_own_domain() -> None:
    assert owner_of("cloudfront.net") is None
    assert owner_of("d1.cloudfront.net")


def test_a_domain_that_people_visit_says_so() -> None:
    visited = {host: owner_of(host) for host in ("github.com", "docs.github.com", "api.github.com")}
    assert [match and match.visited for match in visited.values()] == [True, True, False]
    assert [match and match.below for match in visited.values()] == [(), ("docs",), ()]


def test_a_region_is_a_word_and_never_an_account() -> None:
    match = owner_of("sqs.x7hq2k9.amazonaws.com")
    assert match
    assert (match.entry, match.region) == ("*.amazonaws.com", None)


def test_every_row_is_valid_and_names_a_known_vendor() -> None:
    table = [*rows()]
    known = {entry.slug for entry in catalog.entries()} | {NO_VENDOR}
    assert [row for row in table if row[1] not in known] == []
    assert {use for *_, use in table} == {"api", "site"}
    assert [row for row in table if "{region}" in row[0] and row[3]] == []
    labels = {label for row in table for label in row[0].removeprefix("*.").split(".")}
    assert [label for label in labels if not LABEL.fullmatch(label)] == []


def test_the_table_is_broad_and_without_duplicates() -> None:
    hosts = [row[0] for row in rows()]
    assert len(hosts) == len(set(hosts)) >= 400
    assert len({row[1] for row in rows()}) >= 200
