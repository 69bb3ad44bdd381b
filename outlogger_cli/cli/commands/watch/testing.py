"""`outlogger watch --test`: send a test message through every channel."""

from outlogger_cli.alerts.message import build_test_message
from outlogger_cli.cli.commands.watch import subscribers
from outlogger_cli.cli.options import NetworkOptions, OutputOptions, ReadOptions
from outlogger_cli.cli.output import announce, say
from outlogger_cli.cli.session import build_for, load, named_vendors
from outlogger_cli.domain.errors import ExitCode, UsageError
from outlogger_cli.system import paths, terminal
from outlogger_cli.system.runtime import Runtime


def run(runtime: Runtime, options: ReadOptions, output: OutputOptions) -> ExitCode:
    """Write a line for each channel; exit 1 if one failed."""
    located = paths.watchlist(options.watchlist, runtime.environ, runtime.cwd)
    watchlist = load(located)
    if options.vendors:  # they are not read, but an unknown name is an error as everywhere
        named_vendors(runtime, options.vendors, options, None, located, watchlist)
    session = build_for(
        runtime,
        (),
        NetworkOptions(cacert=options.cacert),
        output,
        located=located,
        watchlist=watchlist,
    )
    announce(session)
    for note in subscribers.untrusted_note(session):
        raise UsageError(f"--test: {note}")
    notify = subscribers.trusted_notify(session)
    channels = subscribers.configured(session, notify) if notify else {}
    if not channels:
        raise UsageError(
            f"--test: no channel is configured: add [notify] with command, webhooks or urls"
            f" to {located.path} (outlogger help watchlist)"
        )
    message = build_test_message(at=session.run.clock.now(), drill=session.run.drill is not None)
    code = ExitCode.OK
    for channel in channels.values():
        if failure := channel.send(message):
            say(session, f"{channel.name}: not sent: {failure.reason}")
            code = ExitCode.PROBLEM
        elif not output.quiet:
            terminal.write(runtime.stdout, f"{channel.name}: sent\n")
    return code
