"""A real Prometheus scrapes the server as its example says, and reads vendors on demand."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.origin import Origin
from tests.serve.serving import get, serving
from tests.serve.test_serving import GOOD
from tests.tools.check_docs import ROOT

pytestmark = [
    pytest.mark.skipif(not shutil.which("prometheus"), reason="Prometheus is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals"),
]

CONFIG = ROOT / "examples" / "serve" / "prometheus.yml"


@pytest.fixture
def prometheus(tmp_path: Path) -> Iterator[str]:
    """The address of a Prometheus that scrapes a server every second; all pages are troubled."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"127.0.0.1:{free.getsockname()[1]}"
    with (
        Origin(tls=False, routes=GOOD) as origin,
        serving("fly", env={"OUTLOGGER_DRILL": origin.url}) as server,
    ):
        server.ready()
        text = CONFIG.read_text(encoding="utf-8")
        text = text.replace("outlogger:8469", server.url.partition("://")[2])
        text = text.replace("scrape_interval: 1m", "scrape_interval: 1s")
        text = text.replace("scrape_timeout: 15s", "scrape_timeout: 1s")
        config = tmp_path / "prometheus.yml"
        config.write_text(text, encoding="utf-8")
        shutil.copy(ROOT / "examples" / "prometheus" / "alerts.yml", tmp_path)
        words = [
            *("prometheus", f"--config.file={config}", f"--web.listen-address={url}"),
            f"--storage.tsdb.path={tmp_path / 'data'}",
        ]
        log = (tmp_path / "log").open("w", encoding="utf-8")
        with log, subprocess.Popen(words, stdout=log, stderr=log) as process:
            try:
                yield f"http://{url}"
            finally:
                process.terminate()


def query(prometheus: str, expression: str) -> dict[str, float]:
    """The values by vendor, once there are some."""
    found: list[Any] = []
    while not found:
        with suppress(OSError, HTTPException, json.JSONDecodeError):
            text = get(f"{prometheus}/api/v1/query?query={quote(expression)}").text
            found = json.loads(text)["data"]["result"]
    return {one["metric"].get("vendor", ""): float(one["value"][1]) for one in found}


def test_prometheus_reads_metrics_and_probes(prometheus: str) -> None:
    problem = 'outlogger_vendor_verdict{job="outlogger",verdict="problem"}'
    assert query(prometheus, problem) == {"fly": 1}
    probed = 'outlogger_vendor_verdict{instance="github",verdict="problem"}'
    assert query(prometheus, probed) == {"github": 1}
    assert query(prometheus, 'outlogger_probe_success{instance="npm"}') == {"": 1}
    assert query(prometheus, "min(up)") == {"": 1}
    assert query(prometheus, 'outlogger_drill{job="outlogger"}') == {"": 1}
