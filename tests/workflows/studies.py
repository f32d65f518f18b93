"""Made-up studies of every shape, seeded, with known effects."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl


def trial_table(people: int = 420, streets: int = 30) -> pl.DataFrame:
    """A trial of visits drawn by street: trust rises by 6 of 100, a few do not answer."""
    random = np.random.default_rng(5)
    street = random.permutation(np.arange(people) % streets)
    visited = street % 2
    before = random.normal(50, 15, people)
    trust = 0.6 * before + 20 + 6 * visited + random.normal(0, 3, streets)[street] + random.normal(0, 10, people)
    trust[random.random(people) < 0.08] = np.nan
    items = {f"i{k}": np.clip(np.round(3 + (trust - 55) / 20 + random.normal(0, 0.7, people)), 1, 5) for k in (1, 2)}
    items["i3"] = 6 - items["i1"]
    columns = {
        "person": [f"p{i}" for i in range(people)],
        "street": [f"street {code}" for code in street],
        "visited": visited,
        "got": np.where(visited == 1, (random.random(people) < 0.6) * 1, 0),
        "race": random.choice(["Black", "White", "Other"], people),
        "before": before,
        "trust": trust,
        "coop": 0.1 * trust + random.normal(0, 3, people),
        "coop2": 2 * visited + random.normal(0, 3, people),
        **items,
    }
    return pl.DataFrame(columns).fill_nan(None)


def panel_table(people: int = 300) -> pl.DataFrame:
    """Two waves; a stop lowers trust by .1, and people with more stops trusted less to begin with."""
    random = np.random.default_rng(6)
    kind = random.normal(0, 1, people)
    rows = []
    for wave in (1, 2):
        stops = random.poisson(np.exp(-0.5 - 0.5 * kind))
        trust = 0.5 * kind - 0.1 * stops + random.normal(0, 0.3, people)
        rows.append(
            pl.DataFrame(
                {
                    "person": np.arange(people),
                    "wave": wave,
                    "stops": stops,
                    "trust": trust,
                    "programme": np.arange(people) % 2,
                }
            )
        )
    return pl.concat(rows)


def rollout_table(beats: int = 40, months: int = 8) -> pl.DataFrame:
    """Beats that began in month 4, month 6 or never; calls rise by 2 where it had begun."""
    random = np.random.default_rng(7)
    began = np.array([0, 4, 6])[np.arange(beats) % 3]
    rows = []
    for month in range(1, months + 1):
        calls = (
            20 + np.arange(beats) % 5 + 0.3 * month + 2 * ((began > 0) & (month >= began)) + random.normal(0, 1, beats)
        )
        rows.append(pl.DataFrame({"beat": np.arange(beats), "month": month, "began": began, "calls": calls}))
    return pl.concat(rows)


def series_table(weeks: int = 52) -> pl.DataFrame:
    """Weekly calls in nine cities; in city A they fall by 8 from July on."""
    random = np.random.default_rng(8)
    common = 5 * np.sin(np.arange(weeks) / 6) + random.normal(0, 1, weeks)
    days = [dt.date(2024, 1, 1) + dt.timedelta(weeks=week) for week in range(weeks)]
    rows = []
    for place, city in enumerate("ABCDEFGHI"):
        calls = 60 + 4 * ((place % 5) - 2) + common * (1 + 0.1 * ((place % 5) - 2)) + random.normal(0, 1, weeks)
        calls -= 8 * ((city == "A") & (np.arange(weeks) >= 26))
        rows.append(pl.DataFrame({"city": city, "week": days, "calls": calls}))
    return pl.concat(rows)


def wedge_table(beats: int = 18, months: int = 4, people: int = 8) -> pl.DataFrame:
    """A stepped wedge: six beats cross over in each of months 2, 3 and 4; trust rises by 2 and drifts for everybody."""
    random = np.random.default_rng(9)
    begins = 2 + np.arange(beats) % 3
    rows = []
    for month in range(1, months + 1):
        beat = np.repeat(np.arange(beats), people)
        on = (begins[beat] <= month).astype(int)
        trust = 50 + month + 2 * on + random.normal(0, 1, beats)[beat] + random.normal(0, 3, beat.size)
        rows.append(pl.DataFrame({"beat": beat, "month": month, "on": on, "trust": trust}))
    return pl.concat(rows)
