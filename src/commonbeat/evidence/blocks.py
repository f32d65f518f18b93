"""Blocks: effects whose cards were measured later, drawn together with what is retained of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commonbeat.evidence.ledger import number, one_of, table, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.errors import Mistakes

_KEYS = (
    "effects",
    "retentions",
    "retention_of",
    "next_place",
    "transport",
    "spread",
    "transient_mean_days",
    "durable_half_life_days",
    "small_study_slope_sd",
    "small_study_card",
)


@dataclass(frozen=True, slots=True)
class Block:
    """A group of effects whose cards were measured later, drawn together with what is retained.

    effects: name -> SD of its normal prior centred on 0 (what stands when its cards are left out). retentions: name
    of a durable share -> (low, high) of its flat prior. retention_of: effect -> its durable share.
    transport: outcome -> SD of the offset shared by readings of that outcome. Days and latent SDs.
    """

    name: str
    effects: Mapping[str, float]
    retentions: Mapping[str, tuple[float, float]]
    retention_of: Mapping[str, str]
    next_place: tuple[str, ...]
    transport: Mapping[str, float]
    spread: float
    transient: tuple[str, float, float]
    half_life: tuple[str, float, float]
    small_study_slope_sd: float
    small_study_card: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The parameters that this block draws."""
        return (*self.effects, *self.retentions, self.transient[0], self.half_life[0])


def read_blocks(file: str, found: object, mistakes: Mistakes) -> tuple[Block, ...]:
    """The blocks of a parameter file that are whole; mistakes are noted for the others."""
    blocks = []
    for name, content in table(f"{file} block", found, mistakes).items():
        place, before = f"{file} block.{name}", len(mistakes.found)
        settings = table(place, content, mistakes)
        for key in settings:
            one_of(place, key, _KEYS, mistakes)
        for key in _KEYS:
            if key not in settings:
                mistakes.add(f"{place} {key}", None, "is missing", "A block needs it.")
        if len(mistakes.found) == before:
            block = _block(name, place, settings, mistakes)
            if len(mistakes.found) == before:
                blocks.append(block)
    return tuple(blocks)


def _block(name: str, place: str, settings: Mapping[str, Any], mistakes: Mistakes) -> Block:
    effects = _numbers(f"{place} effects", settings["effects"], mistakes)
    retentions = {
        key: _span(f"{place} retentions.{key}", span, mistakes)[1:]
        for key, span in table(f"{place} retentions", settings["retentions"], mistakes).items()
    }
    retention_of = table(f"{place} retention_of", settings["retention_of"], mistakes)
    for effect in effects:
        one_of(f"{place} retention_of.{effect}", retention_of.get(effect), retentions, mistakes)
    next_place = texts(f"{place} next_place", settings["next_place"], mistakes)
    for effect in (*retention_of, *next_place):
        one_of(f"{place} retention_of, next_place", effect, effects, mistakes)
    slope_sd = number(f"{place} small_study_slope_sd", settings["small_study_slope_sd"], mistakes, above=0)
    return Block(
        name=name,
        effects=effects,
        retentions=retentions,
        retention_of=retention_of,
        next_place=next_place,
        transport=_numbers(f"{place} transport", settings["transport"], mistakes),
        spread=number(f"{place} spread", settings["spread"], mistakes, above=0) or 1.0,
        transient=_named_span(f"{place} transient_mean_days", settings["transient_mean_days"], mistakes),
        half_life=_named_span(f"{place} durable_half_life_days", settings["durable_half_life_days"], mistakes),
        small_study_slope_sd=slope_sd or 0.0,
        small_study_card=text(f"{place} small_study_card", settings["small_study_card"], mistakes),
    )


def _numbers(place: str, found: object, mistakes: Mistakes) -> dict[str, float]:
    """Names and numbers above 0."""
    values = {
        key: number(f"{place}.{key}", value, mistakes, above=0) for key, value in table(place, found, mistakes).items()
    }
    return {key: value for key, value in values.items() if value is not None}


def _named_span(place: str, found: object, mistakes: Mistakes) -> tuple[str, float, float]:
    """The name, low and high of a table that has all three."""
    name, low, high = _span(place, found, mistakes)
    return text(f"{place} name", name, mistakes), low, high


def _span(place: str, found: object, mistakes: Mistakes) -> tuple[object, float, float]:
    settings = table(place, found, mistakes)
    for key in settings:
        one_of(place, key, ("name", "low", "high"), mistakes)
    low, high = (number(f"{place} {end}", settings.get(end), mistakes, above=0) for end in ("low", "high"))
    if low is None or high is None or not low < high:
        mistakes.add(place, found, "is not 0 < low < high", "Give two rising numbers.")
        return settings.get("name"), 1.0, 2.0
    return settings.get("name"), low, high
