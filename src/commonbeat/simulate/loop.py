"""START HERE: one day in one arm, phase by phase.

    meet        stops and contacts of the ordinary year, programmes, the moment itself. First, because everything
                else of a day is about what somebody met.
    acquaint    those who were there may become acquainted, before anybody tells, so that a new acquaintance can
                hear of what comes next.
    tell        household and friends hear of it in the evening: one hop, once per event and listener, not for
                those who were there.
    post        some of it was filmed: a bystander or an outlet posts the clip.
    circulate   the clip runs its course through feeds and outlets, hour by hour; it reads nobody's attitudes, so
                it is computed at once and each view waits for its day.
    watch       today's views of every live clip.
    inspire     encounters cause encounters, only where the scenario brings data on how many.
    tally       fade everything to the end of the day, apply what was met in the order of hour, channel and event,
                and write down the sums.

Because stores fade in closed form, nobody is touched on a day on which nothing happens to them. A phase takes the
world (what the arms share), the arm's own state and today, and adds to today. The order is data: see PHASES.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.mind import kinds as word
from commonbeat.simulate.background import DAYS, HOURS, views_as_experiences
from commonbeat.simulate.experiences import NOTHING, by_day, chosen, in_order, joined
from commonbeat.simulate.inspiration import inspired_by
from commonbeat.simulate.moment import SINGLE_KINDS, Moment, event_of, gather, single
from commonbeat.simulate.telling import told_of, told_of_gathering
from commonbeat.simulate.world import BURN_IN_DAYS
from commonbeat.society.people import FIRST_ADULT_BAND
from commonbeat.spread.clip import Clip

if TYPE_CHECKING:
    from collections.abc import Callable

    from commonbeat.kernels.experience import Experiences, People
    from commonbeat.scenario import Arm, Occurrence
    from commonbeat.simulate.acquaintance import NewTies
    from commonbeat.simulate.record import ArmRecord
    from commonbeat.simulate.world import World
    from commonbeat.spread.clip import ClipViews


@dataclass(eq=False)
class ArmState:
    """What an arm needs tomorrow."""

    arm: Arm
    people: People
    sums: np.ndarray
    agenda: dict[int, list[Occurrence]]
    ties: NewTies
    coming: dict[int, list[Experiences]] = field(default_factory=dict)


@dataclass(eq=False)
class Today:
    """What a day collects while its phases pass; gone when the day is over, but for what the record keeps."""

    day: int
    background: Experiences = NOTHING
    background_code: np.ndarray = field(default_factory=lambda: np.empty(0, np.int16))
    direct: list[Experiences] = field(default_factory=list)
    told: list[Experiences] = field(default_factory=list)
    watched: list[Experiences] = field(default_factory=list)
    moments: list[tuple[Occurrence, Moment]] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)
    views: list[ClipViews] = field(default_factory=list)
    left_out: Experiences = NOTHING
    formed: int = 0

    @property
    def start(self) -> int:
        """The first hour of the day, counted from the burn-in."""
        return (BURN_IN_DAYS + self.day) * HOURS


def meet(world: World, state: ArmState, today: Today) -> None:
    """Today's direct experiences stand: the ordinary day, and what the scenario holds for it."""
    year, day = divmod(today.day, DAYS)
    factor = state.arm.stops_factor
    today.background, today.background_code = world.year(1 + year).of_day(day, factor)
    today.left_out = world.year(1 + year).left_out(day, factor)
    for occurrence in state.agenda.get(today.day, ()):
        hour = today.start + occurrence.hour
        if occurrence.kind == "encounter":
            encounter = world.scenario.encounters[occurrence.encounter]
            moment = gather(world.frame, encounter, occurrence, world.parameters, world.seed, hour)
            today.moments.append((occurrence, moment))
            today.direct.append(moment.met())
        elif occurrence.kind in SINGLE_KINDS:
            today.direct.append(single(world.frame, occurrence, world.parameters, world.seed, hour))


def acquaint(world: World, state: ArmState, today: Today) -> None:
    """Ties that formed at today's moments stand."""
    for _, moment in today.moments:
        today.formed += state.ties.form(moment, world.parameters["tie_formation_chance"], world.seed)


def tell(world: World, state: ArmState, today: Today) -> None:
    """Who hears today of what the scenario brought, and what the newly acquainted hear of the ordinary day."""
    chance, seed = world.parameters["tell_chance_acquaintance"], world.seed
    direct = in_order(joined(today.direct))
    if direct.person.size:
        along_ties = world.workplace.telling.pairs(direct, world.parameters, seed)
        along_new = state.ties.pairs(direct, chance, seed)
        pairs = np.concatenate([along_ties[0], along_new[0]]), np.concatenate([along_ties[1], along_new[1]])
        today.told.append(told_of_gathering(direct, pairs))
    if state.ties.any:
        met = chosen(today.background, today.background.channel == word.DIRECT)
        today.told.append(told_of(met, state.ties.pairs(met, chance, seed)))


def post(world: World, state: ArmState, today: Today) -> None:
    """Clips that go up today stand."""
    for occurrence, moment in today.moments:
        if occurrence.clip != "none":
            today.clips.append(_clip_of_moment(world, occurrence, moment))
    for occurrence in state.agenda.get(today.day, ()):
        if occurrence.kind == "violent_clip":
            event = event_of(occurrence.ordinal)
            origin = occurrence.origin
            start = (
                _local_outlet(world, event) if origin == "outlet" else _poster(world, world.frame.city_adults, event)
            )
            hour = today.start + occurrence.hour
            today.clips.append(Clip(event, occurrence.ordinal, origin, word.VIOLENT_CLIP, start, hour, event))


def circulate(world: World, state: ArmState, today: Today) -> None:
    """Each new clip has its views, and each view waits for its day."""
    for clip in today.clips:
        views = world.views(clip)
        today.views.append(views)
        met = views_as_experiences(views, word.SCENARIO)
        was_there = [moment.present for _, moment in today.moments if moment.event == clip.event]
        if was_there:
            met = chosen(met, ~np.isin(met.person, was_there[0]))
        for day, part in by_day(met):
            state.coming.setdefault(day - BURN_IN_DAYS, []).append(part)


def watch(world: World, state: ArmState, today: Today) -> None:
    """Today's views have become experiences."""
    del world
    today.watched.extend(state.coming.pop(today.day, ()))


def inspire(world: World, state: ArmState, today: Today) -> None:
    """Encounters that today's encounters cause stand in the agenda; none, unless the scenario brings a number."""
    for occurrence, _ in today.moments:
        for caused in inspired_by(world, occurrence):
            state.agenda.setdefault(caused.day, []).append(caused)


def tally(world: World, state: ArmState, today: Today) -> None:
    """Everything has faded to the end of the day, and today is deposited with people and sums."""
    brought = joined([*today.direct, *today.told, *today.watched])
    met = in_order(joined([today.background, brought])) if brought.person.size else today.background
    world.live_through(state.people, state.sums, met, BURN_IN_DAYS + today.day)


PHASES: tuple[Callable[[World, ArmState, Today], None], ...] = (
    meet,
    acquaint,
    tell,
    post,
    circulate,
    watch,
    inspire,
    tally,
)


def run_days(world: World, state: ArmState, record: ArmRecord) -> None:
    """All days of the scenario have passed in this arm, and the record holds what a reader wants of them."""
    record.begin(state)
    for day in range(world.scenario.days):
        today = Today(day)
        for phase in PHASES:
            phase(world, state, today)
        record.keep(state, today)


def _poster(world: World, pool: np.ndarray, event: int) -> int:
    """Who posts: drawn among the pool in proportion to followers ** 0.25."""
    weight = np.cumsum(world.frame.posting_weight[pool])
    if not len(weight) or weight[-1] <= 0.0:
        return int(pool[0])
    drawn = float(luck.uniforms(world.seed, luck.POSTER, event)) * weight[-1]
    return int(pool[min(int(np.searchsorted(weight, drawn, side="right")), len(pool) - 1)])


def _local_outlet(world: World, event: int) -> int:
    """The node of a local outlet, one as likely as the other; any outlet where none is local."""
    outlets = world.frame.society.outlets
    local = [index for index, outlet in enumerate(outlets) if outlet.reach == "local"] or list(range(len(outlets)))
    return -1 - local[int(float(luck.uniforms(world.seed, luck.OUTLET_CHOICE, event, 1)) * len(local))]


def _who_may_film(world: World, moment: Moment) -> np.ndarray:
    """Adults who stood by, by their ids; the city's adults where nobody grown did."""
    people = world.frame.society.people
    adults = moment.bystanders[people.age_band[moment.bystanders] >= FIRST_ADULT_BAND]
    return adults[np.argsort(people.id[adults])] if len(adults) else world.frame.city_adults


def _clip_of_moment(world: World, occurrence: Occurrence, moment: Moment) -> Clip:
    origin = occurrence.clip
    if origin == "outlet":
        start = _local_outlet(world, moment.event)
    else:
        start = _poster(world, _who_may_film(world, moment), moment.event)
    number = event_of(f"{moment.ordinal}/clip")
    kind, dose = word.CLIP_OF_ENCOUNTER, moment.authenticity
    return Clip(number, moment.ordinal, origin, kind, start, moment.hour, moment.event, dose)
