"""Several pieces of work at once, handed on in their order, with bounded patience.

The threads end with the process: one that never answers can keep neither the command nor Python from ending.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, TypeVar

from commonbeat.errors import FailureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PATIENCE_S: Final = 300.0
"""How long one piece of work may take: a thousand times what the slowest has taken."""
ENDING_S: Final = 20.0

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(
    items: Iterable[T], work: Callable[[T], R], *, threads: int, ahead: int, patience_s: float = PATIENCE_S
) -> Iterator[tuple[T, R]]:
    """Each item with what the work made of it, in the items' order; at most `ahead` items wait behind the one handed on.

    Raises what the work raises, and FailureError when a piece of work takes longer than `patience_s`.
    """
    jobs: queue.SimpleQueue[tuple[T, Future[R]] | None] = queue.SimpleQueue()
    team = [threading.Thread(target=_run, args=(jobs, work), daemon=True) for _ in range(threads)]
    for each in team:
        each.start()
    waiting: deque[tuple[T, Future[R]]] = deque()
    ending_s = ENDING_S
    try:
        for item in items:
            waiting.append((item, Future()))
            jobs.put(waiting[-1])
            if len(waiting) > ahead:
                yield _first(waiting, patience_s)
        while waiting:
            yield _first(waiting, patience_s)
    except FailureError:
        ending_s = 0.0  # whoever does not answer is not waited for again
        raise
    finally:
        for _, future in waiting:
            future.cancel()
        for _ in team:
            jobs.put(None)
        for each in team:
            each.join(ending_s)


def _first(waiting: deque[tuple[T, Future[R]]], patience_s: float) -> tuple[T, R]:
    item, future = waiting.popleft()
    try:
        return item, future.result(patience_s)
    except TimeoutError:
        if future.done():  # the work itself ran into a time limit
            raise
        raise FailureError(
            f"A picture was looked at for {patience_s:g} s without an end. Try the command again."
        ) from None


def _run(jobs: queue.SimpleQueue[tuple[T, Future[R]] | None], work: Callable[[T], R]) -> None:
    """One thread: job after job, until there is none for it."""
    while (job := jobs.get()) is not None:
        item, future = job
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(work(item))
        except BaseException as error:  # noqa: BLE001  # whatever it is, whoever waits must hear of it
            future.set_exception(error)
