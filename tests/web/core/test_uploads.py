"""Uploads: read by a process with bounds, under a safe name, gone afterwards."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest

from commonbeat.datafile import KNOWN_ENDINGS, read_data_file
from commonbeat.errors import DataFileError
from commonbeat.web.security.children import Bounds, read_apart, safe_name, upload_on_disk

FIELDS = (
    "name",
    "sha256",
    "rows",
    "value_labels",
    "column_labels",
    "warnings",
    "row_word",
    "commas",
    "missing_codes",
    "remarks",
    "elsewhere",
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    frame = pl.DataFrame({"number": [1, 2, None], "word": ["a", "é", None], "trust": [1.5, -99.0, 3.0]})
    frame.write_csv(tmp_path / "table.csv")
    return tmp_path / "table.csv"


def labelled(folder: Path) -> Path:
    import pandas as pd
    import pyreadstat

    path = folder / "labelled.sav"
    labels = {"trust": {1: "no", 2: "yes"}}
    frame = pd.DataFrame({"trust": [1.0, 2.0, 9.0], "age": [10.0, 11.0, 12.0]})
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels={"trust": "Do you trust them?"},
        variable_value_labels=labels,
        missing_ranges={"trust": [9]},
    )
    return path


def test_a_file_read_apart_is_the_same_file(table: Path, tmp_path: Path) -> None:
    for path in (table, labelled(tmp_path)):
        apart, here = read_apart(path), read_data_file(path)
        assert apart.frame.equals(here.frame)
        assert apart.frame.schema == here.frame.schema
        assert (apart.row_numbers == here.row_numbers).all()
        for field in FIELDS:
            assert getattr(apart, field) == getattr(here, field), field
    assert apart.value_labels["trust"][1] == "no"


def test_the_reader_s_own_words_come_through(tmp_path: Path) -> None:
    path = tmp_path / "bad.sav"
    path.write_bytes(bytes(1000))
    with pytest.raises(DataFileError) as apart:
        read_apart(path)
    with pytest.raises(DataFileError) as here:
        read_data_file(path)
    assert str(apart.value) == str(here.value)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Bounds(memory_bytes=64 << 20), "within the memory and time"),
        (Bounds(processor_s=0), "within the memory and time"),
        (Bounds(patience_s=0.05), "takes too long"),
    ],
)
def test_a_file_that_takes_too_much_is_refused(table: Path, bounds: Bounds, words: str) -> None:
    with pytest.raises(DataFileError, match=words):
        read_apart(table, bounds=bounds)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.csv", "a.csv"),
        ("../../etc/a.csv", "a.csv"),
        ("C:\\Users\\me\\a b.csv", "a b.csv"),
        ("<script>.csv", "_script_.csv"),
        ("..csv", None),
        (".csv", None),
        ("a.exe", None),
        ("a.csv.exe", None),
        ("", None),
        ("a\0.csv", "a_.csv"),
        ("a\n.csv", "a_.csv"),
        ("x" * 300 + ".csv", None),
    ],
)
def test_a_name_is_made_safe_or_refused(name: str, safe: str | None) -> None:
    if safe is None:
        with pytest.raises(DataFileError, match="Known endings"):
            safe_name(name, KNOWN_ENDINGS)
    else:
        assert safe_name(name, KNOWN_ENDINGS) == safe


def test_an_upload_is_gone_when_the_block_ends(tmp_path: Path) -> None:
    with upload_on_disk(io.BytesIO(b"a\n1\n"), "../a.csv", KNOWN_ENDINGS, folder=tmp_path) as path:
        assert path.read_bytes() == b"a\n1\n"
        assert path.parent.parent == tmp_path
        assert path.parent.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == []


def test_a_large_upload_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    upload = upload_on_disk(io.BytesIO(b"x" * 2000), "a.csv", KNOWN_ENDINGS, most_bytes=1000, folder=tmp_path)
    with pytest.raises(DataFileError, match="too large"), upload:
        pass
    assert list(tmp_path.iterdir()) == []
