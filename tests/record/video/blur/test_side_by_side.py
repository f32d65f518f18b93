"""Work side by side: in order, never far ahead, with errors passed on, and with an end even when the work has none."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from commonbeat.errors import FailureError
from commonbeat.record.video.blur import side_by_side as module
from commonbeat.record.video.blur.side_by_side import side_by_side


def test_results_come_in_the_order_of_the_items_whoever_is_quicker() -> None:
    def slow_when_even(item: int) -> int:
        time.sleep(0.01 if item % 2 == 0 else 0)
        return item * item

    got = list(side_by_side(range(30), slow_when_even, threads=3, ahead=5))
    assert got == [(item, item * item) for item in range(30)]


def test_two_pieces_of_work_really_go_on_at_once() -> None:
    meeting = threading.Barrier(2)

    def meets(_item: int) -> None:
        meeting.wait(240)  # alone, it would break

    assert len(list(side_by_side(range(6), meets, threads=2, ahead=3))) == 6


def test_no_more_items_are_asked_for_than_may_wait() -> None:
    asked = []

    def items() -> Iterator[int]:
        for item in range(50):
            asked.append(item)
            yield item

    for handed_on, _ in side_by_side(items(), lambda item: item, threads=2, ahead=4):
        assert len(asked) <= handed_on + 1 + 4


def test_an_error_of_the_work_reaches_whoever_asked_and_the_threads_end() -> None:
    def breaks_at_three(item: int) -> int:
        if item == 3:
            raise KeyError(item)
        return item

    before = set(threading.enumerate())
    got = []
    with pytest.raises(KeyError):
        got.extend(each for each, _ in side_by_side(range(100), breaks_at_three, threads=2, ahead=2))
    assert set(threading.enumerate()) <= before  # those of earlier tests may end meanwhile


def test_a_time_limit_inside_the_work_is_not_taken_for_ours() -> None:
    def late(_item: int) -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        list(side_by_side([1], late, threads=1, ahead=1))


def test_work_without_an_end_is_one_error_and_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    never, ended = threading.Event(), []
    monkeypatch.setattr(module, "ENDING_S", 600.0)

    def lasts(item: int) -> None:
        never.wait(600)
        ended.append(item)

    with pytest.raises(FailureError, match="without an end"):
        list(side_by_side(range(4), lasts, threads=2, ahead=2, patience_s=0.2))
    assert ended == []
    never.set()
