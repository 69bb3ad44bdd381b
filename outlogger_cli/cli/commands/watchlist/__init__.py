"""`outlogger watchlist`: the commands that show and edit the list of vendors.

They are imported only if one of them is typed.
"""

import typer

from outlogger_cli.cli.command_line import Command
from outlogger_cli.cli.commands.watchlist.adding import add
from outlogger_cli.cli.commands.watchlist.editing import edit, remove
from outlogger_cli.cli.commands.watchlist.exchanging import export_list, import_list
from outlogger_cli.cli.commands.watchlist.listing import list_vendors, path, show, validate
from outlogger_cli.cli.commands.watchlist.starting import init
from outlogger_cli.cli.commands.watchlist.suggesting import suggest
from outlogger_cli.cli.groups import Group
from outlogger_cli.cli.writing import help_alone

app = typer.Typer(
    cls=Group,
    help="Manage the list of vendors to read.",
    rich_markup_mode=None,
    add_completion=False,
    callback=help_alone,
    invoke_without_command=True,
)

app.command(cls=Command)(init)
app.command(cls=Command)(add)
app.command(cls=Command)(remove)
app.command("list", cls=Command)(list_vendors)
app.command(cls=Command)(show)
app.command(cls=Command)(edit)
app.command(cls=Command)(path)
app.command(cls=Command)(validate)
app.command("import", cls=Command)(import_list)
app.command("export", cls=Command)(export_list)
app.command(cls=Command)(suggest)
