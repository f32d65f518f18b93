"""Do small studies report larger effects, and what would remain if there were none of that.

Egger        y_i = b0 + b1 SE_i, weights 1 / SE_i^2, dispersion estimated, t with k - 2 df; the test of b1    Egger et al. 1997, doi:10.1136/bmj.315.7109.629
             the same line with tau^2 (REML), normal                                                        Sterne & Egger 2005
PET          b0 of Egger's line: the effect where the standard error is 0
PEESE        b0 of y_i = b0 + b1 SE_i^2, weights as above
PET-PEESE    PEESE where PET's b0 has the pooled effect's sign and p < .05 one-sided, else PET               Stanley & Doucouliagos 2014, doi:10.1002/jrsm.1095
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.pool.between import fit_at, tau2_of
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.pool.sample import Sample

FEWEST = 10  # below it these tests see next to nothing (Sterne et al. 2011, doi:10.1136/bmj.d4002)
ONE_SIDED = 0.05  # the level of the rule's first question, whatever the intervals' level
TURNED = "the corrected effect turns the pool's sign: more often the line's fault than a finding"
CLOSE = "the effects lie closer to the line than their errors allow, so intervals and p values are too small"
CORRECTABLE_I2 = 0.8  # beyond it the lines mislead (Stanley 2017, doi:10.1177/1948550617693062)


@dataclass(frozen=True, slots=True)
class SmallStudy:
    """The tests of a slope and the effects without it; `corrected` is the one that the written rule chooses."""

    egger: Estimate
    egger_mixed: Estimate
    pet: Estimate
    peese: Estimate
    corrected: Estimate

    @property
    def rows(self) -> tuple[Estimate, ...]:
        """All five, in the order of reading."""
        return (self.egger, self.egger_mixed, self.pet, self.peese, self.corrected)


def small_study(sample: Sample, *, i2: float | None = None, level: float = 0.05) -> SmallStudy | None:
    """The small-study account of a sample; None for fewer than three effects or standard errors that are all alike.

    i2: the share of true differences, which decides on a warning.
    """
    se = sample.std_errors
    if sample.k < 3 or float(np.ptp(se)) <= 1e-9 * float(se.max()):
        return None
    warnings = _warnings(sample, i2)
    line = _line(sample, se, level, warnings)
    slope = "slope of effect on standard error (Egger)"
    egger = replace(line[1], estimand=slope, method="weighted least squares, t")
    pet = replace(line[0], estimand="effect where the standard error is 0 (PET)", method="weighted least squares on SE")
    peese = replace(
        _line(sample, se**2, level, warnings)[0],
        estimand="effect where the standard error is 0 (PEESE)",
        method="weighted least squares on SE squared",
    )
    mixed = replace(_mixed(sample, level, warnings), estimand=slope)
    return SmallStudy(egger, mixed, pet, peese, _choice(sample, pet, peese))


def _choice(sample: Sample, pet: Estimate, peese: Estimate) -> Estimate:
    weights = 1.0 / sample.variances
    sign = np.sign(weights @ sample.effects)
    present = pet.estimate is not None and pet.p_value is not None and np.sign(pet.estimate) == sign
    stands = present and pet.p_value is not None and pet.p_value / 2 < ONE_SIDED
    chosen, word = (
        (peese, "PEESE, because PET's effect stands out") if stands else (pet, "PET, whose effect does not stand out")
    )
    turned = chosen.estimate is not None and np.sign(chosen.estimate) == -sign
    return replace(
        chosen,
        estimand="effect without small-study bias (PET-PEESE)",
        method=f"{word} from 0 on the pool's side (one-sided, 5 %)",
    ).with_warnings(*([TURNED] if turned else []))


def _line(
    sample: Sample, regressor: NDArray[np.float64], level: float, warnings: list[str]
) -> tuple[Estimate, Estimate]:
    """Intercept and slope of the weighted line, its dispersion estimated from the residuals."""
    k = sample.k
    x = np.column_stack([np.ones(k), regressor])
    fit = fit_at(0.0, sample.effects, sample.variances, x)
    spread = fit.q / (k - 2)
    if spread < 1:
        warnings = [*warnings, CLOSE]
    ends = [
        student_estimate(
            "",
            float(fit.coefficients[place]),
            math.sqrt(spread * fit.bread[place, place]),
            k - 2.0,
            level=level,
            n=k,
            clusters=None,
            method="",
            warnings=warnings,
        )
        for place in (0, 1)
    ]
    return ends[0], ends[1]


def _mixed(sample: Sample, level: float, warnings: list[str]) -> Estimate:
    k = sample.k
    x = np.column_stack([np.ones(k), sample.std_errors])
    fit = fit_at(tau2_of("REML", sample.effects, sample.variances, x), sample.effects, sample.variances, x)
    return student_estimate(
        "",
        float(fit.coefficients[1]),
        math.sqrt(fit.bread[1, 1]),
        math.inf,
        level=level,
        n=k,
        clusters=None,
        method="mixed effects, REML, normal",
        warnings=warnings,
    )


def _warnings(sample: Sample, i2: float | None) -> list[str]:
    found = []
    if sample.k < FEWEST:
        found.append(f"{sample.k} studies, fewer than {FEWEST}: a small-study test sees next to nothing")
    if i2 is not None and i2 > CORRECTABLE_I2:
        found.append(f"studies differ much (I² {i2:.0%}): a corrected effect is not to be trusted")
    if sample.repeated:
        found.append("several effects of one study are not independent: p values and intervals are too small")
    return found
