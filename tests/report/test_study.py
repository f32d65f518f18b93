"""The report of a study: what it says, that every figure has its claim and source, and that nothing is promised."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from commonbeat.estimate.analysis import Analysis
from commonbeat.estimate.row import Estimate
from commonbeat.report.study import render_study, render_study_print
from commonbeat.report.study.answer import answer
from commonbeat.report.study.beside import RecordedStops, effect_of_a_stop, minneapolis
from commonbeat.report.study.effects import group_panel, primary_panels
from commonbeat.report.study.study import Study
from tests.report import analyses
from tests.report.html_reading import read
from tests.report.test_page import naked_numerals

FORMS = {"page": render_study, "print": render_study_print}
ANALYSES = {
    "ordinary": analyses.analysis,
    "against": lambda: analyses.analysis(-0.4),
    "open": lambda: analyses.analysis(0.05),
    "bare": analyses.bare,
    "endless": analyses.endless,
}


@pytest.fixture(scope="module", params=[(form, name) for form in FORMS for name in ANALYSES], ids="-".join)
def page(request: pytest.FixtureRequest) -> str:
    """Every form of every analysis."""
    form, name = request.param
    return FORMS[form](ANALYSES[name]())


def plain(text: object) -> str:
    """Words without markup."""
    return " ".join(re.sub(r"<[^>]+>", "", str(text)).split())


def test_every_numeral_carries_claim_and_source(page: str) -> None:
    assert naked_numerals(page) == []


def test_the_page_is_whole_and_well_formed(page: str) -> None:
    elements = read(page).all
    levels = [int(element.tag[1]) for element in elements if re.fullmatch(r"h[1-6]", element.tag)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels)), levels
    identities = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(identities) == len(set(identities))
    named = [word for e in elements for word in e.attributes.get("aria-labelledby", "").split()]
    assert set(named) <= set(identities)
    for element in elements:
        if element.tag == "svg" and element.attributes.get("aria-hidden") != "true":
            assert element.attributes.get("role") == "img"
            assert element.attributes.get("aria-label") or element.attributes.get("aria-labelledby")
        if element.tag == "table":
            assert any(child.tag == "caption" and child.text for child in element.children)
    assert [name for name in re.findall(r"(?:https?:)?//[\w.-]+", page) if name != "http://www.w3.org"] == []
    assert not re.search(r"@import|url\((?!#)|<(script|link|img|iframe|object|embed|base)\b|\ssrc=", page)


def test_no_page_proves_cheers_or_calls_an_open_interval_nothing(page: str) -> None:
    assert not re.search(r"\b(proves?|proven|success|significant|no effect was found)\b", plain(page), re.IGNORECASE)


def test_enforcement_stands_in_numbers_beside_every_answer(page: str) -> None:
    assert "A good encounter does not make unfair policing fair." in page
    assert "51,920" in page
    assert "none were given" in page


def test_the_answer_says_what_the_interval_excludes() -> None:
    words = [
        plain(sentence)
        for sentence in (answer(Study(analyses.analysis())).statement, *answer(Study(analyses.analysis())).sentences)
    ]
    assert (
        words[0]
        == "On trust, people assigned to “dance”, compared with those assigned to “leaflet”, stand 0.27 0.10 to 0.44 higher."
    )
    assert words[1].startswith("The 95 % interval excludes zero. It also excludes effects larger than +0.44")
    assert "on the side of claim C5" in words[2]
    assert "Of 2 primary estimates, 1 have an interval without zero" in words[3]


def test_an_effect_against_the_claim_is_told_in_the_same_words() -> None:
    found = answer(Study(analyses.analysis(-0.4)))
    assert "lower" in plain(found.statement)
    assert "deeper than −0.57" in plain(found.interval)
    assert "on the side against claim C5" in plain(found.claim)


def test_an_open_interval_is_told_as_open() -> None:
    found = answer(Study(analyses.analysis(0.05)))
    assert "these data cannot say which" in plain(found.statement)
    assert (
        plain(found.interval)
        == "The 95 % interval includes zero. It excludes a rise of more than 0.22 and a fall of more than 0.12."
    )
    assert "neither way" in plain(found.claim)


def test_a_claim_that_wants_less_turns_the_sides_round() -> None:
    found = Study(analyses.analysis(-0.4, design=analyses.design(claim="C3")))
    assert found.kind(found.analysis.primary[0]) == "gain"
    assert (
        Study(analyses.analysis(0.4, design=analyses.design(favourable="lower"))).kind(found.analysis.primary[0])
        == "gain"
    )


def test_without_a_claim_no_side_is_taken_and_figures_say_so() -> None:
    study = Study(analyses.bare())
    assert study.name == "no claim"
    assert study.kind(replace(study.analysis.primary[0], ci_low=0.1, ci_high=0.2)) == "known"
    page = render_study(analyses.bare())
    assert 'data-claim="no claim" data-source="data: a b 2.csv"' in page
    assert "names no claim" in page
    assert "does not say how the arms were drawn" in page


def test_what_was_not_estimated_is_said() -> None:
    empty = Estimate(
        "intention to treat: y", None, None, None, None, None, None, 8, None, "not estimated", ("Too few.",)
    )
    page = render_study(replace(analyses.bare(), primary=(empty,)))
    assert "Intention to treat: y cannot be shown." in plain(page)
    assert "Nothing was estimated" in render_study(replace(analyses.bare(), primary=()))


def test_a_few_respondents_are_never_counted_in_print() -> None:
    found = analyses.analysis()
    few = replace(found.arms[0], answered=7, mean=None, sd=None)
    page = render_study(replace(found, arms=(few, *found.arms[1:])))
    cells = [e.text for e in read(page).all if e.attributes.get("data-label") == "Answered"]
    assert "under 10" in cells
    table = read(page)
    rows = [e for e in table.all if e.tag == "tr" and "race = Asian" in e.text]
    assert rows
    assert all("under 10" in row.text and not re.search(r"\b6\b", row.text) for row in rows)


def test_outcomes_on_different_scales_share_a_ruler_in_sds_or_none() -> None:
    (panel,) = primary_panels(Study(analyses.analysis()))
    assert panel.unit == "drawn in SDs of the control arm"
    found = primary_panels(Study(analyses.analysis(arms=())))
    assert [panel.title for panel in found] == ["trust", "cooperation"]


def test_groups_keep_the_order_of_the_analysis_and_hide_the_small_one() -> None:
    panel = group_panel(Study(analyses.analysis()))
    assert panel is not None
    assert [line.label for line in panel.lines] == ["race = Black", "race = White", "race = Asian"]
    assert panel.lines[2].note == "Fewer than ten respondents: not shown."


@pytest.mark.parametrize(
    ("departures", "words"),
    [(None, "No plan was given"), ((), "asks what its plan asked"), (("by: changed.",), "by: changed.")],
)
def test_where_the_plan_was_left(departures: tuple[str, ...] | None, words: str) -> None:
    found: Analysis = analyses.analysis(departures=departures)
    assert words in render_study(found)
    assert words in render_study_print(found)


def test_hashes_of_data_design_and_code_stand_in_full() -> None:
    from commonbeat.estimate.plan import code_hash, design_hash

    found = analyses.analysis()
    page = render_study(found)
    for value in (found.data.sha256, design_hash(found.design), code_hash()):
        assert value in page


def test_stops_of_the_studys_own_place_take_the_place_of_the_shipped_ones() -> None:
    stops = RecordedStops("Northside", 2031, 1234, 56.0)
    page = render_study(analyses.analysis(), stops)
    assert "In Northside, where this study was made" in plain(page)
    assert "1,234" in page
    assert "Minneapolis" not in page


def test_the_shipped_stops_are_those_of_the_tables_and_the_card() -> None:
    stops = minneapolis()
    assert stops.stops == 51_920
    assert stops.per_1000 == pytest.approx(1000 * 49_620 / 401_606)
    assert dict(stops.by_race)["Black"] > 4 * dict(stops.by_race)["White"]
    assert stops.without_race == pytest.approx(17_440 / 51_920)
    stop = effect_of_a_stop()
    assert stop is not None
    assert (stop.effect, stop.source) == (-0.11, "card:E039")


def test_words_from_the_data_are_escaped() -> None:
    bad = "<script>alert(1)</script>"
    found = analyses.analysis(weaknesses=(bad,), design=analyses.design(title=bad, population=bad))
    for form in FORMS.values():
        assert bad not in form(found)
