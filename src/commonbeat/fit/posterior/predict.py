"""What one draw of the simulator gives for each statistic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.posterior.statistics import LOG_HOURS, LOG_SHARES
from commonbeat.fit.posterior.target import CITY, FEWEST_SHARES
from commonbeat.mind import kinds as word
from commonbeat.simulate.columns import EVERYBODY, Groups
from commonbeat.simulate.frame import ALL_RESIDENTS
from commonbeat.simulate.record import RINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.posterior.statistics import Statistic, Term
    from commonbeat.simulate.arms import ArmsOfDraw
    from commonbeat.simulate.frame import Frame


def predicted(arms: ArmsOfDraw, statistics: Sequence[Statistic]) -> NDArray[np.float64]:
    """The value of each statistic [T] in this draw; nan where there is none, such as the age of a clip that nobody shared."""
    groups = Groups(arms)
    return np.array([sum(term.sign * _value(arms, groups, term) for term in each.terms) for each in statistics])


def _value(arms: ArmsOfDraw, groups: Groups, term: Term) -> float:
    if term.what == "effect":
        return _city_effect(arms, groups, term) if term.ring == CITY else _ring_effect(arms, groups, term)
    if term.what == "count":
        return _count(arms, groups, term)
    return _share_figure(arms, term)


def _city_effect(arms: ArmsOfDraw, groups: Groups, term: Term) -> float:
    """Mean paired difference of a whole group at the end of the day, latent SD."""
    record, base = arms.records[term.arm], arms.records[arms.world.scenario.reference]
    change = (record.daily[term.day] - base.daily[term.day]).sum(axis=(1, 2))
    return float(groups.means(change)[groups.names.index(term.group), word.OUTCOMES.index(term.outcome)])


def _ring_effect(arms: ArmsOfDraw, groups: Groups, term: Term) -> float:
    """Mean paired difference of those in a ring, latent SD; nan when nobody is in it."""
    frame, reached = arms.world.frame, arms.records[term.arm].reached[term.day]
    base = arms.records[arms.world.scenario.reference]
    asked = np.searchsorted(base.asked[term.day], reached.person)
    outcome = word.OUTCOMES.index(term.outcome)
    inside = (reached.ring == RINGS.index(term.ring)) & frame.applies[reached.person, outcome]
    if term.group != EVERYBODY:
        inside &= frame.reporting_of_cell[frame.cell[reached.person]] == groups.disjoint.index(term.group)
    if not inside.any():
        return math.nan
    change = reached.level[inside, outcome] - base.answers[term.day][asked[inside], outcome]
    return float(np.average(change, weights=frame.society.people.weight[reached.person[inside]]))


def _count(arms: ArmsOfDraw, groups: Groups, term: Term) -> float:
    """Occurrences from day 0 to the target's day, at the rate of the simulated days."""
    counts = arms.records[term.arm].counts
    by_group = np.array([counts.get((term.counted, g), 0) for g in range(len(groups.disjoint))])
    total = float((groups.matrix @ by_group)[groups.names.index(term.group)])
    return total * term.day / arms.world.scenario.days


def _share_figure(arms: ArmsOfDraw, term: Term) -> float:
    """Log of one more than the shares, or log of the clip's age at the middle share; shares are those of the people stood for."""
    views = [each for each in arms.records[term.arm].views if each.clip.ordinal == term.clip]
    hours = np.concatenate([each.passed_on[each.shared] for each in views] or [np.empty(0)])
    people = [arms.world.frame.society.people.weight[each.viewer[each.shared]] for each in views]
    weight = np.concatenate(people or [np.empty(0)]).astype(np.float64)
    if term.what == LOG_SHARES:
        return math.log1p(weight.sum())
    if term.what != LOG_HOURS or weight.sum() < FEWEST_SHARES:
        return math.nan
    order = np.argsort(hours, kind="stable")
    rising = np.cumsum(weight[order])
    middle = hours[order][np.searchsorted(rising, rising[-1] / 2)]
    return math.log(max(float(middle), 1e-3))


def asked_of(frame: Frame) -> Mapping[str, tuple[str, ...]]:
    """Each reporting group, All residents among them, with the outcomes that it is asked."""
    by_group = {
        name: tuple(outcome for outcome, weight in zip(word.OUTCOMES, row, strict=True) if weight > 0)
        for name, row in zip(frame.reporting, frame.reporting_weight, strict=True)
    }
    return {name: asked for name, asked in by_group.items() if asked} | {
        ALL_RESIDENTS: tuple(word.OUTCOMES[k] for k in (word.TRUST, word.COOPERATION, word.PREJUDICE, word.REFORM))
    }
