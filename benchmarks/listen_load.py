"""Many people answer at once: how long each waits, and whether all that was acknowledged is in the store, once.

    python benchmarks/listen_load.py [--sessions 500] [--seconds 60] [--every 5] [--database sqlite | postgresql | ADDRESS]

Starts `commonbeat web` in a process of its own on this machine's loopback, with a study that is open, walks the sessions to their first questions,
and then has each of them send in a page every so many seconds at a moment of its own, for so many seconds. The moments are planned beforehand and
a wait counts from the planned one, so that a slow server cannot hide by being asked less. "postgresql" starts one that commits to the disk.
Asked for: no error, 95 of 100 within 200 ms, nothing lost, nothing doubled; the exit code is 1 where that is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from listening.people import Connection, FailedError, Kept, Person
from listening.server import Server, database_cpu_seconds, serving
from listening.study import WAVE, Project, begin, database_of
from sqlalchemy import select

from commonbeat.storage.tables_listen import answers, participants, submissions
from commonbeat.workflows.listen_keep import invite
from commonbeat.workflows.listen_tokens import hash_of

AT_ONCE = 20  # who walk in at the same time
ASKED_MS = 200


@dataclass
class Told:
    """What became of the submissions. late: seconds after the planned moment at which it was begun, for the answer before was still awaited or the generator was busy."""

    acknowledged: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    @property
    def kept(self) -> list[Kept]:
        return [each for person in self.people for each in person.kept]


async def walk_in(people: list[Person]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(person: Person) -> None:
        async with gate:
            await person.walk_in()

    await asyncio.gather(*(one(person) for person in people))


async def answer(person: Person, others: itertools.chain[Person], moments: list[float], told: Told) -> None:
    """One session: at each moment the page before it is sent in; at the end of the study somebody else sits down."""
    for planned in moments:
        await asyncio.sleep(planned - time.perf_counter())
        late = time.perf_counter() - planned
        try:
            acknowledged, shown = await person.submit()
            told.late.append(late)
            told.acknowledged.append(late + acknowledged)
            told.shown.append(late + shown)
            if person.done:
                person = next(others)
                told.people.append(person)
                await person.walk_in()
        except (FailedError, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            told.errors.append(f"{type(error).__name__}: {error}"[:120])


async def run(
    server: Server, project: Project, tokens: list[str], options: argparse.Namespace
) -> tuple[Told, dict[str, float]]:
    pages = project.pages
    made = [Person(token, place, Connection(server.port), pages, WAVE) for place, token in enumerate(tokens)]
    people, others = made[: options.sessions], itertools.chain(made[options.sessions :])
    told = Told(people=list(people))
    began = time.perf_counter()
    await walk_in(people)
    print(f"  {len(people)} people walked in within {time.perf_counter() - began:.1f} s", flush=True)
    luck = np.random.default_rng(1)
    before = {
        "server": server.cpu_seconds(),
        "database": database_cpu_seconds(project),
        "generator": time.process_time(),
    }
    begins = time.perf_counter() + 0.5
    turns = range(round(options.seconds / options.every))
    sessions = [
        answer(person, others, [begins + (turn + first) * options.every for turn in turns], told)
        for person, first in zip(people, luck.permutation(len(people)) / len(people), strict=True)
    ]
    async with asyncio.timeout(options.seconds * 3 + 60):
        await asyncio.gather(*sessions)
    spent = {"wall": time.perf_counter() - begins, "server": server.cpu_seconds() - before["server"]}
    spent["database"] = database_cpu_seconds(project) - before["database"]
    spent["generator"] = time.process_time() - before["generator"]
    for person in made:
        person.connection.close()
    return told, spent


def compare(project: Project, told: Told) -> dict[str, int]:
    """How the store differs from what was acknowledged: pages and answers that are lost, changed, or there without word."""
    with project.store() as store, store.reading() as connection:
        numbers = {
            row.number: row.token_hash
            for row in connection.execute(select(participants.c.number, participants.c.token_hash))
        }
        sent = [(numbers[row.participant], row.page, row.key) for row in connection.execute(select(submissions))]
        held = [
            (numbers[row.participant], row.item, row.text if row.value is None else row.value)
            for row in connection.execute(select(answers))
        ]
    hashes = {each.token: hash_of(each.token) for each in told.kept}
    pages = {(hashes[each.token], each.page, each.key) for each in told.kept}
    wanted = {(hashes[each.token], item, value) for each in told.kept for item, value in each.answers.items()}
    return {
        "acknowledged pages": len(pages),
        "acknowledged answers": len(wanted),
        "lost": len(pages - set(sent)) + len(wanted - set(held)),
        "doubled": len(sent) - len(set(sent)) + len(held) - len(set(held)),
        "without word": len(set(sent) - pages) + len(set(held) - wanted),
    }


def say(told: Told, spent: dict[str, float], found: dict[str, int]) -> bool:
    """The figures are printed; returned is whether everything asked for holds."""
    count = max(len(told.acknowledged), 1)
    for name, times in (
        ("acknowledged", told.acknowledged),
        ("next page shown", told.shown),
        ("begun late", told.late),
    ):
        p50, p95, p99, most = 1000 * np.percentile(times or [np.inf], [50, 95, 99, 100])
        print(f"  {name:16} p50 {p50:.0f}  p95 {p95:.0f}  p99 {p99:.0f}  longest {most:.0f} ms")
    print(
        f"  {count / spent['wall']:.1f} submissions a second, each a POST and a GET; {len(told.errors)} errors {sorted(set(told.errors))[:5]}"
    )
    each = {name: 1000 * spent[name] / count for name in ("server", "database", "generator")}
    print("  CPU ms a submission: " + ", ".join(f"{name} {value:.2f}" for name, value in each.items()))
    print(
        f"  the generator took {100 * spent['generator'] / spent['wall']:.0f} % of a core, the server {100 * spent['server'] / spent['wall']:.0f} %"
    )
    print("  " + ", ".join(f"{name}: {value:,}" for name, value in found.items()))
    whole = not told.errors and not found["lost"] and not found["doubled"] and not found["without word"]
    return whole and 1000 * float(np.percentile(told.acknowledged, 95)) < ASKED_MS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--database", default="sqlite")
    options = parser.parse_args()
    print(
        f"{options.sessions} sessions, each every {options.every:g} s for {options.seconds:g} s, {options.database.partition(':')[0]}"
    )
    with tempfile.TemporaryDirectory(prefix="listen-") as folder, database_of(options.database) as database:
        project = begin(Path(folder), database)
        turns = round(options.seconds / options.every)
        people = options.sessions * (1 + turns // (len(project.pages) - 2))
        with project.store() as store:
            tokens = [each.token for each in invite(store, project.study.identifier, people)]
        print(f"  load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        with serving(project) as server:
            told, spent = asyncio.run(run(server, project, tokens, options))
        right = say(told, spent, compare(project, told))
        print(f"  load of the machine after: {os.getloadavg()[0]:.1f}")
    return 0 if right else 1


if __name__ == "__main__":
    raise SystemExit(main())
