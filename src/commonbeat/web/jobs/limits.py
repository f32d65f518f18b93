"""What a worker may take of the machine, so that a page answers while a year is simulated, and a file that somebody uploaded cannot take all."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.errors import FailureError

if TYPE_CHECKING:
    from types import FrameType

MEMORY_FLOOR_BYTES: Final = 16 << 30  # address space, most of which a mapped society and a compiler never touch
FIRST_TO_GO: Final = "500"  # of 1000: when memory runs out, the kernel ends this worker rather than the server
SECONDS_TO_TELL: Final = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What a kind of work may take. memory_bytes: of address space, None for twice the machine's; processor_s: None for as long as it takes."""

    niceness: int
    file_bytes: int
    memory_bytes: int | None = None
    processor_s: int | None = None


LONG: Final = Limits(niceness=5, file_bytes=32 << 30)
AWAITED: Final = Limits(niceness=0, file_bytes=32 << 30)
"""Somebody waits for it at the screen."""
UPLOADED: Final = Limits(niceness=0, file_bytes=512 << 20, memory_bytes=8 << 30, processor_s=900)
"""It reads a file that somebody uploaded."""


def settle(limits: Limits) -> None:
    """This process leaves no core file and stays within the limits; where its time is up, FailureError is raised in it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower(resource.RLIMIT_AS, limits.memory_bytes or max(MEMORY_FLOOR_BYTES, 2 * memory))
    if limits.processor_s is not None:
        signal.signal(signal.SIGXCPU, _time_is_up)
        _lower(resource.RLIMIT_CPU, limits.processor_s, limits.processor_s + SECONDS_TO_TELL)
    os.nice(limits.niceness)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO, encoding="ascii")


def _time_is_up(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)  # it comes again every second, and the outcome has to be written
    raise FailureError("This took more time than work on an uploaded file may take. Use the command line for it.")


def _lower(which: int, value: int, most: int | None = None) -> None:
    """The limit is `value`, or what it was when that is less. most: what it can be raised to, where that is more."""
    soft, hard = resource.getrlimit(which)
    wanted = min([value, *(each for each in (soft, hard) if each != resource.RLIM_INFINITY)])
    most = value if most is None else most
    resource.setrlimit(which, (wanted, max(wanted, most) if hard == resource.RLIM_INFINITY else min(hard, most)))
