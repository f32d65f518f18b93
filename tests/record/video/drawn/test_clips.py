"""The clips that other tests rely on hold what they say."""

from __future__ import annotations

import av
import numpy as np
import pytest

from tests.record.video.drawn.choreography import Dancer
from tests.record.video.drawn.clips import click_track, write_clip
from tests.record.video.drawn.figures import draw_scene


@pytest.fixture(scope="module")
def pictures():
    return list(draw_scene([Dancer(((0, 80, 225),), height_px=170)], 1, 10, (320, 240))[1])


def read(path):
    with av.open(str(path)) as clip:
        stream = clip.streams.video[0]
        frames = list(clip.decode(stream))
        return stream, frames


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.mp4", {}), ("a.mov", {}), ("a.mkv", {}), ("a.avi", {"codec": "mpeg4"}), ("a.webm", {"codec": "libvpx-vp9"})],
)
def test_every_container_gives_the_pictures_back(tmp_path, pictures, name, options):
    _, frames = read(write_clip(pictures, 10, tmp_path / name, **options))
    assert len(frames) == len(pictures)
    for frame, picture in zip(frames, pictures, strict=True):
        assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - picture).mean() < 8


@pytest.mark.parametrize(("rotation", "counted"), [(90, -90), (180, -180), (270, 90)])
def test_a_rotated_clip_says_how_to_turn_it(tmp_path, pictures, rotation, counted):
    _, frames = read(write_clip(pictures, 10, tmp_path / "r.mp4", rotation=rotation))
    assert frames[0].rotation == counted
    shown = np.rot90(frames[0].to_ndarray(format="rgb24"), counted // 90)
    assert np.abs(shown.astype(int) - pictures[0]).mean() < 8


def test_times_and_bits_are_kept(tmp_path, pictures):
    times = np.cumsum([0, *np.tile([0.03, 0.11, 0.2], 3)])
    _, frames = read(write_clip(pictures, 10, tmp_path / "v.mp4", times=times))
    np.testing.assert_allclose([float(frame.time) for frame in frames], times, atol=1e-3)
    stream, _ = read(write_clip(pictures, 10, tmp_path / "t.mp4", bits=10))
    assert stream.codec_context.pix_fmt == "yuv420p10le"


def test_sound_is_in_the_clip(tmp_path, pictures):
    path = write_clip(pictures, 10, tmp_path / "s.mp4", sound=click_track(1, 120))
    with av.open(str(path)) as clip:
        loud = np.concatenate([np.abs(block.to_ndarray()[0]) for block in clip.decode(audio=0)])
        rate = clip.streams.audio[0].rate
    starts = [loud[round(at * rate) : round((at + 0.1) * rate)].max() for at in (0.0, 0.5)]
    assert min(starts) > 5 * loud[round(0.3 * rate) : round(0.45 * rate)].max()
