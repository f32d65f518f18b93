"""A scenario from a browser is looked at in the same way here and by a process with bounds; one that would never end, by that alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from commonbeat.errors import DataFileError, ScenarioError
from commonbeat.web.security.children import Bounds
from commonbeat.web.simulate import looking
from commonbeat.web.simulate.looking import look, look_at, look_at_file
from tests.web.jobs.work import SCENARIO

ENDLESS = "a." * 60_000 + "a = 1\n"
SENT = {"value:days": "40", "value:arms[1].title": "Of two minds"}


def test_a_long_text_is_looked_at_as_a_short_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = [
        look(SCENARIO, tmp_path, SENT, "add_event:1:stop"),
        look(SCENARIO, tmp_path, {"value:days": "many"}, "remove_arm:99"),
        look(f"{SCENARIO}society = ", tmp_path, {}),
    ]
    assert here[0].about is not None
    assert here[1].said
    assert here[1].mistakes
    monkeypatch.setattr(looking, "LONGEST_HERE", 0)
    apart = [
        look_at(SCENARIO, tmp_path, sent={**SENT, "csrf": "x"}, action="add_event:1:stop"),
        look_at(SCENARIO, tmp_path, sent={"value:days": "many"}, action="remove_arm:99"),
        look_at(f"{SCENARIO}society = ", tmp_path),
    ]
    assert apart == here


def test_a_file_is_looked_at_as_its_text_is(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    assert look_at_file(file, tmp_path) == look(SCENARIO, tmp_path, {})
    file.write_bytes(b" \n")
    with pytest.raises(ScenarioError, match="is empty"):
        look_at_file(file, tmp_path)


def test_a_text_that_would_never_end_ends_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "BOUNDS", Bounds(memory_bytes=1 << 30, processor_s=3, patience_s=60))
    found = look_at(ENDLESS, tmp_path)
    assert (found.text, found.about) == (ENDLESS, None)
    assert "within the memory and time" in found.mistakes[0].rule
    file = tmp_path / "endless.toml"
    file.write_text(ENDLESS, encoding="utf-8")
    with pytest.raises(DataFileError, match="within the memory and time"):
        look_at_file(file, tmp_path)
