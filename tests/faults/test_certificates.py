"""TLS that fails, by certificate or handshake, and unusual TLS that works."""

import re
import ssl
from functools import cache, partial

import pytest

from tests.faults.pages import GOOD, Broken, assert_read, assert_unknown, check, served, vendors
from tests.origin import Origin
from tests.origin.faults import after_hello, send
from tests.running import Finished

REFUSED = bytes.fromhex("15 0303 0002 0228")
"""A fatal TLS alert: handshake_failure."""

untrusted = partial(Broken, kind="tls")
insecure = partial(Broken, kind="tls", said=re.compile("TLS handshake failed: .+"))

BROKEN = {
    "not-yet-valid": untrusted(
        said=re.compile(r"invalid certificate \(certificate is not yet valid.*\)"),
        origin={"certificate": "not_yet_valid"},
    ),
    "of-another-name": untrusted(
        said="invalid certificate (hostname mismatch, certificate is not valid for"
        " 'status.other.example')",
        url="https://status.other.example",
    ),
    "of-the-level-above": untrusted(
        said="invalid certificate (hostname mismatch, certificate is not valid for"
        " 'status.eu.acme.example')",
        url="https://status.eu.acme.example",
    ),
    "of-a-name-for-an-address": untrusted(
        said=re.compile(r"invalid certificate \(ip address mismatch, .+ '127.0.0.1'\)"),
        origin={"certificate": "wrong_host"},
    ),
    "tls-1-0": insecure(origin={"tls_max": ssl.TLSVersion.TLSv1}),
    "tls-1-1": insecure(origin={"tls_max": ssl.TLSVersion.TLSv1_1}),
    "demands-a-certificate": insecure(
        said=re.compile("TLS handshake failed: .*certificate required"),
        origin={"client": ssl.CERT_REQUIRED},
    ),
    "demands-a-certificate-with-tls-1-2": insecure(
        said=re.compile("TLS handshake failed: .*handshake failure"),
        origin={"client": ssl.CERT_REQUIRED, "tls_max": ssl.TLSVersion.TLSv1_2},
    ),
    "an-alert": insecure(
        said=re.compile("TLS handshake failed: .*handshake failure"),
        origin={"on_connect": after_hello(send(REFUSED))},
    ),
    "noise": insecure(origin={"on_connect": after_hello(send(bytes(range(256))))}),
    "ssh": insecure(origin={"on_connect": after_hello(send(b"SSH-2.0-OpenSSH_9.2\r\n"))}),
}


@cache
def finished() -> Finished:
    with Origin(names=("*.acme.example",), routes={"*": GOOD}) as acme, served(BROKEN) as urls:
        at = [("127.0.0.1", acme.port)]
        names = {"status.other.example": at, "status.eu.acme.example": at}
        return check(urls, BROKEN, names=names)


@pytest.mark.parametrize("name", BROKEN)
def test_a_tls_failure_is_unknown_with_its_reason(name: str) -> None:
    assert_unknown(finished(), name, BROKEN[name])


def test_unusual_but_valid_tls_is_used() -> None:
    with (
        Origin(routes={"*": GOOD}, tls_max=ssl.TLSVersion.TLSv1_2) as older,
        Origin(routes={"*": GOOD}, client=ssl.CERT_OPTIONAL) as asking,
        Origin(names=("*.acme.example",), routes={"*": GOOD}) as many,
    ):
        urls = {
            "tls-1-2": older.url,
            "asks-for-a-certificate": asking.url,
            "of-any-name-below": "https://status.acme.example",
        }
        finished = check(urls, names={"status.acme.example": [("127.0.0.1", many.port)]})
    for vendor in vendors(finished).values():
        assert_read(vendor)
