"""`outlogger help`: explain a command or a topic."""

from typing import Annotated, Any

import typer
from typer import Argument

from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.cli.help import TOPICS
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.domain.similar import closest, did_you_mean
from outlogger_cli.domain.text import line
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime


def command(
    ctx: typer.Context,
    subject: Annotated[
        list[str] | None,
        Argument(
            metavar="[COMMAND|TOPIC]",
            show_default=False,
            autocompletion=lambda: [*COMMANDS, *TOPICS],
        ),
    ] = None,
) -> ExitCode:
    """Explain a command, or one of the topics: verdict, exit-codes, environment, formats,
    watchlist, platforms, json-schema.
    """
    runtime: Runtime = ctx.obj
    words = subject or []
    if not words:
        terminal.write(runtime.stdout, _overview())
    elif len(words) == 1 and words[0] in TOPICS:
        terminal.write(runtime.stdout, TOPICS[words[0]](runtime.environ))
    elif words[0] == "json-schema" and len(words) == 2:
        terminal.write(runtime.stdout, _schema(words[1]))
    elif words[0] in COMMANDS:
        terminal.write(runtime.stdout, _help_of(words, ctx.find_root()) + "\n")
    else:
        raise UsageError(_unknown(words))
    return ExitCode.OK


SCHEMAS = {
    "status": ("outlogger_cli.render", "schema.json"),
    "report": ("outlogger_cli.render", "report-schema.json"),
    "listing": ("outlogger_cli.render", "listing-schema.json"),
    "event": ("outlogger_cli.alerts", "event-schema.json"),
    "watchlist": ("outlogger_cli.watchlist", "schema.json"),
}
"""The package and the file of each JSON Schema."""


def _schema(name: str) -> str:
    from importlib.resources import files  # no other topic needs it

    if name not in SCHEMAS:
        near = did_you_mean(closest(name, SCHEMAS), otherwise=f"choose from {', '.join(SCHEMAS)}")
        raise UsageError(f"unknown JSON Schema {line(name)!r}{near}")
    package, file = SCHEMAS[name]
    return files(package).joinpath(file).read_text(encoding="utf-8")


def _help_of(words: list[str], context: Any) -> str:
    """What `--help` says of the command that `words` spell."""
    for word in words:
        find = getattr(context.command, "get_command", None)
        command = find(context, word) if find else None
        if command is None:
            raise UsageError(_unknown(words))
        context = typer.Context(command, info_name=word, parent=context)
    return str(context.get_help())


def _overview() -> str:
    commands = "\n".join(f"  {name:<11} {meaning}" for name, meaning in COMMANDS.items())
    return f"""\
outlogger: is it us, or is it one of our vendors?

Commands (outlogger help COMMAND)
{commands}

Topics (outlogger help TOPIC)
  {", ".join(TOPICS)}
"""


def _unknown(words: list[str]) -> str:
    near = closest(words[0], [*COMMANDS, *TOPICS])
    hint = did_you_mean(near, otherwise=f"choose from {', '.join(TOPICS)}")
    return f"unknown help topic {line(' '.join(words))!r}{hint}"
