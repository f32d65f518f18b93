"""Logs as people have them: what is repaired and named, and what is refused with everything at once."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from commonbeat.errors import DataFileError
from commonbeat.fit.growth import DAY, HOUR, shipped_prior
from commonbeat.fit.growth.cautions import cautions
from commonbeat.fit.growth.duration import seconds_of, spelt
from commonbeat.fit.growth.reading import FEWEST_SHARES, Asked, read_share_log
from tests.fit_clip.clips import times_of_shares, write_log

START = dt.datetime(2024, 5, 31, 18, 0, 0, tzinfo=dt.UTC)


def written(path, lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def moments(form):
    return [form(START + dt.timedelta(seconds=int(second))) for second in times_of_shares()]


def refused(path, **asked) -> str:
    with pytest.raises(DataFileError) as caught:
        read_share_log(path, Asked(**asked))
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_plain_log_is_read_as_it_stands(tmp_path):
    read = read_share_log(write_log(tmp_path / "clip.csv"))
    assert read.log.shares == 60
    assert read.log.seconds[0] == 0
    assert read.log.followers is not None
    assert read.log.clock is None
    assert read.horizon == 7 * DAY
    assert read.repairs == ()


def test_rows_out_of_order_and_duplicates_are_mended_and_named(tmp_path):
    lines = write_log(tmp_path / "clip.csv").read_text().splitlines()
    head, rows = lines[0], lines[1:]
    shuffled = [*rows[:20], *rows[40:], rows[25], *rows[20:40], rows[3]]
    read = read_share_log(written(tmp_path / "odd.csv", [head, *shuffled]))
    straight = read_share_log(tmp_path / "clip.csv")
    assert np.array_equal(read.log.seconds, straight.log.seconds)
    assert np.array_equal(read.log.followers, straight.log.followers)
    assert any("out of order" in each for each in read.repairs)
    assert any("2 rows were the same" in each for each in read.repairs)


def test_equal_seconds_alone_are_different_people_unless_ids_say_otherwise(tmp_path):
    times = [str(each) for each in times_of_shares()]
    read = read_share_log(written(tmp_path / "times.csv", ["seconds", *times, times[10]]))
    assert read.log.shares == 61
    assert any("1 row has the second" in each for each in read.repairs)
    lines = ["seconds,share_id", *(f"{each},s{place}" for place, each in enumerate(times)), f"{times[10]},s10"]
    read = read_share_log(written(tmp_path / "ids.csv", lines))
    assert read.log.shares == 60
    assert any("1 row was the same" in each for each in read.repairs)


def test_zones_are_brought_together_and_named(tmp_path):
    zones = [dt.timezone(dt.timedelta(hours=hours)) for hours in (0, 2, -5)]
    texts = [
        (START + dt.timedelta(seconds=int(second))).astimezone(zones[place % 3]).isoformat()
        for place, second in enumerate(times_of_shares())
    ]
    read = read_share_log(written(tmp_path / "zones.csv", ["time", *texts]))
    assert np.array_equal(read.log.seconds, times_of_shares())
    assert read.log.clock % 1 == pytest.approx(0.75)
    assert any("3 offsets" in each for each in read.repairs)


def test_times_without_a_zone_have_no_time_of_day_until_one_is_named(tmp_path):
    path = written(tmp_path / "naive.csv", ["time", *moments(lambda each: each.strftime("%Y-%m-%d %H:%M:%S"))])
    read = read_share_log(path)
    assert read.log.clock is None
    assert any("no zone" in each for each in read.repairs)
    placed = read_share_log(path, Asked(zone="America/Chicago"))
    assert placed.log.clock % 1 == pytest.approx(23 / 24)
    assert np.array_equal(placed.log.seconds, read.log.seconds)


def test_parquet_with_a_zone_and_unix_times_are_universal_time(tmp_path):
    frame = pl.DataFrame({"created_at": moments(lambda each: each)}).with_columns(
        pl.col("created_at").dt.convert_time_zone("Europe/Berlin")
    )
    frame.write_parquet(tmp_path / "clip.parquet")
    typed = read_share_log(tmp_path / "clip.parquet")
    unix = read_share_log(written(tmp_path / "unix.csv", ["time", *moments(lambda each: str(int(each.timestamp())))]))
    twitter = read_share_log(
        written(tmp_path / "t.csv", ["created_at", *moments(lambda each: each.strftime("%a %b %d %H:%M:%S +0000 %Y"))])
    )
    for read in (typed, unix, twitter):
        assert read.log.clock % 1 == pytest.approx(0.75)
        assert np.array_equal(read.log.seconds, times_of_shares())
    assert any("Unix time" in each for each in unix.repairs)


def test_two_columns_without_names_are_seconds_and_followers(tmp_path):
    rows = [f"{second} {10 + place}" for place, second in enumerate(times_of_shares())]
    headed = read_share_log(written(tmp_path / "RT.txt", ["60 3.25", *rows]))
    bare = read_share_log(written(tmp_path / "bare.txt", rows))
    assert headed.log.clock == 3.25
    assert bare.log.clock is None
    assert headed.log.shares == bare.log.shares == 60
    whole = read_share_log(written(tmp_path / "whole.txt", ["60 3", *rows]))
    assert (whole.log.shares, whole.log.clock) == (60, 3)
    early = read_share_log(written(tmp_path / "early.txt", [rows[7], *rows[:7], *rows[8:]]))
    assert (early.log.shares, early.log.clock) == (60, None)
    assert any("out of order" in each for each in early.repairs)
    wrong = read_share_log(written(tmp_path / "wrong.txt", ["75 3.25", *rows]))
    assert any("counts 75 shares, and 60 stand below" in each for each in wrong.repairs)


def test_minutes_and_hours_are_known_by_the_column_or_the_unit(tmp_path):
    hours = written(tmp_path / "h.csv", ["hours", *(f"{second / 3600:.8f}" for second in times_of_shares())])
    minutes = written(tmp_path / "m.csv", ["t", *(f"{second / 60:.8f}" for second in times_of_shares())])
    by_name, by_unit = read_share_log(hours), read_share_log(minutes, Asked(time="t", unit="minutes"))
    assert by_name.log.seconds == pytest.approx(times_of_shares(), abs=0.01)
    assert by_unit.log.seconds == pytest.approx(times_of_shares(), abs=0.01)


def test_milliseconds_are_no_minutes(tmp_path):
    lines = [f"{second * 1000}" for second in times_of_shares()]
    named = read_share_log(written(tmp_path / "named.csv", ["time_ms", *lines]), Asked(time="time_ms"))
    told = read_share_log(written(tmp_path / "told.csv", ["t", *lines]), Asked(time="t", unit="ms"))
    assert np.array_equal(named.log.seconds, times_of_shares())
    assert np.array_equal(told.log.seconds, times_of_shares())
    assert seconds_of("90ms") == (0.09, False)


def test_a_log_is_said_to_end_at_its_last_share_unless_told_otherwise(tmp_path):
    path, words = write_log(tmp_path / "clip.csv"), "taken to end at its last share"
    ended, quiet = read_share_log(path).log, read_share_log(path, Asked(observed="12h")).log
    prior = shipped_prior(followers=True, clock=False)
    assert any(words in each for each in cautions(ended, prior))
    assert not any(words in each for each in cautions(quiet, prior))


def test_an_earlier_cut_keeps_what_came_later_and_quiet_hours_are_named(tmp_path):
    path = write_log(tmp_path / "clip.csv")
    cut = read_share_log(path, Asked(observed="3h", horizon="+1h"))
    assert cut.log.shares < cut.whole.shares == 60
    assert cut.horizon == 4 * HOUR
    quiet = read_share_log(path, Asked(observed="12h"))
    assert quiet.log.shares == 60
    assert any("nobody shared in between" in each for each in quiet.repairs)


def test_followers_missing_here_and_there_are_filled_and_mostly_missing_are_left_alone(tmp_path):
    lines = write_log(tmp_path / "clip.csv").read_text().splitlines()
    some = [line if place % 10 else line.split(",")[0] + "," for place, line in enumerate(lines[1:])]
    read = read_share_log(written(tmp_path / "some.csv", [lines[0], *some]))
    assert np.isfinite(read.log.followers).all()
    assert any("7 unknown numbers of followers" in each for each in read.repairs)
    most = [line if place % 3 == 0 else line.split(",")[0] + "," for place, line in enumerate(lines[1:])]
    read = read_share_log(written(tmp_path / "most.csv", [lines[0], *most]))
    assert read.log.followers is None
    assert any("were not used" in each for each in read.repairs)


def test_everything_wrong_is_told_at_once(tmp_path):
    lines = [
        "time,followers",
        "2024-05-31T18:00:00,10",
        "2024-05-31T18:01:00Z,20",
        "yesterday,-3",
        "2024-05-31T18:03:00Z,many",
    ]
    told = refused(written(tmp_path / "bad.csv", lines), group="side", zone=None, observed="soon", horizon="9d")
    for words in ("'yesterday' is not a time", "'many' is no number of followers", "'side' is not a column", "'soon' is no span",
                  "beyond 7 days", "and none in 1", f"needs {FEWEST_SHARES}", "-3.0 is no number of followers"):  # fmt: skip
        assert words in told, words


@pytest.mark.parametrize(
    ("lines", "asked", "words"),
    [
        (["seconds", "0", "60"], {}, "has 1 share after the post"),
        (["seconds", "0"], {}, "has 0 shares"),
        (["when", *map(str, range(40))], {}, "has no column of times; its columns are when"),
        (["seconds", *map(str, range(0, 4000, 100))], {"horizon": "30m"}, "is over"),
        (["seconds", *map(str, range(0, 4000, 100))], {"observed": "10m"}, "in the first 10 minutes"),
        (["seconds", *map(str, range(-100, 4000, 100))], {}, "lies before the post"),
        (["date", *(f"2024-05-{day:02}" for day in range(1, 31))], {}, "days without a time of day"),
        (["seconds", *map(str, range(40))], {"zone": "Mars/Base", "unit": "fortnights"}, "is no time zone"),
        (["seconds", *map(str, range(40))], {"unit": "fortnights"}, "is no unit of time"),
        (["seconds", *["5"] * 40], {}, "has all its shares within 0 seconds"),
        (["time", *(f"{45443.75 + place / 500:.4f}" for place in range(200))], {}, "--unit hours"),
        (["time", "1999-01-01T00:00:00Z", *(f"2024-05-31T18:{place:02}:00Z" for place in range(40))], {}, "a row of a wrong date"),
        (["seconds", *map(str, range(0, 4000, 100))], {"observed": "8d"}, "--observed: spans 8 days"),
        (["seconds,followers", *(f"{place * 100},1e300" for place in range(40))], {}, "is no number of followers, nor are 39 more"),
    ],
)  # fmt: skip
def test_what_cannot_be_mended_is_refused(tmp_path, lines, asked, words):
    assert words in refused(written(tmp_path / "clip.csv", lines), **asked)


def test_spans():
    assert seconds_of("90m") == (5400, False)
    assert seconds_of("+1.5 hours") == (5400, True)
    assert seconds_of("7d") == (7 * DAY, False)
    assert seconds_of("soon") is None
    assert seconds_of("3 moons") is None
    assert (spelt(5400), spelt(7 * DAY), spelt(30), spelt(DAY)) == ("1.5 hours", "7 days", "30 seconds", "24 hours")
