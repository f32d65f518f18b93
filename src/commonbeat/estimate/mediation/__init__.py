"""A path from treatment through one outcome to another, and how much hidden confounding it would survive."""

from __future__ import annotations

from commonbeat.estimate.mediation.data import MediationData
from commonbeat.estimate.mediation.result import MediationResult, mediate
from commonbeat.estimate.mediation.sensitivity import Confounding, sensitivity_curve

__all__ = ["Confounding", "MediationData", "MediationResult", "mediate", "sensitivity_curve"]
