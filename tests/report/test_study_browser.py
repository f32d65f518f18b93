"""In a real browser: the two printed pages are two and cut nothing off; nothing overflows a telephone."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from commonbeat.report.study import render_study, render_study_print
from tests.report import analyses, time_analyses
from tests.report.test_browser import MEASURE, WIDTHS, browser, pages_of, run_browser  # noqa: F401 - a fixture

SHEETS = """<!DOCTYPE html><html><body><pre id="result">waiting</pre><script>
const frames = PAGES.map(page => { const frame = document.createElement('iframe'); frame.width = 800; frame.height = 2200; frame.srcdoc = page;
  document.body.append(frame); return frame; });
addEventListener('load', () => setTimeout(() => {
  const found = frames.map(frame => [...frame.contentDocument.querySelectorAll('.sheet')].map(one => one.scrollHeight - one.clientHeight));
  document.getElementById('result').textContent = JSON.stringify(found);
}, 500));
</script></body></html>"""
ANALYSES = {
    "ordinary": analyses.analysis,
    "open": lambda: analyses.analysis(0.05),
    "bare": analyses.bare,
    "endless": analyses.endless,
    "crowded": analyses.crowded,
    "middling": analyses.middling,
    "series": time_analyses.series,
    "questioned": time_analyses.questioned,
    "grouped": lambda: time_analyses.grouped(20),
    "few": time_analyses.grouped,
}


def result_of(printed: str) -> object:
    """What the page wrote about itself."""
    found = re.search(r'<pre id="result">(.*?)</pre>', printed, re.DOTALL)
    assert found, printed[:400]
    return json.loads(html.unescape(found.group(1)))


@pytest.fixture(scope="module")
def measured(browser: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:  # noqa: F811
    """What the fullest page measures at three widths."""
    folder = tmp_path_factory.mktemp("study")
    page = json.dumps(render_study(analyses.endless())).replace("</", "<\\/")
    (folder / "measure.html").write_text(
        MEASURE.replace("%s", json.dumps(WIDTHS)).replace("PAGE", page), encoding="utf-8"
    )
    return result_of(run_browser(browser, folder, "--dump-dom", f"file://{folder / 'measure.html'}"))  # pyright: ignore[reportReturnType]


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_and_nothing_is_asked_for(measured: dict[str, dict], width: int) -> None:
    found = measured[str(width)]
    assert found["sections"] == 4
    assert found["overflow"] == 0, found["wide"]
    assert found["wide"] == []
    assert found["requests"] == 0


def test_no_printed_page_cuts_anything_off(browser: str, tmp_path: Path) -> None:  # noqa: F811
    pages = json.dumps([render_study_print(made()) for made in ANALYSES.values()]).replace("</", "<\\/")
    (tmp_path / "sheets.html").write_text(SHEETS.replace("PAGES", pages), encoding="utf-8")
    found = result_of(run_browser(browser, tmp_path, "--dump-dom", f"file://{tmp_path / 'sheets.html'}"))
    assert found == [[0, 0]] * len(ANALYSES), dict(zip(ANALYSES, found, strict=True))  # pyright: ignore[reportArgumentType, reportCallIssue]


@pytest.mark.parametrize("name", ["ordinary", "endless", "questioned"])
def test_the_print_has_two_pages(name: str, browser: str, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "print.html").write_text(render_study_print(ANALYSES[name]()), encoding="utf-8")
    target = tmp_path / "print.pdf"
    run_browser(
        browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={target}", f"file://{tmp_path / 'print.html'}"
    )
    assert pages_of(target.read_bytes()) == 2
