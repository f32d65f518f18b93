"""In a real browser without a network: nothing is asked for, nothing overflows a telephone, the two pages are two."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container's is small
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=6000",
)
WIDTHS = (360, 768, 1280)
MEASURE = """<!DOCTYPE html><html><body><pre id="result">waiting</pre><script>
const found = {}, widths = %s, frames = widths.map(width => {
  const frame = document.createElement('iframe');
  frame.width = width; frame.height = 800; frame.srcdoc = PAGE; document.body.append(frame); return frame;
});
addEventListener('load', () => setTimeout(() => {
  frames.forEach((frame, place) => {
    const page = frame.contentDocument, edge = page.documentElement.clientWidth;
    const wide = [...page.querySelectorAll('main *, header *')].filter(one => {
      const box = one.getBoundingClientRect();
      return box.width && box.right > edge + 1 && !one.closest('.scroll, svg, .unit');
    });
    page.querySelectorAll('details').forEach(one => one.open = true);
    found[widths[place]] = {
      overflow: page.documentElement.scrollWidth - edge, requests: frame.contentWindow.performance.getEntriesByType('resource').length,
      wide: wide.slice(0, 5).map(one => one.tagName + '.' + one.className), sections: page.querySelectorAll('main section').length,
      small: [...page.querySelectorAll('svg.picture text')].filter(one => one.getBoundingClientRect().height < 8).length,
    };
  });
  document.getElementById('result').textContent = JSON.stringify(found);
}, 500));
</script></body></html>"""


@pytest.fixture(scope="module")
def browser() -> str:
    """The browser; without one the tests are skipped, but where everything must be checked they fail."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true asks for a browser: install chromium, or put it on the PATH")
        pytest.skip("no browser on the PATH")
    return found


def run_browser(browser: str, folder: Path, *arguments: str) -> str:
    """What the browser prints, with a profile of its own."""
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", *arguments]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


@pytest.fixture(scope="module")
def measured(browser: str, page: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What the page measures at three widths."""
    folder = tmp_path_factory.mktemp("browser")
    wrapped = MEASURE.replace("%s", json.dumps(WIDTHS)).replace("PAGE", json.dumps(page).replace("</", "<\\/"))
    (folder / "measure.html").write_text(wrapped, encoding="utf-8")
    printed = run_browser(browser, folder, "--dump-dom", f"file://{folder / 'measure.html'}")
    found = re.search(r'<pre id="result">(.*?)</pre>', printed, re.DOTALL)
    assert found, printed[:400]
    return json.loads(html.unescape(found.group(1)))


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_and_nothing_is_asked_for(measured: dict[str, dict], width: int) -> None:
    found = measured[str(width)]
    assert found["sections"] == 6
    assert found["overflow"] == 0, found["wide"]
    assert found["wide"] == []
    assert found["requests"] == 0


def test_letters_in_pictures_stay_readable_on_a_telephone(measured: dict[str, dict]) -> None:
    assert measured["360"]["small"] == 0


def test_the_print_version_has_two_pages(browser: str, two_pages: str, tmp_path: Path) -> None:
    (tmp_path / "print.html").write_text(two_pages, encoding="utf-8")
    target = tmp_path / "print.pdf"
    run_browser(
        browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={target}", f"file://{tmp_path / 'print.html'}"
    )
    assert pages_of(target.read_bytes()) == 2


def pages_of(content: bytes) -> int:
    """How many pages a PDF has, also where its objects stand in compressed streams."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    texts = [content]
    for stream in streams:
        try:
            texts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page\b(?!s)", text)) for text in texts)
