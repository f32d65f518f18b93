"""The command line: words in, words out. Everything that it does is a call to a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]


def run(arguments: Sequence[str]) -> int:
    """The command has run; returned is its exit code: 0, 1 for a failure, 2 for input that can be mended."""
    from commonbeat.cli.outcome import exit_code_of

    return exit_code_of(list(arguments))
