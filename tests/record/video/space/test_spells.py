"""Spells begin and end where they should, and people who dance side by side are one group and never swapped."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.record.video.follow.camera import StillCamera
from commonbeat.record.video.follow.follower import follow
from commonbeat.record.video.space.groups import groups_over_time
from commonbeat.record.video.space.links import Reach, links
from commonbeat.record.video.space.places import places_of
from commonbeat.record.video.space.spells import bridged, lasting, median_smoothed, spells, spells_below
from tests.record.video.follow.made_up import Scene, standing

TIMES = np.arange(12) / 2


@given(st.lists(st.booleans(), max_size=40))
def test_spells_are_the_runs(inside: list[bool]) -> None:
    told = np.zeros(len(inside), bool)
    for start, stop in spells(np.array(inside, bool)):
        told[start : stop + 1] = True
        assert start == 0 or not inside[start - 1]
        assert stop == len(inside) - 1 or not inside[stop + 1]
    assert told.tolist() == inside


def test_between_two_limits_nothing_changes() -> None:
    values = np.array([2.0, 1.1, 1.4, 1.1, np.nan, 1.4, 1.6, 1.4, 1.2, np.nan])
    told = spells_below(values, 1.2, 1.5)
    assert told.tolist() == [False, True, True, True, True, True, False, False, True, True]


def test_short_breaks_are_bridged_and_short_spells_left_out() -> None:
    found = [(0, 2), (4, 5), (9, 11)]
    assert bridged(found, TIMES, 1.0) == [(0, 5), (9, 11)]
    assert lasting(found, TIMES, 1.0) == [(0, 2), (9, 11)]
    assert lasting(bridged(found, TIMES, 1.0), TIMES, 2.0) == [(0, 5)]


def test_medians_leave_gaps_open_and_drop_a_spike() -> None:
    values = np.array([1.0, 1.0, 9.0, 1.0, np.nan, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    smooth = median_smoothed(values, TIMES, 2.5)
    assert np.isnan(smooth).tolist() == np.isnan(values).tolist()
    assert np.nanmax(smooth) == 1.0


def test_dancers_side_by_side_are_one_group_and_are_not_taken_for_each_other() -> None:
    frames, tall = 200, 200.0
    seconds = np.arange(frames) / 10
    rng = np.random.default_rng(2)
    pace, phase = rng.uniform(0.8, 1.6, 5), rng.uniform(0, 6, 5)
    beat = np.sin(2 * np.pi * seconds[:, None] * pace + phase)
    places = np.stack([standing(200 + 0.75 * tall * place, frames) for place in range(5)], axis=1)
    places[..., 0] += 0.07 * tall * beat
    scene = Scene(places, np.full(5, tall), swing=0.12 * beat, bounce=0.03 * beat, jitter_px=4.0, pictures=False)
    tracks = follow(scene.frames(), StillCamera())
    assert len(tracks.tracks) == 5
    assert len(tracks.swaps_suspected) == 0
    groups = groups_over_time(places_of(tracks), tracks.times)
    (whole,) = groups.groups
    assert whole.members == (1, 2, 3, 4, 5)
    assert groups.joins == groups.leaves == ()


def test_what_counts_as_together_can_be_said() -> None:
    scene = Scene(np.stack([standing(300, 60), standing(600, 60)], axis=1), np.full(2, 200.0), pictures=False)
    tracks = follow(scene.frames(), StillCamera())
    places = places_of(tracks)
    assert links(places, tracks.times) == []
    (link,) = links(places, tracks.times, Reach(near=1.6, far=2.0))
    assert (link.begin, link.end, link.came, link.went) == (0, 59, False, False)
