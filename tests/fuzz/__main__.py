"""The command: `python -m tests.fuzz --list`, `NAME [--seconds 600]` or `--all`."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

CORPUS = Path(tempfile.gettempdir()) / "outlogger-fuzz"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("name", nargs="?", help="one target")
    what.add_argument("--list", action="store_true", help="the names of all targets")
    what.add_argument("--all", action="store_true", help="all of them, one after another")
    parser.add_argument("--seconds", type=int, default=600, help="how long each runs (600)")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help=f"inputs kept ({CORPUS})")
    asked = parser.parse_args()
    if asked.name:
        from tests.fuzz.loop import fuzz

        fuzz(asked.name, seconds=asked.seconds, corpus=asked.corpus)
        return 0
    from tests.fuzz.targets import TARGETS

    if asked.list:
        sys.stdout.write("".join(f"{name}\n" for name in TARGETS))
        return 0
    failed = [name for name in TARGETS if _fuzz_in_process(name, asked.seconds, asked.corpus)]
    if failed:
        sys.stderr.write(f"findings: {', '.join(failed)}\n")
    return 1 if failed else 0


def _fuzz_in_process(name: str, seconds: int, corpus: Path) -> int:
    """Fuzz `name` in a separate process, which ends at the first finding."""
    options = ["--seconds", str(seconds), "--corpus", str(corpus)]
    argv = [sys.executable, "-m", "tests.fuzz", name, *options]
    return subprocess.run(argv, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
