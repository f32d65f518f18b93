"""The process that decodes: it bounds itself, does one job, answers on standard output, and ends.

It runs as `python -m commonbeat.record.video.decode.child`. Whatever a hostile file makes of a decoder stays in here:
this process has no core dumps, cannot write a file, has a bound on memory and processor time, and is ended by its
parent when it goes quiet.
"""

from __future__ import annotations

import contextlib
import resource
import sys

from commonbeat.record.video.decode.messages import UNREADABLE, Job, RefusedHereError, answer, unpacked


def main() -> int:
    """One job was done or refused, and the last line says which."""
    job = unpacked(sys.stdin.buffer.readline())
    bound(job)
    try:
        work(job)
    except RefusedHereError as refusal:
        answer("refused", rule=refusal.rule, way_out=refusal.way_out)
    except MemoryError:
        answer("memory")
    except BrokenPipeError:
        return 0  # nobody listens any more
    except Exception as error:  # noqa: BLE001  # a decoder may raise anything, and each of it becomes words
        words = getattr(error, "strerror", None) or str(error) or type(error).__name__
        answer("memory") if "memory" in words.lower() else answer("refused", rule=f"{UNREADABLE} ({words})", way_out="")
    return 0


def bound(job: Job) -> None:
    """The process has its limits; systems that lack one of them keep the others."""
    sizes = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_AS: (job.memory_bytes, job.memory_bytes),
    }
    for kind, size in sizes.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, size)
    renew(job)


def renew(job: Job) -> None:
    """The process may use another `processor_s` of processor time from here on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + job.processor_s
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def work(job: Job) -> None:
    """The job is done by the module for it."""
    if job.task == "probe":
        from commonbeat.record.video.decode.child_probe import look
    elif job.task == "pictures":
        from commonbeat.record.video.decode.child_pictures import show as look
    else:
        from commonbeat.record.video.decode.child_sound import play as look
    look(job, lambda: renew(job))


if __name__ == "__main__":
    sys.exit(main())
