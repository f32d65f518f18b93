"""Residents who are asked again and again: what another police stop goes with in the same person, as a design for `commonbeat estimate`.

Nobody draws who is stopped. Within people the comparison is with themselves in other waves; across people it stands beside it, so that a reader
sees how far the two are apart (cards E039 to E041). It bears on what stands beside trust, not on the encounter, and no finding is saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from commonbeat.listen.results.score_keys import scale_keys
from commonbeat.listen.results.variable import column_name

if TYPE_CHECKING:
    from commonbeat.listen.bank.item import Scale
    from commonbeat.listen.results.collected import Collected

EXPOSURE: Final = "recent_stops"
FEWEST_ROWS: Final = 30
WHAT_IT_IS: Final = "Estimated is what more police stops go with in the same person from wave to wave, not what the encounter did: everybody had the same chance to meet it."


def panel_plan(collected: Collected, frame: pl.DataFrame) -> tuple[dict[str, Any], pl.DataFrame] | None:
    """The keys and the rows, one a person and wave; None where the scale or the stops were not asked twice, or hardly anybody answered."""
    waves = [wave for wave in collected.waves if column_name(EXPOSURE, wave, collected) in frame.columns]
    scale = next((each for wave in waves[:1] for each in collected.scales_of(wave)), None)
    if scale is None or len(waves) < 2:
        return None
    parts = [
        _wave(collected, frame, scale, wave, place)
        for place, wave in enumerate(waves)
        if scale in collected.scales_of(wave)
    ]
    if len(parts) < 2:
        return None
    rows = pl.concat(parts).drop_nulls()
    twice = rows.filter(pl.len().over("respondent") > 1)
    if twice.height < FEWEST_ROWS or twice[EXPOSURE].n_unique() < 2 or twice["wave"].n_unique() < 2:
        return None
    keys = {
        "title": collected.title(),
        "outcome": (scale.identifier,),
        "population": "those who answered, asked again; not drawn from any population",
        "panel": {"person": "respondent", "time": "wave", "exposure": EXPOSURE},
        "seed": collected.study.seed % 2**31,
    }
    return keys, rows.sort("respondent", "wave")


def _wave(collected: Collected, frame: pl.DataFrame, scale: Scale, wave: str, place: int) -> pl.DataFrame:
    """A row a person: the wave's place, the score in points of an answer, and the stops since."""
    keys = scale_keys(scale, wave, collected)
    ends = keys["minimum"] + keys["maximum"]
    turned = [ends - pl.col(name) if name in keys["reverse"] else pl.col(name) for name in keys["items"]]
    answered = pl.sum_horizontal([pl.col(name).is_not_null().cast(pl.Int64) for name in keys["items"]])
    score = pl.when(2 * answered >= len(turned)).then(pl.mean_horizontal(turned)).alias(scale.identifier)
    stops = pl.col(column_name(EXPOSURE, wave, collected)).alias(EXPOSURE)
    return frame.select("respondent", pl.lit(place + 1).alias("wave"), score, stops)
