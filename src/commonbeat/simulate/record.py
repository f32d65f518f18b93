"""What a reader wants of an arm: daily sums, who was reached at each checkpoint, and a few people followed closely."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.experience import CHANNELS, OUTCOMES, SOURCES, STORES, levels
from commonbeat.mind import kinds as word
from commonbeat.simulate.background import HOURS, REPORTING_ROOM, occurrence_code
from commonbeat.simulate.experiences import joined
from commonbeat.simulate.world import BURN_IN_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.simulate.loop import ArmState, Today
    from commonbeat.simulate.world import World
    from commonbeat.spread.clip import ClipViews

RINGS = ("present", "told", "watched", "stops not made", "stops not heard of")
PRESENT, TOLD, WATCHED, STOPS_NOT_MADE, STOPS_NOT_HEARD_OF = range(5)
LIVED = {word.DIRECT: "present", word.TOLD: "told", word.WATCHED: "watched", word.NEWS: "watched"}


@dataclass(frozen=True, eq=False)
class Reached:
    """The people whom an arm's difference has reached by a checkpoint, each in the nearest ring, and their levels."""

    person: NDArray[np.int32]
    ring: NDArray[np.int8]
    level: NDArray[np.float64]  # (people, outcomes), latent SD


@dataclass(eq=False)
class ArmRecord:
    """Filled day by day. `daily` and `cells` hold sums over people, in latent SD x people, day 0 being the start."""

    world: World
    followed: NDArray[np.int32]
    # People to read at each checkpoint beside those whom the arm reaches itself: how the reference arm answers.
    asked: dict[int, NDArray[np.int32]] = field(default_factory=dict)
    daily: NDArray[np.float64] = field(init=False)  # (days + 1, reporting groups, sources, channels, outcomes)
    cells: dict[int, NDArray[np.float64]] = field(default_factory=dict)  # checkpoint: (cells,), trust
    reached: dict[int, Reached] = field(default_factory=dict)
    answers: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    tally: NDArray[np.int64] = field(init=False)  # occurrences by code
    encounters: int = 0
    ties_formed: int = 0
    views: list[ClipViews] = field(default_factory=list)
    followed_levels: NDArray[np.float64] = field(init=False)  # (days + 1, people followed, outcomes)
    lived: dict[tuple[int, int], str] = field(default_factory=dict)
    _near: list[tuple[NDArray[np.int32], NDArray[np.int8]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tally = np.zeros(CHANNELS * len(word.KINDS) * REPORTING_ROOM, np.int64)
        days = self.world.scenario.days + 1
        groups = len(self.world.frame.reporting)
        self.daily = np.zeros((days, groups, SOURCES, CHANNELS, OUTCOMES))
        self.followed_levels = np.zeros((days, len(self.followed), OUTCOMES))

    @property
    def counts(self) -> dict[tuple[str, int], int]:
        """How often each kind of occurrence met each reporting group, where it did."""
        counts = {}
        for code in np.flatnonzero(self.tally).tolist():
            rest, group = divmod(code, REPORTING_ROOM)
            channel, kind = divmod(rest, len(word.KINDS))
            counts[_kind_name(channel, kind), group] = int(self.tally[code])
        return counts

    def begin(self, state: ArmState) -> None:
        """The levels and sums of the first moment of day 0 stand."""
        self._measure(state, 0)

    def keep(self, state: ArmState, today: Today) -> None:
        """The day that has just passed stands in the record."""
        self._measure(state, today.day + 1)
        self._count(today)
        self._note_near(today)
        self._note_lived(today)
        if today.day + 1 in self.world.scenario.checkpoints:
            self._checkpoint(state, today.day + 1)

    def _measure(self, state: ArmState, day: int) -> None:
        frame = self.world.frame
        stores = state.sums.reshape(frame.cells, SOURCES, CHANNELS, OUTCOMES, STORES)
        by_cell = (stores[..., 0] + stores[..., 1]).reshape(frame.cells, -1)
        self.daily[day] = (frame.reporting_matrix @ by_cell).reshape(self.daily.shape[1:])
        if len(self.followed):
            self.followed_levels[day] = self._levels(state, self.followed, day)

    def _levels(self, state: ArmState, person: NDArray[np.int32], day: int) -> NDArray[np.float64]:
        out = np.empty((len(person), OUTCOMES))
        rules = self.world.rules
        hour = (BURN_IN_DAYS + day) * HOURS
        levels(state.people.rows, person, hour, rules.durable_rate, rules.transient_rate, out)
        return out

    def _count(self, today: Today) -> None:
        self.tally += np.bincount(today.background_code, minlength=len(self.tally))
        brought = joined([*today.direct, *today.told, *today.watched])
        if brought.person.size:
            self.tally += np.bincount(occurrence_code(self.world.frame, brought), minlength=len(self.tally))
        self.encounters += len(today.moments)
        self.ties_formed += today.formed
        self.views.extend(today.views)

    def _note_near(self, today: Today) -> None:
        """Whom the arm's difference reached today, by ring; told are also those whom a new acquaintance tells of anything."""
        for ring, parts in ((PRESENT, today.direct), (TOLD, today.told), (WATCHED, today.watched)):
            self._near.extend(_all_in(part.person, ring) for part in parts if part.person.size)
        direct = today.left_out.channel == word.DIRECT
        for ring, which in ((STOPS_NOT_MADE, direct), (STOPS_NOT_HEARD_OF, ~direct)):
            if which.any():
                self._near.append(_all_in(today.left_out.person[which], ring))

    def _note_lived(self, today: Today) -> None:
        if not len(self.followed):
            return
        met = joined([today.background, *today.direct, *today.told, *today.watched])
        for index in np.flatnonzero(np.isin(met.person, self.followed)):
            self.lived[int(met.person[index]), today.day + 1] = _lived(met, int(index))

    def _checkpoint(self, state: ArmState, day: int) -> None:
        frame = self.world.frame
        stores = state.sums.reshape(frame.cells, SOURCES * CHANNELS, OUTCOMES, STORES)
        self.cells[day] = stores[:, :, word.TRUST].sum(axis=(1, 2))
        person, ring = nearest(self._near)
        self._near = [(person, ring)]  # so that the next checkpoint sorts only what is new
        self.reached[day] = Reached(person, ring, self._levels(state, person, day))
        if day in self.asked:
            self.answers[day] = self._levels(state, self.asked[day], day)


def _all_in(person: NDArray[np.int32], ring: int) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    return person, np.full(len(person), ring, np.int8)


def nearest(near: list[tuple[NDArray[np.int32], NDArray[np.int8]]]) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Everybody once, sorted by row, with the nearest of the rings in which they are."""
    if not near:
        return np.empty(0, np.int32), np.empty(0, np.int8)
    person = np.concatenate([people for people, _ in near])
    ring = np.concatenate([rings for _, rings in near])
    order = np.argsort(person.astype(np.int64) * len(RINGS) + ring)
    person, ring = person[order], ring[order]
    first = np.ones(len(person), dtype=bool)
    first[1:] = person[1:] != person[:-1]
    return person[first], ring[first]


def _kind_name(channel: int, kind: int) -> str:
    """The words for a kind of occurrence: 'stop', 'told of stop', 'watched clip of stop'."""
    name = word.KINDS[kind].replace("_", " ")
    return {
        word.DIRECT: name,
        word.TOLD: f"told of {name}",
        word.WATCHED: f"watched {name}",
        word.NEWS: f"news: {name}",
    }[channel]


def _lived(met: Experiences, index: int) -> str:
    """What it was, in one word."""
    kind, channel = int(met.kind[index]), int(met.channel[index])
    if channel == word.DIRECT and kind != word.ENCOUNTER:
        return "stop" if kind in word.STOPS else "contact"
    if channel == word.TOLD and met.source[index] == word.BACKGROUND:
        return "told of a stop" if kind in word.STOPS else "told of a contact"
    return LIVED[channel]
