"""The commands, one module each: options, then read, judge and write.

A module has `command`, a function for Typer, or `app` if it has subcommands. It is imported only
when its command is typed.
"""

COMMANDS = {
    "status": "show components, incidents and maintenance of vendors",
    "check": "check vendors in CI; the exit code is the verdict",
    "wait": "wait until all vendors are ok",
    "incidents": "show the incidents of the last 30 days",
    "report": "report on the reliability of vendors over a period",
    "triage": "whose failure is it? check the vendors that a log names",
    "watch": "live view; notify on changes",
    "watchlist": "add, remove, list and edit the vendors to read",
    "vendors": "search and list the bundled catalogue",
    "drill": "simulate an outage, no network needed",
    "mute": "silence notifications of a vendor",
    "unmute": "resume notifications of a vendor",
    "serve": "serve a page, metrics, JSON, a feed and a calendar over HTTP",
    "mcp": "serve status pages to AI agents (MCP)",
    "help": "explain a command or a topic",
}
"""Name and summary of each command, in the order of the help."""
