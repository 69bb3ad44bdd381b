"""Generate the manual pages, in man(7), from `--help`, `outlogger help` and `KEYS`."""

import os
import re
from collections.abc import Iterable, Iterator
from textwrap import dedent
from typing import Any

import typer

from outlogger_cli import __version__
from outlogger_cli.cli import app
from outlogger_cli.cli.command_line import explained_arguments, grouped_options
from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.cli.help import TOPICS
from outlogger_cli.render import FORMATS
from outlogger_cli.system import paths
from outlogger_cli.watchlist.schema import KEYS, Key
from tests.tools.check_tag import CHANGELOG, newest_date

FILES = {
    "~/.config/outlogger/watchlist.toml": "the user's watchlist",
    "outlogger.toml": "a project's watchlist, in this folder or a parent",
    "~/.cache/outlogger/pages": "stored readings",
    "~/.local/state/outlogger": "mutes and what was notified",
}
"""The files on Linux: a page must be the same on whatever system it is generated."""

SAMPLES = {
    "name": '"Acme"',
    "url": '"https://status.acme.example"',
    "platform": '"statuspage"',
    "components": '["API", "EU/*"]',
    "exclude": '["*beta*"]',
    "tags": '["ci"]',
    "headers": '{ Authorization = "Bearer ${ACME_TOKEN}" }',
    "fail_on": '"major"',
    "on_unknown": '"warn"',
    "count_incidents": '"all"',
    "timeout": '"20s"',
    "deadline": '"2m"',
    "jobs": "16",
    "retries": "2",
    "max_age": '"5m"',
    "tz": '"Europe/Berlin"',
    "command": "'notify-send \"$OUTLOGGER_TITLE\"'",
    "webhooks": '["${SLACK_WEBHOOK}"]',
    "urls": '["${APPRISE_URL}"]',
    "quiet": '"22:00-07:00"',
    "on": '["opened", "recovered"]',
    "remind": '"4h"',
}
"""A value of every key of the watchlist, in TOML."""

UNRELEASED = "2026-11-29"
"""The date of the pages until the changelog has that of a release."""

_ELSEWHERE = "They may be elsewhere, as on macOS and Windows: see outlogger help environment."
_QUESTION = "is it us, or is it one of our vendors?"
_WATCHLIST = "outlogger.toml"
_ABOUT_THE_WATCHLIST = "the watchlist: which vendors outlogger reads, and how"
_EXAMPLES = "\b\nExamples:\n"
_ESCAPED = str.maketrans(
    {
        "\\": r"\e",
        "-": r"\-",  # a plain one may become a hyphen, which does not start an option
        "'": r"\(aq",
        '"': r"\(dq",
        "`": r"\(ga",
        "^": r"\(ha",
        "~": r"\(ti",
    }
)

Lines = Iterable[str]


def pages() -> dict[str, str]:
    """Every page by its file's name: those of the program, of each command, of the watchlist."""
    root = typer.main.get_command(app.app())
    context = typer.Context(root, info_name="outlogger", help_option_names=["-h", "--help"])
    found = {"outlogger.1": _page("outlogger", _QUESTION, _program(context))}
    for name, meaning in COMMANDS.items():
        others = ("outlogger", _WATCHLIST) if name == "watchlist" else ("outlogger",)
        body = [*_command(_below(context, name)), *_section("SEE ALSO", [_see(*others)])]
        found[f"outlogger-{name}.1"] = _page(f"outlogger-{name}", meaning, body)
    found[f"{_WATCHLIST}.5"] = _page(_WATCHLIST, _ABOUT_THE_WATCHLIST, _watchlist())
    return found


def escaped(text: str) -> str:
    """The text escaped for man(7)."""
    plain = text.translate(_ESCAPED)
    coded = re.sub(r"[^\x00-\x7f]", lambda sign: f"\\[u{ord(sign[0]):04X}]", plain)
    return re.sub(r"^(?=\.)", r"\\&", coded, flags=re.MULTILINE)


def _page(name: str, meaning: str, body: Lines) -> str:
    date = newest_date(CHANGELOG.read_text(encoding="utf-8")) or UNRELEASED
    number = _number(name)
    title = f'.TH {escaped(name.upper())} {number} "{date}" "outlogger {__version__}" "outlogger"'
    head = ('.\\" Made by python -m tests.tools.check_man --fix', title)
    named = _section("NAME", [rf"{escaped(name)} \- {escaped(meaning)}"])
    return "".join(f"{line}\n" for line in (*head, *named, *body))


def _program(context: Any) -> Iterator[str]:
    codes, on_codes = _topic("exit-codes")
    variables, on_variables = _topic("environment")
    commands = ((_see(f"outlogger-{name}"), said) for name, said in COMMANDS.items())
    yield from _section("SYNOPSIS", [_usage(context)])
    yield from _section("DESCRIPTION", _described(context))
    yield from _section("COMMANDS", _entries(commands))
    yield from _section("OPTIONS", _options(context))
    yield from _section(
        "FORMATS", _entries(_bold((one.name, one.summary) for one in FORMATS.values()))
    )
    yield from _section("EXIT STATUS", [*_entries(_bold(codes)), *_paragraphs(on_codes)])
    yield from _section("ENVIRONMENT", [*_entries(_bold(variables)), *_paragraphs(on_variables)])
    yield from _section("FILES", [*_entries(_bold(FILES.items())), *_paragraphs(_ELSEWHERE)])
    others = (*(f"outlogger-{name}" for name in COMMANDS), _WATCHLIST)
    yield from _section("SEE ALSO", [_see(*others)])


def _command(context: Any) -> Iterator[str]:
    """The page of one command; its subcommands are in one section."""
    find = getattr(context.command, "list_commands", None)
    below = find(context) if find else ()
    yield from _section("SYNOPSIS", [_usage(context)])
    yield from _section("DESCRIPTION", _described(context))
    yield from _section("ARGUMENTS", _arguments(context))
    yield from _section("OPTIONS", _options(context))
    yield from _section("COMMANDS", [row for name in below for row in _nested(context, name)])
    yield from _section("EXAMPLES", _examples(context))


def _nested(parent: Any, name: str) -> Iterator[str]:
    context = _below(parent, name)
    yield f'.SS "{escaped(context.command_path)}"'
    yield _usage(context)
    yield from _described(context)
    yield from _arguments(context)
    yield from _options(context)
    if shown := [*_examples(context)]:
        yield from (".PP", "Examples:", *shown)


def _watchlist() -> Iterator[str]:
    """The page of the file: the topic of `outlogger help`, with a section for its keys."""
    user = next(iter(FILES))
    topic = TOPICS["watchlist"](os.environ).replace(str(paths.user_watchlist()), user)
    before, _, after = topic.partition("Keys (any other is an error)\n")
    yield from _section("DESCRIPTION", _laid_out(before))
    tables = [row for table, keys in KEYS.items() for row in _table(table, keys)]
    version = _entry_of("version", "1", "The version of the format.")
    yield from _section("KEYS", ["Any other key is an error.", *version, *tables])
    yield from _section("NOTES", _laid_out(after.partition("\n\n")[2]))
    yield from _section("SEE ALSO", [_see("outlogger", "outlogger-watchlist")])


def _table(name: str, keys: Iterable[Key]) -> Iterator[str]:
    yield f'.SS "{escaped(name)}"'
    for key in keys:
        yield from _entry_of(key.name, SAMPLES[key.name], f"{key.help}{_allowed(key)}")


def _allowed(key: Key) -> str:
    schema = key.kind.schema
    if words := schema.get("enum"):
        return f" Allowed: {', '.join(words)}."
    return f" From {schema['minimum']} to {schema['maximum']}." if "maximum" in schema else ""


def _entry_of(key: str, value: str, said: str) -> Iterator[str]:
    return _entries([(rf"\fB{escaped(key)}\fR = {escaped(value)}", said)])


def _laid_out(text: str) -> Iterator[str]:
    """The paragraphs of a topic; its indented blocks stay as they are."""
    for part in re.split(r"((?:^  .*\n|^\n(?=  ))+)", text, flags=re.MULTILINE):
        if part.lstrip("\n").startswith("  "):
            yield from (".PP", ".EX", *escaped(dedent(part).strip("\n")).splitlines(), ".EE")
        else:
            yield from _paragraphs(part)


def _below(context: Any, name: str) -> Any:
    command = context.command.get_command(context, name)
    return typer.Context(command, info_name=name, parent=context)


def _section(title: str, body: Lines) -> list[str]:
    """A section; empty without a body. A paragraph at its start needs no macro."""
    lines = [*body]
    return [f".SH {title}", *(lines[1:] if lines[0] == ".PP" else lines)] if lines else []


def _usage(context: Any) -> str:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    return rf"\fB{escaped(context.command_path)}\fR {_term(pieces)}"


def _described(context: Any) -> Iterator[str]:
    paragraphs = (context.command.help or "").split("\n\n")
    return _paragraphs("\n\n".join(p for p in paragraphs if not p.startswith(_EXAMPLES)))


def _examples(context: Any) -> Iterator[str]:
    for paragraph in (context.command.help or "").split("\n\n"):
        if paragraph.startswith(_EXAMPLES):
            lines = map(str.strip, paragraph.removeprefix(_EXAMPLES).strip().splitlines())
            yield from (".PP", ".EX", *map(escaped, lines), ".EE")


def _arguments(context: Any) -> Iterator[str]:
    for row in explained_arguments(context):
        yield from _entry(*row)


def _options(context: Any) -> Iterator[str]:
    """The options in the order of `--help`: `-c, --component PATTERN` and the help text."""
    for _, rows in grouped_options(context):
        for row in rows:
            yield from _entry(*row)


def _entry(term: str, said: str) -> Iterator[str]:
    return _entries([(_term(term), " ".join(said.split()))])


def _topic(name: str) -> tuple[list[tuple[str, str]], str]:
    """The rows at the start of a topic of `outlogger help`, and the text below."""
    rows, _, below = TOPICS[name](os.environ).partition("\n\n")
    pairs = (row.strip().partition("  ") for row in rows.splitlines())
    return [(key, said.strip()) for key, _, said in pairs], below.partition("\n\nFiles\n")[0]


def _entries(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Terms, escaped already, and their meaning."""
    for term, said in pairs:
        yield from (".TP", term, escaped(said)) if said else (".PP", term)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in filter(str.strip, text.split("\n\n")):
        yield from (".PP", escaped(" ".join(paragraph.split())))


def _bold(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((rf"\fB{escaped(name)}\fR", said) for name, said in pairs)


def _term(text: str) -> str:
    """Options in bold, and placeholders in italics."""
    return re.sub(
        r"\S*[^\s,]",
        lambda word: rf"\f{'B' if word[0].startswith('-') else 'I'}{escaped(word[0])}\fR",
        text,
    )


def _see(*names: str) -> str:
    return ", ".join(rf"\fB{escaped(name)}\fR({_number(name)})" for name in names)


def _number(name: str) -> int:
    """The section of the manual: 5 has files."""
    return 5 if name == _WATCHLIST else 1
