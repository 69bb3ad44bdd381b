"""The watchlist a command works on: its content, edits of it, and messages about them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from outlogger_cli.cli.options import WatchlistOptions
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen, replace
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import edit, resolve, store
from outlogger_cli.watchlist.pages import page_of, platform_of, shown_name
from outlogger_cli.watchlist.schema import VENDOR_KEYS, Entry, Watchlist, parse


@frozen
class Change:
    """What an edit did to one entry; `before` is None if it is new."""

    before: Entry | None
    after: Entry

    @property
    def keys(self) -> list[str]:
        """The keys whose values differ."""
        names = ["slug", *(key.name for key in VENDOR_KEYS)]
        return [n for n in names if getattr(self.before, n, None) != getattr(self.after, n)]


@frozen
class Target:
    """The watchlist that applies; `watchlist` is empty if there is no file yet."""

    runtime: Runtime
    located: Located
    watchlist: Watchlist
    quiet: bool

    @property
    def path(self) -> Path:
        return self.located.path

    @property
    def shown_path(self) -> str:
        return line(str(self.path))

    def print(self, text: str) -> None:
        """Write a line to standard output, unless the user wants none."""
        if not self.quiet:
            terminal.write(self.runtime.stdout, f"{line(text)}\n")

    def note(self, text: str) -> None:
        """Write a line to standard error, unless the user wants none."""
        if not self.quiet:
            terminal.tell(self.runtime.stderr, f"{line(text)}\n")

    @property
    def absence(self) -> str:
        """How to create the missing file, "" if it exists."""
        if paths.is_there(self.path):
            return ""
        return f"{self.shown_path} does not exist; to create it: outlogger watchlist add NAME"

    @property
    def emptiness(self) -> str:
        """That the list has no vendors, or that there is none, "" if it has some."""
        if self.absence or self.watchlist.vendors:
            return self.absence
        return f"{self.shown_path} is empty; to add a vendor: outlogger watchlist add NAME"

    def note_absence(self) -> None:
        """Note if the file is missing."""
        if self.absence:
            self.note(self.absence)

    def note_emptiness(self) -> None:
        """Note if the list has no vendors, or is missing."""
        if self.emptiness:
            self.note(self.emptiness)

    def add(self, entries: Iterable[Entry], *, moved: bool = False) -> list[Change]:
        """Add `entries` to the file in one edit; return the changes in their order.

        Tags are added to those that an entry has; what else is given replaces what it has.
        Raises `UsageError` if a slug has got another page meanwhile, unless the page `moved` and
        the slug is to have the new one.
        """
        wanted = {entry.slug.lower(): entry for entry in entries}
        states: list[Watchlist] = []

        def add_to(text: str) -> str:
            before = parse(text, self.path)
            listed = {entry.slug.lower(): entry for entry in before.vendors}
            merged = []
            for slug, entry in wanted.items():
                other = listed.get(slug)
                if other and entry.url and not moved:
                    resolve.refuse_other_page(other, entry.url)
                tags = dict.fromkeys((*(other.tags if other else ()), *entry.tags))
                merged.append(replace(entry, tags=tuple(tags) if entry.tags else ()))
            edited = edit.add(text, merged)
            states[:] = before, parse(edited, self.path)
            return edited

        fresh = not paths.is_file(self.path)
        if store.change(self.path, add_to) and fresh:
            self.note(f"Created watchlist {self.shown_path}")
        old_list, new_list = ({one.slug.lower(): one for one in state.vendors} for state in states)
        found = [(old_list.get(slug), new_list.get(slug)) for slug in wanted]
        return [Change(before=old, after=new) for old, new in found if new]

    def print_changes(self, changes: Iterable[Change], descriptions: Mapping[str, str]) -> None:
        """Write a line for each; `descriptions` are those of the pages that were read, by slug."""
        for change in changes:
            entry, name = change.after, shown_name(change.after)
            if change.before is None:
                facts = filter(None, (page_of(entry), platform_of(entry), "not checked"))
                unchecked = f"{name} ({', '.join(facts)})"
                self.print(f"Added {descriptions.get(entry.slug) or unchecked}")
            elif change.keys:
                self.print(f"Changed {name}: {', '.join(change.keys)}")
            else:
                self.print(f"{name} is already on the watchlist")


def open_target(
    runtime: Runtime, where: WatchlistOptions, *, quiet: bool, missing: bool = True
) -> Target:
    """The watchlist that applies. Unless it may be `missing`, one that was named must be there.

    Raises `ConfigError` if it is invalid.
    """
    target = locate(runtime, where, quiet=quiet)
    if paths.is_file(target.path) or (target.located.named and not missing):
        return replace(target, watchlist=resolve.load(target.path))
    return target


def locate(runtime: Runtime, where: WatchlistOptions, *, quiet: bool) -> Target:
    """The watchlist that applies, without reading its file."""
    located = paths.watchlist(where.watchlist, runtime.environ, runtime.cwd)
    target = Target(
        runtime=runtime, located=located, watchlist=Watchlist(path=located.path), quiet=quiet
    )
    if located.foreign:
        target.note(located.passed_over)
    return target
