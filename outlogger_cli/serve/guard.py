"""What holds for every answer: the hosts that are answered for, security headers, and the log."""

import re
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outlogger_cli.domain.text import line
from outlogger_cli.render.html.style import STYLE, policy

HEADERS = {
    "Content-Security-Policy": f"{policy(STYLE)}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_ABSOLUTE = "http://"
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::[0-9]{1,5})?")


class Guard:
    """Answers 421 unless the request is for one of `hosts`, or for the address it arrived at.

    A page on the web can make its reader's browser ask a server on loopback, under a name of its
    own (DNS rebinding). It cannot make it send an address as the host.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        *,
        say: Callable[[str], None],
        log: Callable[[str], None] | None,
    ) -> None:
        self._app = app
        self._hosts = {"localhost", *hosts}
        self._say = say
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.monotonic()
        status = 500
        asked = [Headers(scope=scope).get("host", "")]
        if scope["path"].startswith(_ABSOLUTE):  # a request as to a proxy: RFC 9112, 3.2.2
            host, _, path = scope["path"].removeprefix(_ABSOLUTE).partition("/")
            asked.append(host)
            scope = {**scope, "path": f"/{path}"}

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        request = f"{scope['method']} {line(scope['path'])}"
        try:
            await self._answer(asked, scope["server"][0])(scope, receive, send_guarded)
        except Exception as error:
            self._say(f"{request}: this is a bug ({type(error).__name__}: {line(str(error))})")
            raise
        finally:
            if self._log:
                milliseconds = round((time.monotonic() - began) * 1000)
                self._log(f"{scope['client'][0]} {request} {status} {milliseconds} ms")

    def _answer(self, hosts: Iterable[str], address: str) -> ASGIApp:
        if all(self._is_own(host, address) for host in hosts):
            return self._app
        return PlainTextResponse(
            "This server does not answer for this host. To allow a name: --host NAME\n", 421
        )

    def _is_own(self, text: str, address: str) -> bool:
        """Whether the host in `text` is one of this server, which was asked at `address`."""
        found = _HOST.fullmatch(text)
        host = found[1].lower().removesuffix(".") if found else ""
        return host in self._hosts or (bool(host) and _plain(host) == _plain(address))


def _plain(address: str) -> str:
    """An address in its usual form; other text as it is."""
    try:
        found = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)
