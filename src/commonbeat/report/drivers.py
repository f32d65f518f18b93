"""Section 5: what would change the answer: how much is luck, how much is what nobody knows, and which unknowns weigh most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.report.chart import linear
from commonbeat.report.spread import Spread
from commonbeat.report.strip import Ruler
from commonbeat.results.measures import VarianceShares, drivers, headline, variance_shares

if TYPE_CHECKING:
    from commonbeat.report.arms import ArmStory
    from commonbeat.report.reading import Reading

SHOWN = 8
CLEAR = 0.05  # chance of the strongest of all useless parameters to look as strong, after Holm


@dataclass(frozen=True, slots=True)
class Driver:
    """One parameter: its name and meaning, where its prior comes from, and its rank correlation with the headline."""

    name: str
    meaning: str
    grounds: str
    source: str
    spread: Spread
    chance: float


@dataclass(frozen=True, slots=True)
class ArmDrivers:
    """What moves one arm's effect."""

    arm: ArmStory
    shares: VarianceShares
    drivers: tuple[Driver, ...]
    silent: int
    ruler: Ruler


def ledger() -> dict[str, tuple[str, str, str]]:
    """Meaning, grounds and source of every parameter of the ledger."""
    from commonbeat.evidence import load_parameters

    found = {}
    for parameter in load_parameters():
        cards = tuple(parameter.cards)
        grounds = f"{parameter.name}: {', '.join(cards) or 'assumed'}"
        source = " ".join(f"card:{card}" for card in cards) or "assumed"
        found[parameter.name] = (parameter.meaning, grounds, source)
    return found


def arm_drivers(reading: Reading, arm: ArmStory) -> ArmDrivers:
    """Shares and drivers of one arm's effect on the worst-off group's trust at the end."""
    effects = headline(reading.daily, reading.table("draws"), arm=arm.name, group=reading.headline_group)
    shares = variance_shares(effects["effect"].to_numpy(), effects["parameter_set"].to_numpy())
    known = ledger()
    found = drivers(effects, reading.table("parameters")).drop_nulls("correlation")
    # Fifty parameters over forty sets: some that do nothing will look strong, so only what beats that is named.
    clear = found.filter(pl.col("chance_adjusted") < CLEAR)
    shown = []
    for row in clear.head(SHOWN).to_dicts():
        meaning, grounds, source = known.get(
            row["parameter"], (row["parameter"].replace("_", " "), "not in the ledger", "run:parameters")
        )
        low, middle, high = row["low"], row["correlation"], row["high"]
        spread = Spread(low, middle, middle, middle, high, float(middle < 0), row["parameter_sets"])
        shown.append(Driver(row["parameter"], meaning, grounds, source, spread, row["chance_adjusted"] or 1.0))
    ruler = Ruler(linear(-1, 1, 4, 96), (-1.0, -0.5, 0.0, 0.5, 1.0), "correlation")
    return ArmDrivers(arm, shares, tuple(shown), max(0, found.height - len(shown)), ruler)


@dataclass(frozen=True, slots=True)
class Drivers:
    """All that section 5 shows."""

    group: str
    arms: tuple[ArmDrivers, ...]


def what_drives(reading: Reading) -> Drivers:
    """Section 5 stands ready for its template."""
    telling = reading.telling
    arms = [arm for arm in (telling.headline, telling.programme) if arm is not None]
    unique = list({arm.name: arm for arm in arms}.values())
    return Drivers(reading.headline_group, tuple(arm_drivers(reading, arm) for arm in unique))
