"""What is made from a record is known to the store, as far as it is there, so that a withdrawal reaches it."""

from __future__ import annotations

from pathlib import Path

import pytest

from commonbeat.errors import ConsentError, InputError, StoreError
from commonbeat.workflows.record_withdraw import withdraw_record
from commonbeat.workflows.recorded_events import remember_made
from commonbeat.workflows.simulate import run_scenario
from tests.workflows.recorded import REAL, written


def remembered(folder: Path) -> list[str]:
    """Paths that the folder's store knows as made from the record."""
    from commonbeat.workflows.record_withdraw import what_would_go

    return list(what_would_go("dance-off-encounter", project=folder)[1])


@pytest.mark.parametrize("work", ["simulate", "fit", "sensitivity"])
def test_what_failed_before_anything_was_made_is_not_looked_for_at_a_withdrawal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    from commonbeat.workflows.fit import fit_targets
    from commonbeat.workflows.record_import import import_records
    from commonbeat.workflows.sensitivity import study_sensitivity

    monkeypatch.chdir(tmp_path)
    source = written(tmp_path, ("invented = true", REAL))
    import_records("ours.toml")
    scenario = Path(source).read_text(encoding="utf-8").replace('place = "drawn"', 'place = "Nowhere at all"')
    Path(source).write_text(scenario, encoding="utf-8")
    give = {
        "simulate": lambda: run_scenario(source, out=tmp_path / "made", workers=1),
        "fit": lambda: fit_targets(source, tmp_path / "targets.csv", out=tmp_path / "made", workers=1),
        "sensitivity": lambda: study_sensitivity(source, out=tmp_path / "made", workers=1),
    }[work]
    with pytest.raises(InputError, match="Nowhere at all"):
        give()
    assert remembered(tmp_path) == ["ours.toml"]
    assert withdraw_record("dance-off-encounter").unreached == ()


def test_a_stopped_run_is_looked_for_as_far_as_something_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commonbeat.record import load_record

    monkeypatch.chdir(tmp_path)
    written(tmp_path)
    consent, other = (load_record(tmp_path / "ours.toml").consent for _ in range(2))

    def stopped() -> None:
        with remember_made([consent], Path("run"), Path("run.partial")):
            assert remembered(tmp_path) == ["run", "run.partial"]
            Path("run.partial").mkdir()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert remembered(tmp_path) == ["run.partial"]
    with remember_made([consent], Path("run"), Path("run.partial")):
        Path("run").mkdir()
    Path("run").rename("moved")
    with pytest.raises(KeyboardInterrupt), remember_made([other], Path("run"), Path("run.partial")):
        raise KeyboardInterrupt
    assert "run" in remembered(tmp_path)  # an earlier one was made there, and is not forgotten for a later one's sake
    assert [path for path, _ in withdraw_record("dance-off-encounter").unreached] == ["run"]


def test_nothing_is_remembered_where_one_of_several_encounters_was_withdrawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commonbeat.record import load_record

    monkeypatch.chdir(tmp_path)
    written(tmp_path)
    gone = load_record(tmp_path / "ours.toml").consent
    with remember_made([gone], Path("run"), Path("run.partial")):
        Path("run").mkdir()
    withdraw_record("dance-off-encounter")
    still = gone.model_copy(update={"encounter": "another-one"})
    with pytest.raises(ConsentError, match="was withdrawn"), remember_made([still, gone], Path("run"), Path("p")):
        pytest.fail("the block was entered")
    with pytest.raises(StoreError, match="is not in the store"):
        withdraw_record("another-one")


def test_a_scenario_without_real_people_leaves_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with remember_made([], Path("run"), Path("run.partial")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_withdrawal_reaches_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = written(tmp_path, ("invented = true", REAL))
    run = run_scenario(source, out=tmp_path / "run", workers=1)
    assert "quality_of_dance_off_encounter" in set(run.table("parameters")["parameter"])
    assert (tmp_path / "run" / "report.html").is_file()
    again = run_scenario(tmp_path / "run" / "scenario.toml", out=tmp_path / "again", workers=1)
    assert again.table("rings").equals(run.table("rings"))
    gone = withdraw_record("dance-off-encounter", project=tmp_path)
    assert (gone.deleted, gone.unreached) == (("run",), ())  # what was written while it ran is gone since it ended
    assert not (tmp_path / "run").exists()
    with pytest.raises(Exception, match="was withdrawn"):
        run_scenario(source, out=tmp_path / "third", workers=1)
    assert not (tmp_path / "third").exists()
