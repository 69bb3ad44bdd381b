"""Work in threads, whose results are handed to the application."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

Result = TypeVar("Result")
Function = Callable[[], None]


def in_thread(function: Function) -> None:
    """Run `function` in a daemon thread: Textual's own workers would be waited for at the end."""
    threading.Thread(target=function, name="watch", daemon=True).start()


class Background:
    """Runs work by `start`, and hands functions to the application by `call`."""

    def __init__(self, start: Callable[[Function], None], call: Callable[[Function], None]) -> None:
        self._start = start
        self._call = call

    def run(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Run `work` in a thread and then, in the application, `then` or `failed`."""

        def run() -> None:
            caught = _Caught()
            with caught:
                result = work()
                self._call(lambda: then(result))
            error = caught.error
            if error:
                self._call(lambda: failed(error))

        self._start(run)


class _Caught:
    """Keeps the error of a block that runs in a thread, which would be lost."""

    error: BaseException | None = None

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        _type: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        self.error = error
        return True
