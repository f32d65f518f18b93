"""Outcomes called by questions, cards in one unit, groups with their test, and more groups than a page wants."""

from __future__ import annotations

import re

import pytest

from commonbeat.report.study import render_study, render_study_print
from commonbeat.report.study.answer import answer
from commonbeat.report.study.curves import picture
from commonbeat.report.study.effects import card, group_panel, group_tests
from commonbeat.report.study.naming import LONGEST_NAME, cut_end, is_question, short_names, told_briefly
from commonbeat.report.study.study import Study
from tests.report import analyses, time_analyses
from tests.report.test_page import naked_numerals
from tests.report.test_study import plain

FULL = time_analyses.QUESTION.replace("_", " ")


def test_a_question_is_quoted_in_the_sentence_and_told_in_full_once() -> None:
    for made in (time_analyses.grouped, time_analyses.questioned):
        for form in (render_study, render_study_print):
            page = form(made())
            body = re.sub(r"<details class=\"more\"><summary>The design.*?</details>", "", page, flags=re.DOTALL)
            body = re.sub(r'aria-label="[^"]*"', "", body)
            assert plain(body).count(FULL) == 1, (made, form)
            assert time_analyses.QUESTION not in plain(body)
            assert naked_numerals(page) == []
    words = plain(answer(Study(time_analyses.grouped())).statement)
    assert words.startswith(
        "In answers to “Please tell us on a scale from zero to one…”, people assigned to “dance”, compared"
    )


def test_axes_carry_a_cut_name() -> None:
    study = Study(time_analyses.questioned())
    shown = picture(study, study.analysis.sections[0].curves[0], "series")
    assert shown is not None
    assert time_analyses.QUESTION not in shown.body + shown.title + shown.words
    assert "Please tell us on a scale…" in shown.body


def test_names_that_begin_alike_stay_apart() -> None:
    alike = [f"How far do you trust the police who work where you live, in wave {wave}" for wave in (1, 2)]
    found = short_names([*alike, "trust"])
    assert set(found) == set(alike)
    assert len(set(found.values())) == 2
    assert all(len(name) <= LONGEST_NAME + 1 and "…" in name for name in found.values())
    hopeless = ["x" * 60 + middle + "x" * 60 for middle in "ab"]
    assert short_names(hopeless) == {}
    assert short_names(["trust", "cooperation"]) == {}


def test_cutting() -> None:
    assert cut_end("short") == "short"
    assert cut_end("a" * 60) == "a" * 47 + "…"
    assert told_briefly("x: a_b, group 1; a b", {"a_b": "a…"}) == "x: a…, group 1; a…"
    assert is_question("trust_in_police_where_you_live_now")
    assert not is_question("trust in police")


def test_cards_share_unit_and_digits() -> None:
    study = Study(time_analyses.grouped())
    main, group = study.analysis.primary[0], study.analysis.by_group[0]
    shown = [card(study, each, main) for each in (main, group)]
    assert plain(shown[0].figure) == "+0.14 −0.12 to +0.39 SD"
    assert plain(shown[1].figure) == "+0.48 −0.17 to +1.13 SD"
    assert plain(shown[1].raw).startswith("+9.5 −3.4")
    panel = group_panel(study)
    assert panel is not None
    assert {line.places for line in panel.lines} == {1}


def test_without_the_controls_spread_both_cards_are_in_the_outcomes_unit() -> None:
    study = Study(analyses.analysis(arms=()))
    main, group = study.analysis.primary[0], study.analysis.by_group[0]
    assert [card(study, each, main).raw for each in (main, group)] == [None, None]


@pytest.mark.parametrize(
    ("p_value", "words"),
    [(0.333, "nor is it shown that they do not"), (0.01, "differ in effect by more"), (None, "could not be tested")],
)
def test_the_test_of_one_effect_stands_with_the_groups(p_value: float | None, words: str) -> None:
    found = time_analyses.grouped(p_value=p_value)
    assert [said for _, said in group_tests(Study(found))] == [
        said for _, said in group_tests(Study(found)) if words in said
    ]
    for form in (render_study, render_study_print):
        page = plain(form(found))
        assert page.index("By group, worst-off first") < page.index(words) < page.index("The arms as they were found")
    assert group_tests(Study(analyses.analysis())) == ()


def test_of_many_groups_twelve_are_shown_and_the_rest_counted() -> None:
    page = render_study(time_analyses.grouped(20))
    head = page[: page.index('id="doubt"')]
    assert len(re.findall(r"place = district \d+ <span|place = district \d+</span> <span class=\"note", head)) == 12
    assert "8 more groups stand among the rows of every method." in plain(page)
    assert "more groups stand" not in plain(render_study(time_analyses.grouped(12)))


def test_a_warning_that_is_a_weakness_is_not_said_again() -> None:
    for form in (render_study, render_study_print):
        assert plain(form(time_analyses.grouped())).count("3 rows are alike") == 1
