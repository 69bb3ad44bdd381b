"""The proxy variables, read and checked once before anything is fetched."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from outlogger_cli.domain.errors import UsageError

_SCHEMES = {"http", "https", "socks5", "socks5h"}
_HOST = re.compile(r"[A-Za-z0-9_.-]+(:[0-9]{1,5})?")


def in_use(environ: Mapping[str, str]) -> dict[str, str | None]:
    """The proxy of each kind of address, by the patterns of httpx (`https://`, `all://*acme.example`);
    None for those that NO_PROXY takes out. Empty where no proxy is used.

    Raises `UsageError` naming the variable of an unusable one.
    """
    found: dict[str, str | None] = {}
    for scheme in ("http", "https", "all"):
        variable, value = _named(f"{scheme}_proxy", environ)
        if value:
            found[f"{scheme}://"] = _checked(variable, value)
    exempt = re.split(r"[\s,]+", _named("no_proxy", environ)[1])
    if not found or "*" in exempt:
        return {}
    return found | {pattern: None for entry in exempt if (pattern := _pattern(entry))}


def _named(name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The variable in lower or else in upper case, and its value; an empty one is unset.

    A web server passes a request's `Proxy` header to its scripts as HTTP_PROXY.
    """
    forged = name == "http_proxy" and "REQUEST_METHOD" in environ
    for variable in (name,) if forged else (name, name.upper()):
        if value := environ.get(variable, "").strip():
            return variable, value
    return name, ""


def _checked(variable: str, value: str) -> str:
    import httpx  # what is fetched next needs it in any case

    address = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.scheme in _SCHEMES and parts.port != 0
        usable = usable and " " not in address and bool(httpx.URL(address).host)
    except (ValueError, httpx.InvalidURL):
        usable = False
    if not usable:
        # The value may hold a password: it is never shown.
        raise UsageError(
            f"{variable} names no proxy that can be used: write http://HOST:PORT, https:// or"
            " socks5://, or unset it"
        )
    return address


def _pattern(entry: str) -> str | None:
    """The addresses that an entry of NO_PROXY means, None where it names no host (`fd00::/8`)."""
    from ipaddress import IPv6Address  # loaded only where there is a proxy

    host = entry.removeprefix("*").removeprefix(".")
    if _HOST.fullmatch(host):
        return f"all://*{host}"
    try:
        return f"all://[{IPv6Address(host.strip('[]'))}]"
    except ValueError:
        return None
