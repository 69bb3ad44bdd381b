"""What a line of a log says: that something failed, or went well."""

import pytest

from outlogger_cli.triage.kinds import Kind, kind_of

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
        "an error occurred (slowdown) when calling the putobject operation: reduce your rate",
        "failed to pull image",
    ],
    Kind.SUMMARY: ["##[error]process completed with exit code 1.", "make: *** [test] error 2"],
    Kind.LOCAL: [
        "assertionerror: 11 == 12",
        "src/a.ts(3,7): error ts2322: type 'string' is not assignable",
        "e: command not found",
        "oserror: no space left on device",
        "x509: certificate signed by unknown authority",
        "error code: 429 - insufficient_quota",
    ],
    Kind.REFUSED: [
        "curl: (22) the requested url returned error: 404",
        "403 forbidden - put to the registry",
        "http 401: bad credentials",
        "error: 409 conflict",
        "fatal error: access denied for this user",
        "remote: permission to shop denied to bot",
        "error: repository not found.",
        " ! [rejected] main -> main (fetch first)",
        "an error occurred (accessdenied) when calling the getobject operation: access denied",
        "failed to pull image: unexpected status: 401 unauthorized",
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
