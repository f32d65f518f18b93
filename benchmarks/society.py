"""Building the default society, and opening it from its cache: CPU seconds and peak memory of a process of its own.

    python benchmarks/society.py [--rounds 3]

The build has its kernels compiled beforehand (see compile.py for what that costs). Starting Python and importing is in
every figure, and stands in the first two lines on its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from statistics import median

from measure import Spent, in_its_own_process

IMPORT = "import commonbeat.society"
IMPORT_BUILD = "import commonbeat.society.minneapolis, commonbeat.kernels.csr, commonbeat.kernels.wiring, scipy.special"
BUILD = "from commonbeat.society import build_minneapolis as build; build()"
OPEN = "from commonbeat.society import open_society; society = open_society('minneapolis')"
# Mapping memory reads nothing; this touches every page of the cached arrays, with the files still warm.
TOUCH = f"""{OPEN}
from commonbeat.society.cache import arrays_of
print(sum(int(array.view("u1").reshape(-1)[::4096].sum()) for array in arrays_of(society).values()))"""


def spent(code: str, rounds: int, **environment: str) -> list[Spent]:
    return [in_its_own_process([sys.executable, "-c", code], **environment) for _ in range(rounds)]


def main() -> None:
    arguments = argparse.ArgumentParser(description="The default society: build, and open from the cache.")
    arguments.add_argument("--rounds", type=int, default=3)
    rounds = arguments.parse_args().rounds
    with tempfile.TemporaryDirectory() as cache:
        environment = {"COMMONBEAT_CACHE": cache}
        spent(OPEN, 1, **environment)  # compiles what is not compiled yet, and fills the cache
        print(f"{rounds} rounds, medians{'':19}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}")
        for name, code in (
            ("start and import, to open", IMPORT),
            ("start and import, to build", IMPORT_BUILD),
            ("build", BUILD),
            ("open from the cache", OPEN),
            ("open, every page touched once", TOUCH),
        ):
            show(name, spent(code, rounds, **environment))


def show(name: str, rounds: list[Spent]) -> None:
    cpu, wall = median(one.cpu_seconds for one in rounds), median(one.wall_seconds for one in rounds)
    print(f"{name:34}{cpu:8.2f}{wall:8.2f}{max(one.peak_bytes for one in rounds) / 1e6:9.0f}")


if __name__ == "__main__":
    main()
