"""Generate the manual pages, in man(7), from `--help` and `outlogger help`."""

import os
import re
from collections.abc import Iterable, Iterator
from typing import Any

import typer

from outlogger_cli import __version__
from outlogger_cli.cli import app
from outlogger_cli.cli.command_line import grouped_options
from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.cli.help import TOPICS
from outlogger_cli.render import FORMATS

FILES = {
    "~/.config/outlogger/watchlist.toml": "the user's watchlist",
    "outlogger.toml": "a project's watchlist, in this folder or a parent",
    "~/.cache/outlogger/pages": "stored readings",
    "~/.local/state/outlogger": "what was told and what is muted",
}
"""The files on Linux: a page must be the same on whatever system it is generated."""

_ELSEWHERE = "They may be elsewhere, as on macOS and Windows: see outlogger help environment."
_QUESTION = "is it us, or is it one of our vendors?"
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
    """Every page by the name of its file: one for the program, and one per command."""
    root = typer.main.get_command(app.app())
    context = typer.Context(root, info_name="outlogger", help_option_names=["-h", "--help"])
    found = {"outlogger.1": _page("outlogger", _QUESTION, _program(context))}
    for name, meaning in COMMANDS.items():
        body = [*_command(_below(context, name)), *_section("SEE ALSO", [_see("outlogger")])]
        found[f"outlogger-{name}.1"] = _page(f"outlogger-{name}", meaning, body)
    return found


def escaped(text: str) -> str:
    """The text escaped for man(7)."""
    plain = text.translate(_ESCAPED)
    coded = re.sub(r"[^\x00-\x7f]", lambda sign: f"\\[u{ord(sign[0]):04X}]", plain)
    return re.sub(r"^(?=\.)", r"\\&", coded, flags=re.MULTILINE)


def _page(name: str, meaning: str, body: Lines) -> str:
    title = f'.TH {escaped(name.upper())} 1 "" "outlogger {__version__}" "outlogger"'
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
    yield from _section("SEE ALSO", [_see(*(f"outlogger-{name}" for name in COMMANDS))])


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
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record and parameter.param_type_name == "argument":
            yield from _entry(*record)


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
    return ", ".join(rf"\fB{escaped(name)}\fR(1)" for name in names)
