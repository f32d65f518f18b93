"""What a child is never asked, whoever wrote the item: nothing about groups of people, nothing that is called sensitive.

The construct, claim and outcome of a scale say what it is about. Because a team may call a scale what it likes, the words of
an item are looked at too: a child's item names no group of people and says nothing of all or most of a kind. The list of words
knows English and Spanish; in another language a person has to look.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from commonbeat.listen.bank.constructs import STEREOTYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.errors import Mistakes
    from commonbeat.listen.bank.item import Item, Scale
    from commonbeat.listen.bank.words import Words

WAY_OUT: Final = "Ask adults, or ask the child about what it lived through."
INVISIBLE: Final = str.maketrans("", "", "\u00ad\u200c\u200d\u200e\u200f\u2060")
GROUPS: Final = re.compile(
    r"\b(blacks?|whites?|latin[oax]s?|hispanics?|asians?|africans?|somalis?|arabs?|muslims?|jew(?:s|ish)?|christians?|hindus?|roma|gyps(?:y|ies)"
    r"|immigrants?|foreigners?|refugees?|races?|racial|racist|ethnic(?:ity)?|religions?|skin colou?r|indigenous|native americans?"
    r"|negr[oa]s?|blanc[oa]s?|hispan[oa]s?|asiátic[oa]s?|african[oa]s?|afro\w*|árabes?|musulman(?:es|as?)|musulmán|judí[oa]s?|cristian[oa]s?"
    r"|gitan[oa]s?|inmigrantes?|extranjer[oa]s?|refugiad[oa]s?|razas?|racial(?:es)?|racistas?|étnic[oa]s?|etnias?|color de (?:la )?piel|indígenas?)\b",
    re.IGNORECASE,
)
GENERALISED: Final = re.compile(
    r"\b(?:all|most|many|every|no|few) (?:of the )?(?:police|officers?|cops?|children|kids|boys|girls|people|grown-?ups|adults)\b"
    r"|\b(?:police officers|cops|the police|boys|girls|children|kids) (?:are|always|never|usually)\b"
    r"|\b(?:tod[oa]s l[oa]s|la mayoría de l[oa]s|much[oa]s|cada|ningún|ninguna|poc[oa]s) (?:policías?|agentes?|oficial(?:es)?|niñ[oa]s?|chic[oa]s?|personas?|gente|adult[oa]s?)\b"
    r"|\bl[oa]s (?:policías|agentes|oficiales|niñ[oa]s|chic[oa]s) (?:son|siempre|nunca|suelen)\b",
    re.IGNORECASE,
)


def child_mistakes(scale: Scale, words: Mapping[str, Words], mistakes: Mistakes, place: str) -> None:
    """Everything in a scale that no child may be asked is noted."""
    asked = [item for item in scale.items if "child" in item.audience]
    if "child" not in scale.audience and not asked:
        return
    if scale.construct in STEREOTYPES or scale.claim == "C4" or scale.outcome == "prejudice":
        mistakes.add(f"{place}.audience", "child", "is never asked about stereotypes", WAY_OUT)
    for item in asked:
        if item.sensitive:
            mistakes.add(f"{place}.{item.identifier}", "sensitive", "is never asked of a child", WAY_OUT)
        for code in sorted(words):
            _check_words(item, words[code], mistakes, f"{place}.{item.identifier} ({code})")
    for code in sorted(words):
        _check_sentence(words[code].leads.get(scale.identifier, ""), mistakes, f"{place}.lead ({code})")


def _check_words(item: Item, words: Words, mistakes: Mistakes, place: str) -> None:
    options = [words.options.get((item.format.identifier, value), "") for value in item.format.values]
    for sentence in (words.items.get(item.identifier, ""), *options):
        _check_sentence(sentence, mistakes, place)


def _check_sentence(sentence: str, mistakes: Mistakes, place: str) -> None:
    # Composed, with plain letters for look-alikes and without invisible signs, so that a word is found however it was typed.
    sentence = unicodedata.normalize("NFKC", sentence).translate(INVISIBLE)
    named = GROUPS.search(sentence)
    if named:
        mistakes.add(place, named.group(), "names a group of people; a child is never asked about one", WAY_OUT)
    general = GENERALISED.search(sentence)
    if general:
        rule = "speaks of all or most of a kind of people; a child is never asked for a stereotype"
        mistakes.add(place, general.group(), rule, WAY_OUT)
