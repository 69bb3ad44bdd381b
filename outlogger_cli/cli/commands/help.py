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
    elif words == ["json-schema", "watchlist"]:
        from outlogger_cli.watchlist import json_schema  # no other topic needs it

        terminal.write(runtime.stdout, json_schema.FILE.read_text(encoding="utf-8"))
    elif words[0] in COMMANDS:
        terminal.write(runtime.stdout, _help_of(words, ctx.find_root()) + "\n")
    else:
        raise UsageError(_unknown(words))
    return ExitCode.OK


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
    hint = did_you_mean(near, otherwise=f"topics: {', '.join(TOPICS)}")
    return f"unknown help topic {line(' '.join(words))!r}{hint}"
