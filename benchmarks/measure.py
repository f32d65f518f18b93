"""Measuring in turns: A B A B in one process, CPU seconds, medians, and the median of the ratios of each round.

A shared machine slows down and speeds up by the minute. What stands side by side in one round met the same minute, so
the median of the rounds' ratios says more than the ratio of two medians.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass
class Measured:
    """CPU seconds and answers of one contestant, one entry per round."""

    seconds: list[float] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.seconds)


def cpu_seconds(task: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process (all its threads) that the task took, and what it returned."""
    before = time.process_time()
    answer = task()
    return time.process_time() - before, answer


def in_turns(contestants: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, Measured]:
    """Everybody ran once to warm up, then `rounds` times in turns, in the order given."""
    measured = {name: Measured() for name in contestants}
    for task in contestants.values():
        task()
    for _ in range(rounds):
        for name, task in contestants.items():
            seconds, answer = cpu_seconds(task)
            measured[name].seconds.append(seconds)
            measured[name].answers.append(answer)
    return measured


def ratio(slow: Measured, fast: Measured) -> float:
    """How many times the CPU seconds of `fast` those of `slow` are: the median over rounds."""
    return median(a / b for a, b in zip(slow.seconds, fast.seconds, strict=True))


@dataclass(frozen=True)
class Spent:
    """What a process and everybody it started and waited for took."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int  # of the largest one
    output: str


def in_its_own_process(command: Sequence[str], **environment: str) -> Spent:
    """The command ran to its end, with the environment changed as given; an error of it is raised."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen([*command], env={**os.environ, **environment}, stdout=output)  # noqa: S603  our own commands
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        output.seek(0)
        text = output.read()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command, text)
    unit = 1 if sys.platform == "darwin" else 1024
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, text)
