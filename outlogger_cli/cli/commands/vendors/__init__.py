"""`outlogger vendors`: the bundled catalogue and its pages."""

import typer

from outlogger_cli.cli.command_line import Command
from outlogger_cli.cli.commands.vendors import signatures
from outlogger_cli.cli.commands.vendors.listing import list_vendors, search
from outlogger_cli.cli.groups import Group
from outlogger_cli.cli.writing import help_alone

app = typer.Typer(
    cls=Group,
    help="Search, list and show the bundled catalogue; detect platforms.",
    rich_markup_mode=None,
    add_completion=False,
    callback=help_alone,
    invoke_without_command=True,
)

app.command("list", cls=Command)(list_vendors)
app.command(cls=Command)(search)
app.command(cls=Command)(signatures.show)
app.command(cls=Command)(signatures.detect)
app.command(cls=Command)(signatures.doctor)
