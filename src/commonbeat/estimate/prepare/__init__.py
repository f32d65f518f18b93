"""From a data file and a design to arrays, or to one error that lists everything that stands in the way."""

from __future__ import annotations

from commonbeat.estimate.prepare.columns import Columns
from commonbeat.estimate.prepare.prepared import Comparison, Prepared, prepare

__all__ = ["Columns", "Comparison", "Prepared", "prepare"]
