"""Names to vendors: what somebody typed, the watchlist, the catalogue, and what wins."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from outlogger_cli.domain.errors import ConfigError, UsageError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown, Policy, Selection, Vendor
from outlogger_cli.system.paths import Located
from outlogger_cli.watchlist import resolve, schema
from outlogger_cli.watchlist.resolve import Overrides

HERE = Path("outlogger.toml")
OWN = Located(path=HERE, own=True)
FOUND = Located(path=HERE, own=False)

GITHUB = Vendor(
    slug="github", name="GitHub", url="https://www.githubstatus.com", platform="statuspage"
)
OPENAI = Vendor(
    slug="openai", name="OpenAI", url="https://status.openai.com", platform="incidentio"
)
ACME = Vendor(slug="acme", name="Acme", url="https://status.acme.example/eu", platform="instatus")
ACME_TOML = """
[vendors.acme]
name = "Acme"
url = "https://status.acme.example/eu"
platform = "instatus"
"""


def vendors(
    *names: str,
    toml: str | None = None,
    tags: Sequence[str] = (),
    located: Located = OWN,
    environ: dict[str, str] | None = None,
    overrides: Overrides | None = None,
) -> tuple[Vendor, ...]:
    """What `names` mean where the watchlist says `toml`; None for no watchlist."""
    return resolve.vendors(
        names,
        tags=tags,
        overrides=overrides or Overrides(),
        watchlist=None if toml is None else schema.parse(f"version = 1\n{toml}", HERE),
        located=located,
        environ=environ or {},
    )


def refusal(
    *names: str,
    toml: str | None = None,
    tags: Sequence[str] = (),
    overrides: Overrides | None = None,
) -> str:
    with pytest.raises(UsageError) as caught:
        vendors(*names, toml=toml, tags=tags, overrides=overrides)
    return str(caught.value)


def test_a_slug_is_the_catalogues() -> None:
    assert vendors("github") == (GITHUB,)


@pytest.mark.parametrize("name", ["openai", "OpenAI", " openai ", "chatgpt", "Open-AI"])
def test_a_slug_or_an_alias_in_any_case_means_the_vendor(name: str) -> None:
    assert vendors(name) == (OPENAI,)


@pytest.mark.parametrize("name", ["acme", "ACME", " Acme "])
def test_a_vendor_of_the_watchlist_is_found_by_slug_and_name(name: str) -> None:
    assert vendors(name, toml=ACME_TOML) == (ACME,)


def test_the_order_is_that_of_the_request_and_each_vendor_comes_once() -> None:
    assert vendors("openai", "github", "chatgpt", "OPENAI") == (OPENAI, GITHUB)


def test_without_names_it_is_the_whole_watchlist_in_its_order() -> None:
    assert vendors(toml=f"[vendors.openai]\n{ACME_TOML}\n[vendors.github]") == (
        OPENAI,
        ACME,
        GITHUB,
    )


def test_with_names_the_rest_of_the_watchlist_is_left_out() -> None:
    assert vendors("openai", toml=f"{ACME_TOML}\n[vendors.github]") == (OPENAI,)


def test_an_alias_finds_the_watchlists_entry() -> None:
    (found,) = vendors("chatgpt", toml='[vendors.openai]\nname = "Our AI"\ntags = ["ci"]')
    assert (found.slug, found.name, found.tags) == ("openai", "Our AI", ("ci",))


def test_an_alias_may_stand_in_the_watchlist() -> None:
    (found,) = vendors(toml="[vendors.chatgpt]")
    assert (found.slug, found.name, found.url) == ("chatgpt", "OpenAI", "https://status.openai.com")


def test_with_an_address_the_watchlist_wins_over_the_catalogue() -> None:
    (found,) = vendors("github", toml='[vendors.github]\nurl = "https://status.ghes.example"')
    assert found == Vendor(slug="github", url="https://status.ghes.example")


def test_the_slug_as_typed_wins_over_what_it_is_an_alias_of_and_over_names() -> None:
    toml = """
    [vendors.openai]
    name = "acme"
    [vendors.chatgpt]
    url = "https://status.chat.example"
    [vendors.acme]
    url = "https://status.acme.example"
    """
    assert vendors("chatgpt", toml=toml)[0].url == "https://status.chat.example"
    assert vendors("open-ai", toml=toml)[0].url == "https://status.openai.com"
    assert vendors("acme", toml=toml)[0].url == "https://status.acme.example"


def test_a_name_of_the_watchlist_wins_over_the_catalogues_slug() -> None:
    toml = '[vendors.ghes]\nname = "GitHub"\nurl = "https://status.ghes.example"'
    assert vendors("github", toml=toml)[0].slug == "ghes"


@pytest.mark.parametrize("name", ["openai", "OpenAI", "chatgpt", "Our AI"])
def test_an_entry_under_another_slug_is_found_by_the_name_that_is_shown(name: str) -> None:
    own_name = 'name = "Our AI"\n' if name == "Our AI" else ""
    (found,) = vendors(name, toml=f'[vendors.chatgpt]\n{own_name}tags = ["ci"]')
    assert (found.slug, found.tags) == ("chatgpt", ("ci",))


def test_the_name_the_catalogue_shows_means_its_vendor() -> None:
    (found,) = vendors("amazon web services")
    assert (found.slug, found.name) == ("aws", "Amazon Web Services")
    (listed,) = vendors("Amazon Web Services", toml="[vendors.aws]\ntags = ['ci']")
    assert listed.tags == ("ci",)


def test_of_two_of_one_name_the_first_is_meant() -> None:
    toml = '[vendors.github]\nname = "Ours"\n[vendors.openai]\nname = "ours"'
    assert vendors("Ours", toml=toml)[0].slug == "github"


def test_a_platform_of_the_watchlist_wins_over_the_catalogues() -> None:
    (found,) = vendors("github", toml='[vendors.github]\nplatform = "incidentio"')
    assert found.platform == "incidentio"


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("https://status.acme.example", "status.acme.example"),
        ("https://Status.Acme.example/eu/", "status.acme.example"),
        ("http://127.0.0.1:8000/team", "127.0.0.1"),
        ("https://[::1]:8000", "::1"),
    ],
)
def test_an_address_is_a_vendor_whose_slug_is_its_host(address: str, slug: str) -> None:
    assert vendors(address) == (Vendor(slug=slug, url=address),)


def test_the_platform_of_an_address_the_catalogue_knows_is_known() -> None:
    assert vendors("https://www.githubstatus.com") == (
        Vendor(
            slug="www.githubstatus.com", url="https://www.githubstatus.com", platform="statuspage"
        ),
    )


def test_two_pages_of_one_host_are_two_vendors() -> None:
    found = vendors("https://status.acme.example/eu", "https://status.acme.example/us")
    assert [vendor.url for vendor in found] == [
        "https://status.acme.example/eu",
        "https://status.acme.example/us",
    ]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ftp://acme.example", "ftp://acme.example"),
        ("https://", "https://"),
        ("https:///path", "https:///path"),
        ("https://acme.example:0", "https://acme.example:0"),
        ("https://acme.example:x", "https://acme.example:x"),
        ("https://[acme", "https://[acme"),
        ("https://acme.example/a b", "https://acme.example/a b"),
        ("https://acme\x1b[2J.example", "https://acme.example"),
        ("https://acme\u202e.example", "https://acme.example"),
        ("javascript://alert(1)", "javascript://alert(1)"),
    ],
)
def test_an_address_that_is_none_is_refused(address: str, shown: str) -> None:
    assert refusal(address) == f"'{shown}' is not a valid page URL: write https://HOST/PATH"


def test_a_password_in_an_address_is_not_repeated() -> None:
    said = "a page URL must not contain a user name or password: write https://HOST/PATH"
    assert refusal("https://bob:hunter2@acme.example") == said


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("permutiv", "unknown vendor 'permutiv': did you mean permutive"),
        ("githbu", "unknown vendor 'githbu': did you mean github"),
        ("acne", "unknown vendor 'acne': did you mean acme"),
    ],
)
def test_a_name_nobody_knows_is_refused_with_the_closest_slugs(name: str, beginning: str) -> None:
    said = refusal("openai", name, toml=ACME_TOML)
    assert said.startswith(beginning)
    assert said.endswith("?")
    assert said.count(" or ") <= 2


def test_no_more_than_three_slugs_are_meant() -> None:
    toml = "".join(
        f'[vendors.xqzv-{place}]\nurl = "https://{place}.acme.example"\n' for place in "abcd"
    )
    assert refusal("xqzv-z", toml=toml) == (
        "unknown vendor 'xqzv-z': did you mean xqzv-d or xqzv-c or xqzv-b?"
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [("xqzzyvw-kjhgf", "xqzzyvw-kjhgf"), ("", ""), ("  ", ""), ("xqz\x1b[2J\nzyvw", "xqz zyvw")],
)
def test_a_name_that_is_near_nothing_is_refused_with_a_way_on(name: str, shown: str) -> None:
    assert refusal(name, toml="[vendors.github]") == (
        f"unknown vendor '{shown}': try outlogger vendors search TEXT, or the page's https:// URL"
    )


def test_without_any_watchlist_it_says_where_it_looked() -> None:
    assert refusal() == (
        "no vendor to read: no name given, and neither outlogger.toml in this folder or"
        " a parent nor outlogger.toml exists; give a name, or add one: outlogger watchlist add"
        " NAME"
    )


def test_an_empty_watchlist_says_where_it_looked() -> None:
    assert refusal(toml="") == (
        "no vendor to read: no name given, and outlogger.toml is empty; give a name, or add"
        " one: outlogger watchlist add NAME"
    )


TAGGED = """
[vendors.github]
tags = ["ci", "work"]
[vendors.openai]
tags = ["ai"]
[vendors.stripe]
tags = ["ci,pay"]
[vendors.slack]
"""


@pytest.mark.parametrize(
    ("names", "tags", "expected"),
    [
        ([], ["ci"], ["github"]),
        ([], ["ai", "work"], ["github", "openai"]),
        ([], ["ai, work"], ["github", "openai"]),
        ([], ["ci,pay"], ["stripe"]),
        (["openai", "github"], ["ai", "ci"], ["openai", "github"]),
        (["openai", "github"], ["ci"], ["github"]),
    ],
)
def test_a_tag_narrows_to_those_that_have_one(
    names: list[str], tags: list[str], expected: list[str]
) -> None:
    assert [vendor.slug for vendor in vendors(*names, toml=TAGGED, tags=tags)] == expected


def test_a_tag_nobody_has_is_refused_with_those_in_use() -> None:
    assert refusal(toml=TAGGED, tags=["prod,x\x1b[2J"]) == (
        "unknown tag 'prod' or 'x' in outlogger.toml; tags in use: ai, ci, ci,pay, work; to set"
        " one: outlogger watchlist add NAME --tag TAG"
    )


def test_a_misspelt_tag_is_refused_beside_one_that_somebody_has() -> None:
    said = (
        "unknown tag 'wrok' in outlogger.toml; tags in use: ai, ci, ci,pay, work; to set one:"
        " outlogger watchlist add NAME --tag TAG"
    )
    assert refusal(toml=TAGGED, tags=["ci", "wrok"]) == said
    assert refusal("github", toml=TAGGED, tags=["ci", "wrok"]) == said


def test_a_tag_that_only_others_have_is_refused_for_those_that_are_named() -> None:
    assert refusal("slack", "openai", toml=TAGGED, tags=["ci", "work"]) == (
        "none of the given vendors has the tag ci or work in outlogger.toml; omit the names,"
        " or set one: outlogger watchlist add NAME --tag TAG"
    )


def test_where_nobody_has_a_tag_it_says_so() -> None:
    assert refusal(toml="[vendors.github]", tags=["ci"]) == (
        "unknown tag 'ci' in outlogger.toml; no tags in use; to set one: outlogger"
        " watchlist add NAME --tag TAG"
    )


SELECTED = '[vendors.github]\ncomponents = ["Actions", "Pages"]\nexclude = ["Copilot"]'


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        (Overrides(), Selection(include=("Actions", "Pages"), exclude=("Copilot",))),
        (Overrides(components=("API",)), Selection(include=("API",))),
        (Overrides(exclude=("API",)), Selection(exclude=("API",))),
        (
            Overrides(components=("A*",), exclude=("API",)),
            Selection(include=("A*",), exclude=("API",)),
        ),
    ],
)
def test_a_selection_on_the_command_line_replaces_the_watchlists(
    overrides: Overrides, expected: Selection
) -> None:
    (found,) = vendors(toml=SELECTED, overrides=overrides)
    assert found.selection == expected


@pytest.mark.parametrize(
    "overrides", [Overrides(components=("API", " ")), Overrides(exclude=("",))]
)
def test_a_selection_of_nothing_is_refused(overrides: Overrides) -> None:
    said = "--component and --exclude must not be empty: use a name, id, group or glob"
    assert refusal("github", overrides=overrides) == said


@pytest.mark.parametrize("overrides", [Overrides(components=("API",)), Overrides(exclude=("API",))])
def test_a_selection_for_several_vendors_points_at_the_watchlist(overrides: Overrides) -> None:
    said = (
        "--component and --exclude need exactly one vendor; for several, set components in"
        " the watchlist (outlogger watchlist add NAME -c PATTERN)"
    )
    assert refusal("github", "openai", overrides=overrides) == said
    assert refusal(toml=TAGGED, overrides=overrides) == said


def test_one_vendor_named_twice_is_one_vendor() -> None:
    (found,) = vendors("github", "GitHub", overrides=Overrides(components=("Actions",)))
    assert found.selection == Selection(include=("Actions",))


def test_a_selection_may_be_for_the_one_vendor_of_a_tag() -> None:
    (found,) = vendors(toml=TAGGED, tags=["ci"], overrides=Overrides(components=("Actions",)))
    assert (found.slug, found.selection.include) == ("github", ("Actions",))


VENDOR_POLICY = """
[vendors.github]
fail_on = "major"
on_unknown = "warn"
count_incidents = "all"
timeout = "7s"
"""
DEFAULTS = """
[defaults]
fail_on = "critical"
on_unknown = "ignore"
count_incidents = "none"
timeout = "3s"
"""
OPTIONS = Overrides(
    fail_on=FailOn.NEVER,
    on_unknown=OnUnknown.FAIL,
    count_incidents=CountIncidents.AUTO,
    timeout=timedelta(seconds=1),
)


@pytest.mark.parametrize(
    ("toml", "overrides", "policy", "seconds"),
    [
        ("[vendors.github]", None, ("minor", "fail", "auto"), None),
        (DEFAULTS + "[vendors.github]", None, ("critical", "ignore", "none"), 3),
        (DEFAULTS + VENDOR_POLICY, None, ("major", "warn", "all"), 7),
        (DEFAULTS + VENDOR_POLICY, OPTIONS, ("never", "fail", "auto"), 1),
        (DEFAULTS, None, ("critical", "ignore", "none"), 3),
    ],
)
def test_the_option_wins_over_the_vendors_table_over_the_defaults_over_what_is_built_in(
    toml: str, overrides: Overrides | None, policy: tuple[str, str, str], seconds: int | None
) -> None:
    (found,) = vendors("github", toml=toml, overrides=overrides)
    assert found.policy == Policy(
        fail_on=FailOn(policy[0]),
        on_unknown=OnUnknown(policy[1]),
        count_incidents=CountIncidents(policy[2]),
    )
    assert found.timeout == (None if seconds is None else timedelta(seconds=seconds))


SECRET = """
[vendors.acme]
url = "https://status.acme.example"
headers = { Authorization = "OAuth ${ACME_KEY}", X-Team = "web" }
"""


def test_headers_of_the_users_own_watchlist_are_filled_in_and_never_shown() -> None:
    (found,) = vendors("acme", toml=SECRET, environ={"ACME_KEY": "s3cret"})
    assert found.headers == (("Authorization", "OAuth s3cret"), ("X-Team", "web"))
    assert "s3cret" not in repr(found)


def test_headers_of_a_watchlist_that_merely_lies_there_are_not_sent() -> None:
    (found,) = vendors("acme", toml=SECRET, located=FOUND, environ={"ACME_KEY": "s3cret"})
    assert found.headers == ()


def test_a_secret_that_is_not_set_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError) as caught:
        vendors("acme", toml=SECRET)
    assert str(caught.value) == (
        "outlogger.toml: [vendors.acme] headers: the environment variable ACME_KEY is not set"
    )


def test_a_vendor_alone_comes_without_its_secrets() -> None:
    known = schema.parse(SECRET, HERE)
    found = resolve.one("ACME", known, OWN)
    assert (found.slug, found.url, found.headers) == ("acme", "https://status.acme.example", ())
    with pytest.raises(UsageError, match="unknown vendor 'acne': did you mean acme"):
        resolve.one("acne", known, OWN)


def test_a_secret_of_a_vendor_nobody_asked_about_need_not_be_set() -> None:
    assert vendors("github", toml=SECRET) == (GITHUB,)


def test_a_vendor_without_address_that_the_catalogue_does_not_have_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        vendors(toml="[vendors.permutiv]")
    assert str(caught.value).startswith(
        "outlogger.toml: [vendors.permutiv] is not in the catalogue and has no url: did you mean"
        " permutive"
    )


def test_all_vendors_without_an_address_are_refused_at_once() -> None:
    rows = "".join(f"[vendors.none-{number}]\n" for number in range(200))
    with pytest.raises(ConfigError) as caught:
        vendors(toml=rows)
    assert caught.value.args[:2] == (
        "outlogger.toml: [vendors.none-0] is not in the catalogue and has no url",
        "outlogger.toml: [vendors.none-1] is not in the catalogue and has no url",
    )
    assert caught.value.args[resolve.NAME_ERRORS :] == ("there may be more errors",)


def test_an_invalid_list_is_refused_with_its_vendors_without_an_address(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text("[vendors.none-0]\n[vendors.github]\ntags = 5\n[vendors.none-1]\n")
    with pytest.raises(ConfigError) as caught:
        resolve.load(path)
    assert [error.removeprefix(f"{path}:")[:22] for error in caught.value.args] == [
        "1: [vendors.none-0] is",
        "3: [vendors.github] ta",
        "4: [vendors.none-1] is",
    ]


def test_a_valid_list_is_loaded_with_its_vendors_without_an_address(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text("[vendors.none-0]\n[vendors.github]\n")
    assert [entry.slug for entry in resolve.load(path).vendors] == ["none-0", "github"]


ACTIONS = replace(GITHUB, selection=Selection(include=("Actions",)))


def test_a_product_means_its_vendor_with_the_component_that_stands_for_it() -> None:
    assert vendors("gh actions") == (ACTIONS,)
    (aws,) = vendors("lambda")
    assert (aws.slug, aws.selection) == ("aws", Selection())


def test_products_of_one_vendor_are_read_together() -> None:
    (github,) = vendors("actions", "ghcr", "codespaces", "actions")
    assert github.selection.include == ("Actions", "Packages", "Codespaces")


@pytest.mark.parametrize(
    "names", [("actions", "github"), ("github", "actions"), ("actions", "gist")]
)
def test_a_vendor_that_is_named_whole_is_not_narrowed(names: tuple[str, str]) -> None:
    assert vendors(*names) == (GITHUB,)


def test_a_product_keeps_the_settings_of_the_watchlist_but_its_selection() -> None:
    toml = '[vendors.github]\nname = "Code"\nexclude = ["Pages"]\nfail_on = "major"'
    (github,) = vendors("actions", toml=toml)
    assert (github.name, github.policy.fail_on) == ("Code", FailOn.MAJOR)
    assert github.selection == Selection(include=("Actions",))


def test_a_page_of_ones_own_is_not_narrowed_to_a_component_of_the_catalogues() -> None:
    (github,) = vendors("actions", toml='[vendors.github]\nurl = "https://status.acme.example"')
    assert github.selection == Selection()


def test_a_name_of_the_watchlist_wins_over_a_product() -> None:
    (acme,) = vendors("lambda", toml=ACME_TOML.replace("vendors.acme", "vendors.lambda"))
    assert acme.url == ACME.url


def test_a_selection_on_the_command_line_replaces_the_products() -> None:
    (github,) = vendors("actions", overrides=Overrides(components=("Pages",)))
    assert github.selection == Selection(include=("Pages",))


def test_a_product_is_not_enough_where_a_whole_vendor_is_meant() -> None:
    with pytest.raises(UsageError, match="did you mean github"):
        resolve.one("actions", None, OWN)


def test_a_product_adds_its_vendor_to_the_watchlist() -> None:
    known = schema.parse("version = 1", HERE)
    assert resolve.to_add("actions", known).slug == "github"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("github", []),
        ("https://status.acme.example", []),
        ("actions", ["actions: read as github: Actions (component Actions)"]),
        (
            "lambda",
            [
                "lambda: read as aws: Lambda (whole page);"
                " for lambda-ai: Lambda (AI cloud) type lambda-ai"
            ],
        ),
        (
            "Gemini",
            [
                "Gemini: read as gemini: Gemini (crypto exchange);"
                " for ai-studio: Google AI Studio (Gemini API) type ai-studio"
            ],
        ),
        (
            "vertex",
            ["vertex: read as vertex: Vertex; for gcp: Vertex AI type vertex-ai"],
        ),
    ],
)
def test_how_a_name_was_understood_is_said_if_it_could_mean_something_else(
    name: str, said: list[str]
) -> None:
    assert [*resolve.readings([name], None, OWN)] == said


def test_a_name_of_the_watchlist_needs_no_explanation() -> None:
    known = schema.parse('version = 1\n[vendors.gemini]\nurl = "https://status.acme.example"', HERE)
    assert [*resolve.readings(["gemini"], known, OWN)] == []
