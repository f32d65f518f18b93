"""What would change a result: something unmeasured, people who did not answer, a few people, one cluster."""

from __future__ import annotations

from commonbeat.estimate.robustness.breakdown import breakdown_point
from commonbeat.estimate.robustness.e_value import e_value, e_values
from commonbeat.estimate.robustness.leave_out import leave_one_cluster_out, people_who_carry

__all__ = ["breakdown_point", "e_value", "e_values", "leave_one_cluster_out", "people_who_carry"]
