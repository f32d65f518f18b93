"""The findings of a project folder: one CSV per study below `findings/`, which a person can read and correct."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.claims.catalogue import load_claims
from commonbeat.claims.findings import BEARINGS, DIRECTIONS, Finding
from commonbeat.errors import LedgerError, Mistakes
from commonbeat.evidence.ledger import number, one_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = "findings"
OWN_KINDS = ("run", "study")
HEADING = "The findings of the project cannot be used as they stand:"
COLUMNS = tuple(field.name for field in fields(Finding) if field.name != "checked")
_NUMBERS = ("estimate", "low", "high")
_NEEDED = ("outcome", "source", "population", "study")


def project_findings(project: str | Path) -> tuple[Finding, ...]:
    """Every finding that stands in the project's folder, file by file in the order of their names; none without a folder.

    Raises LedgerError with the mistakes of all files at once.
    """
    folder = Path(project) / FOLDER
    mistakes = Mistakes()
    found: list[Finding] = []
    for path in sorted(folder.glob("*.csv")):
        try:
            found += _read(path, mistakes)
        except LedgerError as error:
            mistakes.found.extend(error.mistakes)
    mistakes.raise_if_any(LedgerError, HEADING)
    return tuple(found)


def findings_text(findings: Sequence[Finding]) -> str:
    """The findings as the CSV that `project_findings` reads, figures with all their digits."""
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for finding in findings:
        values = {name: getattr(finding, name) for name in COLUMNS}
        writer.writerow({name: "" if value is None else value for name, value in values.items()})
    return target.getvalue()


def _read(path: Path, mistakes: Mistakes) -> list[Finding]:
    claims = [claim.id for claim in load_claims()]
    return [_finding(place, row, claims, mistakes) for place, row in read_rows(path, COLUMNS)]


def _finding(place: str, row: dict[str, str], claims: list[str], mistakes: Mistakes) -> Finding:
    one_of(f"{place} claim", row["claim"], claims, mistakes)
    one_of(f"{place} kind", row["kind"], OWN_KINDS, mistakes)
    one_of(f"{place} bearing", row["bearing"], BEARINGS, mistakes)
    one_of(f"{place} direction", row["direction"], DIRECTIONS, mistakes)
    for needed in _NEEDED:
        if not row[needed]:
            mistakes.add(f"{place} {needed}", None, "is empty", "Every finding names these.")
    estimate, low, high = (number(f"{place} {name}", row[name], mistakes) for name in _NUMBERS)
    if estimate is None or low is None or high is None or not low <= estimate <= high:
        rule = "does not stand inside its interval"
        mistakes.add(f"{place} estimate", row["estimate"], rule, "Write estimate, low and high, in the unit named.")
    return Finding(
        estimate=estimate,
        low=low,
        high=high,
        checked=True,
        **{name: row[name] for name in COLUMNS if name not in _NUMBERS},
    )
