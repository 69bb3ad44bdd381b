"""The network: the only package that opens connections, and the only one that knows httpx."""

import sys

# Where click is installed, httpx loads a command line of its own, with Rich: 10 ms.
_COMMAND_LINE = "httpx._main"
if "httpx" not in sys.modules:
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]
    import httpx  # noqa: F401

    del sys.modules[_COMMAND_LINE]
