"""What a worker may take of the machine, so that a page answers while a year is simulated."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import Final

NICENESS: Final = 5
LARGEST_FILE_BYTES: Final = 32 << 30
MEMORY_FLOOR_BYTES: Final = 16 << 30  # address space, most of which a mapped society and a compiler never touch
FIRST_TO_GO: Final = "500"  # of 1000: when memory runs out, the kernel ends this worker rather than the server


def settle() -> None:
    """This process leaves no core file, writes no endless file, cannot map more than twice the memory, and stands back."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, LARGEST_FILE_BYTES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    _lower(resource.RLIMIT_AS, max(MEMORY_FLOOR_BYTES, 2 * memory))
    os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO, encoding="ascii")


def _lower(which: int, value: int) -> None:
    """The limit is `value`, or what it was when that is less."""
    soft, hard = resource.getrlimit(which)
    wanted = min([value, *(each for each in (soft, hard) if each != resource.RLIM_INFINITY)])
    resource.setrlimit(which, (wanted, wanted if hard == resource.RLIM_INFINITY else min(hard, value)))
