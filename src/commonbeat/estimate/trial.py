"""A two-armed comparison as plain arrays: what every estimator of a trial is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

SMALLEST_CELL = 10  # groups of fewer respondents are not shown


def how_many(people: int) -> str:
    """The count for a sentence that is printed; of one to nine people, only that they are few."""
    return f"fewer than {SMALLEST_CELL}" if 0 < people < SMALLEST_CELL else f"{people:,}"


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """People in a control arm (treatment 0) and a treated arm (treatment 1), row by row.

    outcome [n]: nan where it was not answered. treatment [n]: 0.0 or 1.0, never missing. cluster, block, group [n]: codes from 0, in the
    order of first appearance, or None. weight [n]: above 0, or None. covariates [n, k]: complete and finite, categories already turned into
    0/1 columns, named by covariate_names. complied [n]: 0 to 1, what was received. baseline [n]: the outcome before, nan where missing.
    person [n]: codes of the people, or None. outcome_name, control_name, treated_name: words for tables;
    cluster_name, block_name, grouping_name: the columns that hold clusters, blocks and groups. block_word: what a block is called, which
    in a stepped wedge is a period. baseline_name: its column. level: one minus coverage.
    """

    outcome: Floats
    treatment: Floats
    cluster: Codes | None = None
    block: Codes | None = None
    weight: Floats | None = None
    covariates: Floats = field(default_factory=lambda: np.empty((0, 0)))
    covariate_names: tuple[str, ...] = ()
    complied: Floats | None = None
    baseline: Floats | None = None
    group: Codes | None = None
    group_names: tuple[str, ...] = ()
    person: Codes | None = None
    outcome_name: str = "outcome"
    control_name: str = "control"
    treated_name: str = "treated"
    cluster_name: str = "cluster"
    block_name: str = "block"
    block_word: str = "block"
    baseline_name: str = "baseline"
    grouping_name: str = "group"
    level: float = 0.05

    def rows(self, keep: NDArray[np.bool_]) -> Trial:
        """The trial of the kept rows only; codes keep their meaning and may have gaps."""
        from dataclasses import replace

        cut = {name: None if value is None else value[keep] for name, value in self._columns().items()}
        if self.covariates.size or self.covariates.shape[0]:
            cut["covariates"] = self.covariates[keep]
        return replace(self, **cut)  # pyright: ignore[reportArgumentType]

    def answered(self) -> Trial:
        """The trial of those whose outcome is known."""
        return self.rows(~np.isnan(self.outcome))

    def _columns(self) -> dict[str, NDArray | None]:
        names = (
            "outcome",
            "treatment",
            "cluster",
            "block",
            "weight",
            "complied",
            "baseline",
            "group",
            "person",
        )
        return {name: getattr(self, name) for name in names}
