"""Half of the teams are mixed for a season; behaviour inside the team and towards strangers outside is seen months later.

    effect = direct_prejudice_reduction * mean of R over the season and after

The contact of the contact trials lasted for weeks, as here, so a season is one of theirs. They asked about the other group at large, so the
model has one effect for team mates and for strangers: it cannot tell inside from outside. Answers within a team are alike; the estimator
is the difference in means with errors by team. No society is needed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects import batch_effects
from commonbeat.evidence import mean_retained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.validate.draw import StudyDraw


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The effects inside and outside, in SDs of the answers."""
    target = draw.target
    teams, players = target.count("teams"), target.count("players_per_team")
    team = np.repeat(np.arange(teams), players)
    treated = draw.luck.permutation(np.arange(teams) % 2)[team].astype(np.float64)
    left = mean_retained(
        target.number("days_after"),
        target.number("season_days"),
        draw.parameters["prejudice_retention"],
        draw.parameters["prejudice_durable_half_life_days"],
        draw.parameters["prejudice_transient_mean_days"],
    )
    effect = draw.parameters["direct_prejudice_reduction"] * float(left) * math.sqrt(target.number("reliability"))
    shared = target.number("team_share_of_variance")
    answers = np.stack([_answers(draw, team, shared) for _ in target.finding])
    found = batch_effects(answers + effect * treated, treated, team)
    return {finding.id: float(each) for finding, each in zip(target.finding, found.estimate, strict=True)}


def _answers(draw: StudyDraw, team: NDArray[np.int64], shared: float) -> NDArray[np.float64]:
    of_team = draw.luck.standard_normal(int(team[-1]) + 1)[team]
    return math.sqrt(shared) * of_team + math.sqrt(1 - shared) * draw.luck.standard_normal(len(team))
