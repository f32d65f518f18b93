"""Codes in tables, however people lay them out, become the same ratings; what cannot be read is told, cell by cell."""

from __future__ import annotations

import math

import numpy as np
import pytest

from commonbeat.errors import CodingError
from commonbeat.record.coding.agreement import agreement_of, verdict
from commonbeat.record.coding.codes_table import open_table, read_cells, seconds_of
from commonbeat.record.coding.little_coded import little_coded
from commonbeat.record.coding.scales import ratings_of
from commonbeat.record.coding.sheet import shipped_sheet
from commonbeat.record.coding.tone import tone_of_codes

CLIPS, TEXTS = shipped_sheet("clips"), shipped_sheet("texts")
LONG = """unit,coder,code,value
t1,ann,staged,yes
t1,bo,staged,no
t2,ann,staged,no
t2,bo,staged,no
t3,ann,staged,
t3,bo,staged,yes
t1,ann,regard,+1
t1,bo,regard,2
t2,ann,regard,-1
t2,bo,regard,-1
"""


def ratings(tmp_path, texts, sheet=TEXTS, *, by=None, level=None):
    tables = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        tables.append(open_table(tmp_path / name))
    return ratings_of(read_cells(tables, sheet, by), sheet, level)


def as_rows(found):
    return {
        each.code: {
            (unit, coder): each.values[index]
            for unit, row in zip(each.units, each.given, strict=True)
            for coder, index in zip(each.coders, row, strict=True)
            if index >= 0
        }
        for each in found
    }


def test_the_three_layouts_hold_the_same(tmp_path):
    long = as_rows(ratings(tmp_path, {"long.csv": LONG}))
    files = {
        "ann.csv": "text_id,text,staged,regard,comment\nt1,one,yes,+1,\nt2,two,no,-1,x\nt3,three,,,\n",
        "bo.csv": "text_id,text,staged,regard,comment\nt3,three,yes,,\nt1,one,No,2,\nt2,two,n,-1,\n",
    }
    assert as_rows(ratings(tmp_path, files)) == long
    coder_column = "text_id,coder,staged,regard\nt1,ann,yes,1\nt2,ann,no,-1\nt1,bo,no,2\nt2,bo,no,-1\nt3,bo,yes,\n"
    assert as_rows(ratings(tmp_path, {"both.csv": coder_column})) == long
    per_coder = as_rows(ratings(tmp_path, {"staged.csv": "unit,ann,bo\nt1,1,0\nt2,0,0\nt3,,1\n"}))
    assert per_coder == {"staged": long["staged"]}


def test_units_of_clips_have_times_and_clips_go_together(tmp_path):
    text = "clip,start,coder,code,value\n" + "".join(
        f"{clip},0:{second:02d},{coder},respect,{value}\n"
        for clip in "abcdef"
        for second in (0, 10, 20)
        for coder, value in (("ann", (second // 10) - 1), ("bo", 1 if second else 0))
    )
    (found,) = ratings(tmp_path, {"long.csv": text}, CLIPS)
    assert found.level == "ordinal"
    assert found.values == ("-2", "-1", "0", "1", "2")
    assert len(found.units) == 18
    assert found.start_s.tolist()[:3] == [0, 10, 20]
    agreement = agreement_of(found)
    assert agreement.clustered
    first = next(found.disagreements())
    assert (first.clip, first.start_s, first.given) == ("a", 0.0, (("ann", "-1"), ("bo", "0")))


def test_groups_are_told_apart(tmp_path):
    text = "unit,phase,ann,bo\n1,before,1,1\n2,before,2,1\n1,after,1,1\n2,after,2,2\n3,after,1,\n"
    found = ratings(tmp_path, {"code.csv": text}, None, by="phase")
    assert [(each.group, len(each.units)) for each in found] == [("after", 3), ("before", 2)]
    assert agreement_of(found[0]).alpha == 1
    assert agreement_of(found[1]).alpha == pytest.approx(0)


def test_every_bad_cell_is_told(tmp_path):
    text = (
        LONG.replace("t1,ann,staged,yes", "t1,ann,staged,yess").replace("t2,bo,regard,-1", "t2,bo,regard,7")
        + "t1,bo,regard,2\n"
    )
    with pytest.raises(CodingError) as caught:
        ratings(tmp_path, {"long.csv": text})
    assert "second value of bo for regard of unit t1" in str(caught.value)
    with pytest.raises(CodingError) as caught:
        ratings(tmp_path, {"long.csv": text.removesuffix("t1,bo,regard,2\n")})
    told = str(caught.value)
    assert len(caught.value.mistakes) == 2
    assert "'yess' is not a value of staged. Did you mean 'yes'?" in told
    assert "row 2, value" in told or "line 2, value" in told


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.csv": "coder,code,value\nann,staged,yes\n"}, "no column that says which unit"),
        ({"a.csv": "unit,coder,code\n1,ann,staged\n"}, "has a column code but none for the value"),
        ({"a.csv": "unit,code,value\n1,staged,yes\n"}, "does not say who coded"),
        ({"a.csv": "unit,ann\n1,yes\n"}, "nothing says who coded"),
        ({"a.csv": "unit,coder,code,value\n1,,staged,yes\n2,ann,,yes\n,ann,staged,no\n"}, "whose unit is blank"),
        ({"a.csv": "unit,ann,bo\n1,,\n"}, "are all blank"),
        ({"a.csv": "clip,start,coder,code,value\nx,1:75,ann,staged,yes\n"}, "is not a time"),
    ],
)
def test_tables_that_cannot_serve_are_refused(tmp_path, files, told):
    with pytest.raises(CodingError, match=told):
        ratings(tmp_path, files)


def test_levels_ask_for_what_they_need(tmp_path):
    words = {"code.csv": "unit,ann,bo\n1,near,far\n2,far,far\n"}
    assert ratings(tmp_path, words, None)[0].level == "nominal"
    with pytest.raises(CodingError, match="lists the values in their order"):
        ratings(tmp_path, words, None, level="ordinal")
    with pytest.raises(CodingError, match="below zero on a ratio scale"):
        ratings(tmp_path, {"code.csv": "unit,ann,bo\n1,-1,2\n2,3,4\n"}, None, level="ratio")
    (found,) = ratings(tmp_path, {"code.csv": "unit,ann,bo\n1,10,2.5\n2,3,4\n"}, None, level="interval")
    assert found.scores.tolist() == [2.5, 3, 4, 10]


def test_numbers_written_in_two_ways_are_one_value(tmp_path):
    (found,) = ratings(tmp_path, {"code.csv": "unit,ann,bo\n1,x,X \n2,2,2.0\n"}, None)
    assert list(found.disagreements()) == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("83.5", 83.5),
        ("1:23.5", 83.5),
        ("0:01:23.5", 83.5),
        ("1:00", 60.0),
        ("-1", None),
        ("1:60", None),
        ("nan", None),
        ("inf", None),
        ("1:2:3:4", None),
        ("", None),
    ],
)
def test_times(written, seconds):
    found = seconds_of(written)
    assert math.isnan(found) if seconds is None else found == seconds


def table(first, second, code="x"):
    rows = "".join(f"{unit},{one},{two}\n" for unit, (one, two) in enumerate(zip(first, second, strict=True)))
    return {f"{code}.csv": "unit,ann,bo\n" + rows}


def test_the_paradox_of_prevalence_is_told(tmp_path):
    first, second = ["no"] * 96 + ["yes", "no", "yes", "no"], ["no"] * 96 + ["no", "yes", "yes", "no"]
    found = agreement_of(ratings(tmp_path, table(first, second, "staged"))[0])
    assert found.agreement == 0.98
    assert any("97% of all codes" in warning or "98% of all codes" in warning for warning in found.warnings)
    assert found.pairs[0].kappa.value < 0.6


def test_what_a_reader_must_know_is_told(tmp_path):
    one = agreement_of(ratings(tmp_path, table(["no"] * 40, ["no"] * 40, "staged"))[0])
    assert math.isnan(one.alpha)
    assert one.verdict == "cannot be judged"
    assert "nothing could have differed" in one.warnings[0]
    same = agreement_of(ratings(tmp_path, table(["no", "yes"] * 20, ["no", "yes"] * 20, "staged"))[0])
    assert same.alpha == 1
    assert "Up to 7%" in same.warnings[0]
    few = agreement_of(ratings(tmp_path, table(["no", "yes"] * 5, ["no", "yes"] * 4 + ["yes", "yes"], "staged"))[0])
    assert any("Only 10 units" in warning for warning in few.warnings)
    (little,) = ratings(tmp_path, table(["no", "yes"] * 20, ["no", "yes"] * 5 + [""] * 30, "staged"))
    assert little_coded([little]) == ["bo coded 25% of the units."]
    assert agreement_of(little).units == 10


def test_a_coder_who_coded_little_is_told_once_for_all_codes(tmp_path):
    rows = [
        f"t{n},{coder},{code},no"
        for n in range(8)
        for coder in ("ann", "bo")
        for code in ("staged", "systemic", "child_child")
    ]
    rows += [
        f"t{n},cy,{code},no" for code, done in (("staged", 2), ("systemic", 2), ("child_child", 7)) for n in range(done)
    ]
    found = ratings(tmp_path, {"long.csv": "unit,coder,code,value\n" + "\n".join(rows)})
    (told,) = little_coded(found)
    assert told.startswith("cy coded of the units 25% of ")
    assert {"staged", "systemic"} == {code for code in ("staged", "systemic", "child_child") if code in told}
    even = [row for row in rows if not row.startswith(tuple(f"t{n},cy,child_child" for n in range(2, 8)))]
    assert little_coded(ratings(tmp_path, {"long.csv": "unit,coder,code,value\n" + "\n".join(even)})) == [
        "cy coded 25% of the units of each of the 3 codes."
    ]


def test_a_column_of_texts_is_no_coder(tmp_path):
    rows = "".join(f"{n},{n % 2},{n % 2},words of tweet {n}\n" for n in range(12))
    with pytest.raises(CodingError, match="'tweet' is taken for a coder or a code, but 12 of its 12 values differ"):
        ratings(tmp_path, {"loud.csv": "unit,ann,bo,tweet\n" + rows}, None)
    with pytest.raises(CodingError, match="'tweet' is taken") as caught:
        ratings(tmp_path, {"staged.csv": "unit,ann,bo,tweet\n" + rows})
    assert len(caught.value.mistakes) == 1
    files = {
        f"{who}.csv": "unit,loud,tweet\n" + "".join(f"{n},{n % 2},words {n}\n" for n in range(12))
        for who in ("ann", "bo")
    }
    with pytest.raises(CodingError, match="'tweet' is taken"):
        ratings(tmp_path, files, None)
    (found,) = ratings(tmp_path, {"loud.csv": "unit,ann,bo,text\n" + rows}, None)
    assert found.coders == ("ann", "bo")
    numbers = "unit,ann,bo\n" + "".join(f"{n},{n + 0.5},{n + 0.25}\n" for n in range(12))
    (found,) = ratings(tmp_path, {"loud.csv": numbers}, None, level="interval")
    assert len(found.values) == 24


def test_what_rests_on_one_unit_and_kappas_of_fewer_units_are_told(tmp_path):
    one = agreement_of(ratings(tmp_path, table(["no"] * 40, ["no"] * 39 + ["yes"], "staged"))[0])
    assert math.isnan(one.low)
    assert any("All that varies stands in one unit" in warning for warning in one.warnings)
    text = "unit,ann,bo,cy\n" + "".join(
        f"{n},{'yes' if n % 3 else 'no'},no,{'no' if n < 12 else ''}\n" for n in range(30)
    )
    three = agreement_of(ratings(tmp_path, {"staged.csv": text})[0])
    assert any("rests on the 12 of 30 units" in warning for warning in three.warnings)


@pytest.mark.parametrize(
    ("value", "low", "begins"),
    [
        (0.9, 0.85, "reliable by convention"),
        (0.8, 0.5, "reliable by convention, but its interval goes below"),
        (1.0, math.nan, "reliable by convention, but there is no interval"),
        (0.7, 0.6, "for tentative"),
        (0.66, 0.6, "not reliable"),
        (math.nan, math.nan, "cannot"),
    ],
)
def test_verdicts_follow_the_conventions(value, low, begins):
    assert verdict(value, low).startswith(begins)


def test_tone_is_the_mean_of_the_coders_own_means(tmp_path):
    text = "clip,start,coder,code,value\n" + "".join(
        f"a,{second},{coder},{code},{value}\n"
        for coder, code, values in (
            ("ann", "respect", (2, 2, 0)),
            ("bo", "respect", (1, 1, 1)),
            ("ann", "hostility", (0, 3, 0)),
            ("cy", "respect", (-2,)),
        )
        for second, value in zip((0, 10, 20), values, strict=False)
    )
    tone = tone_of_codes(ratings(tmp_path, {"codes.csv": text}, CLIPS), CLIPS)
    own = [np.mean([np.mean([1, 1, 0]), np.mean([0, -1, 0])]), 0.5, -1.0]
    assert tone.mean == pytest.approx(np.mean(own))
    assert tone.sd == pytest.approx(np.std(own, ddof=1))
    assert (tone.coders, tone.judgements) == (3, 10)
    entry = tone.rating()
    assert (entry.judged_by, entry.scale_low, entry.scale_high, entry.neutral, entry.n) == ("coder", -1, 1, 0, 3)
    nobody = tone_of_codes((), CLIPS)
    assert math.isnan(nobody.mean)
    assert nobody.rating() is None
