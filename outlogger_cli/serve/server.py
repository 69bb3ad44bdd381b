"""Listens, reads in rounds, answers, and ends at SIGINT or SIGTERM."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import uvicorn

from outlogger_cli.domain.errors import OutloggerError
from outlogger_cli.domain.model import Vendor
from outlogger_cli.render import View
from outlogger_cli.serve.address import Address
from outlogger_cli.serve.app import create
from outlogger_cli.serve.connection import Connection
from outlogger_cli.serve.guard import Guard
from outlogger_cli.serve.probes import Probes
from outlogger_cli.serve.readings import Readings
from outlogger_cli.serve.site import Pages

CONNECTIONS = 512
"""Connections at a time; more get 503. Reading pages needs file descriptors, too."""

_GRACE = 2
"""Seconds that answers under way have once the server is to end."""


def run(
    sock: socket.socket,
    readings: Readings,
    *,
    find: Callable[[str], Vendor],
    view: View,
    hosts: Iterable[str],
    pause: Callable[[], float],
    say: Callable[[str], None],
    log: Callable[[str], None] | None,
) -> None:
    """Serve on `sock` until SIGINT or SIGTERM. Raises what ended the rounds, if an error did.

    `find` returns the vendor of a name, or raises `UsageError`. `say` tells the user what went
    wrong, `log` gets a line for each request.
    """
    _silence()
    application = create(Pages(readings, view), Probes(readings, find))
    server = uvicorn.Server(
        uvicorn.Config(
            Guard(application, hosts, say=say, log=log),
            loop="asyncio",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=_GRACE,
        )
    )

    async def serve() -> None:
        rounds = asyncio.create_task(_rounds(readings, pause, say))
        rounds.add_done_callback(partial(_stop, server))
        await server.serve([sock])
        if rounds.done():
            rounds.result()

    # Uvicorn handles signals only while it runs, and raises them again when it has ended.
    stop = partial(_stop, server)
    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        _announce(sock, say)
        asyncio.run(serve())
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


async def _rounds(
    readings: Readings, pause: Callable[[], float], say: Callable[[str], None]
) -> None:
    """Read in rounds. A round that this machine refuses, as for want of threads, is retried."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="rounds")
    loop = asyncio.get_running_loop()
    while True:
        try:
            await loop.run_in_executor(thread, readings.read_round)
        except (OutloggerError, OSError, RuntimeError, MemoryError) as error:
            reason = str(error) or "out of memory"
            say(f"the pages could not be read ({reason}); trying again later")
        await asyncio.sleep(pause())


def _announce(sock: socket.socket, say: Callable[[str], None]) -> None:
    host, port, *_ = sock.getsockname()
    address = Address(host=host, port=port)
    say(f"Listening on http://{address}")
    if not address.is_loopback:
        say(
            f"warning: everyone who can reach {address} can read this; there is no login and no TLS"
        )


def _stop(server: uvicorn.Server, *_: object) -> None:
    server.should_exit = True


def _silence() -> None:
    """Keep libraries from writing to standard error: a client could fill a disk that way."""
    for name in ("asyncio", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [logging.NullHandler()], False
