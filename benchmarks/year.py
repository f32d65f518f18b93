"""A simulated year of the default city, in CPU seconds: the common past, a fork, and three arms.

    python benchmarks/year.py [--rounds 9] [--views 1000000]

Every round is a draw of its own (parameters and luck). "the year" is what an arm on its own costs after the burn-in:
its background drawn, and 365 days lived through. Arms of one draw share the background, so a further arm costs less.
In the arm with outlet clips, an outlet posts the clip of an encounter in fifty weeks of the year, and the chance that
an outlet's follower sees an item is set so that all clips together have about as many views as asked for.

Person-days count everybody simulated, touched or not: the engine does not visit those to whom nothing happens. Models
that step everybody every day do other work, so a comparison with them says what a year costs, not who is better.
"""

from __future__ import annotations

import argparse

import numpy as np
from measure import Measured, cpu_seconds

from commonbeat.evidence import draw_parameters
from commonbeat.scenario import Scenario
from commonbeat.simulate.arms import new_state
from commonbeat.simulate.loop import run_days
from commonbeat.simulate.record import ArmRecord
from commonbeat.simulate.world import Workplace, World, luck_seed
from commonbeat.society import open_society

DAYS = 365
ENCOUNTER = {"title": "A dance-off", "children": 8, "bystanders": 25}


def scenario() -> Scenario:
    """An ordinary year, one with a single unfilmed encounter, one with fifty outlet clips."""
    weekly = {"kind": "encounter", "encounter": "dance_off", "day": 0, "every_days": 7, "until_day": 350}
    once = {"kind": "encounter", "encounter": "dance_off", "day": 0, "clip": "none"}
    return Scenario.model_validate({
        "title": "A year, for measuring", "seed": 7, "days": DAYS, "reference": "nothing",
        "encounters": {"dance_off": ENCOUNTER},
        "arms": (
            {"name": "nothing", "title": "The ordinary year"},
            {"name": "moment", "title": "One encounter, unfilmed", "events": (once,)},
            {"name": "outlets", "title": "Fifty outlet clips", "events": ({**weekly, "clip": "outlet"},)},
        ),
    })  # fmt: skip


def outlet_views(record: ArmRecord) -> int:
    return sum(len(views.viewer) for views in record.views)


def live(world: World, name: str) -> ArmRecord:
    record = ArmRecord(world, np.empty(0, np.int32))
    run_days(world, new_state(world, world.scenario.arm(name)), record)
    return record


def parameters_with(views: int, workplace: Workplace, asked: Scenario, draw: int) -> dict[str, float]:
    """The draw's parameters, its outlets' feed chance moved until fifty clips have about that many views."""
    parameters = draw_parameters(asked.seed, draw)
    for _ in range(3):
        world = World(workplace, asked, parameters, luck_seed(asked.seed, draw))
        world.burn_in()
        found = max(outlet_views(live(world, "outlets")), 1)
        chance = min(1.0, parameters["outlet_feed_chance"] * views / found)
        parameters = {**parameters, "outlet_feed_chance": chance}
        if abs(found / views - 1) < 0.2:
            break
    return parameters


def one_draw(workplace: Workplace, asked: Scenario, draw: int, views: int, measured: dict[str, Measured]) -> None:
    parameters = parameters_with(views, workplace, asked, draw)
    world = World(workplace, asked, parameters, luck_seed(asked.seed, draw))

    def note(name: str, seconds: float, answer: object = None) -> None:
        measured.setdefault(name, Measured()).seconds.append(seconds)
        measured[name].answers.append(answer)

    note("burn-in, background and all", cpu_seconds(world.burn_in)[0])
    note("fork from the common past", cpu_seconds(world.fork)[0])
    background = cpu_seconds(lambda: world.year(1))[0]
    note("  background of the year, shared by arms", background)
    for name, title in (("nothing", "the ordinary year"), ("moment", "one encounter"), ("outlets", "50 outlet clips")):
        seconds, record = cpu_seconds(lambda name=name: live(world, name))
        note(f"  {title}: days lived through", seconds)
        note(f"the year, {title}", background + seconds, outlet_views(record))


def main() -> None:
    arguments = argparse.ArgumentParser(description="A simulated year of the default city, in CPU seconds.")
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--views", type=int, default=1_000_000)
    chosen = arguments.parse_args()
    society = open_society("minneapolis")
    workplace = Workplace(society)
    asked = scenario()
    people = len(society.people)
    one_draw(workplace, asked, 0, chosen.views, {})  # compiles, and brings the society into memory
    measured: dict[str, Measured] = {}
    for draw in range(1, chosen.rounds + 1):
        one_draw(workplace, asked, draw, chosen.views, measured)
    print(f"{people:,} people, {chosen.rounds} draws; CPU seconds: least, median, most")
    for name, one in measured.items():
        line = f"{name:42}{min(one.seconds):8.3f}{one.median:8.3f}{max(one.seconds):8.3f}"
        if name.startswith("the year"):
            line += f"   {people * DAYS / one.median / 1e6:6.0f} million person-days per CPU second"
        if name.endswith("outlet clips"):
            line += f", {np.median(np.array(one.answers)):,.0f} views of the clips"
        print(line)


if __name__ == "__main__":
    main()
