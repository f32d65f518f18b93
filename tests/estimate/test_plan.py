"""A plan says every rule before the data are seen; frozen, it shows a change; departures are told one by one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.errors import DesignError
from commonbeat.estimate.design import make_design, parse_design
from commonbeat.estimate.plan import (
    code_hash,
    departures,
    design_hash,
    freeze,
    load_frozen,
    plan_document,
)

WHOLE: dict[str, Any] = {
    "title": "Dancing",
    "outcome": ["trust", "cooperation"],
    "claim": "C5",
    "treatment": "arm",
    "control": "none",
    "treated": ["film", "dance"],
    "cluster": "school",
    "block": "town",
    "covariates": ["age", "q 2"],
    "baseline": "before",
    "complied": "took_part",
    "by": "race",
    "missing": [-99, "refused"],
    "level": 0.1,
    "assignment": {"kind": "blocked clustered"},
    "scales": {"trust": {"items": ["q1", "q2"], "reverse": ["q1"]}},
    "equivalence": {"margin": 0.2},
    "mediation": {"mediator": "cooperation score"},
    "raking": {"margins": {"age band": {"young": 0.5, "old": 0.5}}},
}


def test_a_frozen_design_is_read_back_as_it_was(tmp_path: Path) -> None:
    design = make_design(WHOLE)
    (tmp_path / "plan.toml").write_text(freeze(design), encoding="utf-8")
    frozen = load_frozen(tmp_path / "plan.toml")
    assert frozen.design == design
    assert frozen.is_whole
    assert frozen.found == design_hash(design)
    assert departures(frozen, design) == ()


@given(st.text(max_size=30), st.text(min_size=1, max_size=20), st.floats(0.001, 0.5))
def test_any_words_survive_being_frozen(title: str, column: str, level: float) -> None:
    design = make_design(
        {"title": title, "outcome": ["y"], "treatment": column + "z", "level": level, "missing": [column, True, 1.5]}
    )
    assert parse_design(freeze(design), source="here") == design


def test_a_change_after_freezing_shows(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(freeze(make_design(WHOLE)).replace('"trust", "cooperation"', '"cooperation"'), encoding="utf-8")
    frozen = load_frozen(path)
    assert not frozen.is_whole
    found = departures(frozen, frozen.design)
    assert len(found) == 1
    assert "changed after it was frozen" in found[0]


def test_line_ends_of_windows_are_no_change(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(freeze(make_design(WHOLE)).replace("\n", "\r\n").encode())
    assert load_frozen(path).is_whole


def test_a_plan_that_was_never_frozen_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('outcome = "y"\ntreatment = "z"\n', encoding="utf-8")
    frozen = load_frozen(path)
    assert frozen.recorded is None
    assert "not frozen" in departures(frozen, frozen.design)[0]


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("outcome = 3\n", encoding="utf-8")
    with pytest.raises(DesignError):
        load_frozen(tmp_path / "plan.toml")


def test_departures_name_what_was_planned_and_what_was_done() -> None:
    plan = make_design(WHOLE)
    done = make_design(
        {
            **WHOLE,
            "outcome": ["cooperation"],
            "seed": 9,
            "by": "sex",
            "equivalence": {"margin": 0.4},
            "scales": {},
            "mediation": None,
            "weight": "w",
        }
    )
    found = departures(plan, done)
    assert found[0] == "outcome: the plan has trust, cooperation; the analysis has cooperation."
    assert "by: the plan has race; the analysis has sex." in found
    assert "weight: not in the plan; the analysis has w." in found
    assert "equivalence.margin: the plan has 0.2; the analysis has 0.4." in found
    assert any(line.startswith("scales.trust: the plan has items = q1, q2") and "left it out" in line for line in found)
    assert any(line.startswith("mediation: the plan has mediator = cooperation score") for line in found)
    assert found[-1].startswith("seed")


def test_a_new_title_is_no_departure() -> None:
    assert departures(make_design(WHOLE), make_design({**WHOLE, "title": "Another", "plan": "plan.toml"})) == ()


def test_the_hash_is_of_what_is_asked_not_of_the_plan_it_points_at() -> None:
    design = make_design(WHOLE)
    assert design_hash(design) == design_hash(make_design({**WHOLE, "plan": "plan.toml"}))
    assert design_hash(design) != design_hash(make_design({**WHOLE, "level": 0.05}))
    assert re.fullmatch(r"[0-9a-f]{64}", code_hash())


def test_the_document_says_every_rule_and_ends_with_the_frozen_design() -> None:
    design = make_design(WHOLE)
    document = plan_document(design, written="2030-01-02", data="answers.csv")
    for words in (
        "Pre-analysis plan: Dancing",
        "Written 2030-01-02, before the data were opened",
        "`answers.csv`",
        "C5, Trust, most where it is lowest",
        "lies wholly on the side of higher values of trust",
        "Against it",
        "The main outcome is `trust`",
        "turned round: `q1`",
        "CR2 standard errors",
        "centred `age`, `q 2`, `before`",
        "blocked clustered; redrawn 2,000 times",
        "two-stage least squares",
        "worst-off first",
        "margin 0.2 SD",
        "`-99`, `refused`",
        "Intervals hold 90 %",
        "Romano-Wolf",
        "did not open the data",
    ):
        assert words in document
    (block,) = re.findall(r"```toml\n(.*?)```", document, re.DOTALL)
    assert parse_design(block, source="the document") == design
    assert design_hash(design) in document


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"rollout": {"unit": "place", "time": "month", "first_treated": "first"}}, "their overall mean is primary"),
        (
            {"series": {"time": "week", "start": "2030-05-01", "season_periods": 52}},
            "Interrupted series from 2030-05-01",
        ),
        ({"panel": {"person": "who", "time": "wave", "exposure": "stops"}}, "answers another question"),
    ],
)
def test_other_shapes_have_plans_too(keys: dict[str, Any], words: str) -> None:
    document = plan_document(make_design({"outcome": "trust", **keys}))
    assert words in document
    assert "names no claim" in document
    assert "compared in the arm" not in document
