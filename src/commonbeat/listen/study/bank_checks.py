"""What a study and the bank of items must agree on: which scales there are, who may be asked them, in which languages.

Works on plain tables as files give them, like the other checks.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import Mistakes, did_you_mean
from commonbeat.listen.bank.constructs import STEREOTYPES
from commonbeat.listen.study.words import AUDIENCES
from commonbeat.scenario.checks import rows, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commonbeat.listen.bank.item import Bank, Scale

MOST_STRATA: Final = 60
CHECKS: Final = ("attention", "attention_later", "manipulation")
WHO: Final = {"adult": "adults", "child": "children", "officer": "officers"}


def bank_mistakes(study: Mapping[str, Any], bank: Bank) -> Mistakes:
    """Every mistake that lies between the study and the bank."""
    found = Mistakes()
    audience = [each for each in rows(study.get("audience")) if each in AUDIENCES]
    named = list(scale_places(study))
    for place, name in named:
        _scale(place, name, audience, bank, found)
    _checks(table(study.get("checks")), bank, found)
    _waves(study, audience, bank, found)
    _blocking(table(study.get("assignment")), bank, found)
    _languages(study, [name for _, name in named], bank, found)
    return found


def scale_places(study: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(place, name) of every scale that the study names anywhere."""
    yield from _words(study.get("scales"), "scales")
    for number, wave in enumerate(rows(study.get("waves")), start=1):
        yield from _words(table(wave).get("scales"), f"waves.{number}.scales")
    yield from _words(table(study.get("assignment")).get("ask_before"), "assignment.ask_before")
    checks = table(study.get("checks"))
    yield from ((f"checks.{key}", checks[key]) for key in CHECKS if isinstance(checks.get(key), str))


def _words(value: object, place: str) -> Iterator[tuple[str, str]]:
    return ((f"{place}.{number}", word) for number, word in enumerate(rows(value), start=1) if isinstance(word, str))


def _scale(place: str, name: str, audience: Sequence[str], bank: Bank, found: Mistakes) -> None:
    """The scale is there, and somebody of the study's audience may be asked it."""
    scale = bank.scales.get(name)
    if scale is None:
        found.add(place, name, "is no scale of the bank", did_you_mean(name, bank.scales))
        return
    if about_stereotypes(scale) and ("child" in scale.audience or list(audience) == ["child"]):
        rule = "asks for stereotypes, which no child is ever asked"
        found.add(place, name, rule, "Ask adults alone, or take it out.")
    elif audience and not scale.audience & set(audience):
        asked = " and ".join(WHO[each] for each in AUDIENCES if each in scale.audience)
        for_them = [each for each, known in bank.scales.items() if known.audience & set(audience)]
        rule = f"is a scale for {asked}, and the study asks {' and '.join(WHO[each] for each in audience)}"
        found.add(place, name, rule, f"Scales for them: {', '.join(sorted(for_them))}.")


def about_stereotypes(scale: Scale) -> bool:
    """Whether the scale asks what people think of a group as such."""
    return scale.construct in STEREOTYPES or scale.claim == "C4" or scale.outcome == "prejudice"


def _checks(checks: Mapping[str, Any], bank: Bank, found: Mistakes) -> None:
    known = sorted(name for name, scale in bank.scales.items() if scale.kind == "check")
    for key in CHECKS:
        scale = bank.scales.get(str(checks.get(key)))
        if scale is not None and scale.kind != "check":
            found.add(f"checks.{key}", scale.identifier, "is no check", f"Checks in the bank: {', '.join(known)}.")


def _waves(study: Mapping[str, Any], audience: Sequence[str], bank: Bank, found: Mistakes) -> None:
    """In each wave everybody is asked something, and nothing twice."""
    usual = [each for each in rows(study.get("scales")) if isinstance(each, str)]
    before = [name for _, name in _words(table(study.get("assignment")).get("ask_before"), "")]
    checks = table(study.get("checks"))
    for number, wave in enumerate(rows(study.get("waves")), start=1):
        place, own = f"waves.{number}.scales", rows(table(wave).get("scales"))
        asked = [each for each in own if isinstance(each, str)] or usual
        place = place if own else "scales"
        others = ("attention", "manipulation") if number == 1 else ("attention_later",)
        beside = [*(checks.get(key) for key in others), *(before if number == 1 else ())]
        seen: set[str] = set()
        for ordinal, name in enumerate(asked, start=1):
            if name in seen and own:
                found.add(f"{place}.{ordinal}", name, "stands there twice", "Take one out.")
            if name in beside:
                found.add(
                    f"{place}.{ordinal}",
                    name,
                    "is asked in that wave already, as a check or before the arm",
                    "Take one out.",
                )
            seen.add(name)
        for who in audience:
            scales = [bank.scales[name] for name in asked if name in bank.scales]
            if not any(who in item.audience for scale in scales for item in scale.items):
                found.add(place, None, f"asks {WHO[who]} nothing in wave {number}", f"Add a scale for {WHO[who]}.")


def _blocking(assignment: Mapping[str, Any], bank: Bank, found: Mistakes) -> None:
    """Strata come from answers that were given before, out of few options."""
    before = [name for _, name in _words(assignment.get("ask_before"), "")]
    counts = []
    for place, name in _words(assignment.get("block_by"), "assignment.block_by"):
        item = bank.items.get(name)
        if item is None:
            near = [each.identifier for scale in before if scale in bank.scales for each in bank.scales[scale].items]
            found.add(place, name, "is no item of the bank", did_you_mean(name, near or bank.items))
        elif item.scale not in before:
            found.add(place, name, "is not asked before the arm is drawn", f'Add "{item.scale}" to ask_before.')
        elif item.format.kind != "options":
            found.add(place, name, "has no options", "Block by an item of which one answer is chosen.")
        else:
            counts.append(len(item.format.values) + 1)  # and one for those who skipped it
    if prod(counts) > MOST_STRATA:
        rule = f"make {prod(counts)} strata, above {MOST_STRATA}"
        found.add("assignment.block_by", None, rule, "Take fewer items: blocks of small strata are never filled.")


def _languages(study: Mapping[str, Any], scales: Sequence[str], bank: Bank, found: Mistakes) -> None:
    """Everything that respondents read is there in each language."""
    from commonbeat.listen.bank.wording import missing_words

    languages = [each for each in rows(study.get("languages")) if isinstance(each, str)]
    found.found += missing_words(bank, languages, dict.fromkeys(scales), rows(study.get("audience"))).found
