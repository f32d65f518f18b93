"""People are followed as they walk, cross, hide and leave."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.record.video.follow.camera import StillCamera, camera_for
from commonbeat.record.video.follow.coverage import coverage
from commonbeat.record.video.follow.follower import Follower, follow
from commonbeat.record.video.observed import Poses
from tests.record.video.follow.made_up import HEIGHT, WIDTH, Scene, standing, walking, whose

FRAMES = 100


def three_apart(**settings) -> Scene:
    places = np.stack([walking(150, 450, FRAMES), standing(700, FRAMES), walking(1100, 950, FRAMES)], axis=1)
    return Scene(places, np.array([200.0, 160.0, 220.0]), pictures=False, **settings)


def test_people_apart_keep_their_numbers_and_nothing_is_suspected() -> None:
    scene = three_apart(jitter_px=3.0)
    tracks = follow(scene.frames(), StillCamera())
    assert sorted(whose(tracks, scene)) == [[0], [1], [2]]
    assert [each.number for each in tracks.tracks] == [1, 2, 3]
    assert len(tracks.swaps_suspected) == 0
    assert tracks.left_out == 0


def test_coverage_is_exact() -> None:
    hidden = np.zeros((FRAMES, 3), bool)
    hidden[20:27, 0] = True
    hidden[50:55, 1] = True
    hidden[60:62, 1] = True
    hidden[:10, 2] = True
    hidden[90:, 2] = True
    scene = three_apart(hidden=hidden)
    tracks = follow(scene.frames(), StillCamera())
    by_person = {people[0]: track for people, track in zip(whose(tracks, scene), tracks.tracks, strict=True)}
    assert [coverage(by_person[person]) for person in range(3)] == [0.93, 0.93, 1.0]
    assert (by_person[2].start, len(by_person[2].keypoints)) == (10, 80)
    assert np.isnan(by_person[0].keypoints[20:27]).all()


@pytest.mark.parametrize(("gap", "people"), [(9, 1), (14, 2)])
def test_a_gap_up_to_a_second_is_bridged_and_a_longer_one_ends_the_track(gap: int, people: int) -> None:
    hidden = np.zeros((FRAMES, 1), bool)
    hidden[40 : 40 + gap] = True
    scene = Scene(walking(200, 900, FRAMES)[:, None], np.array([200.0]), pictures=False, hidden=hidden, jitter_px=3.0)
    assert len(follow(scene.frames(), StillCamera()).tracks) == people


@pytest.mark.parametrize("lost", [0, 4, 7])
@pytest.mark.parametrize("jitter", [0.0, 4.0])
def test_walkers_who_cross_keep_their_numbers_and_the_crossing_is_told(lost: int, jitter: float) -> None:
    places = np.stack([walking(200, 1000, FRAMES, 400), walking(1000, 200, FRAMES, 410)], axis=1)
    hidden = np.zeros((FRAMES, 2), bool)
    hidden[50 - lost // 2 : 50 - lost // 2 + lost, 1] = True
    scene = Scene(places, np.array([200.0, 200.0]), pictures=False, hidden=hidden, jitter_px=jitter)
    tracks = follow(scene.frames(), StillCamera())
    ends = [(people[0], people[-1]) for people in whose(tracks, scene)]
    assert sorted(ends) == [(0, 0), (1, 1)]
    assert len(tracks.swaps_suspected) == 1
    when, first, second = tracks.swaps_suspected[0]
    assert abs(when - 4.95) <= 0.5
    assert {first, second} == {1, 2}


def test_whoever_turns_back_at_a_crossing_is_at_least_suspected() -> None:
    # Both turn back behind each other: no tracker without appearance can tell this from a crossing, so it must be told.
    half = FRAMES // 2
    one = np.concatenate([walking(300, 600, half), walking(600, 300, half)])
    other = np.concatenate([walking(900, 605, half), walking(605, 900, half)])
    hidden = np.zeros((FRAMES, 2), bool)
    hidden[46:54, 1] = True
    scene = Scene(
        np.stack([one, other], axis=1), np.array([200.0, 200.0]), pictures=False, hidden=hidden, jitter_px=2.0
    )
    tracks = follow(scene.frames(), StillCamera())
    assert len(tracks.swaps_suspected) >= 1
    assert abs(tracks.swaps_suspected[0, 0] - 5.0) <= 0.6


def test_a_pose_found_twice_is_one_person() -> None:
    scene = three_apart()
    doubled = []
    for poses, grey in scene.frames():
        keypoints = np.concatenate([poses.keypoints, poses.keypoints + np.float32([4, 3, 0])])
        scores = np.concatenate([poses.scores, poses.scores - 0.3])
        doubled.append((Poses(poses.index, poses.time_s, keypoints, np.tile(poses.boxes, (2, 1)), scores), grey))
    tracks = follow(doubled, StillCamera())
    assert [coverage(each) for each in tracks.tracks] == [1.0, 1.0, 1.0]


def test_weak_poses_go_on_with_a_person_and_never_begin_one() -> None:
    scores = np.full((FRAMES, 3), 0.8)
    scores[30:60, 0] = 0.2
    scores[:, 2] = 0.2
    scene = three_apart(scores=scores, jitter_px=2.0)
    tracks = follow(scene.frames(), StillCamera())
    assert sorted(whose(tracks, scene)) == [[0], [1]]
    assert [coverage(each) for each in tracks.tracks] == [1.0, 1.0]


def test_a_flash_of_a_pose_is_nobody_and_is_counted() -> None:
    hidden = np.zeros((FRAMES, 3), bool)
    hidden[:, 2] = True
    hidden[50:52, 2] = False
    tracks = follow(three_apart(hidden=hidden).frames(), StillCamera())
    assert (len(tracks.tracks), tracks.left_out) == (2, 2)


def test_nobody_at_all() -> None:
    empty = Poses(0, 0.0, np.zeros((0, 17, 3), np.float32), np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
    tracks = follow([(empty, None), (empty, None)], camera_for(WIDTH, HEIGHT))
    assert tracks.tracks == ()
    assert tracks.swaps_suspected.shape == (0, 3)
    assert follow([], StillCamera()).tracks == ()


@pytest.mark.parametrize("stop", [1, 37, 50])
def test_a_follower_that_was_put_away_goes_on_as_if_it_never_had_been(stop: int, tmp_path) -> None:
    places = np.stack([walking(200, 1000, FRAMES, 400), walking(1000, 200, FRAMES, 410)], axis=1)
    scene = Scene(places, np.array([200.0, 200.0]), jitter_px=3.0, shift=np.linspace(0, -300, FRAMES) + 0j)
    frames = list(scene.frames())
    straight = follow(frames, camera_for(WIDTH, HEIGHT))
    first = Follower(camera_for(WIDTH, HEIGHT))
    for poses, grey in frames[:stop]:
        first.step(poses, grey)
    np.savez(tmp_path / "kept.npz", **first.to_arrays())
    with np.load(tmp_path / "kept.npz") as kept:
        second = Follower.from_arrays(kept)
    for poses, grey in frames[stop:]:
        second.step(poses, grey)
    resumed = second.finish()
    np.testing.assert_array_equal(resumed.swaps_suspected, straight.swaps_suspected)
    np.testing.assert_array_equal(resumed.camera.turn, straight.camera.turn)
    np.testing.assert_array_equal(resumed.camera.shift, straight.camera.shift)
    assert len(resumed.tracks) == len(straight.tracks)
    for one, other in zip(resumed.tracks, straight.tracks, strict=True):
        assert (one.number, one.start) == (other.number, other.start)
        np.testing.assert_array_equal(one.keypoints, other.keypoints)
        np.testing.assert_array_equal(one.steady, other.steady)
        np.testing.assert_array_equal(one.height_px, other.height_px)


def test_what_is_kept_grows_by_the_sightings_alone() -> None:
    scene = three_apart()
    sizes = []
    follower = Follower(camera_for(WIDTH, HEIGHT))
    for poses, grey in scene.frames():
        follower.step(poses, grey)
        sizes.append(sum(each.nbytes for each in follower.to_arrays().values()))
    # Each frame: three sightings of 212 bytes, and the camera's path of 36 bytes and a time.
    assert (sizes[-1] - sizes[49]) / 50 <= 3 * 212 + 60
