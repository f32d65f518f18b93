"""The film that is written: whole or not there, each picture at its time, odd sizes, and the sheet beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from commonbeat.errors import ClipError, WriteError
from commonbeat.record.video.blur.draft import drafted, refuse_taken
from commonbeat.record.video.blur.film_writer import FilmWriter, container_for
from commonbeat.record.video.blur.passages import Passage
from commonbeat.record.video.blur.sheet import Sheet, moments
from commonbeat.record.video.decode import frames, probe
from tests.record.video.decode.clips import number_in, numbered, upright


@pytest.mark.parametrize("name", ["copy.mp4", "copy.mov", "copy.mkv", "copy.M4V"])
def test_pictures_stand_at_their_own_times_in_every_container(tmp_path: Path, name: str) -> None:
    times = [0.0, 0.04, 0.1, 0.1, 0.9, 1.0]  # two of one time: the second comes a tick later
    with FilmWriter(tmp_path / name, container_for(tmp_path / name), (321, 241), 24.0, sound=False) as film:
        for index, time_s in enumerate(times):
            film.show(numbered(index, 321, 241), time_s)
    facts = probe(tmp_path / name)
    assert (facts.width, facts.height) == (322, 242)
    got = list(frames(tmp_path / name, facts))
    assert [number_in(each.picture) for each in got] == list(range(6))
    assert all(upright(each.picture) for each in got)
    assert np.allclose([each.time_s for each in got], times, atol=0.0015)


def test_colours_stay_what_they_were(tmp_path: Path) -> None:
    for size in ((320, 240), (1280, 720)):
        path = tmp_path / f"{size[0]}.mp4"
        with FilmWriter(path, "mp4", size, 10.0, sound=False) as film:
            for index in range(4):
                film.show(numbered(5, *size), index / 10)
        shown = next(frames(path, probe(path))).picture
        assert np.abs(shown.astype(int) - numbered(5, *size)).mean() < 3


def stopped(*paths: Path) -> None:
    """Ctrl-C comes when the first draft has been written."""
    with drafted(*paths) as drafts:
        drafts[0].write_bytes(b"half")
        raise KeyboardInterrupt


def made(*paths: Path) -> None:
    with drafted(*paths) as drafts:
        for draft in drafts:
            draft.write_bytes(b"new")


def test_a_draft_that_was_never_written_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="could not be written"), drafted(tmp_path / "copy"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_all_files_stand_or_none(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with drafted(one, two) as (first, second):
        first.write_bytes(b"1")
        second.write_bytes(b"2")
        assert not one.exists()
    assert (one.read_bytes(), two.read_bytes()) == (b"1", b"2")
    three, four = tmp_path / "three", tmp_path / "four"
    with pytest.raises(KeyboardInterrupt):
        stopped(three, four)
    with pytest.raises(ClipError, match="exists already"):
        made(three, two)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one", "two"]
    assert two.read_bytes() == b"2"
    with pytest.raises(ClipError, match="exists already"):
        refuse_taken(one)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ClipError, match="exists already"):
        refuse_taken(tmp_path / "dangling")


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path) -> None:
    """The system refuses what goes beyond a limit on the size of files, as it does when a disk is full."""
    code = """
import resource, sys
from pathlib import Path
import numpy as np
from commonbeat.errors import WriteError
from commonbeat.record.video.blur.draft import drafted
from commonbeat.record.video.blur.film_writer import FilmWriter
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
luck = np.random.default_rng(1)
try:
    with drafted(Path(sys.argv[1])) as (draft,), FilmWriter(draft, "mp4", (320, 240), 25.0, sound=False) as film:
        for index in range(100):
            film.show(luck.integers(0, 256, (240, 320, 3), dtype=np.uint8), index / 25)
except WriteError as error:
    print(error)
    sys.exit(7)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "copy.mp4")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 7, done.stderr
    assert "Nothing half-written was left" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_sheet_shows_each_passage_and_moments_in_between() -> None:
    passages = tuple(Passage(10 * k, 10 * k + 4, k, k + 0.4, ("dark",)) for k in range(1, 4))
    wanted = moments(passages, 100, 4.0)
    assert {11, 21, 31, 0, 99} <= set(wanted)
    assert len(moments(tuple(Passage(k, k + 1, k, k, ("x",)) for k in range(500)), 1000, 40.0)) <= 48
    sheet = Sheet(wanted)
    for index in wanted:
        sheet.add(np.full((90, 160, 3), 200, np.uint8), index / 25, "words")
    picture = cv2.imdecode(np.frombuffer(sheet.jpeg(), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[1] == 6 * 320
    assert picture.min() < 100  # the words are black


def test_a_longer_clip_gets_more_moments_up_to_a_bound() -> None:
    counts = {seconds: len(moments((), round(25 * seconds), seconds)) for seconds in (0.4, 29.0, 60.0, 600.0, 7200.0)}
    assert counts == {0.4: 10, 29.0: 24, 60.0: 26, 600.0: 44, 7200.0: 120}
    assert moments((), 180_000, 7200.0)[-1] == 179_999
