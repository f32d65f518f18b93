"""Tempo within 2 %, or two tempos an octave apart told as such; no beat where there is none."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from commonbeat.record.video.sound.beat import NO_BEAT, find_beat
from commonbeat.record.video.sound.on_beat import on_beat
from commonbeat.record.video.sound.onsets import OnsetMeter
from tests.record.video.sound.made import RATE, chords, clicks, crowd, drums, mixed, speech


def beat_of(sound, block=RATE):
    meter = OnsetMeter()
    for start in range(0, len(sound), block):
        meter.step(sound[start : start + block])
    return find_beat(meter.finish())


TEMPOS = (60, 72, 84, 96, 108, 120, 132, 144, 156, 168, 180)


@pytest.mark.parametrize("ratio_db", [20, 6, 0])
@pytest.mark.parametrize("kind", ["clicks", "straight", "swung"])
def test_tempo_within_two_per_cent_or_told_as_two(kind, ratio_db, capsys):
    luck, resolved, two = np.random.default_rng(ratio_db), 0, 0
    for bpm in TEMPOS:
        made = {
            "clicks": lambda bpm=bpm: clicks(bpm, 20, luck),
            "straight": lambda bpm=bpm: drums(bpm, 20, luck),
            "swung": lambda bpm=bpm: drums(bpm, 20, luck, 0.64),
        }[kind]()
        found = beat_of(mixed(made, crowd(20, luck), ratio_db))
        assert found.tempo_bpm is not None, (kind, bpm, found.pulse)
        told = [each for each in (found.tempo_bpm, found.rival_bpm) if each is not None]
        assert min(abs(each / bpm - 1) for each in told) < 0.02, (kind, bpm, found.words)
        resolved += len(told) == 1
        two += len(told) == 2
        assert ("cannot say" in found.words) == (len(told) == 2)
    with capsys.disabled():
        sys.stdout.write(f" {kind} {ratio_db} dB: {resolved} resolved, {two} told as two\n")
    assert resolved >= len(TEMPOS) // 2


def test_beats_stand_where_they_were_put():
    sound = clicks(100, 20, np.random.default_rng(4))
    put = np.flatnonzero((np.abs(sound) > 0.1) & (np.abs(np.concatenate([np.zeros(2000), sound[:-2000]])) == 0)) / RATE
    found = beat_of(sound)
    assert max(np.abs(put - each).min() for each in found.beats_s) < 0.05
    assert found.tempo_low <= 100 <= found.tempo_high


def test_no_beat_in_noise_babble_and_silence(tmp_path):
    luck = np.random.default_rng(5)
    assert beat_of(np.zeros(20 * RATE)).words == NO_BEAT
    assert beat_of(luck.standard_normal(3 * RATE)).words == NO_BEAT
    for _ in range(5):
        assert beat_of(crowd(20, luck)).words == NO_BEAT
        assert beat_of(luck.standard_normal(20 * RATE)).tempo_bpm is None
    said = speech(20, luck, tmp_path)
    if said is not None:
        assert beat_of(said).words == NO_BEAT


def test_held_chords_beat_where_they_change():
    assert beat_of(chords(24, np.random.default_rng(6), 0.75)).tempo_bpm == pytest.approx(80, rel=0.02)


def test_the_group_on_the_beat_is_told_from_the_group_off_it():
    luck, rate = np.random.default_rng(8), 12.5
    times, beats = np.arange(0, 60, 1 / rate), np.arange(0.3, 60, 60 / 112)
    heard = np.interp(times, beats, np.arange(len(beats)))
    with_it = np.cos(2 * np.pi * (heard - 0.1)) + 0.7 * luck.standard_normal(len(times))
    own = np.cos(2 * np.pi * 1.62 * times) + 0.7 * luck.standard_normal(len(times))
    found = on_beat(with_it, times, beats, rate)
    assert found.concentration.p <= 0.02
    assert found.multiple == 1.0
    assert found.phase_beats == pytest.approx(0.1, abs=0.04)
    off = on_beat(own, times, beats, rate).concentration
    assert off.p > 0.05
    assert off.value < off.null_high
    assert on_beat(with_it[:250], times[:250], beats, rate).why_not.startswith("not measurable")


def test_movement_without_rhythm_is_on_the_beat_one_time_in_twenty():
    luck, rate = np.random.default_rng(9), 12.5
    times, beats = np.arange(0, 60, 1 / rate), np.arange(0.3, 60, 60 / 112)
    false = sum(
        on_beat(luck.standard_normal(len(times)), times, beats, rate).concentration.p <= 0.05 for _ in range(100)
    )
    assert false <= 11  # binomial: more has a chance below 1 %
