"""The commands, one module each: options, then read, judge and write.

A module has `command`, a function for Typer, or `app` if it has subcommands. It is imported only
when its command is typed.
"""

COMMANDS = {
    "status": "components, open and recent incidents, maintenance",
    "check": "one line a vendor, the verdict in the exit code",
    "wait": "block until the verdict is ok, or exit 4",
    "incidents": "the last 30 days: a day strip, then each incident in full",
    "watch": "stay, redraw, and tell what changes",
    "watchlist": "add, remove, list and edit the vendors you read",
    "vendors": "search, list, show and check the bundled catalogue",
    "drill": "rehearse an outage on loopback, no network needed",
    "mute": "silence notifications for a time, or until resolved",
    "unmute": "notifications again, at once",
    "help": "a command or a topic explained",
}
"""Name and summary of each command, in the order of the help."""
