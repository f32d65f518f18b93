"""Steps of sound get the right word, and nobody is told of speech without a voice model."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.record.video.sound.listening import BOTH, MUSIC, NEITHER, SPEECH, UNCLEAR, kind, listen
from tests.record.video.sound.made import RATE, chords, crowd, drums


def blocks(sound):
    return (sound[start : start + RATE].astype(np.float32) for start in range(0, len(sound), RATE))


def test_music_is_told_from_noise_and_silence_is_neither():
    luck = np.random.default_rng(1)
    sound = np.concatenate([0.3 * chords(18, luck), 0.05 * crowd(36, luck), np.zeros(6 * RATE)])
    found = listen(blocks(sound), None)
    assert found.kinds[:6] == (MUSIC,) * 6
    assert set(found.kinds[9:18]) == {UNCLEAR}  # without a voice model nobody can say that it is not speech
    assert found.kinds[18:] == ("silence", "silence")
    assert 6 / 18 <= found.music <= 9 / 18  # a window of 12 s reaches over the end of the music
    assert found.speech is None
    assert found.speech_why_not
    assert len(found.times) == 20


def test_drums_are_music_by_their_beat():
    found = listen(blocks(0.3 * drums(110, 18, np.random.default_rng(2))), None)
    assert found.beat.tempo_bpm == pytest.approx(110, rel=0.02)
    assert found.music == 1.0


def test_words_for_a_step():
    assert kind(0.9, musical=False) == SPEECH
    assert kind(0.9, musical=True) == BOTH
    assert kind(0.0, musical=True) == MUSIC
    assert kind(0.0, musical=False) == NEITHER
    assert kind(0.1, musical=True) == UNCLEAR
    assert kind(0.9, musical=None) == UNCLEAR


def test_no_sound_at_all():
    found = listen(iter(()), None)
    assert found.kinds == ()
    assert found.music is None
    assert found.loudness.integrated is None
