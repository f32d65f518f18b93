"""What would change a headline, in one short sentence: the unknowns that drive it and the values at which its sign turns.

From a study of sensitivity where there is one; else from the run's own draws, whose forty-odd sets of parameters show the strongest
unknowns at best. Where they show none, the sentence says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from commonbeat.report.number import significant
from commonbeat.report.opening import PRESENT, questions
from commonbeat.results.measures import drivers, headline
from commonbeat.results.measures.tipping import tipping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.report.opening import Asked
    from commonbeat.report.reading import Reading
    from commonbeat.results.measures.tipping import Tipping

SHOWN = 5
FEWEST_SETS = 12  # with fewer, the strongest of fifty useless parameters may keep the very order of the effects
CLEAR = 0.01  # chance of the strongest of all useless parameters to look as strong, after Holm
NOWHERE: dict[str, None] = {"value": None, "low": None, "high": None}
STUDY, DRAWS = "sensitivity:tipping", "run:parameters"


@dataclass(frozen=True, slots=True)
class Turn:
    """One driver: its name in words, its unit, and the value at which the sign turns, with its interval, as far as they are known."""

    name: str
    unit: str
    value: float | None
    low: float | None
    high: float | None

    @property
    def is_known(self) -> bool:
        """Whether the value stands when draws are drawn again."""
        return self.value is not None and self.low is not None and self.high is not None

    @property
    def words(self) -> str:
        """The value with its interval and unit."""
        if self.value is None or self.low is None or self.high is None:
            return ""
        ends = f"{significant(self.low)} to {significant(self.high)}"
        return f"{significant(self.value)} {self.unit} ({ends})"


@dataclass(frozen=True, slots=True)
class Changes:
    """What drives a headline. luck: its share of the variance with the ends of the interval, where a study has counted it.

    sets: how many sets of parameters were looked at. still: True where no draw changed anything, so nothing can.
    """

    turns: tuple[Turn, ...]
    source: str
    sets: int
    luck: tuple[float, float, float] | None = None
    still: bool = False

    @property
    def turning(self) -> tuple[Turn, ...]:
        """The drivers whose turning value is known."""
        return tuple(turn for turn in self.turns if turn.is_known)

    @property
    def others(self) -> tuple[Turn, ...]:
        """The drivers that no value of their prior lets turn the sign, or none that is known."""
        return tuple(turn for turn in self.turns if not turn.is_known)


def what_changes(reading: Reading, study: Mapping[str, Any] | None = None) -> tuple[Changes | None, ...]:
    """For each question of the opening what would change its answer; None where there is no answer.

    study: the document of a sensitivity study of the same scenario, or None to ask the run's own draws.
    """
    asked = questions(reading.telling, reading.headline_group)
    return tuple(_from_study(each, study) or _from_draws(reading, each) for each in asked)


def _from_study(asked: Asked, study: Mapping[str, Any] | None) -> Changes | None:
    for found in (study or {}).get("headlines", ()):
        about = found["headline"]
        if (about["arm"], about["group"], about["outcome"]) == (asked.arm.name, asked.group, "trust"):
            still = found["spread"]["low"] == found["spread"]["high"] == 0
            if not (found["indices"] or still):
                return None  # somewhere nobody was there to be told of
            turns = tuple(_turn(each["parameter"], each["unit"], each["tipping"]) for each in found["drivers"])
            luck = found["luck"]
            shares = None if luck["value"] is None else (luck["value"], luck["low"], luck["high"])
            sets = 2 * study["effort"]["rows"] if study else 0
            return Changes(turns, STUDY, sets, shares, still=still)
    return None


def _from_draws(reading: Reading, asked: Asked) -> Changes | None:
    effects = _effects(reading, asked)
    if effects is None or effects.is_empty():
        return None
    parameters, units = reading.table("parameters"), _units()
    sets = effects["parameter_set"].n_unique()
    if (effects["effect"] == 0).all():
        return Changes((), DRAWS, sets, still=True)
    if sets < FEWEST_SETS:
        return Changes((), DRAWS, sets)
    found = drivers(effects, parameters).drop_nulls("correlation").filter(pl.col("chance_adjusted") < CLEAR)
    turns = []
    for name in found["parameter"].head(SHOWN):
        values = effects.join(parameters.filter(parameter=name), on="draw", how="inner")
        at = tipping(values["value"].to_numpy(), values["effect"].to_numpy(), values["parameter_set"].to_numpy())
        found_at = {"value": at.value, "low": at.low, "high": at.high} if _clearly_turns(at) else NOWHERE
        turns.append(_turn(name, units.get(name, ""), found_at))
    return Changes(tuple(turns), DRAWS, sets)


def _clearly_turns(at: Tipping) -> bool:
    """Whether the middle is on one side of zero at one end of the prior and on the other at the other, each with its interval.

    Some forty sets of parameters make a crossing near an end of nearly any curve; only ends that stand apart are told.
    """
    low, high = at.at_low_interval, at.at_high_interval
    return (low[1] < 0 < high[0]) or (high[1] < 0 < low[0])


def _effects(reading: Reading, asked: Asked) -> pl.DataFrame | None:
    """One row per draw: draw, parameter_set and effect of the question."""
    draws = reading.table("draws")
    if asked.group != PRESENT:
        return headline(reading.daily, draws, arm=asked.arm.name, group=asked.group)
    frame = reading.ring_frame(asked.arm.name, PRESENT, "trust", "All")
    if frame is None:
        return None
    held = frame.select("draw", "effect").drop_nulls()
    return draws.select("draw", "parameter_set").join(held, on="draw", how="inner").sort("draw")


def _turn(name: str, unit: str, at: Mapping[str, Any]) -> Turn:
    return Turn(name.replace("_", " "), unit, at["value"], at["low"], at["high"])


def _units() -> dict[str, str]:
    from commonbeat.evidence import load_parameters

    return {parameter.name: parameter.unit for parameter in load_parameters()}
