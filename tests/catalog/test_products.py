"""Products and short names, and the vendors they mean."""

import pytest

from outlogger_cli.catalog import catalog, products
from outlogger_cli.catalog.products import Product


@pytest.mark.parametrize(
    ("name", "slug", "component"),
    [
        ("lambda", "aws", None),
        ("Lambda", "aws", None),
        (" aws lambda ", "aws", None),
        ("aws-lambda", "aws", None),
        ("amazon dynamodb", "aws", None),
        ("amazon s3", "aws", None),
        ("google bigquery", "gcp", None),
        ("vertex ai", "gcp", None),
        ("us-east-1", "aws", None),
        ("us-east1", "gcp", None),
        ("actions", "github", "Actions"),
        ("github actions", "github", "Actions"),
        ("ghcr", "github", "Packages"),
        ("r2", "cloudflare", "R2"),
        ("registry.npmjs.org", "npm", None),
        ("microsoft teams", "microsoft-365", None),
        ("ms intune", "microsoft-365", None),
        ("atlassian jira", "jira", None),
    ],
)
def test_a_product_has_its_vendor_and_component(
    name: str, slug: str, component: str | None
) -> None:
    found = products.find(name)
    assert found is not None
    assert (found.slug, found.component) == (slug, component)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "lambda,",
        "aws,Lambda",
        "\n",
        "azure lambda",
        "lambdas",
        "github",
        "useast1",
        "-",
        "aws-" * 50 + "lambda",
    ],
)
def test_nothing_else_is_a_product(name: str) -> None:
    assert products.find(name) is None


def test_every_product_is_found_by_its_alias() -> None:
    for line in products.lines():
        assert products.find(line.partition(",")[0]) == products.product(line)


def test_there_are_more_than_five_hundred_products() -> None:
    assert len({(one.slug, one.name) for one in map(products.product, products.lines())}) >= 500


def test_a_product_may_have_no_component() -> None:
    assert products.product("ab,aws,A B,") == Product(slug="aws", name="A B")


@pytest.mark.parametrize(
    ("name", "other"),
    [("gemini", "ai-studio"), (" Gemini ", "ai-studio"), ("lambda", "lambda-ai"), ("github", None)],
)
def test_a_shared_name_has_another_meaning(name: str, other: str | None) -> None:
    assert catalog.other_meaning(name) == other
