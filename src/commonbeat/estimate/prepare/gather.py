"""Every column that a design with a treatment names, over all rows of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.prepare.checks import check_share, counted, some
from commonbeat.estimate.prepare.columns import Columns
from commonbeat.estimate.prepare.covariates import Covariates, gather_covariates
from commonbeat.estimate.prepare.outcomes import Outcomes, gather_outcomes
from commonbeat.estimate.prepare.periods import find_periods
from commonbeat.estimate.prepare.treatment import Arms, find_arms
from commonbeat.estimate.prepare.weights import gather_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.datafile import DataFile
    from commonbeat.errors import Mistakes
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.trial import Codes, Floats
    from commonbeat.estimate.weighting import RakedWeights

    Named = tuple[Codes, tuple[str, ...]]

CODED = ("cluster", "block", "by", "person")
MOST_GROUPS = 30
NUMBERED = ("complied", "baseline")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The arms, the outcomes and all that goes with them, row by row of the file.

    codes: for each of CODED that the design names, codes and their names. numbers: for each of NUMBERED, and weight, the values.
    """

    arms: Arms
    outcomes: Outcomes
    covariates: Covariates
    codes: dict[str, Named]
    numbers: dict[str, Floats]
    raked: RakedWeights | None
    predictors: Floats | None
    mediator: Floats | None
    warnings: tuple[str, ...]

    def codes_of(self, role: str, rows: NDArray[np.bool_]) -> Codes | None:
        """The codes of a role in these rows, or None where the design does not name it."""
        return self.codes[role][0][rows] if role in self.codes else None

    def names_of(self, role: str) -> tuple[str, ...]:
        """The names of the codes of a role."""
        return self.codes[role][1] if role in self.codes else ()

    def numbers_of(self, role: str, rows: NDArray[np.bool_]) -> Floats | None:
        """The numbers of a role in these rows, or None where the design does not name it."""
        return self.numbers[role][rows] if role in self.numbers else None


def gather(file: DataFile, design: Design, mistakes: Mistakes) -> Gathered | None:
    """All that the design names, or None where the arms or an outcome cannot be told; mistakes say why."""
    columns = Columns(file, design.missing, mistakes)
    arms = _arms(columns, design, mistakes)
    codes = {role: found for role in CODED if (found := _codes(columns, role, getattr(design, role))) is not None}
    codes |= _steps(columns, design)
    numbers = {
        role: found for role in NUMBERED if (found := _numbers(columns, role, getattr(design, role))) is not None
    }
    covariates = gather_covariates(design.covariates, columns, mistakes)
    control = arms.arm == 0 if arms else np.zeros(columns.rows, dtype=bool)
    outcomes = gather_outcomes(design, columns, control, mistakes)
    weight, raked = gather_weights(design, columns, outcomes, mistakes)
    warnings = [*outcomes.warnings, *(raked.warnings if raked else ()), *_copies(file, design)]
    if weight is not None:
        numbers["weight"] = weight
    if "complied" in numbers:
        check_share(numbers["complied"], file.row_numbers, f"complied {design.complied}", mistakes)
        warnings += _unknown_receipt(numbers["complied"], design)
    _check_missing(codes, file, design, mistakes)
    _check_persons(codes, design, mistakes)
    _check_groups(codes, design, mistakes)
    if arms is None or outcomes.failed:
        return None
    predictors = _predictors(columns, design, mistakes)
    mediator = _mediator(columns, design, outcomes)
    return Gathered(arms, outcomes, covariates, codes, numbers, raked, predictors, mediator, tuple(warnings))


def _unknown_receipt(complied: Floats, design: Design) -> list[str]:
    """A warning of how many people it is not known what they received."""
    gap = np.isnan(complied)
    words = "is missing for {} people: what receiving it changed is estimated without them"
    return [f"{design.complied} {words.format(int(gap.sum()))}"] if gap.any() else []


def _mediator(columns: Columns, design: Design, outcomes: Outcomes) -> Floats | None:
    """The mediator's values, where the design names one: a scale's scores or a column."""
    if design.mediation is None:
        return None
    name = design.mediation.mediator
    if name in design.scales:
        return outcomes.scales[name].scores if name in outcomes.scales else None
    return columns.numbers("mediation.mediator", name)


def _predictors(columns: Columns, design: Design, mistakes: Mistakes) -> Floats | None:
    """What may explain who did not answer [n, k]; None where the covariates serve."""
    if design.attrition is None or not design.attrition.predictors:
        return None
    return gather_covariates(design.attrition.predictors, columns, mistakes, role="attrition.predictors").values


def _arms(columns: Columns, design: Design, mistakes: Mistakes) -> Arms | None:
    name = design.treatment or ""
    if not columns.has("treatment", name):
        return None
    return find_arms(columns.known(name), columns.file.value_labels.get(name, {}), design, mistakes)


def _steps(columns: Columns, design: Design) -> dict[str, Named]:
    """The periods of a stepped wedge in the order of time; they do what blocks do elsewhere, as only rows of one period can be compared."""
    if design.assignment is None or design.assignment.step is None:
        return {}
    periods = find_periods(columns, "assignment.step", design.assignment.step)
    return {} if periods is None else {"block": (periods.number, periods.labels)}


def _codes(columns: Columns, role: str, name: str | None) -> Named | None:
    return columns.categories(role, name) if name is not None else None


def _numbers(columns: Columns, role: str, name: str | None) -> Floats | None:
    return columns.numbers(role, name) if name is not None else None


def _check_missing(codes: dict[str, Named], file: DataFile, design: Design, mistakes: Mistakes) -> None:
    """A mistake is noted where a cluster, a block or a person is missing."""
    for role in ("cluster", "block", "person"):
        gap = codes[role][0] < 0 if role in codes else np.zeros(0, dtype=bool)
        if gap.any():
            rule = f"is missing in {counted(int(gap.sum()), file.row_word)} ({some(file.row_numbers[gap])})"
            mistakes.add(f"{role} {getattr(design, role)}", None, rule, "Fill it in, or take the rows away.")


def _check_persons(codes: dict[str, Named], design: Design, mistakes: Mistakes) -> None:
    """A mistake is noted where somebody stands in the data twice."""
    repeated = design.assignment is not None and design.assignment.kind == "stepped wedge"
    if "person" not in codes or repeated:
        return
    numbers, names = codes["person"]
    twice = np.flatnonzero(np.bincount(numbers[numbers >= 0], minlength=len(names)) > 1)
    if twice.size:
        listed = some(names[code] for code in twice)
        rule = f"stand in the data more than once ({twice.size} in all)"
        mistakes.add(f"person ({design.person})", listed, rule, "Keep one row each.")


def _check_groups(codes: dict[str, Named], design: Design, mistakes: Mistakes) -> None:
    """A mistake is noted where the groups are so many that they must be people or places."""
    names = codes["by"][1] if "by" in codes else ()
    if len(names) > MOST_GROUPS:
        rule = f"has {len(names)} different values, more than {MOST_GROUPS}"
        mistakes.add(f"by {design.by}", None, rule, "Name a column of groups, such as an age band; join small ones.")


def _copies(file: DataFile, design: Design) -> list[str]:
    """A warning where rows are the same in every column and nobody said who is who."""
    if design.person is not None or file.frame.width < 3:
        return []
    copies = file.rows - file.frame.unique().height
    words = "rows are copies of other rows in every column; name the person column to have them checked"
    return [f"{copies} {words}"] if copies else []
