"""Work that somebody waits for: it has a lane, bounds, and a worker that was ready before it was asked for."""

from __future__ import annotations

import io
import subprocess
import sys
import time

import pytest
from sqlalchemy import select

from commonbeat.storage.tables_web import jobs
from commonbeat.web.estimate.asked import ask_for_estimate
from commonbeat.web.estimate.kept_data import keep_data
from commonbeat.web.filling.sent import Sent
from commonbeat.web.jobs import spare
from commonbeat.web.jobs.keeper import JobKeeper
from commonbeat.web.jobs.processes import marked
from commonbeat.workflows import web_jobs
from tests.web.jobs.keepers import kept
from tests.web.jobs.work import PATIENCE_SECONDS, ask, ended, row, until

pytestmark = pytest.mark.slow
DATA = "\n".join(["visited,trust", *(f"{each % 2},{3 + each % 7 / 3 + each % 2}" for each in range(80))])
FIELDS = {"outcome": ("trust",), "treatment": ("visited",)}
USES = """
import sys
from commonbeat.errors import FailureError
from commonbeat.web.jobs.limits import Limits, settle
settle(Limits(niceness=0, file_bytes=1 << 20, memory_bytes=2 << 30, processor_s=1))
try:
    held = bytearray(int(sys.argv[1]))
    while True:
        pass
except (FailureError, MemoryError) as error:
    print(type(error).__name__)
"""


@pytest.fixture
def keeper(tmp_path):
    with kept(tmp_path) as keeper:
        yield keeper
        keeper.close()


def made_ready(keeper: JobKeeper) -> subprocess.Popen[bytes]:
    """The spare worker that a keeper at work has started because a page said so."""
    keeper.begin()
    keeper.expect()
    end = time.monotonic() + PATIENCE_SECONDS
    while not keeper._spare.mark() and time.monotonic() < end:
        time.sleep(0.05)
    assert keeper._spare._process is not None
    return keeper._spare._process


def estimate(keeper: JobKeeper) -> web_jobs.JobRow:
    data = keep_data(keeper.project, io.BytesIO(DATA.encode()), "visits.csv", "")
    return ask_for_estimate(keeper, data, Sent(FIELDS), "ada")


def process_of(keeper: JobKeeper, number: int) -> int | None:
    with keeper.store.reading() as connection:
        return connection.execute(select(jobs.c.process).where(jobs.c.number == number)).scalar_one()


def test_a_year_that_is_simulated_keeps_nobody_from_an_estimate(keeper) -> None:
    first, second = ask(keeper, draws=400), ask(keeper, draws=400)
    third = estimate(keeper)
    assert (third.lane, third.folder) == ("quick", "estimates/visits-3")
    done = until(keeper, third.number, ended)
    assert (done.state, done.message) == ("finished", "The estimate is finished.")
    assert (keeper.project / done.folder / "report.html").is_file()
    assert not (keeper.folder(done.number).path / "draft").exists()
    assert (row(keeper, first.number).state, row(keeper, second.number).state) == ("running", "waiting")


def test_the_worker_that_was_made_ready_takes_the_next_quick_job_and_no_long_one(keeper) -> None:
    ready = made_ready(keeper)
    assert marked(keeper._spare.mark()) == [ready.pid]
    long = ask(keeper)
    until(keeper, long.number, lambda job: job.state != "waiting")
    assert process_of(keeper, long.number) != ready.pid
    quick = estimate(keeper)
    until(keeper, quick.number, lambda job: process_of(keeper, job.number) is not None)  # and it may have ended by now
    assert process_of(keeper, quick.number) == ready.pid
    assert keeper._spare.mark() == ""
    assert until(keeper, quick.number, ended).state == "finished"
    assert "The estimate begins" in keeper.folder(quick.number).log()
    until(keeper, long.number, ended)


def test_work_that_begins_before_a_spare_is_there_gets_no_rival(keeper, monkeypatch) -> None:
    keeper._spare.want()
    job = estimate(keeper)
    keeper.look()
    assert row(keeper, job.number).state == "running"
    monkeypatch.setattr(spare, "PASSING_SECONDS", -1.0)
    keeper.look()
    assert keeper._spare._process is None


def test_a_spare_that_is_gone_is_made_up_for(keeper) -> None:
    ready = made_ready(keeper)
    ready.kill()
    ready.wait(PATIENCE_SECONDS)
    job = estimate(keeper)
    assert until(keeper, job.number, ended).state == "finished"


def test_a_spare_is_there_for_whoever_stays_on_a_page_and_not_for_ever(keeper, monkeypatch) -> None:
    waiting = keeper._spare
    keeper.expect()
    waiting.look()
    assert not waiting._is_wanted  # nobody looks after jobs here
    waiting.want()
    waiting.look()
    assert waiting._process is None  # whoever wants it may only pass by
    monkeypatch.setattr(spare, "PASSING_SECONDS", -1.0)
    waiting.look()
    ready = waiting._process
    waiting.want()
    waiting.look()
    assert waiting._process is ready  # one is enough
    monkeypatch.setattr(spare, "IDLE_SECONDS", -1.0)
    waiting.look()
    assert ready.wait(PATIENCE_SECONDS) != 0
    assert waiting._process is None


def test_the_spare_of_a_server_that_was_killed_ends_by_itself(keeper, monkeypatch) -> None:
    monkeypatch.setattr(spare, "PASSING_SECONDS", -1.0)
    keeper._spare.want()
    keeper._spare.look()
    orphan, keeper._spare._process = keeper._spare._process, None
    orphan.stdin.close()  # as the kernel does
    assert orphan.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(("wanted", "told"), [(1 << 20, "FailureError"), (4 << 30, "MemoryError")])
def test_work_on_an_uploaded_file_takes_no_more_than_it_may(wanted: int, told: str) -> None:
    command = [sys.executable, "-c", USES, str(wanted)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.stdout == f"{told}\n", done.stderr


def test_a_worker_that_was_ended_before_it_put_its_result_in_place_begins_anew(keeper) -> None:
    job = estimate(keeper)
    draft = keeper.folder(job.number).path / "draft"
    draft.mkdir()
    (draft / "report.html").write_text("half of a report")
    done = until(keeper, job.number, ended)
    assert done.state == "finished", done.message
    assert "half of a report" not in (keeper.project / done.folder / "report.html").read_text()


def test_the_end_of_a_worker_is_heard_at_once(keeper, monkeypatch) -> None:
    monkeypatch.setattr("commonbeat.web.jobs.keeper.SECONDS_BETWEEN_LOOKS", 3_600.0)
    job = estimate(keeper)
    keeper.begin()
    end = time.monotonic() + PATIENCE_SECONDS
    while not ended(row(keeper, job.number)) and time.monotonic() < end:
        time.sleep(0.1)
    assert row(keeper, job.number).state == "finished"
