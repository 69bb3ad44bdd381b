"""The entry point: arguments in, exit code out."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer._click.exceptions import ClickException  # its copy; not public
from typer.core import TyperGroup

from outlogger_cli.cli.command_line import Command, described, settled_debug, settled_format
from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.domain.errors import ClosedPipeError, ExitCode, OutloggerError, UsageError
from outlogger_cli.domain.similar import closest, did_you_mean
from outlogger_cli.domain.text import line, whole_line
from outlogger_cli.render import FORMATS
from outlogger_cli.system import terminal
from outlogger_cli.system.runtime import Runtime, current

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
CLOSED_PIPE = 141
"""Exit code if standard output was closed (broken pipe): that of SIGPIPE in a shell."""

_REPORT_AT = "https://github.com/outlogger/outlogger-cli/issues"


class _Commands(TyperGroup):
    """The commands, each imported when it is typed."""

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """From the table alone: showing the list need not import every command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """From the table alone, too."""
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
            raise UsageError(_unknown_command(args[0], ctx.obj))
        return super().resolve_command(ctx, args)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        module = import_module(f"outlogger_cli.cli.commands.{cmd_name}")
        if hasattr(module, "app"):
            return typer.main.get_group(module.app)
        app = typer.Typer(rich_markup_mode=None, add_completion=False)
        app.command(
            cls=getattr(module, "CLASS", Command),
            name=cmd_name,
            short_help=COMMANDS[cmd_name],
            context_settings=_CONTEXT,
        )(module.command)
        return typer.main.get_command(app)


_TRIED = {
    "search": "vendors search",
    "detect": "vendors detect",
    "doctor": "vendors doctor",
    "list": "watchlist list",
    "ls": "watchlist list",
    "add": "watchlist add",
    "rm": "watchlist remove",
    "remove": "watchlist remove",
    "edit": "watchlist edit",
    "init": "watchlist init",
    "import": "watchlist import",
    "export": "watchlist export",
    "validate": "watchlist validate",
    "suggest": "watchlist suggest",
    "show": "vendors show",
}
"""Words that people try as commands, and the commands they mean."""


def _unknown_command(word: str, runtime: Runtime) -> str:
    """The error for a first word that is not a command: what was probably meant."""
    shown = line(word)
    if word in _TRIED:
        return f"unknown command {shown!r}: did you mean outlogger {_TRIED[word]}?"
    if _is_vendor(word, runtime):
        return f"unknown command {shown!r}: did you mean outlogger status {shown}?"
    from outlogger_cli.catalog import search  # the catalogue, only for a word that is unknown

    near = [f"outlogger {one}" for one in closest(word, COMMANDS)]
    near = near or [f"outlogger status {one}" for one in closest(word, search.closest(word), 1)]
    return f"unknown command {shown!r}{did_you_mean(near, otherwise='see outlogger --help')}"


def _is_vendor(name: str, runtime: Runtime) -> bool:
    """Whether `outlogger status NAME` finds a vendor."""
    from outlogger_cli.cli.session import load  # with the reader of watchlists
    from outlogger_cli.system import paths
    from outlogger_cli.watchlist import resolve

    located = paths.watchlist(None, runtime.environ, runtime.cwd)
    try:
        resolve.one(name, load(located), located)
    except OutloggerError:
        return False
    return True


WELCOME = """\
outlogger: is it us, or is it one of our vendors?

  outlogger status github              components and incidents of a vendor
  outlogger drill                      a simulated outage, no network needed
  outlogger watchlist suggest --add    a watchlist from the files of this project
  outlogger --help                     all commands
"""


def _without_arguments(runtime: Runtime) -> list[str]:
    """The command line that no arguments mean: the status of the watchlist, if there is one."""
    from outlogger_cli.system import paths

    located = paths.watchlist(None, runtime.environ, runtime.cwd)
    return ["status"] if located.named or paths.is_file(located.path) else []


def app() -> typer.Typer:
    """The Typer application; its commands are imported when they are typed."""
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
        version: bool = typer.Option(False, "--version", "-V", help="Print the version."),
    ) -> None:
        """Is it us, or is it one of our vendors? Reads public status pages.

        \b
        Examples:
          outlogger status github     components and incidents of a vendor
          outlogger check --tag ci    exit code 1 if a vendor has a problem
          outlogger drill             a simulated outage, no network needed

        Without arguments: the status of the watchlist.
        """
        if version:
            from outlogger_cli.domain.version import __version__

            terminal.write(ctx.obj.stdout, f"outlogger {__version__}\n")
        elif ctx.invoked_subcommand is None:
            terminal.write(ctx.obj.stdout, WELCOME)

    return application


def run(argv: Sequence[str], runtime: Runtime | None = None) -> int:
    """Run one command line and return its exit code. Errors become exit codes here and nowhere
    else."""
    runtime = runtime or current()
    meta: dict[str, Any] = {}
    try:
        command = typer.main.get_command(app())
        if runtime.environ.get("_OUTLOGGER_COMPLETE", "").startswith("complete_"):
            from outlogger_cli.cli import completion  # what no other command needs

            return completion.answer(command, runtime)
        words = ["--version"] if list(argv) == ["version"] else list(argv)
        words = words or _without_arguments(runtime)
        with command.make_context("outlogger", words, obj=runtime) as context:
            meta = context.meta
            return int(command.invoke(context) or ExitCode.OK)
    except typer.Exit as ended:  # --help
        return ended.exit_code
    except SystemExit as ended:  # --show-completion
        return int(ended.code or ExitCode.OK)
    except ClickException as error:
        return _failed(runtime, argv, meta, described(error), ExitCode.USAGE)
    except UsageError as error:
        return _failed(runtime, argv, meta, error.args, ExitCode.USAGE)
    except (typer.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except (ClosedPipeError, BrokenPipeError):
        return CLOSED_PIPE
    except OutloggerError as error:
        return _failed(runtime, argv, meta, str(error), ExitCode.BUG)
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is one line, never a verdict
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        message = f"this is a bug ({line(said)}); please report it with the output of --debug at"
        return _failed(runtime, argv, meta, f"{message} {_REPORT_AT}", ExitCode.BUG)


def _failed(
    runtime: Runtime,
    argv: Sequence[str],
    meta: dict[str, Any],
    errors: str | Sequence[str],
    code: ExitCode,
) -> int:
    """Say in one line each what went wrong; a format may have an output and an exit code of its own
    for it, such as a Nagios plugin's."""
    if settled_debug(meta) and code is ExitCode.BUG:
        import traceback

        terminal.tell(runtime.stderr, traceback.format_exc())
    # they may repeat an argument with the name of another user's file
    messages = [whole_line(one) for one in ([errors] if isinstance(errors, str) else errors)]
    format = FORMATS.get(settled_format(meta, argv) or "")
    if format is None or format.on_error is None:
        terminal.tell(runtime.stderr, "".join(f"outlogger: {one}\n" for one in messages))
        return code
    text, own = format.on_error("; ".join(messages), code)
    terminal.write(runtime.stdout, text)
    return own
