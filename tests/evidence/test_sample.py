"""A sample in place of priors: drawn by address with its weights, and refused with everything that is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from commonbeat.errors import LedgerError
from commonbeat.evidence import draw_parameters
from commonbeat.evidence.priors import draw_table
from commonbeat.evidence.sample import read_sample

ROWS = "participant_dose,share_chance,weight\n0.4,0.02,1\n0.5,0.025,3\n"
LEDGER = "a" * 64


def written(folder: Path, text: str) -> Path:
    path = folder / "priors.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(LedgerError) as caught:
        read_sample(written(folder, text), ledger=LEDGER)
    return str(caught.value)


def test_a_table_of_draws_holds_what_single_draws_give() -> None:
    bands = {"direct_trust": (0.1, 0.4), "share_chance": (0.5, 1.0)}
    names, values = draw_table(9, np.arange(5), bands=bands)
    for draw in range(5):
        assert dict(zip(names, values[draw].tolist(), strict=True)) == draw_parameters(9, draw, bands=bands)


def test_rows_are_picked_by_weight_and_address(tmp_path: Path) -> None:
    sample = read_sample(written(tmp_path, ROWS), ledger=LEDGER)
    picked = [sample.pick(7, draw)["participant_dose"] for draw in range(2000)]
    assert np.mean(np.array(picked) == 0.5) == pytest.approx(0.75, abs=0.03)
    assert sample.pick(7, 3) == sample.pick(7, 3)
    assert sample.pick(7, 3).keys() == {"participant_dose", "share_chance"}
    assert (sample.fitted_to, sample.ledger) == ((), "")


def test_every_wrong_column_is_listed_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, "participant_dos,share_chance,share_chance\n0.4,0.02,0.02\n")
    assert "'participant_dos' is not a parameter that is drawn. Did you mean 'participant_dose'?" in told
    assert "'share_chance' stands twice" in told
    assert "'weight' is missing" in told
    assert "names no parameter" in refused(tmp_path, "weight\n1\n")


def test_every_wrong_cell_is_listed_at_once(tmp_path: Path) -> None:
    told = refused(
        tmp_path, "participant_dose,share_chance,weight\nnan,0.02,1\n0.4,,1\n0.4,0.02\n0.4,3,-1\n0.4,0.02,inf\n"
    )
    for words in (
        "line 2 participant_dose: 'nan' is not a finite number",
        "line 3 share_chance: is empty",
        "line 4: has 2 fields, not 3",
        "line 5 weight: -1.0 is below 0",
        "line 5 share_chance: 3.0",
        "lies outside its prior",
        "line 6 weight: 'inf' is not a finite number",
    ):
        assert words in told, words


def test_a_file_without_rows_or_weight_is_refused(tmp_path: Path) -> None:
    assert "has no rows" in refused(tmp_path, "share_chance,weight\n")
    assert "is 0 in every row" in refused(tmp_path, "share_chance,weight\n0.02,0\n0.03,0\n")


def beside(folder: Path, **changed: object) -> None:
    """A fit's manifest stands beside the file."""
    sample = read_sample(written(folder, ROWS), ledger=LEDGER)
    about = {"sha256": sample.sha256, "fitted_to": ["trust, day 7"]}
    manifest = {"parameter_ledger_hash": LEDGER, "priors": about} | changed
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_the_manifest_beside_it_says_what_it_was_fitted_to(tmp_path: Path) -> None:
    beside(tmp_path)
    sample = read_sample(tmp_path / "priors.csv", ledger=LEDGER)
    assert sample.fitted_to == ("trust, day 7",)
    assert sample.about()["rows"] == 2


def test_other_evidence_and_an_altered_file_are_refused_together(tmp_path: Path) -> None:
    beside(tmp_path, parameter_ledger_hash="b" * 64)
    told = refused(tmp_path, ROWS.replace("0.4", "0.41"))
    assert "was altered after the fit" in told
    assert "rests on other evidence" in told
