"""Who joins a group and when, to the second; who leaves; and who only passes by."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.record.video.follow.camera import StillCamera, camera_for
from commonbeat.record.video.follow.follower import follow
from commonbeat.record.video.space.groups import Groups, groups_over_time
from commonbeat.record.video.space.places import places_of
from tests.record.video.follow.made_up import HEIGHT, WIDTH, Scene, standing, whose

FRAMES, TALL, NEAR = 240, 160.0, 1.2
STEPS = np.arange(FRAMES)


def path(*knots: tuple[float, float], row: float = 400.0) -> np.ndarray:
    """x over time: knots of (second, x)."""
    seconds, xs = zip(*knots, strict=True)
    return np.stack([np.interp(STEPS / 10, seconds, xs), np.full(FRAMES, row)], axis=-1)


def found_in(scene: Scene, *, tripod: bool = False) -> tuple[Groups, dict[int, int]]:
    """The groups, and for each number the made-up person."""
    scene.pictures = not tripod
    tracks = follow(scene.frames(), StillCamera() if tripod else camera_for(WIDTH, HEIGHT))
    names = {each.number: people[0] for each, people in zip(tracks.tracks, whose(tracks, scene), strict=True)}
    return groups_over_time(places_of(tracks), tracks.times), names


def truly_near(scene: Scene, joiner: int, others: list[int]) -> float:
    """The first second from which on the joiner is within reach of another."""
    gaps = np.linalg.norm(scene.places[:, others] - scene.places[:, [joiner]], axis=-1).min(axis=1) / TALL
    return float(np.flatnonzero(gaps <= NEAR)[0] / scene.rate)


def swayed(places: np.ndarray, seed: int) -> np.ndarray:
    """Everybody sways, each at their own pace."""
    rng = np.random.default_rng(seed)
    count = places.shape[1]
    pace, phase = rng.uniform(1.2, 2.2, count), rng.uniform(0, 6, count)
    swing = 0.08 * TALL * np.sin(2 * np.pi * STEPS[:, None] / 10 / pace + phase)
    return places + np.stack([swing, 0.3 * swing], axis=-1)


@pytest.mark.parametrize("seed", range(8))
def test_a_join_is_found_within_a_second(seed: int) -> None:
    rng = np.random.default_rng(seed)
    start, pace = rng.uniform(3, 10), rng.uniform(0.4, 1.0) * TALL
    stop = 620 - rng.uniform(0.5, 0.95) * TALL
    arrival = start + (stop - 100) / pace
    joiner = path((0, 100), (start, 100), (arrival, stop), (24, stop))
    still = np.stack([joiner, standing(620, FRAMES), standing(760, FRAMES, 420), standing(890, FRAMES)], axis=1)
    shift = np.linspace(0, -120, FRAMES) + rng.normal(0, 3, FRAMES) + 0j
    hidden = rng.random((FRAMES, 4)) < 0.05
    scene = Scene(swayed(still, seed), np.full(4, TALL), jitter_px=4.0, shift=shift, hidden=hidden, seed=seed)
    groups, names = found_in(scene)
    (join,) = groups.joins
    assert [names[number] for number in join.who] == [0]
    assert sorted(names[number] for number in join.others) == [1, 2, 3]
    assert abs(join.time_s - truly_near(scene, 0, [1, 2, 3])) <= 1.0
    assert join.closing.who == "first"
    assert join.closing.by_first > 0.9 * join.closing.total
    assert groups.leaves == ()


def test_joins_one_after_the_other_and_a_leave() -> None:
    first = path((0, 100), (3, 100), (6, 440), (16, 440), (19, 100), (24, 100))
    second = path((0, 1240), (8, 1240), (11, 900), (24, 900), row=420.0)
    scene = Scene(np.stack([first, second, standing(580, FRAMES), standing(740, FRAMES)], axis=1), np.full(4, TALL))
    groups, names = found_in(scene, tripod=True)
    joins = [([names[number] for number in each.who], each.time_s) for each in groups.joins]
    assert [who for who, _ in joins] == [[0], [1]]
    assert joins[0][1] == pytest.approx(truly_near(scene, 0, [2, 3]), abs=1.0)
    assert joins[1][1] == pytest.approx(truly_near(scene, 1, [2, 3]), abs=1.0)
    (leave,) = groups.leaves
    assert [names[number] for number in leave.who] == [0]
    assert leave.time_s == pytest.approx(17.0, abs=1.0)
    assert leave.closing.who == "first"
    sizes = [(round(each.start_s), len(each.members)) for each in groups.groups]
    assert [size for _, size in sizes] == [2, 3, 4, 3]


def test_whoever_walks_by_joins_nobody() -> None:
    by = path((0, 50), (24, 50 + 24 * 0.55 * TALL), row=460.0)
    quick = path((0, 50), (6, 50), (18, 50 + 12 * 0.8 * TALL), (24, 50 + 12 * 0.8 * TALL), row=340.0)
    scene = Scene(
        np.stack([by, quick, standing(600, FRAMES), standing(740, FRAMES)], axis=1), np.full(4, TALL), jitter_px=3.0
    )
    groups, _ = found_in(scene, tripod=True)
    assert groups.joins == groups.leaves == ()


def test_a_group_that_walks_to_somebody_joins_them_and_the_stander_did_not() -> None:
    pair = [path((0, 100 + offset), (4, 100 + offset), (10, 560 + offset), (24, 560 + offset)) for offset in (0, 130)]
    scene = Scene(np.stack([*pair, standing(820, FRAMES)], axis=1), np.full(3, TALL), jitter_px=3.0)
    groups, names = found_in(scene, tripod=True)
    (join,) = groups.joins
    # The smaller party is the one that joins; who moved is told beside it.
    assert [names[number] for number in join.who] == [2]
    assert join.closing.who == "second"


def test_of_two_alone_the_one_who_moved_joins() -> None:
    mover = path((0, 1000), (4, 1000), (10, 540), (24, 540))
    scene = Scene(np.stack([standing(400, FRAMES), mover], axis=1), np.full(2, TALL), jitter_px=3.0)
    groups, names = found_in(scene, tripod=True)
    (join,) = groups.joins
    assert [names[number] for number in join.who] == [1]


def test_whoever_appears_inside_a_group_has_not_been_seen_to_join() -> None:
    hidden = np.zeros((FRAMES, 3), bool)
    hidden[:80, 0] = True
    hidden[160:, 0] = True
    scene = Scene(np.stack([standing(x, FRAMES) for x in (440, 570, 700)], axis=1), np.full(3, TALL), hidden=hidden)
    groups, _ = found_in(scene, tripod=True)
    assert groups.joins == groups.leaves == ()
    assert [len(each.members) for each in groups.groups] == [2, 3, 2]


def test_people_of_doubtful_depth_are_not_said_to_stand_together() -> None:
    scene = Scene(np.stack([standing(500, FRAMES), standing(600, FRAMES)], axis=1), np.array([250.0, 140.0]))
    groups, _ = found_in(scene, tripod=True)
    assert groups.groups == ()


def test_backward_in_time_a_join_is_a_leave() -> None:
    joiner = path((0, 100), (6, 100), (10, 440), (24, 440))
    places = np.stack([joiner, standing(580, FRAMES), standing(740, FRAMES)], axis=1)
    forward, _ = found_in(Scene(places, np.full(3, TALL)), tripod=True)
    backward, _ = found_in(Scene(places[::-1], np.full(3, TALL)), tripod=True)
    assert (len(forward.joins), len(forward.leaves)) == (1, 0)
    assert (len(backward.joins), len(backward.leaves)) == (0, 1)
    assert 23.9 - backward.leaves[0].time_s == pytest.approx(forward.joins[0].time_s, abs=1.2)
    assert backward.leaves[0].closing.by_first == pytest.approx(-forward.joins[0].closing.by_first, rel=0.1)


@pytest.mark.parametrize("size", [0.6, 1.6])
def test_size_and_mirror_do_not_matter(size: float) -> None:
    joiner = path((0, 100), (6, 100), (10, 440), (24, 440))
    places = np.stack([joiner, standing(580, FRAMES), standing(740, FRAMES)], axis=1)
    plain, _ = found_in(Scene(places, np.full(3, TALL)), tripod=True)
    mirrored = places * np.array([-1.0, 1.0]) + np.array([1280.0, 0.0])
    for changed in (Scene(places * size, np.full(3, TALL * size)), Scene(mirrored, np.full(3, TALL))):
        other, _ = found_in(changed, tripod=True)
        assert [each.time_s for each in other.joins] == [each.time_s for each in plain.joins]
        assert other.joins[0].closing.by_first == pytest.approx(plain.joins[0].closing.by_first, rel=0.02)
