"""A design is read whole, or refused with every mistake at once."""

from __future__ import annotations

import pytest

from commonbeat.errors import DesignError
from commonbeat.estimate.design import load_design, make_design, parse_design

WHOLE = """
title = "Visits in New Haven"
outcome = "trust"
treatment = "visited"
cluster = "household"
block = "quartet"
covariates = ["age", "sex"]
claim = "C5"
by = "race"

[assignment]
kind = "blocked clustered"
permutations = 999

[scales.trust]
items = ["t1", "t2", "t3"]
reverse = ["t3"]

[raking.margins.race]
Black = 0.4
White = 0.6
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(DesignError) as caught:
        parse_design(text, source="study.toml")
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_whole_design_is_read() -> None:
    design = parse_design(WHOLE, source="study.toml")
    assert design.outcome == ("trust",)
    assert design.assignment is not None
    assert design.assignment.permutations == 999
    assert design.scales["trust"].reverse == ("t3",)
    assert design.raking is not None
    assert design.raking.margins["race"] == {"Black": 0.4, "White": 0.6}


def test_options_stand_in_place_of_keys() -> None:
    design = parse_design(WHOLE, source="study.toml", options={"outcome": ["cooperation"], "block": "street"})
    assert (design.outcome, design.block) == (("cooperation",), "street")


def test_every_wrong_key_and_type_is_listed() -> None:
    found = mistakes(
        'outcome = "trust"\ntreatmnt = "z"\nlevel = 5\n[assignment]\nkind = "blockd"\n[scales.a]\nitem = ["x"]\n'
    )
    text = "\n".join(found)
    assert "treatmnt: is not a key that belongs here. Did you mean 'treatment'?" in text
    assert "level: 5 is not below 1" in text or "level: 5" in text
    assert "assignment.kind: 'blockd'" in text
    assert "Did you mean 'blocked'?" in text
    assert "scales.a.item" in text
    assert "scales.a.items: is missing" in text


def test_contradictions_are_listed_together() -> None:
    found = "\n".join(
        mistakes(
            'outcome = "trust"\ntreatment = "z"\ncovariates = ["z"]\n[assignment]\nkind = "blocked clustered"\n'
            '[scales.trust]\nitems = ["a", "a"]\nreverse = ["b"]\nstandardise = "none"\n'
            "[raking.margins.race]\nBlack = 0.4\nWhite = 0.5\n"
        )
    )
    for words in ("treatment and covariates", "needs a block", "needs a cluster", "names an item twice"):
        assert words in found
    for words in ("is not among the scale's items", "cannot be turned round", "add up to, not 1"):
        assert words in found


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"outcome": "y"}, "Name the column of the arms"),
        ({"outcome": "y", "by": "race", "treatment": None}, "needs a treatment"),
        (
            {
                "outcome": "y",
                "treatment": "z",
                "rollout": {"unit": "a", "time": "b", "first_treated": "c"},
            },
            "different shapes",
        ),
        (
            {"outcome": "y", "treatment": "z", "cluster": "c", "assignment": {"kind": "stepped wedge"}},
            "belongs to a stepped wedge",
        ),
        ({"outcome": "y", "series": {"time": "week", "start": 9, "unit": "city"}}, "come together"),
    ],
)
def test_shapes(raw: dict, words: str) -> None:
    with pytest.raises(DesignError, match=words):
        make_design(raw)


def test_what_cannot_be_read_says_why(tmp_path) -> None:
    with pytest.raises(DesignError, match="cannot be read: no such file"):
        load_design(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("title = 'Zürich'".encode("latin-1"))
    with pytest.raises(DesignError, match="is not UTF-8"):
        load_design(tmp_path / "latin.toml")
    with pytest.raises(DesignError, match="is not TOML"):
        parse_design("outcome = ", source="study.toml")
