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

from commonbeat.estimate.panel.data import PanelData
from commonbeat.estimate.panel.regressions import EXPOSURE, fit_across, fit_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

    from commonbeat.estimate.linear import LinearFit
    from commonbeat.validate.draw import StudyDraw

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

FEWEST_KINDS = 2  # of answers: with the experience, and without it


class Panel(NamedTuple):
    """Who was asked, and what each had met by wave."""

    trust: Floats  # [people]: at the start, latent SD
    stopped: Flags  # [people, waves]: in the twelve months before each


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The coefficients across persons of a stop, of harassment, and of a gun among the stopped."""
    panel = _panel(draw)
    stop, harassment, gun = (_given(draw, name) for name in ("stop", "harassment", "gun"))
    harassed = _met_some(draw, panel, "harassed_share_of_stopped")
    at_gunpoint = _met_some(draw, panel, "gun_share_of_stopped")
    everybody = np.ones(panel.stopped.shape, bool)
    of_stops = _rows(_answers(draw, panel, panel.stopped, stop), panel.stopped, everybody)
    of_harassment = _rows(_answers(draw, panel, harassed, harassment), harassed, everybody)
    of_guns = _rows(_answers(draw, panel, at_gunpoint, gun), at_gunpoint, panel.stopped)
    across = _coefficient(fit_across, of_stops)
    return {
        "stop-across-persons": across,
        "harassed-across-persons": _coefficient(fit_across, of_harassment),
        "gun-across-persons": _coefficient(fit_across, of_guns),
        "stop-selection": across - _coefficient(fit_within, of_stops),
    }


def _rows(answer: Floats, met: Flags, asked: Flags) -> PanelData:
    """The answers that were asked for, a row for each person and wave."""
    person, wave = np.nonzero(asked)
    return PanelData(answer[asked], met[asked].astype(np.float64), person, wave)


def _coefficient(fitted: Callable[[PanelData], LinearFit], rows: PanelData) -> float:
    """What goes with the experience; nan where nobody, or everybody, had it."""
    if len(np.unique(rows.exposure)) < FEWEST_KINDS:
        return math.nan
    fit = fitted(rows)
    return float(fit.coefficients[fit.names.index(EXPOSURE)]) if EXPOSURE in fit.names else math.nan


def _panel(draw: StudyDraw) -> Panel:
    """Adults of a few areas, as many from each as from the next, and who of them was stopped in each year."""
    target, people, luck = draw.target, draw.frame.society.people, draw.luck
    adults = draw.frame.city_adults
    places = np.unique(people.place[adults])
    areas = luck.choice(places, min(target.count("areas"), len(places)), replace=False)
    each = math.ceil(target.count("adults") / len(areas))
    asked = np.concatenate([_some_of(adults[people.place[adults] == area], each, luck) for area in areas])
    stopped = [np.isin(asked, draw.world.year(wave).stopped) for wave in range(target.count("waves"))]
    return Panel(people.starting_trust[asked].astype(np.float64), np.column_stack(stopped))


def _some_of(rows: NDArray[np.int32], count: int, luck: Generator) -> NDArray[np.int32]:
    return luck.choice(rows, min(count, len(rows)), replace=False)


def _given(draw: StudyDraw, name: str) -> float:
    """The effect within persons, with its published error."""
    effect, error = draw.target.number(f"within_{name}"), draw.target.number(f"within_{name}_se")
    return float(draw.luck.normal(effect, error))


def _met_some(draw: StudyDraw, panel: Panel, share: str) -> Flags:
    """Which of the stops were of the named kind; their share among all stops is drawn between the target's bounds."""
    wanted = draw.luck.uniform(draw.target.number(f"{share}_low"), draw.target.number(f"{share}_high"))
    return panel.stopped & (draw.luck.random(panel.stopped.shape) < wanted)


def _answers(draw: StudyDraw, panel: Panel, met: Flags, effect: float) -> Floats:
    """[people, waves]: what they answer, in SDs of the answers, with this effect where this was met."""
    reliability = draw.target.number("reliability")
    error = draw.luck.standard_normal(met.shape)
    answer = math.sqrt(reliability) * panel.trust[:, None] + math.sqrt(1.0 - reliability) * error
    return np.asarray(answer / answer.std() + effect * met, np.float64)
