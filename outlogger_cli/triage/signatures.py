"""The words of tools and clients that failed, one line of `signatures.csv` each.

A signature is text of one line in which `*` is any text; case does not count. Its vendor is the
one that the tool talks to unless the log names another host; without a vendor the signature only
says that a request failed, and the host beside it names the vendor.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from outlogger_cli.domain.values import frozen

TABLE = Path(__file__).with_name("signatures.csv")

_START = rb"(?<![a-z0-9_.])"
_GAP = rb".{0,400}?"


@frozen
class Signature:
    """`entry` is as shown to users; `slug` and `product` are None if the host tells them."""

    entry: str
    slug: str | None
    product: str | None
    pattern: re.Pattern[bytes]


@cache
def table() -> tuple[Signature, ...]:
    """Every signature, in the order of the file."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.reader(file)][1:]
    return tuple(
        Signature(
            entry=entry.strip(),
            slug=slug or None,
            product=product or None,
            pattern=re.compile(_START + _GAP.join(map(re.escape, _parts(entry)))),
        )
        for entry, slug, product in rows
    )


def matching(line: bytes) -> list[Signature]:
    """The signatures in `line`, which is in lower case."""
    starts, by_start = _starts()
    found = {
        one.entry: one
        for start in starts.finditer(line)
        for one in by_start[start[1]]
        if one.pattern.match(line, start.start())
    }
    return [*found.values()]


def places(text: bytes) -> Iterator[int]:
    """Yield where in `text` a signature of a vendor's tool may start, in any order."""
    for start in {_parts(one.entry)[0][:_STEM] for one in table() if one.slug}:
        at = text.find(start)
        while at >= 0:
            yield at
            newline = text.find(b"\n", at)
            at = text.find(start, newline) if newline >= 0 else -1


@cache
def _starts() -> tuple[re.Pattern[bytes], dict[bytes, list[Signature]]]:
    """A pattern for the first words of all signatures, and the signatures by them."""
    found: dict[bytes, list[Signature]] = {}
    for one in table():
        found.setdefault(_parts(one.entry)[0][:_SHORTEST], []).append(one)
    return re.compile(b"(?=(" + b"|".join(map(re.escape, found)) + b"))"), found


_STEM = 8
"""Bytes of a signature that are searched for in a whole text."""

_SHORTEST = 4
"""Bytes of a signature that are looked for first."""


def _parts(entry: str) -> list[bytes]:
    return [part.encode() for part in entry.lower().split("*")]
