"""The page is whole, offline, small, readable without script or sight, and every figure in it has a claim and a source."""

from __future__ import annotations

import itertools
import re

import pytest

from commonbeat.claims import load_claims
from commonbeat.evidence import load_cards
from tests.report.html_reading import Element, read

TWO_MEGABYTES = 2_000_000
SECTIONS = ["story", "rings", "year", "dose", "drivers", "context"]
RESULT_TABLES = {
    "parameters",
    "draws",
    "daily",
    "channels",
    "rings",
    "places",
    "reach",
    "occurrences",
    "twins",
    "area",
    "stops",
    "account",
    "manifest",
}


@pytest.fixture(params=["page", "two_pages"])
def any_page(request: pytest.FixtureRequest) -> str:
    """Each of the two forms."""
    return request.getfixturevalue(request.param)


def is_sourced(element: Element) -> bool:
    """Whether an element, or what it stands in, carries claim and source."""
    return any("data-claim" in one.attributes and "data-source" in one.attributes for one in element.ancestors)


def naked_numerals(page: str) -> list[str]:
    """Texts in results areas that hold a numeral and carry no claim and source."""
    return [
        f"<{element.tag}> {text.strip()[:80]}"
        for element in read(page).all
        for text in element.texts
        if re.search(r"\d", text)
        and any("data-results" in one.attributes for one in element.ancestors)
        and not is_sourced(element)
    ]


def test_every_numeral_in_a_results_area_carries_claim_and_source(any_page: str) -> None:
    assert naked_numerals(any_page) == []


def test_the_guard_sees_a_naked_numeral() -> None:
    assert naked_numerals("<section data-results><p>It rose by 12 points.</p></section>") != []
    assert (
        naked_numerals('<section data-results><p><data data-claim="C5" data-source="run:daily">12</data></p></section>')
        == []
    )


def test_claims_and_sources_are_ones_that_exist(any_page: str) -> None:
    claims = {claim.id for claim in load_claims()}
    cards = {card.id for card in load_cards()}
    for element in read(any_page).all:
        if "data-claim" not in element.attributes:
            continue
        assert element.attributes["data-claim"] in claims, element.attributes
        source = element.attributes["data-source"]
        assert source, element.attributes
        for kind, _, name in (part.partition(":") for part in re.split(r",\s+|\s+(?=run:|card:)", source)):
            assert kind in {"run", "card", "claims", "society", "assumed", "not in the ledger"}, source
            assert kind != "run" or name in RESULT_TABLES, source
            assert kind != "card" or name in cards, source


def test_the_page_asks_nothing_of_any_network(any_page: str) -> None:
    assert len(any_page.encode()) < TWO_MEGABYTES
    names = re.findall(r"(?:https?:)?//[\w.-]+", any_page)
    assert [name for name in names if name != "http://www.w3.org"] == []
    assert not re.search(r"@import|url\((?!#)|<(script|link|img|iframe|object|embed|base)\b|\ssrc=", any_page)


def test_all_sections_stand_in_their_order_with_landmarks(page: str) -> None:
    elements = read(page).all
    assert [e.attributes["id"] for e in elements if e.tag == "section"] == SECTIONS
    tags = [element.tag for element in elements]
    assert tags.count("main") == tags.count("h1") == tags.count("footer") == 1
    assert all(e.attributes.get("aria-label") for e in elements if e.tag == "nav")
    links = [e.attributes["href"].removeprefix("#") for e in elements if e.tag == "a"]
    identities = [e.attributes["id"] for e in elements if "id" in e.attributes]
    assert len(identities) == len(set(identities)), "an id stands twice"
    assert set(links) <= set(identities)
    named = [word for e in elements for word in e.attributes.get("aria-labelledby", "").split()]
    assert set(named) <= set(identities)


def test_headings_never_skip_a_level(any_page: str) -> None:
    levels = [int(element.tag[1]) for element in read(any_page).all if re.fullmatch(r"h[1-6]", element.tag)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels)), levels


def test_every_picture_has_words_and_every_table_a_caption(any_page: str) -> None:
    for element in read(any_page).all:
        if element.tag == "svg" and element.attributes.get("aria-hidden") != "true":
            assert element.attributes.get("role") == "img"
            assert element.attributes.get("aria-label") or element.attributes.get("aria-labelledby")
        if element.tag == "table":
            assert any(child.tag == "caption" and child.text for child in element.children)
        if element.tag == "th":
            assert element.attributes.get("scope") in {"col", "row"}


def test_race_is_always_labelled_as_recorded_by_police(page: str) -> None:
    for table in (element for element in read(page).all if element.tag == "table"):
        if "East African" in table.text:
            assert "as recorded by police" in table.text
    assert "East African" in page


def test_channels_are_called_bookkeeping_and_origins_stand_apart(page: str) -> None:
    assert "bookkeeping" in page
    assert page.count("Posted by a resident") > 0
    assert page.count("Posted by an outlet") > 0


def words_of(page: str) -> str:
    """The page's words without its figures and pictures."""
    return re.sub(r"<(svg|data|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)


@pytest.mark.parametrize("kind", ["harm_page", "nothing_page"])
def test_the_report_can_say_no_in_the_same_layout(kind: str, page: str, request: pytest.FixtureRequest) -> None:
    other = request.getfixturevalue(kind)
    shape = [
        (e.tag, e.attributes.get("id"))
        for e in read(other).all
        if e.tag in {"section", "h2", "h3"} and "class" not in e.attributes
    ]
    assert shape == [
        (e.tag, e.attributes.get("id"))
        for e in read(page).all
        if e.tag in {"section", "h2", "h3"} and "class" not in e.attributes
    ]
    assert naked_numerals(other) == []
    assert ("fell in nearly every draw" if kind == "harm_page" else "did not change at all") in other


def test_an_encounter_that_harms_cannot_reach_break_even(harm_page: str) -> None:
    rates = [e.text for e in read(harm_page).all if e.attributes.get("data-label") == "Encounters a month"]
    assert rates
    assert all("not reachable" in rate for rate in rates)
    assert "weighs less than a single stop of Black residents not made" in harm_page


def test_no_cheering(page: str) -> None:
    assert not re.search(
        r"\b(amazing|inspiring|heart-?warming|wonderful|great news|success)\b|!(?!DOCTYPE|important)", words_of(page)
    )
