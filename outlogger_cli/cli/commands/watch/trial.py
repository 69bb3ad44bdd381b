"""`outlogger watch --test`: a test through every channel, and how each went."""

from dataclasses import replace

from outlogger_cli.alerts.message import trial
from outlogger_cli.cli import session
from outlogger_cli.cli.commands.watch import audiences
from outlogger_cli.cli.options import Fetching, Reading
from outlogger_cli.cli.output import announce, say
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.runtime import Runtime


def run(runtime: Runtime, reading: Reading) -> ExitCode:
    """A line for each channel. Exits 0 all the same: no page was read, so there is no verdict."""
    located = paths.watchlist(reading.watchlist, runtime.environ, runtime.cwd)
    listed = session.load(located)
    fetching = Fetching(cacert=reading.cacert)
    step = session.over_pages(runtime, (), fetching, quiet=reading.quiet, listed=listed)
    step = replace(step, located=located)
    announce(step)
    for note in audiences.withheld(step):
        say(step, note)
    notify = audiences.trusted(step)
    channels = audiences.configured(step, notify) if notify else {}
    if not channels:
        raise UsageError(
            f"--test: no channel is configured: give {located.path} a [notify] with command,"
            " webhooks or urls (outlogger help watchlist)"
        )
    message = trial(at=step.now(), drill=step.drill is not None)
    for channel in channels.values():
        if why := channel.tell(message):
            say(step, f"{channel.name}: not told: {why}")
        elif not reading.quiet:
            terminal.write(runtime.stdout, f"{channel.name}: told\n")
    return ExitCode.OK
