"""Valid and invalid certificates of an authority that exists only during the tests."""

import atexit
import shutil
import ssl
import tempfile
import warnings
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal, assert_never

import pytest
import trustme

Certificate = Literal[
    "good", "expired", "not_yet_valid", "self_signed", "wrong_host", "unknown_authority"
]


def cacert() -> Path:
    """The PEM file of the authority that signs the valid certificates of this process."""
    return _cacert(_authority())


@cache
def _authority() -> trustme.CA:
    return trustme.CA()


@cache
def _cacert(authority: trustme.CA) -> Path:
    folder = tempfile.mkdtemp(prefix="outlogger-origin-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "cacert.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@cache
def _certificate(kind: Certificate, names: tuple[str, ...]) -> trustme.LeafCert:
    match kind:
        case "good":
            return _authority().issue_cert(*names)
        case "expired":
            began, ended = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)
            return _authority().issue_cert(*names, not_before=began, not_after=ended)
        case "not_yet_valid":
            begins, ends = datetime(2120, 1, 1, tzinfo=UTC), datetime(2120, 2, 1, tzinfo=UTC)
            return _authority().issue_cert(*names, not_before=begins, not_after=ends)
        case "wrong_host":
            return _authority().issue_cert("elsewhere.example")
        case "unknown_authority":
            return trustme.CA().issue_cert(*names)
        case "self_signed":
            other = trustme.CA()
            return trustme.LeafCert(other.private_key_pem.bytes(), other.cert_pem.bytes(), [])
        case _:
            assert_never(kind)


@cache
def server_context(
    kind: Certificate,
    names: tuple[str, ...],
    tls_max: ssl.TLSVersion | None,
    client: ssl.VerifyMode,
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = client
    _certificate(kind, names).configure_cert(context)
    if tls_max is not None:
        _limit(context, tls_max)
    return context


def _limit(context: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    """Limit the context to `version` or older; skips the test if OpenSSL cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
    except (ValueError, ssl.SSLError) as error:
        pytest.skip(f"this OpenSSL cannot serve {version.name}: {error}")
