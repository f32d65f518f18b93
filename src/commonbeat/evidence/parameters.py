"""Parameters: each a prior computed from named cards by a written rule, or assumed with a reason.

Rules (what they need in `parameters.toml`):

    judged            a shape read off the cards together by us; without any one of them its `without_cards` shape stands
    assumed           a shape that no card carries, with the reason
    pool              the effect in the next place, pooled from readings (spread, transport)
    ratio_of_pools    the ratio of two pooled effects, "name.text" over "name.film" (extra_log_sd)
    gain_by_baseline  how much of a ratio between groups their starting points can carry
    joint             one part of a block whose effects and retention are drawn together
    unknown           never drawn: nothing is simulated with it unless a scenario brings data

When every card of any other parameter is left out, its `without_cards` shape stands; for a part of a block, its prior there. A part
names the cards that measured it; through what is retained the block's other cards move it a little, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from commonbeat.errors import LedgerError, Mistakes, did_you_mean
from commonbeat.evidence.blocks import Block, read_blocks
from commonbeat.evidence.cards import load_cards
from commonbeat.evidence.estimates import load_estimates
from commonbeat.evidence.ledger import (
    HEADING,
    no_duplicates,
    number,
    one_of,
    packaged,
    read_toml,
    table,
    tables,
    text,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RULES: dict[str, tuple[str, ...]] = {
    "judged": ("prior", "without_cards"),
    "assumed": ("prior",),
    "pool": ("spread", "without_cards"),
    "ratio_of_pools": ("extra_log_sd", "without_cards"),
    "gain_by_baseline": ("without_cards",),
    "joint": ("block",),
    "unknown": (),
}
SHAPES = {
    "uniform": ("low", "high"),
    "log_uniform": ("low", "high"),
    "log_normal": ("low", "high"),
    "normal": ("mean", "sd"),
    "half_normal": ("scale",),
}
_TEXTS = ("name", "unit", "meaning", "rule", "reason")
_SETTINGS = ("prior", "without_cards", "spread", "extra_log_sd", "block", "transport")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model: what it is, its unit, the rule that makes its prior, and what the rule rests on."""

    name: str
    unit: str
    meaning: str
    rule: str
    cards: tuple[str, ...]
    reason: str
    settings: Mapping[str, Any]

    @property
    def assumed(self) -> bool:
        """True if no card carries this parameter, so that `reason` must."""
        return not self.cards

    @property
    def kind(self) -> str:
        """How it is drawn: "prior" on its own, "joint" with its block, "unknown" never."""
        return self.rule if self.rule in ("joint", "unknown") else "prior"


@lru_cache(maxsize=8)
def load_ledger(path: Path | None = None) -> tuple[tuple[Parameter, ...], tuple[Block, ...]]:
    """The parameters and the blocks of the file. Raises LedgerError with all mistakes at once."""
    source = path or packaged("parameters.toml")
    found = read_toml(source)
    mistakes = Mistakes()
    for key in found:
        one_of(source.name, key, ("parameter", "block"), mistakes)
    entries = tables(f"{source.name} parameter", found.get("parameter"), mistakes)
    no_duplicates(((_place(source, entry), str(entry.get("name", ""))) for entry in entries), mistakes)
    blocks = read_blocks(source.name, found.get("block", {}), mistakes)
    parameters = tuple(_parameter(_place(source, entry), entry, blocks, mistakes) for entry in entries)
    names = {parameter.name for parameter in parameters}
    for block in blocks:
        for part in block.parts:
            if part not in names:
                mistakes.add(f"{source.name} block.{block.name}", part, "is not a parameter", did_you_mean(part, names))
    mistakes.raise_if_any(LedgerError, HEADING)
    return parameters, blocks


def load_parameters(path: Path | None = None) -> tuple[Parameter, ...]:
    """Every parameter of the model, in the order of the file. Raises LedgerError with all mistakes at once."""
    return load_ledger(path)[0]


def load_blocks(path: Path | None = None) -> tuple[Block, ...]:
    """The blocks whose effects and retention are drawn together."""
    return load_ledger(path)[1]


def _place(source: Path, entry: Mapping[str, Any]) -> str:
    return f"{source.name} {entry.get('name', 'a parameter without a name')}"


def _parameter(place: str, entry: Mapping[str, Any], blocks: tuple[Block, ...], mistakes: Mistakes) -> Parameter:
    for key in entry:
        one_of(place, key, (*_TEXTS, *_SETTINGS, "cards"), mistakes)
    words = {name: text(f"{place} {name}", entry.get(name), mistakes) for name in _TEXTS[:-1]}
    words["reason"] = text(f"{place} reason", entry["reason"], mistakes) if "reason" in entry else ""
    rule = one_of(f"{place} rule", words["rule"], RULES, mistakes)
    for needed in RULES.get(rule, ()):
        if needed not in entry:
            mistakes.add(f"{place} {needed}", None, f"is needed by the rule '{rule}'", "Add it.")
    cards = texts(f"{place} cards", entry.get("cards", []), mistakes)
    _check_grounds(place, rule, cards, words["reason"], mistakes)
    _check_readings(place, words["name"], rule, cards, _block_of(place, entry, blocks, mistakes), mistakes)
    _check_settings(place, entry, mistakes)
    return Parameter(**words, cards=cards, settings={key: entry[key] for key in _SETTINGS if key in entry})


def _check_settings(place: str, entry: Mapping[str, Any], mistakes: Mistakes) -> None:
    for name in ("prior", "without_cards"):
        if name in entry:
            _check_shape(f"{place} {name}", table(f"{place} {name}", entry[name], mistakes), mistakes)
    for name in ("spread", "extra_log_sd"):
        if name in entry:
            number(f"{place} {name}", entry[name], mistakes, above=0)
    transport = table(f"{place} transport", entry.get("transport", {}), mistakes)
    for outcome, sd in transport.items():
        number(f"{place} transport.{outcome}", sd, mistakes, above=0)


def _block_of(place: str, entry: Mapping[str, Any], blocks: tuple[Block, ...], mistakes: Mistakes) -> Block | None:
    block = next((block for block in blocks if block.name == entry.get("block")), None)
    if entry.get("rule") == "joint" and (block is None or entry.get("name") not in block.parts):
        known = [block.name for block in blocks]
        mistakes.add(
            f"{place} block",
            entry.get("block"),
            "is not a block with this part",
            did_you_mean(str(entry.get("block")), known),
        )
    return block


def _check_grounds(place: str, rule: str, cards: tuple[str, ...], reason: str, mistakes: Mistakes) -> None:
    known = [card.id for card in load_cards()]
    for card in cards:
        if card not in known:
            mistakes.add(f"{place} cards", card, "is not a card", did_you_mean(card, known))
    if len(set(cards)) < len(cards):
        mistakes.add(f"{place} cards", list(cards), "names a card twice", "Name each once.")
    if not cards and not reason:
        mistakes.add(place, None, "has neither cards nor a reason", "Name its cards, or assume it and say why.")
    if cards and rule == "assumed":
        mistakes.add(f"{place} rule", rule, "stands beside cards", "Use 'judged' when cards carry it.")
    if not cards and rule not in ("assumed", "unknown") and rule in RULES:
        mistakes.add(f"{place} cards", None, f"are needed by the rule '{rule}'", "Name them, or use 'assumed'.")


def _check_readings(
    place: str, name: str, rule: str, cards: tuple[str, ...], block: Block | None, mistakes: Mistakes
) -> None:
    """A computed prior rests on readings, and names exactly the cards of those that inform it."""
    if rule not in ("pool", "ratio_of_pools", "gain_by_baseline", "joint") or (rule == "joint" and block is None):
        return
    # A share or a time that is retained rests on all that its block measured, an effect on its own readings.
    own = block is None or name in block.effects
    targets = {name} if block is None or own else set(block.parts)
    informing = [r for r in load_estimates() if any(target.split(".")[0] in targets for target in r.informs)]
    resting = {card for reading in informing for card in reading.cards}
    if block and name in block.next_place:
        resting.add(block.small_study_card)
    for card in cards:
        if card not in resting:
            mistakes.add(f"{place} cards", card, "has no reading that informs this", "Add one to estimates.csv.")
    for card in sorted(resting - set(cards)) if own else ():
        mistakes.add(f"{place} cards", card, "informs this by a reading and is not named", "Name it.")


def _check_shape(place: str, settings: Mapping[str, Any], mistakes: Mistakes) -> None:
    shape = one_of(f"{place} shape", settings.get("shape"), SHAPES, mistakes)
    for key in settings:
        one_of(place, key, ("shape", *SHAPES.get(shape, ()), "floor", "ceiling"), mistakes)
    values = {name: number(f"{place} {name}", settings.get(name), mistakes) for name in SHAPES.get(shape, ())}
    for name, value in values.items():
        if name not in settings:
            mistakes.add(f"{place} {name}", None, f"is needed by the shape '{shape}'", "Add it.")
        elif value is not None and (name == "sd" or shape.startswith("log_")) and value <= 0:
            mistakes.add(f"{place} {name}", value, "is not above 0", "Write a positive number.")
    low, high = values.get("low"), values.get("high")
    if low is not None and high is not None and not low < high:
        mistakes.add(f"{place} high", high, f"is not above low ({low:g})", "Exchange them.")
    limits = (number(f"{place} {name}", settings.get(name), mistakes) for name in ("floor", "ceiling"))
    floor, ceiling = (end if found is None else found for found, end in zip(limits, (-math.inf, math.inf), strict=True))
    if not floor < ceiling:
        mistakes.add(f"{place} ceiling", ceiling, f"is not above the floor ({floor})", "Exchange them.")
