"""The page of a planned study in a real browser: nothing overflows a telephone, nothing is asked for."""

from __future__ import annotations

import html
import json
import re

import pytest

from commonbeat.estimate.power import Progress, parse_power_design, study
from commonbeat.report.power import render_power
from tests.report.html_reading import read
from tests.report.test_browser import MEASURE, WIDTHS, browser, run_browser

__all__ = ["browser"]  # a fixture that is used here as well

DESIGN = """
title = "Three arms & two waves, with a title that is long enough to need two lines on a telephone"
claim = "C3"
outcome = "prejudice"
[[arms]]
name = "another clip"
[[arms]]
name = "dance clip"
effect = 0.12
[[arms]]
name = "a meeting that lasts an afternoon"
effect = 0.30
share = 0.5
[sample]
clusters = 40
cluster_size = 12
icc = 0.05
[[waves]]
delay_days = 0
[[waves]]
delay_days = 90
[simulation]
trials = 100
"""


@pytest.fixture(scope="module")
def page() -> str:
    return render_power(study(parse_power_design(DESIGN, source="three.toml"), Progress()))


def test_every_arm_and_wave_has_its_picture(page: str) -> None:
    pictures = [each for each in read(page).all if each.attributes.get("class") == "picture"]
    assert len(pictures) == 4
    named = [each.attributes["aria-labelledby"] for each in pictures]
    assert len(set(named)) == 4
    assert "Three arms &amp; two waves" in page


def test_the_card_says_why_its_figure_is_not_that_of_the_sentence() -> None:
    text = DESIGN.replace("delay_days = 0", "delay_days = 3").replace('outcome = "prejudice"', 'outcome = "trust"')
    found = study(parse_power_design(text, source="late.toml"), Progress())
    page = " ".join(re.sub(r"<[^>]+>", "", render_power(found)).split())
    first = found.answers[0]
    assert "at the moment itself. By then" in page
    assert f"{first.smallest_effect * first.left:.2f} SD after 3 days" in page


def test_a_study_that_asks_at_once_has_nothing_to_explain(page: str) -> None:
    assert "By then" not in page


def test_nothing_overflows_and_nothing_is_asked_for(browser, page: str, tmp_path) -> None:
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
