"""Shell completion: the words to choose from, and how each shell wants them written.

Typer finds the word that is completed. Suggestions come from the watchlist, the catalogue and the
cache, never from the network; what cannot be read suggests nothing. Names on a page or in a found
watchlist are untrusted. Typer's own output for zsh would run some of them as commands, so only
`answer` suggests them.
"""

import os
import re
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from typer._click.core import Command  # these have no public names
from typer._click.exceptions import ClickException
from typer._click.shell_completion import CompletionItem, ShellComplete
from typer._completion_classes import BashComplete, FishComplete, PowerShellComplete, ZshComplete

from outlogger_cli.domain.errors import ConfigError, ExitCode, OutloggerError, PageError, UsageError
from outlogger_cli.domain.model import Component, Depth, Vendor
from outlogger_cli.domain.text import line
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime

if TYPE_CHECKING:
    from outlogger_cli.system.paths import Located
    from outlogger_cli.watchlist.schema import Entry, Watchlist

VARIABLE = "_OUTLOGGER_COMPLETE"
"""Is `complete_SHELL` if a shell requests completion."""

LIMIT = 50
"""Vendors of the catalogue that are suggested at a time."""

_ANSWERED = "outlogger, as a shell asks"
"""The name of the root command while `answer` runs."""

Words = list[tuple[str, str]]
"""Words with a description each, which may be empty."""


def answer(command: Command, runtime: Runtime) -> int:
    """Write the completions for the shell that asks, and return the exit code.

    Nothing is written about an invalid line: it would appear in the middle of what the user types.
    fish asks by the exit code whether there is a completion.
    """
    shell = _SHELLS.get(runtime.environ[VARIABLE].removeprefix("complete_"))
    if shell is None:
        return ExitCode.USAGE
    try:
        said = shell(command, {"obj": runtime}, _ANSWERED, VARIABLE).complete()
    except SystemExit as ended:
        return ExitCode.OK if ended.code == 0 else ExitCode.PROBLEM
    except (ClickException, OutloggerError, OSError):
        return ExitCode.USAGE
    if said:  # PowerShell takes an empty line for a word
        terminal.tell(runtime.stdout, f"{said}\n")
    return ExitCode.OK


def vendors(ctx: typer.Context, incomplete: str) -> Words:
    """The vendors of the watchlist, then those of the catalogue; only the watchlist if there is
    one and nothing was typed yet."""
    own = listed(ctx, incomplete)
    if own and not incomplete:
        return own
    slugs = {slug.casefold() for slug, _ in own}
    return own + [one for one in catalogued(ctx, incomplete) if one[0].casefold() not in slugs]


def listed(ctx: typer.Context, incomplete: str) -> Words:
    """The vendors on the watchlist, in its order."""
    return _begun([(entry.slug, entry.name or "") for entry in _entries(ctx)], incomplete)


def catalogued(_ctx: typer.Context, incomplete: str) -> Words:
    """Up to `LIMIT` vendors of the catalogue."""
    from outlogger_cli.catalog import catalog

    begun = (row.split(",") for row in catalog.lines() if row.startswith(incomplete.lower()))
    return _begun([(slug, name) for slug, name, *_ in islice(begun, LIMIT)], incomplete)


def components(ctx: typer.Context, incomplete: str) -> Words:
    """The components and groups of the one vendor on the line, from the cache."""
    found = _stored(ctx)
    names = [(component.name, component.group or "") for component in found]
    return _begun([*names, *((group, "group") for _, group in names if group)], incomplete)


def muted(ctx: typer.Context, incomplete: str) -> Words:
    """The active mutes, as arguments of `unmute`."""
    from outlogger_cli.alerts.state import StateFolder
    from outlogger_cli.system import paths

    runtime: Runtime = ctx.obj
    mutes = StateFolder(paths.state()).mutes(runtime.now()) if _is_answered(ctx) else ()
    return _begun([(mute.name, "") for mute in mutes], incomplete)


def tags(ctx: typer.Context, _incomplete: str) -> list[str]:
    """The tags of the watchlist, in its order."""
    return list(dict.fromkeys(tag for entry in _entries(ctx) for tag in entry.tags))


def categories(_ctx: typer.Context, _incomplete: str) -> list[str]:
    """The categories of the catalogue."""
    from outlogger_cli.catalog import catalog

    return sorted({row.split(",")[5] for row in catalog.lines()})


def platforms(_ctx: typer.Context, _incomplete: str) -> list[str]:
    """The built-in platforms."""
    from outlogger_cli.platforms import BUILT_IN

    return sorted(BUILT_IN)


def formats(ctx: typer.Context, _incomplete: str) -> Words:
    """The formats of the command on the line."""
    from outlogger_cli.render import FORMATS, LIST_FORMATS

    names = getattr(ctx.command.callback, "formats", LIST_FORMATS)
    return [(name, FORMATS[name].summary if name in FORMATS else "") for name in names]


def scenarios(_ctx: typer.Context, _incomplete: str) -> list[str]:
    """The scenarios of the drill."""
    from outlogger_cli.drill import scenario

    return scenario.names()


def zones(_ctx: typer.Context, _incomplete: str) -> list[str]:
    """The time zones of all countries, and UTC."""
    from zoneinfo import TZPATH, available_timezones

    for folder in TZPATH:  # a table: listing the zones would open 600 files
        with suppress(OSError):
            table = Path(folder, "zone.tab").read_text(encoding="utf-8")
            named = [row.split("\t")[2] for row in table.splitlines() if row[:1] != "#"]
            return ["UTC", *sorted(named)]
    return sorted(available_timezones())


def _begun(words: Words, incomplete: str) -> Words:
    """The words that begin with what was typed, in the case that was typed: case does not matter
    here, but Typer and most shells drop a word that begins with another."""
    length, wanted = len(incomplete), incomplete.casefold()
    return [
        (incomplete + word[length:], meaning)
        for word, meaning in dict(words).items()
        if word[:length].casefold() == wanted
    ]


def _is_answered(ctx: typer.Context) -> bool:
    """Whether the shell gets its words quoted, because `answer` runs."""
    return ctx.find_root().info_name == _ANSWERED


def _entries(ctx: typer.Context) -> "tuple[Entry, ...]":
    known = _watchlist(ctx)[1] if _is_answered(ctx) else None
    return known.vendors if known else ()


def _watchlist(ctx: typer.Context) -> "tuple[Located, Watchlist | None]":
    """The watchlist that applies, None if there is none or it is invalid."""
    from outlogger_cli.system import paths

    runtime: Runtime = ctx.obj
    named = ctx.params.get("watchlist")  # text: only for the command does Typer make it a path
    located = paths.watchlist(Path(named) if named else None, runtime.environ, runtime.cwd)
    if not paths.is_file(located.path):
        return located, None
    from outlogger_cli.watchlist.store import load  # brings a TOML parser

    with suppress(ConfigError):
        return located, load(located.path)
    return located, None


def _stored(ctx: typer.Context) -> tuple[Component, ...]:
    """The components of the one vendor on the line; none if there are several, because the options
    that take components need exactly one."""
    from outlogger_cli.engine.page import wrap_parser_errors
    from outlogger_cli.watchlist import resolve

    if not _is_answered(ctx):
        return ()
    runtime: Runtime = ctx.obj
    located, known = _watchlist(ctx)
    try:
        vendor, *others = resolve.vendors(
            _named(ctx),
            watchlist=known,
            located=located,
            environ=runtime.environ,
        )
        return () if others else wrap_parser_errors(lambda: _last_read(vendor))
    except (UsageError, PageError):
        return ()


def _named(ctx: typer.Context) -> list[str]:
    """The vendors on the line. While an option has no value yet, Typer leaves them among the
    unparsed arguments."""
    given = [ctx.params.get(name) for name in ("vendors", "names", "vendor")]
    named = [[value] if isinstance(value, str) else value or () for value in given]
    return [*chain(*named), *ctx.args]


def _last_read(vendor: Vendor) -> tuple[Component, ...]:
    from outlogger_cli.engine.cache import Cache
    from outlogger_cli.engine.page import from_stored
    from outlogger_cli.system import paths

    stored = Cache(paths.pages()).load([vendor.url]).get(vendor.url)
    page = from_stored(stored, Depth.VERDICT) if stored else None
    return page.read(vendor).snapshot.components if page else ()


class _Safe(ShellComplete):
    """A shell that gets no word with a backslash or a control character: shells differ in how they
    read those, in the answer and again on the line."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        return [
            CompletionItem(item.value, help=line(item.help or ""))
            for item in super().get_completions(args, incomplete)
            if item.value and item.value.isprintable() and "\\" not in item.value
        ]


class _Bash(_Safe, BashComplete):
    """Takes a word as it will be on the line, without the quote that the user has opened."""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        # "--format=json" comes as three words
        return [word for word in args if word != "="], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        # the script joins the words by line breaks, as they stand on the line
        words = os.environ["COMP_WORDS"].split("\n")
        typed = "".join(words[int(os.environ["COMP_CWORD"]) :][:1])
        pattern, written = _BASH.get(typed[:1], _BASH[""])
        return re.sub(pattern, written, item.value)


_BASH = {
    "": (r"([^\w@%+,./-])", r"\\\1"),
    '"': (r"([\"$`])", r"\\\1"),
    "'": (r"'", r"'\\''"),
}
"""What is escaped, by the quote that is open."""


class _OneWord(_Safe):
    """A shell for which `--name=value` is one word, and which wants all of it."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        items = super().get_completions(args, incomplete)
        name, equals, _ = incomplete.partition("=")
        if equals and name.startswith("--"):
            for item in items:
                item.value = f"{name}={item.value}"
        return items


class _Zsh(_OneWord, ZshComplete):
    """Evaluates the answer, and text in single quotes twice; then wants a backslash before a colon.
    It quotes what it puts on the line itself."""

    def format_completion(self, item: CompletionItem) -> str:
        said = (text.translate(_ZSH) for text in (item.value, item.help) if text)
        return ":".join(f'"{text}"' for text in said)


_ZSH = str.maketrans({"\\": r"\\", '"': r"\"", "$": r"\$", "`": r"\`", "'": r"'\''", ":": r"\\:"})


class _Fish(_OneWord, FishComplete):
    """Quotes what it puts on the line itself."""

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.value}\t{item.help}" if item.help else str(item.value)


class _PowerShell(_OneWord, PowerShellComplete):
    """Takes a word as it will be on the line, with its quotes."""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        return args, incomplete.lstrip("'\"")

    def format_completion(self, item: CompletionItem) -> str:
        value = str(item.value)
        if not re.fullmatch(r"[\w./=-]+", value):
            # it reads curly quotes as straight ones
            value = "'" + re.sub("(['\u2018-\u201b])", r"\1\1", value) + "'"
        return f"{value}:::{item.help or ' '}"


_SHELLS: dict[str, type[ShellComplete]] = {
    "bash": _Bash,
    "zsh": _Zsh,
    "fish": _Fish,
    "powershell": _PowerShell,
    "pwsh": _PowerShell,
}
