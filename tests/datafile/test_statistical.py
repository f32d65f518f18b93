"""Stata and SPSS files: codes and labels kept, declared missing values null and counted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest

from commonbeat.datafile import category_column, numeric_column, read_data_file
from commonbeat.errors import DataFileError

TRUST = {1: "Not at all", 2: "A little", 3: "A lot", 8: "Don't know", -99: "Refused"}


def spss(path: Path) -> Path:
    frame = pd.DataFrame(
        {
            "trust": [1.0, 3, -99, 8, np.nan, -99],
            "income": [10.5, 97.0, 98, 20.25, 99, np.nan],
            "word": ["a", "", "REF", "b ", "ü", "a"],
            "day": [dt.date(2020, 1, 1)] * 6,
        }
    )
    pyreadstat.write_sav(
        frame,
        path,
        column_labels={"trust": "How much do you trust the police?"},
        variable_value_labels={"trust": TRUST, "word": {"a": "An answer"}},
        missing_ranges={"trust": [-99], "income": [{"lo": 97, "hi": 99}], "word": ["REF"]},
    )
    return path


@pytest.mark.parametrize("ending", ["sav", "zsav"])
def test_spss_keeps_codes_labels_and_question_texts(tmp_path: Path, ending: str) -> None:
    if ending == "zsav":
        pyreadstat.write_sav(pd.DataFrame({"x": [1.0, 2]}), tmp_path / "a.zsav", compress=True)
        assert read_data_file(tmp_path / "a.zsav").frame["x"].to_list() == [1, 2]
        return
    data = read_data_file(spss(tmp_path / "a.sav"))
    assert data.frame.dtypes == [pl.Int64, pl.Float64, pl.String, pl.Date]
    assert data.frame["trust"].to_list() == [1, 3, None, 8, None, None]
    assert data.value_labels["trust"] == TRUST
    assert data.value_labels["word"] == {"a": "An answer"}
    assert data.column_labels == {"trust": "How much do you trust the police?"}
    assert data.place(0, "trust") == "a.sav, case 1, trust"
    assert data.frame["word"].to_list() == ["a", None, None, "b", "ü", "a"]


def test_spss_user_missing_values_are_null_and_counted(tmp_path: Path) -> None:
    data = read_data_file(spss(tmp_path / "a.sav"))
    assert data.frame["income"].to_list() == [10.5, None, None, 20.25, None, None]
    assert data.warnings == (
        "trust: 2 answers that the file declares missing: -99 'Refused': 2",
        "income: 3 answers that the file declares missing: 97: 1, 98: 1, 99: 1",
        "word: 1 answer that the file declares missing: REF: 1",
        "trust holds 8 'Don't know' in 1 row, which may mean no answer; list such codes under `missing`",
    )
    assert data.missing_codes == {"trust": (-99,), "income": (97, 98, 99), "word": ("REF",)}
    found = numeric_column(data, "trust", missing=["Don't know"])
    np.testing.assert_array_equal(found.values, [1, 3, np.nan, np.nan, np.nan, np.nan])


def test_stata_keeps_codes_and_counts_extended_missing_values(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"trust": [1, 3, "a", None, "b", "a"], "plain": [1.5, None, 2, 3, 4, 5], "name": ["x", "", "y", "z", "ö", "w"]}
    )
    labels = {1: "No", 3: "Yes", "a": "Refused"}
    path = tmp_path / "a.dta"
    pyreadstat.write_dta(
        frame,
        path,
        variable_value_labels={"trust": labels},
        missing_user_values={"trust": ["a", "b"]},
        column_labels={"trust": "Trust in police"},
    )
    data = read_data_file(path)
    assert data.frame["trust"].to_list() == [1, 3, None, None, None, None]
    assert data.frame["plain"].to_list() == [1.5, None, 2, 3, 4, 5]
    assert data.frame["name"].to_list() == ["x", None, "y", "z", "ö", "w"]
    assert data.value_labels["trust"] == {1: "No", 3: "Yes"}
    assert data.warnings == ("trust: 3 answers that the file declares missing: .a 'Refused': 2, .b: 1",)
    assert category_column(data, "trust").names == ("No", "Yes")


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_stata_files_of_all_ages(tmp_path: Path, version: int) -> None:
    pyreadstat.write_dta(pd.DataFrame({"x": [1.0, 2.5], "y": ["a", "b"]}), tmp_path / "a.dta", version=version)
    assert read_data_file(tmp_path / "a.dta").frame.rows() == [(1.0, "a"), (2.5, "b")]


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_texts_in_another_encoding_are_guessed_and_told(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    write = pyreadstat.write_sav if ending == "sav" else pyreadstat.write_dta
    write(pd.DataFrame({"x": [1.0, 2.0], "name": ["Zoëxx", "b"]}), path)
    content = path.read_bytes()
    assert content.count("ë".encode()) == 1
    path.write_bytes(content.replace("ëx".encode(), "ëxx".encode("cp1252")))
    data = read_data_file(path)
    assert data.frame["name"][0].startswith("Zoëxx")
    assert "Windows-1252" in data.warnings[0]


def test_labels_that_are_other_numbers_are_told(tmp_path: Path) -> None:
    pyreadstat.write_sav(
        pd.DataFrame({"arm": [1.0, 2.0]}), tmp_path / "a.sav", variable_value_labels={"arm": {1: "0", 2: "1"}}
    )
    warnings = read_data_file(tmp_path / "a.sav").warnings
    assert warnings == ("arm: 1 is labelled '0', 2 is labelled '1'; the code was kept, not the number in its label",)


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_a_file_without_rows(tmp_path: Path, ending: str) -> None:
    write = pyreadstat.write_sav if ending == "sav" else pyreadstat.write_dta
    write(pd.DataFrame({"x": pd.Series([], dtype=float), "y": pd.Series([], dtype=float)}), tmp_path / f"a.{ending}")
    with pytest.raises(DataFileError, match="no rows"):
        read_data_file(tmp_path / f"a.{ending}")


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = spss(tmp_path / "a.sav")
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(DataFileError, match="damaged"):
        read_data_file(path)
