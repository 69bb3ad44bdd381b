"""Check the bundled catalogue and the products: run `python -m tests.tools.check_catalog`.

Prints one line per fault and exits with 1, or prints the number of vendors.
"""

import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from urllib.parse import urlsplit

from outlogger_cli.catalog import catalog, products
from outlogger_cli.platforms import BUILT_IN

COLUMNS = ("slug", "name", "url", "platform", "evidence", "category", "aliases", "homepage")
PRODUCT_COLUMNS = ("alias", "slug", "name", "component")
SHARED_COLUMNS = ("name", "other")
EVIDENCE = ("known", "guess")
NO_READER = (
    "custom", "ibm-cloud", "lambstatus", "microsoft365", "okta", "pingdom",
)  # fmt: skip
"""Known software of status pages that cannot be read yet."""

CATEGORIES = (
    "ai", "analytics", "cdn-dns", "ci-cd", "cloud", "commerce", "communication", "crm-marketing",
    "database", "design", "developer-tools", "education", "email", "finance-payments",
    "healthcare", "hosting", "hr", "identity-security", "media", "monitoring", "other",
    "productivity", "storage", "support", "telecom",
)  # fmt: skip

_SLUG = re.compile(r"[A-Za-z0-9._-]+")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_FIRST = 2
"""The line of the first vendor, below the header."""


def faults(text: str) -> list[str]:
    """The faults of a catalogue, one sentence each, in the order of its lines."""
    header, *lines = text.splitlines()
    if header != ",".join(COLUMNS):
        return [f"line 1: the header must be {','.join(COLUMNS)}"]
    found = [
        (number, fault) for number, line in enumerate(lines, _FIRST) for fault in _line_faults(line)
    ]
    rows = [(n, line.split(",")) for n, line in enumerate(lines, _FIRST) if _is_whole(line)]
    found += [*_out_of_order(rows), *_used_twice(rows)]
    return [f"line {number}: {fault}" for number, fault in sorted(found)]


def _is_whole(line: str) -> bool:
    return line.count(",") == len(COLUMNS) - 1


def _line_faults(line: str) -> Iterator[str]:
    if not _is_whole(line):
        yield f"{line.count(',') + 1} fields where {len(COLUMNS)} belong (none may hold a comma)"
        return
    slug, name, url, platform, evidence, category, aliases, homepage = line.split(",")
    for field in line.split(","):
        if field != field.strip() or '"' in field or not field.isprintable():
            yield f"{field!r} has a quote, a control character or a space at an end"
    for word in (slug, *aliases.split(";")) if aliases else (slug,):
        if not _SLUG.fullmatch(word) or word != word.lower():
            yield f"{word!r} is not a valid slug: small letters, digits, dot, dash and underscore"
    if not name:
        yield "the name is empty"
    yield from _url_faults(url)
    if homepage and not _DOMAIN.fullmatch(homepage):
        yield f"homepage {homepage!r} is not a domain such as acme.example"
    software = ("", *dict.fromkeys((*BUILT_IN, *NO_READER)))
    words = (("platform", platform, software), ("evidence", evidence, EVIDENCE))
    for what, word, known in (*words, ("category", category, CATEGORIES)):
        if word not in known:
            yield f"{what} {word!r} is not one of: {', '.join(filter(None, known))}"


def _url_faults(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        yield f"{url!r} is not an address"
        return
    if parts.scheme != "https":
        yield f"{url!r} does not begin with https://"
    elif not _DOMAIN.fullmatch(parts.netloc):
        yield f"{url!r} needs a plain host, in small letters"
    if parts.query or parts.fragment or url.endswith("/"):
        yield f"{url!r} must end with its host or path, without slash, query or fragment"


def _out_of_order(rows: list[tuple[int, list[str]]]) -> Iterator[tuple[int, str]]:
    for (_, before), (number, row) in pairwise(rows):
        if row[0] < before[0]:
            yield number, f"{row[0]!r} stands after {before[0]!r}; lines are sorted by slug"


def _used_twice(rows: list[tuple[int, list[str]]]) -> Iterator[tuple[int, str]]:
    """Names that are used twice, and pages that two vendors have."""
    lines: dict[str, int] = {}
    for number, (slug, _, url, _, _, _, aliases, _) in rows:
        for word in filter(None, (slug, *aliases.split(";"), url)):
            if (key := word.lower()) in lines:
                yield number, f"{word!r} stands already on line {lines[key]}"
            lines.setdefault(key, number)


def product_faults(text: str) -> list[str]:
    """The faults of a table of products, as `faults`; vendors are looked up in the catalogue."""
    return _table_faults(text, PRODUCT_COLUMNS, _product_faults)


def shared_faults(text: str) -> list[str]:
    """The faults of a table of names that two vendors have, as `faults`."""
    return _table_faults(text, SHARED_COLUMNS, _shared_faults)


def _table_faults(
    text: str, columns: tuple[str, ...], check: Callable[..., Iterator[str]]
) -> list[str]:
    header, *lines = text.splitlines()
    if header != ",".join(columns):
        return [f"line 1: the header must be {','.join(columns)}"]
    found = []
    before = ""
    for number, line in enumerate(lines, _FIRST):
        fields = line.split(",")
        if len(fields) != len(columns) or not line.isprintable() or '"' in line:
            found.append(f"line {number}: {len(columns)} plain fields belong here")
            continue
        found += [f"line {number}: {fault}" for fault in check(*fields)]
        if fields[0] <= before:
            found.append(f"line {number}: {fields[0]!r} stands after {before!r}")
        before = fields[0]
    return found


def _product_faults(alias: str, slug: str, name: str, _component: str) -> Iterator[str]:
    if not _SLUG.fullmatch(alias) or alias != alias.lower():
        yield f"{alias!r} may hold small letters, digits, dot, dash and underscore"
    if not name:
        yield "the name is empty"
    vendor = catalog.find(slug)
    if vendor is None or vendor.slug != slug:
        yield f"{slug!r} is not a slug of the catalogue"
    if named := catalog.by_name(alias):
        yield f"{alias!r} is a name of {named.slug}, which is found first"


def _shared_faults(name: str, other: str) -> Iterator[str]:
    meant, others = (_slug(catalog.by_name(one) or products.find(one)) for one in (name, other))
    if not (meant and others) or meant == others:
        yield f"{name!r} ({meant}) and {other!r} ({others}) do not mean two vendors"


def _slug(found: catalog.Entry | products.Product | None) -> str | None:
    return found.slug if found else None


def main() -> int:
    tables = (
        (catalog.FILE, faults),
        (products.FILE, product_faults),
        (catalog.SHARED, shared_faults),
    )
    found = [
        f"{file.name}, {fault}"
        for file, check in tables
        for fault in check(file.read_text(encoding="utf-8"))
    ]
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    if not found:
        sys.stdout.write(f"{len(catalog.lines())} vendors, no faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
