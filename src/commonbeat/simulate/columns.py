"""From the records of a draw to plain columns, one set per table of the run; what they mean is in the run's schema.

Everything here is a comparison: an arm's figure less the reference arm's in the same draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.experience import OUTCOMES
from commonbeat.mind import kinds as word
from commonbeat.simulate.background import HOURS
from commonbeat.simulate.frame import ALL_RESIDENTS, ELSEWHERE, OFFICERS
from commonbeat.simulate.record import RINGS
from commonbeat.simulate.world import BURN_IN_DAYS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from commonbeat.simulate.arms import ArmsOfDraw
    from commonbeat.simulate.record import ArmRecord
    from commonbeat.spread.clip import ClipViews

    Columns = dict[str, NDArray]

NOTICEABLE = 1e-6  # latent SD: below it a person counts as unchanged
EVERYBODY = "All"
CITY = "city"


class Groups:
    """Reporting groups with 'All residents' behind them, and which outcomes each answers."""

    def __init__(self, arms: ArmsOfDraw) -> None:
        frame = arms.world.frame
        self.disjoint = frame.reporting
        self.names = (*frame.reporting, ALL_RESIDENTS)
        residents = [index for index, name in enumerate(frame.reporting) if name not in {OFFICERS, ELSEWHERE}]
        self.matrix = np.vstack([np.eye(len(frame.reporting)), np.isin(np.arange(len(frame.reporting)), residents)])
        self.weight = self.matrix @ frame.reporting_weight  # (names, outcomes)
        self.pairs = [(g, k) for g in range(len(self.names)) for k in range(OUTCOMES) if self.weight[g, k] > 0]

    def means(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., disjoint groups, outcomes) sums over people -> (..., names, outcomes) means per member."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.einsum("gd,...dk->...gk", self.matrix, sums) / self.weight


def tables_of(arms: ArmsOfDraw, draw: int) -> dict[str, Columns]:
    """Every table's rows of this draw, as equal-length columns."""
    groups = Groups(arms)
    made = {
        "daily": _daily(arms, groups),
        "channels": _channels(arms, groups),
        "rings": _rings(arms, groups),
        "places": _places(arms),
        "reach": _reach(arms),
        "occurrences": _occurrences(arms, groups),
        "twins": _twins(arms, groups),
    }
    made["area"] = _area(made["daily"], arms.world.scenario.days)
    return {name: {"draw": np.full(_length(columns), draw, np.int32), **columns} for name, columns in made.items()}


def _length(columns: Columns) -> int:
    return len(next(iter(columns.values())))


def _words(values: ArrayLike) -> NDArray[np.str_]:
    return np.asarray(values, dtype=np.str_)


def _stacked(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _reference(arms: ArmsOfDraw) -> ArmRecord:
    return arms.records[arms.world.scenario.reference]


def _daily(arms: ArmsOfDraw, groups: Groups) -> Columns:
    days = arms.world.scenario.days + 1
    base = groups.means(_reference(arms).daily.sum(axis=(2, 3)))
    parts = []
    for name, record in arms.records.items():
        mean = groups.means(record.daily.sum(axis=(2, 3)))
        for g, k in groups.pairs:
            parts.append(
                {
                    "arm": np.repeat(_words([name]), days),
                    "group": np.repeat(_words([groups.names[g]]), days),
                    "outcome": np.repeat(_words([word.OUTCOMES[k]]), days),
                    "day": np.arange(days, dtype=np.int16),
                    "change": mean[:, g, k] - mean[0, g, k],
                    "effect": mean[:, g, k] - base[:, g, k],
                }
            )
    return _stacked(parts)


def _area(daily: Columns, days: int) -> Columns:
    """The effect summed over days 1 to the last, and on the last; from the daily rows, which come in blocks."""
    effect = daily["effect"].reshape(-1, days + 1)
    first = slice(None, None, days + 1)
    return {
        "arm": daily["arm"][first],
        "group": daily["group"][first],
        "outcome": daily["outcome"][first],
        "area_sd_days": effect[:, 1:].sum(axis=1),
        "effect_last": effect[:, -1].copy(),
    }


def _channels(arms: ArmsOfDraw, groups: Groups) -> Columns:
    rows = []
    base = _reference(arms).daily
    for name, record in arms.records.items():
        for day in arms.world.scenario.checkpoints:
            account = np.moveaxis(record.daily[day] - base[day], 0, 2)  # (sources, channels, groups, outcomes)
            means = groups.means(account)
            for g, k in groups.pairs:
                for s, source in enumerate(word.SOURCES):
                    for c, channel in enumerate(word.CHANNELS):
                        rows.append((name, groups.names[g], word.OUTCOMES[k], day, channel, source, means[s, c, g, k]))
    arm, group, outcome, day, channel, source, account = zip(*rows, strict=True)
    return {
        "arm": _words(arm),
        "group": _words(group),
        "outcome": _words(outcome),
        "day": np.array(day, np.int16),
        "channel": _words(channel),
        "source": _words(source),
        "account": np.array(account),
    }


def _rings(arms: ArmsOfDraw, groups: Groups) -> Columns:
    reference = _reference(arms)
    rows: list[tuple] = []
    for name, record in arms.records.items():
        for day in arms.world.scenario.checkpoints:
            reached = record.reached[day]
            asked = np.searchsorted(reference.asked[day], reached.person)
            base = reference.answers[day][asked] if len(asked) else reached.level
            rows += _rings_at(arms, groups, name, day, reached.level - base)
    arm, day, ring, group, outcome, people, weighted, effect, negative, positive = zip(*rows, strict=True)
    return {
        "arm": _words(arm),
        "day": np.array(day, np.int16),
        "ring": _words(ring),
        "group": _words(group),
        "outcome": _words(outcome),
        "people": np.array(people, np.float64),
        "people_weighted": np.array(weighted, np.float64),
        "effect": np.array(effect, np.float64),
        "share_negative": np.array(negative, np.float64),
        "share_positive": np.array(positive, np.float64),
    }


def _rings_at(arms: ArmsOfDraw, groups: Groups, name: str, day: int, change: NDArray[np.float64]) -> list[tuple]:
    """The rows of one arm at one checkpoint: nearest ring by group, and the city as a whole."""
    frame, reached = arms.world.frame, arms.records[name].reached[day]
    people = frame.society.people
    group = frame.reporting_of_cell[frame.cell[reached.person]]
    weight = people.weight[reached.person].astype(np.float64)
    applies = frame.applies[reached.person]
    rows: list[tuple] = []
    for ring in range(len(RINGS)):
        for g, label in [*enumerate(groups.disjoint), (-1, EVERYBODY)]:
            inside = (reached.ring == ring) & ((group == g) | (g < 0))
            for k in range(OUTCOMES):
                mine = inside & applies[:, k]
                if mine.any():
                    head = (name, day, RINGS[ring], label, word.OUTCOMES[k])
                    rows.append((*head, *_summary(change[mine, k], weight[mine])))
    return rows + _city_rows(arms, groups, name, day, change)


def _summary(change: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, ...]:
    """(people, people weighted, mean change, share below, share above), weighted by whom each stands for."""
    total = weight.sum()
    below, above = (weight * (change < -NOTICEABLE)).sum(), (weight * (change > NOTICEABLE)).sum()
    return len(change), total, (weight * change).sum() / total, below / total, above / total


def _city_rows(arms: ArmsOfDraw, groups: Groups, name: str, day: int, change: NDArray[np.float64]) -> list[tuple]:
    frame, record, base = arms.world.frame, arms.records[name], _reference(arms)
    effect = groups.means((record.daily[day] - base.daily[day]).sum(axis=(1, 2)))
    reached = record.reached[day].person
    group, weight = frame.reporting_of_cell[frame.cell[reached]], frame.society.people.weight[reached]
    rows = []
    for g, k in groups.pairs:
        if groups.names[g] == ELSEWHERE:
            continue
        inside = groups.matrix[g][group] > 0
        below = float(weight[inside & (change[:, k] < -NOTICEABLE)].sum())
        above = float(weight[inside & (change[:, k] > NOTICEABLE)].sum())
        everybody = groups.weight[g, k]
        row = (everybody, everybody, effect[g, k], below / everybody, above / everybody)
        rows.append((name, day, CITY, groups.names[g], word.OUTCOMES[k], *row))
    return rows


def _places(arms: ArmsOfDraw) -> Columns:
    frame = arms.world.frame
    groups, places = len(frame.society.groups), frame.society.elsewhere_place
    cells = slice(0, places * groups)
    weight = frame.cell_weight[cells, word.TRUST]
    names = _words([place.name for place in frame.society.places[:places]])
    parts = []
    for name, record in arms.records.items():
        for day in arms.world.scenario.checkpoints:
            change = record.cells[day][cells] - _reference(arms).cells[day][cells]
            with np.errstate(invalid="ignore", divide="ignore"):
                effect = np.where(weight > 0, change / weight, np.nan)
            parts.append(
                {
                    "arm": np.repeat(_words([name]), len(weight)),
                    "day": np.full(len(weight), day, np.int16),
                    "place": np.repeat(names, groups),
                    "group": np.tile(_words(frame.reporting[:groups]), places),
                    "outcome": np.repeat(_words([word.OUTCOMES[word.TRUST]]), len(weight)),
                    "effect": effect,
                    "residents": weight.astype(np.int64),
                }
            )
    return _stacked(parts)


def _reach(arms: ArmsOfDraw) -> Columns:
    rows = []
    for name, record in arms.records.items():
        for views in record.views:
            here = arms.world.frame.society.local[views.viewer]
            for audience, mine in ((CITY, here), ("elsewhere", ~here)):
                rows.append((name, views.clip.ordinal, views.clip.origin, audience, *_reach_of(arms, views, mine)))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 9
    types = (np.str_, np.str_, np.str_, np.str_, np.int64, np.float64, np.int64, np.int16, np.float64)
    names = ("arm", "clip", "origin", "audience", "views", "views_weighted", "shares", "depth_max", "hours_to_half")
    return {name: np.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)}


def _reach_of(arms: ArmsOfDraw, views: ClipViews, mine: NDArray[np.bool_]) -> tuple[float, ...]:
    weight = arms.world.frame.society.people.weight[views.viewer[mine]].sum(dtype=np.float64)
    deepest = int(views.depth[mine].max()) if mine.any() else 0
    half = float(np.sort(views.hour[mine])[mine.sum() // 2]) if mine.any() else np.nan
    return int(mine.sum()), float(weight), int(views.shared[mine].sum()), deepest, half


def _occurrences(arms: ArmsOfDraw, groups: Groups) -> Columns:
    rows = []
    for name, record in arms.records.items():
        rows.append((name, "encounter held", ALL_RESIDENTS, record.encounters))
        rows.append((name, "tie formed", ALL_RESIDENTS, record.ties_formed))
        counts = record.counts
        for kind in sorted({kind for kind, _ in counts}):
            count = np.array([counts.get((kind, g), 0) for g in range(len(groups.disjoint))])
            rows += [
                (name, kind, groups.names[g], int(total)) for g, total in enumerate(groups.matrix @ count) if total
            ]
    arm, kind, group, count = zip(*rows, strict=True)
    return {"arm": _words(arm), "kind": _words(kind), "group": _words(group), "count": np.array(count, np.int64)}


def _twins(arms: ArmsOfDraw, groups: Groups) -> Columns:
    frame, days = arms.world.frame, arms.world.scenario.days + 1
    parts = []
    for name, record in arms.records.items():
        for index, (part, row) in enumerate(arms.twins):
            change = record.followed_levels[:, index] - record.followed_levels[0, index]
            whole = {
                "arm": np.repeat(_words([name]), days),
                "person": np.full(days, frame.society.people.id[row], np.int64),
                "part": np.repeat(_words([part]), days),
                "group": np.repeat(_words([groups.names[frame.reporting_of_person[row]]]), days),
                "day": np.arange(days, dtype=np.int16),
                "lived": _words([record.lived.get((row, day), "") for day in range(days)]),
            }
            parts.extend(
                {**whole, "outcome": np.repeat(_words([word.OUTCOMES[k]]), days), "change": change[:, k]}
                for k in np.flatnonzero(frame.applies[row])
            )
    if parts:
        return _stacked(parts)
    kinds = (np.str_, np.int64, np.str_, np.str_, np.int16, np.str_, np.float64, np.str_)
    names = ("arm", "person", "part", "group", "day", "outcome", "change", "lived")
    return {name: np.empty(0, kind) for name, kind in zip(names, kinds, strict=True)}


def exposures_of(arms: ArmsOfDraw, draw: int) -> Columns:
    """Who saw each clip, through whom and when, by stable id; a parent below zero is an outlet, -1 less its number."""
    ids = arms.world.frame.society.people.id
    parts = []
    for name, record in arms.records.items():
        for views in record.views:
            many = len(views.viewer)
            by_outlet = views.parent < 0
            parts.append(
                {
                    "draw": np.full(many, draw, np.int32),
                    "arm": np.repeat(_words([name]), many),
                    "clip": np.repeat(_words([views.clip.ordinal]), many),
                    "person": ids[views.viewer],
                    "hour": views.clip.hour - BURN_IN_DAYS * HOURS + views.hour,
                    "parent": np.where(by_outlet, views.parent, ids[np.maximum(views.parent, 0)]),
                    "depth": views.depth,
                    "channel": np.where(by_outlet, "news", "watched"),
                }
            )
    if parts:
        return _stacked(parts)
    kinds = (np.int32, np.str_, np.str_, np.int64, np.float64, np.int64, np.int16, np.str_)
    names = ("draw", "arm", "clip", "person", "hour", "parent", "depth", "channel")
    return {name: np.empty(0, kind) for name, kind in zip(names, kinds, strict=True)}
