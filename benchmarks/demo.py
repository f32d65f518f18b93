"""`commonbeat demo` from cold caches: wall and CPU seconds, and the size of what it leaves.

    python benchmarks/demo.py [--draws 48] [--workers N]

Caches of kernels and of the society are empty, so compiling, building the city, burn-in and the report are all in it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from measure import in_its_own_process


def main() -> None:
    arguments = argparse.ArgumentParser(description="The demo from cold caches.")
    arguments.add_argument("--draws", type=int, default=48)
    arguments.add_argument("--workers", type=int, default=os.cpu_count())
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "commonbeat", "demo", "--json", "--draws", str(chosen.draws)]
        environment = {"NUMBA_CACHE_DIR": f"{folder}/kernels", "COMMONBEAT_CACHE": f"{folder}/societies"}
        print(f"{chosen.draws} draws of all arms, {chosen.workers} workers")
        for name in ("cold", "warm"):
            out = Path(folder) / name
            spent = in_its_own_process([*command, "--workers", str(chosen.workers), "--out", str(out)], **environment)
            size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
            print(
                f"{name} {spent.wall_seconds:7.1f} s wall {spent.cpu_seconds:7.1f} s CPU,"
                f" largest process {spent.peak_bytes / 1e6:.0f} MB, run folder {size / 1e6:.1f} MB,"
                f" report {(out / 'report.html').stat().st_size / 1e6:.2f} MB"
            )


if __name__ == "__main__":
    main()
