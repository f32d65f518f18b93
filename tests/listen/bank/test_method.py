"""What a survey methodologist would send back: leading stems, two ideas in one statement, lopsided answers, no way to say "I do not know"."""

from __future__ import annotations

import re

import pytest

from commonbeat.listen.bank import load_bank, wording
from commonbeat.listen.study.reading import load_study

BANK = load_bank()
LANGUAGES = ("en", "es")
INDEXES = [scale for scale in BANK.scales.values() if scale.kind == "index"]
STATEMENTS = ("agree_5", "witness_5")
TO_AND_FRO = {  # both sides of a stem, and how the low end of its answers becomes the high end
    "en": {
        "agree_5": ("agree", "disagree"),
        "witness_5": ("agree", "disagree"),
        "likely_5": ("likely", "unlikely"),
        "safe_5": ("safe", "unsafe"),
    },
    "es": {
        "agree_5": ("de acuerdo", "en desacuerdo"),
        "witness_5": ("de acuerdo", "en desacuerdo"),
        "likely_5": ("probable", "improbable"),
        "safe_5": ("seguridad", "inseguridad"),
    },
}
TWO_SIDES = [(language, name) for language in LANGUAGES for name in TO_AND_FRO[language]]
ONE_IDEA = {  # "and" and "or" within one act or one thing
    "cooperation_meet": "a meeting of both",
    "reform_stops": "one publication",
    "approach_say_no": "two ways of not taking part",
    "culture_named": "whichever it was",
    "willing_start": "two ways of starting",
}
# Read as something else somewhere, or foreign to one side of the ocean: legal residents, old people, court clerks; or as the opposite: a no that does not count.
MISLEADING = re.compile(
    r"residentes?\b|persona grande|\bqué tan\b|cómo de probable|\boficial(es)?\b|ordenador|computador|\bvosotr[oa]s\b|tutor legal|su no cuenta|\bno no\b",
    re.IGNORECASE,
)
MEN_ONLY = (
    (re.compile(r"\b(el|un|los|unos) policías?\b"), re.compile(r"\b(la|una|las) policías?\b|\by las policías\b")),
    (re.compile(r"\bniños?\b"), re.compile(r"\bniñas?\b")),
    (re.compile(r"\bhijos?\b"), re.compile(r"\bhijas?\b")),
    (re.compile(r"\btutor\b"), re.compile(r"\btutora\b")),
)


def sentences(language: str) -> dict[str, str]:
    """Every sentence of a language, by where it stands."""
    words = BANK.words[language]
    found = {**words.items, **{f"lead {key}": text for key, text in words.leads.items()}, **words.pages}
    found |= {f"{name} {value}": text for (name, value), text in words.options.items()}
    return found | {f"{who} {key}": text for (who, key), text in words.by_audience.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stem_names_both_sides_of_its_answers(language):
    words = wording(BANK, language)
    for scale in BANK.scales.values():
        for name in {item.format.identifier for item in scale.items} & TO_AND_FRO[language].keys():
            if scale.kind != "check":
                assert all(side in words.scale_lead(scale.identifier) for side in TO_AND_FRO[language][name]), scale


@pytest.mark.parametrize(("language", "name"), TWO_SIDES)
def test_answers_are_as_strong_on_one_side_as_on_the_other(language, name):
    high, low = TO_AND_FRO[language][name]
    told = [BANK.words[language].options[name, value].lower() for value in range(1, 6)]
    assert [told[0].replace(low, high), told[1].replace(low, high)] == [told[4], told[3]]


def test_agreeing_with_everything_is_no_opinion():
    """A scale of statements has a turned one; other scales are answered in words of their own, which nobody can just agree with."""
    for scale in INDEXES:
        turned = sum(item.reversed for item in scale.items)
        if any(item.format.identifier in STATEMENTS for item in scale.items):
            assert 0 < turned < len(scale.items), scale.identifier
        assert turned <= len(scale.items) / 2, scale.identifier


def test_a_statement_holds_one_idea():
    asked = [
        item for item in BANK.items.values() if item.format.identifier in (*STATEMENTS, "likely_5", "often_5", "safe_5")
    ]
    two = {item.identifier for item in asked if re.search(r"\b(and|or)\b", BANK.words["en"].items[item.identifier])}
    assert two <= ONE_IDEA.keys()


def test_who_may_not_have_seen_it_can_say_so_and_an_opinion_has_no_such_way_out():
    for name in ("approach", "culture_credited"):
        assert all(98 in item.format.unscored for item in BANK.scale(name).items)
    for scale in INDEXES:
        if scale.identifier not in ("approach", "culture_credited"):
            assert all(not item.format.unscored for item in scale.items), scale.identifier


def test_items_of_an_index_are_answered_in_the_same_steps():
    for scale in INDEXES:
        assert len({item.format for item in scale.items}) == 1, scale.identifier


@pytest.mark.parametrize("place", sorted(sentences("es")))
def test_spanish_is_for_both_sides_of_the_ocean_and_has_women_in_it(place):
    text = sentences("es")[place]
    assert MISLEADING.search(text) is None
    for men, women in MEN_ONLY:
        assert men.search(text) is None or women.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_child_reads_is_short(language):
    words = BANK.words[language]
    formats = {item.format.identifier for item in BANK.items.values() if "child" in item.audience}
    read = [text for (who, _), text in words.by_audience.items() if who == "child"]
    read += [text for key, text in words.pages.items() if key.startswith("assent_") or key.endswith("_for_children")]
    read += [words.items[item.identifier] for item in BANK.items.values() if "child" in item.audience]
    read += [text for (name, _), text in words.options.items() if name in formats]
    long = [part for text in read for part in re.split(r"[.?!:;]", text) if len(part.split()) > 14]
    assert long == []


def test_a_planning_figure_says_from_whom_it_is():
    for scale in BANK.scales.values():
        if scale.reliability is not None:
            assert re.search(r"\balphas?\b.*\b(residents|adults|children)\b", scale.reliability_source)
            assert re.search(r"\(20\d\d\)|repository \w", scale.reliability_source)


def test_meant_and_done_can_be_joined():
    """Intentions and what became of them are asked of the same people about the same thing, so that one row holds both."""
    meant, done = BANK.scale("willingness"), BANK.scale("engaged")
    assert meant.audience == done.audience
    assert {"willing_join", "willing_start"} <= {item.identifier for item in meant.items}
    counts = [item.identifier for item in done.items if item.format.kind == "number"]
    assert counts == ["engaged_joined", "engaged_started", "engaged_because", "engaged_with", "engaged_people"]


@pytest.mark.parametrize("name", ["dance-off-present", "dance-off-residents", "dance-off-viewers"])
def test_a_shipped_study_asks_once_who_was_met_and_later_whether_it_lasted(name):
    study = load_study(name)
    asked = [set(study.scales_of(wave)) for wave in study.wave_names]
    for once, later in (("acquaintance", "acquaintance_later"), ("child_friends", "child_friends_later")):
        assert sum(once in each for each in asked) <= 1
        assert all(later not in each for each in asked[:1])
