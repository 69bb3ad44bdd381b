"""The routes. Only `/probe` reads a page; no other request waits for a reading."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from html import escape
from time import monotonic

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.render.html.style import STYLE
from outlogger_cli.serve.probes import AT_A_TIME, BusyError, Probes
from outlogger_cli.serve.site import METRICS, Pages

_RETRY = {"Retry-After": "2"}


@frozen
class Body:
    """A rendered resource. Its `etag` changes with its content."""

    content: bytes
    etag: str
    at: float


class Bodies:
    """Renders each resource in a thread, at most once a second for all requests."""

    def __init__(self) -> None:
        self._kept: dict[str, Body] = {}
        self._running: dict[str, asyncio.Task[Body]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="render")

    async def get(self, key: str, render: Callable[[], bytes]) -> Body:
        self._kept = {key: body for key, body in self._kept.items() if monotonic() - body.at < 1}
        if key in self._kept:
            return self._kept[key]
        if key not in self._running:
            self._running[key] = asyncio.create_task(self._render(key, render))
        return await asyncio.shield(self._running[key])  # others may wait for it, too

    async def _render(self, key: str, render: Callable[[], bytes]) -> Body:
        at = monotonic()
        try:
            loop = asyncio.get_running_loop()
            content = await loop.run_in_executor(self._thread, render)
            body = Body(content=content, etag=f'"{sha256(content).hexdigest()[:24]}"', at=at)
            self._kept[key] = body
            return body
        finally:
            del self._running[key]


def create(pages: Pages, probes: Probes) -> Starlette:
    """The application without its guard."""
    bodies = Bodies()

    async def resource(request: Request) -> Response:
        path, refresh = request.scope["path"], request.query_params.get("refresh") != "off"
        found = pages.resources.get(path)
        if found is None:
            raise HTTPException(404)
        if found.whole and not pages.readings.is_complete:
            return PlainTextResponse(f"not ready: {pages.progress()}\n", 503, _RETRY)
        body = await bodies.get(f"{path} {refresh}", partial(found.body, refresh))
        headers = {"ETag": body.etag, "Cache-Control": "no-cache"}
        asked = request.headers.get("if-none-match", "").split(",")
        known = {tag.strip().removeprefix("W/") for tag in asked}
        if known & {"*", body.etag}:
            return Response(status_code=304, headers=headers)
        media_type = f"{found.media_type}; charset=utf-8"
        return Response(body.content, 200, headers, media_type)

    async def probe(request: Request) -> Response:
        names = request.query_params.getlist("target")
        if len(names) != 1:
            return PlainTextResponse("name one vendor, as in /probe?target=github\n", 400)
        try:
            report = await probes.read(names[0])
        except UsageError as error:
            return PlainTextResponse(f"{error}\n", 404)
        except BusyError:
            text = f"{AT_A_TIME} vendors are being read; try again in a few seconds\n"
            return PlainTextResponse(text, 503, {"Retry-After": "5"})
        headers = {"Cache-Control": "no-store"}
        return Response(pages.probe(report), 200, headers, f"{METRICS}; charset=utf-8")

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    async def ready(_request: Request) -> Response:
        if pages.readings.is_complete:
            return PlainTextResponse("ready\n", headers={"Cache-Control": "no-store"})
        return PlainTextResponse(f"not ready: {pages.progress()}\n", 503, _RETRY)

    paths = (
        *("/", "/vendors/{slug}", "/metrics", "/api/v1/status", "/api/v1/vendors/{slug}"),
        *("/incidents.atom", "/maintenance.ics"),
    )
    application = Starlette(
        routes=[
            *(Route(path, resource, methods=["GET"]) for path in paths),
            Route("/probe", probe, methods=["GET"]),
            Route("/healthz", alive, methods=["GET"]),
            Route("/readyz", ready, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _refuse},
    )
    application.router.redirect_slashes = False
    return application


_REFUSALS = {
    404: "There is nothing at this address. The overview is at /",
    405: "This server is read only: use GET.",
}


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    text, headers = _REFUSALS.get(error.status_code, error.detail), error.headers
    path = request.scope["path"]
    if path.startswith("/api/"):
        return JSONResponse({"error": text}, error.status_code, headers)
    if path == "/" or path.startswith("/vendors/"):
        page = (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{error.status_code}</title><style>{STYLE}</style></head><body><main>"
            f"<h1>{error.status_code}</h1><p>{escape(text)}</p>"
            '<p><a href="/">All vendors</a></p></main></body></html>\n'
        )
        return HTMLResponse(page, error.status_code, headers)
    return PlainTextResponse(f"{line(text)}\n", error.status_code, headers)
