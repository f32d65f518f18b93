"""Scripts read awkward files as Common Beat does: encodings, delimiters, decimal marks, header rows, labels of missing codes."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import polars as pl
import pytest

from commonbeat.estimate.design import make_design
from commonbeat.workflows.estimate import write_script
from tests.estimate import script_studies as studies
from tests.estimate.test_scripts import assert_same, own_rows, run_script

DESIGN = {
    "outcome": ["trust"],
    "treatment": "arm",
    "control": "Zürich",
    "treated": ["Évian"],
    "covariates": ["age"],
    "missing": ["Keine Antwort", -99],
}


def rows(decimal: str = ".", factor: float = 1.0) -> list[list[str]]:
    frame = studies.people().select("arm", "trust", "age")
    arms = {"dance": "Évian", "leaflet": "Zürich"}
    shown = [
        [arms[arm], "" if trust is None else f"{trust * factor:.3f}", "NA" if age is None else f"{age:.1f}"]
        for arm, trust, age in frame.iter_rows()
    ]
    return [[cell.replace(".", decimal) for cell in row] for row in shown]


def written(path: Path, content: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(content)
    return path


def assert_r_agrees(path: Path, design: dict) -> None:
    script = write_script(path, "r", design=make_design(design))
    assert_same(own_rows(path, make_design(design)), run_script(script, path.parent))


@pytest.mark.parametrize(
    ("encoding", "delimiter", "decimal"),
    [("cp1252", ";", ","), ("utf-16", ",", "."), ("utf-16-be", "\t", ","), ("utf-8-sig", "|", ".")],
)
def test_encodings_delimiters_and_decimal_marks(tmp_path: Path, encoding: str, delimiter: str, decimal: str) -> None:
    content = [["arm", "trust", "age"], *rows(decimal)]
    assert_r_agrees(written(tmp_path / "people.csv", content, encoding=encoding, delimiter=delimiter), DESIGN)


def test_words_among_numbers_with_decimal_commas(tmp_path: Path) -> None:
    content = [["arm", "trust", "age"], *rows(",")]
    for place in range(5, 40, 7):
        content[place][1] = "Keine Antwort"
    assert_r_agrees(written(tmp_path / "people.csv", content, delimiter=";"), DESIGN)


def test_commas_between_thousands(tmp_path: Path) -> None:
    content = [["arm", "trust", "age"], *rows(factor=1000.0)]
    for row in content[1:]:
        row[1] = f"{float(row[1]):,.0f}" if row[1] else ""
    assert_r_agrees(written(tmp_path / "people.csv", content), DESIGN)


def test_a_qualtrics_export_with_a_question_on_two_lines(tmp_path: Path) -> None:
    names = ["arm", "trust", "age"]
    texts = ["Arm", "How much do you\ntrust, or not,\nthe police?", "Age"]
    imports = [f'{{"ImportId":"{name}"}}' for name in names]
    content = [[*row, "fine,\nthanks", ""] for row in rows()]
    head = [[*names, "Q9", ""], [*texts, "Comments", ""], [*imports, '{"ImportId":"QID9"}', ""]]
    path = written(tmp_path / "people.csv", [*head, *content, [""] * 5], encoding="utf-8-sig")
    assert_r_agrees(path, DESIGN)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_that_was_not_there_is_looked_at_by_r(tmp_path: Path, encoding: str) -> None:
    script = write_script("people.csv", "r", design=make_design(DESIGN))
    path = written(tmp_path / "people.csv", [["arm", "trust", "age"], *rows()], encoding=encoding)
    assert_same(own_rows(path, make_design(DESIGN)), run_script(script, tmp_path))


def test_a_missing_word_is_the_label_of_a_code(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    if subprocess.run(["Rscript", "-e", "library(haven)"], capture_output=True, check=False).returncode:
        pytest.skip("the R package haven is missing")
    frame = studies.people().select(
        pl.col("arm").replace_strict({"leaflet": 1, "dance": 2}).alias("arm"),
        pl.col("q1").cast(pl.Int64).alias("trust"),
    )
    frame = frame.with_columns(pl.when(pl.int_range(pl.len()) % 9 == 0).then(8).otherwise("trust").alias("trust"))
    labels = {"arm": {1: "leaflet", 2: "dance"}, "trust": {1: "low", 7: "high", 8: "Refused"}}
    pyreadstat.write_dta(frame.to_pandas(), tmp_path / "people.dta", variable_value_labels=labels)
    design = {"outcome": ["trust"], "treatment": "arm", "control": "leaflet", "missing": ["refused"]}
    assert_r_agrees(tmp_path / "people.dta", design)


def test_dates_of_a_series_are_read_as_the_column_writes_them(tmp_path: Path) -> None:
    import datetime as dt

    from commonbeat.datafile import read_data_file
    from commonbeat.estimate.prepare.over_time import prepare_series
    from commonbeat.estimate.series import interrupted_series

    days = [dt.date(2022, 1, 3) + dt.timedelta(weeks=week) for week in range(104)]
    dates = pl.Series("week", [day.strftime("%d/%m/%Y") for day in days])
    studies.weeks().with_columns(dates).write_csv(tmp_path / "weeks.csv")
    design = make_design({**studies.SERIES, "series": {**studies.SERIES["series"], "start": days[60].isoformat()}})
    (series,), _, _ = prepare_series(read_data_file(tmp_path / "weeks.csv"), design)
    rows = run_script(write_script(tmp_path / "weeks.csv", "r", design=design), tmp_path)
    assert_same(list(interrupted_series(series).rows), rows, tolerance=1e-4)
    assert '"DMY"' in write_script(tmp_path / "weeks.csv", "stata", design=design)


def test_stata_names_the_layout(tmp_path: Path) -> None:
    content = [["arm", "trust", "age"], *rows(",")]
    path = written(tmp_path / "people.csv", content, encoding="cp1252", delimiter=";")
    script = write_script(path, "stata", design=make_design(DESIGN))
    assert 'delimiters(";") varnames(1) case(preserve) encoding("windows-1252") stringcols(_all)' in script
    assert 'char trust[decimal] ","\nwritten_number trust' in script
    assert "written_text arm" in script
    assert 'no_answer trust "Keine Antwort"' in script
    assert "quietly decode `column', generate(`words')" in script
