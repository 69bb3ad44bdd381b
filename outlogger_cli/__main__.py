"""The console script. Answers `--version` before anything is imported."""

import sys


def main() -> int:
    """Run the command line of this process; the answer is its exit code."""
    if sys.argv[1:] == ["--version"] and sys.stdout and not sys.stdout.closed:
        from outlogger_cli import __version__

        try:
            sys.stdout.write(f"outlogger {__version__}\n")
            sys.stdout.flush()
            return 0
        except OSError:
            pass  # the long way says what is wrong
    import gc

    gc.disable()  # imports leave no garbage, and looking for it takes a tenth of a short run
    try:
        from outlogger_cli.cli import run
    except KeyboardInterrupt:
        return 130

    gc.freeze()
    gc.enable()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
