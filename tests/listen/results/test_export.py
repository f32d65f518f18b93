"""Each form of export is read back by somebody else's reader and holds what was answered, and nothing by which anybody is reached."""

from __future__ import annotations

import csv
import io
import shutil
import stat
import subprocess
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as some

from commonbeat.cli import run
from commonbeat.datafile import read_data_file
from commonbeat.errors import InputError, WriteError
from commonbeat.fit.posterior.reading import Known, read_targets
from commonbeat.listen.results.files import csv_bytes, spss_name
from commonbeat.listen.results.wide import long_data, wide_data
from commonbeat.record.coding.spreadsheet import unguarded
from commonbeat.scenario import parse_scenario, shipped_text
from commonbeat.storage.log import entries
from commonbeat.workflows.listen_export import export_study
from commonbeat.workflows.listen_results import listen_results
from tests.listen.results.made import FORMULA, Filled

R = """
library(haven)
data <- read_sav(commandArgs(TRUE)[1])
kept <- read_sav(commandArgs(TRUE)[1], user_na = TRUE)
cat(nrow(data), sum(!is.na(data$trust_rely_first)), sum(data$trust_rely_first, na.rm = TRUE), attr(data$trust_rely_first, "label"),
    names(attr(data$trust_rely_first, "labels"))[1], sum(kept$trust_rely_first == -9), data$arm[1], sep = "|")
"""


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_row_a_person_is_read_back_as_it_was_answered(ending: str, viewers: Filled, tmp_path: Path) -> None:
    path = tmp_path / f"answers.{ending}"
    made = export_study(viewers.store, viewers.study, path)
    wide = wide_data(viewers.collected)
    read = pl.read_csv(path, infer_schema_length=None) if ending == "csv" else pl.read_parquet(path)
    assert made.rows == read.height == 200
    assert read.columns == wide.frame.columns
    for each in wide.variables:
        assert read[each.name].cast(wide.frame[each.name].dtype).to_list() == wide.frame[each.name].to_list(), each.name
    assert (tmp_path / f"answers.{ending}.codebook.md").read_text().count("| `") == len(wide.variables)


def test_what_leaves_is_for_its_owner_alone(viewers: Filled, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    export_study(viewers.store, viewers.study, tmp_path / "answers.csv", texts=True)
    found = listen_results(viewers.store, viewers.study, out=tmp_path / "said", project=tmp_path)
    assert found.folder is not None
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    assert modes.pop("said") == 0o700
    modes.pop("findings", None)  # what may be told to anybody
    assert len(modes) == 2
    assert set(modes.values()) == {0o600}


def test_a_row_an_answer_is_read_back(viewers: Filled, tmp_path: Path) -> None:
    export_study(viewers.store, viewers.study, tmp_path / "long.parquet", form="long", texts=True)
    read = pl.read_parquet(tmp_path / "long.parquet")
    assert read.equals(long_data(viewers.collected, texts=True))
    assert read.height == viewers.collected.told.height
    without = export_study(viewers.store, viewers.study, tmp_path / "bare.csv", form="long")
    assert without.rows == read.filter(~pl.col("item").is_in(["reflection_words", "engaged_what"])).height
    assert "said number" not in (tmp_path / "bare.csv").read_text()


def test_spss_has_questions_answers_and_codes_for_no_answer(viewers: Filled, tmp_path: Path) -> None:
    export_study(viewers.store, viewers.study, tmp_path / "answers.sav", language="es", texts=True)
    frame, meta = pyreadstat.read_sav(tmp_path / "answers.sav", output_format="polars", user_missing=True)
    wide = wide_data(viewers.collected, language="es", texts=True)
    assert meta.column_names_to_labels["trust_rely_first"] == next(
        each.label for each in wide.variables if each.name == "trust_rely_first"
    )
    assert meta.variable_value_labels["trust_rely_first"][-9.0] == "passed over"
    assert len(meta.variable_value_labels["trust_rely_first"]) == 7
    assert meta.missing_ranges["trust_rely_first"] == [{"lo": -9.0, "hi": -8.0}]
    later = wide.frame["trust_rely_month_later"].null_count()
    assert (frame["trust_rely_month_later"].is_in([-9.0, -8.0])).sum() == later
    assert (frame["trust_rely_month_later"] == -8.0).sum() == (wide.frame["answered_month_later"] == 0).sum()
    ours = read_data_file(tmp_path / "answers.sav")
    assert ours.frame["trust_rely_first"].cast(pl.Float64).to_list() == wide.frame["trust_rely_first"].to_list()
    assert any(FORMULA in text for text in frame["reflection_words_first"].to_list())


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_reads_the_same_from_the_spss_file(viewers: Filled, tmp_path: Path) -> None:
    export_study(viewers.store, viewers.study, tmp_path / "answers.sav")
    (tmp_path / "read.R").write_text(R)
    if subprocess.run(["Rscript", "-e", "library(haven)"], check=False, capture_output=True).returncode:
        pytest.skip("haven is not installed")
    told = subprocess.run(
        ["Rscript", "read.R", "answers.sav"], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    rows, answered, total, label, first, passed, arm = told.stdout.split("|")
    wide = wide_data(viewers.collected)
    column = wide.frame["trust_rely_first"]
    assert (int(rows), int(answered), float(total)) == (200, column.count(), column.sum())
    assert int(passed) == wide.passed["trust_rely_first"].sum()
    assert label == next(each.label for each in wide.variables if each.name == "trust_rely_first")
    assert first
    assert arm == wide.frame["arm"][0]


def known() -> Known:
    """The shipped scenario, its residents asked about everything."""
    text = shipped_text("dance-off")
    outcomes = ("trust", "cooperation", "prejudice", "reform")
    asked = {
        "All residents": outcomes,
        "Black residents": outcomes,
        "White residents": outcomes,
        "Officers": ("regard",),
        "All": outcomes,
    }
    return Known(parse_scenario(text, source="dance-off"), asked)


@pytest.mark.parametrize("kind", ["viewers", "residents"])
def test_targets_are_read_by_the_fit(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    filled: Filled = request.getfixturevalue(kind)
    arm = next(each.name for each in known().scenario.arms if "clip" in each.name)
    made = export_study(filled.store, filled.study, tmp_path / "targets.csv", arm=arm)
    found = read_targets(tmp_path / "targets.csv", known())
    assert len(found.targets) == made.rows > 3
    assert {each.kind for each in found.targets} == {"effect" if kind == "viewers" else "survey_mean"}
    trust = next(each for each in found.targets if each.outcome == "trust")
    assert trust.arm == arm
    if kind == "viewers":
        assert 0.2 < trust.estimate < 2
        assert trust.ring == "watched"
    else:
        written = list(csv.DictReader(io.StringIO((tmp_path / "targets.csv").read_text())))
        assert all(int(row["n"]) >= 10 for row in written)
        assert all(40 < float(row["estimate"]) < 60 for row in written if row["outcome"] == "trust")


def test_present_studies_have_no_targets_and_mistakes_come_together(viewers: Filled, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine")
    with pytest.raises(InputError) as refused:
        export_study(viewers.store, viewers.study, tmp_path / "there.csv", form="targets", language="fr")
    assert {each.place for each in refused.value.mistakes} == {"--arm", "--language", "--to"}
    assert (tmp_path / "there.csv").read_text() == "mine"
    with pytest.raises(InputError, match="no ending that is known"):
        export_study(viewers.store, viewers.study, tmp_path / "answers.doc")


def test_a_file_is_written_over_only_when_asked_for(viewers: Filled, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    export_study(viewers.store, viewers.study, path)
    with pytest.raises(InputError, match="exists already"):
        export_study(viewers.store, viewers.study, path)
    export_study(viewers.store, viewers.study, path, replace=True)
    (tmp_path / "other.csv.codebook.md").write_text("mine")
    with pytest.raises(InputError, match=r"other\.csv\.codebook\.md"):
        export_study(viewers.store, viewers.study, tmp_path / "other.csv")
    export_study(
        viewers.store, viewers.study, tmp_path / "other.parquet"
    )  # each kind of file has a codebook of its own
    assert (tmp_path / "other.csv.codebook.md").read_text() == "mine"


def test_whole_numbers_of_a_csv_file_have_no_decimals() -> None:
    frame = pl.DataFrame(
        {"chosen": [1.0, None, 99.0], "hours": [0.5, 2.0, None], "nothing": pl.Series([None] * 3, dtype=pl.Float64)}
    )
    assert csv_bytes(frame).decode().splitlines() == ["chosen,hours,nothing", "1,0.5,", ",2.0,", "99,,"]


def test_a_disk_that_refuses_leaves_nothing_and_the_log_says_so(
    viewers: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        message = "the disk is full"
        raise WriteError(message)

    monkeypatch.setattr("commonbeat.results.disk.write_whole", full)
    with pytest.raises(WriteError):
        export_study(viewers.store, viewers.study, tmp_path / "answers.csv")
    assert list(tmp_path.iterdir()) == []
    with viewers.store.reading() as connection:
        assert entries(connection)[-1].act == "not exported"


def test_no_file_holds_a_link_or_a_day_and_the_log_knows_each(viewers: Filled, tmp_path: Path) -> None:
    for name in ("a.csv", "b.parquet", "c.sav"):
        export_study(viewers.store, viewers.study, tmp_path / name, texts=True)
        content = (tmp_path / name).read_bytes()
        assert b"secret token" not in content
        assert b"token" not in content
        assert b"2026-" not in content
    with viewers.store.reading() as connection:
        told = [each.scope for each in entries(connection) if each.act == "study exported"]
    assert {"wide csv with texts", "wide parquet with texts", "wide sav with texts"} <= set(told)


@given(
    some.lists(
        some.text(some.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=12), min_size=1, max_size=6
    )
)
def test_no_cell_of_a_csv_is_a_formula_and_nothing_is_lost(texts: list[str]) -> None:
    texts = [*texts, *(f"{sign}1+1" for sign in "=+-@\t"), "'=1", "'"]
    rows = list(csv.reader(io.StringIO(csv_bytes(pl.DataFrame({"text": texts})).decode())))[1:]
    cells = [row[0] if row else "" for row in rows]
    assert [unguarded(cell) for cell in cells] == texts
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) and not _is_number(cell) for cell in cells)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_long_names_stay_two_names_in_spss() -> None:
    names = [spss_name("a" * 70 + ending) for ending in ("x", "y")]
    assert len(set(names)) == 2
    assert max(map(len, names)) <= 64
    assert spss_name("trust_first") == "trust_first"


def test_the_commands_do_the_same(viewers: Filled, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = ["--project", str(viewers.folder)]
    assert run(["listen", "export", viewers.study, "--to", str(tmp_path / "a.csv"), *project]) == 0
    assert "a.csv.codebook.md" in capsys.readouterr().out
    assert run(["listen", "export", viewers.study, "--to", str(tmp_path / "a.csv"), *project]) == 2
    assert "exists already" in capsys.readouterr().err
    assert run(["listen", "results", viewers.study, *project]) == 0
    shown = capsys.readouterr().out
    assert "response rate 1 (RR1)" in shown
    assert "On trust (first), people who were drawn to “clip”, compared with those drawn to “control clip”," in shown
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "a.csv.codebook.md"]
