"""Help is quick because it loads neither the engine nor the charts."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("numba", "altair", "polars", "duckdb", "scipy", "numpy", "pyarrow", "pydantic", "vl_convert", "jinja2")
CODE = """
import json, sys
from commonbeat.cli import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted({name.split(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words", [["--help"], ["simulate", "--help"], ["listen", "--help"], ["evidence", "--help"], ["--version"], []]
)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    outcome = subprocess.run([sys.executable, "-c", CODE, *words], capture_output=True, text=True, check=True)
    code, modules = json.loads(outcome.stderr)
    assert code == 0
    assert not set(HEAVY) & set(modules)
    assert outcome.stdout


def test_help_names_every_command() -> None:
    outcome = subprocess.run([sys.executable, "-m", "commonbeat", "--help"], capture_output=True, text=True, check=True)
    for command in (
        "demo",
        "simulate",
        "estimate",
        "power",
        "validate",
        "fit",
        "fit-clip",
        "sensitivity",
        "record",
        "web",
        "listen",
        "report",
        "compare",
        "claims",
        "evidence",
        "sql",
        "schema",
    ):
        assert f" {command} " in outcome.stdout
