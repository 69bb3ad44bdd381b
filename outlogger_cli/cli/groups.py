"""Commands that only have subcommands, such as `outlogger vendors`."""

from typing import Any

from typer.core import TyperGroup

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.similar import closest, did_you_mean
from outlogger_cli.domain.text import line


class Group(TyperGroup):
    """Refuses an unknown subcommand with the closest ones."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands:
            typed = line(f"{ctx.info_name} {args[0]}")
            hint = did_you_mean(
                [f"{ctx.info_name} {name}" for name in closest(args[0], self.commands)],
                otherwise=f"see {ctx.command_path} --help",
            )
            raise UsageError(f"unknown command {typed!r}{hint}")
        return super().resolve_command(ctx, args)
