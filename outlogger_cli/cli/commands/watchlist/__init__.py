"""`outlogger watchlist`: the commands that show and edit the list of vendors.

They are imported only if one of them is typed.
"""

import typer

from outlogger_cli.cli.commands.watchlist.adding import add
from outlogger_cli.cli.commands.watchlist.editing import edit, remove
from outlogger_cli.cli.commands.watchlist.exchanging import export_list, import_list
from outlogger_cli.cli.commands.watchlist.listing import list_vendors, path, show, validate
from outlogger_cli.cli.commands.watchlist.suggesting import suggest
from outlogger_cli.cli.groups import Group
from outlogger_cli.cli.writing import help_alone

app = typer.Typer(
    cls=Group,
    help="The list of vendors to read, put together and kept.",
    rich_markup_mode=None,
    add_completion=False,
    callback=help_alone,
    invoke_without_command=True,
)

app.command()(add)
app.command()(remove)
app.command("list")(list_vendors)
app.command()(show)
app.command()(edit)
app.command()(path)
app.command()(validate)
app.command("import")(import_list)
app.command("export")(export_list)
app.command()(suggest)
