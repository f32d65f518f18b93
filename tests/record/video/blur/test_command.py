"""`commonbeat record blur`, end to end with the real detectors: what the copy shows, and what is left when it cannot be made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from commonbeat.cli import run
from commonbeat.record.video.blur.hiding import GREY
from commonbeat.record.video.decode import frames, probe, sound_blocks
from commonbeat.record.video.models.weights import Models, cache_folder
from tests.record.examples import a_consent
from tests.record.video.decode.clips import Recipe, sine, write
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.clips import write_clip
from tests.record.video.drawn.figures import draw_people

pytestmark = pytest.mark.slow

SIZE = (480, 270)
RATE = 12
COUNT = 18


def walker(seconds: float = COUNT / RATE, tall: float = 170.0) -> NDArray[np.float64]:
    return dancers([Dancer(path=((0, 150, 250), (seconds, 330, 250)), height_px=tall, strength=0.3)], seconds, RATE)


@pytest.fixture(scope="module")
def pictures() -> list[NDArray[np.uint8]]:
    return list(draw_people(walker(), SIZE))


def command(*words: Any, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = run([*(str(word) for word in ("record", "blur", *words))])
    out, err = capsys.readouterr()
    return code, out, err


def nothing_waits() -> bool:
    """Whether no unfinished copy is kept anywhere."""
    room = cache_folder() / "unfinished-copies"
    return not room.exists() or not any(room.iterdir())


def grey_at(picture: NDArray[np.uint8], x: float, y: float) -> bool:
    patch = picture[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3].astype(int)
    return bool(np.abs(patch - np.array(GREY)).max() < 12)  # what compression makes of the grey


def test_every_head_in_the_copy_is_grey_and_the_rest_is_as_it_was(
    tmp_path: Path, pictures: list[NDArray[np.uint8]], models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=COUNT, rate=RATE, size=SIZE, pictures=pictures, tone=sine(1.5)))
    code, out, _ = command(clip, "--out", tmp_path / "copy.mp4", "--no-record", "--json", capsys=capsys)
    told = json.loads(out)
    assert code == 0
    assert told["hidden"] == []
    assert told["sound"] == "kept"
    assert any("never anonymous" in note for note in told["notes"])
    facts = probe(tmp_path / "copy.mp4")
    assert (facts.width, facts.height, facts.frames) == (*SIZE, COUNT)
    for frame, keypoints in zip(frames(tmp_path / "copy.mp4", facts), walker(), strict=True):
        for x, y in keypoints[0, :5]:
            assert grey_at(frame.picture, x, y), frame.index
        legs = frame.picture[255:, :100].astype(int) - pictures[frame.index][255:, :100]
        assert np.abs(legs).mean() < 12
    sound = np.concatenate(list(sound_blocks(tmp_path / "copy.mp4", facts, rate=8000)))
    assert np.argmax(np.abs(np.fft.rfft(sound[2000:10000]))) == 440
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clip.mp4", "copy.mp4", "copy.review.jpg"]


def test_words_of_the_file_do_not_pass_into_the_copy(
    tmp_path: Path, pictures: list[NDArray[np.uint8]], models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {
        "title": "MARKERTITLE",
        "location": "+44.9778-093.2650/",
        "creation_time": "2024-05-06T07:08:09Z",
        "comment": "MARKERPHONE",
    }
    recipe = Recipe(count=COUNT, rate=RATE, size=SIZE, pictures=pictures, tone=sine(1.5), metadata=words)
    clip = write(tmp_path / "clip.mov", recipe)
    marks = (b"MARKERTITLE", b"44.9778", b"MARKERPHONE")
    assert all(mark in clip.read_bytes() for mark in marks)
    code, out, _ = command(clip, "--out", tmp_path / "copy.mov", "--no-record", "--mute", "--json", capsys=capsys)
    assert code == 0
    assert json.loads(out)["sound"] == "muted"
    content = (tmp_path / "copy.mov").read_bytes()
    assert not any(mark in content for mark in (*marks, b"Lavf"))
    with av.open(str(tmp_path / "copy.mov")) as film:
        assert not film.streams.audio
        assert "creation_time" not in film.metadata
        assert "creation_time" not in film.streams.video[0].metadata


def test_a_turned_clip_of_variable_rate_and_odd_size_keeps_its_times_and_stands_upright(
    tmp_path: Path, models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    times = np.cumsum(np.random.default_rng(4).choice([0.05, 0.08, 0.15], COUNT)).tolist()
    keypoints = dancers([Dancer(path=((0, 150, 250),), height_px=170)], times[-1], RATE, times=np.array(times))
    clip = write_clip(draw_people(keypoints, SIZE), RATE, tmp_path / "clip.mp4", times=times, rotation=90)
    code, _, _ = command(clip, "--out", tmp_path / "copy.mkv", "--no-record", capsys=capsys)
    assert code == 0
    before, after = probe(clip), probe(tmp_path / "copy.mkv")
    assert (after.width, after.height, after.rotation, before.rotation) == (*SIZE, 0, 90)
    shown = list(frames(tmp_path / "copy.mkv", after))
    expected = [each.time_s for each in frames(clip, before)]
    assert np.allclose([each.time_s for each in shown], expected, atol=0.0015)
    for frame, people in zip(shown, keypoints, strict=True):
        assert grey_at(frame.picture, *people[0, :5].mean(axis=0))
    odd = write(tmp_path / "odd.gif", Recipe(count=4, codec="gif", pixels="rgb8", size=(321, 181), rate=25))
    assert command(odd, "--out", tmp_path / "odd.mp4", "--no-record", capsys=capsys)[0] == 0
    assert (probe(tmp_path / "odd.mp4").width, probe(tmp_path / "odd.mp4").height) == (322, 182)


def test_a_copy_in_which_nobody_was_found_says_so(
    tmp_path: Path, models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=8, rate=RATE, picture=np.full((240, 320, 3), 128, np.uint8)))
    code, out, _ = command(clip, "--out", tmp_path / "copy.mp4", "--no-record", capsys=capsys)
    assert code == 0
    assert "no head was found in any frame" in " ".join(out.split())


@pytest.fixture(scope="module")
def hiding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody walks behind a wall, stays there for a second and a half, and comes out again."""
    path = ((0, 120, 250), (1.5, 240, 250), (3.0, 240, 250), (4.5, 360, 250))
    keypoints = dancers([Dancer(path=path, height_px=170, strength=0.2)], 4.5, RATE)
    shown = list(draw_people(keypoints, SIZE))
    for picture in shown:
        picture[:, 205:275] = (120, 112, 104)
    recipe = Recipe(count=len(shown), rate=RATE, size=SIZE, pictures=shown)
    return write(tmp_path_factory.mktemp("hiding") / "clip.mp4", recipe)


def test_a_head_that_vanishes_is_told_and_the_passage_hidden_whole(
    tmp_path: Path, hiding: Path, models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = command(hiding, "--out", tmp_path / "copy.mp4", "--no-record", "--json", capsys=capsys)
    assert code == 0
    (passage,) = json.loads(out)["hidden"]
    assert passage["start_s"] < 1.6
    assert passage["end_s"] > 2.8
    facts = probe(tmp_path / "copy.mp4")
    for frame, original in zip(frames(tmp_path / "copy.mp4", facts), frames(hiding, probe(hiding)), strict=True):
        if passage["start_s"] <= frame.time_s <= passage["end_s"]:
            sharp = np.abs(np.diff(frame.picture.astype(int), axis=1)).max()
            assert sharp < 12 < np.abs(np.diff(original.picture.astype(int), axis=1)).max()


def test_strict_makes_no_copy_and_leaves_nothing(
    tmp_path: Path, hiding: Path, models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = command(hiding, "--out", tmp_path / "copy.mp4", "--no-record", "--strict", capsys=capsys)
    assert (code, out) == (2, "")
    assert "a head was seen and lost" in err
    assert list(tmp_path.iterdir()) == []
    assert nothing_waits()


def test_whole_people_are_painted_over(
    tmp_path: Path, pictures: list[NDArray[np.uint8]], models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=COUNT, rate=RATE, size=SIZE, pictures=pictures))
    code, _, _ = command(clip, "--out", tmp_path / "copy.mp4", "--no-record", "--whole-person", capsys=capsys)
    assert code == 0
    for frame, keypoints in zip(frames(tmp_path / "copy.mp4", probe(tmp_path / "copy.mp4")), walker(), strict=True):
        assert all(grey_at(frame.picture, x, y) for x, y in keypoints[0]), frame.index


def consent_file(folder: Path, **changes: Any) -> Path:
    path = folder / "consent.json"
    path.write_text(json.dumps(a_consent(**changes)), encoding="utf-8")
    return path


def test_consent_is_asked_first_and_the_copy_goes_with_a_withdrawal(
    tmp_path: Path, pictures: list[NDArray[np.uint8]], models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    from commonbeat.record import load_consent
    from commonbeat.workflows.record_withdraw import withdraw_record

    clip = write(tmp_path / "clip.mp4", Recipe(count=COUNT, rate=RATE, size=SIZE, pictures=pictures))
    project = tmp_path / "project"
    project.mkdir()
    refused = consent_file(tmp_path, scope=["analyse"])
    words = (clip, "--out", project / "copy.mp4", "--project", project)
    code, _, err = command(*words, "--consent", refused, capsys=capsys)
    assert code == 2
    assert "keep" in err
    assert list(project.iterdir()) == []
    agreed = consent_file(tmp_path)
    code, _, _ = command(*words, "--consent", agreed, capsys=capsys)
    assert code == 0
    assert {"copy.mp4", "copy.review.jpg"} <= {each.name for each in project.iterdir()}
    withdraw_record(load_consent(agreed).encounter, project=project)
    assert not {"copy.mp4", "copy.review.jpg"} & {each.name for each in project.iterdir()}


def test_what_is_asked_wrongly_is_refused_before_anything_is_read(
    tmp_path: Path, models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=4))
    consent = consent_file(tmp_path)
    (tmp_path / "there.mp4").write_bytes(b"mine")
    cases = {
        "are both missing": (clip, "--out", tmp_path / "a.mp4"),
        "belong apart": (clip, "--out", tmp_path / "a.mp4", "--no-record", "--consent", consent),
        "no kind of film": (clip, "--out", tmp_path / "a.gif", "--no-record"),
        "exists already": (clip, "--out", tmp_path / "there.mp4", "--no-record"),
        "not there": (tmp_path / "none.mp4", "--out", tmp_path / "a.mp4", "--no-record"),
        "is a device": ("/dev/zero", "--out", tmp_path / "a.mp4", "--no-record"),
        "folder that is not there": (clip, "--out", tmp_path / "no" / "a.mp4", "--no-record"),
    }
    for rule, words in cases.items():
        code, out, err = command(*words, capsys=capsys)
        assert (code, out) == (2, ""), rule
        assert rule in err
    assert (tmp_path / "there.mp4").read_bytes() == b"mine"
    code, _, err = command(clip, "--out", clip, "--no-record", capsys=capsys)
    assert code == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clip.mp4", "consent.json", "there.mp4"]


def test_a_clip_that_is_damaged_on_its_way_leaves_nothing(
    tmp_path: Path, pictures: list[NDArray[np.uint8]], models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = write(tmp_path / "clip.mp4", Recipe(count=COUNT, rate=RATE, size=SIZE, pictures=pictures))
    content = bytearray(clip.read_bytes())
    start = content.index(b"mdat") + 4
    middle = start + int.from_bytes(content[start - 8 : start - 4], "big") * 7 // 10
    content[middle : middle + 900] = np.random.default_rng(1).bytes(900)
    clip.write_bytes(content)
    code, _, err = command(clip, "--out", tmp_path / "copy.mp4", "--no-record", capsys=capsys)
    assert code == 2
    assert "cannot be decoded" in err
    assert [each.name for each in tmp_path.iterdir()] == ["clip.mp4"]
    assert nothing_waits()


def test_a_name_that_no_disk_takes_is_refused_before_the_clip_is_read(
    tmp_path: Path, models_here: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("c" * 300 + ".mp4", "c" * 245 + ".mp4", "\N{GREEK SMALL LETTER ALPHA}" * 125 + ".mp4"):
        code, out, err = command(tmp_path / "none.mp4", "--out", tmp_path / name, "--no-record", capsys=capsys)
        assert (code, out) == (2, "")
        assert "too long a name" in err
    assert list(tmp_path.iterdir()) == []
