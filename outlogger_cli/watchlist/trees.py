"""Find vendors in the values of JSON, YAML and TOML, whatever program wrote them.

A vendor is an object with an address or a slug. In a list of vendors it may also be an object
with a name, a text, or a key. Which lists are lists of vendors is known by their keys, or because
the document holds nothing else.
"""

from collections.abc import Iterator
from typing import Any

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.text import line
from outlogger_cli.platforms import BUILT_IN
from outlogger_cli.watchlist import addresses
from outlogger_cli.watchlist.records import Record, chosen, named, standard
from outlogger_cli.watchlist.schema import VENDOR_KEYS, is_slug

KEY_LIMIT = 50_000
"""Keys of objects that are searched for vendors."""

_VENDORS = {
    *("vendors", "services", "providers", "items", "pages", "status pages", "statuspages", "names"),
    *("products", "companies", "suppliers", "tools", "entries"),
}
"""Keys of lists that hold vendors and nothing else."""

_ADDRESSES = {"endpoints", "targets", "urls", "feeds", "monitors", "links", "resources"}
"""Keys of lists that hold addresses of all kinds."""

_OWN_KEYS = {key.name for key in VENDOR_KEYS if not key.secret}
_REPORT = {"schema_version", "verdict", "vendors"}


def records(tree: Any, name: str, *, strict: bool) -> Iterator[Record]:
    """The vendors in `tree`, in its order; errors call it `name`.

    Unless it is a list of vendors, an address in a `strict` one must look like a status page's.
    """
    if isinstance(tree, dict):
        if len(tree) > KEY_LIMIT:
            raise _too_large(name)
        if tree.keys() >= _REPORT:  # of this program: selection and threshold are not in it
            kept = ("slug", "name", "url", "platform")
            rows = tree["vendors"] if isinstance(tree["vendors"], list) else []
            tree = [{k: row.get(k) for k in kept} for row in rows if isinstance(row, dict)]
        elif not _address_of(tree) and tree and all(map(_is_url, tree.values())):
            strict = False
    found = _Search(name=name, strict=strict)
    yield from found.root(tree)


def _too_large(name: str) -> ConfigError:
    return ConfigError(f"{name}: has more than {KEY_LIMIT} keys: not a list of vendors")


class _Search:
    __slots__ = ("count", "name", "searched", "strict")

    def __init__(self, *, name: str, strict: bool) -> None:
        self.name = name
        self.strict = strict
        self.count = 0
        self.searched = 0

    def root(self, tree: Any) -> Iterator[Record]:
        if not isinstance(tree, dict) or _address_of(tree):
            yield from self.vendors([tree] if isinstance(tree, dict) else tree, self.strict)
            return
        inner = [value for value in tree.values() if isinstance(value, list | dict)]
        if not inner and any(map(_is_url, tree.values())):
            yield from self.vendors(tree, self.strict)
        elif len(inner) == 1:
            (key,) = (key for key, value in tree.items() if isinstance(value, list | dict))
            is_vendor = isinstance(inner[0], dict) and _address_of(inner[0])
            strict = self.strict and standard(key) not in _VENDORS
            yield from self.vendors({key: inner[0]} if is_vendor else inner[0], strict)
        else:
            yield from self.others(tree, self.strict)

    def vendors(self, value: Any, strict: bool) -> Iterator[Record]:
        """The vendors in a list of them, or in an object whose keys are their names."""
        if isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    yield from self.object(one, strict, is_vendor=True)
                elif isinstance(one, list):
                    yield from self.vendors(one, strict)
                else:
                    yield self.record({"": one} if not isinstance(one, str) else named(one), strict)
        elif isinstance(value, dict):
            if _address_of(value) or _holds_lists(value):
                yield from self.object(value, strict, is_vendor=True)
                return
            for key, one in value.items():
                if isinstance(one, str) and (_is_url(one) or addresses.is_host(one)):
                    yield self.record({"name": key, "url": one}, strict, key)
                elif isinstance(one, dict) and not _holds_lists(one):
                    yield self.record({"name": key} | _values(one), strict, key)
                elif one is None:
                    yield self.record({"name": key}, strict, key)
                else:
                    yield from self.others({key: one}, strict)

    def object(self, value: dict[str, Any], strict: bool, *, is_vendor: bool) -> Iterator[Record]:
        """An object that is a vendor, or holds others."""
        if is_vendor and all(map(_is_url, value.values())) and not _address_of(value):
            yield from self.vendors(value, strict)
        elif _address_of(value) or (is_vendor and not _holds_lists(value)):
            yield self.record(_values(value), strict and value.get("type") not in BUILT_IN)
        else:
            yield from self.others(value, strict)

    def others(self, value: dict[str, Any], strict: bool) -> Iterator[Record]:
        """The vendors anywhere in an object that is not one."""
        self.searched += len(value)
        if self.searched > KEY_LIMIT:
            raise _too_large(self.name)
        for key, one in value.items():
            head = standard(key)
            if head in _VENDORS:
                yield from self.vendors(one, strict=False)
            elif head in _ADDRESSES:
                yield from self.vendors(one, strict)
            elif isinstance(one, dict):
                yield from self.object(one, strict, is_vendor=False)
            elif isinstance(one, list):
                for inner in one:
                    if isinstance(inner, dict):
                        yield from self.object(inner, strict, is_vendor=False)

    def record(self, values: dict[str, Any], strict: bool, key: str = "") -> Record:
        self.count += 1
        place = line(key) or f"item {self.count}"
        return Record(where=f"{self.name}: {place}", values=values, strict=strict)


def _values(value: dict[str, Any]) -> dict[str, Any]:
    own = {key: one for key, one in value.items() if key in _OWN_KEYS}
    return own | chosen(value)


def _address_of(value: dict[str, Any]) -> bool:
    """Whether the object is about one vendor."""
    found = chosen(value)
    url = found.get("url", "")
    slug = found.get("slug", "")
    return "://" in url or addresses.is_host(url) or is_slug(slug)


def _holds_lists(value: dict[str, Any]) -> bool:
    """Whether lists of vendors or of addresses may be in the object."""
    return any(
        standard(key) in _VENDORS | _ADDRESSES or (isinstance(one, list) and key not in _OWN_KEYS)
        for key, one in value.items()
        if isinstance(one, list | dict)
    )


def _is_url(value: object) -> bool:
    return isinstance(value, str) and addresses.is_address(value)
