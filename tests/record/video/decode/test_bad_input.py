"""What is no usable clip is refused with one clear error, and what only looks odd is read rightly."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from commonbeat.errors import ClipError
from commonbeat.record.video.decode import Limits, frames, open_frames, probe, refuse_slow
from commonbeat.record.video.decode.entrance import opened
from commonbeat.record.video.decode.worker import Worker
from commonbeat.record.video.observed import Frame
from tests.record.video.decode.clips import Recipe, number_in, numbered, sine, write


def refusal(path: str | Path, limits: Limits | None = None) -> str:
    """The words with which the clip is refused; they are one heading and one mistake with a way out, and exit code 2."""
    with pytest.raises(ClipError) as caught:
        probe(path, limits)
    assert caught.value.exit_code == 2
    (mistake,) = caught.value.mistakes
    assert mistake.way_out
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def disturbed(stream: Iterator[Frame], signal_number: int) -> Worker:
    """The process that decodes for the stream has shown a frame and got a signal."""
    next(stream)
    worker = stream.gi_frame.f_locals["worker"]  # type: ignore[attr-defined]
    os.kill(worker._process.pid, signal_number)
    return worker


def test_what_is_no_video_is_named(tmp_path: Path) -> None:
    cases = {
        "text.mp4": (b"hello " * 2000, "not a film"),
        "empty.mp4": (b"", "is empty"),
        "zeros.mp4": (bytes(100_000), "not a film"),
        "page.pdf": (b"%PDF-1.7\n" + bytes(999), "document"),
        "photo.jpg": (b"\xff\xd8\xff\xe0" + bytes(999), "single picture"),
        "photo.heic": (struct.pack(">I", 24) + b"ftypheic" + bytes(999), "single picture"),
        "song.mp3": (b"ID3\x04" + bytes(999), "sound without pictures"),
        "zip.mp4": (b"PK\x03\x04" + bytes(999), "archive"),
    }
    for name, (content, words) in cases.items():
        (tmp_path / name).write_bytes(content)
        assert words in refusal(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"#EXTM3U\n#EXTINF:1,\nhttp://example.org/a.ts\n", "playlist"),
        (b"ffconcat version 1.0\nfile '/etc/hostname'\n", "list of other files"),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\n", "stream on a network"),
        (b"<?xml version='1.0'?><MPD/>", "XML"),
        (b"[playlist]\nFile1=http://example.org/\n", "playlist"),
    ],
)
@pytest.mark.parametrize("ending", ["mp4", "m3u8", "txt"])
def test_a_playlist_is_refused_whatever_its_name(tmp_path: Path, content: bytes, words: str, ending: str) -> None:
    (tmp_path / f"clip.{ending}").write_bytes(content)
    assert words in refusal(tmp_path / f"clip.{ending}")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/clip.mp4",
        "https://example.org/clip.mp4",
        "rtsp://example.org/clip",
        "file:///etc/hostname",
        "concat:a.mp4|b.mp4",
        "data:video/mp4;base64,AAAA",
        "pipe:0",
    ],
)
def test_an_address_is_refused_and_nobody_is_called(address: str) -> None:
    assert "is an address" in refusal(address)
    assert "is an address" in refusal(Path(address)) or ":" not in str(Path(address))


def test_an_address_inside_a_film_is_never_called(tmp_path: Path) -> None:
    """A MOV whose data lie elsewhere, by a reference to an address or another file, is not followed there."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    clip = write(tmp_path / "clip.mov")
    content = clip.read_bytes()
    target = f"http://127.0.0.1:{server.getsockname()[1]}/secret.mov".encode() + b"\0"
    reference = struct.pack(">I4sI", 12 + len(target), b"url ", 0) + target  # flags 0: not in this file
    old = struct.pack(">I4sI", 12, b"url ", 1)
    assert old in content
    grown = _grown(content, old, reference)
    (tmp_path / "evil.mov").write_bytes(grown)
    try:
        facts = probe(tmp_path / "evil.mov")
        list(frames(tmp_path / "evil.mov", facts))
    except ClipError:
        pass
    with pytest.raises(TimeoutError):
        server.accept()
    server.close()


def _grown(content: bytes, old: bytes, new: bytes) -> bytes:
    """The film with one box replaced by a longer one, and the lengths of all boxes around it corrected."""
    at = content.index(old)
    out = bytearray(content)
    out[at : at + len(old)] = new
    more = len(new) - len(old)
    for kind in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        place = content.rindex(kind, 0, at) - 4
        (length,) = struct.unpack(">I", content[place : place + 4])
        out[place : place + 4] = struct.pack(">I", length + more)
    return bytes(out)


def test_a_path_that_is_no_regular_file_is_refused_without_opening_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "link.mp4").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.mp4"))
        assert "is a socket" in refusal(tmp_path / "socket.mp4")
    assert "is a pipe" in refusal(tmp_path / "pipe.mp4")  # opening it would wait for ever
    assert "is a folder" in refusal(tmp_path / "folder.mp4")
    assert "is a device" in refusal(tmp_path / "link.mp4")
    assert "is a device" in refusal("/dev/zero")
    assert "is a device" in refusal("/dev/null")
    assert "is not there" in refusal(tmp_path / "missing.mp4")
    assert "pattern" in refusal(tmp_path / "frame%04d.png")


def test_a_file_without_pictures_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "sound.mp4"), "w") as film:
        stream = film.add_stream("aac", rate=44_100, layout="mono")
        frame = av.AudioFrame.from_ndarray(sine(1.0).reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = 44_100
        film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    assert "no stream of video" in refusal(tmp_path / "sound.mp4")
    with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    assert "not a film" in refusal(tmp_path / "sound.wav")


def test_a_single_frame_is_refused(tmp_path: Path) -> None:
    for kind, recipe in {"mp4": Recipe(count=1), "gif": Recipe(count=1, codec="gif", pixels="rgb8")}.items():
        assert "single frame" in refusal(write(tmp_path / f"one.{kind}", recipe))


def test_one_frame_a_second_is_read_and_said_and_refused_where_movement_is_measured(tmp_path: Path) -> None:
    clip = write(tmp_path / "slow.mp4", Recipe(count=10, rate=1))
    facts = probe(clip)
    assert facts.frame_rate == pytest.approx(1.0)
    assert any("frames a second" in note for note in facts.notes)
    assert [number_in(each.picture) for each in frames(clip, facts)] == list(range(10))
    with pytest.raises(ClipError, match="no movement can be followed"):
        refuse_slow(facts)
    refuse_slow(probe(write(tmp_path / "usual.mp4")))


def test_8k_is_refused_before_a_picture_is_decoded(tmp_path: Path) -> None:
    big = Recipe(count=2, size=(7680, 4320), codec="mpeg4", picture=np.zeros((4320, 7680, 3), np.uint8))
    words = refusal(write(tmp_path / "big.mp4", big))
    assert "above 9.4 million pixels" in words
    assert "scale=" in words


@pytest.mark.parametrize("kind", ["mp4", "mkv", "avi", "ts", "gif"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    options = {"gif": Recipe(codec="gif", pixels="rgb8", rate=25), "avi": Recipe(codec="mpeg4")}
    recipe = options.get(kind, Recipe(container={"movflags": "faststart"} if kind == "mp4" else {}))
    whole = write(tmp_path / f"whole.{kind}", recipe).read_bytes()
    cut = tmp_path / f"cut.{kind}"
    cut.write_bytes(whole[: int(len(whole) * share) | 1])
    assert "cut off" in refusal(cut)


def test_a_film_whose_index_was_never_written_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: whole.index(b"moov") - 4])
    assert "its index is missing" in refusal(tmp_path / "cut.mp4")


@pytest.mark.parametrize("factor", [0.2, 10.0])
def test_a_file_that_lies_about_its_length_is_refused(tmp_path: Path, factor: float) -> None:
    whole = bytearray(write(tmp_path / "true.mkv", Recipe(count=150)).read_bytes())
    at = whole.index(b"\x44\x89\x88") + 3  # the element Duration, eight bytes, in milliseconds
    (duration,) = struct.unpack(">d", whole[at : at + 8])
    assert duration == pytest.approx(5000, abs=50)
    whole[at : at + 8] = struct.pack(">d", duration * factor)
    (tmp_path / "lie.mkv").write_bytes(whole)
    assert "states a length of" in refusal(tmp_path / "lie.mkv")
    at = whole.index(b"\x44\x89\x88") + 3
    whole[at : at + 8] = struct.pack(">d", duration + 700)
    (tmp_path / "nearly.mkv").write_bytes(whole)
    assert any("states a length" in note for note in probe(tmp_path / "nearly.mkv").notes)


def test_an_mp4_whose_header_lies_about_its_length_is_refused(tmp_path: Path) -> None:
    whole = bytearray(write(tmp_path / "true.mp4", Recipe(count=150)).read_bytes())
    at = whole.index(b"mvhd") + 4 + 16
    (length,) = struct.unpack(">I", whole[at : at + 4])
    whole[at : at + 4] = struct.pack(">I", length * 20)
    (tmp_path / "lie.mp4").write_bytes(whole)
    assert "states a length of" in refusal(tmp_path / "lie.mp4")


def test_damage_in_the_middle_is_refused_with_its_time(tmp_path: Path) -> None:
    """The frames before it were shown, so whoever reads them learns by the error that they are not the whole."""
    luck = np.random.default_rng(1)
    content = bytearray(write(tmp_path / "true.mp4", Recipe(count=120, options={"g": "12"})).read_bytes())
    start, length = content.index(b"mdat") + 4, int.from_bytes(content[content.index(b"mdat") - 4 :][:4], "big")
    middle = start + length * 6 // 10
    content[middle : middle + 600] = luck.bytes(600)
    (tmp_path / "bad.mp4").write_bytes(content)
    facts = probe(tmp_path / "bad.mp4")
    seen = []
    with pytest.raises(ClipError, match="cannot be decoded") as caught:
        seen.extend(each.index for each in frames(tmp_path / "bad.mp4", facts))
    assert seen == list(range(len(seen)))
    assert "ffmpeg" in str(caught.value)


@pytest.mark.parametrize("broken_bytes", [3, 40, 600])
def test_damage_that_makes_a_reader_skip_frames_is_refused(tmp_path: Path, broken_bytes: int) -> None:
    """In Matroska a reader goes on at the next cluster and tells nobody: the elements are walked for that."""
    content = bytearray(write(tmp_path / "true.mkv", Recipe(count=120, options={"g": "12"})).read_bytes())
    middle = content.index(b"\xa3", len(content) * 6 // 10)
    content[middle : middle + broken_bytes] = np.random.default_rng(1).bytes(broken_bytes)
    (tmp_path / "bad.mkv").write_bytes(content)
    with pytest.raises(ClipError):
        list(frames(tmp_path / "bad.mkv", probe(tmp_path / "bad.mkv")))


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    """A GIF of a few hundred bytes that asks for pictures of four thousand million pixels; and one of endless frames."""
    head = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6)
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x4c\x01\x00"
    (tmp_path / "wide.gif").write_bytes(head + picture * 3 + b"\x3b")
    assert "above 9.4 million pixels" in refusal(tmp_path / "wide.gif")
    small = b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0x80, 0, 0) + bytes(6)
    piece = (
        b"\x21\xf9\x04\x00\x02\x00\x00\x00" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 8, 8, 0) + b"\x02\x02\x4c\x01\x00"
    )
    (tmp_path / "long.gif").write_bytes(small + piece * 50_000 + b"\x3b")
    assert "more than 20,000 frames" in refusal(tmp_path / "long.gif", Limits(frames=20_000))
    assert "hours" in refusal(write(tmp_path / "slow.mkv", Recipe(count=3, times_ms=[0, 1000, 90_000_000])))


def test_a_clip_that_takes_too_much_memory_is_refused_and_this_process_does_not_grow(tmp_path: Path) -> None:
    still = np.zeros((2160, 3840, 3), np.uint8)
    clip = write(
        tmp_path / "clip.mp4", Recipe(count=4, size=(3840, 2160), picture=still, options={"preset": "ultrafast"})
    )
    facts = probe(clip)
    with pytest.raises(ClipError, match=r"memory|cannot be decoded"):
        list(frames(clip, facts, limits=Limits(memory_bytes=300 << 20)))
    assert len(list(frames(clip, facts))) == 4


def test_a_process_that_goes_quiet_is_ended(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4")
    facts = probe(clip)
    with open_frames(clip, facts) as stream:
        worker = disturbed(stream, signal.SIGSTOP)  # it lives and does nothing
        worker._limits = Limits(patience_s=1.0)  # only now: on a busy machine, starting alone takes longer
        with pytest.raises(ClipError, match="said nothing for"):
            list(stream)
    assert worker._process.poll() is not None


def test_a_process_that_computes_without_end_is_ended_by_the_system(tmp_path: Path) -> None:
    """The limit is the system's, so no code in the process can talk itself out of it."""
    code = (
        "from commonbeat.record.video.decode.child import bound\n"
        "from commonbeat.record.video.decode.messages import Job\n"
        "bound(Job('probe', 0, 'mov', 1, 1, 1.0, 1 << 32, 1))\n"
        "import resource\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "assert resource.getrlimit(resource.RLIMIT_FSIZE) == (0, 0)\n"
        "while True: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=600)
    assert done.returncode == -24  # SIGXCPU


@pytest.mark.parametrize(
    ("signal_number", "words"), [(11, "broke down"), (9, "memory"), (6, "memory"), (24, "processor time")]
)
def test_a_process_that_breaks_down_is_one_clear_error(tmp_path: Path, signal_number: int, words: str) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=250))
    facts = probe(clip)
    with open_frames(clip, facts) as stream:
        disturbed(stream, signal_number)
        with pytest.raises(ClipError, match=words):
            list(stream)


def test_answers_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    """A decoder that was taken over may say anything: nothing beyond the shared memory is ever read."""
    with opened(write(tmp_path / "clip.mp4")) as clip, Worker(clip, Limits(), "probe", slot_bytes=10) as worker:
        worker._buffer = b"not json\n"
        with pytest.raises(ClipError, match="cannot be read"):
            worker.next()
        worker._buffer = bytes(2 << 20)
        with pytest.raises(ClipError, match="without end"):
            worker.next()
        assert worker.slots is not None
        for slot, size in ((0, 11), (6, 1), (-1, 1)):
            with pytest.raises(ValueError, match=str(size)):
                worker.slots.content(slot, size)


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4")
    facts = probe(clip)
    for other in (Recipe(count=90), Recipe(picture=numbered(3))):  # also one of as many frames
        write(clip, other)
        with pytest.raises(ClipError, match="has changed"):
            list(frames(clip, facts))


def test_the_process_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=250))
    code = (
        "import sys, time\n"
        "from commonbeat.record.video.decode import open_frames, probe\n"
        "with open_frames(sys.argv[1], probe(sys.argv[1])) as stream:\n"
        "    next(stream)\n"
        "    print(stream.gi_frame.f_locals['worker']._process.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(clip)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 240
    while lives(child):
        assert time.monotonic() < until, "the process that decodes lives on"
        time.sleep(0.05)


def lives(process: int) -> bool:
    """Whether it runs; one that has ended and that nobody has asked for yet does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the second when it ends while its state is read
        return False


def test_a_name_with_strange_letters_is_a_name(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4")
    odd = clip.rename(tmp_path / "b\u00e9at: d%d 'x'\n.mp4")
    assert probe(odd).frames == 60
    broken = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mp4"))
    odd.rename(broken)
    assert probe(broken).frames == 60
    assert "cannot be opened" in refusal(str(tmp_path / "a\0b"))


def test_threads_may_read_clips_side_by_side(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4")
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(sum(1 for _ in frames(clip, probe(clip))))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [60, 60, 60]


def test_the_squares_of_a_picture_spell_its_number() -> None:
    assert [number_in(numbered(number)) for number in (0, 77, 255)] == [0, 77, 255]
