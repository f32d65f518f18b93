"""The reader of data files: a table beside what is told of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.datafile import DataFile


def read_table(path: Path, order: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of the data file; its table stands in the order's folder. Raises DataFileError for what cannot be read."""
    from commonbeat.datafile import read_data_file

    return describe(read_data_file(path, sheet=order["sheet"]), Path(order["folder"]))


def describe(data: DataFile, folder: Path) -> dict[str, Any]:
    """The table and the rows' numbers stand in the folder as Parquet; returned is everything else."""
    import polars as pl

    data.frame.write_parquet(folder / "frame.parquet")
    pl.DataFrame({"row": data.row_numbers}).write_parquet(folder / "numbers.parquet")
    return {
        "name": data.name,
        "sha256": data.sha256,
        "value_labels": [[column, list(labels.items())] for column, labels in data.value_labels.items()],
        "column_labels": list(data.column_labels.items()),
        "warnings": list(data.warnings),
        "row_word": data.row_word,
        "commas": data.commas,
        "missing_codes": [[column, list(codes)] for column, codes in data.missing_codes.items()],
        "remarks": [list(each) for each in data.remarks],
        "elsewhere": data.elsewhere,
    }
