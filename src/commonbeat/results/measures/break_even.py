"""How many stops not made equal one encounter held, and how many encounters would offset the year's stops.

Everything is per draw first, from two arms that are both compared with the same reference:

    effect of one encounter = effect of the arm that holds encounters / encounters held
    relief of one stop not made = effect of the arm with fewer stops / stops that it did not make
    stops not made that equal one encounter = effect of one encounter / relief of one stop not made
    encounters per month = stops of the reference * relief / effect of one encounter / months

both for the group's mean, so the group's size cancels. Two views: the last day, and the area under the curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from commonbeat.results.measures.effects import encounters_held
from commonbeat.results.measures.intervals import INTERVAL_COLUMNS, interval, share_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS_PER_MONTH = 365.25 / 12
TESTED_CONTACTS_PER_PERSON = 1.0  # E003: the trial with trust as its outcome tested one visit
REACHABLE, NOT_REACHABLE, NOTHING_TO_OFFSET = "reachable", "not reachable", "nothing to offset"
VIEWS = {"last day": "effect_last", "area": "area_sd_days"}


@dataclass(frozen=True, slots=True)
class BreakEvenArms:
    """The arms that break-even compares; `moment` is one encounter, `programme` many, `fewer_stops` none.

    Either of the first two may be missing (None), but not both.
    """

    reference: str
    programme: str | None
    moment: str | None
    fewer_stops: str

    @property
    def bases(self) -> tuple[str, ...]:
        """What the effect of one encounter can be counted over: `programme`, `moment` or both."""
        return tuple(name for name in ("programme", "moment") if getattr(self, name) is not None)


def break_even_arms(occurrences: pl.DataFrame, reference: str) -> BreakEvenArms | None:
    """The arms that play these parts, found by what happened in them; nothing without fewer stops or any encounter.

    Fewest stops without an encounter; most encounters; the first arm with exactly one.
    """
    held = encounters_held(occurrences).group_by("arm", maintain_order=True).agg(pl.col("encounters").median())
    encounters: Mapping[str, float] = dict(held.iter_rows())
    stops = dict(_stops(occurrences).group_by("arm", maintain_order=True).agg(pl.col("count").sum()).iter_rows())
    fewer = [arm for arm in stops if encounters[arm] == 0 and stops[arm] < stops.get(reference, 0)]
    once = [arm for arm, count in encounters.items() if count == 1]
    programme = max(encounters, key=lambda arm: encounters[arm], default="")
    many = programme if encounters.get(programme, 0) > 1 else None
    if not fewer or not (many or once):
        return None
    return BreakEvenArms(reference, many, once[0] if once else None, min(fewer, key=lambda arm: stops[arm]))


def break_even(
    area: pl.DataFrame,
    occurrences: pl.DataFrame,
    rings: pl.DataFrame,
    arms: BreakEvenArms,
    *,
    days: int,
    outcome: str = "trust",
) -> pl.DataFrame:
    """One row per draw, group of residents, view (`last day`, `area`) and basis (`programme`, `moment`).

    `encounter_effect` and `stop_relief` in SD of the group's mean (SD x days for area), `stops_per_encounter`
    (signed; absent when a stop not made brings no relief), `encounters_per_month` (infinite when not reachable),
    `status`, `contacts_per_person` (how often a member of the group would be present over the run at that rate)
    and `simulated_per_month`, the highest rate that any arm held.
    """
    effects = area.filter(pl.col("outcome") == outcome)
    parts = [
        _one_view(
            effects.select("draw", "arm", "group", pl.col(column).alias("effect")), occurrences, arms, basis
        ).with_columns(pl.lit(view).alias("view"), pl.lit(basis).alias("basis"))
        for view, column in VIEWS.items()
        for basis in arms.bases
    ]
    months = days / DAYS_PER_MONTH
    table = _with_rates(pl.concat(parts), months)
    most = float(encounters_held(occurrences)["encounters"].cast(pl.Float64).max() or 0.0)  # type: ignore[arg-type]
    presence = _presence_per_encounter(rings, occurrences, str(getattr(arms, arms.bases[0])), outcome)
    return (
        table.join(presence, on=["draw", "group"], how="left", maintain_order="left")
        .with_columns(
            (pl.col("encounters_per_month") * months * pl.col("presence")).alias("contacts_per_person"),
            pl.lit(most / months).alias("simulated_per_month"),
        )
        .drop("presence")
    )


def break_even_summary(
    per_draw: pl.DataFrame,
    tested_contacts_per_person: float = TESTED_CONTACTS_PER_PERSON,
) -> pl.DataFrame:
    """One row per group, view and basis: five points of stops per encounter and of encounters per month.

    A point of `encounters_per_month` is infinite when that many draws cannot reach break-even at any rate. Shares
    of draws with 90 % intervals: `not_reachable`, `nothing_to_offset`, `beyond_simulated` (more often than any
    arm held encounters, so the straight line is extrapolated) and `beyond_tested` (more contacts per person than
    any card tested); a draw that is not reachable counts among the last two.
    """
    rows = []
    for keys, table in per_draw.group_by("group", "view", "basis", maintain_order=True):
        status = table["status"].to_numpy()
        rate, contacts = (
            table[name].fill_null(0.0).to_numpy() for name in ("encounters_per_month", "contacts_per_person")
        )
        row: dict[str, object] = dict(zip(("group", "view", "basis"), keys, strict=True))
        for name in ("stops_per_encounter", "encounters_per_month"):
            points = interval(table[name].cast(pl.Float64).fill_null(float("nan")).to_numpy())
            row |= {f"{name}_{point}": getattr(points, point) for point in INTERVAL_COLUMNS}
        for name, hits in {
            "not_reachable": status == NOT_REACHABLE,
            "nothing_to_offset": status == NOTHING_TO_OFFSET,
            "beyond_simulated": rate > table["simulated_per_month"].to_numpy(),
            "beyond_tested": contacts > tested_contacts_per_person,
        }.items():
            share = share_of(hits)
            row |= {name: share.share, f"{name}_low": share.low, f"{name}_high": share.high}
        rows.append({**row, "simulated_per_month": table["simulated_per_month"][0], "draws": table.height})
    return pl.DataFrame(rows).with_columns(pl.selectors.float().fill_nan(None)) if rows else pl.DataFrame()


def _one_view(effects: pl.DataFrame, occurrences: pl.DataFrame, arms: BreakEvenArms, basis: str) -> pl.DataFrame:
    """Per draw and group: the effect of one encounter, the relief of one stop not made and the reference's stops."""
    arm = getattr(arms, basis)
    held = encounters_held(occurrences).filter(pl.col("arm") == arm).select("draw", "encounters")
    stops = _stops(occurrences)
    made = stops.filter(pl.col("arm") == arms.reference).select("draw", "group", pl.col("count").alias("stops"))
    kept = stops.filter(pl.col("arm") == arms.fewer_stops).select("draw", "group", pl.col("count").alias("kept"))
    gained = effects.filter(pl.col("arm") == arm).select("draw", "group", pl.col("effect").alias("gained"))
    relief = effects.filter(pl.col("arm") == arms.fewer_stops).select(
        "draw", "group", pl.col("effect").alias("relieved")
    )
    table = made.join(gained, on=["draw", "group"], maintain_order="left").join(
        relief, on=["draw", "group"], maintain_order="left"
    )
    table = table.join(held, on="draw", maintain_order="left").join(
        kept, on=["draw", "group"], how="left", maintain_order="left"
    )
    return table.filter(pl.col("encounters") > 0, pl.col("stops") > pl.col("kept").fill_null(0)).select(
        "draw",
        "group",
        "stops",
        (pl.col("gained") / pl.col("encounters")).alias("encounter_effect"),
        (pl.col("relieved") / (pl.col("stops") - pl.col("kept").fill_null(0))).alias("stop_relief"),
    )


def _with_rates(table: pl.DataFrame, months: float) -> pl.DataFrame:
    effect, relief = pl.col("encounter_effect"), pl.col("stop_relief")
    status = (
        pl.when(relief <= 0)
        .then(pl.lit(NOTHING_TO_OFFSET))
        .when(effect <= 0)
        .then(pl.lit(NOT_REACHABLE))
        .otherwise(pl.lit(REACHABLE))
        .alias("status")
    )
    rate = pl.col("stops") * relief / effect / months
    return table.with_columns(
        status,
        pl.when(relief > 0).then(effect / relief).alias("stops_per_encounter"),
        pl.when(relief <= 0).then(0.0).when(effect <= 0).then(np.inf).otherwise(rate).alias("encounters_per_month"),
    )


def _stops(occurrences: pl.DataFrame) -> pl.DataFrame:
    return occurrences.filter(pl.col("kind") == "stop")


def _presence_per_encounter(rings: pl.DataFrame, occurrences: pl.DataFrame, arm: str, outcome: str) -> pl.DataFrame:
    """Per draw and group: how often a member of the group is present at one encounter of the arm, on average."""
    people = rings.filter(pl.col("day") == pl.col("day").max(), arm=arm, outcome=outcome, ring="city")
    present = occurrences.filter(arm=arm, kind="encounter").select("draw", "group", "count")
    held = encounters_held(occurrences).filter(arm=arm).select("draw", "encounters")
    return (
        people.select("draw", "group", "people")
        .join(present, on=["draw", "group"], how="left")
        .join(held, on="draw")
        .select(
            "draw", "group", (pl.col("count").fill_null(0) / pl.col("people") / pl.col("encounters")).alias("presence")
        )
    )
