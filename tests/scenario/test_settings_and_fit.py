"""A changed setting is written into the saved text, and a scenario must fit its society."""

from __future__ import annotations

import pytest

from commonbeat.errors import ScenarioError
from commonbeat.scenario import Room, parse_scenario, require_fit, shipped, shipped_text, shortfalls, with_settings


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


ROOM = Room(
    places=("North", "South", "Empty"),
    children={"Black": (9, 3, 0), "White": (20, 0, 0)},
    members={"Black": (20, 10, 0), "White": (30, 40, 0)},
    officers=2,
)


def with_encounter(**changes: object):
    text = shipped_text("dance-off")
    for key, value in changes.items():
        line = next(line for line in text.splitlines() if line.startswith(f"{key} = "))
        text = text.replace(line, f"{key} = {value}", 1)
    return parse_scenario(text, source="x")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"children": 10}, "children: 10 is more than the children of the group 'Black' in any place"),
        ({"children": 9, "bystanders": 48}, "bystanders: 48 is more than the people besides .* at most 47"),
        ({"officers": 3}, "officers: 3 is more than the society has. There are 2"),
        ({"place": '"South"'}, "children: 8 is more than the children of the group 'Black' in 'South'. There are at"),
        ({"place": '"Empty"', "children": 0}, "bystanders: 25 is more than the people besides the children in 'Empty'"),
    ],
)
def test_more_people_than_there_are_is_refused(changes, said) -> None:
    with pytest.raises(ScenarioError, match=said):
        require_fit(with_encounter(**changes), groups=ROOM.children, places=ROOM.places, room=ROOM)


def test_a_place_that_may_fall_short_is_said() -> None:
    scenario = with_encounter(children=8, bystanders=25)
    require_fit(scenario, groups=ROOM.children, places=ROOM.places, room=ROOM)
    (line,) = shortfalls(scenario, ROOM)
    assert line.startswith("1 of the 2 places that may be drawn for 'dance_off' has fewer than 8 children of the group")
    assert list(shortfalls(with_encounter(children=3), ROOM)) == []
