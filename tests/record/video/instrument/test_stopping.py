"""Ctrl-C keeps finished minutes, the same command goes on with identical results, and what fails leaves nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from commonbeat.errors import ClipError, InterruptedRunError, RunFolderError
from commonbeat.record.video.instrument import watch
from commonbeat.record.video.instrument.asked import Asked
from commonbeat.workflows.record_video import record_video
from commonbeat.workflows.record_video_document import document
from tests.record.examples import a_consent
from tests.record.video.drawn.choreography import Dancer
from tests.record.video.drawn.clips import write_clip
from tests.record.video.drawn.figures import draw_scene

pytestmark = pytest.mark.slow
SECONDS, RATE = 12.0, 8.0
PEOPLE = (
    Dancer(path=((0, 130, 225),), height_px=150, seed=1),
    Dancer(path=((0, 360, 226), (3, 360, 226), (6, 230, 225)), height_px=150, seed=2),
)


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    _, pictures = draw_scene(PEOPLE, SECONDS, RATE, (480, 270))
    return write_clip(pictures, RATE, tmp_path_factory.mktemp("film") / "short.mp4")


@pytest.fixture
def desk(tmp_path, models_here, monkeypatch) -> Path:
    """A project, in which work is laid down every three seconds of film instead of every minute."""
    monkeypatch.setattr(watch, "LAID_DOWN_EVERY_S", 3.0)
    (tmp_path / "consent.json").write_text(
        json.dumps(a_consent(scope=["analyse", "show", "face measures"])), encoding="utf-8"
    )
    return tmp_path


class Stopping:
    """A narrator who presses Ctrl-C once so many seconds of film are seen."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.said: list[str] = []

    def says(self, text: str) -> None:
        self.said.append(text)

    def progress(self, done: int, total: int) -> None:
        if done >= self.after:
            raise KeyboardInterrupt


def measured(clip: Path, desk: Path, name: str, narrator=None, **asked):
    return record_video(
        clip,
        consent=desk / "consent.json",
        out=desk / name,
        asked=Asked(rate=RATE, **asked),
        project=desk,
        narrator=narrator,
        day=date(2026, 7, 1),
    )


def test_going_on_equals_going_through(clip, desk) -> None:
    straight = measured(clip, desk, "straight")
    with pytest.raises(InterruptedRunError, match="the same command goes on"):
        measured(clip, desk, "stopped", Stopping(8))
    partial = desk / "stopped.partial"
    assert partial.stat().st_mode & 0o077 == 0
    assert not (desk / "stopped").exists()
    later = Stopping(99)
    resumed = measured(clip, desk, "stopped", later)
    assert any("Going on from 6 s" in each for each in later.said)
    assert not partial.exists()
    assert document(resumed.measured) == document(straight.measured)
    for name in ("tracks", "pairs", "group", "happenings"):
        one, other = (desk / folder / f"{name}.parquet" for folder in ("straight", "stopped"))
        assert one.read_bytes() == other.read_bytes(), name
    assert (desk / "straight/report.html").read_bytes() == (desk / "stopped/report.html").read_bytes()


def test_what_was_kept_of_another_measurement_is_not_mixed_in(clip, desk) -> None:
    with pytest.raises(InterruptedRunError):
        measured(clip, desk, "stopped", Stopping(8))
    with pytest.raises(RunFolderError, match="asked"):
        measured(clip, desk, "stopped", until_s=11.0)
    (desk / "stopped.partial/watch.npz").write_bytes(b"no archive")
    with pytest.raises(RunFolderError, match="is not what a stopped measurement leaves"):
        measured(clip, desk, "stopped")


def test_a_stop_before_the_first_minute_leaves_nothing(clip, desk) -> None:
    before = sorted(each.name for each in desk.iterdir())
    with pytest.raises(InterruptedRunError, match="nothing is kept"):
        measured(clip, desk, "stopped", Stopping(2))
    left = {each.name for each in desk.iterdir()} - set(before)
    assert all(each.startswith("commonbeat.sqlite3") for each in left)


def test_a_clip_that_is_none_leaves_nothing(desk, tmp_path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"this is no film")
    with pytest.raises(ClipError):
        measured(bad, desk, "out")
    assert not (desk / "out").exists()
    assert not (desk / "out.partial").exists()


def test_a_start_behind_the_end_is_refused(clip, desk) -> None:
    with pytest.raises(ClipError, match="leaves less than 1 s"):
        measured(clip, desk, "out", start_s=11.8)


def test_a_withdrawal_reaches_what_a_stopped_measurement_keeps(clip, desk) -> None:
    from commonbeat.workflows.record_withdraw import withdraw_record

    with pytest.raises(InterruptedRunError):
        measured(clip, desk, "stopped", Stopping(8))
    assert (desk / "stopped.partial").exists()
    withdraw_record("pavement", project=desk)
    assert not (desk / "stopped.partial").exists()
