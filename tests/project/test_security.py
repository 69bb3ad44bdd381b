"""The promises of SECURITY.md that no other test covers."""

import ast
import json
import re
from pathlib import Path

import httpx
import pytest
import tomli_w
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outlogger_cli.engine.cache import Cache, StoredPage
from outlogger_cli.net.client import BODY_LIMIT, REDIRECT_LIMIT
from outlogger_cli.system import paths
from tests.cli.commands.pages import ACME, HEALTHY
from tests.origin import Origin, Reply
from tests.running import Pieces, run_command
from tests.support import document
from tests.tools.check_docs import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
SOURCES = sorted((ROOT / "outlogger_cli").rglob("*.py"))
SUMMARY = "/api/v2/summary.json"


class HealthyPage(httpx.BaseTransport):
    """A healthy page at every address, which sets a cookie."""

    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        page = Pieces(json.dumps(HEALTHY).encode())
        return httpx.Response(200, stream=page, headers={"set-cookie": "who=you; Path=/"})


def watchlist(slug: str, **entry: object) -> None:
    """Write a watchlist into the current folder."""
    content = {"version": 1, "vendors": {slug: entry}}
    Path("outlogger.toml").write_text(tomli_w.dumps(content), encoding="utf-8")


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if not path.is_dir()}


SLUGS = st.one_of(
    st.sampled_from([".", "..", "...", "../../up", "a/../b", "~", "con", "-rf", "a\x00b"]),
    st.from_regex(r"[A-Za-z0-9._-]{1,80}", fullmatch=True),
    st.text(min_size=1, max_size=20),
)
PATHS = st.one_of(
    st.sampled_from(
        ["", "/..", "/../../up", "/%2e%2e/%2e%2e/up", "/%00", "\\..\\up", "/" + "a" * 900]
    ),
    st.text(max_size=30),
)


@given(slug=SLUGS, path=PATHS)
@example(slug="..", path="/../../up")
@settings(max_examples=60)
def test_no_slug_and_no_address_writes_outside_the_cache(slug: str, path: str) -> None:
    home = Path.home()
    for left in files(home):
        left.unlink()
    watchlist(slug, url=f"{ACME}{path}", platform="statuspage")
    finished = run_command("status", transport=HealthyPage())
    written = files(home) - {home / "outlogger.toml"}
    assert (finished.code, bool(written)) in {(0, True), (2, False), (3, False)}
    assert written <= {paths.pages() / "pages.sqlite"}


@given(url=st.text(), name=st.text(max_size=40))
@settings(max_examples=60)
def test_no_address_and_no_document_names_a_file_of_the_cache(url: str, name: str) -> None:
    folder = Path.home() / "pages"
    documents = {name: document(name, "{}", url)}
    page = StoredPage(url=url, home=url, platform=name, documents=documents)
    assert Cache(folder).save([page]) is True
    assert {path.name for path in folder.iterdir()} <= {"pages.sqlite"}
    assert {path.name for path in Path.home().iterdir()} == {"pages"}


def test_a_discovered_watchlist_gets_requests_without_credentials_or_cookies(
    home: Path,
) -> None:
    (home / ".netrc").write_text("default login me password secret\n", encoding="utf-8")
    (home / ".netrc").chmod(0o600)
    watchlist("acme", url=ACME, headers={"Authorization": "${PATH}", "Cookie": "a=b"})
    web = HealthyPage()
    assert run_command("incidents", transport=web).code == 0
    assert len(web.seen) > 1  # a second request, which could send the cookie
    assert {request.method for request in web.seen} == {"GET"}
    sent = {name.lower() for request in web.seen for name in request.headers}
    assert sent <= {"host", "user-agent", "accept", "accept-encoding"}


def test_a_drill_neither_reads_nor_writes_the_cache() -> None:
    assert run_command("check", ACME, transport=HealthyPage()).code == 0
    (stored,) = files(paths.pages())
    before = stored.read_bytes()
    component = {"id": "1", "name": "API", "status": "major_outage"}
    with Origin(
        tls=False, routes={SUMMARY: Reply(body={**HEALTHY, "components": [component]})}
    ) as origin:
        env = {"OUTLOGGER_DRILL": origin.url}
        assert run_command("check", ACME, "--max-age", "1h", env=env).code == 1
    assert len(origin.seen) == 1
    assert files(paths.pages()) == {stored}
    assert stored.read_bytes() == before


def calls(path: Path) -> set[str]:
    """The calls in a module that start a program or run code, as `module.function`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {ast.unparse(call.func) for call in found}
    shells = {"shell" for call in found for one in call.keywords if one.arg == "shell"}
    return {name for name in named if STARTS.fullmatch(name)} | shells


STARTS = re.compile(
    r"eval|exec|compile|pickle\..*|os\.(system|popen|exec.*|spawn.*|startfile)|subprocess\..*|webbrowser\.open"
)


def test_only_the_users_command_runs_in_a_shell() -> None:
    found = {path.relative_to(ROOT / "outlogger_cli").as_posix(): calls(path) for path in SOURCES}
    assert {name: starts for name, starts in found.items() if starts} == {
        "system/processes.py": {"subprocess.Popen"},
        "cli/commands/status.py": {"webbrowser.open"},
        "cli/commands/watchlist/editing.py": {"subprocess.run"},
        "alerts/channels/command.py": {"subprocess.Popen", "shell"},
    }


def test_certificate_verification_is_never_off() -> None:
    off = re.compile(r"CERT_NONE|verify=False|check_hostname *= *False|_create_unverified")
    assert [path for path in SOURCES if off.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("said", [f"{BODY_LIMIT >> 20} MiB", f"At most {REDIRECT_LIMIT} "])
def test_the_documented_limits_are_those_of_the_code(said: str) -> None:
    assert said in TEXT
