"""A panel of adults in a few areas: who is stopped is not who is not, and the survey across persons takes one for the other.

Who is stopped in each of the years comes from the society's recorded stops, by place and group. Nobody's place or group changes, so
with starting trust z_i, a within-person effect b (given) and wave w

    y_iw = sqrt(reliability) z_i + b s_iw + sqrt(1 - reliability) e_iw

    within persons       b                                               fixed effects; s and y less the person's means
    across persons       b + sqrt(reliability) Cov(z, s) / Var(s)        the omitted-variable formula; selection alone makes the difference

Effects are given in SDs of the answers, as the study has them, so y is divided by its own SD before effects are added. Each experience
(a stop, harassment, a gun) has a panel of its own in which it alone has an effect: what its within-person effect was measured against.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.validate.panels import across_persons, within_persons

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from commonbeat.validate.draw import StudyDraw

    Floats = NDArray[np.float64]


class Panel(NamedTuple):
    """Who was asked, and what each had met by wave."""

    trust: Floats  # [people]: at the start, latent SD
    group: NDArray[np.int64]  # [people]
    stopped: NDArray[np.bool_]  # [people, waves]: in the twelve months before each


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The coefficients across persons of a stop, of harassment, and of a gun among the stopped."""
    panel = _panel(draw)
    stop, harassment, gun = (_given(draw, name) for name in ("stop", "harassment", "gun"))
    everybody = np.ones(panel.stopped.shape, bool)
    harassed = _met_some(draw, panel.stopped, "harassed_share_of_stopped")
    at_gunpoint = _met_some(draw, panel.stopped, "gun_share_of_stopped")
    answer = _answers(draw, panel, panel.stopped * stop)
    across = across_persons(answer, panel.stopped, everybody)
    return {
        "stop-across-persons": across,
        "harassed-across-persons": across_persons(_answers(draw, panel, harassed * harassment), harassed, everybody),
        "gun-across-persons": across_persons(_answers(draw, panel, at_gunpoint * gun), at_gunpoint, panel.stopped),
        "stop-selection": across - within_persons(answer, panel.stopped, everybody),
    }


def _panel(draw: StudyDraw) -> Panel:
    """Adults of a few areas, as many from each as from the next, and who of them was stopped in each year."""
    target, people, luck = draw.target, draw.frame.society.people, draw.luck
    adults = draw.frame.city_adults
    places = np.unique(people.place[adults])
    areas = luck.choice(places, min(target.count("areas"), len(places)), replace=False)
    each = math.ceil(target.count("adults") / len(areas))
    asked = np.concatenate([_some_of(adults[people.place[adults] == area], each, luck) for area in areas])
    stopped = [np.isin(asked, draw.world.year(wave).stopped) for wave in range(target.count("waves"))]
    return Panel(people.starting_trust[asked].astype(np.float64), people.group[asked], np.column_stack(stopped))


def _some_of(rows: NDArray[np.int32], count: int, luck: Generator) -> NDArray[np.int32]:
    return luck.choice(rows, min(count, len(rows)), replace=False)


def _given(draw: StudyDraw, name: str) -> float:
    """The effect within persons, with its published error."""
    effect, error = draw.target.number(f"within_{name}"), draw.target.number(f"within_{name}_se")
    return float(draw.luck.normal(effect, error))


def _met_some(draw: StudyDraw, stopped: NDArray[np.bool_], share: str) -> NDArray[np.bool_]:
    """Which of the stops were of the named kind; the share is drawn between the target's bounds."""
    chance = draw.luck.uniform(draw.target.number(f"{share}_low"), draw.target.number(f"{share}_high"))
    return stopped & (draw.luck.random(stopped.shape) < chance)


def _answers(draw: StudyDraw, panel: Panel, effect: Floats) -> Floats:
    """[people, waves]: what they answer, in SDs of the answers, these effects added."""
    reliability = draw.target.number("reliability")
    error = draw.luck.standard_normal(effect.shape)
    answer = math.sqrt(reliability) * panel.trust[:, None] + math.sqrt(1.0 - reliability) * error
    return answer / answer.std() + effect
