"""A watch that was laid down and taken up again says exactly what one without a stop says."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.record.video.instrument.key_pictures import PICTURES, KeyPictures
from commonbeat.record.video.instrument.smiling import Smiles
from commonbeat.record.video.instrument.watch import Watch
from tests.record.video.instrument.made_up import JOINING, SIZE, seen

SECONDS = 130.0


class Mouths:
    """Smiles in every other look."""

    def __init__(self) -> None:
        self.looks = 0

    def smile(self, picture, head_box, roll):
        return float(int(head_box[0]) % 2)


def grey(picture, poses, recent):
    """A picture of which only the number of heads seen just before is left."""
    return np.full_like(picture, min(255, 3 * len(recent))), f"{len(recent)} heads"


def begun() -> Watch:
    return Watch.begun(*SIZE, Smiles(Mouths()), KeyPictures((0.0, SECONDS), grey))


def told(watch: Watch, tracks) -> list[np.ndarray]:
    arrays = [tracks.times, tracks.swaps_suspected, tracks.camera.turn, tracks.camera.shift, tracks.camera.passage]
    for track in tracks.tracks:
        arrays += [np.array([track.number, track.start]), track.keypoints, track.steady, track.height_px]
    return [
        *arrays,
        np.array(watch.smiles.times),
        np.array(watch.smiles.sums),
        *(np.frombuffer(each.jpeg, np.uint8) for each in watch.pictures.taken),
    ]


def silent(_: object) -> None:
    return None


@pytest.fixture(scope="module")
def film():
    return list(seen(JOINING, SECONDS))


@pytest.fixture(scope="module")
def straight(film):
    watch, laid = begun(), []
    tracks = watch.run(film, (0.0, SECONDS), silent, laid.append)
    return watch, tracks, laid


def test_each_minute_of_film_is_laid_down(straight) -> None:
    _, _, laid = straight
    assert len(laid) == 2


def test_going_on_equals_going_through(film, straight) -> None:
    watch, tracks, laid = straight
    again = begun()
    again.take_up(laid[-1])
    assert again.seen_s == pytest.approx(120.0)
    # The film is opened again at the frame that was seen last, as the decoder gives it.
    rest = [each for each in film if each[0].time_s >= again.seen_s - 1e-6]
    resumed = again.run(rest, (0.0, SECONDS), silent, silent)
    one, other = told(watch, tracks), told(again, resumed)
    assert len(one) == len(other)
    for first, second in zip(one, other, strict=True):
        np.testing.assert_array_equal(first, second)
    assert again.frames == watch.frames == len(film)
    assert [each.words for each in again.pictures.taken] == [each.words for each in watch.pictures.taken]


def test_pictures_stand_in_the_middle_of_equal_parts(straight) -> None:
    watch, _, _ = straight
    times = [each.time_s for each in watch.pictures.taken]
    expected = (np.arange(PICTURES) + 0.5) * SECONDS / PICTURES
    assert np.abs(np.array(times) - expected).max() <= 0.1 + 1e-6


def test_the_span_is_kept_to(film) -> None:
    watch = Watch.begun(*SIZE, Smiles(None), KeyPictures((10.0, 20.0), None))
    tracks = watch.run([each for each in film if each[0].time_s >= 10.0], (10.0, 20.0), silent, silent)
    assert tracks.times[0] == pytest.approx(10.0)
    assert tracks.times[-1] < 20.0


def test_no_picture_and_no_face_where_none_may_be_kept(film) -> None:
    watch = Watch.begun(*SIZE, Smiles(None), KeyPictures((0.0, 5.0), None))
    watch.run(film[:50], (0.0, 5.0), silent, silent)
    assert watch.pictures.taken == []
    assert watch.smiles.sums == []
    assert watch.smiles.result("not agreed to").why_not == "not agreed to"
