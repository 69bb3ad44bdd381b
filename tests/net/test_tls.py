"""Which certificate authorities are trusted: options, variables, and each system's own."""

import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import certifi
import pytest
import truststore

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.net import tls
from tests.origin import Origin, Reply, cacert
from tests.running import run_command
from tests.support import sample

GOOD = {"/api/v2/summary.json": Reply(body=sample("statuspage/summary.json"))}
OURS = "trustme"


def trusted(cacert: Path | None = None, environ: Mapping[str, str] | None = None) -> list[str]:
    """The organisations whose certificates a context already holds."""
    context = tls.contexts(cacert, environ or {})()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    return sorted({_organisation(one) for one in context.get_ca_certs()})


def _organisation(certificate: Mapping[str, object]) -> str:
    subject = certificate["subject"]
    assert isinstance(subject, tuple)
    names = dict(pair for ((pair),) in subject)
    return str(names.get("organizationName", names.get("commonName", ""))).split()[0]


@pytest.fixture
def nothing_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A Linux system without any certificates, and a folder for its own."""
    monkeypatch.setattr(sys, "platform", "linux")
    paths = SimpleNamespace(openssl_capath=str(tmp_path / "certs"), openssl_cafile="")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr(tls, "_BUNDLES", (str(tmp_path / "bundle.pem"),))
    return tmp_path


# Named authorities


def test_cacert_replaces_everything() -> None:
    nowhere = {"SSL_CERT_FILE": "/nowhere", "SSL_CERT_DIR": "/nowhere"}
    assert trusted(cacert(), nowhere) == [OURS]


def test_the_variable_names_a_file() -> None:
    assert trusted(None, {"SSL_CERT_FILE": str(cacert()), "SSL_CERT_DIR": ""}) == [OURS]


def test_the_variables_count_together() -> None:
    folder = str(cacert().parent)
    assert trusted(None, {"SSL_CERT_FILE": str(cacert()), "SSL_CERT_DIR": folder}) == [OURS]


@pytest.mark.parametrize("folders", ["{}", "{}:/nowhere", "/nowhere:{}"])
def test_a_folder_alone_leaves_the_systems_roots_out(
    tmp_path: Path, folders: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "_load_system", lambda _context: pytest.fail("the system's roots"))
    assert trusted(None, {"SSL_CERT_DIR": folders.format(tmp_path)}) == []


def test_empty_variables_are_unset(nothing_trusted: Path) -> None:
    (nothing_trusted / "bundle.pem").write_bytes(cacert().read_bytes())
    assert trusted(None, {"SSL_CERT_FILE": "", "SSL_CERT_DIR": ""}) == [OURS]


@pytest.mark.parametrize("origin", ["--cacert", "SSL_CERT_FILE"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.pem", "{path}: No such file or directory"),
        ("empty.pem", "{path} contains no PEM certificate"),
        ("der.pem", "{path} contains no PEM certificate"),
        ("folder", "{path}: Is a directory"),
    ],
)
def test_a_file_that_cannot_be_used_says_who_named_it(
    tmp_path: Path, origin: str, name: str, said: str
) -> None:
    (tmp_path / "empty.pem").touch()
    (tmp_path / "der.pem").write_bytes(b"\x30\x82\x01\x0a")
    (tmp_path / "folder").mkdir()
    path = tmp_path / name
    with pytest.raises(UsageError) as caught:
        trusted(path if origin == "--cacert" else None, {"SSL_CERT_FILE": str(path)})
    assert str(caught.value) == f"{origin}: {said.format(path=path)}"


def test_a_folder_that_is_none_says_who_named_it(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    with pytest.raises(UsageError) as caught:
        trusted(None, {"SSL_CERT_DIR": str(folder)})
    assert str(caught.value) == f"SSL_CERT_DIR: {folder} is not a folder"


# The system's own


def test_a_hashed_folder_is_read_as_needed(nothing_trusted: Path) -> None:
    folder = nothing_trusted / "certs"
    folder.mkdir()
    (folder / "0a1b2c3d.0").write_bytes(cacert().read_bytes())
    (nothing_trusted / "bundle.pem").write_bytes(cacert().read_bytes())
    assert trusted() == []  # nothing is loaded until a handshake asks for it


def test_a_folder_without_hashes_is_no_store(nothing_trusted: Path) -> None:
    folder = nothing_trusted / "certs"
    folder.mkdir()
    (folder / "README").touch()
    (nothing_trusted / "bundle.pem").write_bytes(cacert().read_bytes())
    assert trusted() == [OURS]


@pytest.mark.parametrize("bundle", [False, True], ids=["no bundle", "an empty bundle"])
def test_a_system_without_roots_has_certifis(
    bundle: bool, nothing_trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bundle:
        (nothing_trusted / "bundle.pem").touch()
    (nothing_trusted / "certifi.pem").write_bytes(cacert().read_bytes())
    monkeypatch.setattr(certifi, "where", lambda: str(nothing_trusted / "certifi.pem"))
    assert trusted() == [OURS]


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_the_store_of_macos_and_windows_is_asked_by_a_context_a_thread(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    context = tls.contexts(None, {})
    first, second = context(), context()
    assert isinstance(first, truststore.SSLContext)
    assert first is not second


def test_a_named_file_replaces_the_store_of_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert trusted(cacert()) == [OURS]


# Through the command


def test_a_page_is_read_whose_authority_the_variable_names() -> None:
    with Origin(routes=GOOD) as origin:
        finished = run_command("check", origin.url, env={"SSL_CERT_FILE": str(cacert())})
    assert finished.code == 1


def test_a_page_is_unknown_whose_authority_nobody_named() -> None:
    with Origin(routes=GOOD) as origin:
        finished = run_command("check", origin.url)
    assert finished.code == 3
    assert "invalid certificate (" in finished.err


def test_a_missing_file_is_a_usage_error_before_anything_is_asked(tmp_path: Path) -> None:
    with Origin(routes=GOOD) as origin:
        finished = run_command("check", origin.url, "--cacert", str(tmp_path / "nowhere.pem"))
    assert (finished.code, finished.out) == (2, "")
    assert finished.err == (
        f"outlogger: --cacert: {tmp_path / 'nowhere.pem'}: No such file or directory\n"
    )
    assert origin.seen == []
