"""A narrator who speaks on standard error: lines, and a bar for the draws."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from rich.console import Console
    from rich.progress import Progress


LINES = 10  # of progress, where no bar can move


class Bar:
    """Lines, and below them a bar that counts finished draws."""

    def __init__(self, console: Console, counted: str) -> None:
        """Nothing has been said yet, and no bar stands. counted: what the bar counts."""
        self._console = console
        self._counted = counted
        self._bar: Progress | None = None
        self._told = 0

    def says(self, text: str) -> None:
        """The line stands above the bar; it is wrapped by a terminal only."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=not self._console.is_terminal)

    def progress(self, done: int, total: int) -> None:
        """The bar stands at `done` of `total`; it appears with the first call. Without a terminal, each tenth is a line."""
        if not self._console.is_terminal:
            if done * LINES // total > self._told:
                self._told = done * LINES // total
                self.says(f"{done} of {total} {self._counted} are done")
            return
        if self._bar is None:
            self._bar = _started(self._console, self._counted, total)
        self._bar.update(self._bar.task_ids[0], completed=done)

    def ends(self) -> None:
        """Nothing moves on the screen any more."""
        if self._bar is not None:
            self._bar.stop()


def _started(console: Console, counted: str, total: int) -> Progress:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=console)
    bar.add_task(counted, total=total)
    bar.start()
    return bar


@contextmanager
def narrated(counted: str = "draws", *, farewell: str = "stopping; what is finished is kept") -> Iterator[Bar]:
    """Inside the block, a narrator who shows progress on standard error; plain lines when that is no terminal."""
    from rich.console import Console

    bar = Bar(Console(stderr=True), counted)
    try:
        with answered_at_once(bar, farewell):
            yield bar
    finally:
        bar.ends()


@contextmanager
def answered_at_once(bar: Bar, farewell: str) -> Iterator[None]:
    """Inside the block, Ctrl-C is answered by a line before anything else; workers may take seconds to end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        bar.says(farewell)
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
