"""The story on the page: what no card carries is asked for and never dressed in another outcome's figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from commonbeat.report.reading import Reading
from commonbeat.report.story import story
from commonbeat.report.verdicts import judged
from tests.report.html_reading import read

if TYPE_CHECKING:
    from commonbeat.results.run_folder import Run

ASKED = ("C1", "C2", "C6", "C8", "C10", "C11")


@pytest.mark.parametrize("claim", ASKED)
def test_what_is_not_simulated_shows_the_question_and_no_figure(claim: str, city_run: Run) -> None:
    reading = Reading(city_run)
    told = [one for part in story(reading, judged(reading)).paragraphs for one in part]
    own = [one for one in told if claim in [judgement.claim.id for judgement in one.judged]]
    assert own
    assert all(one.asks for one in own)
    alone = [one for one in own if all(judgement.claim.id in ASKED for judgement in one.judged)]
    assert all(one.told is None for one in alone)


def test_the_page_says_so(page: str) -> None:
    laugh = next(e for e in read(page).all if e.tag == "details" and "They laugh" in e.text)
    assert "Not simulated: no evidence." in laugh.text
    assert "Ask instead." in laugh.text
    assert not [e for e in read(page).all if e.attributes.get("data-claim") in ASKED and e.tag == "data"]


def test_directions_are_said_where_the_signs_differ(page: str) -> None:
    rows = [e.text for e in read(page).all if e.tag == "tr" and "Viewers" not in e.text]
    prejudice = next(row for row in rows if "lowers racial prejudice" in row)
    assert "above zero speaks for the claim: less prejudice" in re.sub(r"\s+", " ", prejudice)
    trust = next(row for row in rows if "It builds trust in police" in row)
    assert "above zero" not in trust
