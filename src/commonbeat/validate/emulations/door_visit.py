"""An officer visits households without enforcement; adults are asked before and days after, with errors by household.

Households are drawn from the society and visited by halves within blocks of neighbours; some of the people assigned are reached, and
they tell household and friends of it, comparison households included. Answers before predict those after as the study's own did. The
estimator is Lin's regression on the answer before, with CR2 errors by household; those who did not answer are left out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.estimate.effects import batch_effects
from commonbeat.mind import kinds as word
from commonbeat.simulate.experiences import experiences, in_order, joined
from commonbeat.simulate.telling import told_of
from commonbeat.simulate.world import BURN_IN_DAYS
from commonbeat.validate.people import HOURS, answers, live_days, slope_of_effect, unshown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.simulate.world import World
    from commonbeat.validate.draw import StudyDraw

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

EVENING = 18
FIRST_EVENT = 1 << 50
BLACK, WHITE = "Black", "White"


class Visits(NamedTuple):
    """Who was asked, sorted by household: row, number of the household, whether assigned to a visit, whether reached."""

    row: NDArray[np.int32]
    household: Whole
    assigned: Floats
    reached: NDArray[np.bool_]


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The t values, the persistence, and what moderates the effect, in this draw."""
    # A visit speaks for the department: what the parameter calls 1.
    draw = draw.stated(generalisation=1.0)
    world = draw.lived()
    visits = draw_visits(draw)
    past = unshown(world, visits.row)
    moved = _levels(draw, world, visits) - past
    answered = _answered(draw, len(visits.row))
    start = draw.frame.society.people.starting_trust[visits.row] + past[:, word.TRUST]
    trust, before = _answers(draw, start, moved[:, :, word.TRUST], answered)
    # Where people start on cooperation is not in the society; only the change is the model's.
    start = draw.luck.standard_normal(len(visits.row))
    cooperation, willing = _answers(draw, start, moved[:, :, word.COOPERATION], answered)
    effects = batch_effects(trust, visits.assigned, visits.household, covariates=before[:, None])
    t = effects.estimate / effects.std_error
    group = draw.frame.society.people.group[visits.row]
    by_group = {
        name: _effect_among(trust[0], visits, before, group == draw.frame.society.groups.index(name))
        for name in (BLACK, WHITE)
    }
    found = {
        "visit-3-days": t[0],
        "visit-21-days": t[1],
        "visit-persistence": effects.estimate[1] / effects.estimate[0],
        "visit-black-white": by_group[BLACK] / by_group[WHITE],
        "visit-larger-for-black": by_group[BLACK] - by_group[WHITE],
        "visit-low-baseline": slope_of_effect(trust[0], visits.assigned, before),
        "visit-cooperation": _effect_among(cooperation[0], visits, willing, np.ones(len(start), bool)),
    }
    return {finding.id: float(found[finding.id]) for finding in draw.target.finding}


def draw_visits(draw: StudyDraw) -> Visits:
    """Households are drawn, one adult of each and a second one of some; halves of each block are assigned."""
    target, luck, people = draw.target, draw.luck, draw.frame.society.people
    adults = np.sort(draw.frame.city_adults)
    homes, first, size = np.unique(people.household[adults], return_index=True, return_counts=True)
    households = target.count("households")
    chosen = np.sort(luck.choice(len(homes), households, replace=False))
    with_second = chosen[size[chosen] > 1]
    seconds = luck.choice(with_second, min(target.count("people") - households, len(with_second)), replace=False)
    # Adults of one household lie beside each other, so the second one is the next row.
    rows = np.concatenate([adults[first[chosen]], adults[first[seconds] + 1]])
    household = np.concatenate([np.arange(households), np.searchsorted(chosen, seconds)])
    order = np.argsort(household, kind="stable")
    assigned = _assigned(households, target.count("block_size"), luck)[household[order]]
    reached = (assigned > 0) & (luck.random(len(rows)) < target.number("reached_share"))
    return Visits(rows[order].astype(np.int32), household[order], assigned, reached)


def _assigned(households: int, block_size: int, luck: np.random.Generator) -> Floats:
    """[households]: 1 for half of each block of neighbours."""
    block = np.arange(households) // block_size
    order = np.lexsort((luck.random(households), block))
    place = np.empty(households, np.int64)
    place[order] = np.arange(households) % block_size
    return (place % 2).astype(np.float64)


def _levels(draw: StudyDraw, world: World, visits: Visits) -> Floats:
    """[waves, people, outcomes]: where everybody stands at the end of each wave's day, latent SD."""
    who = visits.row[visits.reached]
    hour = BURN_IN_DAYS * HOURS + EVENING
    event = FIRST_EVENT + np.arange(len(who))
    direct = in_order(experiences(who, hour, word.ENCOUNTER, word.DIRECT, word.SCENARIO, 1.0, event))
    told = told_of(direct, world.workplace.telling.pairs(direct, world.parameters, world.seed))
    days = draw.target.setting["days"]
    waves = [int(day) for day in days] if isinstance(days, tuple) else []
    return live_days(world, visits.row, {0: in_order(joined([direct, told]))}, waves)


def _answered(draw: StudyDraw, people: int) -> NDArray[np.bool_]:
    """[waves, people]: who answers; whoever does not is lost by luck alone."""
    shares = draw.target.setting["answered"]
    waves = [float(share) for share in shares] if isinstance(shares, tuple) else []
    return draw.luck.random((len(waves), people)) < np.array(waves)[:, None]


def _answers(draw: StudyDraw, start: Floats, moved: Floats, answered: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """(answers after [waves, people] with gaps, answers before [people]), in SDs of the answers.

    The answer before explains the study's share of the variance of each answer after; what is left is drawn anew for each wave.
    """
    luck, reliability = draw.luck, draw.target.number("reliability")
    spread, r = float(np.std(start)), math.sqrt(draw.target.number("baseline_r2"))
    before = answers((start - start.mean()) / spread, reliability, luck)
    rest = math.sqrt(1 - r * r) * luck.standard_normal(moved.shape)
    after = r * before + rest + math.sqrt(reliability) * moved / spread
    return np.where(answered, after, np.nan), before


def _effect_among(answer: Floats, visits: Visits, before: Floats, here: NDArray[np.bool_]) -> float:
    found = batch_effects(answer[here], visits.assigned[here], visits.household[here], covariates=before[here, None])
    return float(found.estimate[0])
