"""Studies in which time compares: one week that decides is in the headline, doubts are said once, the picture stands at the top."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from commonbeat.estimate.sections.places import HANGS
from commonbeat.report.study import render_study, render_study_print
from commonbeat.report.study.answer import answer
from commonbeat.report.study.sections import told, weaknesses
from commonbeat.report.study.study import Study
from tests.report import analyses, time_analyses
from tests.report.html_reading import read
from tests.report.test_page import naked_numerals
from tests.report.test_study import plain


def test_a_finding_that_one_week_makes_is_no_finding_in_the_headline() -> None:
    study = Study(time_analyses.series())
    found = answer(study)
    assert plain(found.statement).endswith(f", but this hangs on single periods: {time_analyses.GONE}.")
    assert study.kind(study.analysis.primary[0]) == "open"
    assert "neither way" in plain(found.claim)
    page = render_study(study.analysis)
    assert "or the finding hangs on single periods" in page
    assert 'class="strip gain" width="100%"' not in page


def test_a_finding_that_no_week_decides_keeps_its_side() -> None:
    study = Study(time_analyses.series(periods=""))
    assert "single periods" not in plain(answer(study).statement)
    assert study.kind(study.analysis.primary[0]) == "gain"


def test_an_open_interval_hangs_on_nothing() -> None:
    study = Study(time_analyses.series(0.2))
    assert study.hangs(study.analysis.primary[0]) == ""
    assert "single periods" not in plain(answer(study).statement)


def test_another_section_hanging_does_not_touch_the_main_estimate() -> None:
    found = time_analyses.series()
    other = replace(found.sections[0], key="twin", rows=(), would_change=found.would_change)
    study = Study(replace(found, sections=(replace(found.sections[0], would_change=()), other)))
    assert study.kind(study.analysis.primary[0]) == "gain"


def test_many_weeks_are_counted_in_the_headline() -> None:
    weeks = ", ".join(f"week {place}" for place in range(9))
    found = plain(answer(Study(time_analyses.series(periods=f"without {weeks} it is gone or turned round"))).statement)
    assert found.endswith("without week 0, week 1, week 2 or one of 6 more it is gone or turned round.")


@pytest.mark.parametrize("form", [render_study, render_study_print])
def test_every_doubt_is_said_once(form) -> None:
    page = plain(form(time_analyses.series()))
    for sentence in (time_analyses.ONE_PLACE, time_analyses.OUTLYING, f"{HANGS}:"):
        assert page.count(sentence) == 1, sentence
    assert "on a single week" not in page
    assert page.count("1 column was read as text") == 1


def test_rows_point_to_doubts_told_above_and_keep_their_own() -> None:
    (section,) = told(Study(time_analyses.series()))
    assert section.warnings == ("Its own warning.",)
    assert section.notes == ("A note of its own.",)
    assert all(above for _, _, above in section.rows)
    assert 'href="#doubt">above</a>' in render_study(time_analyses.series())


def test_of_weaknesses_only_the_row_by_row_sentence_is_dropped() -> None:
    assert weaknesses(Study(time_analyses.series())) == (
        time_analyses.ONE_PLACE,
        time_analyses.OUTLYING,
        "1 column was read as text.",
    )
    assert len(weaknesses(Study(analyses.analysis()))) == 3


def test_the_series_stands_unfolded_beside_the_answer_and_only_there() -> None:
    page = render_study(time_analyses.series())
    elements = read(page).all
    named = [e.attributes["aria-labelledby"] for e in elements if e.attributes.get("class") == "picture"]
    assert len(named) == len(set(named)) == 2
    assert page.index('first-picture"><h3>') < page.index("The primary estimates") < page.index("<details")
    assert naked_numerals(page) == []
    trial = render_study(analyses.analysis())
    assert '<figure class="first-picture"' not in trial


def test_the_printed_pictures_are_named_by_what_they_hold() -> None:
    found = analyses.analysis()
    page = render_study_print(found)
    assert "Curves" not in plain(page)
    assert re.search(r'id="curves-title">(<[^>]+>)?Over time', page)
    assert "curves of-two leading" in render_study_print(time_analyses.series())
