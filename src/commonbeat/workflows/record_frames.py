"""Filled files of coded texts become counts of frames: in all, by cell, and before and after a day."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import CodingError, Mistakes
from commonbeat.workflows.record_agree import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.coding.codes_table import Table
    from commonbeat.record.coding.frames import FrameCount, Frames, TextFacts

HEADING = "The frames cannot be counted like this:"
INDEX = "index.csv"
ENDINGS = (".json", ".csv")
OUTLETS = ("outlet", "outlets", "newspaper", "news", "organisation", "organization")


@dataclass(frozen=True, slots=True)
class FramesResult:
    """The counts, and from where it is known when and where texts were published."""

    frames: Frames
    index: str
    before: dt.date | None
    out: Path | None

    def document(self) -> dict[str, Any]:
        """As plain values; what could not be computed is None."""
        frames = self.frames
        return plain(
            {
                "texts": frames.texts,
                "coders": frames.coders,
                "index": self.index,
                "before": None if self.before is None else self.before.isoformat(),
                "totals": frames.totals,
                "cells": frames.cells,
                "changes": frames.changes,
                "tones": sorted(frames.tones),
                "reliability": frames.reliability,
                "one_coder": frames.one_coder,
                "warnings": frames.warnings,
            }
        )


def frames(
    paths: Sequence[str | Path],
    *,
    index: str | Path | None = None,
    by: str = "",
    before: str | None = None,
    sheet: str | Path | None = None,
    out: str | Path | None = None,
) -> FramesResult:
    """How often each frame stands in the texts that the files code.

    index: the file that tells sources and dates; left out, index.csv beside the first file, or the columns of the files themselves.
    Raises CodingError or DataFileError with everything that is wrong, WriteError when the disk refuses.
    """
    from commonbeat.record.coding.codes_table import open_table, read_cells
    from commonbeat.record.coding.frames import count_frames
    from commonbeat.record.coding.scales import ratings_of
    from commonbeat.record.coding.sheet import shipped_sheet
    from commonbeat.workflows.record_coding_files import open_codes, sheet_for

    target = None if out is None else Path(out)
    day = _check_options(target, by, before)
    files = open_codes(paths)
    known = sheet_for(files, sheet) or shipped_sheet("texts")
    _only_tables(files.marks, [Path(path).name for path in paths])
    ratings = ratings_of(read_cells(files.tables, known, None), known)
    beside = Path(paths[0]).parent / INDEX
    source = Path(index) if index is not None else (beside if beside.is_file() else None)
    tables = files.tables if source is None else (open_table(source),)
    found = count_frames(ratings, _facts(tables), known, by=by, before=day)
    result = FramesResult(found, "" if source is None else str(source), day, target)
    if target is not None:
        save(result, target)
    return result


def save(result: FramesResult, path: Path) -> None:
    """The file holds all as JSON, or the counts as CSV."""
    from commonbeat.results.disk import write_whole

    if path.suffix == ".json":
        text = json.dumps(result.document(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    else:
        text = table_of(result.frames)
    write_whole(path, text.encode())


def table_of(found: Frames) -> str:
    """One row per count and per change, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["code", "cell", "measure", "value", "low_95", "high_95", "texts", "seen", "disputed", "if_no", "if_yes"]
    )
    counts = [*found.totals, *found.cells, *(count for each in found.changes for count in (each.before, each.after))]
    for each in counts:
        measure = "mean" if each.code in found.tones else "share"
        writer.writerow([each.code, each.cell, measure, *_cells(each.share), *_size(each, measure)])
    for each in found.changes:
        writer.writerow(
            [each.code, f"{each.after.cell} less {each.before.cell}", "change", *_cells(each.change), *[""] * 5]
        )
    return text.getvalue()


def _size(each: FrameCount, measure: str) -> list[object]:
    if measure == "mean":
        return [each.texts, "", "", "", ""]
    return [each.texts, each.seen, each.disputed, *(f"{bound:.6g}" for bound in each.bounds)]


def _cells(values: tuple[float, ...]) -> list[str]:
    return ["" if value != value else f"{value:.6g}" for value in values]  # noqa: PLR0124 - a NaN is not itself


def _check_options(target: Path | None, by: str, before: str | None) -> dt.date | None:
    from commonbeat.errors import did_you_mean
    from commonbeat.record.coding.frames import PERIODS

    found = Mistakes()
    if target is not None and target.suffix not in ENDINGS:
        found.add("--out", target.name, "has no ending that is known", f"Known: {', '.join(ENDINGS)}.")
    cells = ("source", *PERIODS)
    if by and by not in cells:
        found.add("--by", by, "is nothing by which texts are told apart", did_you_mean(by, cells))
    day = None
    if before is not None:
        try:
            day = dt.date.fromisoformat(before)
        except ValueError:
            found.add("--before", before, "is not a day", "Write it as 2021-05-31.")
    found.raise_if_any(CodingError, HEADING)
    return day


def _only_tables(marks: Sequence[object], names: Sequence[str]) -> None:
    found = Mistakes()
    if marks:
        found.add("files", ", ".join(names), "hold marks on clips", "Frames are counted in tables of coded texts.")
    found.raise_if_any(CodingError, HEADING)


def _facts(tables: Sequence[Table]) -> dict[str, TextFacts]:
    """What the tables tell of each text. A day that cannot be read is a mistake."""
    from commonbeat.datafile import date_column
    from commonbeat.record.coding.frames import TextFacts
    from commonbeat.record.coding.spreadsheet import unguarded

    facts: dict[str, TextFacts] = {}
    found = Mistakes()
    for table in tables:
        lower = {name.strip().casefold(): name for name in table.file.frame.columns}
        dates: list[dt.date | None] = [None] * table.file.rows
        if "date" in lower:
            column = date_column(table.file, lower["date"])
            column.tell(table.file, lower["date"], found)
            dates = column.dates.to_list()
        for row in range(table.file.rows):
            source, authors = (table.text(row, lower[name]) if name in lower else "" for name in ("source", "authors"))
            source = unguarded(source)
            unit = table.get(row, "unit")
            if unit and unit not in facts:
                facts[unit] = TextFacts(source, dates[row], authors.casefold() in OUTLETS)
    found.raise_if_any(CodingError, HEADING)
    return facts
