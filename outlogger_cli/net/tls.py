"""The certificate authorities that are trusted. Verification cannot be turned off."""

import os
import ssl
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.system import paths

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # the BSDs
)


def contexts(cacert: Path | None, environ: Mapping[str, str]) -> Callable[[], ssl.SSLContext]:
    """A function that returns a TLS context; it may be called from any thread.

    `cacert` replaces all other authorities, as in curl; else SSL_CERT_FILE and SSL_CERT_DIR do;
    else the system's are used. Raises `UsageError` for a missing file or one without certificates.
    """
    file, folder = _named(cacert, environ)
    if not file and not folder and sys.platform in {"darwin", "win32"}:
        return _system_store
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if file or folder:
        _load_named(context, file, folder)
    else:
        _load_system(context)
    return lambda: context


def _system_store() -> ssl.SSLContext:
    """A new context for each caller: truststore's holds a lock during every handshake."""
    import truststore  # a dependency on macOS and Windows only

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _named(
    cacert: Path | None, environ: Mapping[str, str]
) -> tuple[tuple[str, Path] | None, tuple[str, Path] | None]:
    if cacert:
        return ("--cacert", cacert), None
    file, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    return (
        ("SSL_CERT_FILE", Path(file)) if file else None,
        ("SSL_CERT_DIR", Path(folder)) if folder else None,
    )


def _load_named(
    context: ssl.SSLContext, file: tuple[str, Path] | None, folder: tuple[str, Path] | None
) -> None:
    if file:
        origin, path = file
        try:
            context.load_verify_locations(cafile=path)
        except ssl.SSLError:
            raise UsageError(f"{origin}: {path} contains no PEM certificate") from None
        except OSError as error:
            raise UsageError(f"{origin}: {path}: {error.strerror}") from None
    if folder:
        origin, path = folder
        if not any(paths.is_folder(Path(one)) for one in str(path).split(os.pathsep)):
            raise UsageError(f"{origin}: {path} is not a folder")
        context.load_verify_locations(capath=path)


def _load_system(context: ssl.SSLContext) -> None:
    """Load the system's authorities, else those of certifi.

    OpenSSL reads a hashed folder as needed, in under 1 ms; loading a bundle takes 25 ms.
    """
    usual = ssl.get_default_verify_paths()
    if _is_hashed(usual.openssl_capath):
        context.load_verify_locations(capath=usual.openssl_capath)
        return
    for bundle in (usual.openssl_cafile, *_BUNDLES):
        if paths.is_file(Path(bundle)):
            with suppress(ssl.SSLError, OSError):  # an empty or unreadable one
                context.load_verify_locations(cafile=bundle)
                return
    import certifi  # rarely needed

    context.load_verify_locations(cafile=certifi.where())


def _is_hashed(folder: str) -> bool:
    """Whether `folder` has OpenSSL's links by hash, such as `5ed36f99.0`."""
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(".0") for entry in entries)
    except OSError:
        return False
