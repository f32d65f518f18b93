"""What must hold of the rows before anything is estimated; and what may fail to hold and is then said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.trial import how_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commonbeat.errors import Mistakes
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.trial import Codes, Floats, Trial

SHOWN = 5
FEWEST_ANSWERS = 2


def some(names: Iterable[object]) -> str:
    """The first few names, and how many more there are."""
    found = [str(name) for name in names]
    rest = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + rest


def counted(count: int, word: str) -> str:
    """How many of something, in one or in many."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def check_outcome(trial: Trial, mistakes: Mistakes) -> None:
    """Mistakes are noted where the outcome says nothing: constant, or without answers in an arm."""
    answered = ~np.isnan(trial.outcome)
    for value, name in ((0.0, trial.control_name), (1.0, trial.treated_name)):
        count = int((answered & (trial.treatment == value)).sum())
        if count < FEWEST_ANSWERS:
            rule = f"has {count} answers in the arm '{name}'"
            mistakes.add(trial.outcome_name, None, rule, "A comparison needs at least two in each arm.")
    values = trial.outcome[answered]
    if values.size > 1 and np.ptp(values) == 0:
        mistakes.add(
            trial.outcome_name, f"{values[0]:g}", "is the same for everybody", "Nothing can be estimated from it."
        )


def check_clusters(trial: Trial, design: Design, names: Sequence[str], mistakes: Mistakes) -> None:
    """Mistakes are noted where clusters cannot carry the comparison: only one, split over blocks, or over arms."""
    if trial.cluster is None:
        return
    if np.unique(trial.cluster).size < 2:
        mistakes.add(
            trial.cluster_name, names[0] if names else None, "is the only cluster", "Nothing can be said from one."
        )
        return
    kind = design.assignment.kind if design.assignment else ""
    if trial.block is not None and kind != "stepped wedge":
        split = _split(trial.cluster, trial.block)
        if split.size:
            listed = some(names[code] for code in split)
            mistakes.add(
                trial.cluster_name, listed, f"lie in more than one {trial.block_name}", "A cluster lies in one block."
            )
    if "clustered" in kind:
        split = _split(trial.cluster, trial.treatment.astype(np.int64))
        if split.size:
            listed = some(names[code] for code in split)
            mistakes.add(
                trial.cluster_name,
                listed,
                f"have people in both arms, yet the assignment is '{kind}'",
                "Mend one of them.",
            )
        else:
            _each_arm_has_clusters(trial, mistakes)
    elif kind in {"complete", "blocked"}:
        _people_were_drawn(trial, kind, mistakes)


def check_blocks(trial: Trial, names: Sequence[str], mistakes: Mistakes) -> tuple[str, ...]:
    """Warnings of blocks with one arm only, which say nothing about the effect; a mistake if all are such."""
    if trial.block is None:
        return ()
    both = ~np.isin(
        trial.block, np.setdiff1d(np.unique(trial.block), _split(trial.block, trial.treatment.astype(np.int64)))
    )
    if not both.any():
        mistakes.add(
            trial.block_name, None, f"has only one arm in every {trial.block_word}", "Each must hold both arms."
        )
        return ()
    alone = np.unique(trial.block[~both])
    if not alone.size:
        return ()
    listed = some(names[code] for code in alone)
    return (
        f"{alone.size} {trial.block_word}s ({listed}) have only one arm: {how_many(int((~both).sum()))} people there say nothing about the effect",
    )


def check_weights(weight: Floats | None, rows: Codes, name: str, mistakes: Mistakes) -> None:
    """A mistake is noted for weights that are missing, zero, below zero or without end, with their rows."""
    if weight is None:
        return
    bad = ~(np.isfinite(weight) & (weight > 0))
    if bad.any():
        listed = some(f"row {rows[i]}: {weight[i]:g}" for i in np.flatnonzero(bad))
        mistakes.add(
            name, listed, f"are not weights above 0 ({int(bad.sum())} in all)", "Mend them, or take the rows away."
        )


def check_share(values: Floats | None, rows: Codes, name: str, mistakes: Mistakes) -> None:
    """A mistake is noted for a receipt of treatment that is not between 0 and 1, with its rows; it may be missing."""
    if values is None:
        return
    bad = ~(np.isnan(values) | ((values >= 0) & (values <= 1)))
    if bad.any():
        listed = some(f"row {rows[i]}: {values[i]:g}" for i in np.flatnonzero(bad))
        mistakes.add(
            name, listed, f"do not lie between 0 and 1 ({int(bad.sum())} in all)", "0 is not received, 1 received."
        )


def _people_were_drawn(trial: Trial, kind: str, mistakes: Mistakes) -> None:
    """A mistake is noted where people are said to have been drawn one by one, yet no cluster has both arms."""
    assert trial.cluster is not None  # noqa: S101 - the caller looked
    alone = np.unique(trial.cluster).size == trial.cluster.size
    if alone or _split(trial.cluster, trial.treatment.astype(np.int64)).size:
        return
    rule = f"says that people were drawn one by one, yet no {trial.cluster_name} has people in both arms"
    right = "clustered" if kind == "complete" else "blocked clustered"
    mistakes.add("assignment.kind", kind, rule, f"Whole clusters seem to have been drawn: write kind = '{right}'.")


def _each_arm_has_clusters(trial: Trial, mistakes: Mistakes) -> None:
    assert trial.cluster is not None  # noqa: S101 - the caller looked
    for value, name in ((0.0, trial.control_name), (1.0, trial.treated_name)):
        count = np.unique(trial.cluster[trial.treatment == value]).size
        if count < 2:
            rule = f"has {count} cluster in the arm '{name}'"
            mistakes.add(trial.cluster_name, None, rule, "With one cluster an arm cannot be told from its cluster.")


def _split(inner: Codes, outer: Codes) -> Codes:
    """The codes of `inner` that occur with more than one code of `outer`."""
    pairs = np.unique(np.column_stack([inner, outer]), axis=0)
    codes, counts = np.unique(pairs[:, 0], return_counts=True)
    return codes[counts > 1]
