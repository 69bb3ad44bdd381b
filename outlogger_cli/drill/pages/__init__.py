"""The shelf of acted pages: a snapshot as the documents of a platform, one module each.

The way back from what `platforms` parses: a module's `documents` makes of a snapshot every
document that its platform is asked for, by path, the one that decides whether the page is read
first. Text is HTML, everything else JSON. What a platform has no word for is left out; its format
is described in the module of the same name in `platforms`.
"""

import hashlib
import json
from importlib import import_module
from typing import Protocol, cast

from outlogger_cli.domain.model import Snapshot

PLATFORMS = ("statuspage", "incidentio", "instatus", "statusio", "betterstack")
"""Every platform whose pages can be acted out."""


class Writer(Protocol):
    """What a module offers."""

    def documents(self, page: Snapshot, /) -> dict[str, object]: ...


def documents(page: Snapshot, platform: str) -> dict[str, bytes]:
    """The bodies of the documents of `page` by path, as `platform`, one of `PLATFORMS`, has them.

    The paths stand below that of the page's own address.
    """
    writer = cast(Writer, import_module(f"{__name__}.{platform}"))
    return {
        path: written.encode() if isinstance(written, str) else json.dumps(written).encode()
        for path, written in writer.documents(page).items()
    }


def identity(*words: str) -> str:
    """24 hexadecimal digits, the same for the same words; platforms cut their ids from them."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:24]
