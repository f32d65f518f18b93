"""A targets file is read whole, mended with a word, or refused with everything that is wrong with it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from commonbeat.errors import DataFileError
from commonbeat.fit.posterior import TEMPLATE, Targets, read_targets
from commonbeat.fit.posterior.target import COLUMNS
from tests.fit.posterior.towns import CONTACTS, HEADER, PRESENT, SURVEY, USEFUL, known, written

SHARES = (
    "time\n2026-05-01T18:30:00\n2026-05-01T19:00:00\n2026-05-01T20:00:00\n2026-05-01T23:00:00\n2026-05-03T10:00:00\n"
)
LOG = "share_log,outlet_clip,,,,,,,,,,,,shares.csv,{posted}\n"


def refused(folder: Path, rows: str) -> str:
    with pytest.raises(DataFileError) as caught:
        read_targets(written(folder, HEADER + rows), known())
    return str(caught.value)


def test_points_become_latent_sds_and_the_assumptions_are_named(tmp_path: Path) -> None:
    read = read_targets(written(tmp_path, HEADER + SURVEY.format(day=0, estimate=41, error=1.2, n=300)), known())
    latent_sd = 26.8 * math.sqrt(0.8)
    assert read.targets[0].estimate == pytest.approx(41 / latent_sd)
    assert read.targets[0].std_error == pytest.approx(1.2 / latent_sd)
    assert read.repairs == (
        "answers without a `reliability` were taken to have one of 0.8",
        "points were read with 26.8 points to one SD of the answers (card E090)",
    )


RELIABLE = HEADER.replace("sd,", "sd,reliability,")


@pytest.mark.parametrize(
    ("unit", "latent"),
    [("points,20,0.64", 1 / 16), ("SD,,0.64", 1 / 0.8), ("SD,,1", 1.0), ("latent SD,,", 1.0)],
)
def test_answers_become_true_scores_by_their_reliability(tmp_path: Path, unit: str, latent: float) -> None:
    """SD_latent = SD_answers * sqrt(reliability), as the evidence is read (evidence/estimates.py)."""
    read = read_targets(
        written(tmp_path, RELIABLE + f"effect,moment,All,present,reform,7,0.2,0.1,{unit},300,,,,\n"), known()
    )
    assert (read.targets[0].estimate, read.targets[0].std_error) == pytest.approx((0.2 * latent, 0.1 * latent))
    assert read.repairs == ()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("reform,7,3,1,points,,0.8", "line 2 sd: is empty, and the 26.8 points of the police thermometer are an SD of trust"),
        ("trust,7,3,1,points,,1.4", "line 2 reliability: 1.4 is not above 0 and up to 1"),
        ("trust,7,3,1,SD,,0", "line 2 reliability: 0.0 is not above 0 and up to 1"),
        ("trust,7,3,1,latent SD,,0.8", "line 2 reliability: 0.8 has no meaning for the unit latent SD"),
        ("trust,7,3,1,points,-4,0.8", "line 2 sd: -4.0 is not above 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_on_the_latent_scale_is_one_mistake(tmp_path: Path, cells: str, words: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_targets(written(tmp_path, f"{RELIABLE}effect,moment,All,present,{cells},300,,,,\n"), known())
    assert words in str(caught.value)
    assert str(caught.value).count("line 2") == 1


def test_the_rows_of_an_estimate_serve_as_targets(tmp_path: Path) -> None:
    header = "kind,arm,group,outcome,day,unit,estimand,estimate,std_error,df,ci_low,ci_high,p_value,n,clusters,method,warnings\n"
    row = "effect,moment,Black,trust,7,SD,trust: difference,0.2,,118,0.0040036,0.3959964,.04,120,,HC2,\n"
    read = read_targets(written(tmp_path, header + row), known())
    assert read.targets[0].group == "Black residents"
    assert read.targets[0].std_error == pytest.approx(0.1 / math.sqrt(0.8), rel=1e-6)
    assert "`reliability` were taken to have one of 0.8" in read.repairs[0]
    assert "taken from the 95 % interval" in read.repairs[1]


def test_a_count_without_an_error_has_its_own(tmp_path: Path) -> None:
    read = read_targets(written(tmp_path, HEADER + CONTACTS), known())
    assert read.targets[0].std_error == pytest.approx(math.sqrt(40))
    assert "is empty: chance alone was taken" in read.repairs[0]
    read = read_targets(written(tmp_path, HEADER + CONTACTS.replace(",40,40,,", ",40,40,6.3,")), known())
    assert "is the root of the count: chance alone was taken" in read.repairs[0]
    read = read_targets(written(tmp_path, HEADER + CONTACTS.replace(",40,40,,", ",40,40,9,")), known())
    assert read.repairs == ()


def test_every_mistake_is_listed_at_once(tmp_path: Path) -> None:
    rows = (
        "effect,momnt,All,present,trust,7,0.1,0.03,SD,,,,,,\n"
        "effect,moment,Blck residents,,trust,7,0.1,0.03,SD,,,,,,\n"
        "effect,moment,Officers,,trust,7,0.1,0.03,SD,,,,,,\n"
        "effect,moment,All,present,trst,99,0.1,-0.03,SD,,,,,,\n"
        "effect,moment,All,nearby,trust,seven,lots,0.03,inches,,4,,,,\n"
        "effect,nothing,All residents,,trust,7,0.1,0.03,SD,,,,,,\n"
        "count,nothing,All residents,,,41,-3,1,,,,sirens,,,\n"
        "guess,nothing,,,,,,,,,,,,,\n"
        "survey_mean,moment,Black residents,present,trust,7,41,1,points,,,,,,\n"
        "effect,moment,All,present,trust,8,0.1,,SD,,,,,,\n"
        "survey_mean,moment,Black residents,,trust,7,100.5,1,points,,,,,,\n"
        "count,nothing,All residents,,,40,9,3,,,,stop,,,\n"
        "count,nothing,All residents,,,39,90,9,,,4,stop,,,\n"
        "effect,moment,All,told,trust,3,0.1,0.03,SD,,,,,,\n"
    )
    told = refused(tmp_path, rows)
    for words in (
        "line 2 arm: 'momnt' is not an arm of the scenario. Did you mean 'moment'?",
        "line 3 group: 'Blck residents' is not a group here. Did you mean 'Black residents'?",
        "line 4 outcome: 'trust' is not asked of Officers",
        "line 5 outcome: 'trst' is not an outcome. Did you mean 'trust'?",
        "line 5 day: 99 lies outside the scenario, days 1 to 40",
        "line 5 std_error: -0.03 is not above 0",
        "line 6 ring: 'nearby' is not a ring",
        "line 6 day: 'seven' is not a finite number",
        "line 6 estimate: 'lots' is not a finite number",
        "line 6 unit: 'inches' is not a unit",
        "line 6 n: 4.0 is below 10",
        "line 7 arm: 'nothing' is the reference",
        "line 8 counted: 'sirens' is not counted",
        "line 8 day: 41 lies outside the scenario",
        "line 8 estimate: -3.0 is below 0",
        "line 9 kind: 'guess' is not a kind of target",
        "line 10 ring: 'present' has no meaning for a survey_mean",
        "line 11 std_error: is empty",
        "line 12 estimate: 100.5 is no mean in points, which go from 0 to 100",
        "line 13 estimate: 9.0 is below 10, and `n` is empty",
        "line 14 n: 4.0 is below 10",
        "line 15 day: 3 is before anybody is in the ring told: the first encounter of moment is on day 3",
    ):
        assert words in told, words


def test_what_is_just_possible_is_read(tmp_path: Path) -> None:
    rows = (
        "survey_mean,moment,Black residents,,trust,0,0,1,points,,,,,,\n"
        "survey_mean,moment,Black residents,,trust,7,100,1,points,,,,,,\n"
        "survey_mean,moment,White residents,,trust,7,-120,1,SD,,,,,,\n"
        "count,nothing,All residents,,,40,0,1,,,900,stop,,,\n"
        "effect,moment,All,told,trust,4,0.1,0.03,SD,,,,,,\n"
        "effect,moment,All residents,,trust,2,0.1,0.03,SD,,,,,,\n"
    )
    assert len(read_targets(written(tmp_path, HEADER + rows), known()).targets) == 6


def test_the_same_thing_measured_twice_is_one_too_many(tmp_path: Path) -> None:
    assert "line 3 kind: 'effect' measures what targets.csv line 2 measures" in refused(tmp_path, PRESENT + PRESENT)


def test_a_survey_series_is_of_one_arm(tmp_path: Path) -> None:
    before, first, second = (SURVEY.format(day=day, estimate=41, error=1, n=300) for day in (0, 10, 20))
    told = refused(tmp_path, before + first + second.replace("moment", "outlet_clip"))
    assert "line 4 arm: 'outlet_clip' makes a second arm of the survey series on trust of Black residents" in told
    assert "(moment and outlet_clip), and only one arm happened" in told
    assert told.count("line ") == 1
    rows = before.replace("moment", "outlet_clip") + first.replace("moment", "nothing") + second
    assert len(read_targets(written(tmp_path, HEADER + rows), known()).targets) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no targets"),
        (HEADER, "holds no targets"),
        ("kind,arm,colour,kind\neffect,moment,red,x\n", "'colour' is not a column of targets"),
        ("arm\nmoment\n", "'kind' is missing"),
        (HEADER + "effect,moment\n", "has 2 fields, not 15"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DataFileError, match=words):
        read_targets(written(tmp_path, text), known())


def test_a_missing_file_says_how_to_begin_one(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="commonbeat fit --template"):
        read_targets(tmp_path / "none.csv", known())


def test_the_template_has_every_column_and_every_kind() -> None:
    lines = TEMPLATE.splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert {line.split(",")[0] for line in lines[1:]} == {"survey_mean", "effect", "count", "share_log"}
    assert all(line.count(",") == len(COLUMNS) - 1 for line in lines)


def shares(folder: Path, text: str, posted: str = "2026-05-01T18:00:00") -> Targets:
    written(folder, text, "shares.csv")
    return read_targets(written(folder, HEADER + LOG.format(posted=posted)), known())


def test_a_share_log_becomes_a_number_and_a_middle_age(tmp_path: Path) -> None:
    read = shares(tmp_path, SHARES)
    assert (read.targets[0].shares, read.targets[0].median_hours, read.repairs) == (5, 2.0, ())
    assert read.targets[0].clip == "dance_off/3"


def test_disorder_is_mended_and_said(tmp_path: Path) -> None:
    lines = SHARES.splitlines()
    read = shares(tmp_path, "\n".join([lines[0], lines[3], *lines[1:3], *lines[4:]]) + "\n")
    assert (read.targets[0].shares, read.targets[0].median_hours) == (5, 2.0)
    assert read.repairs == ("shares.csv: shares were out of order and have been sorted",)


SECOND = "shares.csv: 1 row has a moment that stands before and counts as a share: no `id` says that it is the same"


@pytest.mark.parametrize(
    ("header", "cells", "count", "repairs"),
    [
        ("time", ("", "", "", "", "", ""), 6, (SECOND,)),
        ("time,user", (",a", ",a", ",b", ",a", ",c", ",d"), 5, ("1 row that stands twice with all cells",)),
        ("time,user", (",a", ",b", ",b", ",a", ",c", ",d"), 6, ()),
        ("time,id", (",1", ",1", ",3", ",4", ",5", ",6"), 5, ("1 row that stands twice by its id",)),
        ("time,id", (",1", ",2", ",3", ",4", ",5", ",6"), 6, ()),
        ("time,hours", (",1", ",1", ",1", ",2", ",5", ",63"), 6, (SECOND,)),
        ("time,id", (",", ",", ",3", ",4", ",5", ",6"), 6, ()),
    ],
)
def test_two_shares_of_one_second_are_two_unless_their_id_or_row_says_otherwise(
    tmp_path: Path, header: str, cells: tuple[str, ...], count: int, repairs: tuple[str, ...]
) -> None:
    moments = SHARES.splitlines()[1:]
    rows = [moment + cell for moment, cell in zip((moments[0], *moments), cells, strict=True)]
    read = shares(tmp_path, "\n".join([header, *rows]) + "\n")
    assert read.targets[0].shares == count
    assert len(read.repairs) == len(repairs)
    assert all(words in told for words, told in zip(repairs, read.repairs, strict=True))


def test_offsets_that_differ_are_set_on_one_clock(tmp_path: Path) -> None:
    moved = SHARES.replace("T19:00:00", "T20:00:00+01:00")
    zoned = "\n".join(f"{line}Z" if line.endswith("0") and "+" not in line else line for line in moved.splitlines())
    read = shares(tmp_path, zoned + "\n", posted="2026-05-01T18:00:00Z")
    assert read.targets[0].median_hours == 2.0
    assert "different offsets from UTC" in read.repairs[0]


def test_without_the_post_its_first_share_stands_for_it(tmp_path: Path) -> None:
    read = shares(tmp_path, SHARES + "2026-05-01T18:00:00\n", posted="")
    assert read.targets[0].shares == 5
    assert any("its first share stands for it" in repair for repair in read.repairs)


@pytest.mark.parametrize(
    ("text", "posted", "words"),
    [
        ("time\n2026-05-01T18:30:00\n", "2026-05-01T18:00:00", "holds 1 share besides the post"),
        (SHARES + "2026-05-01T18:30:00-05:00\n", "2026-05-01T18:00:00", "moments with an offset from UTC and moments without"),
        (SHARES, "2026-05-01T18:00:00-05:00", "moments with an offset from UTC and moments without"),
        (SHARES + "yesterday\n", "2026-05-01T18:00:00", "line 7 time: 'yesterday' is not a moment"),
        (SHARES, "2026-05-02T18:00:00", "comes after 4 of its shares"),
        ("hours\n1\n-2\n3\n4\n5\n", "", "line 3 hours: '-2' is not a number of hours"),
        ("when\n1\n", "", "has neither `time` nor `hours`"),
        ("", "", "is empty"),
    ],
)  # fmt: skip
def test_a_log_that_says_nothing_is_refused(tmp_path: Path, text: str, posted: str, words: str) -> None:
    with pytest.raises(DataFileError, match=words):
        shares(tmp_path, text, posted)


def test_the_useful_targets_are_useful(tmp_path: Path) -> None:
    assert len(read_targets(written(tmp_path, USEFUL), known()).targets) == 3
