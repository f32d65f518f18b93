"""Marks of two coders: paired as well as they can be, counted as published, and compared second by second."""

from __future__ import annotations

import functools
import json
import math
import random

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from commonbeat.errors import CodingError
from commonbeat.record.coding.boris import parse_boris
from commonbeat.record.coding.codes_table import open_table
from commonbeat.record.coding.event import CodedEvent, CodedFile, spelled
from commonbeat.record.coding.event_agreement import event_agreements, event_kappa, kappa_without_nothing
from commonbeat.record.coding.event_match import matched
from commonbeat.record.coding.events_table import read_marks
from commonbeat.record.coding.interval_codes import parted
from commonbeat.record.coding.sheet import shipped_sheet
from commonbeat.record.coding.time_units import time_units
from tests.record.coding.made import boris_document


def mark(code, start_s, end_s=None, coder="ann", subject="", value="", clip="c"):
    return CodedEvent(
        clip, coder, code, start_s, start_s if end_s is None else end_s, subject, value, "", f"{code} {start_s}"
    )


def cheapest(one, two, tolerance_s):
    """The fewest failures and the least distance, by trying every pairing in order."""

    @functools.cache
    def cost(row, column):
        if row == 0 or column == 0:
            return row + column, 0.0
        above, left = cost(row - 1, column), cost(row, column - 1)
        options = [(above[0] + 1, above[1]), (left[0] + 1, left[1])]
        apart = abs(one[row - 1].start_s - two[column - 1].start_s)
        if apart <= tolerance_s + 1e-9:
            both = cost(row - 1, column - 1)
            options.append((both[0] + (one[row - 1].label != two[column - 1].label), both[1] + apart))
        return min(options)

    return cost(len(one), len(two))


@pytest.mark.parametrize("seed", range(150))
def test_marks_are_paired_as_well_as_they_can_be(seed):
    luck = random.Random(seed)
    one, two = (
        sorted(
            (mark(luck.choice("ab"), round(luck.random() * 8, 1)) for _ in range(luck.randint(0, 9))),
            key=lambda event: event.start_s,
        )
        for _ in range(2)
    )
    pairs = matched(one, two, 1.0)
    failures = sum(not pair.agrees for pair in pairs)
    apart = sum(abs(pair.first.start_s - pair.second.start_s) for pair in pairs if pair.first and pair.second)
    assert (failures, pytest.approx(apart)) == cheapest(one, two, 1.0)
    assert sorted(each.first.start_s for each in pairs if each.first) == [each.start_s for each in one]
    assert sorted(each.second.start_s for each in pairs if each.second) == [each.start_s for each in two]
    assert all(
        abs(each.first.start_s - each.second.start_s) <= 1 + 1e-9 for each in pairs if each.first and each.second
    )


def files(first, second, length_s=60.0):
    second = [event._replace(coder="bo") for event in second]
    return [
        CodedFile(tuple(first), (("c", "ann"),), {"c": length_s} if length_s else {}),
        CodedFile(tuple(second), (("c", "bo"),), {}),
    ]


def test_the_tolerance_is_kept_and_differences_are_listed_with_times():
    first = [mark("approach", 1.0), mark("dance", 10, 20), mark("approach", 30)]
    second = [mark("approach", 1.9), mark("approach", 32), mark("smile", 10.5, 12)]
    (found,) = event_agreements(files(first, second), 1.0, 1.0)
    approach = next(each for each in found.codes if each.label == "approach")
    assert (approach.both, approach.first_only, approach.second_only) == (1, 1, 1)
    assert approach.shared == pytest.approx(0.5)
    assert approach.lag_s == pytest.approx(0.9)
    assert [(each.start_s, each.first, each.second) for each in found.differences] == [
        (10, "dance", "smile"),
        (30, "approach", ""),
        (32, "", "approach"),
    ]
    (wide,) = event_agreements(files(first, second), 2.0, 1.0)
    assert next(each for each in wide.codes if each.label == "approach").both == 2


def test_subjects_are_told_apart_where_both_name_them():
    first, second = [mark("smile", 5, subject="child 1")], [mark("smile", 5, subject="child 2")]
    (found,) = event_agreements(files(first, second), 1.0, 1.0)
    assert found.codes[0].both == 0
    (found,) = event_agreements(files(first, [mark("smile", 5)]), 1.0, 1.0)
    assert found.codes[0].both == 1


def test_who_marked_nothing_still_disagrees():
    (found,) = event_agreements(files([mark("approach", 5)], []), 1.0, 1.0)
    assert found.codes[0].first_only == 1
    assert event_agreements([files([mark("approach", 5)], [])[0]], 1.0, 1.0) == ()


def test_kappa_with_an_empty_cell_by_design_has_the_margins_it_was_given():
    table = np.array([[20.0, 3, 4], [2, 15, 5], [6, 1, 0]])
    found = kappa_without_nothing(table)
    # The expected table, found another way: odds without interaction solve margins by Newton on logs.
    from scipy.optimize import root

    def margins(logs):
        expected = np.exp(logs[:3, None] + logs[None, 3:])
        expected[2, 2] = 0
        return np.concatenate(
            [expected.sum(axis=1) - table.sum(axis=1), (expected.sum(axis=0) - table.sum(axis=0))[:2], [logs[3]]]
        )

    logs = root(margins, np.zeros(6), tol=1e-12).x
    expected = np.exp(logs[:3, None] + logs[None, 3:])
    expected[2, 2] = 0
    chance = np.trace(expected) / table.sum()
    assert found == pytest.approx((35 / table.sum() - chance) / (1 - chance), abs=1e-7)
    assert math.isnan(event_kappa([]))


def test_perfect_marks_have_kappa_one_and_random_ones_about_none():
    events = [mark("ab"[i % 2], 3.0 * i) for i in range(40)]
    (found,) = event_agreements(files(events, events, 120), 1.0, 1.0)
    assert found.kappa == pytest.approx(1)
    assert all(unit.kappa.value == pytest.approx(1) for unit in found.units)
    luck = random.Random(1)
    one = [mark(luck.choice("abcd"), 5.0 * i) for i in range(400)]
    two = [mark(luck.choice("abcd"), 5.0 * i) for i in range(400)]
    (found,) = event_agreements(files(one, two, 2000), 1.0, 1.0)
    assert abs(found.kappa) < 0.1


def test_time_units_equal_a_grid_by_hand_and_sklearn():
    first, second = [mark("dance", 2.2, 8.4), mark("dance", 20, 30)], [mark("dance", 3.0, 9.0), mark("dance", 22, 28)]
    rows, warnings = time_units((first, second), ("c",), {"c": 60.0}, 1.0)
    middles = np.arange(60) + 0.5
    one = ((middles >= 2.2) & (middles < 8.4)) | ((middles >= 20) & (middles < 30))
    two = ((middles >= 3) & (middles < 9)) | ((middles >= 22) & (middles < 28))
    assert rows[0].kappa.value == pytest.approx(cohen_kappa_score(one, two))
    assert rows[0].agreement == pytest.approx((one == two).mean())
    assert rows[0].prevalence == (pytest.approx(one.mean()), pytest.approx(two.mean()))
    assert warnings == ()
    rows, _ = time_units(([mark("hop", 59.99)], [mark("hop", 59.2)]), ("c",), {"c": 60.0}, 1.0)
    assert rows[0].kappa.value == pytest.approx(1)


def test_a_clip_of_unknown_length_is_told_and_too_many_units_are_refused():
    (found,) = event_agreements(files([mark("dance", 1, 5)], [mark("dance", 1, 5)], None), 1.0, 1.0)
    assert any("How long c is was not told" in each for each in found.warnings)
    rows, warnings = time_units(([mark("dance", 0, 1e6)], []), ("c",), {}, 0.1)
    assert rows == ()
    assert "too many time units" in warnings[-1]


def test_judgements_of_intervals_become_values_of_units():
    sheet = shipped_sheet("clips")
    events = [mark("respect", 3, value="1"), mark("respect", 10, 20, value="-1"), mark("approach", 4)]
    marks, cells = parted(events, sheet)
    assert [each.code for each in marks] == ["approach"]
    assert [(cell.unit, cell.value) for cell in cells] == [("c 0 to 10 s", "1"), ("c 10 to 20 s", "-1")]
    with pytest.raises(CodingError) as caught:
        parted([mark("respect", 3, value="1"), mark("respect", 7, value="2"), mark("respect", 12)], sheet)
    assert len(caught.value.mistakes) == 2
    assert parted(events, None) == (events, [])


def test_a_coder_who_stopped_early_is_told():
    first = [mark("approach", 10 * second) for second in range(1, 12)]
    second = [each._replace(coder="bo") for each in first[:4]]
    (found,) = event_agreements(files(first, second), 1.0, 1.0)
    assert any("bo marks nothing in c after 40 s, where ann marks 7 times" in each for each in found.warnings)
    (whole,) = event_agreements(files(first, [each._replace(coder="bo") for each in first[:8]]), 1.0, 1.0)
    assert not any("marks nothing" in each for each in whole.warnings)


def test_the_case_of_letters_is_no_disagreement():
    assert [each.code for each in parted([mark("Joining", 3)], None)[0]] == ["joining"]
    document = json.loads(json.dumps(boris_document(first=[])).replace('"dance"', '"Dance"'))
    project = parse_boris(json.dumps(document).encode(), "a.boris")
    (event,) = project.with_events("first", [mark("dance", 1, 2)._replace(clip="", coder="")]).coded().events
    assert (event.code, event.start_s, event.end_s) == ("Dance", 1, 2)
    assert spelled("dance", ("Dance", "DANCE")) == "dance"


def test_marks_in_tables(tmp_path):
    (tmp_path / "m.csv").write_text(
        "clip,coder,code,start,end,subject,modifier\nx,ann,Dance,0:05,0:15.5,child 1,slow\nx,bo,,,,,\nx,ann,approach,3,,,\n"
    )
    found = read_marks([open_table(tmp_path / "m.csv")])
    assert [(each.label, each.start_s, each.end_s, each.subject) for each in found.events] == [
        ("dance: slow", 5, 15.5, "child 1"),
        ("approach", 3, 3, ""),
    ]
    assert set(found.observed) == {("x", "ann"), ("x", "bo")}
    (tmp_path / "bad.csv").write_text("clip,coder,code,start,end\n,ann,a,1,\nx,,a,2,1\nx,ann,a,,\nx,ann,a,soon,\n")
    with pytest.raises(CodingError) as caught:
        read_marks([open_table(tmp_path / "bad.csv")])
    assert len(caught.value.mistakes) == 5
