"""The trial through the society, draw by draw: priors, luck, people and arms are drawn anew, and power is what comes out.

Within a draw of the priors and of luck, several trials are drawn; they share parameters, so Monte Carlo errors are over draws.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DesignError, Mistakes
from commonbeat.estimate.effects import batch_effects
from commonbeat.estimate.power.dilution import attrition_of
from commonbeat.estimate.power.result import SocietyPoint
from commonbeat.estimate.power.sequential import confidence, settled
from commonbeat.estimate.power.society_trial import live, reach, recruit
from commonbeat.evidence import draw_parameters
from commonbeat.scenario import shipped
from commonbeat.simulate.world import Workplace, World, luck_seed

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from commonbeat.estimate.power.assumption import Assumption
    from commonbeat.estimate.power.model import PowerDesign
    from commonbeat.estimate.power.society_trial import Recruits
    from commonbeat.society import Society

    Floats = NDArray[np.float64]

LOWER_IS_BETTER = ("prejudice",)
FIGURES = ("seen", "clean", "treated", "control", "heard", "saw", "people", "trials")
LEAST_DRAWS = 6  # before anything is called clear


class SocietyRun:
    """A society made ready for the trials of one design."""

    def __init__(self, design: PowerDesign, assumption: Assumption, society: Society) -> None:
        """Cells and scratch memory stand; nothing has been drawn."""
        if design.society is None:
            message = "the design wants no trial through the society"
            raise ValueError(message)
        self.design, self.setting, self.assumption = design, design.society, assumption
        written = any(arm.effect is not None for arm in design.treated) or design.card is not None
        self.effects = assumption.effects if written else None
        self.workplace = Workplace(society)
        check_room(design, self.workplace)
        self.worlds: tuple[int, World, Floats] | None = None
        # A world wants a scenario for its agenda; a trial brings its own events, so any will do.
        self.scenario = shipped("nothing-happens")

    def sizes(self) -> tuple[int, ...]:
        """Sample sizes to simulate: units in all arms."""
        return tuple(sorted({*self.setting.sizes, self.design.planned_size}))

    def draw_keys(self) -> list[str]:
        """One key per draw and size, draw by draw, so that every size has its draws when somebody stops."""
        return [f"society|{units}|{draw}" for draw in range(self.setting.draws) for units in self.sizes()]

    def settled(self, key: str, done: dict[str, dict[str, list[float]]]) -> bool:
        """Whether it is clear, for this size, on which side of the wanted power every arm and wave lies."""
        units = int(key.split("|")[1])
        held = self._draws(units, done)
        if len(held) < LEAST_DRAWS:
            return False
        return all(
            settled([each[name][0] for each in held], self.design.power, self.design.simulation.error)
            for name in self._names()
        )

    def draw(self, key: str) -> dict[str, list[float]]:
        """The figures of one draw, by arm and wave: means over its trials, in the order of FIGURES."""
        _, units, draw = key.split("|")
        world, without = self._world(int(draw))
        luck = np.random.Generator(
            np.random.Philox(np.random.SeedSequence([self.design.seed, 91, int(units), int(draw)]))
        )
        found: dict[str, list[list[float]]] = defaultdict(list)
        for trial in range(self.setting.trials_per_draw):
            for name, figures in self._trial((world, without), int(units), f"power/{key}/{trial}", luck).items():
                found[name].append(figures)
        return {name: [*np.mean(rows, axis=0).tolist(), float(len(rows))] for name, rows in found.items()}

    def points(self, done: dict[str, dict[str, list[float]]]) -> tuple[SocietyPoint, ...]:
        """What all finished draws say."""
        points = []
        for arm in self.design.treated:
            for wave in range(len(self.design.waves)):
                for units in self.sizes():
                    held = [each[f"{arm.name}|{wave}"] for each in self._draws(units, done)]
                    if held:
                        points.append(self._point(arm.name, wave, units, np.array(held)))
        return tuple(points)

    def _draws(self, units: int, done: dict[str, dict[str, list[float]]]) -> list[dict[str, list[float]]]:
        return [found for key, found in done.items() if key.split("|")[1] == str(units)]

    def _names(self) -> list[str]:
        return [f"{arm.name}|{wave}" for arm in self.design.treated for wave in range(len(self.design.waves))]

    def _world(self, draw: int) -> tuple[World, Floats]:
        """The draw's world with its year of the past, and where everybody stands in each wave without a trial.

        One is kept, since a draw's sizes follow each other.
        """
        if self.worlds is None or self.worlds[0] != draw:
            world = World(self.workplace, self.scenario, self._parameters(draw), luck_seed(self.design.seed, draw))
            world.burn_in()
            everybody = np.arange(len(self.workplace.frame.society.people), dtype=np.int32)
            self.worlds = draw, world, live(world, self.design, everybody, {})
        return self.worlds[1:]

    def _parameters(self, draw: int) -> dict[str, float]:
        """The draw's parameters, with the contact as the cards had it, and with the design's effect where it states one."""
        values = draw_parameters(self.design.seed, draw)
        values |= {"generalisation": 1.0, "play_for_prejudice": 1.0}
        if self.effects is None:
            return values
        largest = max(self.effects.values(), key=abs)
        prejudice = self.design.outcome == "prejudice"
        stem = "direct" if self.design.experience == "direct" else "watched"
        values[f"{stem}_{'prejudice_reduction' if prejudice else 'trust'}"] = largest
        if self.design.outcome in ("cooperation", "reform"):
            values[f"{self.design.outcome}_per_trust"] = 1.0
        return values

    def _strengths(self) -> Floats:
        """[arms]: the dose of each arm's experience, relative to that of the largest effect."""
        if self.effects is None:
            return np.full(len(self.design.arms), self.setting.dose)
        largest = max(self.effects.values(), key=abs)
        own = [self.effects[arm.name] / largest for arm in self.design.treated]
        # Whoever of the comparison arm is reached meets what the first treated arm was meant to meet.
        return self.setting.dose * np.array([own[0], *own])

    def _trial(self, place: tuple[World, Floats], units: int, name: str, luck: Generator) -> dict[str, list[float]]:
        """The figures of one trial by arm and wave, in a world of which it is known where everybody stands without it."""
        world, without = place
        recruits = recruit(world, self.design, units, luck)
        brought = reach(world, self.design, recruits, self._strengths(), name)
        moved = live(world, self.design, recruits.row, brought.met) - without[:, recruits.row]
        controls = recruits.arm == 0
        heard = float(np.isin(recruits.row[controls], brought.heard).mean())
        saw = float(np.isin(recruits.row[controls], brought.saw).mean())
        sign = -1.0 if self.design.outcome in LOWER_IS_BETTER else 1.0
        answers = self._answers(world, recruits, without[:, recruits.row], luck)
        shift = math.sqrt(self.design.reliability) * moved
        both = np.concatenate([answers + shift, answers + np.where(controls & ~recruits.reached, 0.0, shift)])
        found = {}
        for position, arm in enumerate(self.design.treated, start=1):
            seen = self._rejected(recruits, position, both, answers, luck)
            for wave in range(len(self.design.waves)):
                got = [sign * float(moved[wave, recruits.arm == each].mean()) for each in (position, 0)]
                figures = [float(seen[wave]), float(seen[wave + len(self.design.waves)]), *got]
                found[f"{arm.name}|{wave}"] = [*figures, heard, saw, float(len(recruits.row))]
        return found

    def _answers(self, world: World, recruits: Recruits, level: Floats, luck: Generator) -> Floats:
        """[waves, people]: SDs of the answers; nan for those who do not answer."""
        reliability = self.design.reliability
        start = world.frame.society.people.starting_trust[recruits.row].astype(np.float64)
        if self.design.outcome in LOWER_IS_BETTER:
            start = luck.standard_normal(len(start))
        error = math.sqrt(1 - reliability) * luck.standard_normal(level.shape)
        answers = math.sqrt(reliability) * (start + level) + error
        for wave, setting in enumerate(self.design.waves):
            lost = np.array([attrition_of(setting, arm) for arm in self.design.arms])[recruits.arm]
            answers[wave, luck.random(len(lost)) < lost] = np.nan
        return answers

    def _rejected(
        self, recruits: Recruits, position: int, both: Floats, quiet: Floats, luck: Generator
    ) -> NDArray[np.bool_]:
        """[rows of `both`]: whether the study's own analysis sees the arm; `quiet` are the answers without the trial."""
        here = (recruits.arm == 0) | (recruits.arm == position)
        treated = (recruits.arm[here] == position).astype(np.float64)
        block = recruits.block[recruits.unit[here]] if len(recruits.block) and recruits.block[-1] > 0 else None
        unit = recruits.unit[here] if self.design.clustered else None
        r = self.design.measure.baseline_correlation
        before = None
        if r:
            # Answers before correlate with those after as declared: the simulator's people alone would be too steady.
            known = np.nan_to_num(quiet[:, here])
            noise = math.sqrt(1 - r * r) * luck.standard_normal(known.shape)
            before = np.tile(r * known + noise, (2, 1))[..., None]
        found = batch_effects(both[:, here], treated, unit, blocks=block, covariates=before)
        with np.errstate(invalid="ignore"):
            return np.nan_to_num(found.p_values(), nan=1.0) < self.design.comparison_level

    def _point(self, arm: str, wave: int, units: int, held: Floats) -> SocietyPoint:
        figures = dict(zip(FIGURES, held.T, strict=True))
        mean = {name: float(values.mean()) for name, values in figures.items()}
        error = [
            float(figures[name].std(ddof=1) / math.sqrt(len(held))) if len(held) > 1 else math.nan
            for name in FIGURES[:2]
        ]
        low, high = confidence(figures["seen"])
        target, limit = self.design.power, self.design.simulation.error
        return SocietyPoint(
            arm=arm,
            delay_days=self.design.waves[wave].delay_days,
            units=units,
            people=round(mean["people"]),
            power=mean["seen"],
            error=error[0],
            low=low,
            high=high,
            clean=mean["clean"],
            clean_error=error[1],
            effect_treated=mean["treated"],
            effect_control=mean["control"],
            shrunk=mean["control"] / mean["treated"] if mean["treated"] else math.nan,
            heard=mean["heard"],
            saw=mean["saw"],
            draws=len(held),
            trials=int(figures["trials"].sum()),
            side=settled(figures["seen"], target, limit),
        )


def check_room(design: PowerDesign, workplace: Workplace) -> None:
    """The society has enough adults, households or places for every size that is asked for, or DesignError says which not."""
    setting, frame = design.society, workplace.frame
    if setting is None:
        return
    people, found = frame.society.people, Mistakes()
    adults = frame.city_adults
    places = len(np.unique(people.place[adults]))
    room = {
        "person": len(adults),
        "household": len(np.unique(people.household[adults])),
        "place": places,
    }[setting.assign]
    for place, size in [("sample", design.planned_size), *(("society.sizes", each) for each in setting.sizes)]:
        if size > room:
            found.add(place, size, f"is more than the {room:,} {setting.assign}s of the society", "Ask fewer.")
    if setting.places is not None and setting.places > places:
        found.add("society.places", setting.places, f"is more than the {places} places of the society", "Ask fewer.")
    found.raise_if_any(DesignError, "The design does not fit its society:")
