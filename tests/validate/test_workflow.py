import csv
import json

import pytest

from commonbeat.cli import run
from commonbeat.errors import InputError, InterruptedRunError, RunFolderError
from commonbeat.workflows import validate as module
from commonbeat.workflows.power import partial_of
from commonbeat.workflows.validate import read_validation, rows_of, validate

QUICK = ("sitcom", "football")
KEYS = {"id", "published", "predicted", "low", "high", "passed", "why"}


def quick(out=None, **more):
    return validate(out, only=QUICK, society="small", workers=1, **{"draws": 20, **more})


def test_failures_stand_first_and_every_finding_has_a_verdict():
    found = quick()
    assert {verdict.id for verdict in found.verdicts} == {"sitcom-weeks-later", "team-inside", "team-outside"}
    kinds = [verdict.miss for verdict in found.verdicts]
    assert kinds == sorted(kinds, key=("wrong", "open", "").index)
    assert all(verdict.passed == (verdict.miss == "") for verdict in found.verdicts)
    assert all(set(row) >= KEYS for row in rows_of(found.verdicts))


def test_the_folder_holds_the_table_the_draws_and_a_page_that_says_the_same(tmp_path):
    found = quick(tmp_path / "out")
    rows = json.loads((tmp_path / "out" / "validation.json").read_text())
    assert [row["id"] for row in rows] == [verdict.id for verdict in found.verdicts]
    with (tmp_path / "out" / "draws.csv").open() as file:
        drawn = list(csv.DictReader(file))
    assert len(drawn) == 20
    middle = sorted(float(row["sitcom-weeks-later"]) for row in drawn)
    sitcom = next(verdict for verdict in found.verdicts if verdict.id == "sitcom-weeks-later")
    assert middle[9] <= sitcom.predicted <= middle[10]
    page = (tmp_path / "out" / "validation.html").read_text()
    failed = sum(not verdict.passed for verdict in found.verdicts)
    assert f"{failed} of 3 published findings are not predicted" in page
    assert not partial_of(tmp_path / "out").exists()
    assert read_validation(tmp_path / "out").verdicts == found.verdicts


def test_the_number_of_workers_changes_nothing(tmp_path):
    two = validate(only=QUICK, society="small", workers=2, draws=20)
    assert rows_of(two.verdicts) == rows_of(quick().verdicts)


def test_more_draws_leave_the_first_ones_as_they_were(tmp_path):
    quick(tmp_path / "few")
    quick(tmp_path / "many", draws=24)
    few, many = ((tmp_path / name / "draws.csv").read_text().splitlines() for name in ("few", "many"))
    assert many[:21] == few


def test_what_was_stopped_goes_on_from_the_draws_that_were_kept(tmp_path, monkeypatch):
    from commonbeat.validate import predict as predicting

    real, made = predicting.predict, []

    def stopping(inquiry, draws, keep, *, workers):
        real(inquiry, list(draws)[:7], keep, workers=workers)
        raise KeyboardInterrupt

    monkeypatch.setattr(predicting, "predict", stopping)
    with pytest.raises(InterruptedRunError, match="7 of 20 draws are kept"):
        quick(tmp_path / "out")
    assert not (tmp_path / "out").exists()

    def counting(inquiry, draws, keep, *, workers):
        made.extend(draws)
        real(inquiry, draws, keep, workers=workers)

    monkeypatch.setattr(predicting, "predict", counting)
    found = quick(tmp_path / "out")
    assert made == list(range(7, 20))
    monkeypatch.setattr(predicting, "predict", real)
    assert rows_of(found.verdicts) == rows_of(quick().verdicts)


def test_draws_of_other_evidence_are_not_taken_up(tmp_path, monkeypatch):
    mark = module.fingerprint({"seed": 1, "draws": 20})
    assert module.fingerprint({"seed": 1, "draws": 30}) == mark
    assert module.fingerprint({"seed": 2, "draws": 20}) != mark
    partial_of(tmp_path / "out").mkdir()
    (partial_of(tmp_path / "out") / "kept.json").write_text(json.dumps({"fingerprint": mark, "draws": {"0": {"a": 1}}}))
    assert module.kept(tmp_path / "out", mark) == {0: {"a": 1.0}}
    assert module.kept(tmp_path / "out", "another") == {}


def test_all_that_cannot_be_done_is_said_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        validate(only=("sitcom", "newhaven", "foot"), draws=3)
    assert [mistake.value for mistake in caught.value.mistakes] == ["newhaven", "foot", 3]
    assert "Did you mean 'new-haven'?" in str(caught.value)
    (tmp_path / "there").mkdir()
    with pytest.raises(RunFolderError):
        quick(tmp_path / "there")


def test_the_command_prints_a_list_of_objects_and_nothing_else(capsys):
    assert (
        run(["validate", "--target", "sitcom", "--target", "football", "--draws", "20", "--workers", "1", "--json"])
        == 0
    )
    rows = json.loads(capsys.readouterr().out)
    assert isinstance(rows, list)
    assert len(rows) == 3
    assert all(set(row) >= KEYS for row in rows)


def test_the_command_says_failures_first_in_a_table(capsys):
    assert run(["validate", "--target", "sitcom", "--draws", "20", "--workers", "1"]) == 0
    shown = capsys.readouterr().out
    assert "of 1 findings are not predicted" in shown
    assert "sitcom-weeks-later" in shown


def test_an_unknown_study_ends_the_command_with_2(capsys):
    assert run(["validate", "--target", "sitcoms"]) == 2
    assert "Did you mean 'sitcom'?" in capsys.readouterr().err
