"""A job's own process: reads its order, does the work as the command line would, and says how it ended.

python -m commonbeat.web.jobs.worker FOLDER
"""

from __future__ import annotations

import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Final

from commonbeat.errors import CommonBeatError, InputError, InterruptedRunError
from commonbeat.web.jobs.folder import JobFolder, Outcome
from commonbeat.web.jobs.kinds import KINDS
from commonbeat.web.jobs.limits import settle

SECONDS_BETWEEN_COUNTS: Final = 0.3
ALREADY_WORKING: Final = 3
EXIT_CODES: Final = {"finished": 0, "failed": 1, "stopped": 130}


class Teller:
    """A narrator whose lines go to the job's log and whose counts go to its folder."""

    def __init__(self, folder: JobFolder) -> None:
        """Nothing has been told."""
        self._folder = folder
        self._told_at = 0.0

    def says(self, text: str) -> None:
        """The line stands in the log, with the time of day."""
        print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)  # noqa: T201 - standard output is the log

    def progress(self, done: int, total: int) -> None:
        """The count stands in the folder; quick steps are told a few times a second, the last one always."""
        now = time.monotonic()
        if done >= total or now - self._told_at >= SECONDS_BETWEEN_COUNTS:
            self._told_at = now
            self._folder.write_progress(done, total)


def main(arguments: list[str]) -> int:
    """The order in the folder was carried out or not, the outcome stands beside it, and the exit code tells which."""
    # A server that was started in the background of a shell hands on that Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = JobFolder(Path(arguments[0]))
    try:
        folder.hold()
    except BlockingIOError:
        return ALREADY_WORKING
    settle()
    teller = Teller(folder)
    outcome = carry_out(folder, teller)
    teller.says(outcome.message)
    folder.write_outcome(outcome)
    return EXIT_CODES[outcome.state]


def carry_out(folder: JobFolder, teller: Teller) -> Outcome:
    """The work was done, and the outcome says where its result is or why there is none."""
    from commonbeat.workflows.kernel_cache import prepare_kernel_cache

    try:
        prepare_kernel_cache()
        order = folder.order()
        kind = KINDS[order.kind]
        teller.says(f"{kind.title} begins")
        result = kind.work(order, folder.path, teller)
    except InputError as error:
        told = [(each.place, _shown(each.value), each.rule, each.way_out) for each in error.mistakes]
        return Outcome("failed", error.heading, mistakes=tuple(told))
    except InterruptedRunError as error:
        return Outcome("stopped", str(error))
    except KeyboardInterrupt:
        done, total = folder.progress() or (0, 0)
        kept = f"{done} of {total} steps are kept" if done else "the first step was not finished"
        return Outcome("stopped", f"Stopped: {kept}.")
    except CommonBeatError as error:
        return Outcome("failed", str(error))
    except MemoryError:
        return Outcome(
            "failed", "Memory ran out. Ask for fewer draws, or close other programs; what was finished is kept."
        )
    except Exception as error:  # noqa: BLE001 - a mistake of ours, told in the log with everything that helps to find it
        traceback.print_exc()
        return Outcome("failed", f"Something unforeseen went wrong ({type(error).__name__}); the log has the details.")
    return Outcome("finished", f"{kind.title} is finished.", str(result))


def _shown(value: object) -> str:
    return "" if value is None else repr(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
