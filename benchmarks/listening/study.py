"""A study that is open today, and the project in which its store lies: what the benchmarks of listening ask people.

The shipped example of viewers, with its four arms in words so that no film is needed, in one wave: fifteen pages of questions and material
between consent and debriefing, and an arm drawn for everybody.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[2]))  # the server of the tests is used here too

from commonbeat.listen.study.pages import pages_of
from commonbeat.listen.study.reading import bank_of, load_study, study_from
from commonbeat.storage import Store, open_store, where_store
from commonbeat.workflows.listen_keep import open_study, register_study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.listen.study.pages import Page

WAVE = "first"


@dataclass(frozen=True)
class Project:
    """A folder, the address of its store (None for the file in it), and the study that is open there."""

    folder: Path
    database: str | None
    study: StudyDesign

    def store(self) -> Store:
        return open_store(where_store(self.folder, self.database), create=True)

    @property
    def pages(self) -> dict[str, Page]:
        """Every page that an adult meets, by its identifier."""
        arm = self.study.arms[0].name
        found = pages_of(self.study, bank_of(self.study), WAVE, "adult", arm)
        return {page.identifier: page for page in found}


def viewers() -> StudyDesign:
    tree = load_study(str(files("commonbeat.studies") / "dance-off-viewers.toml")).document()
    words = tree["arms"][-1]["text"]
    tree["arms"] = [{"name": arm["name"], "kind": "text", "text": words} for arm in tree["arms"]]
    today = dt.datetime.now(tz=dt.UTC).date()
    days = {"starts_on": -1, "closes_on": 60, "kept_until": 400}
    tree |= {name: (today + dt.timedelta(days=later)).isoformat() for name, later in days.items()}
    tree["waves"] = [{"name": WAVE, "day": 0, "window_days": 30}]
    return study_from(tree)


def begin(folder: Path, database: str | None) -> Project:
    """The study is registered and open in the store of that folder or at that address."""
    project = Project(folder, database, viewers())
    with project.store() as store:
        register_study(store, project.study)
        open_study(store, project.study.identifier)
    return project


@contextlib.contextmanager
def database_of(named: str) -> Iterator[str | None]:
    """None for "sqlite"; the address of a PostgreSQL that is started and ended for "postgresql"; else the address that was named."""
    if named == "sqlite":
        yield None
        return
    if named != "postgresql":
        yield named
        return
    from tests.storage.server import postgresql

    with postgresql(durable=True) as address:
        yield address
