"""The watchlist a command works on: what it holds, edits of it, and what is said of them."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path

from outlogger_cli.cli.commands.watchlist.naming import by_slug, refuse_other_page
from outlogger_cli.cli.options import WatchlistOptions
from outlogger_cli.domain.text import line
from outlogger_cli.domain.values import frozen
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.paths import Located
from outlogger_cli.system.runtime import Runtime
from outlogger_cli.watchlist import edit as watchlist_edit
from outlogger_cli.watchlist import store
from outlogger_cli.watchlist.exchange import page_of, platform_of, shown_name
from outlogger_cli.watchlist.schema import Entry, Watchlist, load, parse


@frozen
class Change:
    """What became of one entry; `before` is None where it is new."""

    before: Entry | None
    after: Entry

    @property
    def keys(self) -> list[str]:
        """The keys that have another value."""
        names = [key.name for key in fields(Entry)]
        return [n for n in names if getattr(self.before, n, None) != getattr(self.after, n)]


@frozen
class Opened:
    """`known` is empty where there is no file yet."""

    runtime: Runtime
    located: Located
    known: Watchlist
    quiet: bool

    @property
    def path(self) -> Path:
        return self.located.path

    @property
    def shown_path(self) -> str:
        return line(str(self.path))

    def tell(self, text: str) -> None:
        """A line on standard output, unless the user wants none."""
        if not self.quiet:
            terminal.write(self.runtime.stdout, f"{line(text)}\n")

    def note(self, text: str) -> None:
        """A line on standard error, unless the user wants none."""
        if not self.quiet:
            terminal.tell(self.runtime.stderr, f"{line(text)}\n")

    def note_absence(self) -> None:
        """Say so where there is no file."""
        if not paths.is_there(self.path):
            self.note(f"there is no {self.shown_path} yet; make it: outlogger watchlist add NAME")

    def note_emptiness(self) -> None:
        """Say so where nobody is on the list, or there is none."""
        self.note_absence()
        if paths.is_there(self.path) and not self.known.vendors:
            self.note(f"{self.shown_path} lists no vendor; add one: outlogger watchlist add NAME")

    def take_in(self, entries: Iterable[Entry], *, moved: bool = False) -> list[Change]:
        """Put `entries` on the list in one edit; what became of each, in their order.

        Raises `UsageError` where a slug has come to stand for another page meanwhile, unless the
        page `moved` and the slug is to stand for the new one.
        """
        wanted = {entry.slug.lower(): entry for entry in entries}
        seen: list[Watchlist] = []

        def edit(text: str) -> str:
            before = parse(text, self.path)
            for entry in wanted.values():
                if not moved and entry.url and (other := by_slug(entry.slug, before)):
                    refuse_other_page(other, entry.url)
            edited = watchlist_edit.add(text, wanted.values())
            seen[:] = before, parse(edited, self.path)
            return edited

        fresh = not paths.is_file(self.path)
        if store.change(self.path, edit) and fresh:
            self.note(f"Made the watchlist {self.shown_path}")
        before, after = seen
        found = [(by_slug(slug, before), by_slug(slug, after)) for slug in wanted]
        return [Change(before=old, after=new) for old, new in found if new]

    def tell_changes(self, changes: Iterable[Change], about: Mapping[str, str]) -> None:
        """A line for each; `about` says by slug what was found on the pages that were read."""
        for change in changes:
            entry, name = change.after, shown_name(change.after)
            if change.before is None:
                self.tell(f"Added {about.get(entry.slug) or _unchecked(entry)}")
            elif change.keys:
                self.tell(f"Changed {name}: {', '.join(change.keys)}")
            else:
                self.tell(f"{name} is on the list already")


def open_list(
    runtime: Runtime, where: WatchlistOptions, *, quiet: bool, missing: bool = True
) -> Opened:
    """The watchlist that applies. Unless it may be `missing`, one that was named must be there.

    Raises `ConfigError` where it is no good one.
    """
    opened = unread(runtime, where, quiet=quiet)
    if paths.is_file(opened.path) or (opened.located.named and not missing):
        return replace(opened, known=load(opened.path))
    return opened


def unread(runtime: Runtime, where: WatchlistOptions, *, quiet: bool) -> Opened:
    """The place of the watchlist that applies, with nothing known of what is in it."""
    located = paths.watchlist(where.watchlist, runtime.environ, runtime.cwd)
    known = Watchlist(path=located.path)
    opened = Opened(runtime=runtime, located=located, known=known, quiet=quiet)
    if located.foreign:
        opened.note(located.passed_over)
    return opened


def _unchecked(entry: Entry) -> str:
    facts = (page_of(entry), platform_of(entry), "not checked")
    return f"{shown_name(entry)} ({', '.join(fact for fact in facts if fact)})"
