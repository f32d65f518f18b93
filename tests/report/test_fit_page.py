"""The page of a fit: what was learnt, what stayed, and nothing that overflows a telephone."""

from __future__ import annotations

import html
import json
import re

import pytest

from commonbeat.report.fit import render_fit, verdict
from tests.fit.posterior.toys import FIRST, SECOND, THIRD, fitted_toy
from tests.report.html_reading import read
from tests.report.test_browser import MEASURE, WIDTHS, browser, run_browser

__all__ = ["browser"]  # a fixture that is used here as well


@pytest.fixture(scope="module")
def fitted():
    return fitted_toy()


@pytest.fixture(scope="module")
def page(fitted) -> str:
    return render_fit(fitted)


def test_every_informed_parameter_has_its_picture(fitted, page: str) -> None:
    pictures = [each for each in read(page).all if each.attributes.get("class") == "picture"]
    assert {each.parameter for each in fitted.informed} >= {FIRST, SECOND, THIRD}
    assert len(pictures) == len(fitted.informed) + 1
    assert len({each.attributes["aria-labelledby"] for each in pictures}) == len(pictures)


def test_the_verdict_counts_and_what_contradicts_is_named(fitted, page: str) -> None:
    count = len(fitted.informed)
    assert f"inform {count} parameters of {len(fitted.learnt)}" in verdict(fitted)
    assert f"{len(fitted.learnt) - count} stay at their priors" in verdict(fitted)
    assert fitted.doubts[0].startswith("target 2: contradicts the model")
    assert page.index("target 2: contradicts the model") < page.index("hardly gives what was observed")
    assert any("hardly gives what was observed" in doubt for doubt in fitted.doubts)
    assert page.index("hardly gives what was observed") < page.index("What was learnt</h2>")


def test_what_trades_off_is_told(page: str) -> None:
    assert "What trades off" in page
    assert "bystander share" in page


def test_every_figure_carries_claim_and_source(page: str) -> None:
    for each in read(page).all:
        if each.attributes.get("class") in ("number", "quoted"):
            assert each.attributes["data-claim"]
            assert each.attributes["data-source"]


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
        assert measured["sections"] == 5
        assert width != "360" or measured["small"] == 0
