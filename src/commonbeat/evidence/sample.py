"""A sample that stands in place of priors: rows of parameters with weights, as a fit to local data leaves them.

    direct_trust,participant_dose,...,weight
    0.21,0.44,...,0.0005

A parameter without a column is drawn from its prior. Which row a draw has is addressed by (seed, draw), like the draw of a prior, so
it depends neither on how many draws are made nor on who makes them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import LedgerError, Mistakes, did_you_mean
from commonbeat.evidence.ledger import number, read_text
from commonbeat.evidence.parameters import load_parameters
from commonbeat.evidence.priors import prior_quantile
from commonbeat.luck import FIT_PICK, uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHT = "weight"
MANIFEST = "manifest.json"
HEADING = "The priors file cannot be used:"
SLACK = 1e-9  # of a limit: the last digit of a number that was written and read again
LISTED = 20  # mistakes in cells; a column of text would fill pages


@dataclass(frozen=True, eq=False)
class ParameterSample:
    """Rows of parameters and what is known of where they come from.

    names [P]; values [rows, P] in each parameter's unit; weights [rows], summing to 1. sha256: of the file. fitted_to: the targets, as
    the fit named them; () when nothing stands beside the file. ledger: hash of the evidence that the fit rested on, "" when not known.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    sha256: str = ""
    fitted_to: tuple[str, ...] = ()
    ledger: str = ""

    def pick(self, seed: int, draw: int) -> dict[str, float]:
        """The parameters of one draw: a row, chosen with its weight by the luck of (seed, draw)."""
        ladder = np.cumsum(self.weights)
        u = float(uniforms(seed, FIT_PICK, draw)) * ladder[-1]
        row = min(int(np.searchsorted(ladder, u, side="right")), len(ladder) - 1)
        return dict(zip(self.names, self.values[row].tolist(), strict=True))

    def about(self) -> dict[str, object]:
        """What a run says of it: hash, rows, the parameters it holds, and what it was fitted to."""
        return {
            "sha256": self.sha256,
            "rows": len(self.weights),
            "parameters": list(self.names),
            "fitted_to": list(self.fitted_to),
        }


def read_sample(path: str | Path, *, ledger: str) -> ParameterSample:
    """The sample in the CSV file `path`, and what the manifest beside it says of it.

    ledger: hash of the evidence as it is now. Raises LedgerError listing every unknown or doubled column, missing weight, cell that is
    no finite number, value that its prior does not allow, and a manifest that speaks of other evidence or of another file.
    """
    path, mistakes = Path(path), Mistakes()
    text = read_text(path)
    rows = list(csv.reader(io.StringIO(text)))
    header = [name.strip() for name in rows[0]]
    _check_header(path.name, header, mistakes)
    mistakes.raise_if_any(LedgerError, HEADING)
    table = _numbers(path.name, header, rows[1:], mistakes)
    names = tuple(name for name in header if name != WEIGHT)
    values = table[:, [header.index(name) for name in names]]
    weights = table[:, header.index(WEIGHT)]
    _check_limits(path.name, names, values, mistakes)
    if len(weights) and (weights == 0).all():
        mistakes.add(f"{path.name} {WEIGHT}", None, "is 0 in every row", "Give some row a weight.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    known, fitted_to = _beside(path, digest, ledger, mistakes)
    mistakes.raise_if_any(LedgerError, HEADING)
    return ParameterSample(names, values, weights / weights.sum(), digest, fitted_to, known)


def _check_header(file: str, header: list[str], mistakes: Mistakes) -> None:
    drawn = [parameter.name for parameter in load_parameters() if parameter.kind != "unknown"]
    for name in header:
        if name not in (*drawn, WEIGHT):
            mistakes.add(f"{file} header", name, "is not a parameter that is drawn", did_you_mean(name, drawn))
    for name in sorted({name for name in header if header.count(name) > 1}):
        mistakes.add(f"{file} header", name, "stands twice", "Keep one.")
    if WEIGHT not in header:
        mistakes.add(f"{file} header", WEIGHT, "is missing", "Add the column; 1 in every row weighs all alike.")
    if not set(header) & set(drawn):
        mistakes.add(f"{file} header", None, "names no parameter", "Name at least one, as `evidence parameters` does.")


def _numbers(file: str, header: list[str], rows: list[list[str]], mistakes: Mistakes) -> NDArray[np.float64]:
    """The cells [rows, columns] as numbers; what is none is among the mistakes."""
    table = np.full((len(rows), len(header)), np.nan)
    for line, row in enumerate(rows, start=2):
        if len(mistakes.found) >= LISTED:
            mistakes.add(file, None, "has more such cells", "Mend these first.")
            return table
        if len(row) != len(header):
            mistakes.add(f"{file} line {line}", None, f"has {len(row)} fields, not {len(header)}", "Mend the row.")
            continue
        for column, cell in enumerate(row):
            place = f"{file} line {line} {header[column]}"
            found = number(place, cell.strip(), mistakes)
            if cell.strip() == "":
                mistakes.add(place, None, "is empty", "Give every cell a number.")
            elif found is not None and header[column] == WEIGHT and found < 0:
                mistakes.add(place, found, "is below 0", "A weight is 0 or more.")
            table[line - 2, column] = math.nan if found is None else found
    if not rows:
        mistakes.add(file, None, "has no rows", "Write at least one set of parameters.")
    return table


def _check_limits(file: str, names: tuple[str, ...], values: NDArray[np.float64], mistakes: Mistakes) -> None:
    """Every value lies where its prior can lie: a fit narrows a prior and does not leave it."""
    ends = np.array([0.0, 1.0])
    for column, name in enumerate(names):
        with np.errstate(divide="ignore"):
            low, high = (float(end) for end in prior_quantile(name)(ends))
        slack = SLACK * max(1.0, abs(low) if math.isfinite(low) else 0, abs(high) if math.isfinite(high) else 0)
        outside = (values[:, column] < low - slack) | (values[:, column] > high + slack)
        if outside.any():
            line = int(np.flatnonzero(outside)[0])
            rule = f"lies outside its prior, {low:g} to {high:g}"
            place = f"{file} line {line + 2} {name}"
            mistakes.add(place, float(values[line, column]), rule, "A sample narrows a prior.")


def _beside(path: Path, digest: str, ledger: str, mistakes: Mistakes) -> tuple[str, tuple[str, ...]]:
    """(hash of the evidence, targets) that the manifest in the same folder names; ("", ()) without one that is a fit's."""
    try:
        manifest = json.loads((path.parent / MANIFEST).read_text(encoding="utf-8"))
        about = manifest["priors"]
        known, own = str(manifest["parameter_ledger_hash"]), str(about["sha256"])
        fitted_to = tuple(str(each) for each in about["fitted_to"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ()
    if own != digest:
        way_out = "Put the original back, or move the file out of that folder to use it as your own."
        mistakes.add(str(path), None, "was altered after the fit that its folder describes", way_out)
    if known != ledger:
        rule = f"rests on other evidence (ledger {known[:12]} then, {ledger[:12]} now)"
        mistakes.add(str(path.parent / MANIFEST), None, rule, "Fit again with the evidence as it is now.")
    return known, fitted_to
