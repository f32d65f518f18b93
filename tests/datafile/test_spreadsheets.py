"""Workbooks as people keep them: which sheet, where the table begins, dates, all digits, text among numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from commonbeat.datafile import numeric_column, read_data_file
from commonbeat.errors import DataFileError, Mistakes

DAY = dt.datetime(2020, 3, 4)  # noqa: DTZ001


def workbook(folder: Path, fill: Callable[[xlsxwriter.Workbook, Worksheet], None], *others: str) -> Path:
    path = folder / "trial.xlsx"
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("answers"))
        for name in others:
            book.add_worksheet(name).write(0, 0, "note")
    return path


def rows(*content: list) -> Callable[[xlsxwriter.Workbook, Worksheet], None]:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        formats = {"day": book.add_format({"num_format": "dd/mm/yyyy"}), "share": book.add_format({"num_format": "0%"})}
        for place, row in enumerate(content):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    sheet.write_datetime(place, column, cell, formats["day"])
                elif cell is not None:
                    sheet.write(place, column, cell)

    return fill


def test_types_dates_and_all_digits(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        rows(
            ["id", "trust", "tiny", "day", "moment", "yes", "name"],
            [1, 1 / 3, 2.5e-11, DAY, DAY + dt.timedelta(hours=3), True, "Zoë"],
            [2, 4, 1e-12, DAY + dt.timedelta(days=1), DAY, False, " b "],
        ),
    )
    data = read_data_file(path)
    kinds = [pl.Int64, pl.Float64, pl.Float64, pl.Date, pl.Datetime("us"), pl.Boolean, pl.String]
    assert data.frame.dtypes == kinds
    assert data.frame["trust"].to_list() == pytest.approx([1 / 3, 4], abs=1e-15)
    assert data.frame["tiny"].to_list() == pytest.approx([2.5e-11, 1e-12], rel=1e-12)
    assert data.frame["day"].to_list() == [dt.date(2020, 3, 4), dt.date(2020, 3, 5)]
    assert data.frame["name"].to_list() == ["Zoë", "b"]
    assert (list(data.row_numbers), data.warnings) == ([2, 3], ())


def test_a_table_that_begins_further_down_keeps_its_row_numbers(tmp_path: Path) -> None:
    path = workbook(tmp_path, rows([], [], [None, "id", "trust"], [None, 1, 3], [], [None, 2, "four"], [" "], []))
    data = read_data_file(path)
    assert data.frame.columns == ["id", "trust"]
    assert list(data.row_numbers) == [4, 6]
    assert numeric_column(data, "trust").offending == ((6, "four"),)
    assert data.warnings == ("1 blank row between others was left out, the first at row 5",)


def test_numbers_kept_as_text_are_numbers(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, rows(["trust", "money", "zip"], ["3,5", "1,234", "02134"], ["4", "999", "10001"], [2, 5, "10002"])
    )
    data = read_data_file(path)
    assert data.frame["trust"].to_list() == [3.5, 4, 2]
    assert data.frame["zip"].to_list() == ["02134", "10001", "10002"]


def test_words_for_no_answer_and_failed_formulas(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        rows(["id", "trust"], [1, "NA"], [2, 4.5], [3, None])(book, sheet)
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")

    data = read_data_file(workbook(tmp_path, fill))
    assert data.frame["trust"].to_list() == [None, 4.5, None]
    assert "'NA' was read as no answer in 1 cell (trust)" in data.warnings


def test_the_first_sheet_that_holds_something_is_read_and_the_others_told(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("empty")
        book.add_chartsheet("picture")
        rows(["id", "x"], [1, 2])(book, book.add_worksheet("first"))
        rows(["id", "x"], [1, 3])(book, book.add_worksheet("second"))
    data = read_data_file(path)
    assert data.frame["x"].to_list() == [2]
    assert data.warnings == ("the sheet 'first' was read; there are others that hold something: second",)
    chosen = read_data_file(path, sheet="second")
    assert (chosen.frame["x"].to_list(), chosen.warnings) == ([3], ())
    with pytest.raises(DataFileError, match="Did you mean 'second'"):
        read_data_file(path, sheet="secnd")
    with pytest.raises(DataFileError, match=r"The sheet 'empty' of two\.xlsx is empty"):
        read_data_file(path, sheet="empty")


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"trial\.xlsx is empty"):
        read_data_file(workbook(tmp_path, rows()))
    with pytest.raises(DataFileError, match="2 columns and no rows"):
        read_data_file(workbook(tmp_path, rows(["id", "x"])))


def test_parquet_and_arrow_become_plain_columns(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "small": pl.Series([1, None], dtype=pl.Int8),
            "large": pl.Series([1, 2], dtype=pl.UInt64),
            "single": pl.Series([0.5, float("nan")], dtype=pl.Float32),
            "word": pl.Series(["a", " "], dtype=pl.Categorical),
            "text": [" x", ""],
            "day": [dt.date(2020, 1, 1), None],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    frame.write_ipc(tmp_path / "a.arrow")
    for name in ("a.parquet", "a.arrow"):
        data = read_data_file(tmp_path / name)
        assert data.frame.dtypes == [pl.Int64, pl.Int64, pl.Float64, pl.String, pl.String, pl.Date]
        assert data.frame["single"].to_list() == [0.5, None]
        assert data.frame["text"].to_list() == ["x", None]
        assert list(data.row_numbers) == [1, 2]


def test_a_first_sheet_of_notes_names_the_others(tmp_path: Path) -> None:
    path = tmp_path / "trial.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "Trial of 2019")
        rows(["y", "z"], [1, 0], [2, 1])(book, book.add_worksheet("My data"))
        book.add_worksheet("Codes").write(0, 0, "code")
    there = "The sheet 'Notes' was read; there are others: 'My data', 'Codes'. Try --sheet \"My data\"."
    with pytest.raises(DataFileError) as caught:
        read_data_file(path)
    assert str(caught.value) == (
        f"The sheet 'Notes' of trial.xlsx has 1 column and no rows: there is nothing to estimate from. {there}"
    )
    mistakes = Mistakes()
    read_data_file(path, sheet="My data").check_columns([("outcome", "trust")], mistakes)
    assert mistakes.found[0].way_out.endswith("there are others: 'Notes', 'Codes'. Try --sheet Notes.")
