"""Scores of the scales by wave and group, built as `estimate` builds them, and how people changed between waves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import InputError
from commonbeat.listen.results.plan import scale_keys
from commonbeat.listen.results.response import EVERYBODY
from commonbeat.listen.results.score_row import ScoreRow
from commonbeat.listen.results.suppression import FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    from numpy.typing import NDArray

    from commonbeat.estimate.row import Estimate
    from commonbeat.estimate.scales import ScaleScore
    from commonbeat.listen.bank.item import Scale
    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.response import Response
    from commonbeat.listen.results.wide import Wide

    Floats = NDArray[np.float64]

CHANGE = "change: {scale}, {first} to {second}, among those who answered both"
NOT_AN_EFFECT = "A change over time in the same people, not an effect: nobody knows what it would have been without."


def score_rows(collected: Collected, wide: Wide, response: Response) -> tuple[ScoreRow, ...]:
    """One row per scale, wave and arm (or everybody); of few respondents, or where the count is hidden, without figures."""
    frame, rows = wide.scored(), []
    for wave in collected.waves:
        for scale in collected.scales_of(wave):
            score = built(frame, scale, wave, collected)
            if score is None:
                continue
            points, _ = _points(score, scale, wave, collected)
            for group, inside, shown in _cells(frame, scale, wave, response):
                rows.append(_row(scale, wave, group, points[inside], score, shown=shown))
    return tuple(rows)


def _cells(
    frame: pl.DataFrame, scale: Scale, wave: str, response: Response
) -> Iterator[tuple[str, NDArray[np.bool_], bool]]:
    """The groups of a scale's figures, who is in each, and whether their count is shown: by arm, else by who is asked the scale at all."""
    by_name = {each.name: each for each in response.groupings}
    grouping = by_name.get("arm", by_name.get("audience"))
    if grouping is None:
        yield EVERYBODY, np.ones(frame.height, bool), response.people(wave) is not None
        return
    for group in grouping.groups:
        if grouping.name == "arm" or group in scale.audience:
            inside = (frame[grouping.name] == group).fill_null(value=False).to_numpy()
            yield group, inside, response.people(wave, grouping, group) is not None


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


def _row(scale: Scale, wave: str, group: str, points: Floats, score: ScaleScore, *, shown: bool) -> ScoreRow:
    from commonbeat.estimate.row import student_estimate

    known = points[~np.isnan(points)]
    named = (scale.identifier, scale.construct, scale.claim, scale.outcome, wave, group)
    if not shown or known.size < FEWEST:
        return ScoreRow(*named, None, None, None, None, None, None, score.alpha, score.omega)
    mean, sd = float(known.mean()), float(known.std(ddof=1))
    row = student_estimate(
        scale.identifier, mean, sd / math.sqrt(known.size), known.size - 1, n=known.size, clusters=None, method="mean"
    )
    figures = (mean, row.ci_low, row.ci_high, sd, row.std_error, int(known.size))
    return ScoreRow(*named, *figures, score.alpha, score.omega, alike=sd == 0)


def changes(collected: Collected, wide: Wide, response: Response) -> tuple[Estimate, ...]:
    """How the same people's scores changed from the first wave to each later one, in points of 100; hidden where those who answered both are.

    A paired mean with Student's interval. It is no effect, and says so.
    """
    from commonbeat.estimate.row import Estimate, student_estimate

    frame, first, rows = wide.scored(), collected.waves[0], []
    for wave in collected.waves[1:]:
        both = {each.identifier: each for each in collected.scales_of(first)}
        for scale in collected.scales_of(wave):
            scores = (
                [built(frame, scale, each, collected) for each in (first, wave)] if scale.identifier in both else []
            )
            if len(scores) < 2 or scores[0] is None or scores[1] is None:
                continue
            factor = _points(scores[1], scale, wave, collected)[1]
            moved = (scores[1].scores - scores[0].scores) * factor
            moved = moved[~np.isnan(moved)]
            name = CHANGE.format(scale=scale.construct, first=first, second=wave)
            if (
                response.answered_both(first, wave) is None
                or moved.size < FEWEST
                or _differing(scores[0].scores, scores[1].scores)
            ):
                rows.append(
                    Estimate(name, None, None, None, None, None, None, 0, None, "not shown", ("Hidden: too few.",))
                )
                continue
            error = float(moved.std(ddof=1)) / math.sqrt(moved.size)
            made = student_estimate(
                name,
                float(moved.mean()),
                error,
                moved.size - 1,
                n=int(moved.size),
                clusters=None,
                method="paired mean, in points of 100",
            )
            rows.append(made.with_warnings(NOT_AN_EFFECT))
    return tuple(rows)


def _differing(first: Floats, second: Floats) -> bool:
    """Whether one to nine people have only one of the two scores: the change beside the two means would then give theirs away."""
    alone = [int((~np.isnan(one) & np.isnan(other)).sum()) for one, other in ((first, second), (second, first))]
    return any(0 < each < FEWEST for each in alone)
