"""The shipped items and their words, in every language."""

from __future__ import annotations

import re
import string

import pytest

from commonbeat.claims import load_claims
from commonbeat.errors import BankError
from commonbeat.listen.bank import load_bank, missing_words, wording
from commonbeat.listen.bank.constructs import CONSTRUCTS, STEREOTYPES
from commonbeat.listen.bank.entries import NOT_PUBLISHED
from commonbeat.listen.bank.words import names_in

BANK = load_bank()
LANGUAGES = BANK.languages
SCALES = sorted(BANK.scales.values(), key=lambda scale: scale.identifier)
OPTIONS = {(each.identifier, value) for each in BANK.formats.values() for value in each.values}
FOR_CHILDREN = re.compile(r"assent_|\w+_for_children$")
POLITE = re.compile(r"\b(usted(es)?|su|sus|elija|escriba|revise|vea|lea|continúe|guarde)\b", re.IGNORECASE)
FAMILIAR = re.compile(r"\b(tú|tu|tus|ti|te|tienes|puedes|quieres|elige|mira)\b", re.IGNORECASE)


def test_english_and_spanish_are_there():
    assert set(LANGUAGES) >= {"en", "es"}
    assert wording(BANK, "es").language_name == "Español"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_item_answer_lead_and_page_has_words(language):
    assert missing_words(BANK, [language], BANK.scales).found == []
    words = wording(BANK, language)
    for item in BANK.items.values():
        assert words.item(item.identifier)
        assert all(words.option(item.format.identifier, value) for value in item.format.values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_left_over(language):
    words = BANK.words[language]
    assert set(words.items) == set(BANK.items)
    assert set(words.leads) <= set(BANK.scales)
    assert set(words.options) == OPTIONS


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_keep_the_names_that_are_filled_in(language):
    words, model = BANK.words[language], BANK.words["en"]
    assert words.pages.keys() == model.pages.keys()
    assert {key: names_in(text) for key, text in words.pages.items()} == {
        key: names_in(text) for key, text in model.pages.items()
    }
    for (who, key), text in words.by_audience.items():
        assert who in ("child", "officer")
        assert names_in(text) <= names_in(model.pages[key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_and_tidy(language):
    words = BANK.words[language]
    for text in (*words.items.values(), *words.leads.values(), *words.options.values(), *words.pages.values()):
        assert text == text.strip()
        assert "  " not in text
        assert len(text) <= 260
    assert all(len(text) <= 170 for text in words.items.values())
    assert all(len(text) <= 60 for text in words.options.values())


def test_spanish_is_not_english():
    english, spanish = BANK.words["en"], BANK.words["es"]
    same = [key for key in english.items if english.items[key] == spanish.items[key]]
    same += [key for key in english.pages if english.pages[key] == spanish.pages[key]]
    assert same == []


def test_spanish_addresses_adults_with_usted_and_children_with_tu():
    words = BANK.words["es"]
    adults = [words.items[item.identifier] for item in BANK.items.values() if "child" not in item.audience]
    adults += [text for key, text in words.pages.items() if not FOR_CHILDREN.match(key)]
    assert [text for text in adults if FAMILIAR.search(text)] == []
    children = [words.items[item.identifier] for item in BANK.items.values() if "child" in item.audience]
    children += [text for key, text in words.pages.items() if FOR_CHILDREN.match(key)]
    children += [text for (who, _), text in words.by_audience.items() if who == "child"]
    assert [text for text in children if POLITE.search(text)] == []


def test_what_a_child_reads_is_short():
    """One thought in a sentence, and words as a reader of eight knows them: on average under five letters in English."""
    words = BANK.words["en"]
    asked = [words.items[item.identifier] for item in BANK.items.values() if "child" in item.audience]
    told = [text for key, text in words.pages.items() if FOR_CHILDREN.match(key)]
    sentences = [part for text in (*asked, *told) for part in re.split(r"[.?!:]", text) if part.strip()]
    assert max(len(part.split()) for part in sentences) <= 13
    letters = [word.strip(string.punctuation) for part in sentences for word in part.split()]
    assert sum(map(len, letters)) / len(letters) < 4.6
    assert max(map(len, letters)) <= 10


def test_children_have_pictures_and_nothing_sensitive():
    scales = [scale for scale in SCALES if "child" in scale.audience]
    assert len(scales) >= 4
    for scale in scales:
        assert scale.audience == {"child"}
        assert scale.construct not in STEREOTYPES
        assert scale.outcome != "prejudice"
        for item in scale.items:
            assert not item.sensitive
            assert item.open_text or item.format.pictures
            assert item.open_text or 3 <= len(item.format.values) <= 5


def test_stereotypes_are_sensitive_and_for_the_grown_up():
    scales = [scale for scale in SCALES if scale.construct in STEREOTYPES]
    assert {scale.construct for scale in scales} == STEREOTYPES
    assert all(item.sensitive for scale in scales for item in scale.items)
    assert all("child" not in item.audience for scale in scales for item in scale.items)


def test_every_outcome_of_the_simulator_has_an_index_with_both_directions():
    for outcome in ("trust", "cooperation", "prejudice", "reform", "regard"):
        scales = [scale for scale in SCALES if scale.outcome == outcome and scale.audience != {"child"}]
        assert scales, outcome
        for scale in scales:
            turned = [item.reversed for item in scale.items]
            assert scale.kind == "index"
            assert len(turned) >= 4
            assert 0 < sum(turned) < len(turned)


def test_claims_that_people_can_speak_to_are_asked():
    asked = {scale.claim for scale in SCALES if scale.claim}
    known = {claim.id for claim in load_claims()}
    assert asked <= known
    assert known - asked == {"C12"}  # one small step: a change on any of the outcomes, asked with theirs


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.identifier)
def test_a_scale_says_where_it_comes_from(scale):
    assert scale.source
    assert scale.construct in CONSTRUCTS
    assert 0 < scale.minutes <= 6
    if scale.reliability is None:
        assert scale.reliability_source.startswith(NOT_PUBLISHED)  # what was published near it may follow
    else:
        assert 0.5 <= scale.reliability < 1
        assert "another" in scale.reliability_source  # a planning figure: the wording is ours
        assert scale.source_url_or_doi


def test_willingness_is_followed_by_counts_of_what_was_done():
    counted = {item.identifier for item in BANK.scale("engaged").items if item.format.kind == "number"}
    assert counted >= {"engaged_started", "engaged_joined", "engaged_because"}
    assert BANK.scale("engaged").claim == BANK.scale("willingness").claim == "C11"


def test_the_answer_that_an_attention_check_wants_is_the_one_that_it_names():
    for language in LANGUAGES:
        words = wording(BANK, language)
        checks = [item for item in BANK.items.values() if item.correct is not None]
        assert len(checks) == 2
        for item in checks:
            assert words.option(item.format.identifier, item.correct) in words.item(item.identifier)


def test_a_refusal_is_no_point_of_a_scale():
    for each in BANK.formats.values():
        assert {value for value in each.values if value in (98, 99)} == set(each.unscored)
        assert each.scored == tuple(value for value in each.values if value < 98)


def test_a_name_that_is_not_there_is_answered_with_the_nearest():
    with pytest.raises(BankError, match="Did you mean 'trust_rely'"):
        BANK.item("trust_relly")
    with pytest.raises(BankError, match="Did you mean 'willingness'"):
        BANK.scale("willingnes")
    with pytest.raises(BankError, match="language: 'fr' has no folder of words"):
        wording(BANK, "fr")
    with pytest.raises(BankError, match="no_such_key"):
        wording(BANK, "en").page("no_such_key")


def test_a_sentence_is_filled_in_and_said_to_whom_it_is_for():
    assert wording(BANK, "en").page("progress", place=2, of=5) == "Page 2 of 5"
    assert wording(BANK, "en", "child").page("skip") != wording(BANK, "en").page("skip")
    assert wording(BANK, "es", "child").page("finish") == wording(BANK, "es").page("finish")
    assert wording(BANK, "en").scale_lead("age") == ""


def test_the_bank_is_read_once_and_cannot_be_changed():
    assert load_bank() is BANK
    with pytest.raises(TypeError):
        BANK.scales["trust"] = BANK.scale("reform")  # pyright: ignore[reportIndexIssue]
