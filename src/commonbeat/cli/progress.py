"""A narrator who speaks on standard error: lines, and a bar for the draws."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.progress import Progress


class Bar:
    """Lines, and below them a bar that counts finished draws."""

    def __init__(self, console: Console) -> None:
        """Nothing has been said yet, and no bar stands."""
        self._console = console
        self._bar: Progress | None = None

    def says(self, text: str) -> None:
        """The line stands above the bar."""
        self._console.print(text, markup=False, highlight=False)

    def progress(self, done: int, total: int) -> None:
        """The bar stands at `done` of `total`; it appears with the first call."""
        if self._bar is None:
            self._bar = _started(self._console, total)
        self._bar.update(self._bar.task_ids[0], completed=done)

    def ends(self) -> None:
        """Nothing moves on the screen any more."""
        if self._bar is not None:
            self._bar.stop()


def _started(console: Console, total: int) -> Progress:
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
    bar.add_task("draws", total=total)
    bar.start()
    return bar


@contextmanager
def narrated() -> Iterator[Bar]:
    """Inside the block, a narrator who shows progress on standard error; plain lines when that is no terminal."""
    from rich.console import Console

    bar = Bar(Console(stderr=True))
    try:
        yield bar
    finally:
        bar.ends()
