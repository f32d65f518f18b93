"""The targets file as rows of texts: which columns it has, which cells each kind of target needs, and where each stands."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.errors import DataFileError, Mistakes, did_you_mean
from commonbeat.fit.posterior.target import COLUMNS, ESTIMATE_COLUMNS, KINDS, NEEDED, USED

if TYPE_CHECKING:
    from pathlib import Path

HEADING = "The targets cannot be used:"
INTERVAL_SDS = 2 * 1.959964  # the width of a 95 % interval in standard errors


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, and its cells by column."""

    file: str
    line: int
    cells: dict[str, str]

    def place(self, column: str) -> str:
        """Where a cell stands, in words."""
        return f"{self.file} line {self.line} {column}"

    def text(self, column: str) -> str:
        """The cell, '' where it is empty or the file has no such column."""
        return self.cells.get(column, "")

    def number(self, column: str, mistakes: Mistakes) -> float | None:
        """The cell as a finite number; None where it is empty, or after a mistake is noted."""
        cell = self.text(column)
        if not cell:
            return None
        try:
            found = float(cell)
        except ValueError:
            found = math.nan
        if math.isfinite(found):
            return found
        mistakes.add(self.place(column), cell, "is not a finite number", "Write it like 41.5.")
        return None


def read_table(path: Path) -> list[Row]:
    """Every row of the CSV file that holds something. Raises DataFileError listing what is wrong with file, header and row lengths."""
    mistakes = Mistakes()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        mistakes.add(str(path), None, f"cannot be read: {why}", "Begin one with: commonbeat fit --template.")
        text = ""
    reader = csv.reader(io.StringIO(text))
    lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    lines = [(line, row) for line, row in lines if any(row)]
    if not mistakes.found and len(lines) < 2:
        mistakes.add(path.name, None, "holds no targets", "Begin with the table of: commonbeat fit --template.")
    mistakes.raise_if_any(DataFileError, HEADING)
    header = lines[0][1]
    _check_header(path.name, header, mistakes)
    rows = []
    for line, row in lines[1:]:
        if len(row) != len(header):
            rule = f"has {len(row)} fields, not {len(header)}"
            mistakes.add(f"{path.name} line {line}", None, rule, "Check commas and quotation marks.")
        rows.append(Row(path.name, line, dict(zip(header, row, strict=False))))
    mistakes.raise_if_any(DataFileError, HEADING)
    return rows


def _check_header(file: str, header: list[str], mistakes: Mistakes) -> None:
    known = (*COLUMNS, *ESTIMATE_COLUMNS)
    for name in header:
        if name not in known:
            mistakes.add(f"{file} header", name, "is not a column of targets", did_you_mean(name, known))
    for name in sorted({name for name in header if header.count(name) > 1}):
        mistakes.add(f"{file} header", name, "stands twice", "Keep one.")
    if "kind" not in header:
        mistakes.add(f"{file} header", "kind", "is missing", f"Say of each row whether it is: {', '.join(KINDS)}.")


def kind_of(row: Row, mistakes: Mistakes) -> str | None:
    """The row's kind, after its cells were looked at: what the kind needs is there, what it has no use for is not."""
    kind = row.text("kind")
    if kind not in KINDS:
        mistakes.add(row.place("kind"), kind or None, "is not a kind of target", did_you_mean(kind, KINDS))
        return None
    missing = [column for column in NEEDED[kind] if not row.text(column)]
    for column in missing:
        mistakes.add(row.place(column), None, f"is empty, and a {kind} needs it", "Fill it in.")
    for column in COLUMNS[1:]:
        if row.text(column) and column not in USED[kind]:
            mistakes.add(row.place(column), row.text(column), f"has no meaning for a {kind}", "Leave the cell empty.")
    return None if missing else kind


def std_error_of(row: Row, kind: str, repairs: list[str], mistakes: Mistakes) -> float | None:
    """The standard error in the row's unit: as given, from a 95 % interval, or the root of a count; else a mistake is noted."""
    given = row.number("std_error", mistakes)
    if row.text("std_error"):
        if given is not None and given <= 0:
            mistakes.add(row.place("std_error"), given, "is not above 0", "A standard error is positive.")
            return None
        return given
    low, high = (row.number(end, mistakes) for end in ("ci_low", "ci_high"))
    if low is not None and high is not None and high > low:
        repairs.append(f"{row.place('std_error')} is empty: taken from the 95 % interval")
        return (high - low) / INTERVAL_SDS
    count = row.number("estimate", mistakes) if kind == "count" else None
    if count is not None:
        repairs.append(f"{row.place('std_error')} is empty: chance alone was taken, which is that of the run")
        return math.sqrt(max(count, 1.0))
    mistakes.add(row.place("std_error"), None, "is empty", "Give it, or ci_low and ci_high of a 95 % interval.")
    return None
