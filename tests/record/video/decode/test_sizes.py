"""A clip has one size: what is planned in the pixels of one size would cover other places in another."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.container import OutputContainer

from commonbeat.errors import ClipError
from commonbeat.record.video.decode import frames, probe
from tests.record.video.decode.clips import numbered


@pytest.mark.parametrize("later", [(640, 480), (160, 120), (240, 320)])
def test_a_clip_whose_pictures_change_their_size_on_its_way_is_refused(tmp_path: Path, later: tuple[int, int]) -> None:
    """Larger ones have no room; in smaller ones, heads would lie elsewhere than in the size that was planned for."""
    clip = tmp_path / "both.ts"
    with av.open(str(clip), "w") as film:
        stream = film.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        other = av.CodecContext.create("libx264", "w")
        other.width, other.height, other.pix_fmt = *later, "yuv420p"
        other.framerate, other.time_base = Fraction(30), Fraction(1, 30)
        for number in range(60):
            width, height = (320, 240) if number < 30 else later
            frame = av.VideoFrame.from_ndarray(numbered(number, width, height), format="rgb24").reformat(
                format="yuv420p"
            )
            frame.pts, frame.time_base = number, Fraction(1, 30)
            packets = stream.encode(frame) if number < 30 else other.encode(frame)
            if number == 29:
                packets += stream.encode(None)
            _mux(film, stream, packets)
        _mux(film, stream, other.encode(None))
    facts = probe(clip)
    assert facts.frames == 60
    with pytest.raises(ClipError, match="changes the size"):
        list(frames(clip, facts))
    with pytest.raises(ClipError, match="changes the size"):
        list(frames(clip, facts, longest_side=100))


def _mux(film: OutputContainer, stream: av.VideoStream, packets: list[av.Packet]) -> None:
    for packet in packets:
        packet.stream = stream
        film.mux(packet)
