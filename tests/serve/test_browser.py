"""The pages in a real browser: at the width of a phone and of a desktop, in light and dark."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from html import unescape
from itertools import takewhile
from pathlib import Path

import pytest

from tests.origin import Origin, Reply, Route, faults
from tests.reports import component, incident
from tests.reports import page as document
from tests.serve.serving import Server, serving
from tests.serve.test_serving import FINE, GOOD, SUMMARY

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
AXE = os.environ.get("OUTLOGGER_AXE", "")

pytestmark = [
    pytest.mark.skipif(not BROWSER, reason="there is no Chromium to show the page in"),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals"),
]

WIDTHS = [380, 1200]
"""Of a phone and of a desktop, in pixels."""

LONG = "W" * 300
"""A name that a page must break to fit."""

WIDE = document(
    component(LONG, "major_outage"),
    component("Storage", "under_maintenance"),
    incidents=[incident(LONG, impact="critical", links=[LONG])],
    name=LONG,
)

PAGES = ["/", "/vendors/acme", "/vendors/wwww", "/vendors/fine", "/vendors/gone", "/vendors/nobody"]

MEASURE = """
const page = document.documentElement;
tell(`${page.scrollWidth - page.clientWidth} of ${innerWidth}`);
"""
AUDIT = """
axe.run({rules: {"meta-refresh": {enabled: false}}}).then(found => {
  tell(JSON.stringify({
    broken: found.violations.map(rule => [rule.id, rule.nodes[0].html]),
    kept: found.passes.map(rule => rule.id),
  }));
});
"""
"""WCAG 2.2.1 allows a page to load again if its reader can stop that, which axe cannot see."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a troubled page, a healthy one, a wide one, and one that cannot be read."""
    home = tmp_path_factory.mktemp("home")
    with ExitStack() as stack:
        routes: dict[str, Mapping[str, Route]] = {
            "Acme": GOOD,
            "Fine": FINE,
            "Gone": {},
            LONG: {SUMMARY: Reply(body=WIDE)},
        }
        rows = [
            f'[vendors.{name.lower()[:4]}]\nname = "{name}"\nplatform = "statuspage"\n'
            f'url = "{stack.enter_context(Origin(tls=False, routes=found)).url}"\n'
            for name, found in routes.items()
        ]
        watchlist = home / "vendors.toml"
        watchlist.write_text("version = 1\n" + "".join(rows), encoding="utf-8")
        argv = "--watchlist", str(watchlist)
        running = serving(*argv, cwd=home, env={"HOME": str(home)})
        yield stack.enter_context(running).ready()


def command(url: str, folder: Path, *options: str) -> list[str]:
    return [
        *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu"),
        *(f"--user-data-dir={folder / 'profile'}", *options, url),
    ]


def dumped(url: str, folder: Path, *options: str) -> str:
    """The document of a browser that has shown `url` for some time."""
    words = command(url, folder, "--virtual-time-budget=5000", "--dump-dom", *options)
    return subprocess.run(words, capture_output=True, check=True, timeout=60).stdout.decode()


def told_by(script: str, page: str, folder: Path, *, width: int, preferred: int = 1) -> str:
    """What `script` tells by `tell(text)` of a page in a window of this width.

    The page is shown without its policy, which allows no script. The reader prefers light (1) or
    dark (0) colours. A window of a browser may have a least width, a frame has none.
    """
    page = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    tell = 'const tell = text => parent.postMessage(text, "*");'
    page = page.replace("</body>", f"<script>{tell}{script}</script></body>")
    (folder / "page.html").write_text(page, encoding="utf-8")
    window = folder / "window.html"
    window.write_text(
        "<title>none</title><script>onmessage = event => { document.title = event.data; }</script>"
        f'<iframe src="page.html" style="border: 0; width: {width}px; height: 900px"></iframe>',
        encoding="utf-8",
    )
    shown = dumped(window.as_uri(), folder, f"--blink-settings=preferredColorScheme={preferred}")
    return unescape(re.findall("<title>(.*?)</title>", shown)[0])


def test_a_browser_shows_the_page_of_the_server(server: Server, tmp_path: Path) -> None:
    shown = dumped(f"{server.url}/?refresh=off", tmp_path)
    assert "<title>Vendor status</title>" in shown
    assert '<a href="vendors/acme">Acme</a>' in shown


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_the_screen(
    server: Server, path: str, width: int, tmp_path: Path
) -> None:
    page = server.get(path).text
    assert told_by(MEASURE, page, tmp_path, width=width) == f"0 of {width}"


@pytest.mark.skipif(not AXE, reason="OUTLOGGER_AXE names no axe.min.js")
@pytest.mark.parametrize("preferred", [1, 0], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_accessibility_problem(
    server: Server, path: str, width: int, preferred: int, tmp_path: Path
) -> None:
    script = f"</script><script>{Path(AXE).read_text(encoding='utf-8')}</script><script>{AUDIT}"
    page = server.get(path).text
    audit = json.loads(told_by(script, page, tmp_path, width=width, preferred=preferred))
    assert audit["broken"] == []
    assert {"color-contrast", "document-title", "html-has-lang"} <= set(audit["kept"])


def test_a_page_loads_again_unless_its_reader_stops_that(tmp_path: Path) -> None:
    with (
        Origin(tls=False, routes={"*": faults.hang}) as origin,
        serving(origin.url, "-v", "--timeout", "60s") as running,
    ):
        log = running.process.stderr
        assert log
        dumped(f"{running.url}/?refresh=off", tmp_path)
        running.get("/stopped")
        rows = list(takewhile(lambda row: "/stopped" not in row, log))
        assert sum(" GET / 200 " in row for row in rows) == 1
        words = command(f"{running.url}/", tmp_path, "--remote-debugging-port=0")
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as shown:
            try:
                loads = (row for row in log if " GET / 200 " in row)
                assert all(next(loads) for _ in range(2))
            finally:
                shown.terminate()
