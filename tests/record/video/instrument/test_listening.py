"""Movements and sound together: coupling, lag and beat are told, and nothing is said of movement without enough of it."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.record.video.decode import probe
from commonbeat.record.video.instrument.key_pictures import KeyPictures
from commonbeat.record.video.instrument.listen import compared, rhythms_of, with_the_beat
from commonbeat.record.video.instrument.smiling import Smiles
from commonbeat.record.video.instrument.sounding import RATE, by_second, sound_of, within
from commonbeat.record.video.instrument.standing import moments_of
from commonbeat.record.video.instrument.watch import Watch
from tests.record.video.drawn.choreography import Dancer
from tests.record.video.drawn.clips import click_track, write_clip
from tests.record.video.instrument.made_up import SIZE, facts, seen

SECONDS, TEMPO = 60.0, 104.0
PEOPLE = (
    Dancer(path=((0, 90, 330),), height_px=180, seed=1, tempo_bpm=TEMPO),
    Dancer(path=((0, 240, 330),), height_px=180, follows=0, coupling=0.95, lag_s=0.3, seed=2, tempo_bpm=TEMPO),
    Dancer(path=((0, 390, 330),), height_px=180, seed=4, tempo_bpm=TEMPO),
    Dancer(path=((0, 540, 330),), height_px=180, seed=5, tempo_bpm=93),
)


def followed(people, seconds: float):
    watch = Watch.begun(*SIZE, Smiles(None), KeyPictures((0.0, seconds), None))
    return watch.run(seen(people, seconds), (0.0, seconds), lambda _: None, lambda _: None)


@pytest.fixture(scope="module")
def tracks():
    return followed(PEOPLE, SECONDS)


@pytest.fixture(scope="module")
def rhythms(tracks):
    return compared(tracks, None)


def test_partners_are_above_chance_and_strangers_are_not(rhythms) -> None:
    pairs, _ = rhythms
    assert pairs[1, 2].together.outside
    for pair in ((1, 3), (1, 4), (2, 3), (2, 4), (3, 4)):
        assert not pairs[pair].together.outside
        assert pairs[pair].spans == ()
    assert pairs[1, 2].locking.value > pairs[1, 2].locking.middle


def test_the_second_follows_by_its_lag(rhythms) -> None:
    assert rhythms[0][1, 2].lag.seconds == pytest.approx(0.3, abs=0.1)


def test_everybody_is_told_beside_chance(rhythms) -> None:
    names = [each.name for each in rhythms[1]]
    assert names[0] == "cluster phase"
    assert all(each.chance is not None or each.why_not for each in rhythms[1])


def test_half_a_minute_is_needed() -> None:
    pairs, measures = compared(followed(PEOPLE[:3], 20.0), None)
    assert pairs == {}
    assert measures[0].chance is None
    assert measures[0].why_not


def test_dancers_at_the_beat_keep_to_it_and_others_do_not() -> None:
    at_it = tuple(
        Dancer(path=((0, 90 + 150 * place, 330),), height_px=180, seed=place, tempo_bpm=TEMPO, wander=0.05)
        for place in range(4)
    )
    beats = np.arange(0, SECONDS, 60 / TEMPO)
    keeping = with_the_beat(followed(at_it, SECONDS), beats)
    assert keeping.chance.outside
    other = with_the_beat(
        followed(tuple(Dancer(path=each.path, height_px=180, seed=each.seed, tempo_bpm=88) for each in at_it), SECONDS),
        beats,
    )
    assert not other.chance.outside


def test_of_one_person_neither_movement_nor_beat_is_told() -> None:
    alone = followed((Dancer(path=((0, 300, 330),), height_px=180, tempo_bpm=TEMPO, wander=0.05),), SECONDS)
    told = with_the_beat(alone, np.arange(0, SECONDS, 60 / TEMPO))
    assert told.chance is None
    assert "that person's measure" in told.why_not
    assert np.isnan(moments_of(alone, (0.0, SECONDS), 10.0).energy).all()


def test_without_a_beat_nothing_is_said_of_it(tracks) -> None:
    assert with_the_beat(tracks, None).chance is None


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    picture = np.full((48, 64, 3), 90, np.uint8)
    path = tmp_path_factory.mktemp("sound") / "clicks.mp4"
    return write_clip((picture for _ in range(400)), 10, path, sound=click_track(40.0, TEMPO))


def test_tempo_and_loudness_of_a_clip(clip) -> None:
    sound = sound_of(clip, probe(clip), (0.0, 40.0))
    assert sound.tempo_bpm == pytest.approx(TEMPO, rel=0.02)
    assert len(sound.times) == len(sound.loudness) == len(sound.kinds)
    assert np.isfinite(sound.loudness).all()


def test_beats_stand_on_the_clock_of_the_clip_when_only_a_part_is_heard(clip) -> None:
    whole, part = sound_of(clip, probe(clip), (0.0, 40.0)), sound_of(clip, probe(clip), (10.3, 30.3))
    assert part.beats.min() >= 10.3
    assert part.times[0] == pytest.approx(10.3)
    nearest = np.abs(part.beats[:, None] - whole.beats[None]).min(axis=1)
    assert np.median(nearest) < 0.05


def test_a_clip_without_sound_says_so(tracks) -> None:
    told = rhythms_of(None, facts(SECONDS), (0.0, SECONDS), tracks)  # the file is not even asked for
    assert told.sound is None
    assert told.sound_why_not == "the clip has no sound"


def test_samples_outside_the_span_are_not_heard() -> None:
    blocks = [np.full(RATE, number, np.float32) for number in range(5)]
    heard = np.concatenate(list(within(blocks, (1.5, 3.0))))
    assert len(heard) == round(1.5 * RATE)
    assert heard.tolist() == [1.0] * (RATE // 2) + [2.0] * RATE


def test_loudness_of_a_second_is_that_of_its_mean_power() -> None:
    times, levels = by_second(np.array([0.0, 0.5, 1.0, 1.5]), np.array([-20.0, -20.0, -10.0, -np.inf]))
    assert times.tolist() == [0.0, 1.0]
    assert levels[0] == pytest.approx(-20)
    assert levels[1] == pytest.approx(-10 - 10 * np.log10(2))
