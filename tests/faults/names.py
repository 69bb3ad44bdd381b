"""Run the command with its own DNS answers: `python -m tests.faults.names ARGV`.

The variable NAMES is JSON. Its values by name are addresses, `[["127.0.0.1", 8443], ...]` for any
port; or the number of a lookup error; or null for a lookup that never ends. The name servers of
the system are not used.
"""

import json
import os
import socket
import sys
import threading
from typing import Any
from unittest.mock import patch

from outlogger_cli.__main__ import main

LIMIT = 30.0

_look_up = socket.getaddrinfo


def getaddrinfo(host: str, port: int, *asked: int, **more: int) -> list[Any]:
    """Replace `socket.getaddrinfo`: return the addresses of a name in their order."""
    found = json.loads(os.environ["NAMES"]).get(host, [[host, port]])
    if found is None:
        threading.Event().wait(LIMIT)
    if not isinstance(found, list):
        raise socket.gaierror(found, "the name server of the tests says so")
    more["flags"] = socket.AI_NUMERICHOST
    return [entry for address, at in found for entry in _look_up(address, at, *asked, **more)]


if __name__ == "__main__":
    with patch.object(socket, "getaddrinfo", getaddrinfo):
        sys.exit(main())
