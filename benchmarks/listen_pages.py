"""A study with 100,000 responses: how long each page takes that somebody who answers or somebody of the team sees, and results and export.

    python benchmarks/listen_pages.py [--people 100000] [--times 20] [--database sqlite | postgresql]

The responses are made by the database itself; then `commonbeat web` serves them from a process of its own. A person walks in by the study's open link and
answers to the end, several times over; the team's pages are found by following the links of each page that are below /listen. Every page is asked for in
turn; printed are the median and the slowest. Asked for: pages within 300 ms. Results and exports are work of seconds, timed apart in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import resource
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from listening.crowd import crowd
from listening.people import Connection, Person
from listening.server import Server, serving
from listening.study import WAVE, Project, begin, database_of

from commonbeat.workflows.listen_export import export_study
from commonbeat.workflows.listen_keep import list_studies, open_link
from commonbeat.workflows.listen_results import listen_results
from commonbeat.workflows.listen_status import study_status

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED_MS = 300
MOST_PAGES = 40
LINK = re.compile(rb'(?:href|hx-get)="(/(?:listen)?(?:/[^"#?]*)?)"')
NO_PAGE = re.compile(r"\.(sav|csv|parquet|zip|pdf)$|/(export|events|leave)")

Times = dict[str, list[float]]


async def asked(
    connection: Connection, times: Times, name: str, method: str, path: str, form: bytes = b""
) -> tuple[int, bytes, str]:
    began = time.perf_counter()
    answer = await connection.ask(method, path, form)
    times[f"{name} ({answer[0]})"].append(time.perf_counter() - began)
    return answer


async def respondents(server: Server, project: Project, token: str, count: int) -> Times:
    """People come by the open link and answer to the end."""
    times: Times = defaultdict(list)
    for ordinal in range(count):
        connection = Connection(server.port)
        await asked(connection, times, "open link", "GET", f"/r/{token}")
        _, _, where = await asked(connection, times, "begin", "POST", f"/r/{token}", b"doing=begin&language=en")
        person = Person(where.split("/")[2], ordinal, connection, project.pages, WAVE)
        began = time.perf_counter()
        await person.walk_in()
        times["consent, and the first page"].append(time.perf_counter() - began)
        while not person.done:
            acknowledged, shown = await person.submit()
            times["answers acknowledged"].append(acknowledged)
            times["answers and the next page"].append(shown)
        connection.close()
    return times


async def team(server: Server, count: int) -> Times:
    """Every page of the team that a link below /listen leads to, and the beginning of each other part."""
    connection = Connection(server.port)
    _, _, _ = await connection.ask("GET", server.start)
    connection.close()
    return await followed(Connection(server.port, cookie=connection.cookie), count)


async def followed(connection: Connection, count: int) -> Times:
    times: Times = defaultdict(list)
    waiting, seen = ["/", "/listen", "/record", "/reports", "/jobs"], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or NO_PAGE.search(path):
            continue
        seen.add(path)
        for _ in range(count):
            _, body, _ = await asked(connection, times, path, "GET", path)
        waiting += sorted({found.decode() for found in LINK.findall(body)} - seen)
    connection.close()
    return times


def work(project: Project, folder: Path) -> None:
    """What is more than a page was done; seconds on the clock and of the processor are printed."""

    def timed(name: str, task: Callable[[], object]) -> None:
        began, before = time.perf_counter(), time.process_time()
        task()
        spent = time.perf_counter() - began, time.process_time() - before
        print(f"    {name:44} {spent[0]:7.1f} s, {spent[1]:.1f} of the processor", flush=True)

    study = project.study.identifier
    with project.store() as store:
        timed("counts of the study", lambda: study_status(store, study))
        timed("list of studies", lambda: list_studies(store))
        timed("results", lambda: listen_results(store, study, project=folder))
        timed(
            "results with their two pages", lambda: listen_results(store, study, out=folder / "results", project=folder)
        )
        for ending in ("csv", "parquet", "sav"):
            timed(
                f"export to {ending}",
                lambda ending=ending: export_study(store, study, folder / f"answers.{ending}", replace=True),
            )


def say(times: Times) -> bool:
    """The figures are printed; returned is whether every page came in time."""
    for name, each in times.items():
        slow = "" if median(each) < ASKED_MS / 1000 else "  over 300 ms"
        print(f"    {name:44} {1000 * median(each):7.0f} ms, slowest {1000 * max(each):.0f}{slow}")
    return all(median(each) < ASKED_MS / 1000 for each in times.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="listen-") as name, database_of(options.database) as database:
        project = begin(Path(name), database)
        began = time.perf_counter()
        answers = crowd(project, options.people)
        print(
            f"{options.people:,} people, {answers:,} answers, {options.database}, made in {time.perf_counter() - began:.0f} s",
            flush=True,
        )
        with project.store() as store:
            token = open_link(store, project.study.identifier)
        print(f"  load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        with serving(project) as server:
            print("  those who answer")
            quick = say(asyncio.run(respondents(server, project, token, max(options.times // 4, 1))))
            print("  the team")
            quick &= say(asyncio.run(team(server, options.times)))
        print("  more than a page", flush=True)
        work(project, Path(name))
        print(f"  memory of this process at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")
        print(f"  load of the machine after: {os.getloadavg()[0]:.1f}")
    return 0 if quick else 1


if __name__ == "__main__":
    raise SystemExit(main())
