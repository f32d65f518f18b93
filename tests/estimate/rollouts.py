"""Made-up roll-outs, and the package `differences` as their referee."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from commonbeat.estimate.rollout import RolloutData


@dataclass(frozen=True)
class Made:
    """Rows of a roll-out before they are thinned out."""

    unit: np.ndarray
    time: np.ndarray
    first: np.ndarray
    outcome: np.ndarray
    weight: np.ndarray

    def data(self, **settings: object) -> RolloutData:
        weighted = settings.pop("weighted", False)
        weight = self.weight if weighted else None
        return RolloutData(self.outcome, self.unit, self.time, self.first, weight=weight, **settings)


def make_rollout(seed: int, *, units: int = 60, periods: int = 7, missing: float = 0.0, never: bool = True) -> Made:
    """Units with levels of their own and a common trend, effects that grow with time since the start; some rows missing."""
    luck = np.random.default_rng(seed)
    unit, time = np.repeat(np.arange(units), periods), np.tile(np.arange(2010, 2010 + periods), units)
    first = luck.choice([2012.0, 2014.0, 2015.0, np.nan if never else 2016.0], units)
    since = np.where(np.isnan(first[unit]), -1, time - first[unit])
    effect = np.where(since >= 0, 1 + 0.3 * since, 0.0)
    outcome = luck.normal(size=units)[unit] + 0.2 * (time - 2010) + luck.normal(size=len(unit)) + effect
    keep = luck.uniform(size=len(unit)) >= missing
    weight = np.round(luck.uniform(0.5, 3, units), 3)[unit]
    return Made(unit[keep], time[keep], first[unit][keep], outcome[keep], weight[keep])


def by_differences(made: Made, data: RolloutData) -> dict[str, list[tuple[float, float]]]:
    """Effects and analytic standard errors of the package: group-time, simple, event, cohort, time and cohort overall.

    Its own warnings (pandas, statsmodels, progress) are not ours to mend, so they are let pass here and nowhere else.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from differences import ATTgt

        columns = {"unit": made.unit, "time": made.time, "first": made.first, "y": made.outcome, "w": made.weight}
        frame = pd.DataFrame(columns).set_index(["unit", "time"])
        model = ATTgt(data=frame, cohort_column="first", base_period=data.base)
        balanced = len(frame) == frame.index.get_level_values(0).nunique() * frame.index.get_level_values(1).nunique()
        model.fit(
            "y",
            control_group=data.control.replace(" ", "_"),
            weights_column=None if data.weight is None else "w",
            as_repeated_cross_section=None if balanced else data.gaps == "all rows",
            progress_bar=False,
        )
        found = {"group-time": _pairs(model._fit_res)}
        for kind in ("simple", "event", "cohort", "time"):
            found[kind] = _pairs(model.aggregate(kind))
        found["cohort overall"] = _pairs(model.aggregate("cohort", overall=True))
        found["event overall"] = _pairs(model.aggregate("event", overall=True))
        elements = model._result_dict["full_sample"]["ATTgt_ntl"]
        found["before"] = [_wald(elements)]
    return found


def _pairs(frame: object) -> list[tuple[float, float]]:
    """Effect and standard error; a standard error of 0 is given as missing there."""
    table = frame.iloc[:, :2].to_numpy(dtype=float)  # type: ignore[attr-defined]
    return [(float(effect), 0.0 if np.isnan(error) else float(error)) for effect, error in table]


def _wald(elements: list) -> tuple[float, float]:
    from differences.models.attgt.utility_ntl import wald_pre_test

    found = wald_pre_test(elements)
    return found["W"], found["p_value"]
