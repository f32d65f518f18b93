"""Everything that a design is asked, in the order in which a reader wants it: the planned size first, then the curve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.power.assumption import assume, effect_of
from commonbeat.estimate.power.caution import cautions
from commonbeat.estimate.power.claim import cards_of, held_against, verdict
from commonbeat.estimate.power.closed import power_at, power_range, precision
from commonbeat.estimate.power.comparison import compare, design_effect
from commonbeat.estimate.power.curve import curve_sizes, simulated_point
from commonbeat.estimate.power.result import Answer, Point, PowerStudy
from commonbeat.estimate.power.search import needed_units, smallest_difference, smallest_effect
from commonbeat.estimate.power.smallest import smallest_simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from commonbeat.estimate.power.assumption import Assumption
    from commonbeat.estimate.power.model import Arm, PowerDesign
    from commonbeat.estimate.power.society_run import SocietyRun


@dataclass(eq=False)
class Progress:
    """What has been done so far, and whoever wants to hear of it; a key names a point or a draw."""

    points: dict[str, Point] = field(default_factory=dict)
    draws: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    heard: Callable[[int, int], None] = lambda _done, _total: None
    keep: Callable[[], None] = lambda: None


def study(design: PowerDesign, progress: Progress, run: SocietyRun | None = None) -> PowerStudy:
    """Every question is answered, or those that were answered when Ctrl-C came; what `progress` holds is not done again.

    run: the society made ready, where the design wants a trial on its people.
    """
    assumption = run.assumption if run is not None else assume(design)
    complete = True
    try:
        work_through(design, assumption, progress, run)
    except KeyboardInterrupt:
        complete = False
    try:
        return told(design, assumption, progress, run, complete=complete)
    except KeyboardInterrupt:
        if not complete:
            raise
        # Everything is done and only the last seconds of telling it were interrupted: tell it; a second Ctrl-C ends it.
        return told(design, assumption, progress, run, complete=complete)


def told(
    design: PowerDesign, assumption: Assumption, progress: Progress, run: SocietyRun | None, *, complete: bool
) -> PowerStudy:
    """The study of whatever has been done."""
    cards = tuple(held_against(design, each, assumption.certain) for each in cards_of(design))
    waves = range(len(design.waves))
    answers = tuple(answer(design, arm, wave, assumption) for arm in design.treated for wave in waves)
    points = tuple(progress.points[key] for key, *_ in questions(design) if key in progress.points)
    society = run.points(progress.draws) if run is not None else ()
    return PowerStudy(
        design=design,
        verdict=verdict(design, cards, assumption.certain),
        assumed=assumption.words,
        answers=answers,
        cards=cards,
        curve=tuple(sorted(points, key=lambda each: (each.arm, each.delay_days, each.units))),
        society=society,
        warnings=cautions(design, answers, points, society),
        complete=complete,
    )


def work_through(design: PowerDesign, assumption: Assumption, progress: Progress, run: SocietyRun | None) -> None:
    """Every point and every draw has been kept; KeyboardInterrupt passes, and what was kept before it stays."""
    asked = list(questions(design))
    total = len(asked) + (len(run.draw_keys()) if run is not None else 0)
    done = 0
    for key, arm, wave, units in asked:
        if key not in progress.points:
            effect = effect_of(assumption, arm)
            progress.points[key] = simulated_point(design, arm, wave, units, effect, assumption.uncertain)
            progress.keep()
        done += 1
        progress.heard(done, total)
    if run is None:
        return
    for key in run.draw_keys():
        if key not in progress.draws and not run.settled(key, progress.draws):
            progress.draws[key] = run.draw(key)
            progress.keep()
        done += 1
        progress.heard(done, total)


def questions(design: PowerDesign) -> Iterator[tuple[str, Arm, int, int]]:
    """(key, arm, wave, units) of every point: the planned size of all arms and waves first, then the other sizes."""
    planned, sizes = design.planned_size, curve_sizes(design)
    for group in ((planned,), tuple(size for size in sizes if size != planned)):
        for arm in design.treated:
            for wave in range(len(design.waves)):
                for units in group:
                    yield f"{arm.name}|{wave}|{units}", arm, wave, units


def answer(design: PowerDesign, arm: Arm, wave: int, assumption: Assumption) -> Answer:
    """What the planned sample can see of this arm in this wave, by formula."""
    effect, uncertain, certain = effect_of(assumption, arm), assumption.uncertain, assumption.certain
    asked = compare(design, arm, wave, design.planned_size, uncertain)
    plain = compare(design, arm, wave, design.planned_size, certain)
    exact = precision(asked)
    low, high = power_range(asked, effect, exact)
    left = np.quantile(certain.left[:, wave], [0.05, 0.95])
    formula = smallest_effect(plain, design.power)
    place = design.arms.index(arm)
    seed = np.random.SeedSequence([design.seed, place, wave, design.planned_size, 5])
    simulated = smallest_simulated(plain, design.power, seed, formula)
    sizes = asked.layout.sizes.tolist()
    return Answer(
        arm=arm.name,
        delay_days=design.waves[wave].delay_days,
        effect=effect,
        difference=effect * asked.dilution.mean,
        left=float(certain.left[:, wave].mean()),
        left_low=float(left[0]),
        left_high=float(left[1]),
        power=power_at(asked, effect, exact),
        power_low=low,
        power_high=high,
        smallest_effect=formula,
        smallest_simulated=simulated.effect,
        smallest_error=simulated.error,
        smallest_difference=smallest_difference(plain, design.power),
        needed=needed_units(design, arm, wave, effect, uncertain),
        needed_normal=needed_units(design, arm, wave, effect, uncertain, law="normal"),
        people_answering=exact.people,
        design_effect=design_effect(sizes, design.sample.icc) if design.clustered else 1.0,
        df=exact.df,
    )
