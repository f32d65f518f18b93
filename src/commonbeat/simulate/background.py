"""The ordinary year: recorded stops, other contacts, who hears of them, and the few stops that are filmed.

The record of stops is taken as it is, one event per recorded stop; luck says who it was and on which day. A stop
is recorded where it happened: the person lives there with a chance (`stop_share_at_home`), else anywhere in the
city. Stops without a usable race get a group by the place's recorded shares, tilted by `missing_race_tilt`;
structurally empty rows are stops of residents with chance `empty_record_share`. The age of people stopped is not
recorded: they are drawn among adults.

Every arm of a draw shares this year; an arm with fewer stops leaves some out, addressed stop by stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.mind import kinds as word
from commonbeat.simulate.experiences import NOTHING, by_day_and_event, chosen, experiences, in_order, joined, merged
from commonbeat.simulate.telling import told_of
from commonbeat.spread.clip import Clip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.simulate.frame import Frame
    from commonbeat.simulate.telling import Telling
    from commonbeat.spread.clip import Circulation, ClipViews

DAYS, HOURS = 365, 24
REPORTING_ROOM = 102  # reporting groups that fit in an occurrence code: a society has at most 100 groups
# Recorded categories and the groups that figures use. East African residents are Black here, shown apart in tables.
GROUP_OF_RACE = {"Black": "Black", "East African": "Black", "White": "White"}
OTHERS = "All others"
TILTED_GROUP = "Black"
RACE_MISSING = ("Unknown", "Empty")
FIRST_CONTACT_HOUR, LAST_CONTACT_HOUR = 8, 20
STOP_EVENTS, CONTACT_EVENTS = 1 << 32, 1 << 33
YEAR_EVENTS = 1 << 34
PLACE_SHARE_STRENGTH = 20.0  # recorded stops that the city's shares count for in a place with few of its own


@dataclass(frozen=True, eq=False)
class Year:
    """A year of background, sorted as it is applied; `slot` links each entry to its stop, or is -1 for contacts."""

    met: Experiences
    code: NDArray[np.int16]  # what and who in one number, for counting: see `occurrence_code`
    slot: NDArray[np.int64]
    day_starts: NDArray[np.int64]
    keep_luck: NDArray[np.float64]  # per stop: it happens in an arm whose stops factor is above this
    stopped: NDArray[np.int32]  # per stop: the person, or -1 where the row is no stop of a resident
    stop_day: NDArray[np.int64]
    clips: tuple[Clip, ...]

    def of_day(self, day: int, stops_factor: float) -> tuple[Experiences, NDArray[np.int16]]:
        """(experiences, their codes) of one day of this year in an arm with this factor on stops."""
        span = slice(self.day_starts[day], self.day_starts[day + 1])
        today, code = chosen(self.met, span), self.code[span]
        if stops_factor >= 1.0:
            return today, code
        slot = self.slot[span]
        kept = (slot < 0) | (self.keep_luck[slot] < stops_factor)
        return chosen(today, kept), code[kept]

    def left_out(self, day: int, stops_factor: float) -> Experiences:
        """What does not happen on this day in an arm with this factor: stops, and what would be heard and seen of them."""
        if stops_factor >= 1.0:
            return NOTHING
        span = slice(self.day_starts[day], self.day_starts[day + 1])
        slot = self.slot[span]
        return chosen(chosen(self.met, span), (slot >= 0) & (self.keep_luck[slot] >= stops_factor))


def recorded_stops(frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(place, category) of each recorded stop, in the order of the table."""
    table = frame.society.stops.by_place
    place, category = np.divmod(np.repeat(np.arange(table.size), table.ravel()), table.shape[1])
    return place, category


def known_group(category: str, groups: tuple[str, ...]) -> int:
    """The group that a recorded race stands for; -1 where none was recorded or the society has no such group."""
    if category in RACE_MISSING:
        return -1
    name = category if category in groups else GROUP_OF_RACE.get(category, OTHERS)
    return groups.index(name) if name in groups else -1


def race_shares(frame: Frame, tilt: float) -> NDArray[np.float64]:
    """(places, groups): the shares given to stops without a race.

    Recorded shares, with the odds of Black people multiplied by exp(tilt) and small places drawn towards the city;
    the groups' shares of the adults where no race was recorded at all.
    """
    stops = frame.society.stops
    groups = frame.society.groups
    counts = np.zeros((len(stops.by_place), len(groups)))
    for index, category in enumerate(stops.categories):
        if (group := known_group(category, groups)) >= 0:
            counts[:, group] += stops.by_place[:, index]
    whole = counts.sum(axis=0) if counts.any() else np.array([float(len(adults)) for adults in frame.adults_of_group])
    city = whole / max(1.0, whole.sum())
    shares = (counts + PLACE_SHARE_STRENGTH * city) / (counts.sum(axis=1, keepdims=True) + PLACE_SHARE_STRENGTH)
    if TILTED_GROUP in groups:
        shares[:, groups.index(TILTED_GROUP)] *= np.exp(tilt)
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-300)


def groups_of_stops(frame: Frame, parameters: Mapping[str, float], seed: int, year: int) -> NDArray[np.int64]:
    """The group of the person in each recorded stop; -1 where an empty row is no stop of a resident."""
    place, category = recorded_stops(frame)
    groups, categories = frame.society.groups, frame.society.stops.categories
    group = np.array([known_group(name, groups) for name in categories], np.int64)[category]
    slots = np.arange(len(place))
    missing = group < 0
    cumulative = np.cumsum(race_shares(frame, parameters["missing_race_tilt"]), axis=1)[:, :-1]
    drawn = luck.uniforms(seed, luck.STOP_RACE, year, slots[missing])
    group[missing] = (drawn[:, None] >= cumulative[place[missing]]).sum(axis=1)
    empty = slots[category == categories.index("Empty")]
    absent = luck.uniforms(seed, luck.STOP_RACE, year, empty, 1) >= parameters["empty_record_share"]
    group[empty[absent]] = -1
    return group


def _people_stopped(
    frame: Frame, group: NDArray[np.int64], place: NDArray[np.int64], home_share: float, seed: int, year: int
) -> NDArray[np.int32]:
    """A row per stop: somebody of the group who lives in the place, or anywhere in the city; -1 if there is nobody."""
    slots = np.arange(len(place))
    at_home = luck.uniforms(seed, luck.STOP_HOME, year, slots) < home_share
    pick = luck.uniforms(seed, luck.STOP_PERSON, year, slots)
    cell = place * len(frame.society.groups) + np.maximum(group, 0)
    size = frame.adults.degrees[cell]
    person = np.full(len(place), -1, np.int32)
    near = (group >= 0) & at_home & (size > 0)
    rank = np.minimum((pick * size).astype(np.int64), size - 1)
    person[near] = frame.adults.targets[frame.adults.offsets[cell[near]] + rank[near]]
    for index, everybody in enumerate(frame.adults_of_group):
        far = (group == index) & ~near
        if len(everybody):
            person[far] = everybody[np.minimum((pick[far] * len(everybody)).astype(np.int64), len(everybody) - 1)]
    return person


def _drawn_by(weights: NDArray[np.int64], numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Positions drawn in proportion to the weights."""
    cumulative = np.cumsum(weights, dtype=np.float64)
    if not len(cumulative) or cumulative[-1] <= 0:
        return (numbers * max(1, len(weights))).astype(np.int64)
    return np.searchsorted(cumulative, numbers * cumulative[-1], side="right").clip(0, len(weights) - 1)


def _stops(frame: Frame, parameters: Mapping[str, float], seed: int, year: int) -> tuple[NDArray, NDArray, NDArray]:
    """(person, day of the year, hour of the day) of each recorded stop."""
    place, _ = recorded_stops(frame)
    slots = np.arange(len(place))
    group = groups_of_stops(frame, parameters, seed, year)
    person = _people_stopped(frame, group, place, parameters["stop_share_at_home"], seed, year)
    table = frame.society.stops
    day = _drawn_by(table.by_day, luck.uniforms(seed, luck.STOP_COUNT, year, slots))
    hour = _drawn_by(table.by_hour, luck.uniforms(seed, luck.STOP_HOUR, year, slots))
    return person, day, hour


def _contacts(frame: Frame, parameters: Mapping[str, float], seed: int, year: int, start: int) -> Experiences:
    """Ordinary contacts of adults with police that are no stops, spread evenly over the year and the daytime."""
    adults = frame.city_adults
    count = round(parameters["other_contacts_per_year"] * len(adults))
    slots = np.arange(count)
    person = adults[(luck.uniforms(seed, luck.CONTACT_PERSON, year, slots) * len(adults)).astype(np.int64)]
    day = (luck.uniforms(seed, luck.CONTACT_COUNT, year, slots) * DAYS).astype(np.int64)
    span = LAST_CONTACT_HOUR - FIRST_CONTACT_HOUR
    hour = FIRST_CONTACT_HOUR + (luck.uniforms(seed, luck.CONTACT_HOUR, year, slots) * span).astype(np.int64)
    event = year * YEAR_EVENTS + CONTACT_EVENTS + slots
    dose = parameters["other_contact_dose"]
    return experiences(
        person, start + day * HOURS + hour, word.OTHER_CONTACT, word.DIRECT, word.BACKGROUND, dose, event
    )


def filmed_stops(frame: Frame, share: float, met: Experiences, seed: int, year: int) -> tuple[Clip, ...]:
    """The clips of stops that a bystander filmed and posted at once; the one who posts lives in the city."""
    filmed = np.flatnonzero(luck.uniforms(seed, luck.STOP_FILMED, met.event) < share)
    if not len(filmed):
        return ()
    adults, weight = frame.city_adults, frame.cumulative_posting_weight
    drawn = luck.uniforms(seed, luck.POSTER, met.event[filmed])
    poster = adults[np.searchsorted(weight, drawn * weight[-1], side="right").clip(0, len(adults) - 1)]
    return tuple(
        Clip(
            number=int(met.event[index]),
            ordinal=f"stop/{year}/{int(met.event[index])}",
            origin="resident",
            kind=word.CLIP_OF_STOP,
            start=int(who),
            hour=int(met.hour[index]),
            event=int(met.event[index]),
        )
        for index, who in zip(filmed, poster, strict=True)
    )


def views_as_experiences(views: ClipViews, source: int) -> Experiences:
    """The views of a clip as experiences: by a person's share they are watched, by an outlet's post they are news."""
    clip = views.clip
    met = experiences(
        views.viewer, clip.hour + views.hour.astype(np.int32), clip.kind, word.WATCHED, source, clip.dose, clip.event
    )
    return met._replace(channel=np.where(views.parent < 0, word.NEWS, word.WATCHED).astype(np.int8))


def occurrence_code(frame: Frame, met: Experiences) -> NDArray[np.int16]:
    """(channel x kinds + kind) x room + reporting group of each experience, for counting."""
    group = frame.reporting_of_person[met.person]
    what = met.channel.astype(np.int16) * np.int16(len(word.KINDS)) + met.kind
    return what * np.int16(REPORTING_ROOM) + group


@dataclass(frozen=True, eq=False)
class OrdinaryDays:
    """A year's direct experiences and what is told of them: all of the background but the clips of filmed stops."""

    stops: Experiences
    direct: Experiences
    told: Experiences
    stopped: NDArray[np.int32]
    stop_day: NDArray[np.int64]


def ordinary_days(
    frame: Frame, telling: Telling, parameters: Mapping[str, float], seed: int, year: int
) -> OrdinaryDays:
    """The stops and contacts of one year stand, and who hears of them; they read no clip."""
    start = year * DAYS * HOURS
    person, day, hour = _stops(frame, parameters, seed, year)
    event = year * YEAR_EVENTS + STOP_EVENTS + np.arange(len(person))
    stops = experiences(person, start + day * HOURS + hour, word.STOP, word.DIRECT, word.BACKGROUND, 1.0, event)
    stops = chosen(stops, person >= 0)
    direct = by_day_and_event(joined([stops, _contacts(frame, parameters, seed, year, start)]))
    told = told_of(direct, telling.pairs(direct, parameters, seed))
    return OrdinaryDays(stops, direct, told, person, day)


def build_year(
    frame: Frame, circulation: Circulation, telling: Telling, parameters: Mapping[str, float], seed: int, year: int
) -> Year:
    """The background of one year stands, sorted; `year` 0 is the burn-in. Hours count from its first day."""
    ordinary = ordinary_days(frame, telling, parameters, seed, year)
    return with_clips(frame, circulation, ordinary, parameters, seed, year)


def with_clips(
    frame: Frame,
    circulation: Circulation,
    ordinary: OrdinaryDays,
    parameters: Mapping[str, float],
    seed: int,
    year: int,
) -> Year:
    """The year is whole: to its ordinary days come the clips of its filmed stops, and all of it is in order."""
    start, person = year * DAYS * HOURS, ordinary.stopped
    clips = filmed_stops(frame, parameters["filmed_share_of_stops"], ordinary.stops, seed, year)
    watched = [views_as_experiences(circulation.views_of(clip, seed, parameters), word.BACKGROUND) for clip in clips]
    end = start + DAYS * HOURS
    met = merged([in_order(ordinary.direct), ordinary.told, in_order(joined(watched))])
    met = chosen(met, slice(0, int(np.searchsorted(met.hour, end))))
    slot = met.event - (year * YEAR_EVENTS + STOP_EVENTS)
    slot = np.where((slot >= 0) & (slot < len(person)), slot, -1)
    day_starts = np.searchsorted(met.hour, start + HOURS * np.arange(DAYS + 1))
    keep = luck.uniforms(seed, luck.STOP_KEEP, year, np.arange(len(person)))
    return Year(met, occurrence_code(frame, met), slot, day_starts, keep, person, ordinary.stop_day, clips)
