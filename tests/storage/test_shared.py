"""Work that many ask for is done once for all who asked before it began, and never passes for done when it was not."""

from __future__ import annotations

import threading

import pytest

from commonbeat.errors import FailureError
from commonbeat.storage.shared import Shared

PATIENCE = 240  # seconds, on busy cores


class Work:
    """Work whose first turn waits until it is let go."""

    def __init__(self, *outcomes: BaseException | None) -> None:
        self.outcomes = list(outcomes)
        self.turns = 0
        self.under_way, self.let_go = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.turns += 1
        self.under_way.set()
        assert self.let_go.wait(PATIENCE)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome


def asked_by(shared: Shared, came: list, count: int = 1) -> list[threading.Thread]:
    def one() -> None:
        try:
            came.append(shared.ask())
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            came.append(error)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def while_one_is_under_way(work: Work, count: int) -> tuple[list, list]:
    """What came of the first who asked, and of those who asked while the first one's work was under way."""
    shared, first, others = Shared(work), [], []
    threads = asked_by(shared, first)
    assert work.under_way.wait(PATIENCE)
    threads += asked_by(shared, others, count)
    while len(shared._news._waiters) < count:  # type: ignore[attr-defined]
        threading.Event().wait(0.005)
    work.let_go.set()
    for thread in threads:
        thread.join(PATIENCE)
    return first, others


def test_those_who_ask_meanwhile_share_the_next_turn() -> None:
    work = Work()
    first, others = while_one_is_under_way(work, 12)
    assert (first, others) == ([None], [None] * 12)
    assert work.turns == 2


def test_whoever_shares_a_turn_that_fails_hears_of_it() -> None:
    work = Work(None, FailureError("held"))
    first, others = while_one_is_under_way(work, 5)
    assert first == [None]
    assert [str(each) for each in others] == ["held"] * 5
    assert work.turns == 2


def test_a_turn_that_fails_is_not_what_the_next_ones_asked_for() -> None:
    work = Work(FailureError("held"))
    first, others = while_one_is_under_way(work, 5)
    assert isinstance(first[0], FailureError)
    assert others == [None] * 5


def test_where_it_is_cut_off_another_one_begins_anew() -> None:
    work = Work(None, KeyboardInterrupt())
    first, others = while_one_is_under_way(work, 4)
    assert first == [None]
    assert sum(isinstance(each, KeyboardInterrupt) for each in others) == 1
    assert others.count(None) == 3
    assert work.turns == 3


def test_one_after_another_each_has_a_turn() -> None:
    work = Work()
    work.let_go.set()
    shared = Shared(work)
    for _ in range(3):
        shared.ask()
    assert work.turns == 3
    work.outcomes.append(FailureError("held"))
    with pytest.raises(FailureError):
        shared.ask()
    shared.ask()
