"""The bank as a form shows it: chosen scales first, in their order, each with what it asks and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from commonbeat.listen.bank.constructs import CONSTRUCTS
from commonbeat.web.listen.saying import PEOPLE, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.listen.bank.item import Bank, Scale
    from commonbeat.listen.bank.words import Words
    from commonbeat.web.filling.field import Choices
    from commonbeat.web.filling.sent import Sent

LEFT_OUT: Final = "check"


@dataclass(frozen=True, slots=True)
class ScaleShown:
    """One scale: its questions and the answers that they share in the first language, whom it may ask, its time, and its source.

    answers: empty where the questions are not all answered alike. fits: whether anybody of the study may be asked it.
    """

    identifier: str
    title: str
    about: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    audience: str
    time: str
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
    found = [(name, spoken(name).capitalize()) for name, scale in bank.scales.items() if scale.construct == construct]
    return (("", "none"), *found)


def scales_to_ask_before(bank: Bank, sent: Sent) -> Choices:
    """The scales that may be asked before arms are drawn: those that are, in their order, and then what may be asked of the study's people."""
    chosen = [name for name in sent.texts("assignment.ask_before") if name in bank.scales]
    audience = set(sent.texts("audience"))
    fits = [name for name, scale in bank.scales.items() if scale.kind != LEFT_OUT and scale.audience & audience]
    return tuple((name, spoken(name).capitalize()) for name in dict.fromkeys([*chosen, *fits]))


def items_to_block_by(bank: Bank, sent: Sent) -> Choices:
    """The questions of the scales asked before that have options, in the study's first language."""
    language = (sent.texts("languages") or ("en",))[0]
    words = (bank.words.get(language) or bank.words["en"]).items
    scales = [bank.scales[name] for name in sent.texts("assignment.ask_before") if name in bank.scales]
    items = [item for scale in scales for item in scale.items if item.format.kind == "options"]
    return tuple((item.identifier, words.get(item.identifier, item.identifier)) for item in items)


def minutes_chosen(bank: Bank, chosen: Iterable[str]) -> int:
    """About how many minutes the chosen scales take, at least 1."""
    return max(1, round(sum(bank.scales[name].minutes for name in chosen if name in bank.scales)))


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
        title=spoken(name).capitalize(),
        about=CONSTRUCTS.get(scale.construct, scale.construct),
        questions=tuple(words.items.get(item.identifier, item.identifier) for item in scale.items),
        answers=_answers(scale, words),
        audience=" and ".join(PEOPLE[each] for each in PEOPLE if each in scale.audience),
        time=f"{scale.minutes:.0f} min" if scale.minutes >= 1 else f"{round(scale.minutes * 6) * 10} s",
        source=scale.source,
        claim=scale.claim or "",
        chosen=chosen,
        fits=not audience or bool(scale.audience & set(audience)),
    )


def _answers(scale: Scale, words: Words) -> tuple[str, ...]:
    """What may be answered to every question of the scale, in words."""
    formats = {item.format.identifier: item.format for item in scale.items}
    if len(formats) != 1:
        return ()
    form = next(iter(formats.values()))
    if form.kind == "options":
        return tuple(words.options.get((form.identifier, value), str(value)) for value in form.values)
    return ("a number",) if form.kind == "number" else ("in own words",)
