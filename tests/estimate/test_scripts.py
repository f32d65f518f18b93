"""The R script of an analysis, run by R, gives the same numbers; the Stata script is whole and says what differs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from commonbeat.datafile import read_data_file
from commonbeat.estimate.design import make_design
from commonbeat.estimate.effects import complier_effect, intention_to_treat
from commonbeat.estimate.groups import effects_by_group
from commonbeat.estimate.panel import compare_panel, difference_in_differences
from commonbeat.estimate.prepare import prepare
from commonbeat.estimate.prepare.over_time import prepare_before_after, prepare_panel, prepare_series
from commonbeat.estimate.scripts import analysis_script, r_script, stata_script
from commonbeat.estimate.series import interrupted_series
from tests.estimate import script_studies as studies

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.estimate.design import Design
    from commonbeat.estimate.row import Estimate

FIGURES = ("estimate", "std_error", "df", "ci_low", "ci_high", "p_value")
ENDING = '\nwriteLines(jsonlite::toJSON(rows, digits = NA, na = "null"), "rows.json")\n'


def run_script(script: str, folder: Path) -> list[dict[str, Any]]:
    """The rows that R gets by running the script as a reader would."""
    command = shutil.which("Rscript")
    if command is None:
        if os.environ.get("CI"):
            pytest.fail("Rscript is missing: the written script was not run")
        pytest.skip("Rscript is missing: the written script was not run")
    (folder / "analysis.R").write_text(script + ENDING, encoding="utf-8")
    done = subprocess.run([command, "--vanilla", "analysis.R"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "rows.json").read_text())


def own_rows(path: Path, design: Design) -> list[Estimate]:
    """What Common Beat says of the same file and design."""
    found: list[Estimate] = []
    for comparison in prepare(read_data_file(path), design).comparisons:
        found += intention_to_treat(comparison.trial)
        found += [row for row in complier_effect(comparison.trial) if "Anderson" not in row.method]
        if design.by is not None:
            found += [row for row in effects_by_group(comparison.trial) if row.estimate is not None]
    return found


def assert_same(own: list[Estimate], rows: list[dict[str, Any]], tolerance: float = 1e-6) -> None:
    """Every own row is among R's, figure by figure; rows of one estimand are told apart by their estimates."""
    assert own
    for row in own:
        same = [each for each in rows if each["estimand"] == row.estimand and each["n"] == row.n]
        assert same, (row.estimand, [each["estimand"] for each in rows])
        nearest = min(
            same, key=lambda each: abs(each["estimate"] - row.estimate) + abs(each["std_error"] - row.std_error)
        )
        for name in FIGURES:
            assert nearest[name] == pytest.approx(getattr(row, name), rel=tolerance, abs=1e-9), (row.method, name)
        assert nearest["clusters"] == row.clusters


@pytest.mark.parametrize("name", sorted(studies.STUDIES))
def test_r_gives_the_same_numbers(name: str, tmp_path: Path) -> None:
    path = studies.write_people(tmp_path)
    design = make_design(studies.STUDIES[name])
    assert_same(own_rows(path, design), run_script(r_script(design, path.name), tmp_path))


def test_a_labelled_file_is_read_by_its_codes_and_labels(tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat")
    if subprocess.run(["Rscript", "-e", "library(haven)"], capture_output=True, check=False).returncode:
        pytest.skip("the R package haven is missing")
    path = studies.write_labelled(tmp_path)
    design = make_design(
        {"outcome": ["trust"], "treatment": "arm", "control": "leaflet", "covariates": ["home"], "by": "home"}
    )
    assert_same(own_rows(path, design), run_script(r_script(design, path.name), tmp_path))


def test_a_file_with_semicolons_and_decimal_commas_is_read(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    frame = studies.people().select("single", "trust")
    lines = [
        "single;trust",
        *(f"{arm};{'' if value is None else f'{value:.6f}'.replace('.', ',')}" for arm, value in frame.iter_rows()),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    design = make_design({"outcome": ["trust"], "treatment": "single"})
    assert_same(own_rows(path, design), run_script(r_script(design, path.name), tmp_path))


def test_a_panel_in_r(tmp_path: Path) -> None:
    path = tmp_path / "waves.csv"
    studies.waves().write_csv(path)
    design = make_design(studies.PANEL)
    (panel,), _ = prepare_panel(read_data_file(path), design)
    assert_same(list(compare_panel(panel).rows), run_script(r_script(design, path.name), tmp_path))


@pytest.mark.parametrize("season", [52, 7, 4])
def test_a_series_in_r(season: int, tmp_path: Path) -> None:
    path = tmp_path / "weeks.csv"
    studies.weeks().write_csv(path)
    design = make_design({**studies.SERIES, "series": {**studies.SERIES["series"], "season_periods": season}})
    (series,), _, _ = prepare_series(read_data_file(path), design)
    # Both look for the best correlation of the errors; they stop within a millionth of it.
    assert_same(
        list(interrupted_series(series).rows), run_script(r_script(design, path.name), tmp_path), tolerance=1e-4
    )


def test_before_and_after_in_r(tmp_path: Path) -> None:
    path = tmp_path / "months.csv"
    studies.months().write_csv(path)
    design = make_design(studies.BEFORE_AFTER)
    (data,), _ = prepare_before_after(read_data_file(path), design)
    assert_same([difference_in_differences(data)], run_script(r_script(design, path.name), tmp_path))


def test_the_roll_out_in_r_asks_what_the_design_asks() -> None:
    script = r_script(make_design(studies.ROLLOUT), "months.csv")
    assert 'unit <- "precinct no."' in script
    assert "did::att_gt(" in script
    assert 'control <- "not yet treated"' in script
    assert 'base <- "universal"' in script


ALL = {
    **studies.STUDIES,
    "panel": studies.PANEL,
    "series": studies.SERIES,
    "before and after": studies.BEFORE_AFTER,
    "roll-out": studies.ROLLOUT,
}


@pytest.mark.parametrize("name", sorted(ALL))
def test_stata_scripts_are_balanced_and_call_only_what_they_define(name: str) -> None:
    script = stata_script(make_design(ALL[name]), "people.csv")
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("*")]
    for line in lines:
        assert line.count("(") == line.count(")"), line
        assert line.count('"') % 2 == 0, line
        assert line.count("`") == line.count("'") or '`"' in line, line
    assert sum(line.rstrip().endswith("{") for line in lines) == sum(line.strip() == "}" for line in lines)
    defined = set(re.findall(r"^program define (\w+)", script, re.MULTILINE))
    own = {"find_column", "no_answer", "is_value", "as_number", "known_before", "effect", "complier"}
    called = {line.split()[0] for line in lines if line.split() and line.split()[0] in own}
    assert called <= defined
    assert script.startswith("* ")
    assert "version 18" in script


def test_stata_says_which_standard_errors_it_gives() -> None:
    clustered = stata_script(make_design(studies.STUDIES["clustered"]), "people.dta")
    assert "vce(hc2 `cluster', dfadjust)" in clustered
    assert 'use "people.dta", clear' in clustered
    assert "was checked by reading" in clustered
    assert "CR1" in clustered
    assert "cluster(cluster_code)" in clustered


def test_stata_finds_columns_whose_names_it_cannot_keep() -> None:
    script = stata_script(make_design({"outcome": ["trust now"], "treatment": "2nd arm", "missing": [-99]}), "x.xlsx")
    assert 'find_column "trust now" trust_now' in script
    assert 'find_column "2nd arm" _2nd_arm' in script
    assert 'no_answer trust_now "-99"' in script
    assert "import excel" in script
    assert 'sheet("Two")' in analysis_script(
        make_design({"outcome": ["y"], "treatment": "z"}), "stata", data="x.xlsx", sheet="Two"
    )
    assert 'sheet <- "Two"' in analysis_script(
        make_design({"outcome": ["y"], "treatment": "z"}), "r", data="x.xlsx", sheet="Two"
    )


def test_words_of_the_design_cannot_break_out_of_the_script() -> None:
    design = make_design({"title": "one\ntwo", "outcome": ['a"; quit("no'], "treatment": "z"})
    script = r_script(design, 'it"s.csv')
    assert 'outcomes <- c("a\\"; quit(\\"no")' in script
    assert 'file <- "it\\"s.csv"' in script
    assert script.startswith("# one two\n")
    stata = stata_script(design, "x.csv")
    assert stata.startswith("* one two\n")
    assert 'find_column `"a"; quit("no"\' a___quit__no' in stata
    assert "title(intention to treat: a ; quit  no; difference in means)" in stata


def test_a_design_or_an_analysis_can_be_written() -> None:
    from tests.report.analyses import analysis

    whole = analysis()
    assert 'file <- "yards.csv"' in analysis_script(whole, "r")
    assert 'import delimited "yards.csv"' in analysis_script(whole, "stata")
    assert 'file <- "data.csv"' in analysis_script(whole.design, "r")
