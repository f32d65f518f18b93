"""Every study in every draw: parameters from the priors without the study, the study emulated, its statistics kept.

A draw depends on its number and the seed alone; studies of one draw share luck, and the ordinary years where their priors agree on what
a year is built from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.evidence import draw_parameters, load_estimates, load_parameters
from commonbeat.simulate.workers import run_on_workers
from commonbeat.simulate.world import Workplace, luck_seed
from commonbeat.society import open_society
from commonbeat.validate.draw import StudyDraw, Years
from commonbeat.validate.scoring import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from commonbeat.validate.scoring import Verdict
    from commonbeat.validate.target import Target

    Predicted = dict[str, float]

SEED = 2026
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is predicted, on whom, and where luck starts."""

    targets: tuple[Target, ...]
    society: str
    seed: int = SEED


def predict(inquiry: Inquiry, draws: Iterable[int], keep: Callable[[int, Predicted], None], *, workers: int) -> None:
    """`keep` was called with each draw and the statistic of every finding in it; nan where the study would have had none."""
    run_on_workers(partial(_prepare, inquiry), _predict_draw, draws, keep, workers=workers)


def _prepare(inquiry: Inquiry) -> tuple[Inquiry, Workplace]:
    return inquiry, Workplace(open_society(inquiry.society))


def _predict_draw(place: tuple[Inquiry, Workplace], draw: int) -> Predicted:
    inquiry, workplace = place
    seed = luck_seed(inquiry.seed, draw)
    years = Years(workplace, seed)
    found: Predicted = {}
    for target in inquiry.targets:
        parameters = draw_parameters(inquiry.seed, draw, leave_out=target.leave_out)
        found |= emulation_of(target)(StudyDraw(target, draw, seed, parameters, years))
    return found


def emulation_of(target: Target) -> Callable[[StudyDraw], Predicted]:
    """The function that emulates the study."""
    return import_module(f"commonbeat.validate.emulations.{target.emulation}").emulate


def verdicts(targets: Iterable[Target], predicted: Iterable[Predicted]) -> list[Verdict]:
    """A verdict for every finding of the targets: what is wrong first, then what is left open, then what passed, by target."""
    rows = list(predicted)
    found = [
        judge(target, finding, np.array([row[finding.id] for row in rows], np.float64))
        for target in targets
        for finding in target.finding
    ]
    return sorted(found, key=lambda verdict: ("wrong", "open", "").index(verdict.miss))


def cards_behind_priors() -> frozenset[str]:
    """Every card on which some prior rests, by its own list or by a number read off the card."""
    named = {card for parameter in load_parameters() for card in parameter.cards}
    return frozenset(named | {card for reading in load_estimates() for card in reading.cards})
