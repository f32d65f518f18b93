"""Whoever is told how a long piece of work goes on."""

from __future__ import annotations

from typing import Protocol


class Narrator(Protocol):
    """Something that can show words and progress; the work does not know what it is."""

    def says(self, text: str) -> None:
        """One thing has happened that a person may want to know."""

    def progress(self, done: int, total: int) -> None:
        """`done` of `total` draws are safe."""


class Silence:
    """A narrator for scripts and tests, who tells nobody."""

    def says(self, text: str) -> None:
        """Nothing is shown."""

    def progress(self, done: int, total: int) -> None:
        """Nothing is shown."""
