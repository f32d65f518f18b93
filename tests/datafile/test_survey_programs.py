"""Qualtrics and REDCap exports: their header rows, their test responses, their repeated rows and checkboxes."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import xlsxwriter

from commonbeat.datafile import DataFile, category_column, read_data_file

NAMES = ["StartDate", "Status", "IPAddress", "Finished", "ResponseId", "DistributionChannel", "Q1", "Q2_4"]
TEXTS = [
    "Start Date",
    "Response Type",
    "IP Address",
    "Finished",
    "Response ID",
    "Distribution Channel",
    "<b>How much</b> do\nyou trust&nbsp;police?",
    "Age, in years",
]
IMPORTS = [f'{{"ImportId":"{name}","timeZone":"America/Chicago"}}' for name in NAMES]
ANSWERS = [
    ["2020-01-01 10:00:00", "IP Address", "1.2.3.4", "True", "R_1", "anonymous", "4", "34"],
    ["2020-01-02 10:00:00", "Survey Preview", "", "True", "R_2", "preview", "1", "99"],
    ["2020-01-03 10:00:00", "IP Address", "1.2.3.5", "False", "R_3", "anonymous", "", ""],
    ["2020-01-04 10:00:00", "Survey Test", "", "True", "R_4", "test", "3", "51"],
]


def written(folder: Path, rows: list[list[str]], name: str = "export.csv", encoding: str = "utf-8-sig") -> DataFile:
    with (folder / name).open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter="\t" if name.endswith("tsv") else ",").writerows(rows)
    return read_data_file(folder / name)


def test_qualtrics_has_three_header_rows(tmp_path: Path) -> None:
    data = written(tmp_path, [NAMES, TEXTS, IMPORTS, *ANSWERS])
    assert data.frame.columns == NAMES
    assert data.frame["Q1"].to_list() == [4, 1, None, 3]
    assert data.frame["StartDate"].dtype == pl.Datetime("us")
    assert data.column_labels["Q1"] == "How much do you trust police?"
    assert list(data.row_numbers) == [4, 5, 6, 7]
    assert data.rows == 4


def test_qualtrics_previews_tests_and_unfinished_ones_are_kept_and_told(tmp_path: Path) -> None:
    data = written(tmp_path, [NAMES, TEXTS, IMPORTS, *ANSWERS])
    advice = "they were kept; take test responses out before you estimate"
    assert data.warnings[:4] == (
        f"2 responses are previews, tests or spam by Status (Survey Preview, Survey Test); {advice}",
        f"2 responses are previews or tests by DistributionChannel; {advice}",
        "1 response is unfinished by Finished; it was kept",
        "columns that identify people: IPAddress; take them out before you share the file",
    )


def test_qualtrics_with_codes_instead_of_words(tmp_path: Path) -> None:
    coded = [
        [row[0], code, *row[2:3], row[3].replace("True", "1").replace("False", "0"), *row[4:]]
        for row, code in zip(ANSWERS, "0102", strict=True)
    ]
    data = written(tmp_path, [NAMES, TEXTS, IMPORTS, *coded], "export.tsv", "utf-16")
    assert data.value_labels["Status"] == {0: "IP Address", 1: "Survey Preview", 2: "Survey Test"}
    assert "2 responses are previews, tests or spam by Status (Survey Preview, Survey Test)" in data.warnings[0]
    assert any("unfinished" in sentence for sentence in data.warnings)
    assert category_column(data, "Status").names == ("IP Address", "Survey Preview", "Survey Test")


def test_qualtrics_with_two_header_rows(tmp_path: Path) -> None:
    names, texts = [*NAMES, "EndDate"], [*TEXTS, "End Date"]
    answers = [[*row, row[0]] for row in ANSWERS]
    without_imports = written(tmp_path, [names, texts, *answers])
    assert list(without_imports.row_numbers) == [3, 4, 5, 6]
    assert without_imports.column_labels["EndDate"] == "End Date"
    without_texts = written(tmp_path, [NAMES, IMPORTS, *ANSWERS])
    assert list(without_texts.row_numbers) == [3, 4, 5, 6]
    assert without_texts.column_labels == {}


def test_a_qualtrics_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "export.xlsx") as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([NAMES, TEXTS, IMPORTS, *ANSWERS]):
            for column, cell in enumerate(row):
                sheet.write(place, column, float(cell) + 1 / 3 if place > 2 and column == 6 and cell else cell)
    data = read_data_file(tmp_path / "export.xlsx")
    assert data.frame["Q1"].to_list()[0] == 4 + 1 / 3
    assert any("previews" in sentence for sentence in data.warnings)


RAW = [
    "record_id",
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "trust",
    "services___1",
    "services___2",
    "baseline_complete",
]
RAW_ROWS = [
    ["1", "baseline_arm_1", "", "", "4", "1", "0", "2"],
    ["1", "followup_arm_1", "", "", "5", "", "", "2"],
    ["1", "followup_arm_1", "visit", "1", "", "", "", ""],
    ["2", "baseline_arm_1", "", "", "2", "0", "0", "0"],
]


def test_redcap_raw_exports(tmp_path: Path) -> None:
    data = written(tmp_path, [RAW, *RAW_ROWS], encoding="utf-8")
    assert data.frame["services___1"].to_list() == [1, None, None, 0]
    assert data.value_labels["services___1"] == {0: "Unchecked", 1: "Checked"}
    assert data.value_labels["baseline_complete"][0] == "Incomplete"
    assert data.warnings == (
        "1 row is of repeated instruments (visit): a person stands in several rows",
        "2 events (redcap_event_name): a person stands in a row for each; choose one, or name the person",
        "rows with no box ticked: services (1); a checkbox is 0 as well where it was not asked or not answered",
    )


def test_redcap_raw_exports_with_labels_below_the_names(tmp_path: Path) -> None:
    labels = [
        "Record ID",
        "Event Name",
        "Repeat Instrument",
        "Repeat Instance",
        "Trust in police",
        "Services (choice=Housing)",
        "Services (choice=Health)",
        "Complete?",
    ]
    data = written(tmp_path, [RAW, labels, *RAW_ROWS], encoding="utf-8")
    assert data.column_labels["services___1"] == "Services (choice=Housing)"
    assert data.frame["trust"].to_list() == [4, 5, None, 2]
    assert list(data.row_numbers) == [3, 4, 5, 6]


def test_redcap_label_exports(tmp_path: Path) -> None:
    names = [
        "Record ID",
        "Repeat Instrument",
        "Trust in police",
        "Complete?",
        "Services (choice=Housing)",
        "Services (choice=Health)",
        "Complete?",
    ]
    rows = [
        ["1", "", "A lot", "Complete", "Checked", "Unchecked", "Complete"],
        ["2", "", "A little", "Incomplete", "Unchecked", "Unchecked", ""],
    ]
    data = written(tmp_path, [names, *rows], encoding="utf-8")
    assert "Complete? (2)" in data.frame.columns
    assert data.frame["Services (choice=Housing)"].to_list() == [1, 0]
    assert category_column(data, "Services (choice=Housing)").names == ("Checked", "Unchecked")
    assert data.warnings == (
        "2 columns are called 'Complete?'; all but the first were numbered",
        "rows with no box ticked: Services (1); a checkbox is 0 as well where it was not asked or not answered",
    )
