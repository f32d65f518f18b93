"""The states of a job in words that a person can use, how long it may still take, and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.web.jobs.kinds import KINDS

if TYPE_CHECKING:
    from commonbeat.web.jobs.folder import Progress
    from commonbeat.workflows.web_jobs import JobRow

STATES: Final = {
    "waiting": "waits for its turn",
    "running": "is running",
    "stopping": "is stopping",
    "finished": "is finished",
    "stopped": "was stopped",
    "failed": "has failed",
}
QUARTERS: Final = ("", "a quarter of it", "half of it", "three quarters of it", "all of it")
FEWEST_STEPS: Final = 4  # from fewer a pace is a guess
SHORTEST_SECONDS: Final = 10.0


def title_of(job: JobRow) -> str:
    """What the job is called: its own title, or that of its kind."""
    given = job.arguments.get("title")
    return str(given) if given else kind_of(job)


def kind_of(job: JobRow) -> str:
    """The title of its kind, also where a later version made it."""
    return KINDS[job.kind].title if job.kind in KINDS else job.kind


def counted(job: JobRow) -> str:
    """What its progress counts; "" where it has no steps."""
    return KINDS[job.kind].counted if job.kind in KINDS else "steps"


def told(job: JobRow, left: str = "") -> str:
    """What is read aloud: the state, and while it runs how much is safe and how long the rest may take."""
    words = f"{kind_of(job)} {STATES.get(job.state, job.state)}"
    quarter = _quarter(job)
    how = "safe" if counted(job) else "done"
    return f"{words}; {QUARTERS[quarter]} is {how}{f', {left}' if left else ''}." if quarter else f"{words}."


def mark_of(job: JobRow) -> str:
    """Changes when something is to be read aloud: with the state, and with each quarter, not with each step."""
    return f"{job.state} {_quarter(job)}"


def left_of(job: JobRow, progress: Progress | None, now: float) -> str:
    """How long the rest takes if it goes on at the pace of this attempt; "" before there is one. now: seconds since 1970."""
    if progress is None or job.state != "running" or not counted(job) or progress.done >= progress.total:
        return ""
    steps, seconds = progress.done - progress.first, progress.at - progress.since
    if steps < FEWEST_STEPS or seconds < SHORTEST_SECONDS:
        return ""
    rest = seconds / steps * (progress.total - progress.done) - max(0.0, now - progress.at)
    return _spelt(rest)


def opens(job: JobRow) -> str:
    """The address of the job's result, where it is one that opens by itself; "" before it is finished."""
    address = KINDS[job.kind].opens if job.kind in KINDS and job.state == "finished" else ""
    return _filled(address, job)


def back(job: JobRow) -> tuple[str, str] | None:
    """(address, words) of where the same can be asked for anew with changes."""
    found = KINDS[job.kind].back if job.kind in KINDS else None
    return None if found is None else (_filled(found[0], job), found[1])


def part_of(job: JobRow) -> str:
    """The address of the part of the app from which such work is asked for."""
    found = KINDS[job.kind].back if job.kind in KINDS else None
    return f"/{found[0].split('/')[1]}" if found else "/simulate"


def _filled(address: str, job: JobRow) -> str:
    name = job.folder.rpartition("/")[2]
    return address.format_map({**job.arguments, "number": job.number, "folder": job.folder, "name": name})


def _quarter(job: JobRow) -> int:
    return min(4 * job.done // job.total, 4) if job.total and job.state == "running" else 0


def _spelt(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 50:
        return "less than a minute left"
    if minutes < 90:
        return f"about {max(minutes, 1)} minute{'s' if minutes > 1 else ''} left"
    hours = round(minutes / 60)
    return f"about {hours} hour{'s' if hours > 1 else ''} left"
