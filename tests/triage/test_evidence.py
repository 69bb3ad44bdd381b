"""Which vendors a log names in what failed."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.triage import EvidenceKind, Findings
from outlogger_cli.triage.evidence import find
from tests.fuzz.files import triage_log
from tests.support import utc
from tests.triage.samples import logs

PARTS = [
    *(
        b"\n",
        b"\r",
        b"\x1b[31m",
        b"\0",
        b" ",
        b"error ",
        b"done",
        b"503 ",
        b"\xff",
        b"git@",
        b"npm ERR! ",
    ),
    *(b"https://", b"github.com", b"registry.npmjs.org", b"/acme/x.git", b":443", b"localhost"),
    *(b"    at x", b"Traceback", b"connect ECONNREFUSED 127.0.0.1", b"Could not resolve host: "),
    *(
        b"2026-01-15T10:20:31Z ",
        b"curl: (28) ",
        b"AssertionError",
        b"amazonaws.com",
        b"s3.eu-west-1.",
    ),
]


def slugs(findings: Findings) -> list[str]:
    return [one.slug for one in findings.named]


def named(*lines: str) -> list[str]:
    return slugs(find("\n".join(lines).encode()))


@pytest.mark.parametrize(
    ("slug", "product", "text"),
    [pytest.param(slug, product, text, id=name) for (name, slug, product), text in logs("failing")],
)
def test_a_failing_log_names_first_the_vendor_that_a_person_would(
    slug: str, product: str, text: bytes
) -> None:
    findings = find(text)
    assert catalog.find(slug)
    assert slugs(findings)[:1] == [slug]
    assert not findings.is_network
    if product != "-":
        assert product in {one.product for one in findings.named[0].evidence}


@pytest.mark.parametrize("text", [pytest.param(text, id=head[0]) for head, text in logs("nobodys")])
def test_a_log_in_which_no_vendor_failed_names_none(text: bytes) -> None:
    assert slugs(find(text)) == []


@pytest.mark.parametrize(
    "line", ["names of all hosts are not found", "no name server", "proxy", "names below"]
)
def test_a_failure_of_the_own_network_is_recognised(line: str) -> None:
    (text,) = (text for head, text in logs("nobodys") if head[0].startswith(line))
    assert find(text).is_network


def test_evidence_is_the_entry_of_a_table_and_never_text_of_the_log() -> None:
    text = b"push to 123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme-secret failed: 503\n"
    (aws,) = find(text).named
    (evidence,) = aws.evidence
    assert (evidence.kind, evidence.value) == (EvidenceKind.IMAGE, "*.dkr.ecr.*.amazonaws.com")
    assert (evidence.product, evidence.region) == ("Elastic Container Registry", "eu-west-1")


def test_a_request_that_was_refused_counts_less_than_one_that_failed() -> None:
    failed = b"GET https://api.stripe.com/v1: 503\n"
    refused = b"fatal: unable to access 'https://github.com/acme/x/': returned error: 403\n"
    assert slugs(find(failed + refused)) == ["stripe", "github"]


def test_lines_are_numbered_from_the_first_one_given() -> None:
    findings = find(b"\nGET https://api.stripe.com/v1: 503\n", first_line=100)
    assert [one.line for one in findings.named[0].evidence] == [101]


def test_a_host_without_any_later_success_is_named() -> None:
    assert named("fetching https://api.stripe.com/v1/charges") == ["stripe"]
    assert named("fetching https://api.stripe.com/v1/charges", "charges: done") == []


def test_a_success_between_a_host_and_a_failure_clears_the_host() -> None:
    beside = ["uploading to https://api.stripe.com/v1", "Error: broken", "cleanup: done"]
    assert named(*beside) == ["stripe"]
    assert named(beside[0], "upload: done", *beside[1:]) == []


def test_a_failure_at_an_unknown_host_clears_the_hosts_beside_it() -> None:
    after = ["cleanup: done"]
    assert named("use https://api.stripe.com", "GET https://nexus.corp.example: 503", *after) == []


def test_the_error_of_a_host_comes_before_a_retry_and_a_mention() -> None:
    assert named(
        "npm warn retry: GET https://registry.npmjs.org/x failed with 503",
        "posting to https://api.stripe.com",
        "error: push to ghcr.io/acme/app: 502 Bad Gateway",
    ) == ["github", "npm", "stripe"]


def test_of_two_errors_the_later_one_comes_first() -> None:
    lines = [
        "GET https://registry.npmjs.org/x: error 503",
        "POST https://api.stripe.com: error 503",
    ]
    assert named(*lines) == ["stripe", "npm"]


def test_the_tool_of_a_vendor_that_called_another_host_names_that() -> None:
    assert named("npm ERR! code E503", "npm ERR! 503 - GET https://npm.pkg.github.com/x") == [
        "github"
    ]
    assert named("npm ERR! code E503", "npm ERR! 503 - GET https://npm.corp.example/x") == []


@pytest.mark.parametrize(
    "line",
    [
        "Error: bad input, see https://github.com/acme/widgets#readme",
        "error: read https://docs.stripe.com/api/errors",
        "Error in mail to noreply@github.com",
        "error at node_modules/github.com/acme/x.js",
        "Failed. More information: https://github.com/acme/widgets/blob/main/README.md",
        "error in doc.github.com: no such page",
        "panic at github.com(0x1)",
        '{"user-agent": "bot (+https://github.com/acme/bot)"} failed',
    ],
)
def test_links_paths_and_agents_do_not_count(line: str) -> None:
    assert named(line) == []


def test_the_words_of_a_client_belong_to_the_host_called_before() -> None:
    fails = "requests.exceptions.ConnectionError: ('Connection aborted.')"
    apart = ["-", "-", "-", "-"]
    assert named("charging at https://api.stripe.com", *apart, fails, "cleanup done") == ["stripe"]
    tested = ["AssertionError: 1 == 2", *apart]
    assert named("charging at https://api.stripe.com", *tested, fails, "cleanup done") == []


@pytest.mark.parametrize("host", ["https://api.github.com/x", "http://www.github.com/"])
def test_one_host_that_is_not_found_may_be_the_vendors(host: str) -> None:
    findings = find(f"getaddrinfo ENOTFOUND {host}\n".encode())
    assert not findings.is_network


def test_a_missing_network_route_is_not_the_network_if_another_vendor_answered() -> None:
    lines = [
        "curl: (6) Could not resolve host: api.stripe.com",
        "curl: (6) Could not resolve host: api.github.com",
        "GET https://registry.npmjs.org/x: 503 Service Unavailable",
    ]
    assert set(named(*lines)) == {"stripe", "github", "npm"}


@pytest.mark.parametrize(
    ("prefix", "moment"),
    [
        ("2026-01-15T10:20:31.1234567Z ", "2026-01-15 10:20:31"),
        ("2026-01-15T10:20:31.123456Z 01E ", "2026-01-15 10:20:31"),
        ("[2026-01-15T11:20:31.123+01:00] ", "2026-01-15 10:20:31"),
        ("2026-01-15 05:20:31 -0500 ", "2026-01-15 10:20:31"),
        ("\x1b_bk;t=1768472431000\x07", "2026-01-15 10:20:31"),
        ('{"level":"error","time":"2026-01-15T10:20:31.1Z"} ', "2026-01-15 10:20:31"),
        ('{"level":50,"time":1768472431000} ', "2026-01-15 10:20:31"),
        ("level=error ts=2026-01-15T11:20:31+01:00 ", "2026-01-15 10:20:31"),
        ("build\tnpm ci\t2026-01-15T10:20:31.1234567Z ", "2026-01-15 10:20:31"),
        ("2026-01-15 10:20:31,123 ", None),
        ("2026-13-45T10:20:31Z ", None),
        ("\x1b_bk;t=9999999999999999\x07", None),
        ("", None),
    ],
)
def test_the_time_of_an_error_is_read_if_it_has_a_zone(prefix: str, moment: str | None) -> None:
    findings = find(f"{prefix}GET https://registry.npmjs.org/x: error 503\n".encode())
    assert slugs(findings) == ["npm"]
    assert findings.first_error == findings.last_error == (utc(moment) if moment else None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_encodings_and_line_ends_of_windows_are_read(encoding: str) -> None:
    text = "ok\r\nGET https://registry.npmjs.org/x: error 503\r\n".encode(encoding)
    findings = find(text)
    assert [one.line for one in findings.named[0].evidence] == [2]


def test_what_a_progress_bar_overwrote_is_read_through() -> None:
    bar = "\r".join(f"{part} %" for part in range(100))
    assert named(f"{bar}\rerror: GET https://registry.npmjs.org/x: 503\r{bar}", "ok") == ["npm"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n" * 1000,
        bytes(range(256)) * 100,
        b"\x7fELF" + b"\0" * 1000 + b"https://api.stripe.com error",
        b"\xff\xfe\x00",
    ],
)
def test_empty_and_binary_text_names_none(text: bytes) -> None:
    assert slugs(find(text)) == []


@pytest.mark.parametrize(
    "unit",
    [
        b"error https://registry.npmjs.org/x 503\n",
        b"GET 200 https://registry.npmjs.org/x\n",
        b"\n",
        b"error https://registry.npmjs.org/x 503 ",
        b"a.com.",
        b"\x1b[31m",
        b"error: " + b"(" * 50,
        b"\r",
        b"  at x (https://api.stripe.com/a.js:1:2)\n",
    ],
)
def test_the_time_grows_no_faster_than_the_text(unit: bytes) -> None:
    def seconds(size: int) -> float:
        began = time.process_time()
        find(unit * (size // len(unit)))
        return time.process_time() - began

    assert seconds(2_000_000) < 20 * seconds(200_000) + 0.5


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PARTS), max_size=30).map(b"".join))
def test_any_log_gives_evidence_of_its_own_lines(text: bytes) -> None:
    triage_log(text)
