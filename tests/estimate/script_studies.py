"""Made-up data files and designs that the written scripts are run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE, CLUSTERS = 240, 24


def people(seed: int = 5) -> pl.DataFrame:
    """People in clusters in blocks; half of the clusters of each block are treated; a few answers are missing."""
    luck = np.random.default_rng(seed)
    cluster = np.arange(PEOPLE) % CLUSTERS
    block = cluster // 8
    arm = (cluster % 2).astype(int)
    age = luck.integers(16, 80, PEOPLE).astype(float)
    before = luck.normal(0, 1, PEOPLE)
    item = (
        before[:, None]
        + luck.normal(0, 1, (PEOPLE, 3))
        + 0.3 * arm[:, None]
        + 0.4 * luck.normal(0, 1, CLUSTERS)[cluster][:, None]
    )
    rated = np.clip(np.round(4 + item), 1, 7)
    rated[:, 1] = 8 - rated[:, 1]
    trust = 0.5 * before + 0.3 * arm + luck.normal(0, 1, PEOPLE) + 0.01 * age
    received = np.where(arm == 1, luck.random(PEOPLE) < 0.7, luck.random(PEOPLE) < 0.1)
    frame = pl.DataFrame(
        {
            "later": [None if value and place % 3 else age[place] for place, value in enumerate(arm)],
            "lately": [None if place % 2 == 0 and place % 3 else before[place] for place in range(PEOPLE)],
            "strip": [f"strip {place // 3}" for place in range(PEOPLE)],
            "first": [int(place % 3 == 0) for place in range(PEOPLE)],
            "row": [f"row {place // (5 if place < 60 else 6)}" for place in range(PEOPLE)],
            "few": [int(place % 5 == 0 if place < 60 else place % 6 < 3) for place in range(PEOPLE)],
            "arm": ["dance" if value else "leaflet" for value in arm],
            "single": luck.permutation(np.arange(PEOPLE) % 2),
            "yard": [f"yard {value}" for value in cluster],
            "area": [f"area {value}" for value in block],
            "third": [f"third {value // 3}" for value in cluster],
            "pair": [f"pair {value // 2}" for value in cluster],
            "weight": luck.uniform(0.4, 2.5, PEOPLE),
            "age": [None if luck.random() < 0.15 else value for value in age],
            "home": luck.choice(["flat", "house", "other"], PEOPLE),
            "before": [None if luck.random() < 0.05 else value for value in before],
            "race": luck.choice(["Black", "White", "other"], PEOPLE, p=[0.3, 0.5, 0.2]),
            "took_part": received.astype(int),
            "sex": [None if place % 9 == 0 else ("f", "m")[place % 5 > 2] for place in range(PEOPLE)],
            "trust": [None if luck.random() < 0.1 else value for value in trust],
            "q1": rated[:, 0],
            "q2": [-99.0 if luck.random() < 0.2 else value for value in rated[:, 1]],
            "q3": rated[:, 2],
        }
    )
    visited = pl.when(pl.col("age").fill_null(40) > 30).then(pl.col("single")).otherwise(0)
    return frame.with_columns(visited.alias("visited"))


ARMS: dict[str, Any] = {"treatment": "arm", "control": "leaflet", "treated": ["dance"]}
SCALE = {"items": ["q1", "q2", "q3"], "reverse": ["q2"]}
STUDIES: dict[str, dict[str, Any]] = {
    "plain": {"outcome": ["trust"], "treatment": "single"},
    "weighted": {"outcome": ["trust"], "treatment": "single", "weight": "weight", "covariates": ["age"]},
    "adjusted": {
        "outcome": ["trust"],
        "treatment": "single",
        "covariates": ["age", "home"],
        "baseline": "before",
        "complied": "took_part",
    },
    "clustered": {**ARMS, "outcome": ["trust"], "cluster": "yard", "by": "race"},
    "clustered adjusted": {
        **ARMS,
        "outcome": ["trust"],
        "cluster": "yard",
        "baseline": "before",
        "complied": "took_part",
        "weight": "weight",
    },
    "blocked": {"outcome": ["trust"], "treatment": "single", "block": "area", "weight": "weight"},
    "blocked clustered": {**ARMS, "outcome": ["trust"], "cluster": "yard", "block": "area", "baseline": "before"},
    "paired": {**ARMS, "outcome": ["trust"], "cluster": "yard", "block": "pair"},
    "paired adjusted": {**ARMS, "outcome": ["trust"], "cluster": "yard", "block": "pair", "baseline": "before"},
    "single units": {"outcome": ["trust"], "treatment": "first", "block": "strip"},
    "single units adjusted": {
        "outcome": ["trust"],
        "treatment": "first",
        "block": "strip",
        "baseline": "before",
        "covariates": ["age", "sex"],
        "weight": "weight",
    },
    "some single units": {"outcome": ["trust"], "treatment": "few", "block": "row", "weight": "weight"},
    "some single units adjusted": {"outcome": ["trust"], "treatment": "few", "block": "row", "baseline": "before"},
    "single clusters": {**ARMS, "outcome": ["trust"], "cluster": "yard", "block": "third"},
    "single clusters adjusted": {
        **ARMS,
        "outcome": ["trust"],
        "cluster": "yard",
        "block": "third",
        "covariates": ["age"],
        "weight": "weight",
    },
    "known later": {
        **ARMS,
        "outcome": ["trust"],
        "covariates": ["later", "home"],
        "baseline": "lately",
        "complied": "took_part",
    },
    "scale": {**ARMS, "outcome": ["index", "trust"], "cluster": "yard", "missing": [-99], "scales": {"index": SCALE}},
    "plain scale": {
        "treatment": "single",
        "outcome": ["sum"],
        "missing": [-99],
        "scales": {"sum": {**SCALE, "standardise": "none", "minimum": 1, "maximum": 7, "at_least": 0.9}},
    },
    "raked with gaps": {
        "outcome": ["trust"],
        "treatment": "single",
        "weight": "weight",
        "raking": {"margins": {"race": {"Black": 0.2, "White": 0.6, "other": 0.2}, "sex": {"f": 0.5, "m": 0.5}}},
    },
    "raked": {
        "outcome": ["trust"],
        "treatment": "single",
        "raking": {
            "margins": {
                "race": {"Black": 0.2, "White": 0.6, "other": 0.2},
                "home": {"flat": 0.5, "house": 0.3, "other": 0.2},
            },
            "smallest": 0.5,
            "largest": 1.9,
        },
    },
}


def write_people(folder: Path) -> Path:
    """The people stand in a CSV file."""
    path = folder / "people.csv"
    people().write_csv(path)
    return path


def write_labelled(folder: Path) -> Path:
    """Some of the people stand in a Stata file with value labels."""
    import pyreadstat

    path = folder / "people.dta"
    frame = people().select(
        pl.col("arm").replace_strict({"leaflet": 1, "dance": 2}).alias("arm"),
        pl.col("home").replace_strict({"flat": 1, "house": 2, "other": 3}).alias("home"),
        "trust",
    )
    labels = {"arm": {1: "leaflet", 2: "dance"}, "home": {1: "flat", 2: "house", 3: "other"}}
    pyreadstat.write_dta(frame.to_pandas(), path, variable_value_labels=labels)
    return path


def waves(seed: int = 7) -> pl.DataFrame:
    """People asked three times; their exposure rises for some; one answer in twenty is missing."""
    luck = np.random.default_rng(seed)
    count = 60
    person, wave = np.repeat(np.arange(count), 3), np.tile(np.arange(3), count)
    stops = luck.poisson(0.7, count * 3).reshape(count, 3).cumsum(axis=1).ravel()
    own = luck.normal(0, 1, count)[person]
    trust = own - 0.1 * stops - 0.3 * own * (stops > 2) + 0.2 * wave + luck.normal(0, 0.6, count * 3)
    return pl.DataFrame(
        {
            "who": [f"p{value}" for value in person],
            "wave": wave,
            "stops": stops,
            "trust": [None if luck.random() < 0.05 else value for value in trust],
            "area": [f"area {value % 12}" for value in person],
        }
    )


def weeks(seed: int = 9) -> pl.DataFrame:
    """Two years of weekly calls in one place, with a yearly wave, a step, and errors that carry over."""
    luck = np.random.default_rng(seed)
    error = np.zeros(104)
    for week in range(1, 104):
        error[week] = 0.4 * error[week - 1] + luck.normal(0, 2)
    week = np.arange(104)
    calls = 50 + 0.05 * week + 4 * np.sin(2 * np.pi * week / 52) - 5 * (week >= 60) + error
    return pl.DataFrame({"week": week + 1, "calls": calls, "people": np.full(104, 800.0)})


def months(seed: int = 11) -> pl.DataFrame:
    """Twenty-four places before and after, twelve of them with a programme."""
    luck = np.random.default_rng(seed)
    place = np.repeat(np.arange(24), 2)
    after = np.tile([0, 1], 24)
    group = (place < 12).astype(int)
    calls = 20 + luck.normal(0, 2, 24)[place] - 2 * group * after + after + luck.normal(0, 1, 48)
    return pl.DataFrame(
        {"place": [f"place {value}" for value in place], "programme": group, "later": after, "calls": calls}
    )


BEFORE_AFTER = {"outcome": ["calls"], "before_after": {"group": "programme", "after": "later", "unit": "place"}}
PANEL = {"outcome": ["trust"], "panel": {"person": "who", "time": "wave", "exposure": "stops"}, "cluster": "area"}
SERIES = {
    "outcome": ["calls"],
    "series": {"time": "week", "start": 61, "season_periods": 52, "population": "people"},
}
ROLLOUT = {
    "outcome": ["calls"],
    "rollout": {
        "unit": "precinct no.",
        "time": "month",
        "first_treated": "first",
        "control": "not yet treated",
        "base": "universal",
    },
}
