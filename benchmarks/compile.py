"""Compiling every kernel from nothing, and loading them from Numba's cache, in processes of their own.

    python benchmarks/compile.py [--rounds 3]

The work that makes the kernels compile is small: the invented small society is built, the shipped dance-off runs once
on it, and one independent cascade. The difference between cold and warm is what compiling costs. Kernels of the package
that this work did not touch are named, so that the figure cannot be made to look good by leaving some out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from statistics import median

from measure import Spent, in_its_own_process

WORK = """
import importlib, pkgutil, time
began = time.process_time()
import numba.core.event as event
times, running = {}, []

class Listener(event.Listener):
    # Compiling a kernel compiles the kernels that it calls: the inner time is taken from the outer.
    def on_start(self, this):
        running.append([this.data["dispatcher"].py_func, time.process_time(), 0.0])
    def on_end(self, this):
        function, start, inner = running.pop()
        whole = time.process_time() - start
        name = f"{function.__module__}.{function.__name__}"
        times[name] = times.get(name, 0.0) + whole - inner
        if running:
            running[-1][2] += whole

event.register("numba:compile", Listener())
import numpy as np
import commonbeat.kernels
for module in pkgutil.iter_modules(commonbeat.kernels.__path__):
    importlib.import_module(f"commonbeat.kernels.{module.name}")
from commonbeat.scenario import shipped
from commonbeat.simulate.ensemble import Task, plan_draws, run_ensemble
from commonbeat.society import Ties
from commonbeat.spread.independent import cascade_sizes
scenario = shipped("dance-off").model_copy(update={"days": 30, "checkpoints": (7, 30), "society": "small"})
run_ensemble(Task(scenario, "small", None, "exposures"), plan_draws(1), lambda result: None, workers=1)
cascade_sizes(Ties(np.array([0, 1, 1]), np.array([1])), 0.5, [0], seed=1, cascades=[0])
from numba.core.dispatcher import Dispatcher
for module in pkgutil.iter_modules(commonbeat.kernels.__path__):
    for name, thing in vars(importlib.import_module(f"commonbeat.kernels.{module.name}")).items():
        if isinstance(thing, Dispatcher) and thing.__module__.endswith(f".{module.name}"):
            print("signatures", len(thing.signatures), f"{module.name}.{name}")
print("seconds", sum(times.values()), "compiling")
for name in sorted(times, key=times.get, reverse=True):
    print("kernel", times[name], name)
"""


def rows(spent: Spent, what: str) -> list[tuple[float, str]]:
    found = (line.split(maxsplit=2) for line in spent.output.splitlines())
    return [(float(number), name) for kind, number, name in found if kind == what]


def main() -> None:
    arguments = argparse.ArgumentParser(description="Compiling all kernels, cold and warm.")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--kernels", type=int, default=12, help="how many of the dearest to name")
    chosen = arguments.parse_args()
    cold, warm = [], []
    for _ in range(chosen.rounds):
        with tempfile.TemporaryDirectory() as cache:
            for into in (cold, warm):
                into.append(in_its_own_process([sys.executable, "-c", WORK], NUMBA_CACHE_DIR=cache))
    print(f"{chosen.rounds} rounds, CPU seconds, medians; importing and a small run are in both")
    print(f"cold {median(one.cpu_seconds for one in cold):6.2f}")
    print(f"warm {median(one.cpu_seconds for one in warm):6.2f}")
    print(f"compiling {median(a.cpu_seconds - b.cpu_seconds for a, b in zip(cold, warm, strict=True)):6.2f}")
    print("dearest, each without those that it calls (last round):")
    for seconds, name in rows(cold[-1], "kernel")[: chosen.kernels]:
        print(f"  {seconds:6.2f}  {name}")
    signatures = rows(cold[-1], "signatures")
    print(f"compiled more than once: {', '.join(name for number, name in signatures if number > 1) or 'none'}")
    print(f"not reached by this work: {', '.join(name for number, name in signatures if number == 0) or 'none'}")


if __name__ == "__main__":
    main()
