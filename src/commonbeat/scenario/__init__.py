"""The scenario that a user writes: TOML in, one frozen object out, or every mistake at once."""

from __future__ import annotations

from commonbeat.scenario.event import EncounterEvent, Event, NegativeEncounterEvent, ViolentClipEvent
from commonbeat.scenario.fitting import Room, require_fit, shortfalls
from commonbeat.scenario.model import Arm, EncounterSetting, PriorBand, Reproduction, Scenario
from commonbeat.scenario.occurrence import Occurrence
from commonbeat.scenario.reading import (
    SHIPPED,
    load_scenario,
    parse_scenario,
    scenario_schema,
    scenario_text,
    shipped,
    shipped_text,
    with_settings,
)

__all__ = [
    "SHIPPED",
    "Arm",
    "EncounterEvent",
    "EncounterSetting",
    "Event",
    "NegativeEncounterEvent",
    "Occurrence",
    "PriorBand",
    "Reproduction",
    "Room",
    "Scenario",
    "ViolentClipEvent",
    "load_scenario",
    "parse_scenario",
    "require_fit",
    "scenario_schema",
    "scenario_text",
    "shipped",
    "shipped_text",
    "shortfalls",
    "with_settings",
]
