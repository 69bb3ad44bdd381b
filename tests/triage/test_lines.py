"""What a line says: that something failed, or went well."""

import pytest

from outlogger_cli.triage.lines import LINES_LIMIT, Kind, Log, is_binary, kind_of

KINDS = {
    Kind.FAILS: [
        "error: something broke",
        "read tcp 10.0.0.1:1->1.2.3.4:443: read: connection reset by peer",
        "< http/2 503",
        "unexpected status code 429",
        "npm http fetch GET 504 from the registry: gateway timeout",
        "x509: certificate has expired",
        "net/http: TLS handshake timeout",
        "assertionerror: expected 200, got 503 service unavailable",
        "failed successfully",
        "fetcherror: 403 rate limit exceeded",
        "x509: cannot validate certificate",
        "error: host not found in upstream",
        "debug: connection reset by peer",
        "error in the debug build",
    ],
    Kind.SUMMARY: ["##[error]process completed with exit code 1.", "make: *** [test] error 2"],
    Kind.LOCAL: [
        "assertionerror: 11 == 12",
        "src/a.ts(3,7): error ts2322: type 'string' is not assignable",
        "e: command not found",
        "oserror: no space left on device",
        "x509: certificate signed by unknown authority",
        "curl: (22) the requested url returned error: 404",
        "403 forbidden - put to the registry",
        "http 401: bad credentials",
        "error: 409 conflict",
        "fatal error: access denied for this user",
        "remote: permission to shop denied to bot",
        "error: repository not found.",
        "error code: 429 - insufficient_quota",
        "failed to resolve source metadata: node:999: not found",
    ],
    Kind.WENT_WELL: [
        "receiving objects: 100% (5/5), done.",
        "get 200 registry",
        "successfully installed requests-2.31.0",
        "   1a2b3c4..4d5e6f7  main -> main",
        "0 errors, all checks passed",
    ],
    Kind.OTHER: [
        "",
        "cloning into 'widgets'...",
        "timeout-minutes: 360",
        "timeout: 30",
        "* tlsv1.3 (out), tls handshake, client hello (1):",
        "added http-errors@2.0.0 to the plan",
        "reading src/errors/timeout.ts",
        "rate limit remaining: 4999",
        "got 412 packages",
        "level=debug msg=1 error",
        "[shop] debug: 1 error sent",
    ],
}


@pytest.mark.parametrize(
    ("kind", "line"), [(kind, line) for kind, lines in KINDS.items() for line in lines]
)
def test_a_line_has_its_kind(kind: Kind, line: str) -> None:
    assert kind_of(line.encode()) is kind


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("2026-01-15T10:20:31.1234567Z text", "text"),
        ("2026-01-15T10:20:31.123456Z 01E text", "text"),
        ("[10:20:31] text", "text"),
        ("#9 12.34 text", "text"),
        ("web_1  | text", "text"),
        ("job\tstep\t2026-01-15T10:20:31.1234567Z text", "text"),
        ("\x1b[31;1mtext\x1b[0m", "text"),
        ("\x1b]8;;https://x.example\x07text", "text"),
        ("10 %\r50 %\rtext", "text"),
        ("10 %\rerror: broken\r50 %", "error: broken"),
        ("\r \r", ""),
        ("  indented", "  indented"),
    ],
)
def test_prefixes_and_colours_are_read_through(raw: str, shown: str) -> None:
    log = Log(f"{raw}\nend\n".encode())
    assert log.text(0).decode() == shown


def test_of_a_long_line_both_ends_are_read() -> None:
    text = Log(b"start" + b" " * 100_000 + b"end").text(0)
    assert (text[:5], text[-3:]) == (b"start", b"end")
    assert len(text) < 10_000


def test_of_very_many_lines_the_last_ones_are_read() -> None:
    log = Log(b"\n" * (LINES_LIMIT + 10) + b"end")
    assert (log.skipped, len(log), log.text(len(log) - 1)) == (11, LINES_LIMIT, b"end")


def test_a_few_control_codes_do_not_make_a_text_binary() -> None:
    assert not is_binary(b"log of a disk with a hole \0 in it " * 10)
    assert is_binary(b"\0\1\2\3")
    assert not is_binary(b"")
    assert not is_binary("text".encode("utf-16"))
