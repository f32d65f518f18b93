"""The page of a study's results: every figure with its source, hidden ones nowhere, two printed pages, nothing wider than a telephone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from commonbeat.listen.results.names import Names
from commonbeat.listen.results.response import DRAWN, response_of
from commonbeat.report.listening import Told, render_listening, render_listening_print
from commonbeat.report.listening.picture import capital
from tests.listen.results.made import Filled, collected
from tests.report.test_browser import MEASURE, WIDTHS, browser, pages_of, run_browser  # noqa: F401 - a fixture
from tests.report.test_study_browser import SHEETS, result_of


@pytest.fixture(scope="module")
def pages(told: Path, residents: Filled, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of two studies' results."""
    from commonbeat.workflows.listen_results import listen_results

    project = tmp_path_factory.mktemp("residents-project")
    listen_results(residents.store, residents.study, out=project / "results", project=project)
    return {"viewers": told, "residents": project / "results"}


@pytest.mark.parametrize("kind", ["viewers", "residents"])
def test_every_picture_is_told_and_every_figure_has_its_source(kind: str, pages: dict[str, Path]) -> None:
    page = (pages[kind] / "report.html").read_text(encoding="utf-8")
    for picture in re.findall(r'<svg class="picture".*?</svg>', page, re.DOTALL):
        assert re.search(r"<title id=[^>]*>[^<]+</title><desc id=[^>]*>[^<]{10,}</desc>", picture)
        assert 'data-source="' in picture
    figures = re.findall(r"<data class=\"number\"[^>]*>", page)
    assert len(figures) > 30
    assert all('data-claim="' in each and 'data-source="' in each for each in figures)
    assert page.count("<h1>") == 1
    assert "<script" not in page
    assert "http" not in re.sub(r'"http://www.w3.org[^"]*"', "", page)


def test_hidden_counts_stand_nowhere_on_the_page() -> None:
    made = collected(people=44)
    response = response_of(made)
    assert response.shown.few
    names = Names(made.study, made.bank)
    page = render_listening(Told(made.study, names, response, ()))
    for grouping in response.groupings:
        for group in grouping.groups:
            row = re.search(
                rf"<th scope=\"row\">(?:<[^>]*>)?{re.escape(capital(names.group(grouping.name, group)))}<.*?</tr>",
                page,
                re.DOTALL,
            )
            assert row
            for column in response.columns:
                count, shown = response.people(column, grouping, group), row.group(0)
                label = column.replace("_", " ").capitalize() if column != DRAWN else "Drawn to an arm"
                cell = re.search(rf'data-label="{label}">(.*?)</td>', shown)
                assert cell
                assert ("hidden" in cell.group(1)) == (count is None)
                assert ("<data" in cell.group(1)) == (count is not None)


def test_words_of_the_study_are_text_and_nothing_else() -> None:
    made = collected(people=30)
    study = made.study.model_copy(
        update={"title": {"en": "<script>alert(1)</script> & 2"}, "organisation": "<b>us</b>"}
    )
    response = replace(response_of(made), remarks=("<i>9</i>",))
    told = Told(study, Names(study, made.bank), response, (), remarks=("<u>1</u>",), cautions=("<i>2</i>",))
    for page in (render_listening(told), render_listening_print(told)):
        assert not re.search(r"<(script|b|i|u)>", page)
        assert "&lt;script&gt;" in page


@pytest.fixture(scope="module")
def measured(browser: str, pages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:  # noqa: F811
    folder = tmp_path_factory.mktemp("listening")
    page = json.dumps((pages["viewers"] / "report.html").read_text(encoding="utf-8")).replace("</", "<\\/")
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
    assert found["small"] == 0


@pytest.mark.parametrize("kind", ["viewers", "residents"])
def test_the_print_is_two_pages_that_cut_nothing_off(
    kind: str,
    pages: dict[str, Path],
    browser: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = pages[kind] / "report-print.html"
    target = tmp_path / "print.pdf"
    run_browser(browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={target}", f"file://{page}")
    assert pages_of(target.read_bytes()) == 2
    both = json.dumps([page.read_text(encoding="utf-8")]).replace("</", "<\\/")
    (tmp_path / "sheets.html").write_text(SHEETS.replace("PAGES", both), encoding="utf-8")
    assert result_of(run_browser(browser, tmp_path, "--dump-dom", f"file://{tmp_path / 'sheets.html'}")) == [[0, 0]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_either_page(
    scheme: Literal["light", "dark"],
    pages: dict[str, Path],
    browser: str,  # noqa: F811
) -> None:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page(color_scheme=scheme, viewport={"width": 360, "height": 800})
        for folder in pages.values():
            for name in ("report.html", "report-print.html"):
                page.goto(f"file://{folder / name}")
                found = Axe().run(page)
                assert found.violations_count == 0, found.generate_report()
        opened.close()
