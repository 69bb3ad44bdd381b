"""The page, name and platform of an entry."""

import pytest

from outlogger_cli.watchlist.pages import page_of, platform_of, shown_name, vendor_at
from outlogger_cli.watchlist.schema import Entry


@pytest.mark.parametrize(
    ("entry", "name", "page", "platform"),
    [
        (Entry(slug="GITHUB"), "GitHub", "https://www.githubstatus.com", "statuspage"),
        (Entry(slug="github", name="Ours"), "Ours", "https://www.githubstatus.com", "statuspage"),
        (
            Entry(slug="gh", url="https://www.githubstatus.com/"),
            "gh",
            "https://www.githubstatus.com",
            "statuspage",
        ),
        (
            Entry(slug="github", url="https://mirror.example", platform="instatus"),
            "github",
            "https://mirror.example",
            "instatus",
        ),
        (Entry(slug="nobody-knows"), "nobody-knows", None, None),
    ],
)
def test_what_an_entry_leaves_out_the_catalogue_fills_in(
    entry: Entry, name: str, page: str | None, platform: str | None
) -> None:
    assert (shown_name(entry), page_of(entry), platform_of(entry)) == (name, page, platform)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.githubstatus.com", "github"),
        ("https://www.githubstatus.com/", "github"),
        ("https://www.githubstatus.com/incidents/abc123", "github"),
        ("https://www.githubstatus.com/history.atom", "github"),
        ("https://www.githubstatus.com/team", None),
        ("https://github.com", None),
        ("http://www.githubstatus.com", None),
        ("https://www.githubstatus.com:8443", None),
        ("https://www.intercomstatus.com/us-hosting/history", "intercom-us-hosting"),
        ("https://status.nobody-knows.example", None),
    ],
)
def test_a_page_of_the_catalogue_is_known_by_its_own_address(url: str, slug: str | None) -> None:
    vendor = vendor_at(url)
    assert (vendor.slug if vendor else None) == slug
