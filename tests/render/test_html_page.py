"""HTML: a page without scripts and foreign assets, accessible, in light and dark."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from outlogger_cli.domain.report import Report
from outlogger_cli.render import html
from outlogger_cli.render.html.style import STYLE
from tests.render.test_html import RUNS
from tests.render.tree import Node, every, read
from tests.reports import VIEW, acme, component, report

ATTRIBUTES: dict[str, set[str]] = {
    "html": {"lang"},
    "meta": {"charset", "http-equiv", "content", "name"},
    "a": {"href", "rel"},
    "th": {"scope", "colspan"},
    "time": {"datetime"},
    "section": {"aria-labelledby", "class"},
    "h2": {"id"},
    "details": {"open"},
    "div": {"role", "aria-label", "class"},
    "span": {"aria-hidden", "title", "class"},
    **{tag: {"class"} for tag in ("p", "tr", "ul", "table", "article")},
    **{tag: set() for tag in ("head", "title", "style", "body", "header", "main", "footer")},
    **{
        tag: set() for tag in ("h1", "h3", "h4", "b", "thead", "tbody", "td", "ol", "li", "summary")
    },
}
"""Every element the page may have, and its attributes."""


@pytest.mark.parametrize("name", RUNS)
def test_the_page_has_only_elements_and_attributes_that_do_nothing(name: str) -> None:
    tree = read(RUNS[name])
    for tag in {child.tag for child in every(tree)}:
        assert tag in ATTRIBUTES
    for child in every(tree):
        assert set(child.attributes) <= ATTRIBUTES[child.tag]


@pytest.mark.parametrize("name", RUNS)
def test_every_link_leads_to_the_web_and_sends_no_referrer(name: str) -> None:
    for link in read(RUNS[name]).all("a"):
        assert re.match("https?://", link.attributes["href"])
        assert link.attributes["rel"] == "noreferrer"


@pytest.mark.parametrize("name", RUNS)
def test_the_policy_allows_the_one_style_and_nothing_else(name: str) -> None:
    tree = read(RUNS[name])
    digest = base64.b64encode(hashlib.sha256(tree.one("style").text.encode()).digest()).decode()
    policies = [
        meta.attributes["content"] for meta in tree.all("meta") if "http-equiv" in meta.attributes
    ]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]
    assert "url(" not in tree.one("style").text
    assert "@import" not in tree.one("style").text


@pytest.mark.parametrize("name", RUNS)
def test_the_structure_is_one_a_screen_reader_can_follow(name: str) -> None:
    tree = read(RUNS[name])
    assert tree.attributes == {"lang": "en"}
    assert [child.tag for child in tree.one("body").children if isinstance(child, Node)] == [
        "header",
        "main",
        "footer",
    ]
    levels = [int(n.tag[1]) for n in every(tree) if re.fullmatch("h[1-6]", n.tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [n.attributes["id"] for n in every(tree) if "id" in n.attributes]
    assert len(ids) == len(set(ids))
    assert {n.attributes["aria-labelledby"] for n in tree.all("section")} <= set(ids)
    for cell in tree.all("th"):
        assert cell.attributes["scope"] in {"col", "row", "rowgroup"}
        assert cell.text


def test_the_page_is_ascii_and_of_the_present_standard() -> None:
    text = html.render(report(acme(component("Größe ✓"))), VIEW)
    assert text.isascii()
    assert text.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">')
    assert text.endswith("</html>\n")


def palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))


LIGHT = palette(STYLE.partition("@media")[0])
DARK = palette(STYLE.partition("@media")[2].partition("} }")[0])


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_has_enough_contrast(colors: dict[str, str]) -> None:
    written = {"text", "dim", "link", "none", "maintenance", "minor", "major", "critical"}
    written |= {"unknown"}
    assert set(colors) == written | {"page", "card", "rule", "quiet"}
    for name in written:
        assert contrast(colors[name], colors["card"]) >= 4.5
    assert contrast(colors["text"], colors["page"]) >= 7
    assert contrast(colors["dim"], colors["page"]) >= 4.5


BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


@pytest.mark.skipif(not BROWSER, reason="there is no Chromium to show the page in")
@pytest.mark.parametrize(("preferred", "colors"), [(1, LIGHT), (0, DARK)], ids=["light", "dark"])
def test_a_browser_shows_it_in_the_colours_of_its_user(
    preferred: int, colors: dict[str, str], tmp_path: Path
) -> None:
    picture = tmp_path / "page.png"
    browse(html.render(RUNS["many"], VIEW), tmp_path, preferred, f"--screenshot={picture}")
    assert first_pixel(picture.read_bytes()) == colors["page"]


def browse(page: str, folder: Path, preferred: int, *options: str) -> str:
    """Output of a browser that shows `page` and prefers light (1) or dark (0) colours."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    command = [
        *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=800,600"),
        *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}"),
        *(f"--blink-settings=preferredColorScheme={preferred}", *options, file.as_uri()),
    ]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return ran.stdout.decode()


def named(run: Report) -> Report:
    """The run with a different name for each vendor."""
    vendors = []
    for number, one in enumerate(run.vendors):
        vendor = replace(one.vendor, name=f"{one.name} {number}")
        vendors.append(replace(one, outcome=replace(one.outcome, vendor=vendor)))
    return replace(run, vendors=tuple(vendors))


AXE = os.environ.get("OUTLOGGER_AXE", "")
AUDIT = """
axe.run().then(found => {
  document.title = "axe " + JSON.stringify({
    broken: found.violations.map(rule => [rule.id, rule.nodes[0].html]),
    kept: found.passes.map(rule => rule.id),
  });
});
"""


@pytest.mark.skipif(not (BROWSER and AXE), reason="OUTLOGGER_AXE names no axe.min.js")
@pytest.mark.parametrize("preferred", [1, 0], ids=["light", "dark"])
@pytest.mark.parametrize("run", RUNS)
def test_axe_finds_no_accessibility_problem(run: str, preferred: int, tmp_path: Path) -> None:
    axe = Path(AXE).read_text(encoding="utf-8")
    page = re.sub("<meta http-equiv[^>]*>", "", html.render(named(RUNS[run]), VIEW))
    page = page.replace("</body>", f"<script>{axe}</script><script>{AUDIT}</script></body>")
    shown = browse(page, tmp_path, preferred, "--virtual-time-budget=20000", "--dump-dom")
    (found,) = re.findall("<title>axe (.*?)</title>", shown)
    audit = json.loads(unescape(found))
    assert audit["broken"] == []
    assert {"color-contrast", "document-title", "html-has-lang"} <= set(audit["kept"])


def first_pixel(png: bytes) -> str:
    """The colour in the upper left corner, which no filter of PNG changes."""
    place, data = 8, b""
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += length + 12
    return "#" + zlib.decompress(data)[1:4].hex()
