"""The whole instrument on a drawn film whose people, joins, lags, coupling and tempo are known."""

from __future__ import annotations

import json
import os
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from commonbeat.record import load_record
from commonbeat.record.video.instrument.asked import Asked
from commonbeat.record.video.models.weights import ENVIRONMENT, Models
from commonbeat.workflows.record_video import VideoResult, record_video
from commonbeat.workflows.record_withdraw import withdraw_record
from tests.record.examples import a_consent
from tests.record.video.drawn.choreography import Dancer
from tests.record.video.drawn.clips import click_track, write_clip
from tests.record.video.drawn.figures import draw_scene
from tests.report.refused_words import refused_words

pytestmark = pytest.mark.slow
DAY = date(2026, 7, 1)
SECONDS, RATE, TEMPO = 60.0, 10.0, 104.0
LAG_S, STRONG, WEAK = 0.3, 0.95, 0.3
# 1 leads; 2 follows closely and 3 loosely; 4 dances alone at another tempo; 5 comes from the right to 4 and stays.
PEOPLE = (
    Dancer(path=((0, 90, 370),), height_px=190, seed=1, tempo_bpm=TEMPO),
    Dancer(path=((0, 205, 370),), height_px=194, follows=0, coupling=STRONG, lag_s=LAG_S, seed=2, tempo_bpm=TEMPO),
    Dancer(path=((0, 320, 370),), height_px=190, follows=0, coupling=WEAK, lag_s=0.2, seed=3, tempo_bpm=TEMPO),
    Dancer(path=((0, 435, 370),), height_px=188, seed=4, tempo_bpm=93),
    Dancer(path=((0, 730, 372), (20, 730, 372), (25, 540, 370)), height_px=192, seed=5, tempo_bpm=93),
)
# 5 is within 1.2 body heights of 4 from here on, and a walker's last steps are what settles it.
JOINED_S = 20 + 5 * (730 - 435 - 1.2 * 190) / (730 - 540)


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    _, pictures = draw_scene(PEOPLE, SECONDS, RATE, (800, 450))
    return write_clip(
        pictures, RATE, tmp_path_factory.mktemp("film") / "made-up.mp4", sound=click_track(SECONDS, TEMPO)
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory, models: Models):
    """A project with a consent that names everything but face measures; the models stand where the code looks for them."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "consent.json").write_text(json.dumps(a_consent(scope=["analyse", "show", "share"])), encoding="utf-8")
    before = os.environ.get(ENVIRONMENT)
    os.environ[ENVIRONMENT] = str(models.faces.parent)
    yield folder
    os.environ.pop(ENVIRONMENT)
    if before is not None:
        os.environ[ENVIRONMENT] = before


@pytest.fixture(scope="module")
def result(clip: Path, project: Path) -> VideoResult:
    return record_video(
        clip,
        consent=project / "consent.json",
        out=project / "measured",
        asked=Asked(rate=RATE),
        project=project,
        day=DAY,
    )


@pytest.fixture(scope="module")
def numbers(result: VideoResult) -> dict[int, int]:
    """Whose number is whose: people by their place from left to right in the first frame, 5 by where they began."""
    where = result.measured.positions
    first = {
        number: float(np.nanmean(where.across[(where.person == number) & (where.times < 5)]))
        for number in np.unique(where.person).tolist()
    }
    return dict(enumerate(sorted(first, key=first.__getitem__), start=1))


def test_everybody_is_followed_all_the_time(result: VideoResult) -> None:
    people = result.measured.people
    assert len(people) == len(PEOPLE)
    assert min(each.coverage for each in people) > 0.95
    assert result.measured.of("swap suspected") == ()
    assert result.measured.moments.coverage.min() > 0.9


def test_the_join_is_found_within_a_second(result: VideoResult, numbers: dict[int, int]) -> None:
    joins = result.measured.of("joined")
    assert [each.people[0] for each in joins] == [numbers[5]]
    assert joins[0].start_s == pytest.approx(JOINED_S, abs=1.0)
    assert f"{numbers[5]} moved" in joins[0].words


def test_who_came_closer_is_told(result: VideoResult, numbers: dict[int, int]) -> None:
    closer = [each for each in result.measured.of("came closer") if set(each.people) == {numbers[4], numbers[5]}]
    assert len(closer) == 1
    assert closer[0].people[0] == numbers[5]
    assert closer[0].amount == pytest.approx((730 - 540) / 190, rel=0.1)


def test_the_lag_is_within_one_analysed_frame(result: VideoResult, numbers: dict[int, int]) -> None:
    lag = pair(result, numbers, 1, 2).lag
    assert lag is not None
    sign = 1 if numbers[1] < numbers[2] else -1
    assert sign * lag.seconds == pytest.approx(LAG_S, abs=1 / RATE)


def test_coupling_is_ranked_right(result: VideoResult, numbers: dict[int, int]) -> None:
    strong, weak, none = (pair(result, numbers, *each).together for each in ((1, 2), (1, 3), (1, 4)))
    assert strong is not None
    assert weak is not None
    assert none is not None
    assert strong.value > weak.value > none.value
    assert strong.outside
    assert not none.outside


def test_strangers_are_not_told_to_move_together(result: VideoResult, numbers: dict[int, int]) -> None:
    strangers = [
        pair(result, numbers, *each).together
        for each in combinations(range(1, 6), 2)
        if each not in {(1, 2), (1, 3), (2, 3)}
    ]
    known = [each for each in strangers if each is not None]
    assert known
    assert not any(each.p_adjusted is not None and each.p_adjusted < 0.05 for each in known)


def test_the_tempo_is_within_two_percent(result: VideoResult) -> None:
    sound = result.measured.sound
    assert sound is not None
    assert sound.tempo_bpm == pytest.approx(TEMPO, rel=0.02)


def test_the_folder_is_whole_and_for_its_owner_only(result: VideoResult) -> None:
    names = {each.name for each in result.folder.iterdir()}
    assert names == {
        "tracks.parquet",
        "pairs.parquet",
        "group.parquet",
        "happenings.parquet",
        "sound.parquet",
        "report.html",
        "encounter-draft.toml",
        "measured.json",
        "manifest.json",
    }
    assert result.folder.stat().st_mode & 0o077 == 0
    assert not result.folder.with_name("measured.partial").exists()


def test_none_of_the_refused_words_stands_in_any_file(result: VideoResult) -> None:
    found = []
    for path in result.folder.iterdir():
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
            texts = table.columns + [
                value
                for column in table.select(pl.selectors.string()).iter_columns()
                for value in column.drop_nulls().unique()
            ]
            found += [word for text in texts for word in refused_words(text)]
        else:
            found += refused_words(path.read_text(encoding="utf-8"))
    assert found == []


def test_the_manifest_says_by_what_and_under_which_consent(result: VideoResult) -> None:
    manifest = json.loads((result.folder / "manifest.json").read_bytes())
    assert manifest["clip"]["sha256"] == result.measured.facts.sha256
    assert manifest["consent"]["scopes"] == {"analyse": True, "face measures": False, "keep": False, "show": True}
    assert set(manifest["tables"]) == {path.stem for path in result.folder.glob("*.parquet")}
    assert len(manifest["models"]) == 5


def test_the_draft_reads_as_a_record(result: VideoResult) -> None:
    draft = load_record(result.folder / "encounter-draft.toml")
    assert draft == result.draft
    assert draft.people is not None
    assert draft.people[0].count == len(PEOPLE)
    assert len(draft.unconfirmed()) == len(draft.sources)


def test_pictures_are_shown_obscured_and_faces_of_children_are_not_read(result: VideoResult) -> None:
    assert len(result.measured.key_frames) == 8
    assert all("painted over" in each.words or "hidden whole" in each.words for each in result.measured.key_frames)
    assert result.measured.smiling.share is None
    assert "face measures" in result.measured.smiling.why_not


def test_a_withdrawal_deletes_what_was_measured(result: VideoResult, project: Path) -> None:
    """Last in this file: nothing is left afterwards."""
    gone = withdraw_record("pavement", project=project)
    assert gone.unreached == ()
    assert not result.folder.exists()


def pair(result: VideoResult, numbers: dict[int, int], one: int, other: int):
    wanted = {numbers[one], numbers[other]}
    return next(each for each in result.measured.pairs if {each.first, each.second} == wanted)
