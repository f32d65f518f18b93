"""Small worlds for tests of the engine: an invented society, fixed parameters, and scenarios made of a few arms."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from commonbeat.scenario import parse_scenario
from commonbeat.simulate.world import Workplace, World
from commonbeat.society import build_small
from tests.simulate.settings import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.kernels.experience import Experiences, People
    from commonbeat.scenario import Scenario
    from commonbeat.society import Society

HEAD = """
title = "A test"
seed = 7
days = {days}
draws = 2
reference = "nothing"
society = "{society}"
[encounters.dance_off]
title = "Dance-off"
children = 8
bystanders = 25
[[arms]]
name = "nothing"
title = "Nothing"
"""
ENCOUNTER = '\n[[arms.events]]\nkind = "encounter"\nencounter = "dance_off"\nday = 3\n'
ARMS = {
    "unfilmed": ENCOUNTER,
    "resident": ENCOUNTER + 'clip = "resident"\n',
    "outlet": ENCOUNTER + 'clip = "outlet"\n',
    "violent": ENCOUNTER + 'clip = "outlet"\n[[arms.events]]\nkind = "violent_clip"\nday = 5\norigin = "outlet"\n',
    "weekly": ENCOUNTER + 'every_days = 7\nauthenticity = "planned"\n',
    "fewer": "stops_factor = 0.4\n",
    "harassed": '\n[[arms.events]]\nkind = "harassment"\nday = 2\n',
    "same": "stops_factor = 1.0\n",
}


def scenario(*arms: str, days: int = 30, society: str = "small", more: str = "") -> Scenario:
    """A scenario with the reference and these arms."""
    parts = [f'[[arms]]\nname = "{name}"\ntitle = "{name}"\n{ARMS[name]}' for name in arms]
    return parse_scenario(HEAD.format(days=days, society=society) + "\n".join(parts) + more, source="test.toml")


@lru_cache(maxsize=4)
def small_society(residents: int = 1500, elsewhere: int = 500) -> Society:
    return build_small(7, residents=residents, elsewhere=elsewhere)


class RecordingWorld(World):
    """A world that also writes down what was met, for twins to read."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.met: list[tuple[int, Experiences]] = []

    def live_through(self, people: People, sums, met: Experiences, day: int) -> None:
        self.met.append((day, met))
        super().live_through(people, sums, met, day)


def world_of(
    setting: Scenario, society: Society | None = None, seed: int = 11, parameters: Mapping[str, float] | None = None
) -> RecordingWorld:
    workplace = Workplace(society or small_society())
    return RecordingWorld(workplace, setting, parameters or PARAMETERS, seed)
