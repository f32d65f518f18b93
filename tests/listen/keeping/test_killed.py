"""The process that stores is killed at random moments: what was acknowledged is there afterwards, exactly once."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "kill_listen.py"


@pytest.fixture(scope="module")
def script():
    described = importlib.util.spec_from_file_location("kill_listen", SCRIPT)
    module = importlib.util.module_from_spec(described)
    import sys

    sys.modules["kill_listen"] = module  # dataclasses look there
    described.loader.exec_module(module)
    yield module
    del sys.modules["kill_listen"]


@pytest.mark.slow
def test_every_acknowledged_answer_is_there_once(place, script):
    outcome = script.kill_while_storing(place.project, place.database, submissions=200, kills=6, seed=20260801)
    assert outcome.mistakes == ()
    assert outcome.acknowledged >= 200
    assert outcome.kills == 6
    assert outcome.sent_again > 0
