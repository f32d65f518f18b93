"""The page of a clip in a real browser: nothing overflows a telephone, nothing is asked for."""

from __future__ import annotations

import html
import json
import re

from commonbeat.report.clip_growth import render_clip
from commonbeat.workflows.fit_clip import fit_clip
from tests.fit_clip.clips import write_log
from tests.report.test_browser import MEASURE, WIDTHS, browser, run_browser

__all__ = ["browser"]  # a fixture that is used here as well


def test_nothing_overflows_and_nothing_is_asked_for(browser, tmp_path) -> None:
    path = write_log(tmp_path / "a-log-with-a-name-that-is-long-enough-to-need-two-lines.csv", groups=True)
    page = render_clip(fit_clip(path).fit)
    wrapped = MEASURE.replace("%s", json.dumps(WIDTHS)).replace("PAGE", json.dumps(page).replace("</", "<\\/"))
    (tmp_path / "measure.html").write_text(wrapped, encoding="utf-8")
    printed = run_browser(browser, tmp_path, "--dump-dom", f"file://{tmp_path / 'measure.html'}")
    found = re.search(r'<pre id="result">(.*?)</pre>', printed, re.DOTALL)
    assert found, printed[:400]
    for width, measured in json.loads(html.unescape(found.group(1))).items():
        assert measured["overflow"] == 0, (width, measured["wide"])
        assert measured["wide"] == [], width
        assert measured["requests"] == 0
        assert measured["sections"] == 4
        assert width != "360" or measured["small"] == 0
