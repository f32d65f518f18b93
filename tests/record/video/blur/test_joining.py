"""Heads over time: gaps filled in both directions, quick heads, cuts; and what is doubtful. Sightings here are made up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from commonbeat.record.video.blur.covering import HOLD_S, cover_of
from commonbeat.record.video.blur.doubts import (
    APPEARED,
    BLURRED,
    CROWD,
    DARK,
    HEADLESS,
    LOST,
    doubts_of,
)
from commonbeat.record.video.blur.heads import Found
from commonbeat.record.video.blur.passages import Doubt, hidden_frames, passages_of
from commonbeat.record.video.blur.plan import Plan, plan_for
from commonbeat.record.video.blur.scene import Look, Scene
from commonbeat.record.video.blur.sightings import Sightings
from commonbeat.record.video.blur.trails import trails_of

RATE = 25
WIDTH, HEIGHT, RADIUS = 640, 360, 20.0
CALM = Look(light=120.0, sharpness=5.0, cut=False)
NOBODY = np.zeros((0, 4), np.float32)


def sightings(
    paths: list[NDArray[np.float64]],
    missing: list[set[int]],
    *,
    looks: dict[int, Look] | None = None,
    score: float = 0.8,
    times: NDArray[np.float64] | None = None,
    headless: set[int] | None = None,
) -> Sightings:
    """Heads that go along paths, (frames, 2), NaN where somebody is not in the picture, without those that a detector missed."""
    count = len(paths[0])
    found = Sightings(WIDTH, HEIGHT)
    for frame in range(count):
        rows = [
            (*path[frame], RADIUS, score)
            for path, gone in zip(paths, missing, strict=True)
            if frame not in gone and np.isfinite(path[frame]).all()
        ]
        circles = np.array(rows, np.float32).reshape(-1, 4)
        time_s = frame / RATE if times is None else float(times[frame])
        found.add(time_s, Found(circles, int(frame in (headless or ()))), NOBODY, (looks or {}).get(frame, CALM))
    return found


def straight(start: tuple[float, float], end: tuple[float, float], count: int = 100) -> NDArray[np.float64]:
    return np.linspace(start, end, count)


def covered(plan: Plan, frame: int, at: NDArray[np.float64], radius: float = RADIUS) -> bool:
    """Whether the head's disc is painted over, or the whole picture is hidden."""
    if hidden_frames(plan.passages, len(plan.bodies))[frame]:
        return True
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    rim = at + 0.98 * radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    circles = plan.cover.of(frame)
    return all(any(np.hypot(*(point - circle[:2])) <= circle[2] for circle in circles) for point in (*rim, at))


@pytest.mark.parametrize("gap", [1, 2, 5, 12])
@pytest.mark.parametrize("speed", [0.0, 150.0, 400.0])
def test_missed_frames_between_two_sightings_are_covered_and_not_hidden_whole(gap: int, speed: float) -> None:
    count = 34 if speed > 200 else 70
    path = straight((60, 180), (60 + speed * (count - 1) / RATE, 180), count)
    gone = set(range(15, 15 + gap))
    plan = plan_for(sightings([path], [gone]))
    assert plan.passages == ()
    assert all(covered(plan, frame, path[frame]) for frame in range(len(path)))


def test_heads_are_covered_before_their_first_sighting_and_after_their_last() -> None:
    path = straight((300, 180), (330, 180))
    plan = plan_for(sightings([path], [set(range(10)) | set(range(92, 100))]))
    assert plan.passages == ()
    assert all(covered(plan, frame, path[frame]) for frame in range(100))


def test_a_head_that_leaves_by_the_edge_is_not_looked_for() -> None:
    path = straight((320, 180), (760, 180))
    path[path[:, 0] > WIDTH] = np.nan
    plan = plan_for(sightings([path], [set()]))
    assert plan.passages == ()
    assert plan_for(sightings([path[::-1]], [set()])).passages == ()


def test_a_head_that_is_lost_inside_the_picture_hides_all_until_it_is_found_again() -> None:
    path = straight((200, 180), (260, 180))
    plan = plan_for(sightings([path], [set(range(40, 80))]))
    (passage,) = plan.passages
    assert passage.reasons == (LOST,)
    assert passage.start_s <= 39 / RATE
    assert passage.end_s >= 80 / RATE
    assert all(covered(plan, frame, path[frame]) for frame in range(100))


def test_a_head_that_is_never_found_again_hides_the_rest_of_its_scene_and_no_more() -> None:
    path = straight((200, 180), (260, 180))
    looks = {70: Look(120.0, 5.0, cut=True)}
    other = straight((400, 180), (420, 180))
    plan = plan_for(sightings([path, other], [set(range(30, 100)), set(range(70))], looks=looks))
    (passage,) = plan.passages
    assert passage.start_s <= 29 / RATE
    assert 69 / RATE <= passage.end_s <= 77 / RATE


def test_a_head_that_appears_inside_the_picture_was_there_before() -> None:
    path = straight((200, 180), (260, 180))
    plan = plan_for(sightings([path], [set(range(50))]))
    (passage,) = plan.passages
    assert passage.reasons == (APPEARED,)
    assert passage.start_s <= 50 / RATE - 1.0
    assert passage.end_s >= 50 / RATE


def test_two_who_cross_are_both_covered_and_the_rest_of_the_clip_is_not_hidden() -> None:
    left, right = straight((100, 180), (540, 180)), straight((540, 190), (100, 190))
    behind = set(range(46, 54))  # who is behind is not seen while they cross
    plan = plan_for(sightings([left, right], [set(), behind]))
    assert all(covered(plan, frame, path[frame]) for path in (left, right) for frame in range(100))
    assert hidden_frames(plan.passages, 100).sum() < 60


def test_one_head_found_twice_is_one_head() -> None:
    path = straight((200, 180), (260, 180))
    plan = plan_for(sightings([path, path + 15.0], [set(), set(range(60, 100))]))
    assert plan.passages == ()


def test_a_flicker_that_is_no_head_is_painted_and_proves_nothing() -> None:
    path = straight((200, 180), (260, 180))
    rows = sightings([path], [set()])
    rows.heads[50] = np.vstack([rows.heads[50], np.array([[500, 100, 15, 0.3]], np.float32)])
    plan = plan_for(rows)
    assert plan.passages == ()
    assert covered(plan, 50, np.array([500.0, 100.0]), 15.0)


def test_nothing_is_joined_across_a_cut() -> None:
    path = straight((200, 180), (200, 180))
    looks = {50: Look(120.0, 5.0, cut=True)}
    rows = sightings([path], [set(range(45, 55))], looks=looks)
    trails = trails_of(rows)
    assert [(each.frames[0], each.frames[-1]) for each in trails] == [(0, 44), (55, 99)]
    plan = plan_for(rows)
    assert plan.passages == ()  # held up to the cut from both sides
    assert all(covered(plan, frame, path[frame]) for frame in range(100))
    before = {frame for frame in range(100) if len(cover_of(trails[:1], rows).of(frame))}
    assert max(before) == 49


@pytest.mark.parametrize(
    ("look", "reason"), [(Look(5.0, 5.0, cut=False), DARK), (Look(120.0, 1.0, cut=False), BLURRED)]
)
def test_dark_and_blurred_passages_are_hidden_with_a_margin(look: Look, reason: str) -> None:
    path = straight((200, 180), (260, 180))
    plan = plan_for(sightings([path], [set()], looks=dict.fromkeys(range(40, 50), look)))
    (passage,) = plan.passages
    assert passage.reasons == (reason,)
    assert passage.first <= 40 - RATE * 0.2
    assert passage.behind >= 50 + RATE * 0.2


def test_a_picture_of_one_pixel_in_width_is_looked_at_too() -> None:
    look = Scene().step(np.full((640, 1, 3), 50, np.uint8))
    assert (look.light, look.sharpness, look.cut) == (50, 0, False)


def test_a_body_without_a_head_hides_its_frames() -> None:
    path = straight((200, 180), (260, 180))
    plan = plan_for(sightings([path], [set()], headless={60, 62}))
    (passage,) = plan.passages
    assert passage.reasons == (HEADLESS,)
    assert passage.first < 60
    assert passage.behind > 62


def test_a_crowd_of_small_heads_is_hidden() -> None:
    paths = [straight((60 + 60 * k, 100), (60 + 60 * k, 100)) for k in range(9)]
    rows = sightings(paths, [set()] * 9)
    assert plan_for(rows).passages == ()
    rows.heads = [np.concatenate([each[:, :2], each[:, 2:3] * 0.3, each[:, 3:]], axis=1) for each in rows.heads]
    (passage,) = plan_for(rows).passages
    assert passage.reasons == (CROWD,)
    assert (passage.first, passage.behind) == (0, 100)


def test_uneven_times_hold_by_the_clock_not_by_frames() -> None:
    times = np.concatenate([np.arange(50) * 0.02, 1.0 + np.arange(50) * 0.1])
    path = straight((200, 180), (260, 180))
    rows = sightings([path], [set(range(50, 56))], times=times)
    plan = plan_for(rows)
    assert all(covered(plan, frame, path[frame]) for frame in range(100))
    late = cover_of(trails_of(sightings([path], [set(range(20, 100))], times=times)), rows)
    last = max(frame for frame in range(100) if len(late.of(frame)))
    assert times[last] == pytest.approx(times[19] + HOLD_S, abs=0.1)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_a_detector_misses_no_head_that_it_saw_shows_nearby(data: st.DataObject) -> None:
    """Fail-closed, for any pattern of misses: within the scene, from the first sighting on, a head is painted or the picture hidden."""
    count = 80
    start = data.draw(st.tuples(st.floats(80, 560), st.floats(60, 300)))
    end = data.draw(st.tuples(st.floats(80, 560), st.floats(60, 300)))
    path = straight(start, end, count)
    kept = data.draw(st.sets(st.integers(0, count - 1), min_size=8, max_size=count))
    plan = plan_for(sightings([path], [set(range(count)) - kept]))
    sure = [each for each in trails_of(sightings([path], [set(range(count)) - kept])) if len(each.frames) >= 5]
    if not sure:
        return
    first = sure[0].frames[0]
    shown = [frame for frame in range(first, count) if not covered(plan, frame, path[frame], 0.8 * RADIUS)]
    assert shown == []


def test_passages_join_and_keep_all_reasons() -> None:
    times = [frame / RATE for frame in range(200)]
    first, second = passages_of([Doubt(1.0, 1.2, "a"), Doubt(1.5, 1.6, "b"), Doubt(5.0, 5.0, "a")], times)
    assert first.reasons == ("a", "b")
    assert (first.start_s, first.end_s) == (pytest.approx(0.76), pytest.approx(1.84))
    assert second.first <= 5 * RATE < second.behind
    assert passages_of([], times) == ()


def test_an_empty_street_has_no_doubts() -> None:
    rows = sightings([np.full((50, 2), np.nan)], [set()])
    assert doubts_of(trails_of(rows), rows) == []
    plan = plan_for(rows)
    assert len(plan.cover.of(10)) == 0


@pytest.mark.slow
def test_an_hour_takes_seconds_to_plan_and_little_memory() -> None:
    """Half an hour of three heads: less than 100 bytes for each head of each frame, and nothing grows with its square."""
    count = 45_000
    paths = [straight((100 + 150 * k, 180), (120 + 150 * k, 180), count) for k in range(3)]
    luck = np.random.default_rng(2)
    gone = [set(luck.choice(count, count // 4, replace=False).tolist()) for _ in paths]
    plan = plan_for(sightings(paths, gone))
    assert plan.cover.circles.nbytes < 3 * count * 100
    assert plan.passages == ()


def test_what_was_found_is_packed_and_taken_up_without_a_loss() -> None:
    found = sightings([straight((60, 180), (500, 200)), straight((500, 90), (60, 90))], [{3, 4}, set()], headless={7})
    found.bodies[5] = np.array([[1, 2, 3, 4]], np.float32)
    again = Sightings(WIDTH, HEIGHT)
    for first, behind in ((0, 40), (40, 41), (41, 100)):
        again.take_up(found.packed(first, behind))
    assert again.times == found.times
    for name in ("headless", "light", "sharpness", "cut"):
        assert getattr(again, name) == getattr(found, name), name
    for name in ("heads", "bodies"):
        pairs = zip(getattr(again, name), getattr(found, name), strict=True)
        assert all(np.array_equal(one, other) and one.dtype == other.dtype for one, other in pairs), name
    for wrong in (found.packed(40, 60), Sightings(WIDTH + 1, HEIGHT).packed(0, 0)):
        with pytest.raises(ValueError, match=r"\["):  # says the size and the first frame that the piece has
            again.take_up(wrong)
    assert len(again.times) == 100
