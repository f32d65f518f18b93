"""Linear regression with standard errors and degrees of freedom that hold in small samples, one fit or thousands at once."""

from __future__ import annotations

from commonbeat.estimate.linear.fit import Contrast, LinearFit, Regression, fit_linear, prepare_regression
from commonbeat.estimate.linear.two_stage import TwoStageFit, fit_two_stage

__all__ = [
    "Contrast",
    "LinearFit",
    "Regression",
    "TwoStageFit",
    "fit_linear",
    "fit_two_stage",
    "prepare_regression",
]
