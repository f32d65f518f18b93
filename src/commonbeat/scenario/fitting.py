"""Whether a scenario fits a society: its groups and places must exist there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.errors import Mistakes, ScenarioError, did_you_mean
from commonbeat.scenario.event import NegativeEncounterEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.scenario.model import Scenario


def require_fit(
    scenario: Scenario, *, groups: Iterable[str], places: Iterable[str], outlets: Iterable[str] = ("an outlet",)
) -> None:
    """Every group, place and kind of poster that the scenario names exists in the society, or ScenarioError lists all."""
    groups, places, found = tuple(groups), tuple(places), Mistakes()
    no_outlet = not tuple(outlets)
    for name, setting in scenario.encounters.items():
        _known(found, f"encounters.{name}.children_group", setting.children_group, groups, "group")
        if setting.place != "drawn":
            _known(found, f"encounters.{name}.place", setting.place, places, "place")
    for arm_index, arm in enumerate(scenario.arms):
        for index, event in enumerate(arm.events):
            if no_outlet and any(happening.origin == "outlet" for happening in event.occurrences(scenario.days)):
                here = f"arms[{arm_index}].events[{index}]"
                found.add(here, "outlet", "posts the clip, but this society has no outlets", "Let a resident post it.")
            if isinstance(event, NegativeEncounterEvent):
                here = f"arms[{arm_index}].events[{index}]"
                if event.group:
                    _known(found, f"{here}.group", event.group, groups, "group")
                if event.place != "drawn":
                    _known(found, f"{here}.place", event.place, places, "place")
    found.raise_if_any(ScenarioError, f"The scenario does not fit the society '{scenario.society}':")


def _known(found: Mistakes, place: str, name: str, names: tuple[str, ...], what: str) -> None:
    if name not in names:
        found.add(place, name, f"is not a {what} of this society", did_you_mean(name, names))
