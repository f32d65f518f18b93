"""Who may be reached through whom, and what each person was exposed to under an assignment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTROL, INDIRECT, DIRECT, BOTH = 0, 1, 2, 3
CONDITIONS = ("control", "indirect", "direct", "both")
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Arcs between people, as a matrix [n, n] whose row i holds 1 for everybody through whom person i may be reached."""

    reached_through: sparse.csr_array

    @property
    def people(self) -> int:
        """How many people the ties are among."""
        return len(self.reached_through.indptr) - 1

    def counts(self) -> NDArray[np.int64]:
        """How many ties lead to each person [n]."""
        return np.diff(self.reached_through.indptr).astype(np.int64)


def mutual_ties(people: int, source: NDArray[Any], target: NDArray[Any]) -> Ties:
    """Ties [m] between the people `source` and `target` (row numbers) through which each may be reached by the other."""
    return directed_ties(people, np.concatenate([source, target]), np.concatenate([target, source]))


def directed_ties(people: int, source: NDArray[Any], target: NDArray[Any]) -> Ties:
    """Ties [m] through which only the target may be reached; repeated ties count once, ties to oneself not at all."""
    other = source != target
    rows, columns = np.asarray(target)[other], np.asarray(source)[other]
    matrix = sparse.csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=(people, people))
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return Ties(matrix)


def exposures(treated: NDArray[np.bool_], ties: Ties) -> NDArray[np.uint8]:
    """Each person's condition [R, n] under each assignment [R, n] (Aronow & Samii 2017, section 4).

    control: untreated, and nobody treated among those through whom the person may be reached; indirect: untreated, somebody treated
    there; direct: treated, nobody there; both. That the number of treated others does not matter is an assumption.
    """
    found = np.empty(treated.shape, np.uint8)
    at_once = max(1, _CELLS_AT_ONCE // max(1, treated.shape[1]))
    for first in range(0, len(treated), at_once):
        here = treated[first : first + at_once]
        through_others = (ties.reached_through @ here.T.astype(np.float32)).T > 0
        found[first : first + at_once] = 2 * here + through_others
    return found


def exposed_controls(treatment: NDArray[np.float64], ties: Ties) -> str | None:
    """The sentence that says how many controls had a treated tie; None where nobody had."""
    exposed = exposures(treatment[None, :] > 0, ties)[0]
    controls = int(np.count_nonzero(treatment == 0))
    reached = int(np.count_nonzero(exposed == INDIRECT))
    if reached == 0:
        return None
    return (
        f"{reached:,} of {controls:,} controls ({reached / controls:.0%}) had a tie to somebody treated: the difference between the "
        "arms compares treatment with partial treatment, so it is not the effect against no programme at all"
    )
