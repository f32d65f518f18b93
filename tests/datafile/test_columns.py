"""Columns as numbers, categories and dates, and every cell that is none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.datafile import DataFile, category_column, date_column, number_style, numeric_column, read_data_file
from commonbeat.errors import DataFileError, Mistakes


def data(columns: dict, **more: object) -> DataFile:
    frame = pl.DataFrame(columns)
    numbers = np.arange(2, frame.height + 2)
    return DataFile(frame, "trial.csv", "", frame.height, row_numbers=numbers, **more)


def test_every_cell_that_is_no_number_is_named_with_its_row() -> None:
    given_data = data({"trust": ["3.5", "Prefer not to say", "4", None, "five", "prefer not to say", "five"]})
    found = numeric_column(given_data, "trust", missing=["Prefer not to say"])
    np.testing.assert_array_equal(found.values, [3.5, np.nan, 4, np.nan, np.nan, np.nan, np.nan])
    assert found.offending == ((6, "five"), (8, "five"))
    mistakes = Mistakes()
    found.tell(given_data, "trust", mistakes)
    assert [str(mistake) for mistake in mistakes.found] == [
        "trial.csv, trust, rows 6, 8: 'five' is not a number. Mend it, or list it under `missing`."
    ]


def test_many_offending_words_are_counted_beyond_the_first_five() -> None:
    given_data = data({"x": [f"word {each}" for each in range(9)]})
    mistakes = Mistakes()
    numeric_column(given_data, "x").tell(given_data, "x", mistakes)
    assert len(mistakes.found) == 6
    assert str(mistakes.found[-1]) == "trial.csv, x: has 4 more such cells with 4 other texts."


def test_the_minority_style_offends() -> None:
    found = numeric_column(data({"x": ["1,5", "2,75", "3.5", "4"]}), "x")
    assert found.offending == ((4, "3.5"),)
    assert list(found.values[[0, 1, 3]]) == [1.5, 2.75, 4]


def test_missing_codes_match_numbers_words_and_labels() -> None:
    given_data = data(
        {"coded": [1, 2, 8, 9], "float": [1.0, -99, 2, None], "text": ["-99", "1", "-99.0", "No"]},
        value_labels={"coded": {1: "No", 2: "Yes", 8: "Refused", 9: "Don't know"}},
    )
    np.testing.assert_array_equal(
        numeric_column(given_data, "coded", missing=["refused", 9]).values, [1, 2, np.nan, np.nan]
    )
    np.testing.assert_array_equal(numeric_column(given_data, "float", missing=["-99"]).values, [1, np.nan, 2, np.nan])
    text = numeric_column(given_data, "text", missing=[-99])
    np.testing.assert_array_equal(text.values, [np.nan, 1, np.nan, np.nan])
    assert text.offending == ((5, "No"),)


def test_truth_is_one_and_dates_offend() -> None:
    given_data = data({"yes": [True, False, None], "day": [dt.date(2020, 1, 1), None, None]})
    np.testing.assert_array_equal(numeric_column(given_data, "yes").values, [1, 0, np.nan])
    assert numeric_column(given_data, "day").offending == ((2, "2020-01-01"),)


def test_categories_come_in_the_order_of_first_appearance() -> None:
    given_data = data(
        {"arm": [2, 1, None, 2, 3], "name": ["b", "a", "", "b", "c"]},
        value_labels={"arm": {1: "told", 2: "control", 3: "told"}},
    )
    found = category_column(given_data, "arm")
    assert list(found.codes) == [0, 1, -1, 0, 2]
    assert found.values == (2, 1, 3)
    assert found.names == ("control", "told", "told (3)")
    assert category_column(given_data, "name", missing=[""]).names == ("b", "a", "c")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2020-03-04", "2020-12-31"], [dt.date(2020, 3, 4), dt.date(2020, 12, 31)]),
        (["04.03.2020", "31.12.2020"], [dt.date(2020, 3, 4), dt.date(2020, 12, 31)]),
        (["04/03/2020", "31/12/2020"], [dt.date(2020, 3, 4), dt.date(2020, 12, 31)]),
        (["3/4/2020", "12/31/2020 11:15"], [dt.date(2020, 3, 4), dt.date(2020, 12, 31)]),
        (["4 March 2020", "31 December 2020"], [dt.date(2020, 3, 4), dt.date(2020, 12, 31)]),
        (["04mar2020", "31dec2020"], [dt.date(2020, 3, 4), dt.date(2020, 12, 31)]),
    ],
)
def test_dates_are_read_in_the_format_that_fits_all(texts: list[str], expected: list[dt.date]) -> None:
    found = date_column(data({"day": texts}), "day")
    assert found.dates.to_list() == expected
    assert (found.offending, found.warnings) == ((), ())


def test_dates_that_could_be_two_are_told() -> None:
    found = date_column(data({"day": ["03/04/2020", "05/06/2020", "soon"]}), "day")
    assert found.dates.to_list() == [dt.date(2020, 3, 4), dt.date(2020, 5, 6), None]
    assert found.offending == ((4, "soon"),)
    assert "month first was presumed" in found.warnings[0]


def test_excels_day_numbers_are_dates() -> None:
    found = date_column(data({"day": [43831, 43832]}), "day")
    assert found.dates.to_list() == [dt.date(2020, 1, 1), dt.date(2020, 1, 2)]
    assert found.warnings


def test_missing_columns_come_with_the_nearest_name() -> None:
    mistakes = Mistakes()
    data({"trust": [1], "treat": [0]}).check_columns(
        [("outcome", "turst"), ("treatment", "treat"), ("by", "race")], mistakes
    )
    assert [mistake.place for mistake in mistakes.found] == ["outcome", "by"]
    assert "Did you mean 'trust'?" in str(mistakes.found[0])


def test_warnings_are_those_of_the_columns_in_use(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("trust;money;grp\n" + "1;1,5;a\n5;2;NA\n" * 20 + "-99;3;b\n")
    found = read_data_file(path)
    assert len(found.warnings) == 3
    assert found.about(["grp"]).warnings == ("'NA' was read as no answer in 20 cells (grp)",)
    assert len(found.about(["trust", "money"]).warnings) == 2
    assert found.about(["trust"], missing=["-99"]).warnings == ()
    assert found.about(["trust"], missing=[-99]).frame is found.frame


STYLES = {
    "point": {",": ""},
    "comma": {",": "", ".": ","},
    "grouped": {},
    "grouped by points": {",": ".", ".": ","},
    "grouped by spaces": {",": " "},
    "grouped by apostrophes": {",": "'"},
}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.decimals(-(10**9), 10**9, places=3), max_size=20), st.sampled_from(sorted(STYLES)))
def test_numbers_come_back_whatever_their_style(values: list[Decimal], style: str) -> None:
    values = [*values, Decimal("-1234567.25")]  # one that tells points from commas
    texts = pl.Series(["".join(STYLES[style].get(letter, letter) for letter in f"{value:,}") for value in values])
    tidied = number_style.tidied(texts)
    found = number_style.number_style(tidied)
    assert found is not None
    assert found == number_style.likeliest_style(tidied)
    assert number_style.as_numbers(tidied, found).to_list() == pytest.approx([float(value) for value in values])


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]), min_size=1, max_size=8
)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(words, st.integers(-(10**9), 10**9)), min_size=1, max_size=20), st.sampled_from([",", ";", "\t"])
)
def test_what_polars_writes_is_read_or_refused_for_a_reason(rows: list, delimiter: str) -> None:
    import tempfile

    frame = pl.DataFrame({"word": [f"w{word}" for word, _ in rows], "number": [number for _, number in rows]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        frame.write_csv(path, separator=delimiter)
        try:
            found = read_data_file(path)
        except DataFileError as refused:
            pytest.fail(str(refused))
    assert found.frame["word"].to_list() == frame["word"].to_list()
    assert found.frame["number"].to_list() == frame["number"].to_list()


@pytest.mark.parametrize(
    ("cells", "text", "day"),
    [
        (["31/01/2024", "01/02/2024"], "02/01/2024", dt.date(2024, 1, 2)),
        (["01/31/2024", "02/01/2024"], "02/01/2024", dt.date(2024, 2, 1)),
        (["31.01.2024 10:30"], " 02.01.2024 ", dt.date(2024, 1, 2)),
        (["31/01/2024"], "2024-01-02", dt.date(2024, 1, 2)),
        (["31/01/2024"], "01/31/2024", None),
        (["31/01/2024"], "soon", None),
        ([43831, 43832], "43832", dt.date(2020, 1, 2)),
        ([43831, 43832], "2020-01-02", dt.date(2020, 1, 2)),
        ([43831, 43832], "7", None),
        ([dt.date(2020, 1, 1)], "2020-01-02T00:00", dt.date(2020, 1, 2)),
        ([dt.date(2020, 1, 1)], "02/01/2020", None),
    ],
)
def test_one_more_date_is_read_as_its_column_was(cells: list[object], text: str, day: dt.date | None) -> None:
    assert date_column(data({"day": cells}), "day").parse(text) == day
