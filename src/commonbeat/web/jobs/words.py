"""The states of a job in words that a person can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.web.jobs.kinds import KINDS

if TYPE_CHECKING:
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


def title_of(job: JobRow) -> str:
    """What the job is called: its own title, or that of its kind."""
    given = job.arguments.get("title")
    return str(given) if given else kind_of(job)


def kind_of(job: JobRow) -> str:
    """The title of its kind, also where a later version made it."""
    return KINDS[job.kind].title if job.kind in KINDS else job.kind


def counted(job: JobRow) -> str:
    """What its progress counts."""
    return KINDS[job.kind].counted if job.kind in KINDS else "steps"


def told(job: JobRow) -> str:
    """What is read aloud when it changes: the state, and while it runs each quarter, not each step."""
    words = f"{kind_of(job)} {STATES.get(job.state, job.state)}"
    quarter = 4 * job.done // job.total if job.total and job.state == "running" else 0
    return f"{words}; {QUARTERS[min(quarter, 4)]} is safe." if quarter else f"{words}."
