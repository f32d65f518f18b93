"""Sound on the clock of the pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commonbeat.errors import ClipError
from commonbeat.record.video.decode import open_sound, probe, sound_blocks
from tests.record.video.decode.clips import Recipe, sine, write

RATE = 16_000


def heard(clip: Path, rate: int = RATE) -> np.ndarray:
    return np.concatenate(list(sound_blocks(clip, probe(clip), rate=rate)))


@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts"])
def test_sound_is_as_long_as_the_pictures_and_has_its_pitch(tmp_path: Path, kind: str) -> None:
    clip = write(tmp_path / f"clip.{kind}", Recipe(count=90, tone=sine(3.0)))
    facts = probe(clip)
    assert (facts.has_sound, facts.sound_rate) == (True, 44_100)
    blocks = list(sound_blocks(clip, facts, rate=RATE))
    assert [len(block) for block in blocks[:-1]] == [RATE] * (len(blocks) - 1)
    sound = np.concatenate(blocks)
    assert sound.dtype == np.float32
    assert len(sound) == pytest.approx(3 * RATE, abs=0.1 * RATE)
    middle = sound[RATE : 2 * RATE]
    assert np.argmax(np.abs(np.fft.rfft(middle))) == 440
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("starts_ms", [0, 500, 1400])
def test_sound_that_begins_late_is_heard_late(tmp_path: Path, starts_ms: int) -> None:
    clip = write(tmp_path / "clip.mkv", Recipe(count=90, tone=sine(1.0), tone_starts_ms=starts_ms))
    sound = heard(clip)
    loud = np.flatnonzero(np.abs(sound) > 0.1)
    assert loud[0] / RATE == pytest.approx(starts_ms / 1000, abs=0.03)
    assert loud[-1] / RATE == pytest.approx(starts_ms / 1000 + 1.0, abs=0.06)
    assert len(sound) == 3 * RATE


def test_a_click_stands_where_the_picture_is(tmp_path: Path) -> None:
    tone = np.zeros(3 * 44_100, np.float32)
    tone[2 * 44_100 : 2 * 44_100 + 60] = 0.9
    sound = heard(write(tmp_path / "clip.mp4", Recipe(count=90, tone=tone)))
    assert np.argmax(np.abs(sound)) / RATE == pytest.approx(2.0, abs=0.01)


def test_sound_that_outlasts_the_pictures_is_cut(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=30, tone=sine(2.5)))
    assert len(heard(clip)) == RATE


def test_two_channels_can_be_had(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=30, tone=sine(1.0)))
    with open_sound(clip, probe(clip), rate=44_100, channels=2) as blocks:
        sound = np.concatenate(list(blocks))
    assert sound.shape == (44_100, 2)
    assert np.allclose(sound[:, 0], sound[:, 1])


def test_a_clip_without_sound_says_so(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4")
    facts = probe(clip)
    assert not facts.has_sound
    assert "no sound" in facts.notes
    with pytest.raises(ClipError, match="has no sound"):
        list(sound_blocks(clip, facts, rate=RATE))
