"""One draw of one study, on the small society or on Minneapolis, with parameters that a test states."""

from __future__ import annotations

import functools

from commonbeat.errors import Mistakes
from commonbeat.evidence import draw_parameters
from commonbeat.simulate.world import Workplace, luck_seed
from commonbeat.society import open_society
from commonbeat.validate.draw import StudyDraw, Years
from commonbeat.validate.target import Target, parse_target, target_files


@functools.cache
def workplace(society: str) -> Workplace:
    return Workplace(open_society(society))


def shipped_target(name: str, **setting: object) -> Target:
    target = parse_target(name, target_files()[name], Mistakes())
    return target.model_copy(update={"setting": {**target.setting, **setting}})


def one_draw(target: Target, number: int = 0, society: str = "small", seed: int = 5, **stated: float) -> StudyDraw:
    """The draw, with the stated parameters in place of those drawn from priors without the study."""
    address = luck_seed(seed, number)
    parameters = draw_parameters(seed, number, leave_out=target.leave_out) | stated
    return StudyDraw(target, number, address, parameters, Years(workplace(society), address))
