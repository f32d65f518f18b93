"""A job's own process: reads its order, does the work as the command line would, and says how it ended.

python -m commonbeat.web.jobs.worker FOLDER     works on the order in the folder
python -m commonbeat.web.jobs.worker            loads what quick jobs need, then reads the folder from standard input
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Final

from commonbeat.errors import CommonBeatError, InputError, InterruptedRunError
from commonbeat.web.jobs.folder import LOG, JobFolder, Outcome, Progress
from commonbeat.web.jobs.kinds import KINDS
from commonbeat.web.jobs.limits import settle

SECONDS_BETWEEN_COUNTS: Final = 0.3
ALREADY_WORKING: Final = 3
NOTHING_TO_DO: Final = 0
LOADED: Final = (
    "commonbeat.workflows.estimate_analysis",
    "commonbeat.workflows.listen_results_data",
    "commonbeat.estimate.prepare",
    "commonbeat.listen.results.response",
    "commonbeat.report.study",
    "commonbeat.report.listening",
)
"""What quick jobs spend most of their first seconds on."""
EXIT_CODES: Final = {"finished": 0, "failed": 1, "stopped": 130}


class Teller:
    """A narrator whose lines go to the job's log and whose counts go to its folder."""

    def __init__(self, folder: JobFolder) -> None:
        """Nothing has been told."""
        self._folder = folder
        self._told_at = 0.0
        self._first: tuple[int, float] | None = None

    def says(self, text: str) -> None:
        """The line stands in the log, with the time of day."""
        print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)  # noqa: T201 - standard output is the log

    def progress(self, done: int, total: int) -> None:
        """The count stands in the folder; quick steps are told a few times a second, the last one always."""
        now = time.monotonic()
        if self._first is None and done:
            self._first = (done, time.time())
        if done >= total or now - self._told_at >= SECONDS_BETWEEN_COUNTS:
            self._told_at = now
            first, since = self._first or (0, time.time())
            self._folder.write_progress(Progress(done, total, first, since, time.time()))


def main(arguments: list[str]) -> int:
    """The order in the folder was carried out or not, the outcome stands beside it, and the exit code tells which."""
    # A server that was started in the background of a shell hands on that Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    place = arguments[0] if arguments else place_that_comes()
    if not place:
        return NOTHING_TO_DO
    folder = JobFolder(Path(place))
    try:
        folder.hold()
    except BlockingIOError:
        return ALREADY_WORKING
    teller = Teller(folder)
    outcome = carry_out(folder, teller)
    teller.says(outcome.message)
    folder.write_outcome(outcome)
    return EXIT_CODES[outcome.state]


def place_that_comes() -> str:
    """The folder that the server names on standard input, once everything is loaded; from then on what is said goes to its log. "" when the server ends."""
    from commonbeat.workflows.kernel_cache import prepare_kernel_cache

    prepare_kernel_cache()
    for name in LOADED:
        importlib.import_module(name)
    place = sys.stdin.readline().rstrip("\n")
    if place:
        log = os.open(Path(place) / LOG, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o644)
        for each in (sys.stdout, sys.stderr):
            os.dup2(log, each.fileno())
    return place


def carry_out(folder: JobFolder, teller: Teller) -> Outcome:
    """The work was done, and the outcome says where its result is or why there is none."""
    from commonbeat.workflows.kernel_cache import prepare_kernel_cache

    try:
        prepare_kernel_cache()
        order = folder.order()
        kind = KINDS[order.kind]
        settle(kind.limits)
        teller.says(f"{kind.title} begins")
        result = kind.work(order, folder.path, teller)
    except InputError as error:
        told = [(each.place, _shown(each.value), each.rule, each.way_out) for each in error.mistakes]
        return Outcome("failed", error.heading, mistakes=tuple(told))
    except InterruptedRunError as error:
        return Outcome("stopped", str(error))
    except KeyboardInterrupt:
        return Outcome(
            "stopped", _kept(folder) if KINDS[folder.order().kind].counted else "Stopped: nothing of it is kept."
        )
    except CommonBeatError as error:
        return Outcome("failed", str(error))
    except MemoryError:
        return Outcome(
            "failed", "Memory ran out. Ask for less at once, or close other programs; what was finished is kept."
        )
    except Exception as error:  # noqa: BLE001 - a mistake of ours, told in the log with everything that helps to find it
        traceback.print_exc()
        return Outcome("failed", f"Something unforeseen went wrong ({type(error).__name__}); the log has the details.")
    return Outcome("finished", f"{kind.title} is finished.", str(result))


def _kept(folder: JobFolder) -> str:
    """What a stop has kept, in words."""
    found = folder.progress()
    if found is None:
        return "Stopped before anything was finished."
    kept = f"{found.done} of {found.total} steps are kept" if found.done else "the first step was not finished"
    return f"Stopped: {kept}."


def _shown(value: object) -> str:
    return "" if value is None else repr(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
