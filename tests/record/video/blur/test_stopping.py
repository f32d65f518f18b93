"""Ctrl-C in either pass: no copy and no picture is left, and the same command goes on to the very same copy without looking twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from commonbeat.cli import run
from commonbeat.errors import InterruptedRunError, RunFolderError
from commonbeat.record.video.blur import looking
from commonbeat.record.video.decode import frames, probe
from commonbeat.record.video.models.faces import FaceDetector
from commonbeat.record.video.models.weights import Models, cache_folder
from commonbeat.workflows.record_blur import Blurring, blur
from tests.record.examples import a_consent
from tests.record.video.decode.clips import Recipe, sine, write
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import draw_people

pytestmark = pytest.mark.slow

SIZE, RATE, COUNT = (480, 270), 4, 120
STRETCH = 21
"""A stretch ends with the first frame that is five seconds after its first."""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute: somebody walks to and fro, with a cut where the picture changes, and a tone."""
    keypoints = dancers([Dancer(path=((0, 150, 250), (1.5, 330, 250)), height_px=170, strength=0.3)], 1.5, RATE)
    there = list(draw_people(keypoints, SIZE))
    fro = [*there, *there[::-1]]
    shown = [fro[k % len(fro)] if k // 35 % 2 == 0 else 255 - fro[k % len(fro)] for k in range(COUNT)]
    recipe = Recipe(count=COUNT, rate=RATE, size=SIZE, pictures=shown, tone=sine(COUNT / RATE))
    return write(tmp_path_factory.mktemp("film") / "clip.mp4", recipe)


@pytest.fixture(scope="module")
def straight(clip: Path, models: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy that nobody interrupted."""
    out = tmp_path_factory.mktemp("straight") / "copy.mp4"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMONBEAT_MODELS", str(models.faces.parent))
        blur(clip, out, consent=None)
    return out


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Grows by one mean level for each picture that the face detector is given; an empty one is none."""
    seen: list[float] = []
    original = FaceDetector.faces

    def counted(self: FaceDetector, picture: NDArray[np.uint8], smallest_px: float = 0.0) -> NDArray[np.float32]:
        if picture.any():
            seen.append(float(picture.mean()))
        return original(self, picture, smallest_px)

    monkeypatch.setattr(FaceDetector, "faces", counted)
    return seen


def pieces() -> dict[str, int]:
    """What waits in the cache: the name of each piece and when it was written."""
    return {each.name: each.stat().st_mtime_ns for each in (cache_folder() / "unfinished-copies").glob("*/looked-*")}


def interrupted(words: list[str], when: Callable[[], bool]) -> str:
    """What the command says when it gets SIGINT as soon as `when` is true."""
    with subprocess.Popen(
        [sys.executable, "-m", "commonbeat", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    ) as work:
        until = time.monotonic() + 240
        while not when() and work.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        work.send_signal(signal.SIGINT)
        _, err = work.communicate(timeout=120)
    assert work.returncode == 1, err
    return " ".join(err.split())


def test_ctrl_c_in_either_pass_and_the_same_command_ends_as_if_nobody_had_pressed_it(
    clip: Path,
    straight: Path,
    tmp_path: Path,
    models_here: Models,
    looked_at: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["record", "blur", str(clip), "--out", str(tmp_path / "copy.mp4"), "--no-record"]
    told = interrupted(words, lambda: len(pieces()) >= 2)
    assert "The same command goes on from here" in told
    assert "delete that folder" in told
    first = pieces()
    assert 2 <= len(first) < 6
    (room,) = (cache_folder() / "unfinished-copies").iterdir()
    assert room.stat().st_mode & 0o077 == 0
    assert {each.name for each in room.iterdir()} == {"made-by.json", *first}
    assert list(tmp_path.iterdir()) == []
    told = interrupted(words, lambda: any(each.name.endswith(".writing") for each in tmp_path.iterdir()))
    assert "Going on: " in told
    whole = pieces()
    assert first.items() < whole.items()  # not one of them was made again
    assert list(tmp_path.iterdir()) == []
    assert run(words) == 0
    assert f"Going on: {COUNT} of {COUNT} frames" in " ".join(capsys.readouterr().err.split())
    assert looked_at == []
    assert not pieces()
    assert not any((cache_folder() / "unfinished-copies").iterdir())
    facts = probe(straight)
    both = zip(frames(straight, facts), frames(tmp_path / "copy.mp4", probe(tmp_path / "copy.mp4")), strict=True)
    assert all(np.array_equal(one.picture, other.picture) and one.time_s == other.time_s for one, other in both)
    assert (tmp_path / "copy.mp4").read_bytes() == straight.read_bytes()
    assert (tmp_path / "copy.review.jpg").read_bytes() == straight.with_name("copy.review.jpg").read_bytes()


class Stopping:
    """A narrator who presses Ctrl-C once so many frames of both passes are done."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.said: list[str] = []

    def says(self, text: str) -> None:
        self.said.append(text)

    def progress(self, done: int, total: int) -> None:
        assert done <= total
        if done >= self.after:
            raise KeyboardInterrupt


@pytest.mark.parametrize("after", [1, 45])
def test_only_what_was_not_looked_at_is_looked_at(
    clip: Path, straight: Path, tmp_path: Path, models_here: Models, looked_at: list[float], after: int
) -> None:
    out = tmp_path / "copy.mp4"
    with pytest.raises(InterruptedRunError, match="goes on from here" if after > STRETCH else "Nothing was kept"):
        blur(clip, out, consent=None, narrator=Stopping(after))
    kept = 2 * STRETCH if after > STRETCH else 0
    looked_at.clear()
    blur(clip, out, consent=None)
    assert len(looked_at) == COUNT - kept
    assert out.read_bytes() == straight.read_bytes()


def test_under_consent_it_waits_beside_the_copy_and_a_withdrawal_deletes_it(
    clip: Path, tmp_path: Path, models_here: Models
) -> None:
    from commonbeat.workflows.record_withdraw import withdraw_record

    consent = tmp_path / "consent.json"
    consent.write_text(json.dumps(a_consent()), encoding="utf-8")
    out = tmp_path / "copy.mp4"
    with pytest.raises(InterruptedRunError, match="a withdrawal deletes it"):
        blur(clip, out, consent=consent, project=tmp_path, narrator=Stopping(30))
    partial = tmp_path / "copy.mp4.partial"
    assert {each.name for each in partial.iterdir()} == {"made-by.json", "looked-000000000.npz"}
    assert partial.stat().st_mode & 0o077 == 0
    assert not pieces()
    withdraw_record(a_consent()["encounter"], project=tmp_path)
    assert not partial.exists()


def test_what_was_made_in_another_way_or_is_spoilt_is_not_mixed_in(
    clip: Path, straight: Path, tmp_path: Path, models_here: Models, looked_at: list[float]
) -> None:
    out = tmp_path / "copy.mp4"
    with pytest.raises(InterruptedRunError):
        blur(clip, out, consent=None, narrator=Stopping(45))
    (room,) = (cache_folder() / "unfinished-copies").iterdir()
    sorted(room.glob("looked-*"))[1].write_bytes(b"no archive")
    made_by = json.loads((room / "made-by.json").read_bytes())
    looked_at.clear()
    blur(clip, out, consent=None)
    assert len(looked_at) == COUNT - STRETCH
    assert out.read_bytes() == straight.read_bytes()
    out.unlink()
    out.with_name("copy.review.jpg").unlink()
    room.mkdir()
    (room / "made-by.json").write_text(json.dumps({**made_by, "version": "0"}), encoding="utf-8")
    (room / "looked-000000000.npz").write_bytes(b"no archive")
    heard = Stopping(1)
    with pytest.raises(InterruptedRunError, match="Nothing was kept"):
        blur(clip, out, consent=None, narrator=heard)
    assert not any("Going on" in each for each in heard.said)


def test_what_nobody_came_back_to_for_a_day_goes_with_the_next_command(
    clip: Path, tmp_path: Path, models_here: Models
) -> None:
    with pytest.raises(InterruptedRunError):
        blur(clip, tmp_path / "copy.mp4", consent=None, narrator=Stopping(30))
    (room,) = (cache_folder() / "unfinished-copies").iterdir()
    os.utime(room, (time.time() - 23 * 3600,) * 2)
    with pytest.raises(InterruptedRunError, match="Nothing was kept"):
        blur(clip, tmp_path / "other.mp4", consent=None, how=Blurring(mute=True), narrator=Stopping(1))
    assert room.exists()
    os.utime(room, (time.time() - 25 * 3600,) * 2)
    with pytest.raises(InterruptedRunError, match="Nothing was kept"):
        blur(clip, tmp_path / "other.mp4", consent=None, narrator=Stopping(1))
    assert not room.exists()


def test_a_folder_of_somebody_else_is_neither_used_nor_removed(clip: Path, tmp_path: Path, models_here: Models) -> None:
    (tmp_path / "copy.mp4.partial").mkdir()
    (tmp_path / "copy.mp4.partial/mine.txt").write_text("mine", encoding="utf-8")
    consent = tmp_path / "consent.json"
    consent.write_text(json.dumps(a_consent()), encoding="utf-8")
    with pytest.raises(RunFolderError, match="is not such work"):
        blur(clip, tmp_path / "copy.mp4", consent=consent, project=tmp_path)
    assert (tmp_path / "copy.mp4.partial/mine.txt").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "commonbeat.sqlite3").exists()


def test_stretches_are_laid_down_every_few_seconds_of_film() -> None:
    assert looking.LAID_DOWN_EVERY_S <= 10
