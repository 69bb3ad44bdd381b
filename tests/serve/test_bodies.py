"""What several requests for the same resource share."""

import asyncio
import threading

from outlogger_cli.serve.app import Bodies, Body
from tests.running import PATIENCE


def test_requests_that_come_while_a_resource_is_rendered_share_it() -> None:
    released, rendered = threading.Event(), list[str]()

    def render() -> bytes:
        rendered.append("once")
        assert released.wait(PATIENCE)
        return b"page"

    async def ask_twice() -> list[Body]:
        bodies = Bodies()
        asked = [asyncio.create_task(bodies.get("/", render)) for _ in range(2)]
        await asyncio.sleep(0)  # both have asked
        released.set()
        return await asyncio.gather(*asked)

    first, second = asyncio.run(ask_twice())
    assert first is second
    assert (first.content, rendered) == (b"page", ["once"])
