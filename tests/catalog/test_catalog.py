"""The catalogue: what its lines hold, and how a vendor is found by name or address."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from outlogger_cli import platforms
from outlogger_cli.catalog import catalog, products
from outlogger_cli.catalog.catalog import Entry
from tests.tools import check_catalog
from tests.tools.check_catalog import COLUMNS, faults, product_faults, shared_faults

HEADER = ",".join(COLUMNS)
ACME = "acme,Acme,https://status.acme.example,statuspage,known,cloud,acme-cloud;acmeio,acme.example"
ZETA = "zeta,Zeta,https://zeta.example/status,,guess,other,,"


def faults_of(*lines: str) -> list[str]:
    return faults("\n".join((HEADER, *lines)) + "\n")


def test_the_catalogue_has_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_catalog.main() == 0
    assert capsys.readouterr().out == f"{len([*catalog.entries()])} vendors, no faults\n"


def test_it_has_more_than_three_thousand_vendors_and_knows_half_of_the_platforms() -> None:
    entries = [*catalog.entries()]
    assert len(entries) >= 3150
    assert sum(entry.known for entry in entries) >= len(entries) / 2


@pytest.mark.parametrize(
    ("owner", "product"),
    [
        ("workday", "peakon"),
        ("servicenow", "servicenow-cloud-observability"),
        ("vonage", "vonage-contact-centre"),
        ("fortinet", "fortideceptor-daas"),
        ("worldline", "bambora"),
        ("optum", "change-healthcare"),
        ("alteryx", "trifacta"),
        ("ukg", "peopledoc"),
        ("wolterskluwer", "basecone"),
        ("softwareag", "cumulocity"),
        ("worldpay", "access-worldpay"),
        ("runway", "runway-team"),
        ("nvidia", "nvidia-geforce-now"),
        ("cisco", "cisco-secure-access"),
        ("sendbird", "sendbird-canada"),
        ("microsoft", "microsoft-advertising"),
        ("workday.com", "peakon"),
    ],
)
def test_a_company_is_not_one_of_its_products(owner: str, product: str) -> None:
    assert catalog.find(product) is not None
    found = catalog.by_url(owner) if "." in owner else catalog.by_name(owner)
    assert found is None or found.slug != product


@pytest.mark.parametrize(
    ("old", "slug"),
    [("redislabs", "redis"), ("grafanalabs", "grafana"), ("elastic-cloud", "elastic")],
)
def test_the_old_slug_of_a_merged_vendor_still_finds_it(old: str, slug: str) -> None:
    entry = catalog.find(old)
    assert entry is not None
    assert entry.slug == slug


def test_the_exchange_is_no_vendor_of_ai_and_says_what_it_is() -> None:
    entry = catalog.find("gemini")
    assert entry is not None
    assert (entry.category, entry.name) == ("finance-payments", "Gemini (crypto exchange)")


def test_an_entry_has_every_fact_of_its_line() -> None:
    assert catalog.find("permutive") == Entry(
        slug="permutive",
        name="Permutive",
        url="https://status.permutive.com",
        platform="statuspage",
        category="crm-marketing",
        aliases=(),
        homepage="permutive.com",
        known=True,
    )


def test_what_is_not_known_of_a_vendor_is_none() -> None:
    assert catalog.find("20i") == Entry(
        slug="20i",
        name="20i",
        url="https://stackstatus.com",
        platform=None,
        category="hosting",
    )


@pytest.mark.parametrize("name", ["xero", "XERO", " Xero ", "xero-api"])
def test_a_vendor_is_found_by_slug_or_alias_whatever_the_case(name: str) -> None:
    entry = catalog.find(name)
    assert entry is not None
    assert (entry.slug, entry.names) == ("xero", ("xero", "xero-api"))


@pytest.mark.parametrize("name", ["", "slug", "status", "perm", "permutive,", "Google Cloud"])
def test_nothing_else_is_a_name(name: str) -> None:
    assert catalog.find(name) is None


def test_every_name_finds_its_vendor() -> None:
    for entry in catalog.entries():
        assert [catalog.find(name) for name in entry.names] == [entry] * len(entry.names)


def test_entries_stand_in_order() -> None:
    listed = [entry.slug for entry in catalog.entries()]
    assert listed == sorted(set(listed))


def test_finding_a_name_loads_no_reader_of_formats() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(catalog.__file__).parents[2])!r});"
        "from outlogger_cli.catalog import catalog; catalog.find('github');"
        "print({'csv', 'json', 'difflib', 'httpx'} & set(sys.modules))"
    )
    command = [sys.executable, "-S", "-c", code]  # without what others start in every Python
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_finding_a_name_makes_no_entry_but_that_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(line: str) -> Entry:
        made.append(line)
        return entry_of(line)

    entry_of = catalog.entry
    monkeypatch.setattr(catalog, "entry", counted)
    assert (catalog.find("github"), catalog.find("no-such-vendor")) != (None, None)
    assert len(made) == 1


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Amazon Web Services", "aws"),
        ("amazon web services", "aws"),
        ("amazon web", None),
        ("", None),
    ],
)
def test_a_vendor_is_found_by_the_name_that_is_shown(name: str, slug: str | None) -> None:
    entry = catalog.by_display_name(name)
    assert (entry.slug if entry else None) == slug


def test_of_two_vendors_that_are_shown_alike_none_is_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    again = ZETA.replace("zeta,", "zeta-eu,", 1)
    monkeypatch.setattr(catalog, "lines", lambda: [ACME, ZETA, again])
    assert catalog.by_display_name("zeta") is None
    assert catalog.by_display_name("acme") == catalog.entry(ACME)


def test_no_two_vendors_are_shown_alike() -> None:
    names = Counter(entry.name.casefold() for entry in catalog.entries())
    assert [name for name, vendors in names.items() if vendors > 1] == []


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://status.permutive.com", "permutive"),
        ("https://STATUS.permutive.com:443/history?page=2", "permutive"),
        ("status.permutive.com", "permutive"),
        ("https://status.miro.com", "miro"),
        ("https://status.miro.com/eu/api/v2/summary.json", "miro-eu"),
        ("https://status.miro.com/europe", "miro"),
        ("https://permutive.com", "permutive"),
        ("https://www.github.com/acme", "github"),
        ("https://atlassian.com", "atlassian"),
    ],
)
def test_an_address_finds_the_page_it_is_on_or_the_owner_of_the_domain(url: str, slug: str) -> None:
    entry = catalog.by_url(url)
    assert entry is not None
    assert entry.slug == slug


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/search",  # the page is below /appsstatus
        "https://stats.uptimerobot.com/somebody",
        "https://permutive.com.evil.example",
        "https://docs.permutive.com",
        "https://admin.atlassian.com",  # two vendors, none named like it
        "https://-",
        "https://[",
        "",
    ],
)
def test_an_address_of_nobody_finds_nothing(url: str) -> None:
    assert catalog.by_url(url) is None


def test_a_sound_catalogue_has_no_faults() -> None:
    assert faults_of(ACME, ZETA) == []


def test_what_cannot_be_read_is_no_platform_of_the_shelf() -> None:
    assert set(check_catalog.NO_READER).isdisjoint(platforms.BUILT_IN)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("acme,Acme, Inc,https://a.example,,guess,other,,", "9 fields where 8 belong"),
        ("", "1 fields where 8 belong"),
        (ACME.replace("Acme,", '"Acme",'), "has a quote"),
        (ACME.replace("Acme,", "Acme\x1b[0m,"), "a control character"),
        (ACME.replace("Acme,", " Acme,"), "a space at an end"),
        (ACME.replace("Acme,", ","), "the name is empty"),
        (ACME.replace("acme,Acme", "Acme,Acme"), "'Acme' is not a valid slug"),
        (ACME.replace("acme,Acme", "ac/me,Acme"), "'ac/me' is not a valid slug"),
        (ACME.replace("acmeio", "ac me"), "'ac me' is not a valid slug"),
        (ACME.replace(";acmeio", ";"), "'' is not a valid slug"),
        (ACME.replace("acmeio", "acme"), "'acme' stands already on line 2"),
        (ACME.replace("https:", "http:"), "does not begin with https://"),
        (ACME.replace("status.acme", "me:pw@status.acme"), "needs a plain host"),
        (ACME.replace("https://status.acme.example", "https://["), "is not an address"),
        (ACME.replace("acme.example,s", "acme.example/,s"), "without slash, query or fragment"),
        (ACME.replace("statuspage", "statuspages"), "platform 'statuspages' is not one of"),
        (ACME.replace("known", "sure"), "evidence 'sure' is not one of: known, guess"),
        (ACME.replace("cloud,", "clouds,"), "category 'clouds' is not one of"),
        (ACME.replace(",acme.example", ",https://acme.example"), "is not a domain"),
    ],
)
def test_a_fault_is_named_with_its_line(line: str, fault: str) -> None:
    (told,) = faults_of(line, ZETA)
    assert told.startswith("line 2: ")
    assert fault in told


def test_lines_out_of_order_and_names_used_twice_are_faults() -> None:
    again = "beta,Beta,https://status.acme.example,,guess,other,ACMEIO,"
    assert faults_of(ZETA, ACME, again)[:2] == [
        "line 3: 'acme' stands after 'zeta'; lines are sorted by slug",
        "line 4: 'ACMEIO' is not a valid slug: small letters, digits, dot, dash and underscore",
    ]
    assert faults_of(ZETA, ACME, again)[2:] == [
        "line 4: 'ACMEIO' stands already on line 3",
        "line 4: 'https://status.acme.example' stands already on line 3",
    ]


def test_another_header_is_the_only_fault_told() -> None:
    assert faults("name,slug\n" + ACME) == [f"line 1: the header must be {HEADER}"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ec-2,aws,EC2", "4 plain fields belong here"),
        ("ec+2,aws,EC2,", "'ec+2' may hold small letters"),
        ("ec-2,aws,,", "the name is empty"),
        ("ec-2,amazon,EC2,", "'amazon' is not a slug of the catalogue"),
        ("ec-2,nobody,EC2,", "'nobody' is not a slug of the catalogue"),
        ("github,aws,EC2,", "'github' is a name of github, which is found first"),
        ("aa,aws,EC2,", "'aa' stands after 'ab'"),
    ],
)
def test_a_fault_of_a_product_is_named_with_its_line(line: str, fault: str) -> None:
    (told,) = product_faults(f"alias,slug,name,component\nab,aws,AB,\n{line}\n")
    assert told.startswith("line 3: ")
    assert fault in told


@pytest.mark.parametrize("line", ["aws,amazon", "nobody,aws", "aws,nobody"])
def test_a_shared_name_means_two_vendors(line: str) -> None:
    (told,) = shared_faults(f"name,other\n{line}\n")
    assert told.startswith("line 2: ")


def test_a_table_with_another_header_has_that_fault_alone() -> None:
    assert shared_faults("alias,slug\nx,y\n") == ["line 1: the header must be name,other"]


def test_faults_are_printed_one_a_line_and_end_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken = tmp_path / "catalog.csv"
    broken.write_text(f"{HEADER}\n{ZETA}\n{ACME}\n", encoding="utf-8")
    monkeypatch.setattr(catalog, "FILE", broken)
    assert check_catalog.main() == 1
    assert capsys.readouterr().out == (
        "catalog.csv, line 3: 'acme' stands after 'zeta'; lines are sorted by slug\n"
    )


def test_a_file_beside_the_catalogue_is_checked_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken = tmp_path / "products.csv"
    broken.write_text("alias,slug,name,component\nx1,nobody,X1,\n", encoding="utf-8")
    monkeypatch.setattr(products, "FILE", broken)
    assert check_catalog.main() == 1
    assert capsys.readouterr().out.startswith("products.csv, line 2: 'nobody' is not a slug")
