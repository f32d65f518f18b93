"""Files that cannot serve are refused in one sentence or one list."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.datafile import category_column, date_column, numeric_column, read_data_file
from commonbeat.errors import DataFileError


def refusal(path: Path, **choice: str) -> str:
    with pytest.raises(DataFileError) as caught:
        read_data_file(path, **choice)
    assert caught.value.exit_code == 2
    return str(caught.value)


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "a.csv is empty: it holds neither names nor rows"),
        ("a.csv", b"\n\n , \n", "is empty"),
        ("a.csv", b",,\n,,\n", "is empty"),
        ("a.csv", b"id,x\n", "a.csv has 2 columns and no rows"),
        ("a.csv", b"id,x\n\n,\n", "no rows"),
        ("a.csv", b"id,x,id,x\n1,2,3,4\n", "a.csv, row 1: 'id' is the name of 2 columns (A, C)"),
        ("a.csv", b"id,x,id,x\n1,2,3,4\n", "'x' is the name of 2 columns (B, D)"),
        ("a.csv", b"Trial of 2019,,\nid,x,y\n1,2,3\n", "names 1 of the 3 columns"),
        ("a.csv", b"1,2\n3,4\n", "holds numbers only"),
        ("a.csv", b"PK\x03\x04zip", "workbook under a text file's name"),
        ("a.csv", bytes(range(256)) * 9, "a.csv is not text: it holds bytes that no text has. Export the data as CSV"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", "a.csv is not text"),
        ("a.csv", b"y\n\n", "a.csv has 1 column and no rows"),
        ("a.pdf", b"x", "a.pdf is of no known kind. Known endings: .csv"),
        ("a.parquet", b"PAR1 broken", "not a whole Parquet or Arrow file"),
        ("a.arrow", b"broken", "not a whole Parquet or Arrow file"),
        ("a.dta", b"broken", "a.dta cannot be read as dta: it is damaged or another kind of file"),
        ("a.sav", b"broken", "a.sav cannot be read as sav"),
        ("a.xlsx", b"broken", "is no workbook, or a damaged one"),
        ("a.xls", b"<html><table></table></html>", "is a web page under a workbook's name"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5000), "is locked with a password or damaged"),
    ],
)
def test_content_that_cannot_serve(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    assert words in refusal(written(tmp_path, name, content))


def test_a_missing_file_comes_with_the_nearest_name(tmp_path: Path) -> None:
    written(tmp_path, "wave_1.csv", b"a,b\n1,2\n")
    assert "Did you mean wave_1.csv?" in refusal(tmp_path / "wave1.csv")
    assert "There is no folder" in refusal(tmp_path / "none" / "wave1.csv")
    assert "is a folder" in refusal(tmp_path)


def test_a_file_without_sheets_has_none(tmp_path: Path) -> None:
    assert "has no sheets" in refusal(written(tmp_path, "a.csv", b"a,b\n1,2\n"), sheet="first")


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    pl.DataFrame({"a": [], "b": []}).write_parquet(tmp_path / "a.parquet")
    assert "a.parquet has 2 columns and no rows" in refusal(tmp_path / "a.parquet")


PIECES = [
    '"',
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "a",
    "NA",
    "1",
    "2,5",
    "3.5",
    "-99",
    "é",
    "\x00",
    " ",
    ".",
    "TRUE",
    "2020-01-01",
    "00",
    "−",
    "'",
]
HEADERS = [
    "",
    "a,b\n",
    "a;b;c\n",
    "redcap_x,a___1\n",
    "x,Complete?\n",
    "StartDate,EndDate,Finished,Status\n",
    'a,b\n,\n{"ImportId"\n',
]


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(HEADERS),
    st.lists(st.sampled_from(PIECES), max_size=40),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_any_text_is_read_or_refused(header: str, pieces: list[str], encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), "a.csv", (header + "".join(pieces)).encode(encoding, errors="replace"))
        with contextlib.suppress(DataFileError):
            data = read_data_file(path)
            assert data.rows == data.frame.height == len(data.row_numbers) > 0
            for column in data.frame.columns:
                numeric_column(data, column, missing=[-99, "NA"])
                category_column(data, column, missing=["a"])
                date_column(data, column)
