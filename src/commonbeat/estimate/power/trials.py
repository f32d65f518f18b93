"""Simulated trials of one comparison, analysed as the real one would be.

A trial draws the arms within blocks, how much of the effect is left (one draw from the evidence), who is reached, who of the
comparison arm hears of it, who does not answer, and the answers. Answers are normal, so a unit's sum given how many answered
is drawn at once: the same law as answer by answer, at a hundredth of the work.

    y = block + unit + person + e (reached + f heard),      variances block, unit and within add up to 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import special

from commonbeat.estimate.power.batch import Batch, block_sums, estimate_batch

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from commonbeat.estimate.power.comparison import Comparison

    Floats = NDArray[np.float64]

LEAST_ERROR = 1e-9
CELLS = 1_500_000  # numbers in one array of a batch: some twelve megabytes


class Line(NamedTuple):
    """[trials]: the slope on the answers before, and the factor by which having fitted it widens standard errors."""

    slope: Floats
    widened: Floats


class People(NamedTuple):
    """[trials, units]: treated or not, how many answered, and of these how many were reached and how many heard."""

    treated: NDArray[np.bool_]
    answered: Floats
    reached: Floats
    heard: Floats


def simulate(question: Comparison, effect: float, luck: Generator, trials: int) -> Batch:
    """The estimates of so many trials in which the experience does `effect` to somebody reached, true SD, at once."""
    people = take_part(question, luck, trials)
    draw = luck.integers(len(question.dilution.left), size=(trials, 1))
    felt = effect * question.dilution.root * question.dilution.left[draw]
    sums = felt * (people.reached + question.dilution.told[draw] * people.heard)
    sums += np.sqrt(question.shares.unexplained) * luck_of_answers(question, people.answered, luck)
    layout = question.layout
    if question.shares.baseline == 0:
        return estimate_batch(sums, people.answered, people.treated, layout.block, layout.blocks)
    before = luck_of_answers(question, people.answered, luck)
    sums += question.shares.baseline * before
    line = fitted_line(question, people, sums, before, luck)
    sums -= line.slope[:, None] * before
    found = estimate_batch(sums, people.answered, people.treated, layout.block, layout.blocks)
    return found._replace(std_error=found.std_error * line.widened, df=np.maximum(found.df - 1, 1.0))


def rejected(found: Batch, level: float) -> NDArray[np.bool_]:
    """[trials]: whether the two-sided test at `level` by Student's t sees a difference."""
    bound = special.stdtrit(np.maximum(found.df, 1.0), 1 - level / 2)
    # A trial whose losses left no residual has no standard error, and sees nothing.
    return (found.std_error > LEAST_ERROR) & (np.abs(found.estimate) > bound * found.std_error)


def batch_size(question: Comparison) -> int:
    """How many trials fit into one batch."""
    return int(np.clip(CELLS // question.layout.units, 2, 500))


def take_part(question: Comparison, luck: Generator, trials: int) -> People:
    """Who is treated, answers, is reached and hears of it."""
    layout, each = question.layout, question.dilution
    treated = assigned(question, luck, trials)
    lost = np.where(treated, *each.attrition) if any(each.attrition) else 0.0
    answered = some_of(np.broadcast_to(layout.sizes, treated.shape), 1 - lost, luck)
    reached = some_of(answered, np.where(treated, *each.reached), luck)
    chance = each.spilled / (1 - each.reached[1]) if each.reached[1] < 1 else 0.0
    heard = some_of(np.where(treated, 0, answered - reached), chance, luck) if chance else np.zeros_like(reached)
    return People(treated, answered, reached, heard)


def assigned(question: Comparison, luck: Generator, trials: int) -> NDArray[np.bool_]:
    """[trials, units]: who is treated, drawn anew within blocks in each trial."""
    layout = question.layout
    order = np.argsort(layout.block + luck.random((trials, layout.units)), axis=1)
    starts = np.searchsorted(layout.block, np.arange(layout.blocks))
    first = np.arange(layout.units) - starts[layout.block] < layout.treated[layout.block]
    treated = np.empty(order.shape, dtype=bool)
    np.put_along_axis(treated, order, np.broadcast_to(first, order.shape), axis=1)
    return treated


def some_of(count: NDArray, chance: float | Floats, luck: Generator) -> Floats:
    """How many of each count there are when each is taken with this chance; luck is asked only where it decides."""
    whole = np.asarray(count, dtype=np.float64)
    if np.ndim(chance) == 0 and chance in (0.0, 1.0):
        return whole * chance
    if np.all((chance == 0) | (chance == 1)):
        return whole * chance
    if whole.max(initial=0) <= 1:
        return whole * (luck.random(whole.shape) < chance)
    return luck.binomial(whole.astype(np.int64), chance).astype(np.float64)


def luck_of_answers(question: Comparison, answered: Floats, luck: Generator) -> Floats:
    """[trials, units]: sums of answers before any effect, with variance 1 for one answer."""
    shares, layout = question.shares, question.layout
    sums = np.sqrt(shares.unit) * answered * luck.standard_normal(answered.shape)
    if shares.within:
        sums += np.sqrt(shares.within * answered) * luck.standard_normal(answered.shape)
    if shares.block:
        blocks = luck.standard_normal((len(answered), layout.blocks))
        sums += np.sqrt(shares.block) * answered * blocks[:, layout.block]
    return sums


def fitted_line(question: Comparison, people: People, sums: Floats, before: Floats, luck: Generator) -> Line:
    """The slope of answers on the answers before, given arm and block, as least squares finds it.

    Between units it follows from the sums. Within units the sums of squares and products are drawn: Sxx is within times
    chi-square with N - J degrees, and Sxy given Sxx is normal around r Sxx with variance Sxx (1 - r**2) within. The error of
    the slope enters the estimate by the arms' difference in answers before, and takes one degree from the residuals.
    """
    layout, shares, answered = question.layout, question.shares, people.answered
    apart = people.treated.astype(np.float64)
    count = np.maximum(block_sums(answered, layout.block, layout.blocks), 1.0)

    def less_block(values: Floats) -> Floats:
        return values - answered * (block_sums(values, layout.block, layout.blocks) / count)[:, layout.block]

    per_answer = 1 / np.maximum(answered, 1.0)
    arm = less_block(answered * apart)
    x, y = less_block(before), less_block(sums)
    spread = np.maximum((arm * arm * per_answer).sum(axis=1, keepdims=True), 1e-12)
    apart_before = (arm * x * per_answer).sum(axis=1, keepdims=True)
    x = x - arm * apart_before / spread
    xx, xy = (x * x * per_answer).sum(axis=1), (x * y * per_answer).sum(axis=1)
    if shares.within:
        freedom = np.maximum(answered.sum(axis=1) - (answered > 0).sum(axis=1), 0)
        own = shares.within * 2 * luck.standard_gamma(freedom / 2)
        noise = np.sqrt(own * shares.within * shares.unexplained) * luck.standard_normal(len(own))
        xx, xy = xx + own, xy + shares.baseline * own + noise
    xx = np.maximum(xx, 1e-12)
    degrees = np.maximum(answered.sum(axis=1) - layout.blocks - 1, 2.0)
    widened = (1 + apart_before[:, 0] ** 2 / (spread[:, 0] * xx)) * degrees / (degrees - 1)
    return Line(xy / xx, np.sqrt(widened))
