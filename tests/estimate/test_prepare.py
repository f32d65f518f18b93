"""From columns to comparisons: everything that stands in the way is listed at once, everything doubtful is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from commonbeat.datafile import read_data_file
from commonbeat.errors import DataFileError
from commonbeat.estimate.design import make_design
from commonbeat.estimate.prepare import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.estimate.prepare import Prepared

PEOPLE = 40


def table(**columns: object) -> pl.DataFrame:
    base = {
        "trust": [50.0 + (i * 7) % 13 for i in range(PEOPLE)],
        "visited": [i % 2 for i in range(PEOPLE)],
        "street": [f"street {i // 4}" for i in range(PEOPLE)],
        "quarter": ["north" if i < 20 else "south" for i in range(PEOPLE)],
        "age": [20 + i for i in range(PEOPLE)],
        "weight": [1.0 + i / 100 for i in range(PEOPLE)],
    }
    return pl.DataFrame({**base, **columns}, strict=False)


def prepared(folder: Path, frame: pl.DataFrame, **design: object) -> Prepared:
    path = folder / "survey.csv"
    frame.write_csv(path)
    return prepare(read_data_file(path), make_design({"outcome": "trust", "treatment": "visited", **design}))


def refused(folder: Path, frame: pl.DataFrame, **design: object) -> str:
    with pytest.raises(DataFileError) as caught:
        prepared(folder, frame, **design)
    return str(caught.value)


def test_a_comparison_holds_what_the_design_names(tmp_path) -> None:
    found = prepared(
        tmp_path,
        table(sex=["f", "m"] * 20),
        cluster="street",
        block="quarter",
        weight="weight",
        covariates=["age", "sex"],
    )
    (one,) = found.comparisons
    assert one.trial.treatment.sum() == PEOPLE / 2
    assert one.trial.cluster.max() == 9
    assert one.trial.covariate_names == ("age", "sex = m")
    assert one.trial.weight[-1] == pytest.approx(1.39)
    assert (found.account.rows_read, found.account.rows_used) == (PEOPLE, PEOPLE)
    assert [(arm.name, arm.people) for arm in found.arms] == [("visited = 0", 20), ("visited = 1", 20)]


def test_missing_columns_are_listed_with_their_nearest(tmp_path) -> None:
    text = refused(tmp_path, table(), outcome="trusst", cluster="stret", covariates=["agee"])
    for words in ("Did you mean 'trust'?", "Did you mean 'street'?", "Did you mean 'age'?"):
        assert words in text


def test_text_in_numbers_is_listed_with_its_rows(tmp_path) -> None:
    trust = [str(50 + i) for i in range(PEOPLE)]
    trust[3] = trust[8] = "often"
    age = [str(i) for i in range(PEOPLE)]
    text = refused(tmp_path, table(trust=trust, age=age), covariates=["age"])
    assert "trust, rows 5, 10: 'often' is not a number" in text
    assert prepared(tmp_path, table(trust=trust), missing=["often"]).arms[0].answered == 19


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0] * PEOPLE, "holds one value only (0)"),
        ([i % 3 for i in range(PEOPLE)], "holds 1, 2 beside the control 0: more than two values"),
        (["yes" if i % 2 else "no" for i in range(PEOPLE)], "holds no, yes, and nobody says which is the control"),
    ],
)
def test_a_treatment_that_is_not_two_valued_is_refused(tmp_path, values, words) -> None:
    assert words in refused(tmp_path, table(visited=values))


def test_arms_may_be_named(tmp_path) -> None:
    arms = [("video", "text", "none")[i % 3] for i in range(PEOPLE)]
    found = prepared(tmp_path, table(visited=arms), control="none", treated=["video", "text"])
    assert [each.arm for each in found.comparisons] == ["video", "text"]
    only = prepared(tmp_path, table(visited=arms), control="none", treated=["video"])
    assert only.account.dropped == (("in no arm that is compared", 13),)
    assert "Did you mean 'video'?" in refused(tmp_path, table(visited=arms), control="none", treated=["vidio"])


def test_labels_that_are_numbers_are_told_from_codes(tmp_path) -> None:
    import pyreadstat

    path = tmp_path / "survey.sav"
    frame = table(visited=[1 + i % 2 for i in range(PEOPLE)])
    pyreadstat.write_sav(frame.to_pandas(), str(path), variable_value_labels={"visited": {1: "2", 2: "visit"}})
    file = read_data_file(path)
    with pytest.raises(DataFileError, match="Labels that are numbers"):
        prepare(file, make_design({"outcome": "trust", "treatment": "visited", "control": "2"}))
    found = prepare(file, make_design({"outcome": "trust", "treatment": "visited", "control": 1}))
    assert found.comparisons[0].arm == "visit"


def test_clusters_and_blocks_that_cannot_be_are_refused(tmp_path) -> None:
    assert "is the only cluster" in refused(tmp_path, table(street=["one"] * PEOPLE), cluster="street")
    crossing = [f"s{i % 10}" for i in range(PEOPLE)]
    text = refused(tmp_path, table(street=crossing), cluster="street", block="quarter")
    assert "lie in more than one quarter" in text
    text = refused(tmp_path, table(), cluster="street", assignment={"kind": "clustered"})
    assert "have people in both arms" in text
    text = refused(tmp_path, table(quarter=[f"q{i % 2}" for i in range(PEOPLE)]), block="quarter")
    assert "has only one arm in every block" in text
    one = refused(
        tmp_path,
        table(street=["a" if i % 2 else f"b{i // 10}" for i in range(PEOPLE)]),
        cluster="street",
        assignment={"kind": "clustered"},
    )
    assert "has 1 cluster in the arm 'visited = 1'" in one


def test_a_block_with_one_arm_is_a_warning(tmp_path) -> None:
    quarter = ["alone" if i in (1, 3) else "both" for i in range(PEOPLE)]
    found = prepared(tmp_path, table(quarter=quarter), block="quarter")
    assert "have only one arm: fewer than 10 people there say nothing" in found.comparisons[0].warnings[0]


def test_outcomes_that_say_nothing_are_refused(tmp_path) -> None:
    assert "is the same for everybody" in refused(tmp_path, table(trust=[5] * PEOPLE))
    gone = [None if i % 2 else 50.0 + i for i in range(PEOPLE)]
    assert "has 0 answers in the arm 'visited = 1'" in refused(tmp_path, table(trust=gone))


def test_weights_of_zero_or_below_are_refused_with_their_rows(tmp_path) -> None:
    weight = [1.0] * PEOPLE
    weight[0], weight[5] = 0.0, -2.0
    text = refused(tmp_path, table(weight=weight), weight="weight")
    assert "row 2: 0, row 7: -2" in text
    assert "(2 in all)" in text


def test_people_who_stand_there_twice_are_refused_and_copies_are_said(tmp_path) -> None:
    person = [f"p{max(i, 1)}" for i in range(PEOPLE)]
    assert "'p1' stand in the data more than once (1 in all)" in refused(
        tmp_path, table(person=person), person="person"
    )
    frame = table()
    found = prepared(tmp_path, pl.concat([frame, frame[:2]]))
    assert "2 rows are copies of other rows" in found.warnings[0]


def test_everything_wrong_is_told_at_once(tmp_path) -> None:
    text = refused(
        tmp_path,
        table(weight=[0.0] * PEOPLE, street=["one"] * PEOPLE, trust=["no"] * PEOPLE, complied=[2.0] * PEOPLE),
        weight="weight",
        cluster="street",
        covariates=["agee"],
        complied="complied",
    )
    for words in ("is not a number", "are not weights above 0", "Did you mean 'age'?", "do not lie between 0 and 1"):
        assert words in text


def test_missing_covariates_are_filled_the_same_for_both_arms(tmp_path) -> None:
    age = [None if i < 8 else float(i) for i in range(PEOPLE)]
    found = prepared(tmp_path, table(age=age), covariates=["age"])
    trial = found.comparisons[0].trial
    assert trial.covariate_names == ("age", "age missing")
    assert np.allclose(trial.covariates[:8, 0], np.mean(range(8, PEOPLE)))
    assert "age is missing for 8 of 40 people" in found.comparisons[0].warnings[0]


def test_what_is_missing_by_arm_is_left_out_and_said(tmp_path) -> None:
    visited = [i % 2 for i in range(PEOPLE)]
    age = [None if visited[i] and i < 30 else float(i) for i in range(PEOPLE)]
    before = [None if visited[i] else float(i) for i in range(PEOPLE)]
    home = ["" if visited[i] and i < 30 else "flat" for i in range(PEOPLE)]
    found = prepared(
        tmp_path,
        table(age=age, before=before, home=home, sex=["f", "m"] * 20),
        covariates=["age", "home"],
        baseline="before",
    )
    (one,) = found.comparisons
    assert one.trial.covariate_names == ()
    assert one.trial.baseline is None
    told = " ".join(one.warnings)
    assert "before is not known for anybody in visited = 1: it is left out" in told
    assert "age is missing for 0 of 20 people in visited = 0 and 15 of 20 people in visited = 1" in told
    assert "home is missing for" in told


def test_a_baseline_keeps_its_gaps(tmp_path) -> None:
    found = prepared(tmp_path, table(before=[None, None, *map(float, range(38))]), baseline="before")
    baseline = found.comparisons[0].trial.baseline
    assert baseline is not None
    assert np.isnan(baseline).sum() == 2


def test_gaps_of_whole_clusters_are_chance(tmp_path) -> None:
    """The question was not asked in three streets of one arm: alarming by people, no wonder by streets."""
    street = [i // 5 for i in range(80)]
    age = [None if s in (0, 2, 4) else 30.0 + i for i, s in enumerate(street)]
    frame = pl.DataFrame(
        {
            "trust": [50.0 + (i * 7) % 13 for i in range(80)],
            "visited": [s % 2 for s in street],
            "street": street,
            "age": age,
        }
    )
    one = prepared(tmp_path, frame, covariates=["age"], cluster="street").comparisons[0]
    assert "age" in one.trial.covariate_names
    alone = prepared(tmp_path, frame, covariates=["age"]).comparisons[0]
    assert alone.trial.covariate_names == ()


def test_receipt_may_be_unknown_and_is_counted(tmp_path) -> None:
    found = prepared(tmp_path, table(took=[None, *([1.0, 0.0] * 20)[:39]]), complied="took")
    complied = found.comparisons[0].trial.complied
    assert complied is not None
    assert np.isnan(complied).sum() == 1
    assert any("took is missing for 1 people" in warning for warning in found.warnings)


def test_people_drawn_one_by_one_are_not_whole_clusters(tmp_path) -> None:
    whole = table(visited=[(i // 4) % 2 for i in range(PEOPLE)])
    text = refused(tmp_path, whole, cluster="street", assignment={"kind": "complete"})
    assert "write kind = 'clustered'" in text
    alone = table(street=[f"home {i}" for i in range(PEOPLE)])
    assert prepared(tmp_path, alone, cluster="street", assignment={"kind": "complete"}).comparisons


def test_free_text_is_no_covariate(tmp_path) -> None:
    text = refused(tmp_path, table(words=[f"word {i}" for i in range(PEOPLE)]), covariates=["words"])
    assert "is text with 40 different values" in text


def test_small_arms_are_not_shown(tmp_path) -> None:
    trust = [None if i % 2 and i > 9 else 50.0 + i for i in range(PEOPLE)]
    found = prepared(tmp_path, table(trust=trust))
    assert [(arm.answered, arm.mean is None) for arm in found.arms] == [(20, False), (5, True)]
