"""`outlogger watch --test`: a test through every channel, and how each went."""

from outlogger_cli.alerts.message import trial
from outlogger_cli.cli.commands.watch import audiences
from outlogger_cli.cli.options import NetworkOptions, OutputOptions, ReadOptions
from outlogger_cli.cli.output import announce, say
from outlogger_cli.cli.session import build_for, load
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.runtime import Runtime


def run(runtime: Runtime, options: ReadOptions, output: OutputOptions) -> ExitCode:
    """A line for each channel. Exits 0 all the same: no page was read, so there is no verdict."""
    located = paths.watchlist(options.watchlist, runtime.environ, runtime.cwd)
    session = build_for(
        runtime,
        (),
        NetworkOptions(cacert=options.cacert),
        output,
        located=located,
        watchlist=load(located),
    )
    announce(session)
    for note in audiences.withheld(session):
        say(session, note)
    notify = audiences.trusted(session)
    channels = audiences.configured(session, notify) if notify else {}
    if not channels:
        raise UsageError(
            f"--test: no channel is configured: give {located.path} a [notify] with command,"
            " webhooks or urls (outlogger help watchlist)"
        )
    message = trial(at=session.run.clock.now(), drill=session.run.drill is not None)
    for channel in channels.values():
        if why := channel.tell(message):
            say(session, f"{channel.name}: not told: {why}")
        elif not output.quiet:
            terminal.write(runtime.stdout, f"{channel.name}: told\n")
    return ExitCode.OK
