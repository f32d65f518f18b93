"""What was assigned, counted: people or whole clusters, by arm and block; and who can be compared at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from commonbeat.estimate.trial import how_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.trial import Codes, Trial

Layout = Literal["none", "blocks", "pairs", "single", "crossed"]


def unit_counts(trial: Trial) -> NDArray[np.int64]:
    """Assigned units (clusters, or people without clusters) by block and arm, [blocks, 2]; one row without blocks."""
    arm = (trial.treatment > 0).astype(np.int64)
    block = np.zeros(len(arm), dtype=np.int64) if trial.block is None else renumbered(trial.block)
    cell = 2 * block + arm
    if trial.cluster is not None:
        cluster = renumbered(trial.cluster)
        clusters = int(cluster.max(initial=0)) + 1
        cell = np.unique(cell * clusters + cluster) // clusters  # a cluster once in each cell that it reaches
    return np.bincount(cell, minlength=2 * (int(block.max(initial=0)) + 1)).reshape(-1, 2)


def clusters_cross_blocks(trial: Trial) -> bool:
    """Whether some cluster has people in more than one block."""
    if trial.cluster is None or trial.block is None:
        return False
    block = renumbered(trial.block)
    cluster = renumbered(trial.cluster)
    together = np.unique(cluster * (int(block.max(initial=0)) + 1) + block)
    return int(cluster.max(initial=-1)) + 1 < len(together)


def layout(trial: Trial) -> Layout:
    """How the blocks can be analysed.

    blocks: at least two units of each arm in every block, so each has a variance of its own. pairs: one unit of each arm in every block, so
    only the pairs' differences vary. single: a single unit in some arms, which borrow their variance. crossed: a single unit in an arm, and
    clusters with people in more than one block or arm, as in a stepped wedge. The effect weighs blocks by their size in all but the last.
    """
    if trial.block is None:
        return "none"
    counts = unit_counts(trial)
    if (counts >= 2).all():
        return "blocks"
    if (counts == 1).all() and not clusters_cross_blocks(trial):
        return "pairs"
    return "crossed" if count_clusters(trial) not in {None, int(counts.sum())} else "single"


def comparable(trial: Trial) -> tuple[Trial, tuple[str, ...]]:
    """The trial of those whose outcome is known and whose block has answers of both arms, and a sentence on who else was left out."""
    known = trial.answered()
    if known.block is None:
        return known, ()
    block = renumbered(known.block)
    both = (np.bincount(block, known.treatment > 0) > 0) & (np.bincount(block, known.treatment == 0) > 0)
    if both.all():
        return known, ()
    keep = both[block]
    left_out = int((~both).sum())
    sentence = (
        f"{left_out} of {len(both)} {trial.block_word}s ({how_many(int((~keep).sum()))} people) have answers of one arm only and are left out: "
        "nothing there can be compared."
    )
    return known.rows(keep), (sentence,)


def renumbered(codes: Codes) -> Codes:
    """The codes without gaps, in their order."""
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


def count_clusters(trial: Trial) -> int | None:
    """How many clusters have rows, or None without clusters."""
    return None if trial.cluster is None else len(np.unique(trial.cluster))
