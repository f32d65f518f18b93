"""Targets become statistics: figures that the simulator predicts and the city has one value of each, with their joint error.

Survey answers contain the ordinary flow of stops and contacts, and the simulator predicts differences between arms, never drifts of a
level. So the level of each group and outcome is unknown with a flat prior, and is integrated out in closed form: with waves
m_0, ..., m_k of standard errors s_0, ..., s_k, the changes c_w = m_w - m_0 carry all that is left, with

    Cov(c_v, c_w) = s_0**2 + (s_w**2 if v = w else 0),        predicted: effect(day w) - effect(day 0) of the arm that happened

(any set of k contrasts gives the same likelihood). A single wave informs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.posterior.overlap import leave_chance_to_the_run, overlaps_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.posterior.target import Target
    from commonbeat.scenario import Scenario

LOG_SHARES, LOG_HOURS = "log shares", "log hours at the middle share"


@dataclass(frozen=True, slots=True)
class Term:
    """One figure that is read off a draw, with the sign that it has in its statistic.

    what: effect, count, log shares, or log hours at the middle share.
    """

    what: str
    arm: str
    group: str = ""
    ring: str = ""
    outcome: str = ""
    day: int = 0
    counted: str = ""
    clip: str = ""
    sign: float = 1.0


@dataclass(frozen=True, slots=True)
class Statistic:
    """What the city has one observed value of, and the simulator one of in each draw: the signed sum of its terms."""

    label: str
    kind: str
    unit: str
    observed: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Statistics:
    """All statistics, the covariance [T, T] of the errors of observation, what informs nothing and why, and what overlaps unseen."""

    statistics: tuple[Statistic, ...]
    covariance: NDArray[np.float64]
    silent: tuple[str, ...]
    overlaps: tuple[str, ...] = ()

    @property
    def observed(self) -> NDArray[np.float64]:
        """The observed values [T]."""
        return np.array([each.observed for each in self.statistics])

    @property
    def labels(self) -> tuple[str, ...]:
        """What each is, in words."""
        return tuple(each.label for each in self.statistics)

    def only(self, kept: Sequence[int]) -> Statistics:
        """The same without the others."""
        return replace(
            self,
            statistics=tuple(self.statistics[place] for place in kept),
            covariance=self.covariance[np.ix_(kept, kept)],
        )


def statistics_of(targets: Sequence[Target], scenario: Scenario) -> Statistics:
    """What the targets ask of each draw of the scenario, survey means first."""
    series: dict[tuple[str, str], list[Target]] = {}
    for target in targets:
        if target.kind == "survey_mean":
            series.setdefault(target.series, []).append(target)
    blocks: list[tuple[list[Statistic], NDArray[np.float64]]] = []
    silent: list[str] = []
    for waves in series.values():
        waves.sort(key=lambda each: (each.day, each.arm))
        blocks += _changes(waves, scenario.reference, silent)
    counts: list[tuple[int, Target]] = []
    for target in targets:
        if target.kind == "count":
            counts.append((sum(len(made) for made, _ in blocks), target))
        if target.kind != "survey_mean":
            made = _shares(target) if target.kind == "share_log" else [_plain(target)]
            errors = np.zeros(len(made)) if target.kind == "share_log" else np.array([target.std_error])
            blocks.append((made, np.diag(errors**2)))
    covariance = _joined([errors for _, errors in blocks])
    found = tuple(each for made, _ in blocks for each in made)
    leave_chance_to_the_run(counts, days_asked(scenario, found), covariance)
    return Statistics(found, covariance, tuple(silent), overlaps_of(targets))


def days_asked(scenario: Scenario, statistics: Sequence[Statistic]) -> int:
    """The days that are run: up to the last one asked about, and up to the post of every clip, which then runs its course at once."""
    terms = [term for each in statistics for term in each.terms]
    clips = {(term.arm, term.clip) for term in terms if term.clip}
    posts = [
        each.day + 1
        for arm in scenario.arms
        for each in arm.occurrences(scenario.days)
        if (arm.name, each.ordinal) in clips
    ]
    return max([1, *(term.day for term in terms), *posts])


def _joined(blocks: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """One covariance [T, T] with the blocks on its diagonal."""
    total = sum(len(each) for each in blocks)
    covariance, start = np.zeros((total, total)), 0
    for each in blocks:
        covariance[start : start + len(each), start : start + len(each)] = each
        start += len(each)
    return covariance


def _effect(target: Target, sign: float = 1.0) -> Term:
    return Term(
        "effect",
        target.arm,
        group=target.group,
        ring=target.ring,
        outcome=target.outcome,
        day=max(target.day, 0),
        sign=sign,
    )


def _changes(
    waves: list[Target], reference: str, silent: list[str]
) -> list[tuple[list[Statistic], NDArray[np.float64]]]:
    """The changes of one series from its first wave, or a word on why it says nothing."""
    first, later = waves[0], waves[1:]
    if not later:
        silent.append(f"{first.label}: a single wave says nothing, since the level is unknown")
        return []
    made = []
    for wave in later:
        terms = tuple(
            term
            for each, sign in ((wave, 1.0), (first, -1.0))
            if each.arm != reference and (term := _effect(each, sign)).day > 0
        )
        label = f"{wave.outcome} of {wave.group}, day {wave.day} less day {first.day}, {wave.arm}"
        if not terms:
            silent.append(f"{label}: nothing sets the reference apart from itself, so it says nothing")
            continue
        made.append((Statistic(label, "survey_mean", "SD", wave.estimate - first.estimate, terms), wave.std_error**2))
    if not made:
        return []
    errors = np.diag([variance for _, variance in made]) + first.std_error**2
    return [([statistic for statistic, _ in made], errors)]


def _plain(target: Target) -> Statistic:
    if target.kind == "effect":
        return Statistic(target.label, "effect", "SD", target.estimate, (_effect(target),))
    term = Term("count", target.arm, group=target.group, day=target.day, counted=target.counted)
    return Statistic(target.label, "count", target.counted, target.estimate, (term,))


def _shares(target: Target) -> list[Statistic]:
    """How many shares, and how old the clip was at the middle one, both as logarithms."""
    figures = ((LOG_SHARES, math.log1p(target.shares)), (LOG_HOURS, math.log(max(target.median_hours, 1e-3))))
    return [
        Statistic(f"{what} ({target.label})", "share_log", "log", value, (Term(what, target.arm, clip=target.clip),))
        for what, value in figures
    ]
