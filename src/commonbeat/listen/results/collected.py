"""What was collected in a study, and small questions to it that every result asks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from commonbeat.listen.bank.item import Bank, Item, Scale
    from commonbeat.listen.study.model import StudyDesign

CONSENTED: Final = ("consented", "finished")
SCORED_KINDS: Final = ("index", "single")
ANSWERS: Final = {
    "participant": pl.Int64,
    "wave": pl.String,
    "item": pl.String,
    "value": pl.Float64,
    "text": pl.String,
    "skipped": pl.Boolean,
}


@dataclass(frozen=True, eq=False)
class Collected:
    """A study with what the store holds of it, without anything by which somebody could be reached.

    participants: one row each with number, state, arm, audience, language, stratum and, where the store gives them, came_by and block.
    answers: participant, wave, item, value, text, skipped.
    """

    study: StudyDesign
    bank: Bank
    participants: pl.DataFrame
    answers: pl.DataFrame

    @cached_property
    def people(self) -> pl.DataFrame:
        """Those who agreed to take part and did not withdraw, in an order that has nothing to do with when they came."""
        kept = self.participants.filter(pl.col("state").is_in(CONSENTED))
        salt = self.study.fingerprint()
        order = [hashlib.sha256(f"{salt}|{number}".encode()).hexdigest() for number in kept["number"].to_list()]
        shuffled = kept.with_columns(pl.Series("order", order, dtype=pl.String)).sort("order").drop("order")
        return shuffled.with_row_index("respondent", offset=1).with_columns(pl.col("respondent").cast(pl.Int64))

    @cached_property
    def told(self) -> pl.DataFrame:
        """The answers of those people; a withdrawn person's would be an error of the store, and is left out here too."""
        wanted = self.answers.select(list(ANSWERS)).cast(ANSWERS)  # type: ignore[arg-type] - polars takes a mapping of names
        return wanted.join(self.people.select("number"), left_on="participant", right_on="number", how="semi")

    @property
    def waves(self) -> tuple[str, ...]:
        """The waves in order."""
        return self.study.wave_names

    def answered(self, wave: str) -> set[int]:
        """Numbers of those who answered at least one question of the wave beyond those asked before the arms were drawn.

        Who stopped when the material came has told nothing of what it did, so that they count as lost to the wave.
        """
        before = [item.identifier for name in self.study.asked_before for item in self.bank.scale(name).items]
        first = wave == self.waves[0] and bool(self.study.arms)
        rows = self.told.filter((pl.col("wave") == wave) & ~pl.col("skipped"))
        return set(rows.filter(~pl.col("item").is_in(before if first else []))["participant"].to_list())

    def items_of(self, wave: str) -> tuple[Item, ...]:
        """The items of a wave in the order of asking, each once: before the arms, the questions, the checks."""
        names = [*(self.study.asked_before if wave == self.waves[0] else ()), *self.study.scales_of(wave)]
        checks = self.study.checks
        names += [name for name in (checks.attention, checks.attention_later, checks.manipulation) if name]
        found = {item.identifier: item for name in names for item in self.bank.scale(name).items}
        given = self.answers.filter(pl.col("wave") == wave)["item"].unique().to_list()
        found |= {name: self.bank.item(name) for name in sorted(given) if name not in found}
        asked = set(self.study.audience)
        return tuple(item for item in found.values() if item.audience & asked)

    def scales_of(self, wave: str) -> tuple[Scale, ...]:
        """The scales of a wave that make a score, in the order of asking, after the arms were drawn."""
        asked = set(self.study.audience)
        found = (self.bank.scale(name) for name in dict.fromkeys(self.study.scales_of(wave)))
        return tuple(each for each in found if each.kind in SCORED_KINDS and each.audience & asked)

    def title(self, language: str | None = None) -> str:
        """The study's title, in its first language unless another is asked for."""
        return self.study.title.get(language or self.study.languages[0], next(iter(self.study.title.values())))
