"""What an emulation gets for one draw: parameters from priors that do not know the study, a world, and luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from commonbeat.scenario import shipped
from commonbeat.simulate.background import build_year
from commonbeat.simulate.world import Workplace, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from commonbeat.scenario import Scenario
    from commonbeat.simulate.background import Year
    from commonbeat.simulate.frame import Frame
    from commonbeat.validate.target import Target


class Noted(Mapping[str, float]):
    """Parameters that note which of them were read, so that what was built from them can be used again."""

    def __init__(self, values: Mapping[str, float]) -> None:
        """Nothing has been read."""
        self.values_by_name, self.read = values, set[str]()

    def __getitem__(self, name: str) -> float:
        self.read.add(name)
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


@dataclass(eq=False)
class Years:
    """The ordinary years of one draw's luck, shared by studies whose priors agree on everything that a year is built from."""

    workplace: Workplace
    seed: int
    built: list[tuple[int, dict[str, float], Year]] = field(default_factory=list)

    def year(self, number: int, parameters: Mapping[str, float]) -> Year:
        """The year under these parameters, built if no year so far was built from the same ones."""
        for known, read, year in self.built:
            if known == number and all(parameters[name] == value for name, value in read.items()):
                return year
        place, noted = self.workplace, Noted(parameters)
        year = build_year(place.frame, place.circulation, place.telling, noted, self.seed, number)
        self.built.append((number, {name: parameters[name] for name in noted.read}, year))
        return year


class StudyWorld(World):
    """A world that takes its ordinary years from those of the draw."""

    shared: Years

    def year(self, year: int) -> Year:
        """The background of a year; 0 is the burn-in."""
        if year not in self.years:
            self.years[year] = self.shared.year(year, self.parameters)
        return self.years[year]


@dataclass(eq=False)
class StudyDraw:
    """One draw for one study. seed: the address of the draw's luck, the same for all studies; number: which draw it is."""

    target: Target
    number: int
    seed: int
    parameters: dict[str, float]
    years: Years

    def stated(self, **values: float) -> StudyDraw:
        """The same draw with these parameters as the study has them; to be taken before the world is asked for."""
        return replace(self, parameters=self.parameters | values)

    @cached_property
    def luck(self) -> Generator:
        """Luck of the study's own: who is asked, who is assigned to what, what answers err by."""
        address = [self.seed & 0xFFFFFFFF, self.seed >> 32, crc32(self.target.id.encode()), self.number]
        return np.random.Generator(np.random.Philox(np.random.SeedSequence(address)))

    @property
    def frame(self) -> Frame:
        """The society's cells and who can be met where."""
        return self.years.workplace.frame

    @cached_property
    def world(self) -> World:
        """The draw's world under the study's parameters; nothing has been lived yet."""
        world = StudyWorld(self.years.workplace, _any_scenario(), self.parameters, self.seed)
        world.shared = self.years
        return world

    def lived(self) -> World:
        """The world after its burn-in year, whose stops and contacts are everybody's recent past."""
        self.world.burn_in()
        return self.world


def _any_scenario() -> Scenario:
    # A world wants a scenario for its agenda; a study brings its own events, so any will do.
    return shipped("nothing-happens")
