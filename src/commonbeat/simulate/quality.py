"""How good a recorded encounter was, as far as its answers and codes tell: one value per set of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from commonbeat.luck import PARAMETER, uniforms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.scenario import EncounterSetting, Scenario


def parameter_of(encounter: str) -> str:
    """The name under which the quality of this encounter stands among the parameters of a draw."""
    return f"quality_of_{encounter}"


def drawn_qualities(scenario: Scenario, seed: int, parameter_set: int) -> dict[str, float]:
    """A factor on the dose for every encounter whose quality is known with its uncertainty.

    What nobody knows of a quality is a parameter and no luck: the draws that repeat a set of parameters share it, and
    so do all arms and all times that the encounter takes place.
    """
    return {
        parameter_of(name): setting.quality.at(_number(seed, parameter_set, name))
        for name, setting in scenario.encounters.items()
        if setting.quality is not None
    }


def quality_in(parameters: Mapping[str, float], name: str, encounter: EncounterSetting) -> float:
    """The factor of this draw; where the parameters hold none, the middle of what is known, or 1 where nothing is."""
    usual = 1.0 if encounter.quality is None else encounter.quality.middle
    return parameters.get(parameter_of(name), usual)


def _number(seed: int, parameter_set: int, name: str) -> float:
    return float(uniforms(seed, PARAMETER, parameter_set, crc32(parameter_of(name).encode())))
