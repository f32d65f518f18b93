"""A fit is a job: stopped on its way, taken up again from the runs that it kept, and brought to its end."""

from __future__ import annotations

import pytest

from commonbeat.workflows import web_jobs
from tests.fit.posterior.towns import HEADER, TOWN
from tests.web.jobs.keepers import kept
from tests.web.jobs.work import ended, until

pytestmark = pytest.mark.slow
TARGETS = HEADER + "effect,moment,All,present,trust,7,0.11,0.03,SD,,120,,,,\n"


def test_a_fit_is_stopped_taken_up_again_and_finished(tmp_path) -> None:
    with kept(tmp_path) as keeper:
        arguments = {"draws": 120, "checks": 20}  # the fewest
        job = web_jobs.add_job(keeper.store, "fit", arguments, folder="fits/town-{number}", total=0, asked_by="ada")
        place = keeper.folder(job.number).path
        place.mkdir(parents=True)
        (place / "scenario.toml").write_text(TOWN.replace("days = 40", "days = 8"), encoding="utf-8")
        (place / "targets.csv").write_text(TARGETS, encoding="utf-8")
        web_jobs.release_job(keeper.store, job.number)
        until(keeper, job.number, lambda job: job.done >= 1)
        assert web_jobs.ask_to_stop(keeper.store, job.number, "ada") == "stopping"
        stopped = until(keeper, job.number, ended)
        assert stopped.state == "stopped", stopped.message
        assert 1 <= stopped.done < stopped.total == 140
        assert web_jobs.take_up_again(keeper.store, job.number, "ada")
        again = until(keeper, job.number, lambda job: job.done > 0 or ended(job))
        assert again.done >= stopped.done
        done = until(keeper, job.number, ended)
        assert (done.state, done.done, done.message) == ("finished", 140, "The fit is finished.")
        for name in ("fit.html", "priors.csv", "posterior.csv"):
            assert (tmp_path / done.folder / name).is_file()
