"""A real browser shows the page: without complaint, whole on a narrow screen, with the numbers that were counted."""

from __future__ import annotations

import json
import struct
from html import unescape
from pathlib import Path

import pytest

from tests.chromium import browse
from tests.reports.pages import PageReader, reports, same_figures, written

POLICY = "default-src 'none'; style-src 'unsafe-inline'"

MEASURE = """<script>
const drawn = [...document.querySelectorAll("svg")];
document.querySelectorAll("details").forEach(one => one.open = true);
const empty = drawn.filter(one => !one.getBoundingClientRect().width || !one.getBoundingClientRect().height);
const seen = name => getComputedStyle(document.querySelector(`h2 [lang=${name}]`)).display;
const before = [seen("zh"), seen("en")];
document.querySelector("#only-zh").checked = true;
const after = [seen("zh"), seen("en")];
document.body.textContent = JSON.stringify({drawn: drawn.length, empty: empty.length, before, after,
  over: document.documentElement.scrollWidth - document.documentElement.clientWidth});
</script>"""
"""What a page cannot be asked without a script; the page itself forbids them, so the test takes its policy away."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a page."""
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(written(reports()), encoding="utf-8")
    return file


def test_a_browser_finds_every_figure_on_the_page(page: Path):
    """What it understood of the page has the numbers of the JSON, and it had nothing to complain of."""
    dom, console = browse(page, "--dump-dom")
    assert console == []
    same_figures(PageReader(dom), reports())


def test_a_page_is_whole_on_a_narrow_screen(page: Path):
    """Nothing reaches over its edge, whatever is opened; each chart can be seen, and one language can be read alone."""
    measured = page.with_name("measured.html")
    text = page.read_text(encoding="utf-8")
    assert POLICY in text
    measured.write_text(text.replace(POLICY, "").replace("</body>", f"{MEASURE}</body>"), encoding="utf-8")
    dom, console = browse(measured, "--dump-dom", "--window-size=500,900")
    assert console == []
    found = json.loads(unescape(dom[dom.index("<body>") + 6 : dom.index("</body>")]))
    assert found["drawn"] > 5
    assert (found["empty"], found["over"]) == (0, 0)
    assert "none" not in found["before"]
    assert found["after"][1] == "none" != found["after"][0]


def test_a_script_in_the_page_would_not_run(page: Path):
    """Whoever smuggles one in is stopped by the page's own policy."""
    smuggled = page.with_name("smuggled.html")
    script = '<script>document.body.innerHTML = "taken over"</script></body>'
    smuggled.write_text(page.read_text(encoding="utf-8").replace("</body>", script), encoding="utf-8")
    dom, console = browse(smuggled, "--dump-dom")
    assert "taken over</body>" not in dom.replace("\n", "")
    assert any("Content Security Policy" in line for line in console)


def test_a_page_can_be_printed_and_drawn(page: Path):
    """As PDF and as a picture of the size that was asked for."""
    paper, picture = page.with_name("page.pdf"), page.with_name("page.png")
    browse(page, f"--print-to-pdf={paper}")
    browse(page, f"--screenshot={picture}", "--window-size=800,1000", "--hide-scrollbars")
    assert paper.read_bytes().startswith(b"%PDF-")
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == (800, 1000)
