"""Delimited text as people have it: delimiters, encodings, blank and ragged rows, numbers in several styles."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import polars as pl
import pytest

from commonbeat.datafile import DataFile, read_data_file
from commonbeat.datafile.text_file import LARGE, regular_rows
from commonbeat.errors import DataFileError


def read(folder: Path, text: str, encoding: str = "utf-8", name: str = "trial.csv") -> DataFile:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_data_file(path)


def test_a_plain_file_is_read_without_a_word(tmp_path: Path) -> None:
    text = "id,treat,trust,seen,day,moment,group\n1,1,3.5,TRUE,2020-01-01,2020-01-01T10:30,Black\n2,0,-4,false,2020-01-02,2020-01-02 09:00:01,White\n"
    data = read(tmp_path, text)
    assert data.frame.dtypes == [pl.Int64, pl.Int64, pl.Float64, pl.Boolean, pl.Date, pl.Datetime("us"), pl.String]
    assert data.frame["moment"][1] == dt.datetime(2020, 1, 2, 9, 0, 1)  # noqa: DTZ001
    assert data.warnings == ()
    assert (data.name, data.rows, list(data.row_numbers)) == ("trial.csv", 2, [2, 3])
    assert data.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert data.place(1, "trust") == "trial.csv, row 3, trust"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "what, was said; then", "n"], ["1", '"yes, of course; sure | or not"', "2"], ["2", "no", "3"]]
    rows[0][1] = f'"{rows[0][1]}"'
    data = read(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert data.frame.rows() == [(1, "yes, of course; sure | or not", 2), (2, "no", 3)]


def test_excels_hint_about_the_delimiter_counts_as_a_row(tmp_path: Path) -> None:
    data = read(tmp_path, "sep=;\r\nid;x\r\n1;2\r\n")
    assert data.frame.columns == ["id", "x"]
    assert list(data.row_numbers) == [3]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("utf-16-le", True), ("cp1252", True)],
)
def test_encodings_are_found_and_guesses_told(tmp_path: Path, encoding: str, *, told: bool) -> None:
    data = read(tmp_path, "name,n\nJosé,1\nZoë,2\n", encoding)
    assert data.frame["name"].to_list() == ["José", "Zoë"]
    assert bool(data.warnings) == told
    if encoding == "cp1252":
        assert "line 2" in data.warnings[0]


def test_decimal_commas_are_read_and_told(tmp_path: Path) -> None:
    data = read(tmp_path, "id;trust;count\n1;3,5;1.234,5\n2;-0,25;12\n3;;2.000.000\n")
    assert data.frame["trust"].to_list() == [3.5, -0.25, None]
    assert data.frame["count"].to_list() == [1234.5, 12, 2_000_000]
    assert data.warnings == (
        "trust: its numbers were read with decimal commas",
        "count: its numbers were read with decimal commas",
    )


def test_thousands_are_read_and_told(tmp_path: Path) -> None:
    data = read(tmp_path, 'id,people,spent\n1,"1,234","12,500.75"\n2,"12,345",900\n3,999,"1,000"\n')
    assert data.frame["people"].to_list() == [1234, 12345, 999]
    assert data.frame["spent"].to_list() == [12500.75, 900, 1000]
    assert any(sentence.startswith("people:") and "nothing in it tells" in sentence for sentence in data.warnings)


def test_spaces_and_apostrophes_part_thousands(tmp_path: Path) -> None:
    data = read(tmp_path, "id,people,money\n1,1 234,1'234.5\n2,12 345 678,−5\n3,7,+3\n")
    assert data.frame["people"].to_list() == [1234, 12345678, 7]
    assert data.frame["money"].to_list() == [1234.5, -5, 3]


def test_doubtful_commas_follow_the_rest_of_the_file(tmp_path: Path) -> None:
    data = read(tmp_path, 'id,share,score,size\n1,"0,5","1,234",1.234\n2,"0,25","2,345",5.678\n')
    assert data.frame["score"].to_list() == [1.234, 2.345]
    assert any("size" in sentence and "1.234 is taken for less than 2" in sentence for sentence in data.warnings)


def test_names_made_of_digits_stay_text(tmp_path: Path) -> None:
    data = read(tmp_path, "precinct,phone,zip\n007,12345678901234567,02134\n010,12345678901234568,94110\n")
    assert data.frame.rows() == [("007", "12345678901234567", "02134"), ("010", "12345678901234568", "94110")]


def test_words_for_no_answer_are_counted(tmp_path: Path) -> None:
    data = read(tmp_path, "trust,group\nNA,a\n3,NA\n.,b\n#DIV/0!,b\n5,a\n")
    assert data.frame["trust"].to_list() == [None, 3, None, None, 5]
    assert data.frame["group"].to_list() == ["a", None, "b", "b", "a"]
    assert "'NA' was read as no answer in 2 cells (trust, group)" in data.warnings
    assert "'#DIV/0!' is a formula that failed; read as no answer in 1 cell (trust)" in data.warnings


def test_codes_for_no_answer_are_suspected_and_kept(tmp_path: Path) -> None:
    rows = "\n".join(f"{1 + each % 5},{each},{20 + each}" for each in range(60))
    data = read(tmp_path, f"trust,id,age\n{rows}\n-99,60,99\n-99,61,41\n")
    assert data.frame["trust"].min() == -99
    assert data.warnings == ("trust holds -99 in 2 rows, which may mean no answer; list such codes under `missing`",)


def test_blank_rows_keep_the_numbers_of_the_others(tmp_path: Path) -> None:
    data = read(tmp_path, "id,x\n1,a\n\n , \n2,b\n,\n,\n\n")
    assert data.frame.rows() == [(1, "a"), (2, "b")]
    assert list(data.row_numbers) == [2, 5]
    assert data.warnings == ("2 blank rows between others were left out, the first at row 3",)


def test_empty_columns_go_and_nameless_ones_get_a_name(tmp_path: Path) -> None:
    data = read(tmp_path, ",x,y,\n1,2,3,\n2,3,4,\n")
    assert data.frame.columns == ["column A", "x", "y"]
    assert data.warnings == ("a column without a name is called 'column A'",)


def test_one_row_that_ends_early_is_told(tmp_path: Path) -> None:
    data = read(tmp_path, "a,b,c\n1,2,3\n4,5\n")
    assert data.warnings == ("row 3 ends early; its last cells were read as empty",)


def test_rows_that_end_early_are_told(tmp_path: Path) -> None:
    data = read(tmp_path, "a,b,c\n1,2,3\n4,5\n6\n")
    assert data.frame.rows() == [(1, 2, 3), (4, 5, None), (6, None, None)]
    assert data.warnings == ("2 rows end early, the first at row 3; their last cells were read as empty",)


def test_rows_that_are_too_long_are_all_listed(tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        read(tmp_path, "a,b\n1,2\n1,2,3\n1,2,\n1,2,3,4\n")
    assert [mistake.place for mistake in caught.value.mistakes] == ["trial.csv, row 3", "trial.csv, row 5"]
    assert "quotation marks" in str(caught.value)


def test_a_large_file_is_read_as_a_small_one(tmp_path: Path) -> None:
    line = "12,3.25,NA,yes\n"
    small = read(tmp_path, "id,x,y,z\n" + line * 10)
    large = read(tmp_path, "id,x,y,z\n" + line * (LARGE // len(line) + 10))
    assert large.frame.schema == small.frame.schema
    assert large.frame[-1].rows() == small.frame[-1].rows()
    assert large.row_numbers[-1] == large.rows + 1
    assert regular_rows("a,b\n1,2,3\n", ",") is None
    assert regular_rows('a,b\n"1",2\n', ",") is None
    assert regular_rows("a,b\n\n1,2\n", ",") is None
