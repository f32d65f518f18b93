"""Whom a study asks and what they answer: samples of the society, and answers with the error of their measure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.experience import levels
from commonbeat.mind import kinds as word
from commonbeat.simulate.experiences import experiences, in_order
from commonbeat.simulate.world import BURN_IN_DAYS
from commonbeat.society.people import RESIDENT

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.simulate.frame import Frame
    from commonbeat.simulate.world import World

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int32]

HOURS = 24
NOON = 12
ADOLESCENT_BAND = 1


def sample_by_group(frame: Frame, people: int, shares: object, ages: object, luck: Generator) -> Rows:
    """So many residents of the city, by shares of the groups: rows, in an order that luck decided.

    shares: group -> share; ages: "adults" or "adolescents". A group with too few people gives all it has.
    """
    everybody = frame.society.people
    if not isinstance(shares, Mapping):
        message = f"group_shares is no table: {shares!r}"
        raise TypeError(message)
    if ages == "adolescents":
        young = (everybody.role == RESIDENT) & (everybody.age_band == ADOLESCENT_BAND) & frame.society.local
        pools = [np.flatnonzero(young & (everybody.group == group)) for group in range(len(frame.society.groups))]
    else:
        pools = list(frame.adults_of_group)
    drawn = [
        luck.choice(pool, min(round(people * float(shares.get(name, 0.0))), len(pool)), replace=False)
        for name, pool in zip(frame.society.groups, pools, strict=True)
    ]
    return luck.permutation(np.concatenate(drawn)).astype(np.int32)


def shown(world: World, rows: Rows, kind: int, channel: int) -> Floats:
    """[people, outcomes]: where everybody stands right after this was shown to each at noon of day 0, latent SD."""
    people, sums = world.fork()
    hour = BURN_IN_DAYS * HOURS + NOON
    met = experiences(rows, hour, kind, channel, word.SCENARIO, 1.0, 1)
    world.live_through(people, sums, in_order(met), BURN_IN_DAYS)
    return standing(world, people.rows, rows, hour)


def unshown(world: World, rows: Rows) -> Floats:
    """[people, outcomes]: where they stand at noon of day 0 if nothing was shown."""
    people, _ = world.fork()
    return standing(world, people.rows, rows, BURN_IN_DAYS * HOURS + NOON)


def standing(world: World, table: NDArray[np.float32], rows: Rows, hour: int) -> Floats:
    """[people, outcomes]: d(t) of these people at the hour."""
    out = np.empty((len(rows), len(word.OUTCOMES)))
    levels(table, rows, hour, world.rules.durable_rate, world.rules.transient_rate, out)
    return out


def live_days(world: World, rows: Rows, met: Mapping[int, Experiences], days: list[int]) -> Floats:
    """[waves, people, outcomes]: where these people stand at the end of each of the days, ordinary days left out.

    met: what the study brings, by day after the burn-in. The ordinary days of a study's time are the same in its arms.
    """
    people, sums = world.fork()
    found = np.empty((len(days), len(rows), len(word.OUTCOMES)))
    for day in sorted({*met, *days}):
        if day in met:
            world.live_through(people, sums, met[day], BURN_IN_DAYS + day)
        for wave in (wave for wave, at in enumerate(days) if at == day):
            found[wave] = standing(world, people.rows, rows, (BURN_IN_DAYS + day + 1) * HOURS)
    return found


def answers(latent: Floats, reliability: float, luck: Generator) -> Floats:
    """What people answer, in SDs of the answers: sqrt(reliability) of their place and an error of their own."""
    return math.sqrt(reliability) * latent + math.sqrt(1.0 - reliability) * luck.standard_normal(latent.shape)


def slope_of_effect(answer: Floats, treated: Floats, moderator: Floats) -> float:
    """The coefficient of treated x moderator in the regression of the answer on both and their product, by least squares.

    The moderator [people] is centred and scaled first; nan answers are left out.
    """
    here = ~np.isnan(answer)
    y, t, m = answer[here], treated[here], moderator[here]
    m = (m - m.mean()) / m.std()
    design = np.column_stack([np.ones_like(y), t, m, t * m])
    return float(np.linalg.lstsq(design, y, rcond=None)[0][3])
