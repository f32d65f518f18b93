"""What is rounded tells nothing of one person more or less: looked for by the attacker, and by arithmetic on two reports."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from commonbeat.listen.results.shown import HIDDEN, ShownEffect, shown_figure
from commonbeat.listen.results.suppression import FEWEST, Tables, behind, nearest, protect, score_step, told_interval
from commonbeat.listen.results.suppression.attacker import Attacker
from commonbeat.report.listening import answer_sentences

GROUPS = some.lists(some.tuples(some.integers(10, 40), some.integers(0, 12)), min_size=2, max_size=5)


@given(some.integers(FEWEST, 10_000), some.sampled_from([5, 10, 20]))
def test_a_count_lies_within_what_is_behind_it(people: int, step: int) -> None:
    low, high = behind(nearest(people, step), step)
    assert low <= people <= high
    assert high - low >= min(step, 5) // 2


@given(some.integers(FEWEST, 100_000))
def test_a_step_is_at_least_what_one_person_moves(people: int) -> None:
    assert 100 / people <= score_step(people) * (1 + 1e-9)
    assert score_step(people) <= 2 * 100 / people * (1 + 1e-9)


def test_steps_are_as_they_would_be_by_hand() -> None:
    assert [score_step(people) for people in (10, 18, 23, 50, 98, 100, 101, 1000, 1001)] == [
        10,
        6,
        5,
        2,
        2,
        1,
        1,
        0.1,
        0.1,
    ]


@given(some.floats(0, 100), some.floats(0.1, 40), some.integers(FEWEST, 5_000))
def test_the_interval_that_is_told_is_no_narrower_and_its_ends_say_no_more_of_the_mean(
    mean: float, half: float, people: int
) -> None:
    step = score_step(people)
    middle, low, high = told_interval(mean, half, step)
    assert abs(middle - mean) <= step / 2 + 1e-6
    assert high - low >= 2 * half - 1e-6
    assert (low + high) / 2 == pytest.approx(middle), "else both ends together would tell the mean more finely"


@given(
    some.lists(some.sampled_from([0, 25, 50, 75, 100]), min_size=12, max_size=80),
    some.sampled_from([0, 25, 50, 75, 100]),
)
def test_two_reports_tell_at_most_on_which_side_of_the_mean_a_newcomer_lies(scores: list[int], newcomer: int) -> None:
    """The attacker knows everything but the answers: both figures, that one person came, and even how many there were."""
    reports = [np.array(scores, float), np.array([*scores, newcomer], float)]
    told = [shown_figure(each.mean(), each.mean() - 5, each.mean() + 5, each.size, 5) for each in reports]
    assert told[0].mean is not None
    assert told[1].mean is not None
    ends = [
        (len(scores) + 1) * (told[1].mean + sign * (told[1].step or 0) / 2)
        - len(scores) * (told[0].mean - sign * (told[0].step or 0) / 2)
        for sign in (-1, 1)
    ]
    assert ends[0] - 1e-6 <= newcomer <= ends[1] + 1e-6
    assert ends[1] - ends[0] >= 100
    if told[0] == told[1]:
        wide = (max(0.0, ends[0]), min(100.0, ends[1]))
        assert wide[1] - wide[0] >= 50 - 1e-6, "of figures that did not change, half the range and more is left"


def stages(groups: list[tuple[int, int]]) -> tuple[Tables, list[tuple[str, str]]]:
    """Two stages of a study by group: so many begun, so many of them lost."""
    tables, losses = Tables(), [("begun", "answered")]
    tables.add("begun", sum(begun for begun, _ in groups))
    tables.add("answered", sum(begun - min(lost, begun) for begun, lost in groups))
    for place, (begun, lost) in enumerate(groups):
        tables.add(f"begun {place}", begun)
        tables.add(f"answered {place}", begun - min(lost, begun))
        losses.append((f"begun {place}", f"answered {place}"))
    for stage in ("begun", "answered"):
        tables.add_sum(stage, [f"{stage} {place}" for place in range(len(groups))])
    return tables, losses


@settings(deadline=None, max_examples=40)
@given(GROUPS)
@example([(17, 5)] * 4)
@example([(15, 1), (15, 0), (30, 2)])
def test_how_few_were_lost_between_two_stages_is_not_to_be_worked_out(groups: list[tuple[int, int]]) -> None:
    tables, losses = stages(groups)
    found = protect(tables, losses)
    if found.step == 20:
        return  # the coarsest there is
    attacker = Attacker(tables, found.hidden, found.step)
    for first, second in losses:
        lost = tables.counts[first].people - tables.counts[second].people
        if {first, second} <= found.counts.keys() and 0 < lost < FEWEST:
            assert attacker.values(first, 3, less=second) >= 3, (first, groups, found)


def test_sums_that_pin_rounded_counts_are_told_more_coarsely() -> None:
    """Four times 17 are 68, which is told as 70, and four of at most 17 make no more; four times 12 are 48: exactly five were lost in each."""
    tables, losses = stages([(17, 5)] * 4)
    assert Attacker(tables, (), 5).values("begun 0", 3, less="answered 0") < 3
    assert protect(tables, losses).step > 5


def test_one_of_fifteen_who_did_not_answer_is_told_by_nothing() -> None:
    tables, losses = stages([(15, 1), (30, 0)])
    found = protect(tables, losses)
    assert found.people("begun 0") == found.people("answered 0") == 15


def test_figures_of_few_are_hidden_and_carry_nothing() -> None:
    assert shown_figure(50.0, 40.0, 60.0, 9, 5) == HIDDEN
    assert [HIDDEN.mean, HIDDEN.people, HIDDEN.step] == [None, None, None]
    told = [shown_figure(50.0, 40.0, 60.0, people, 5) for people in range(13, 18)]
    assert all(one == other for one, other in pairwise(told)), "13 to 17 people are told alike"


def test_an_interval_that_rounding_moves_off_zero_is_not_said_to_exclude_it() -> None:
    figure = shown_figure(12.6, -0.1, 25.3, 25, 5)
    assert figure.low is not None
    assert figure.low > 0
    effect = ShownEffect("trust", "trust", "C01", "first", "clip", "text", "open", figure)
    told = " ".join(answer_sentences([effect]))
    assert "excludes zero" not in told
    assert "includes zero" in told
