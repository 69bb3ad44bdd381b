"""Run one target in atheris: the seeds, the limits of an input, and the folder of findings."""

import hashlib
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

SIZE_LIMIT = 64 << 10
SECONDS = 5.0
"""CPU seconds for one input: one second, times five for the measuring of coverage."""

MEGABYTES = 1024
"""Memory of the whole process, mostly the corpus."""


class TooSlowError(BaseException):
    """An input took too long. Not an `Exception`, so that the program cannot catch it."""


def fuzz(name: str, *, seconds: int, corpus: Path) -> None:
    """Run the target for so many seconds and exit; findings are in `corpus` as `NAME-crash-*`."""
    atheris = _atheris()
    with atheris.instrument_imports(include=["outlogger_cli"], enable_loader_override=False):
        target = import_module("tests.fuzz.targets").TARGETS.get(name)
        if target is None:
            sys.exit(f"no target is called {name}: python -m tests.fuzz --list")
        for seed in target.seeds():
            _keep(corpus / name, seed)
            target.run(seed)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return bytes(target.mutate(data, most, seed, atheris.Mutate))

    options = {
        "max_total_time": seconds,
        "max_len": SIZE_LIMIT,
        "rss_limit_mb": MEGABYTES,
        "timeout": 600,  # wall-clock time, which continues while the process is stopped
        "artifact_prefix": f"{corpus}/{name}-",
        "print_final_stats": 1,
    }
    argv = [sys.argv[0], str(corpus / name), *(f"-{key}={value}" for key, value in options.items())]
    atheris.Setup(argv, _limited(target.run), custom_mutator=mutate)
    atheris.Fuzz()


def _atheris() -> Any:
    try:
        return import_module("atheris")
    except ModuleNotFoundError:
        sys.exit("fuzzing needs atheris: pip install -e '.[dev,fuzz]'")


def _keep(folder: Path, seed: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


def _limited(run: Callable[[bytes], object]) -> Callable[[bytes], None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError(f"more than {SECONDS} s of CPU time")

    signal.signal(signal.SIGPROF, stop)

    def limited(data: bytes) -> None:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            run(data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    return limited
