"""The console script. Answers `--version` before anything is imported."""

import os
import sys


def script() -> None:
    """Run `main` and exit with `os._exit`: interpreter shutdown costs 10 % of a short run and would
    wait for threads stuck in DNS."""
    code = main()
    for stream in filter(None, (sys.stdout, sys.stderr)):  # None where it was closed before
        try:
            stream.flush()
        except OSError:
            code = code or 70
    os._exit(code)


def main() -> int:
    """Run the command line of this process and return its exit code."""
    if sys.argv[1:] == ["--version"] and sys.stdout and not sys.stdout.closed:
        from outlogger_cli.domain.version import __version__

        try:
            sys.stdout.write(f"outlogger {__version__}\n")
            sys.stdout.flush()
            return 0
        except OSError:
            pass  # the regular path below says what is wrong
    if os.getpid() == 1:  # a container's first process: to it the system passes no such signal on
        import signal

        signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    try:
        from outlogger_cli.cli.app import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # before, or after, the command could handle it
        return 130


if __name__ == "__main__":
    script()
