"""A column of a study's data as others read it: name, question, answers, codes that mean no answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.listen.bank.item import Item
    from commonbeat.listen.bank.wording import Wording
    from commonbeat.listen.results.collected import Collected

SKIPPED, NOT_ASKED = -9, -8
MISSING: Final = {SKIPPED: "passed over", NOT_ASKED: "not reached or not asked"}


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. labels: words of its codes. reversed_item: whether more of it means less of what its scale measures."""

    name: str
    label: str
    kind: str
    meaning: str = ""
    labels: Mapping[int, str] = field(default_factory=dict)
    item: str = ""
    wave: str = ""
    scale: str = ""
    reversed_item: bool = False
    unscored: tuple[int, ...] = ()


def column_name(item: str, wave: str, collected: Collected) -> str:
    """The item's column: its name, with the wave behind it where a study has several waves."""
    plain = item.replace(".", "_").replace("-", "_")
    return plain if len(collected.waves) == 1 else f"{plain}_{wave}"


def variable_of(item: Item, wave: str, collected: Collected, words: Wording) -> Variable:
    """The column of an item in a wave, in the words of a language."""
    scale = collected.bank.scale(item.scale)
    labels = {value: words.option(item.format.identifier, value) for value in item.format.values}
    return Variable(
        column_name(item.identifier, wave, collected),
        words.item(item.identifier),
        "text" if item.open_text else "number",
        f"{scale.construct}, wave {wave}",
        labels,
        item.identifier,
        wave,
        item.scale,
        item.reversed,
        item.format.unscored,
    )


def people_variables(collected: Collected) -> tuple[Variable, ...]:
    """The columns that are about the person and the draw, in order."""
    waves = [
        Variable(f"answered_{wave}", f"Answered wave {wave}", "number", "after the material", {0: "no", 1: "yes"})
        for wave in collected.waves
    ]
    drawn = (
        Variable("arm", "What was shown", "text", "as drawn"),
        Variable("stratum", "Within what the arms were drawn", "text"),
    )
    return (
        Variable("respondent", "Number of the row", "number", "given by chance; it is in no link and no list"),
        *(drawn if collected.study.arms else ()),
        *((Variable("block", "Block of the draw", "text"),) if "block" in collected.participants.columns else ()),
        Variable("audience", "Who answered", "text", "adult, child or officer"),
        Variable("language", "Language of the questions", "text"),
        *waves,
    )
