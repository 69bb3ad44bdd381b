"""The door: arguments in, exit code out. Errors become exit codes here and only here."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer._click.exceptions import ClickException  # its own copy; it has no public name
from typer.core import TyperGroup

from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.domain.errors import ClosedPipeError, ExitCode, OutloggerError, UsageError
from outlogger_cli.domain.text import line, whole_line
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime, current

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
CLOSED_PIPE = 141
"""What a shell sees of a program whose reader has gone; no error."""

_REPORT_AT = "https://github.com/outlogger/outlogger-cli/issues"


class _Commands(TyperGroup):
    """The commands, each loaded when it is typed."""

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """From the table alone: a look at the list need not load every command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """From the table alone as well."""
        from typer._click.shell_completion import CompletionItem

        named = [
            CompletionItem(name, help=meaning)
            for name, meaning in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*named, *super(TyperGroup, self).shell_complete(ctx, incomplete)]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if ctx.obj.environ.get("OUTLOGGER_DRILL"):
            from outlogger_cli.drill import environment

            environment.from_environment(ctx.obj.environ)  # refuses an address that is not loopback
        if args and args[0] not in COMMANDS:
            from difflib import get_close_matches  # loaded only where a name was wrong

            near = get_close_matches(args[0], COMMANDS, 3)
            hint = f"did you mean {' or '.join(near)}?" if near else "see outlogger --help"
            raise UsageError(f"there is no command {line(args[0])!r}; {hint}")
        return super().resolve_command(ctx, args)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        module = import_module(f"outlogger_cli.cli.commands.{cmd_name}")
        if hasattr(module, "app"):
            return typer.main.get_group(module.app)
        app = typer.Typer(rich_markup_mode=None, add_completion=False)
        app.command(
            cls=getattr(module, "CLASS", None),
            name=cmd_name,
            short_help=COMMANDS[cmd_name],
            context_settings=_CONTEXT,
        )(module.command)
        return typer.main.get_command(app)


def app() -> typer.Typer:
    """The Typer application, without its commands: those come when they are asked for."""
    application = typer.Typer(
        name="outlogger",
        cls=_Commands,
        context_settings=_CONTEXT,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
    )

    @application.callback()
    def main(
        ctx: typer.Context,
        version: bool = typer.Option(False, "--version", help="Print the version."),
    ) -> None:
        """Is it us, or is it one of our vendors? Reads public status pages.

        Start with: outlogger status permutive, or without a network: outlogger drill
        """
        if version:
            from outlogger_cli.domain.version import __version__

            terminal.write(ctx.obj.stdout, f"outlogger {__version__}\n")
        elif ctx.invoked_subcommand is None:
            terminal.write(ctx.obj.stdout, ctx.get_help() + "\n")

    return application


def run(argv: Sequence[str], runtime: Runtime | None = None) -> int:
    """Carry out one command line; the answer is its exit code."""
    runtime = runtime or current()
    try:
        command = typer.main.get_command(app())
        if runtime.environ.get("_OUTLOGGER_COMPLETE", "").startswith("complete_"):
            from outlogger_cli.cli import completion

            return completion.answer(command, runtime)
        code = command.main(
            args=list(argv), prog_name="outlogger", standalone_mode=False, obj=runtime
        )
        return int(code or ExitCode.OK)
    except ClickException as error:
        return _refused(runtime, argv, error.format_message().rstrip("."))
    except UsageError as error:
        return _refused(runtime, argv, str(error))
    except (typer.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except ClosedPipeError:
        return CLOSED_PIPE
    except SystemExit as ended:  # 1 is Typer's answer to a closed pipe
        return CLOSED_PIPE if ended.code == 1 else int(ended.code or ExitCode.OK)
    except OutloggerError as error:
        _debug(runtime, argv)
        return _failed(runtime, argv, str(error))
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is one line, never a verdict
        _debug(runtime, argv)
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        return _failed(
            runtime,
            argv,
            f"this is a bug ({line(said)}); please report it with the output of --debug at"
            f" {_REPORT_AT}",
        )


def _refused(runtime: Runtime, argv: Sequence[str], message: str) -> int:
    return _said(runtime, argv, message, ExitCode.USAGE)


def _failed(runtime: Runtime, argv: Sequence[str], message: str) -> int:
    return _said(runtime, argv, message, ExitCode.BUG)


def _said(runtime: Runtime, argv: Sequence[str], message: str, code: ExitCode) -> int:
    """The one line of an error, and for Nagios what a plugin prints and returns in its place."""
    message = whole_line(message)  # it may repeat an argument that names somebody else's file
    terminal.tell(runtime.stderr, f"outlogger: {message}\n")
    if not _for_nagios(runtime, argv):
        return code
    from outlogger_cli.render import nagios

    terminal.write(runtime.stdout, nagios.usage(message))
    return nagios.State.UNKNOWN


def _for_nagios(runtime: Runtime, argv: Sequence[str]) -> bool:
    """Whether a `check` was meant to answer as a plugin; the command line may be unreadable."""
    named = any(word in {"nagios", "--format=nagios", "-fnagios"} for word in argv)
    variable = runtime.environ.get("OUTLOGGER_FORMAT") == "nagios"
    return "check" in argv and (named or variable)


def _debug(runtime: Runtime, argv: Sequence[str]) -> None:
    variable = runtime.environ.get("OUTLOGGER_DEBUG", "").strip().lower()
    if "--debug" in argv or variable in {"1", "true", "t", "yes", "y", "on"}:
        import traceback

        terminal.tell(runtime.stderr, traceback.format_exc())
