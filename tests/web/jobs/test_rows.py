"""Jobs in the store, on both databases: each step is taken once, from the state that it needs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from commonbeat.errors import InputError
from commonbeat.storage import Store
from commonbeat.storage.log import broken, entries
from commonbeat.workflows import web_jobs


def added(store: Store, kind: str = "simulate") -> int:
    job = web_jobs.add_job(store, kind, {"title": "é"}, folder="runs/a-{number}", total=4, asked_by="ada")
    assert job.folder == f"runs/a-{job.number}"
    assert job.state == "stopped"  # its files are not written yet
    assert web_jobs.release_job(store, job.number)
    return job.number


def state(store: Store, number: int) -> str:
    found = web_jobs.find_job(store, number)
    assert found is not None
    return found.state


def test_quick_jobs_are_not_held_up_by_long_ones(both) -> None:
    long, quick, later = added(both), added(both, "estimate"), added(both, "results")
    assert web_jobs.claim_job(both, 1, "long").number == long
    assert web_jobs.claim_job(both, 1, "quick").number == quick
    assert web_jobs.claim_job(both, 1, "quick") is None
    assert web_jobs.claim_job(both, 2, "quick").number == later


def test_who_asked_and_who_stopped_stands_in_the_log_and_what_changed_nothing_does_not(both) -> None:
    number = added(both, "estimate")
    web_jobs.ask_to_stop(both, number, "mira")
    web_jobs.ask_to_stop(both, number, "mira")
    assert web_jobs.take_up_again(both, number, "bo" * 40)
    assert not web_jobs.take_up_again(both, number, "bo")
    web_jobs.note_force(both, web_jobs.find_job(both, number), "ada")
    with both.reading() as connection:
        found = entries(connection)
    assert [(each.act, each.subject, each.scope) for each in found] == [
        ("job asked for", "ada", f"estimate {number}"),
        ("job stopped", "mira", f"estimate {number}"),
        ("job taken up again", "bo" * 32, f"estimate {number}"),
        ("job ended by force", "ada", f"estimate {number}"),
    ]
    assert broken(found) == []


def test_many_who_claim_at_once_get_a_job_each_and_no_more_than_there_is_room_for(both) -> None:
    numbers = [added(both) for _ in range(6)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: web_jobs.claim_job(both, 3, "long"), range(8)))
    claimed = sorted(job.number for job in found if job is not None)
    assert claimed == numbers[:3]


def test_a_job_goes_its_way(both) -> None:
    number = added(both)
    assert web_jobs.find_job(both, number).arguments == {"title": "é"}
    job = web_jobs.claim_job(both, 1, "long")
    assert (job.number, job.state) == (number, "running")
    assert job.begun_at
    web_jobs.note_process(both, number, 7)
    web_jobs.note_progress(both, number, 2, 4)
    assert web_jobs.ask_to_stop(both, number, "mira") == "stopping"
    assert web_jobs.ask_to_stop(both, number, "mira") is None  # it is stopping already
    assert web_jobs.end_job(both, number, "stopped", "Stopped.")
    assert not web_jobs.end_job(both, number, "failed", "Late.")
    assert web_jobs.ask_to_stop(both, number, "mira") is None
    web_jobs.note_progress(both, number, 3, 4)
    found = web_jobs.find_job(both, number)
    assert (found.state, found.done, found.message, found.is_open) == ("stopped", 2, "Stopped.", False)
    assert web_jobs.release_job(both, number)
    assert not web_jobs.release_job(both, number)
    again = web_jobs.find_job(both, number)
    assert (again.state, again.message, again.ended_at) == ("waiting", "", None)


def test_a_finished_job_is_not_begun_again(both) -> None:
    number = added(both)
    web_jobs.claim_job(both, 1, "long")
    web_jobs.end_job(both, number, "finished", "Done.")
    assert not web_jobs.release_job(both, number)
    assert state(both, number) == "finished"


def test_a_waiting_job_is_stopped_before_it_begins(both) -> None:
    first, second = added(both), added(both)
    assert web_jobs.ask_to_stop(both, first, "mira") == "stopped"
    assert web_jobs.claim_job(both, 5, "long").number == second
    assert web_jobs.claim_job(both, 5, "long") is None


def test_jobs_are_listed_newest_first(both) -> None:
    numbers = [added(both) for _ in range(3)]
    assert [job.number for job in web_jobs.list_jobs(both)] == numbers[::-1]
    assert [job.number for job in web_jobs.list_jobs(both, ("running",))] == []


def test_only_so_many_may_be_open(both, monkeypatch) -> None:
    monkeypatch.setattr(web_jobs, "MOST_WAITING", 2)
    number = added(both)
    added(both)
    with pytest.raises(InputError, match="are open already"):
        added(both)
    web_jobs.ask_to_stop(both, number, "mira")
    added(both)


def test_a_number_that_is_none_finds_nothing(both) -> None:
    assert web_jobs.find_job(both, 10**30) is None
    assert web_jobs.find_job(both, 5) is None
