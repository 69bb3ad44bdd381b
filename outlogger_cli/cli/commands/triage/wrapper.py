"""Run COMMAND, pass its output through, and keep the end of it."""

import subprocess
from collections.abc import Mapping, Sequence

from outlogger_cli.domain.values import frozen
from outlogger_cli.drill.command import CommandNotStartedError

KEEP = 16 * 1024 * 1024
_SIGNALLED = 128


@frozen
class Wrapped:
    """The exit code of a command, 128 and its number after a signal, and the end of its output."""

    code: int
    text: bytes


def run(words: Sequence[str], environ: Mapping[str, str], *, keep: int = KEEP) -> Wrapped:
    """Run the command `words` to its end; raises `CommandNotStartedError`."""
    try:
        child = subprocess.Popen(
            list(words), env=dict(environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise CommandNotStartedError(error) from error
    with child:
        text = child.communicate()[0]
    code = child.returncode
    return Wrapped(code=code if code >= 0 else _SIGNALLED - code, text=text[-keep:])
