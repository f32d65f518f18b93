"""A changed setting is written into the saved text, and a scenario must fit its society."""

from __future__ import annotations

import pytest

from commonbeat.errors import ScenarioError
from commonbeat.scenario import parse_scenario, require_fit, shipped, shipped_text, with_settings


def test_settings_replace_what_stands_there_and_nothing_else() -> None:
    text = shipped_text("dance-off")
    changed = with_settings(text, {"seed": 11, "draws": 3}, source="x")
    scenario = parse_scenario(changed, source="x")
    assert (scenario.seed, scenario.draws) == (11, 3)
    assert len(changed.splitlines()) == len(text.splitlines())
    assert scenario.model_copy(update={"seed": 7, "draws": 48}) == shipped("dance-off")


def test_a_setting_that_was_left_out_is_written_above_the_tables() -> None:
    text = "\n".join(line for line in shipped_text("dance-off").splitlines() if not line.startswith("draws"))
    assert parse_scenario(with_settings(text, {"draws": 5}, source="x"), source="x").draws == 5


def test_a_setting_out_of_range_is_refused() -> None:
    with pytest.raises(ScenarioError, match="draws: 0 is below 1"):
        with_settings(shipped_text("dance-off"), {"draws": 0}, source="x")


def test_groups_and_places_must_exist_in_the_society() -> None:
    scenario = shipped("dance-off")
    require_fit(scenario, groups=["Black", "White"], places=["North"])
    with pytest.raises(ScenarioError, match=r"encounters.dance_off.children_group: 'Black' is not a group"):
        require_fit(scenario, groups=["Blue"], places=["North"])
    moved = parse_scenario(shipped_text("dance-off").replace('place = "drawn"', 'place = "Nort"'), source="x")
    with pytest.raises(ScenarioError, match="Did you mean 'North'"):
        require_fit(moved, groups=["Black"], places=["North"])
