"""Pages a second that the store of a study takes, by 1, 8 and 32 threads, each acknowledged after its commit.

    .venv/bin/python benchmarks/listen_store_speed.py [--pages 2000] [--database postgresql+psycopg://host/empty] [--folder DIR]

A page has the items of the shipped residents' study. SQLite pushes every commit to the disk (synchronous = FULL); a
PostgreSQL server does so unless it was told not to. Prints pages a second, median and 95th percentile of the wait, and the
time of `listen status` and of one look at a link afterwards.
"""

from __future__ import annotations

import argparse
import datetime as dt
import secrets
import statistics
import tempfile
import threading
import time
from importlib.resources import files
from pathlib import Path

from commonbeat.listen.study.answers import read_answers
from commonbeat.listen.study.pages import pages_of
from commonbeat.listen.study.reading import bank_of, load_study, study_from
from commonbeat.storage import open_store, where_store
from commonbeat.workflows import listen_keep as keep
from commonbeat.workflows.listen_status import study_status

ON = dt.date(2026, 8, 1)
THREADS = (1, 8, 32)


def a_study():
    tree = load_study(str(files("commonbeat.studies") / "dance-off-residents.toml")).document()
    tree |= {"starts_on": "2026-08-01", "closes_on": "2026-12-31", "kept_until": "2027-12-31", "checks": {}}
    tree |= {"waves": [{"name": "first", "day": 0, "window_days": 90}]}
    tree = {name: value for name, value in tree.items() if name != "day_zero"}
    return study_from(tree)


def forms(study):
    """(page, answers) of every page with questions."""
    shown = [page for page in pages_of(study, bank_of(study), "first", "adult", None) if page.kind == "questions"]
    made = []
    for page in shown:
        form = {each.identifier: str((each.format.values or (1,))[0]) for each in page.items}
        made.append((page.identifier, read_answers(page, form)))
    return made


def people(store, study, count):
    made = keep.invite(store, study.identifier, count)
    for each in made:
        keep.arrive(store, each.token, on=ON)
        keep.consent(store, each.token, "consent", agreed=True, key=secrets.token_urlsafe(16), on=ON)
    return [each.token for each in made]


def measure(store, study, threads, pages):
    """(pages a second, waits in seconds) of so many threads, each going through the study as one person after the other."""
    every = forms(study)
    tokens = people(store, study, max(threads, pages // len(every)))
    waits, lock = [], threading.Lock()

    def answer(mine):
        spent = []
        for token in mine:
            for page, answers in every:
                began = time.perf_counter()
                now = keep.submit(store, token, "first", page, secrets.token_urlsafe(16), answers, on=ON)
                spent.append(time.perf_counter() - began)
                assert now.said is None
        with lock:
            waits.extend(spent)

    started = [threading.Thread(target=answer, args=(tokens[each::threads],)) for each in range(threads)]
    began = time.perf_counter()
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return len(waits) / (time.perf_counter() - began), waits


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--database")
    parser.add_argument("--folder", type=Path, help="where the SQLite file is made; left out: a temporary folder")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=chosen.folder) as folder,
        open_store(where_store(folder, chosen.database), create=True) as store,
    ):
        tell(store, chosen.pages)


def tell(store, pages):
    """Everything that is measured is printed."""
    study = a_study()
    keep.register_study(store, study)
    keep.open_study(store, study.identifier, on=ON)
    print(f"{store.engine.dialect.name}; pages a second, median and 95th percentile of the wait in ms")
    for threads in THREADS:
        speed, waits = measure(store, study, threads, pages)
        ends = statistics.quantiles(waits, n=20)
        print(f"{threads:3d} threads: {speed:7.0f}   {statistics.median(waits) * 1e3:6.1f} {ends[-1] * 1e3:6.1f}")
    began = time.perf_counter()
    found = study_status(store, study.identifier)
    print(f"status of {found.people} people: {(time.perf_counter() - began) * 1e3:.1f} ms")
    token = people(store, study, 1)[0]
    began = time.perf_counter()
    for _ in range(200):
        keep.look(store, token, on=ON)
    print(f"one look at a link: {(time.perf_counter() - began) * 5:.2f} ms")


if __name__ == "__main__":
    main()
