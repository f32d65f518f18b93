"""The tables and the draft of a measured clip: documented, whole, and silent on what was not measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from commonbeat.record import load_record, record_toml
from commonbeat.record.video.instrument.draft import draft_of, most_at_once
from commonbeat.record.video.observed import KEYPOINTS, Track, Tracks
from commonbeat.workflows.record_video_schema import TABLES
from commonbeat.workflows.record_video_tables import keypoints_table, tables_of
from tests.record.video.instrument.consents import consent_of
from tests.report.clips import FACTS, crowded, empty, measured
from tests.report.refused_words import refused_words

CLIPS = (measured, crowded, empty)
BY_NAME = {table.name: table for table in TABLES}


@pytest.mark.parametrize("clip", CLIPS)
def test_every_column_is_documented_and_no_row_stands_twice(clip) -> None:
    for name, frame in tables_of(clip()).items():
        table = BY_NAME[name]
        assert tuple(frame.columns) == table.column_names
        if name != "happenings":
            assert not frame.select(table.key).is_duplicated().any()
        for column in table.columns:
            assert column.meaning
            assert column.missing or frame[column.name].null_count() == 0, (name, column.name)
            if frame[column.name].dtype.is_float():
                assert not frame[column.name].is_nan().any()
                assert not frame[column.name].is_infinite().any()
            if column.known:
                assert set(frame[column.name].unique()) <= set(column.known)


@pytest.mark.parametrize("clip", CLIPS)
def test_none_of_the_refused_words_stands_in_tables_or_their_meanings(clip, tmp_path) -> None:
    texts = [
        f"{table.meaning} {' '.join(f'{each.name} {each.unit} {each.meaning} {each.missing}' for each in table.columns)}"
        for table in TABLES
    ]
    for frame in tables_of(clip()).values():
        texts += [
            value
            for column in frame.select(pl.selectors.string()).iter_columns()
            for value in column.unique().drop_nulls()
        ]
    texts.append(record_toml(draft_of(clip(), consent_of())))
    assert [found for text in texts for found in refused_words(text)] == []


def test_nothing_measured_of_one_person_stands_in_a_table() -> None:
    """Movement and smiling are of everybody or of pairs: no column of theirs beside a person's number."""
    about_one = {each.name for table in TABLES if "person" in table.column_names for each in table.columns}
    assert about_one == {
        "time_s",
        "person",
        "across",
        "down",
        "height",
        "passage",
        "found",
        "coverage",
        "point",
        "x",
        "y",
        "score",
    }


def test_no_value_stands_without_its_null() -> None:
    pairs = tables_of(measured())["pairs"]
    for name in ("together", "without_beat"):
        known = pairs.filter(pl.col(name).is_not_null())
        assert known.height == 3
        for part in ("null_low", "null_middle", "null_high", "p"):
            assert known[f"{name}_{part}"].null_count() == 0
    assert pairs.filter(pl.col("together").is_null())["why_not"].str.len_chars().min() > 0


def test_gaps_stay_gaps() -> None:
    third = tables_of(measured())["tracks"].filter(pl.col("person") == 3)
    gaps = third.filter(~pl.col("found"))
    assert gaps.height == pytest.approx(third.height / 10, abs=1)
    assert gaps["across"].null_count() == gaps.height


def test_beats_fall_into_their_steps() -> None:
    clip = measured()
    assert tables_of(clip)["sound"]["beats"].sum() == len(clip.sound.beats)


def test_keypoints_come_back_in_the_pixels_of_the_clip() -> None:
    points = np.full((3, 17, 3), np.nan, np.float32)
    points[0], points[2] = 100.0, 200.0
    track = Track(1, 1, points, points[..., :2], np.full(3, 50, np.float32))
    table = keypoints_table(
        Tracks(np.arange(5) / 10, (track,), np.zeros((0, 3))), replace(FACTS, width=3840, height=2160)
    )
    assert table.height == 2 * len(KEYPOINTS)
    assert table["x"].unique().sort().to_list() == [300.0, 600.0]
    assert table["time_s"].unique().sort().to_list() == pytest.approx([0.1, 0.3])


@pytest.mark.parametrize("clip", CLIPS)
def test_the_draft_is_a_record_whose_every_field_says_instrument(clip, tmp_path) -> None:
    draft = draft_of(clip(), consent_of())
    path = tmp_path / "draft.toml"
    path.write_text(record_toml(draft), encoding="utf-8")
    assert load_record(path) == draft
    filled = {
        "title",
        "invented",
        "clip.filmed",
        "clip.sha256",
        *(("when.duration_minutes",) if draft.when.duration_minutes is not None else ()),
        *(("people.1.count",) if draft.people else ()),
        *(
            f"course.joins.{place}.{field}"
            for place in range(1, 1 + len(draft.course.joins or ()))
            for field in ("count", "at_seconds")
        ),
    }
    assert set(draft.sources) == filled == set(draft.unconfirmed())
    assert all(
        each.source == "instrument" and each.uncertainty not in (None, "") and not each.confirmed
        for each in draft.sources.values()
    )


def test_what_cannot_be_seen_stays_unknown() -> None:
    draft = draft_of(measured(), consent_of())
    course = draft.course
    unseen = (
        course.invited,
        course.intent_stated,
        course.could_leave,
        course.authenticity,
        course.led_by,
        course.came_closer,
        course.activity,
    )
    assert set(unseen) == {None}
    assert draft.course.joins is not None
    assert {(each.who, each.whom) for each in draft.course.joins} == {(None, None)}
    assert draft.people is not None
    assert (draft.people[0].role, draft.people[0].self_described_group) == (None, None)
    assert draft.tone.by_those_present is draft.after.followed is draft.clip.posted is None


def test_a_clip_without_joins_does_not_say_that_nobody_joined() -> None:
    assert draft_of(empty(), consent_of()).course.joins is None


def test_people_are_counted_as_seen_at_once_and_not_by_tracks() -> None:
    assert most_at_once(measured()) == 3
    assert len(measured().people) == 4
