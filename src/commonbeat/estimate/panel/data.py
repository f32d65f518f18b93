"""Rows of a panel, and of two groups before and after, checked before anything is fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from commonbeat.errors import DataFileError, Mistakes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]

PANEL_HEADING = "The panel cannot be estimated from these rows."
GROUPS_HEADING = "Differences in differences cannot be estimated from these rows."


@dataclass(frozen=True, slots=True, eq=False)
class PanelData:
    """People in waves.

    outcome, exposure [n]: nan where not known; exposure is a count or 0 and 1. person, time [n]: codes. weight [n]: above 0, or None. cluster
    [n]: what people belong to, fixed for a person, or None.
    """

    outcome: Floats
    exposure: Floats
    person: Codes
    time: Codes
    weight: Floats | None = None
    cluster: Codes | None = None
    outcome_name: str = "outcome"
    exposure_name: str = "exposure"
    level: float = 0.05

    def rows(self, keep: Flags) -> PanelData:
        """The panel of the kept rows only."""
        return replace(
            self,
            outcome=self.outcome[keep],
            exposure=self.exposure[keep],
            person=self.person[keep],
            time=self.time[keep],
            weight=None if self.weight is None else self.weight[keep],
            cluster=None if self.cluster is None else self.cluster[keep],
        )

    def known(self) -> PanelData:
        """The rows with outcome and exposure, or DataFileError with every mistake."""
        panel = self.rows(np.isfinite(self.outcome) & np.isfinite(self.exposure))
        mistakes = Mistakes()
        if not len(panel.outcome):
            mistakes.add("rows", 0, "have both outcome and exposure")
            mistakes.raise_if_any(DataFileError, PANEL_HEADING)
        order = np.lexsort((panel.time, panel.person))
        person, time = panel.person[order], panel.time[order]
        again = np.flatnonzero((person[1:] == person[:-1]) & (time[1:] == time[:-1]))
        if again.size:
            rule = f"stands more than once in one wave; {again.size} rows too many in all"
            mistakes.add("person", int(person[again[0]]), rule, "Keep one row for each person and wave.")
        if len(np.unique(panel.time)) < 2:
            mistakes.add("time", 1, "wave only; two are the fewest")
        for name, column in (("outcome", panel.outcome), ("exposure", panel.exposure)):
            if len(np.unique(column)) == 1:
                mistakes.add(name, float(column[0]), "in every row: a constant shows nothing")
        if panel.weight is not None and not (np.isfinite(panel.weight) & (panel.weight > 0)).all():
            mistakes.add("weight", None, "must be above 0 in every row")
        if panel.cluster is not None and (moving := _moving(panel.person, panel.cluster)):
            mistakes.add("cluster", moving, "people change it between waves", "Use the cluster of the first wave.")
        mistakes.raise_if_any(DataFileError, PANEL_HEADING)
        return panel


@dataclass(frozen=True, slots=True, eq=False)
class TwoByTwo:
    """Two groups before and after: the same people or others.

    outcome [n]: nan where not known. group [n]: 1 where the programme came. after [n]: 1 for rows measured after. unit [n]: people or
    places measured more than once, or None. cluster [n]: what took up the programme as a whole, or None; else units are the clusters.
    row_kind: what a row stands for; a cell of fewer than ten people is not shown.
    """

    outcome: Floats
    group: Floats
    after: Floats
    unit: Codes | None = None
    cluster: Codes | None = None
    weight: Floats | None = None
    row_kind: Literal["person", "place"] = "person"
    outcome_name: str = "outcome"
    level: float = 0.05

    def known(self) -> TwoByTwo:
        """The rows with an outcome, or DataFileError with every mistake."""
        keep = np.isfinite(self.outcome)
        cut = {
            name: None if (column := getattr(self, name)) is None else column[keep]
            for name in ("outcome", "group", "after", "unit", "cluster", "weight")
        }
        rows = replace(self, **cut)
        mistakes = Mistakes()
        for name, column in (("group", rows.group), ("after", rows.after)):
            if not np.isin(column, (0.0, 1.0)).all():
                mistakes.add(name, None, "must be 0 or 1 in every row")
        for group in (0.0, 1.0):
            for after in (0.0, 1.0):
                if not ((rows.group == group) & (rows.after == after)).any():
                    where = f"group {group:g} {'after' if after else 'before'}"
                    mistakes.add(where, 0, "rows with an outcome")
        if rows.weight is not None and not (np.isfinite(rows.weight) & (rows.weight > 0)).all():
            mistakes.add("weight", None, "must be above 0 in every row")
        if rows.unit is not None and (moving := _moving(rows.unit, rows.group)):
            mistakes.add(
                "group", moving, "units change their group", "The group is where the programme came, at any time."
            )
        mistakes.raise_if_any(DataFileError, GROUPS_HEADING)
        return rows


def _moving(person: Codes, column: NDArray) -> int:
    """How many people have more than one value of the column."""
    order = np.lexsort((column, person))
    person, column = person[order], column[order]
    return len(np.unique(person[1:][(person[1:] == person[:-1]) & (column[1:] != column[:-1])]))
