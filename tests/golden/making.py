"""The golden run: two draws of a small invented society with the shipped priors, boiled down to figures.

Changed only by `scripts/rebaseline`, on purpose and with a reason in the message of the commit.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from commonbeat.scenario import parse_scenario
from commonbeat.simulate.ensemble import Task, plan_draws, run_draw
from commonbeat.simulate.world import Workplace
from commonbeat.society import build_small

GOLDEN = Path(__file__).with_name("run.json")
SCENARIO = Path(__file__).with_name("scenario.toml")
DRAWS = 2
DIGITS = 9  # significant: enough to see any change of the model, and no last bit of another machine's exponential


def rounded(value: float) -> float:
    """The value to so many significant digits."""
    return float(f"{value:.{DIGITS - 1}e}")


def figures() -> dict[str, dict[str, float]]:
    """Effects on the last day by draw, arm, group and outcome; views, counts and rings beside them."""
    scenario = parse_scenario(SCENARIO.read_text(encoding="utf-8"), source=SCENARIO.name)
    workplace = Workplace(build_small(7))
    task = Task(scenario, "small", None)
    found: dict[str, dict[str, float]] = {"effect": {}, "ring": {}, "views": {}, "count": {}, "parameter": {}}
    for plan in plan_draws(DRAWS):
        tables = run_draw(workplace, task, plan).tables
        found["effect"] |= _named(tables["area"], ("draw", "arm", "group", "outcome"), "effect_last")
        found["ring"] |= _named(tables["rings"], ("draw", "arm", "day", "ring", "group", "outcome"), "effect")
        found["views"] |= _named(tables["reach"], ("draw", "arm", "clip", "audience"), "views")
        found["count"] |= _named(tables["occurrences"], ("draw", "arm", "kind", "group"), "count")
        found["parameter"] |= _named(tables["parameters"], ("draw", "parameter"), "value")
    return found


def _named(columns: dict[str, np.ndarray], keys: tuple[str, ...], value: str) -> dict[str, float]:
    names = zip(*(columns[key].tolist() for key in keys), strict=True)
    return {
        "/".join(map(str, name)): rounded(number) for name, number in zip(names, columns[value].tolist(), strict=True)
    }
