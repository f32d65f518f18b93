"""Fitting the parameters to what a city has: targets, a bank of runs, emulators, the posterior and its check."""

from __future__ import annotations

from commonbeat.fit.posterior.bank import BankStore
from commonbeat.fit.posterior.check import Checked
from commonbeat.fit.posterior.fitted import Emulated, FitOrder, Fitted, fit
from commonbeat.fit.posterior.learnt import Learnt, Trade
from commonbeat.fit.posterior.predict import asked_of
from commonbeat.fit.posterior.reading import Known, read_targets
from commonbeat.fit.posterior.statistics import Statistics, statistics_of
from commonbeat.fit.posterior.target import TEMPLATE, Targets

__all__ = [
    "TEMPLATE",
    "BankStore",
    "Checked",
    "Emulated",
    "FitOrder",
    "Fitted",
    "Known",
    "Learnt",
    "Statistics",
    "Targets",
    "Trade",
    "asked_of",
    "fit",
    "read_targets",
    "statistics_of",
]
