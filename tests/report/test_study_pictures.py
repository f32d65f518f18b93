"""Curves and pictures of a study: drawn from what is there, with doubts burnt in."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.estimate.analysis import Curve, Section
from commonbeat.report.study import study_pictures
from commonbeat.report.study.curves import picture, ticks, unbroken
from commonbeat.report.study.sections import letter, named
from commonbeat.report.study.study import Study
from tests.report import analyses


def test_every_picture_leaves_as_svg_and_png_with_interval_and_stop_rate(tmp_path: Path) -> None:
    files = study_pictures(analyses.analysis(), tmp_path / "pictures")
    names = {path.name for path in files}
    assert names == {
        f"{name}.{kind}" for name in ("effects", "groups", "time-event_study", "time-calls") for kind in ("svg", "png")
    }
    for path in files:
        if path.suffix == ".svg":
            text = path.read_text(encoding="utf-8")
            ET.fromstring(text)  # noqa: S314 - our own file
            assert "Police stops recorded in Minneapolis" in text
            assert "95 % of the time" in text
            assert "claim C5" in text
        else:
            assert path.read_bytes().startswith(b"\x89PNG")


def test_an_event_study_has_a_dot_for_every_known_point_and_says_its_ends() -> None:
    shown = picture(Study(analyses.analysis()), analyses.event_study(), "event")
    assert shown is not None
    assert shown.body.count('class="point"') == 9
    assert shown.body.count('class="whisker"') == 9
    assert "First, at −4: +0.010 (−0.080 to +0.100)" in shown.words
    assert "Last, at 4" in shown.words


def test_a_series_is_drawn_beside_what_was_expected_and_gaps_stay_gaps() -> None:
    shown = picture(Study(analyses.analysis()), analyses.weekly(), "calls")
    assert shown is not None
    assert shown.body.count('class="median first"') == 2
    assert shown.body.count('class="median second"') == 1
    assert "expected without it" in shown.body
    assert "On average from the event on, observed" in shown.words


def test_the_interval_of_what_was_expected_is_drawn_and_many_points_are_a_line() -> None:
    x = tuple(float(place) for place in range(50))
    flat = tuple(1.0 for _ in x)
    late = tuple(None if value < 30 else 0.5 for value in x)
    series = Curve(
        "s", "S", "week", "calls", x, flat, late, tuple(None if v is None else 1.5 for v in late), flat, flat, 30.0
    )
    shown = picture(Study(analyses.analysis()), series, "s")
    assert shown is not None
    assert 'class="wide-band second"' in shown.body
    dose = Curve("d", "D", "dose", "trust", x, flat, flat, flat)
    line = picture(Study(analyses.analysis()), dose, "d")
    assert line is not None
    assert 'class="wide-band first"' in line.body
    assert 'class="point"' not in line.body


def test_a_curve_without_points_is_no_picture() -> None:
    study = Study(analyses.analysis())
    assert picture(study, Curve("e", "E", "x", "y", ()), "e") is None
    assert picture(study, Curve("e", "E", "x", "y", (1.0, 2.0), (None, None)), "e") is None


def test_names_of_pictures_are_safe_and_unique() -> None:
    curve = analyses.event_study()
    section = Section("over time", "T", "Q", (), (), (curve, curve))
    assert [name for name, _ in named(section)] == ["over-time-event_study", "over-time-event_study-2"]


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ticks_hold_their_range_between_them_and_are_few(low: float, span: float) -> None:
    found = ticks(low, low + span)
    tolerance = 1e-6 * max(1.0, abs(low), span)
    assert found[0] <= low + tolerance
    assert found[-1] >= low + span - tolerance
    assert 2 <= len(found) <= 8
    assert found == sorted(found)


def test_stretches_between_gaps() -> None:
    assert unbroken((1, 2, 3, 4), (1.0, None, 2.0, float("nan"))) == [[(1, 1.0)], [(3, 2.0)]]


@pytest.mark.parametrize(("place", "mark"), [(0, "a"), (25, "z"), (26, "aa"), (27, "ab")])
def test_marks_of_notes_are_letters(place: int, mark: str) -> None:
    assert letter(place) == mark
