"""The public face is one sorted list, every name in it works, and asking for one loads no more than it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import commonbeat

FACE = [
    "CommonBeatError",
    "Encounter",
    "Run",
    "Scenario",
    "Society",
    "compare_runs",
    "draw_parameters",
    "estimate_effects",
    "judge_claims",
    "load_scenario",
    "open_run",
    "open_society",
    "run_scenario",
    "shipped",
    "summarise_prior",
    "write_report",
]


def test_the_face_is_this_sorted_list() -> None:
    assert commonbeat.__all__ == FACE
    assert sorted(FACE) == FACE


@pytest.mark.parametrize("name", FACE)
def test_every_name_works_and_is_told_where_it_lives(name: str) -> None:
    thing = getattr(commonbeat, name)
    assert thing.__name__ == name
    assert thing.__doc__
    assert thing.__module__.startswith("commonbeat.")
    assert name in dir(commonbeat)


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'simulat'"):
        _ = commonbeat.simulat


def test_importing_the_package_loads_nothing_else() -> None:
    code = (
        "import sys, commonbeat; print(*[m for m in sys.modules if m.split('.')[0] in {'numpy', 'pydantic', 'polars'}])"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == ""
