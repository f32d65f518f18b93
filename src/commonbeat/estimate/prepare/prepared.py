"""The comparisons of a study, ready for every estimator, and the account of its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DataFileError, Mistakes
from commonbeat.estimate.analysis import ArmAccount, DataAccount
from commonbeat.estimate.prepare.checks import check_blocks, check_clusters, check_outcome
from commonbeat.estimate.prepare.gaps import known_alike
from commonbeat.estimate.prepare.gather import Gathered, gather
from commonbeat.estimate.trial import SMALLEST_CELL, Trial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.datafile import DataFile
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.prepare.outcomes import Outcomes
    from commonbeat.estimate.trial import Floats
    from commonbeat.estimate.weighting import RakedWeights

    Names = tuple[str, ...]

HEADING = "{name} cannot be analysed with this design:"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One outcome in one treated arm against control. rows [n]: where each of the trial's rows stands in the file's frame."""

    outcome: str
    arm: str
    trial: Trial
    rows: NDArray[np.int64]
    warnings: Names = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that a trial's estimators need.

    comparisons: outcome by outcome, arm by arm; the first is the main one. predictors [rows of the file, k]: what may explain who did not
    answer, where the design names it. mediator [rows of the file]: where the design names one. persons: names of the people's codes.
    """

    comparisons: tuple[Comparison, ...]
    account: DataAccount
    arms: tuple[ArmAccount, ...]
    outcomes: Outcomes
    cluster_names: Names
    block_names: Names
    raked: RakedWeights | None
    predictors: Floats | None
    mediator: Floats | None
    persons: Names
    warnings: Names


def prepare(file: DataFile, design: Design) -> Prepared:
    """The comparisons that a design with a treatment asks of a file.

    Rows without an arm are dropped and counted; people without an outcome stay, because who did not answer is part of the answer.
    Raises DataFileError with every mistake in the file, its columns and their agreement with the design.
    """
    mistakes = Mistakes()
    heading = HEADING.format(name=file.name)
    found = gather(file, design, mistakes)
    if found is None:
        mistakes.raise_if_any(DataFileError, heading)
        raise DataFileError(heading)
    comparisons = tuple(
        _comparison(name, values, number, found, design, mistakes)
        for name, values in zip(found.outcomes.names, found.outcomes.values, strict=True)
        for number in range(len(found.arms.treated_names))
    )
    mistakes.raise_if_any(DataFileError, heading)
    used = np.unique(np.concatenate([each.rows for each in comparisons])).size
    return Prepared(
        comparisons,
        DataAccount(file.name, file.sha256, file.rows, used, _dropped(found), file.warnings),
        _arm_accounts(comparisons),
        found.outcomes,
        found.names_of("cluster"),
        found.names_of("block"),
        found.raked,
        found.predictors,
        found.mediator,
        found.names_of("person"),
        found.warnings,
    )


def _comparison(
    name: str, outcome: Floats, number: int, found: Gathered, design: Design, mistakes: Mistakes
) -> Comparison:
    inside, treated = found.arms.contrast(number)
    step = design.assignment.step if design.assignment else None
    trial = Trial(
        outcome=outcome[inside],
        treatment=treated,
        cluster=found.codes_of("cluster", inside),
        block=found.codes_of("block", inside),
        weight=found.numbers_of("weight", inside),
        complied=found.numbers_of("complied", inside),
        baseline=found.numbers_of("baseline", inside),
        group=found.codes_of("by", inside),
        group_names=found.names_of("by"),
        person=found.codes_of("person", inside),
        outcome_name=name,
        control_name=found.arms.control_name,
        treated_name=found.arms.treated_names[number],
        cluster_name=design.cluster or "cluster",
        baseline_name=design.baseline or "baseline",
        block_name=step or design.block or "block",
        block_word="period" if step else "block",
        grouping_name=design.by or "group",
        level=design.level,
    )
    check_outcome(trial, mistakes)
    check_clusters(trial, design, found.names_of("cluster"), mistakes)
    warnings = (*check_blocks(trial, found.names_of("block"), mistakes), *_mixed(trial, design))
    if not mistakes.found:
        trial, gaps = known_alike(trial, found.covariates, inside)
        warnings = (*gaps, *warnings)
    return Comparison(name, found.arms.treated_names[number], trial, np.flatnonzero(inside), warnings)


def _mixed(trial: Trial, design: Design) -> tuple[str, ...]:
    """A warning where clusters have people in both arms and nobody said how the arms were drawn."""
    if trial.cluster is None or design.assignment is not None:
        return ()
    pairs = np.unique(np.column_stack([trial.cluster, trial.treatment.astype(np.int64)]), axis=0)
    mixed = len(pairs) - np.unique(pairs[:, 0]).size
    words = "have people in both arms: they are taken as where people were found, not as what was assigned as a whole"
    return (f"{mixed} of {np.unique(pairs[:, 0]).size} clusters ({trial.cluster_name}) {words}",) if mixed else ()


def _dropped(found: Gathered) -> tuple[tuple[str, int], ...]:
    nowhere = int((found.arms.arm < 0).sum())
    return (("in no arm that is compared", nowhere),) if nowhere else ()


def _arm_accounts(comparisons: tuple[Comparison, ...]) -> tuple[ArmAccount, ...]:
    """One account per outcome and arm, the control arm once per outcome; figures of under ten answers are not shown."""
    accounts: dict[tuple[str, str], ArmAccount] = {}
    for each in comparisons:
        for value, name in ((0.0, each.trial.control_name), (1.0, each.trial.treated_name)):
            inside = each.trial.treatment == value
            answered = each.trial.outcome[inside & ~np.isnan(each.trial.outcome)]
            clusters = None if each.trial.cluster is None else int(np.unique(each.trial.cluster[inside]).size)
            shown = answered.size >= SMALLEST_CELL
            accounts[each.outcome, name] = ArmAccount(
                name,
                each.outcome,
                int(inside.sum()),
                int(answered.size),
                clusters,
                float(answered.mean()) if shown else None,
                float(answered.std(ddof=1)) if shown else None,
            )
    return tuple(accounts.values())
