"""Work items carried out on processes and handed back as they finish, in any order.

What an item gives depends on the item alone, so neither the number of workers nor the order in which they finish changes
anything. With one worker the work is done in this process.
"""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.context import BaseContext

Place = TypeVar("Place")
Item = TypeVar("Item")
Result = TypeVar("Result")
_WORKER: dict[str, Any] = {}


def run_on_workers(
    prepare: Callable[[], Place],
    work: Callable[[Place, Item], Result],
    items: Iterable[Item],
    keep: Callable[[Item, Result], None],
    *,
    workers: int,
) -> None:
    """Every item has been worked on and `keep` was called with it and its result.

    prepare: makes, once per process, the place where the work is done; work: the work itself. Both are functions of a module, or
    `functools.partial` of one, so that another process can find them. Ctrl-C reaches the caller as KeyboardInterrupt after the work
    under way has been given up; what was kept is whole.
    """
    waiting = list(items)
    if workers <= 1:
        place = prepare()
        for item in waiting:
            keep(item, work(place, item))
        return
    if not waiting:
        return
    pool = ProcessPoolExecutor(
        min(workers, len(waiting)),
        mp_context=_clean_processes(work.__module__),
        initializer=_start_worker,
        initargs=(prepare, work),
    )
    try:
        _drain(pool, waiting, keep)
    except BaseException:
        _give_up(pool)
        raise
    pool.shutdown()


def _start_worker(prepare: Callable[[], Any], work: Callable[[Any, Any], Any]) -> None:
    # Ctrl-C reaches every process of a terminal; the one in charge decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _WORKER["place"], _WORKER["work"] = prepare(), work


def _work(item: Any) -> Any:
    return _WORKER["work"](_WORKER["place"], item)


def _clean_processes(preload: str) -> BaseContext:
    """Workers that start from a process without threads: a copy of this one might inherit a lock that is held."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload])
    return context


def _drain(pool: ProcessPoolExecutor, items: list[Any], keep: Callable[[Any, Any], None]) -> None:
    item_of = {pool.submit(_work, item): item for item in items}
    running = set(item_of)
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            # Popped, so that a result is not held twice while the rest is under way.
            keep(item_of.pop(future), future.result())


def _give_up(pool: ProcessPoolExecutor) -> None:
    """Nothing more is started and the workers end now: their work is repeated when the caller goes on."""
    # The pool has no public way to stop at once.
    processes, results = list((pool._processes or {}).values()), pool._result_queue  # noqa: SLF001
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    # A worker may have ended in the middle of a message: with this end closed, who waits for the rest meets the end.
    results._writer.close()  # noqa: SLF001  # pyright: ignore[reportAttributeAccessIssue]
