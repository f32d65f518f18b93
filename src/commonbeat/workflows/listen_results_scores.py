"""Scores of the scales by wave and group, built as `estimate` builds them, and how people changed between waves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import InputError
from commonbeat.listen.results.response import EVERYBODY
from commonbeat.listen.results.score_keys import scale_keys
from commonbeat.listen.results.score_row import ScoreRow
from commonbeat.listen.results.shown import HIDDEN, ShownChange, shown_figure
from commonbeat.listen.results.suppression import FEWEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl
    from numpy.typing import NDArray

    from commonbeat.estimate.scales import ScaleScore
    from commonbeat.listen.bank.item import Scale
    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.response import Grouping, Response
    from commonbeat.listen.results.shown import Figure
    from commonbeat.listen.results.wide import Wide

    Floats = NDArray[np.float64]
    Figures = tuple[float | None, float | None, float | None, float | None, float | None, int | None]
    Seen = Callable[[str, Grouping | None, str], bool]

_NOTHING: Figures = (None, None, None, None, None, None)


def score_rows(collected: Collected, wide: Wide, response: Response) -> tuple[ScoreRow, ...]:
    """One row per scale, wave and arm (or audience, or everybody), exactly; without figures where they are of few, hidden by the count's side, or where all have one score.

    Who knows that somebody is in a cell of one score knows what they answered.
    """

    def seen(wave: str, grouping: Grouping | None, group: str) -> bool:
        return response.people(wave, grouping, group) is not None

    return tuple(_rows(collected, wide, response, seen, FEWEST))


def every_score(collected: Collected, wide: Wide, response: Response) -> tuple[ScoreRow, ...]:
    """The same rows with every figure that two people or more have, for those who may see the data."""
    return tuple(_rows(collected, wide, response, lambda *_: True, 2))


def _rows(collected: Collected, wide: Wide, response: Response, seen: Seen, fewest: int) -> Iterator[ScoreRow]:
    frame = wide.scored()
    for wave in collected.waves:
        for scale in collected.scales_of(wave):
            score = built(frame, scale, wave, collected)
            if score is None:
                continue
            points, _ = _points(score, scale, wave, collected)
            # Of few, the reliability of a scale is theirs.
            alpha, omega = (score.alpha, score.omega) if int((~np.isnan(points)).sum()) >= fewest else (None, None)
            for grouping, group, inside in _cells(frame, scale, response):
                known = points[inside & ~np.isnan(points)]
                alone = known.size < fewest or (fewest > 2 and np.ptp(known) == 0)
                named = (scale.identifier, scale.construct, scale.claim, scale.outcome, wave, group)
                figures = _NOTHING if alone or not seen(wave, grouping, group) else _figures(known)
                yield ScoreRow(*named, *figures, alpha, omega)


def _cells(
    frame: pl.DataFrame, scale: Scale, response: Response
) -> Iterator[tuple[Grouping | None, str, NDArray[np.bool_]]]:
    """The groups of a scale's figures, and who is in each: by arm, else by who is asked the scale at all."""
    by_name = {each.name: each for each in response.groupings}
    grouping = by_name.get("arm", by_name.get("audience"))
    if grouping is None:
        yield None, EVERYBODY, np.ones(frame.height, bool)
        return
    for group in grouping.groups:
        if grouping.name == "arm" or group in scale.audience:
            yield grouping, group, (frame[grouping.name] == group).fill_null(value=False).to_numpy()


def built(frame: pl.DataFrame, scale: Scale, wave: str, collected: Collected) -> ScaleScore | None:
    """The scale's scores in that wave, or None where too few answered for a scale to be built."""
    from commonbeat.estimate.design import Scale as DeclaredScale
    from commonbeat.estimate.scales import build_scale

    declared = DeclaredScale(**scale_keys(scale, wave, collected))
    if not set(declared.items) <= set(frame.columns):
        return None
    answers = frame.select(declared.items).to_numpy().astype(float)
    try:
        return build_scale(answers, declared.items, declared, name=scale.identifier)
    except InputError:
        return None


def _points(score: ScaleScore, scale: Scale, wave: str, collected: Collected) -> tuple[Floats, float]:
    """Scores from 0 to 100, and how many of those points one point of an answer is."""
    keys = scale_keys(scale, wave, collected)
    factor = 100 / (keys["maximum"] - keys["minimum"])
    return (score.scores - keys["minimum"]) * factor, factor


def _figures(known: Floats) -> Figures:
    """Mean, both ends of its interval, SD, standard error and the number of scores."""
    from commonbeat.estimate.row import student_estimate

    mean, sd = float(known.mean()), float(known.std(ddof=1))
    error = sd / math.sqrt(known.size)
    row = student_estimate("mean", mean, error, known.size - 1, n=known.size, clusters=None, method="mean")
    return mean, row.ci_low, row.ci_high, sd, row.std_error, int(known.size)


def changes(collected: Collected, wide: Wide, response: Response) -> tuple[ShownChange, ...]:
    """How the same people's scores changed from the first wave to each later one; hidden where those who answered both are.

    A paired mean with Student's interval, in points of 100. It is no effect: nobody knows what it would have been without.
    """
    frame, first, found = wide.scored(), collected.waves[0], []
    before = {each.identifier for each in collected.scales_of(first)}
    for wave in collected.waves[1:]:
        for scale in collected.scales_of(wave):
            if scale.identifier not in before:
                continue
            scores = [built(frame, scale, each, collected) for each in (first, wave)]
            if scores[0] is None or scores[1] is None:
                continue
            factor = _points(scores[1], scale, wave, collected)[1]
            hidden = response.answered_both(first, wave) is None or _differing(scores[0].scores, scores[1].scores)
            moved = (scores[1].scores - scores[0].scores) * factor
            figure = HIDDEN if hidden else _change(moved[~np.isnan(moved)], response.shown.step)
            found.append(ShownChange(scale.identifier, scale.construct, first, wave, figure))
    return tuple(found)


def _change(moved: Floats, step: int) -> Figure:
    """The mean change as it may be read; of few people, and where all changed alike, it is hidden."""
    if moved.size < FEWEST or np.ptp(moved) == 0:
        return HIDDEN
    mean, low, high, *_ = _figures(moved)
    if mean is None or low is None or high is None:
        return HIDDEN
    return shown_figure(mean, low, high, int(moved.size), step)


def _differing(first: Floats, second: Floats) -> bool:
    """Whether one to nine people have only one of the two scores: the change beside the two means would then give theirs away."""
    alone = [int((~np.isnan(one) & np.isnan(other)).sum()) for one, other in ((first, second), (second, first))]
    return any(0 < each < FEWEST for each in alone)
