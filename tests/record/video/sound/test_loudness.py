"""Loudness agrees with the standard's own numbers, whatever the blocks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.io import wavfile

from commonbeat.record.video.sound.loudness import LoudnessMeter, k_weighting


def measured(sound, rate, block=4800):
    meter = LoudnessMeter(rate)
    for start in range(0, len(sound), block):
        meter.step(sound[start : start + block])
    return meter.finish()


def test_filters_equal_the_published_coefficients_at_48_khz():
    (shelf, shelf_back), (high, high_back) = k_weighting(48000)
    assert_allclose(shelf, [1.53512485958697, -2.69169618940638, 1.19839281085285], atol=1e-8)
    assert_allclose(shelf_back, [1.0, -1.69065929318241, 0.73248077421585], atol=1e-8)
    assert_allclose(high, [1.0, -2.0, 1.0])
    assert_allclose(high_back, [1.0, -1.99004745483398, 0.99007225036621], atol=1e-8)


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_a_tone_of_full_scale_has_the_loudness_of_the_standard(rate):
    times = np.arange(5 * rate) / rate
    found = measured(np.sin(2 * np.pi * 997 * times), rate)
    assert found.integrated == pytest.approx(-3.01, abs=0.05)
    assert_allclose(found.momentary[3:], -3.01, atol=0.05)
    assert measured(0.1 * np.sin(2 * np.pi * 997 * times), rate).integrated == pytest.approx(-23.01, abs=0.05)


@given(block=st.integers(1, 30000))
@settings(max_examples=15, deadline=None)
def test_blocks_of_any_length_give_the_same(block):
    sound = np.random.default_rng(1).standard_normal(22050 * 3) * 0.1
    whole, parts = measured(sound, 22050, len(sound)), measured(sound, 22050, max(block, 50))
    assert_allclose(parts.momentary, whole.momentary, rtol=1e-9)
    assert len(whole.times) == 27


def test_silence_has_no_loudness():
    found = measured(np.zeros(48000), 48000)
    assert found.integrated is None
    assert np.isneginf(found.momentary).all()
    assert measured(np.zeros(100), 48000).integrated is None


def test_the_gate_leaves_pauses_out():
    luck = np.random.default_rng(2)
    loud, quiet = 0.1 * luck.standard_normal(480_000), 0.0005 * luck.standard_normal(480_000)
    with_pause = measured(np.concatenate([loud, quiet]), 48000).integrated
    assert with_pause == pytest.approx(measured(loud, 48000).integrated, abs=0.1)


def test_loudness_equals_ffmpegs(tmp_path):
    if shutil.which("ffmpeg") is None:
        if os.environ.get("CI"):
            pytest.fail("ffmpeg is missing")
        pytest.skip("ffmpeg is missing")
    luck = np.random.default_rng(3)
    sound = (np.cumsum(luck.standard_normal(48000 * 8)) * 1e-3) * np.repeat([0.2, 1, 0.05, 0.6], 96000)
    sound = np.clip(sound - sound.mean(), -0.9, 0.9).astype(np.float32)
    wavfile.write(tmp_path / "noise.wav", 48000, sound)
    told = subprocess.run(
        ["ffmpeg", "-nostdin", "-i", tmp_path / "noise.wav", "-af", "ebur128", "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    theirs = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])
    assert measured(sound, 48000).integrated == pytest.approx(theirs, abs=0.15)
