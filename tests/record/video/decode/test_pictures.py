"""Frames that come out of the process that decodes: the right ones, upright, at their own times."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from commonbeat.record.video.decode import Limits, frames, open_frames, probe
from tests.record.video.decode.clips import Recipe, number_in, numbered, sine, upright, write

KINDS = {
    "mp4": Recipe(),
    "mov": Recipe(),
    "mkv": Recipe(),
    "webm": Recipe(codec="libvpx-vp9"),
    "avi": Recipe(codec="mpeg4"),
    "ts": Recipe(),
    "gif": Recipe(codec="gif", pixels="rgb8", rate=25),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_of_every_kind_comes_once_in_order(tmp_path: Path, kind: str) -> None:
    clip = write(tmp_path / f"clip.{kind}", KINDS[kind])
    facts = probe(clip)
    got = [(each.index, number_in(each.picture), upright(each.picture)) for each in frames(clip, facts)]
    assert got == [(index, index, True) for index in range(60)]
    assert (facts.frames, facts.width, facts.height, facts.variable_rate) == (60, 320, 240, False)
    assert facts.seconds == pytest.approx(60 / KINDS[kind].rate, abs=0.05)
    assert facts.frame_rate == pytest.approx(KINDS[kind].rate, rel=0.02)


def test_an_avi_with_frames_out_of_order_is_shown_in_order(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.avi", Recipe(options={"bf": "3", "g": "10"}, count=90))
    facts = probe(clip)
    assert [number_in(each.picture) for each in frames(clip, facts)] == list(range(90))
    late = list(frames(clip, facts, start_s=2.5))
    assert [(each.index, number_in(each.picture)) for each in late] == [(index, index) for index in range(75, 90)]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_clip_is_seen_upright(tmp_path: Path, degrees: int) -> None:
    turned = np.rot90(numbered(5), -degrees // 90)  # stored askew, so that turning by the stated angle rights it
    size = (turned.shape[1], turned.shape[0])
    clip = write(
        tmp_path / "clip.mp4", Recipe(count=10, picture=np.ascontiguousarray(turned), size=size, rotation=degrees)
    )
    facts = probe(clip)
    assert (facts.width, facts.height) == (320, 240)
    assert facts.rotation == (360 - degrees) % 360
    pictures = [each.picture for each in frames(clip, facts)]
    assert {each.shape for each in pictures} == {(240, 320, 3)}
    assert all(upright(each) and number_in(each) == 5 for each in pictures)


def test_times_of_a_variable_rate_are_the_frames_own(tmp_path: Path) -> None:
    luck = np.random.default_rng(3)
    times = np.cumsum(luck.choice([17, 33, 50, 120], 60)).tolist()
    clip = write(tmp_path / "clip.mp4", Recipe(times_ms=times))
    facts = probe(clip)
    assert facts.variable_rate
    assert any("varies" in note for note in facts.notes)
    got = list(frames(clip, facts))
    assert [number_in(each.picture) for each in got] == list(range(60))
    assert np.allclose([each.time_s for each in got], (np.array(times) - times[0]) / 1000, atol=0.0015)


def test_a_lower_rate_takes_the_nearest_frames_and_resuming_takes_the_same(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=120))
    facts = probe(clip)
    few = [each.index for each in frames(clip, facts, rate=7)]
    assert few == [round(30 * step / 7) for step in range(len(few))]
    assert len(few) == 28
    resumed = [each.index for each in frames(clip, facts, rate=7, start_s=3.1)]
    assert resumed == [index for index in few if index / 30 >= 3.1]
    assert [number_in(each.picture) for each in frames(clip, facts, rate=7, start_s=3.1)] == resumed
    assert list(frames(clip, facts, start_s=99)) == []


@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts"])
def test_a_clip_with_far_key_frames_and_leaning_ones_resumes_at_the_right_place(tmp_path: Path, kind: str) -> None:
    recipe = Recipe(count=200, options={"g": "40", "bf": "4", "x264-params": "open-gop=1:b-pyramid=normal"})
    clip = write(tmp_path / f"clip.{kind}", recipe)
    facts = probe(clip)
    for start in (0.5, 2.0, 3.95, 6.0):
        got = list(frames(clip, facts, start_s=start))
        first = int(np.ceil(start * 30 - 1e-6))
        assert [(each.index, number_in(each.picture)) for each in got] == [(k, k) for k in range(first, 200)]


@pytest.mark.parametrize(
    ("kind", "codec", "options"),
    [("ts", "libx264", {"g": "120", "bf": "3"}), ("avi", "mpeg4", {"g": "24", "bf": "2"}), ("gif", "gif", {})],
)
def test_a_container_without_an_index_resumes_at_the_right_place(
    tmp_path: Path, kind: str, codec: str, options: dict[str, str]
) -> None:
    pixels = "rgb8" if kind == "gif" else "yuv420p"
    rate = 25 if kind == "gif" else 30
    clip = write(tmp_path / f"clip.{kind}", Recipe(count=150, codec=codec, pixels=pixels, options=options, rate=rate))
    facts = probe(clip)
    got = [(each.index, number_in(each.picture)) for each in frames(clip, facts, start_s=110 / rate)]
    assert got == [(index, index) for index in range(110, 150)]


def test_a_clip_that_was_trimmed_without_encoding_shows_what_players_show(tmp_path: Path) -> None:
    """The frames before the cut stay in the file, marked as not to be shown, because those behind it lean on them."""
    whole = write(tmp_path / "whole.mp4", Recipe(count=150, options={"g": "60", "bf": "2"}))
    cut_at = 75
    with av.open(str(whole)) as source, av.open(str(tmp_path / "cut.mp4"), "w") as target:
        stream = source.streams.video[0]
        copied = target.add_stream_from_template(stream)
        shift = int(cut_at / 30 / stream.time_base)
        for packet in source.demux(stream):
            if packet.dts is None or packet.pts < 60 / 30 / stream.time_base:
                continue
            packet.pts, packet.dts, packet.stream = packet.pts - shift, packet.dts - shift, copied
            target.mux(packet)
    facts = probe(tmp_path / "cut.mp4")
    got = [number_in(each.picture) for each in frames(tmp_path / "cut.mp4", facts)]
    assert got == list(range(got[0], 150))
    assert got[0] in {60, cut_at}  # an edit list was written, or the muxer moved the times instead
    assert got[0] == cut_at or facts.frames == 90


def test_a_clip_whose_pictures_begin_late_is_no_lie(tmp_path: Path) -> None:
    times = [3000 + 40 * k for k in range(50)]
    for kind in ("mp4", "mkv"):
        clip = write(tmp_path / f"late.{kind}", Recipe(count=50, times_ms=times, tone=sine(5.0)))
        facts = probe(clip)
        assert facts.seconds == pytest.approx(2.0, abs=0.05)
        assert [each.index for each in frames(clip, facts)] == list(range(50))


def test_the_longer_side_is_bounded_and_the_shape_kept(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=5))
    facts = probe(clip)
    shapes = {side: next(frames(clip, facts, longest_side=side)).picture.shape for side in (160, 100, 4000)}
    assert shapes == {160: (120, 160, 3), 100: (75, 100, 3), 4000: (240, 320, 3)}


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=5, shape=Fraction(4, 3)))
    facts = probe(clip)
    assert (facts.width, facts.height) == (427, 240)
    assert next(frames(clip, facts)).picture.shape == (240, 427, 3)


def test_ten_bits_keep_their_colours(tmp_path: Path) -> None:
    recipe = Recipe(count=5, codec="libx265", pixels="yuv420p10le", options={"x265-params": "log-level=none"})
    clip = write(tmp_path / "clip.mp4", recipe)
    facts = probe(clip)
    assert facts.bits == 10
    assert any("8" in note for note in facts.notes)
    picture = next(frames(clip, facts)).picture
    assert picture.dtype == np.uint8
    assert np.abs(picture.astype(int) - numbered(0)).mean() < 4


@pytest.mark.parametrize(("transfer", "white"), [(16, 0.5807), (18, 0.75)])
def test_hdr_is_brought_to_a_screens_range(tmp_path: Path, transfer: int, white: float) -> None:
    """Reference white of 203 cd/m² (BT.2408: 58 % of PQ, 75 % of HLG) comes out light grey, black black, a highlight white."""
    picture = np.zeros((240, 320, 3), np.uint16)
    levels = (0.0, 0.3, white, 0.751 if transfer == 16 else 1.0)  # 1000 cd/m²
    for part, level in enumerate(levels):
        picture[:, part * 80 : (part + 1) * 80] = round(level * 65535)
    recipe = Recipe(
        count=4,
        codec="libx265",
        pixels="yuv420p10le",
        picture=picture,
        transfer=transfer,
        options={"x265-params": "log-level=none"},
    )
    clip = write(tmp_path / "clip.mp4", recipe)
    facts = probe(clip)
    assert any("dynamic range" in note for note in facts.notes)
    shown = next(frames(clip, facts)).picture[120, 40::80].mean(axis=1)
    assert shown[0] < 3
    assert 5 < shown[1] < 120
    assert 185 < shown[2] < 200  # 255 * sRGB((1 + 1/24.3) / 2) = 191
    assert shown[3] > 250


def test_stopping_early_ends_the_process(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=200))
    facts = probe(clip)
    with open_frames(clip, facts) as stream:
        worker = stream.gi_frame.f_locals["worker"]  # type: ignore[attr-defined]
        next(stream)
        assert worker._process.poll() is None
    assert worker._process.poll() is not None


def test_two_readings_of_one_clip_go_side_by_side(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4")
    facts = probe(clip)
    pairs = zip(frames(clip, facts), frames(clip, facts, longest_side=160), strict=True)
    assert all(
        number_in(left.picture) == number_in(right.picture) == left.index == right.index for left, right in pairs
    )


@pytest.mark.slow
def test_memory_stays_flat_over_a_long_clip(tmp_path: Path) -> None:
    """A clip ten times as long takes no more memory, in this process and in the one that decodes."""
    code = """
import resource, sys
from commonbeat.record.video.decode import frames, probe
facts = probe(sys.argv[1])
count = sum(1 for _ in frames(sys.argv[1], facts))
assert count == facts.frames
kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(*(resource.getrusage(kind).ru_maxrss for kind in kinds))
"""
    import subprocess
    import sys

    peaks = []
    for count in (300, 3000):
        still = numbered(1, 640, 360)
        clip = write(
            tmp_path / f"{count}.mp4",
            Recipe(count=count, size=(640, 360), picture=still, options={"preset": "ultrafast"}),
        )
        done = subprocess.run([sys.executable, "-c", code, str(clip)], capture_output=True, text=True, check=True)
        peaks.append([int(word) / 1024 for word in done.stdout.split()])
    assert peaks[1][0] < peaks[0][0] + 20
    assert peaks[1][1] < peaks[0][1] + 20


def test_limits_are_a_value(tmp_path: Path) -> None:
    assert Limits().pixels >= 3840 * 2160
    assert Limits().pixels < 7680 * 4320
