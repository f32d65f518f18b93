"""The bank as a form shows it: chosen scales first, in their order, each with what it asks and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.listen.bank.item import Bank
    from commonbeat.web.filling.field import Choices

LEFT_OUT = "check"


@dataclass(frozen=True, slots=True)
class ScaleShown:
    """One scale: its questions in the first language, whom it may ask, minutes, and its source. fits: whether anybody of the study may be asked it."""

    identifier: str
    construct: str
    questions: tuple[str, ...]
    audience: str
    minutes: float
    source: str
    claim: str
    chosen: bool
    fits: bool


def scales_shown(
    bank: Bank, chosen: tuple[str, ...], audience: tuple[str, ...], language: str
) -> tuple[ScaleShown, ...]:
    """Every scale that can be chosen: those that are, in their order, then the others in the bank's."""
    known = [name for name in dict.fromkeys(chosen) if name in bank.scales]
    others = [name for name, scale in bank.scales.items() if name not in known and scale.kind != LEFT_OUT]
    return tuple(_shown(bank, name, audience, language, chosen=name in known) for name in (*known, *others))


def checks_of(bank: Bank, construct: str) -> Choices:
    """The checks of that construct that may be chosen."""
    found = [(name, name) for name, scale in bank.scales.items() if scale.construct == construct]
    return (("", "none"), *found)


def earlier(chosen: Iterable[str], name: str) -> tuple[str, ...]:
    """The order in which that scale is asked one place earlier."""
    order = list(dict.fromkeys(chosen))
    if name in order[1:]:
        place = order.index(name)
        order[place - 1], order[place] = order[place], order[place - 1]
    return tuple(order)


def _shown(bank: Bank, name: str, audience: tuple[str, ...], language: str, *, chosen: bool) -> ScaleShown:
    scale, words = bank.scales[name], bank.words.get(language) or bank.words["en"]
    return ScaleShown(
        identifier=name,
        construct=scale.construct,
        questions=tuple(words.items.get(item.identifier, item.identifier) for item in scale.items),
        audience=", ".join(sorted(scale.audience)),
        minutes=scale.minutes,
        source=scale.source,
        claim=scale.claim or "",
        chosen=chosen,
        fits=not audience or bool(scale.audience & set(audience)),
    )
