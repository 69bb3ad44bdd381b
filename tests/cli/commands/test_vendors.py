"""`outlogger vendors`: the catalogue listed, searched and shown, and held against its pages."""

import json
import os
import re
import signal
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO

import httpx
import pytest

from outlogger_cli import platforms
from outlogger_cli.catalog import catalog
from outlogger_cli.domain.version import __version__
from outlogger_cli.system import terminal
from tests.cli.commands.pages import fine
from tests.origin import Origin, Reply
from tests.running import PATIENCE, Answer, Finished, Web, run_command, trusting
from tests.support import NOW
from tests.tools import check_catalog

PERMUTIVE = "permutive\tPermutive\tstatuspage\thttps://status.permutive.com\tcrm-marketing\n"


def test_show_is_one_record_with_the_columns_promised() -> None:
    finished = run_command("vendors", "show", "permutive")
    assert (finished.code, finished.out) == (0, PERMUTIVE)


def test_show_says_what_pages_of_the_platform_never_show() -> None:
    vendors = ("8x8", "github", "hetzner")
    items = run_command("vendors", "show", *vendors, "--json").json["items"]
    assert [item["lacks"] for item in items] == [["components", "history", "maintenance"], [], []]


def test_a_table_of_a_vendor_has_a_fact_on_each_line() -> None:
    finished = run_command("vendors", "show", "8x8", "Permutive", "-f", "table")
    assert (finished.code, finished.err) == (0, "")
    assert finished.out == (
        "8x8\n"
        "slug      8x8\n"
        "page      https://status.8x8.com\n"
        "platform  statuscast (known)\n"
        "shows     current status; never components, history, maintenance\n"
        "category  telecom\n"
        "aliases   eightxeight\n"
        "examples  outlogger status 8x8\n"
        "          outlogger check 8x8\n"
        "          outlogger watchlist add 8x8\n"
        "\n"
        "Permutive\n"
        "slug      permutive\n"
        "page      https://status.permutive.com\n"
        "platform  statuspage (known)\n"
        "shows     current status, components, history, maintenance\n"
        "category  crm-marketing\n"
        "homepage  permutive.com\n"
        "examples  outlogger status permutive\n"
        "          outlogger check permutive\n"
        "          outlogger watchlist add permutive\n"
    )


@pytest.mark.parametrize(
    ("vendor", "fact"),
    [
        ("20i", "platform  unknown (detected when the page is read)\ncategory"),
        ("okta", "platform  okta (not supported)\ncategory"),
        ("teams", "platform  microsoft365 (not supported: needs a token)\ncategory"),
        ("countingup", "platform  statuspage (likely)\n"),
        (
            "github",
            "examples  outlogger status github\n          outlogger check github -c Actions\n",
        ),
        ("cloudflare", "outlogger check cloudflare -c "),
        ("postmark", "products  ActiveCampaign Postmark\n"),
        ("lambda", "slug      aws\n"),
    ],
)
def test_a_table_of_a_vendor_says(vendor: str, fact: str) -> None:
    assert fact in run_command("vendors", "show", vendor, "-f", "table").out


def test_a_long_list_of_products_is_cut_in_a_table_and_whole_in_json() -> None:
    table = run_command("vendors", "show", "aws", "-f", "table", env={"COLUMNS": "100"}).out
    (item,) = run_command("vendors", "show", "aws", "--json").json["items"]
    assert {"Lambda", "DynamoDB", "us-east-1"} <= {*item["products"]}
    assert f"and {len(item['products']) - 8} more (see --json)" in " ".join(table.split())


def test_the_facts_of_a_vendor_may_be_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "github.txt"
    finished = run_command("vendors", "show", "github", "-f", "table", "-o", str(file))
    assert (finished.code, finished.out) == (0, "")
    assert file.read_text(encoding="utf-8").startswith("GitHub\nslug      github\n")
    nowhere = run_command("vendors", "show", "github", "-f", "table", "-o", str(tmp_path))
    assert (nowhere.code, nowhere.out) == (2, "")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["vendors", "frobnicate"], "unknown command 'vendors frobnicate': see outlogger vendors"),
        (["vendors", "serach"], "unknown command 'vendors serach': did you mean vendors search?"),
        (["watchlist", "ad"], "unknown command 'watchlist ad': did you mean watchlist add"),
        (["vendors", "x\x1b[2J\ny"], "unknown command 'vendors x y': see outlogger vendors"),
    ],
)
def test_an_unknown_subcommand_is_refused_with_the_closest(argv: list[str], message: str) -> None:
    finished = run_command(*argv)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith(f"outlogger: {message}")


def test_search_forgives_a_typing_error() -> None:
    assert run_command("vendors", "search", "permutve").out == PERMUTIVE


def test_json_is_a_listing() -> None:
    listing = run_command("vendors", "show", "permutive", "--json").json
    assert (listing["schema_version"], listing["command"]) == (1, "vendors show")
    assert [(i["slug"], i["url"]) for i in listing["items"]] == [
        ("permutive", "https://status.permutive.com")
    ]


def test_csv_has_a_header() -> None:
    finished = run_command("vendors", "show", "permutive", "-f", "csv")
    assert finished.out.replace("\r\n", "\n") == (
        "slug,name,platform,url,category\n" + PERMUTIVE.replace("\t", ",")
    )


def test_a_table_is_aligned_under_its_heads() -> None:
    finished = run_command("vendors", "search", "permutive", "-f", "table", env={"COLUMNS": "100"})
    assert finished.out == (
        "SLUG       NAME       PLATFORM    URL                           CATEGORY\n"
        "permutive  Permutive  statuspage  https://status.permutive.com  crm-marketing\n"
    )


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (
            "60",
            [
                "SLUG       NAME       PLATFORM  URL",
                "permutive  Permutive  statusp…  https://status.permutive.com",
            ],
        ),
        (
            "50",
            [
                "SLUG       NAME       URL",
                "permutive  Permutive  https://status.permutive.com",
            ],
        ),
        ("40", ["SLUG       URL", "permutive  https://status.permutive.com"]),
        ("30", ["SLUG       URL", "permutive  https://status.per…"]),
        ("20", ["SLUG       URL", "permutive  https://…"]),
    ],
)
def test_a_narrow_table_keeps_keys_and_addresses(width: str, rows: list[str]) -> None:
    finished = run_command("vendors", "search", "permutive", "-f", "table", env={"COLUMNS": width})
    assert finished.out.splitlines() == rows


def test_a_key_that_can_be_shown_is_never_cut() -> None:
    argv = ("vendors", "search", "us.githubstatus.com", "-f", "table")
    assert run_command(*argv, env={"COLUMNS": "34"}).out.splitlines() == [
        "SLUG",
        "github-enterprise-cloud-us",
    ]
    assert run_command(*argv, env={"COLUMNS": "36"}).out.splitlines() == [
        "SLUG                        URL",
        "github-enterprise-cloud-us  https:/…",
    ]


def test_one_long_cell_takes_not_every_column_from_the_others(catalogue: Path) -> None:
    long = f"https://status.{'far-' * 20}away.example"
    catalogue.write_text(
        "slug,name,url,platform,evidence,category,aliases,homepage\n"
        f"far,Far,{long},statuspage,,other,,\n"
        "near,Near,https://near.example,statuspage,,other,,\n"
    )
    finished = run_command("vendors", "list", "-f", "table", env={"COLUMNS": "80"})
    assert finished.out.splitlines() == [
        "SLUG  NAME  PLATFORM    URL                                             CATEGORY",
        "far   Far   statuspage  https://status.far-far-far-far-far-far-far-fa…  other",
        "near  Near  statuspage  https://near.example                            other",
    ]


def test_list_may_be_narrowed_by_category_and_platform() -> None:
    listing = run_command(
        "vendors", "list", "--category", "ai", "--platform", "incidentio", "--json"
    )
    items = listing.json["items"]
    assert items
    assert {(item["category"], item["platform"]) for item in items} == {("ai", "incidentio")}


def test_list_without_conditions_is_the_whole_catalogue() -> None:
    assert len(run_command("vendors", "list").out.splitlines()) >= 2461


def test_show_takes_names_with_a_comma_between_and_each_vendor_once() -> None:
    names = ("permutive, https://status.permutive.com", "Permutive")
    finished = run_command("vendors", "show", *names)
    assert (finished.code, finished.out) == (0, PERMUTIVE)


@pytest.mark.parametrize("command", ["show", "doctor"])
def test_all_unknown_names_are_reported_at_once(command: str) -> None:
    finished = run_command("vendors", command, "permutve,githb", "permutive", "githb")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err == (
        "outlogger: unknown vendor 'permutve': did you mean permutive?\n"
        "outlogger: unknown vendor 'githb': did you mean github?\n"
    )


def test_of_many_unknown_names_a_hundred_are_reported() -> None:
    finished = run_command("vendors", "show", ",".join(f"qxzjw{at}qxzjw" for at in range(200)))
    assert finished.code == 2
    assert finished.err.count("unknown vendor") == 100
    assert finished.err.endswith("outlogger: there may be more errors\n")


def test_a_page_address_shows_its_vendor() -> None:
    assert run_command("vendors", "show", "https://status.permutive.com").out == PERMUTIVE


@pytest.mark.parametrize(
    ("argv", "begins"),
    [
        (["show", "permutve"], "unknown vendor 'permutve': did you mean permutive?\n"),
        (
            ["show", "zzzzqqqqxxxx"],
            "unknown vendor 'zzzzqqqqxxxx': try outlogger vendors search TEXT\n",
        ),
        (
            ["search", "zzzzqqqqxxxx"],
            "no vendor found for 'zzzzqqqqxxxx'; to read any page: outlogger status URL\n",
        ),
        (["list", "--category", "sport"], "--category must be one of ai, analytics, "),
        (["list", "--platform", "sport"], "--platform must be one of "),
        (
            ["list", "--category", "storage", "--platform", "apple"],
            "no vendor of category storage runs on apple\n",
        ),
    ],
)
def test_what_the_catalogue_does_not_have_is_refused(argv: list[str], begins: str) -> None:
    finished = run_command("vendors", *argv)
    assert (finished.code, finished.out, finished.err.count("\n")) == (2, "", 1)
    assert finished.err.startswith(f"outlogger: {begins}")


# The doctor

V2 = "/api/v2/summary.json"
ACME, BETA, GAMMA = (f"https://status.{name}.example" for name in ("acme", "beta", "gamma"))
NEW = "https://status.new.example"
CATALOGUE = f"""\
slug,name,url,platform,evidence,category,aliases,homepage
acme,Acme,{ACME},statuspage,known,ai,acme-inc,acme.example
beta,Beta,{BETA},,guess,ai,,
gamma,Gamma,{GAMMA},instatus,known,ai,,
"""
MIB = 1 << 20
GONE = "HTTP 404: no status page at this address"
NO_HOST = socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue of three vendors in a folder of its own."""
    file = tmp_path / "catalogue" / "catalog.csv"
    file.parent.mkdir()
    file.write_text(CATALOGUE)
    monkeypatch.setattr(catalog, "FILE", file)
    forget()
    yield file
    forget()


def forget() -> None:
    """The catalogue is read once a run: have the next one read it anew."""
    for cached in (catalog.lines, catalog._by_slug, catalog._by_alias, catalog._places):
        cached.cache_clear()


def page() -> httpx.Response:
    return httpx.Response(200, json=fine())


def moved_to(url: str) -> httpx.Response:
    return httpx.Response(301, headers={"Location": f"{url}/"})


def pages(**answers: Answer) -> dict[str, Answer | list[Answer]]:
    """The three vendors' pages; one that is not given is a Statuspage in good health."""
    urls = {"acme": ACME, "beta": BETA, "gamma": GAMMA, "new": NEW}
    return {f"{url}{V2}": answers.get(name, page()) for name, url in urls.items()}


def doctor(*argv: str, web: httpx.BaseTransport, **options: Any) -> Finished:
    return run_command("vendors", "doctor", *argv, transport=web, **options)


@pytest.mark.usefixtures("catalogue")
def test_the_doctor_says_what_is_the_matter_with_each_vendor() -> None:
    web = Web(pages(acme=moved_to(NEW), beta=httpx.Response(404)))
    assert doctor("acme", "gamma", "acme-inc", "beta", web=web) == Finished(
        code=3,
        out=f"acme\tmoved\t{ACME}\tstatuspage\tnow at {NEW}\n"
        f"gamma\tchanged\t{GAMMA}\tstatuspage\tthe catalogue says instatus\n"
        f"beta\tdead\t{BETA}\t\t{GONE}\n",
        err="3 pages: 1 moved, 1 changed, 1 dead\n",
    )


@pytest.mark.usefixtures("catalogue")
def test_the_doctors_json_is_a_listing() -> None:
    finished = doctor("acme", "--json", web=Web(pages(acme=moved_to(NEW))))
    assert finished.code == 0
    assert finished.json == {
        "schema_version": 1,
        "command": "vendors doctor",
        "items": [
            {
                "slug": "acme",
                "finding": "moved",
                "url": ACME,
                "platform": "statuspage",
                "detail": f"now at {NEW}",
                "moved_to": NEW,
            }
        ],
    }


@pytest.mark.usefixtures("catalogue")
def test_the_doctor_goes_through_the_whole_catalogue() -> None:
    assert doctor("--all", web=Web(pages())) == Finished(
        code=0,
        out=f"acme\tfine\t{ACME}\tstatuspage\t\n"
        f"beta\tfine\t{BETA}\tstatuspage\tno platform in the catalogue\n"
        f"gamma\tchanged\t{GAMMA}\tstatuspage\tthe catalogue says instatus\n",
        err="3 pages: 2 ok, 1 changed\n",
    )


FOUND = f"outlogger {__version__}, {NOW:%Y-%m-%d}"


@pytest.mark.usefixtures("catalogue")
def test_the_doctors_report_is_in_groups_and_leaves_out_what_is_fine() -> None:
    finished = doctor("--all", "-f", "table", web=Web(pages()))
    assert finished.err == ""
    assert finished.out == (
        f"{FOUND}: 3 pages: 2 ok, 1 changed\n"
        "\n"
        "### Changed (1)\n"
        "\n"
        f"- gamma: {GAMMA} (statuspage): `the catalogue says instatus`\n"
    )
    named = doctor("acme", "-f", "table", web=Web(pages()))
    assert named.out == (f"{FOUND}: 1 page: 1 ok\n\n### Ok (1)\n\n- acme: {ACME} (statuspage)\n")


@pytest.mark.usefixtures("catalogue")
def test_the_doctors_report_has_the_dead_first_and_the_unreadable_by_reason() -> None:
    refused = httpx.Response(500)
    web = Web(pages(acme=refused, beta=httpx.Response(404), gamma=refused))
    finished = doctor("--all", "--retries", "0", "-f", "table", web=web)
    assert finished.code == 3
    head, *groups = finished.out.split("\n\n")
    assert head == f"{FOUND}: 3 pages: 1 dead, 2 unreadable"
    assert groups[:3] == ["### Dead (1)", f"- beta: {BETA}: `{GONE}`", "### Unreadable (2)"]
    assert re.fullmatch(r"- `HTTP 500 [^`]+` \(2\): acme, gamma\n", groups[3])


@pytest.mark.usefixtures("catalogue")
def test_what_a_server_says_is_literal_in_the_report() -> None:
    web = Web(pages(acme=moved_to("https://status.new.example/@you`![x](y)")))
    out = doctor("acme", "-f", "table", "--ascii", web=web).out
    assert out.isascii()
    (row,) = [row for row in out.splitlines() if row.startswith("- ")]
    assert row.count("`") in {0, 2}
    assert "@you" not in row.partition("`")[0]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("argv", [(), ("--all", "acme")])
def test_the_doctor_needs_names_or_all(argv: tuple[str, ...]) -> None:
    assert doctor(*argv, web=Web({})) == Finished(
        code=2,
        out="",
        err="outlogger: vendors doctor needs vendor names, or --all\n",
    )


@pytest.mark.usefixtures("catalogue")
def test_a_name_the_doctor_does_not_know_is_refused_before_anything_is_asked() -> None:
    web = Web(pages())
    finished = doctor("acme", "betta", web=web)
    assert (finished.code, web.asked) == (2, [])
    assert finished.err == "outlogger: unknown vendor 'betta': did you mean beta?\n"


@pytest.mark.usefixtures("catalogue")
def test_the_doctor_keeps_no_readings_and_believes_none() -> None:
    web = Web(pages())
    doctor("--all", web=web)
    doctor("--all", web=web)
    assert web.asked.count(f"{ACME}{V2}") == 2
    assert not any("if-none-match" in request.headers for request in web.seen)
    assert run_command("check", ACME, "--offline", transport=web).code == 3


@pytest.mark.usefixtures("catalogue")
def test_without_a_network_no_page_is_called_dead() -> None:
    web = Web(pages(acme=NO_HOST, beta=NO_HOST, gamma=NO_HOST))
    finished = doctor("--all", web=web)
    assert [row.split("\t")[1] for row in finished.out.splitlines()] == ["unreadable"] * 3
    assert finished.err == (
        "It's this machine: none of 3 status pages could be reached (DNS lookup failed)."
        " Check network, VPN or proxy.\n"
        "3 pages: 3 unreadable\n"
    )


@pytest.mark.usefixtures("catalogue")
def test_without_a_network_no_page_is_called_dead_though_some_were_cut_off() -> None:
    late = httpx.ReadTimeout("timed out")
    finished = doctor("--all", web=Web(pages(acme=late, beta=NO_HOST, gamma=late)))
    assert [row.split("\t")[1] for row in finished.out.splitlines()] == ["unreadable"] * 3
    assert finished.err.startswith(
        "It's this machine: none of 3 status pages could be reached (DNS lookup failed"
    )


@pytest.mark.usefixtures("catalogue")
def test_a_host_that_is_gone_is_dead_where_others_answer() -> None:
    finished = doctor("--all", web=Web(pages(acme=NO_HOST)))
    assert finished.out.splitlines()[0] == (f"acme\tdead\t{ACME}\t\thost not found (DNS)")


@pytest.mark.usefixtures("catalogue")
def test_a_terminal_is_told_how_far_the_doctor_is(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, write = threading.Event(), terminal.write

    def writing(stream: TextIO, text: str) -> None:
        write(stream, text)
        if "waiting" in text:
            shown.set()

    class Waiting(Web):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            shown.wait(PATIENCE)
            return super().handle_request(request)

    monkeypatch.setattr(terminal, "write", writing)
    finished = doctor("acme", "-f", "plain", web=Waiting(pages()), terminal=True)
    assert "waiting for 1 of 1 page" in finished.err
    assert finished.err.endswith("\x1b[2K1 page: 1 ok\n")


def test_the_pages_are_not_kept_in_memory(catalogue: Path) -> None:
    header, line, *_ = CATALOGUE.splitlines()
    lines = [line.replace("acme", f"acme{number}") for number in range(10, 50)]
    catalogue.write_text("\n".join([header, *lines, ""]))
    forget()
    large = json.dumps({**fine(), "padding": " " * MIB}).encode()

    def answering(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(bytes(bytearray(large))))  # a copy

    tracemalloc.start()
    try:
        finished = doctor("--all", "--jobs", "4", web=httpx.MockTransport(answering))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert finished.err == "40 pages: 40 ok\n"
    assert peak < 20 * MIB


# Interrupted


class Interrupting(Web):
    """A network on which somebody presses Ctrl-C once `after` pages were asked for."""

    after = 1

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if len(self.seen) == self.after:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return super().handle_request(request)


def interrupted(web: Interrupting, *argv: str) -> Finished:
    return doctor("--all", "--jobs", "1", *argv, web=web)


FIRST = f"acme\tfine\t{ACME}\tstatuspage\t\n"
REST = (
    f"beta\tfine\t{BETA}\tstatuspage\tno platform in the catalogue\n"
    f"gamma\tchanged\t{GAMMA}\tstatuspage\tthe catalogue says instatus\n"
)


@pytest.mark.usefixtures("catalogue")
def test_a_doctor_that_is_interrupted_shows_what_it_has_and_goes_on_from_there() -> None:
    web = Interrupting(pages())
    assert interrupted(web) == Finished(
        code=130, out=FIRST, err="1 page: 1 ok\ninterrupted: 2 pages left\n"
    )
    assert doctor("--all", web=web) == Finished(
        code=0,
        out=FIRST + REST,
        err="continuing: 1 of 3 pages already read\n3 pages: 2 ok, 1 changed\n",
    )
    assert web.asked.count(f"{ACME}{V2}") == 1


@pytest.mark.usefixtures("catalogue")
def test_a_doctor_that_came_to_its_end_begins_anew() -> None:
    web = Interrupting(pages())
    interrupted(web)
    doctor("--all", web=web)
    assert doctor("--all", web=web).err == "3 pages: 2 ok, 1 changed\n"
    assert web.asked.count(f"{ACME}{V2}") == 2


@pytest.mark.usefixtures("catalogue")
def test_a_page_that_was_not_read_is_asked_again_after_an_interruption() -> None:
    interrupted(Interrupting(pages(acme=httpx.Response(403))))
    finished = doctor("--all", web=Web(pages()))
    assert finished.out == FIRST + REST
    assert "going on" not in finished.err


@pytest.mark.usefixtures("catalogue")
def test_what_was_found_a_day_ago_is_asked_again() -> None:
    web = Interrupting(pages())
    interrupted(web)
    assert "going on" not in doctor("--all", web=web, now=NOW + timedelta(days=1)).err


def test_a_line_that_was_changed_meanwhile_is_asked_again(catalogue: Path) -> None:
    interrupted(Interrupting(pages()))
    catalogue.write_text(CATALOGUE.replace(ACME, NEW))
    forget()
    finished = doctor("--all", web=Web(pages()))
    assert finished.out.startswith(f"acme\tfine\t{NEW}\t")
    assert "going on" not in finished.err


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    "damage", ["{", "5", "null", '{"at": "2026-01-15T12:00:00+00:00"}', '{"at": 5}', "\xff"]
)
def test_notes_that_are_damaged_count_as_far_as_they_are_good(home: Path, damage: str) -> None:
    interrupted(Interrupting(pages()))
    (notes,) = home.rglob("doctor.jsonl")
    whole = notes.read_text()
    notes.write_bytes(f"{damage}\n{whole}{whole[:40]}".encode("latin-1"))
    finished = doctor("--all", web=Web(pages()))
    assert (finished.code, finished.out) == (0, FIRST + REST)
    assert finished.err.startswith("continuing: 1 of 3") is (damage != "\xff")


@pytest.mark.usefixtures("catalogue")
def test_where_nothing_can_be_noted_the_doctor_works_all_the_same(home: Path) -> None:
    (home / ".local").write_text("a file where a folder should be")
    assert interrupted(Interrupting(pages())).out == FIRST
    assert doctor("--all", web=Web(pages())).out == FIRST + REST


@pytest.mark.usefixtures("catalogue")
@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows has other owners")
def test_notes_of_another_user_are_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted(Interrupting(pages()))
    (notes,) = home.rglob("doctor.jsonl")
    before = notes.read_bytes()
    monkeypatch.setattr(os, "getuid", lambda: notes.stat().st_uid + 1)
    finished = doctor("--all", web=Web(pages()))
    assert (finished.out, "going on" in finished.err) == (FIRST + REST, False)
    assert notes.read_bytes() == before


@pytest.mark.usefixtures("catalogue")
def test_what_the_deadline_cut_off_is_asked_the_next_time() -> None:
    web = Web(pages())
    clock = iter([0.0] * 10)  # enough for the first page; then the time is up
    cut = doctor(
        "--all", "--jobs", "1", "--deadline", "5s", web=web, monotonic=lambda: next(clock, 9.0)
    )
    assert cut.code == 3
    assert "the run's deadline was reached" in cut.out
    before = len(web.asked)
    finished = doctor("--all", web=web)
    assert finished.err.startswith("continuing: ")
    assert finished.out == FIRST + REST
    assert 0 < len(web.asked) - before < 3


@pytest.mark.usefixtures("catalogue")
def test_named_vendors_are_always_asked() -> None:
    web = Interrupting(pages())
    interrupted(web)
    assert doctor("acme", web=web).out == FIRST
    assert web.asked.count(f"{ACME}{V2}") == 2


@pytest.mark.usefixtures("catalogue")
def test_a_drill_is_acted_out_and_neither_noted_nor_written(home: Path) -> None:
    with Origin(routes={V2: Reply(body=fine())}) as origin:
        drill = {"OUTLOGGER_DRILL": origin.url}
        finished = run_command("vendors", "doctor", "--all", *trusting(), env=drill)
        refused = run_command("vendors", "doctor", "--all", "--fix", env=drill)
    assert finished.out == FIRST + REST
    assert finished.err.startswith("DRILL: ")
    assert not list(home.rglob("doctor.jsonl"))
    assert refused == Finished(
        code=2,
        out="",
        err="outlogger: --fix needs the real pages: unset OUTLOGGER_DRILL\n",
    )


# Putting the catalogue right


def test_fix_puts_the_lines_right(catalogue: Path) -> None:
    web = Web(pages(acme=moved_to(f"{NEW}")))
    finished = doctor("--all", "--fix", web=web)
    assert finished.code == 0
    assert finished.err == (f"3 pages: 1 ok, 1 moved, 1 changed\n{catalogue}: 3 lines corrected\n")
    text = catalogue.read_text()
    assert (
        text
        == f"""\
slug,name,url,platform,evidence,category,aliases,homepage
acme,Acme,{NEW},statuspage,known,ai,acme-inc,acme.example
beta,Beta,{BETA},statuspage,known,ai,,
gamma,Gamma,{GAMMA},statuspage,known,ai,,
"""
    )
    assert check_catalog.faults(text) == []
    assert [file.name for file in catalogue.parent.iterdir()] == ["catalog.csv"]


def test_fix_goes_on_after_an_interruption_with_all_that_was_found(catalogue: Path) -> None:
    web = Interrupting(pages(acme=moved_to(NEW)))
    web.after = 2
    interrupted(web, "--fix")
    assert NEW in catalogue.read_text()
    catalogue.write_text(CATALOGUE)
    doctor("--all", "--fix", web=Web(pages(acme=httpx.Response(500))))
    assert NEW in catalogue.read_text()


def test_fix_leaves_a_catalogue_alone_that_is_right(catalogue: Path) -> None:
    before = catalogue.stat()
    finished = doctor("acme", "--fix", web=Web(pages()))
    assert finished.err == f"1 page: 1 ok\n{catalogue}: 0 lines corrected\n"
    assert catalogue.stat().st_ino == before.st_ino


def test_fix_is_refused_where_the_catalogue_cannot_be_written(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: path != catalogue.parent)
    web = Web(pages())
    assert doctor("acme", "--fix", web=web) == Finished(
        code=2,
        out="",
        err=f"outlogger: --fix: {catalogue} cannot be written; run it in a checkout of the"
        " project\n",
    )
    assert web.asked == []


def test_a_catalogue_that_went_away_meanwhile_is_this_machines_fault(catalogue: Path) -> None:
    class Vanishing(Web):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            catalogue.unlink(missing_ok=True)
            return super().handle_request(request)

    finished = doctor("beta", "--fix", web=Vanishing(pages()))
    assert (finished.code, finished.out.split("\t")[:2]) == (70, ["beta", "fine"])
    assert finished.err.endswith(f"{catalogue} cannot be written: No such file or directory\n")


# help platforms


def test_help_tells_what_each_platform_says_and_reads() -> None:
    told = run_command("help", "platforms").out
    used = run_command("vendors", "list", "--platform", "statuspage").out.count("\n")
    assert told.startswith(
        "What pages of each platform show besides the current status, and the first\n"
        "document that is read of a page at https://acme.example.\n"
        "\n"
        f"statuspage, {used} vendors\n"
        "  Atlassian Statuspage, API v2.\n"
        "  shows components, history, maintenance\n"
        "  reads https://acme.example/api/v2/summary.json\n"
        "\n"
    )
    assert (
        "\npagerduty, 3 vendors\n"
        "  PagerDuty status pages.\n"
        "  shows components, history; not maintenance\n"
        "  reads https://acme.example, the page's HTML\n"
        "\n"
    ) in told
    assert "\n  shows only the current status\n" in told


def test_help_has_every_platform_and_every_vendor_of_the_catalogue() -> None:
    told = run_command("help", "platforms").out
    heads = re.findall(r"^(\w+), (\d+) vendors?$", told, re.M)
    assert [name for name, _ in heads] == list(platforms.BUILT_IN)
    (unnoted,) = re.findall(r"^(\d+) vendors have no known platform", told, re.M)
    unread = [
        count
        for _, count in re.findall(r"([\w-]+)\s+\((\d+)\)", told.partition("have no known")[2])
    ]
    counts = [*(count for _, count in heads), unnoted, *unread]
    assert sum(map(int, counts)) == len(run_command("vendors", "list").out.splitlines())
    assert "\nOf these, microsoft365 needs a token, which is not supported.\n" in told


def test_help_fits_a_narrow_terminal() -> None:
    assert max(map(len, run_command("help", "platforms").out.splitlines())) <= 80


def test_a_list_goes_to_a_file_as_a_report_does(tmp_path: Path) -> None:
    target = tmp_path / "vendors.csv"
    finished = run_command("vendors", "show", "permutive", "-f", "csv", "-o", str(target))
    assert (finished.code, finished.out) == (0, "")
    assert target.read_text().splitlines()[0] == "slug,name,platform,url,category"
