"""Kill the process that stores answers, again and again, while several processes send them; then look for every answer.

    .venv/bin/python scripts/kill_listen.py [--submissions 2000] [--kills 40] [--database postgresql+psycopg://...]

Each sender keeps sending a page until it is acknowledged: with the same key, or, as somebody does who loads the page
anew, with another one. After every kill each page that was acknowledged must be there; in the end each answer once.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import hashlib
import json
import os
import random
import secrets
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.storage import Store

ON: Final = dt.date(2026, 8, 1)
SENDERS: Final = 4
SCALES: Final = ["trust", "cooperation", "reform", "reflection"]
WORDS: Final = "what I think, "


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: kills while pages were under way, pages acknowledged, sent again, and the mistakes found."""

    kills: int
    acknowledged: int
    sent_again: int
    mistakes: tuple[str, ...]


def kill_while_storing(
    project: Path, database: str | None, *, submissions: int = 200, kills: int = 6, seed: int = 1
) -> Outcome:
    """The store in `project` (or `database`) took this many pages although its process was killed that often."""
    luck = random.Random(seed)  # noqa: S311 - moments to kill at
    people, pages = _prepare(project, database, submissions)
    plan = project / "plan.json"
    plan.write_text(json.dumps({"people": people, "pages": pages}))
    sockets = Path(tempfile.mkdtemp(prefix="kl-"))
    door = sockets / "door"  # a short path: sockets have room for about a hundred letters
    logs = [project / f"sender-{each}.log" for each in range(SENDERS)]
    storer = _start("store", str(project), database or "", str(door))
    senders = [_start("send", str(plan), str(door), str(log), str(each)) for each, log in enumerate(logs)]
    killed, mistakes = 0, []
    total = len(people) * len(pages)
    try:
        while any(sender.poll() is None for sender in senders):
            done = len(_acknowledged(logs))
            if killed < kills and done >= (killed + luck.random()) * total / (kills + 1):
                time.sleep(luck.random() * 0.03)
                storer.send_signal(signal.SIGKILL)
                storer.wait()
                killed += 1
                mistakes += _missing(project, database, _acknowledged(logs))
                storer = _start("store", str(project), database or "", str(door))
            time.sleep(0.005)
    finally:
        for each in (storer, *senders):
            with contextlib.suppress(ProcessLookupError):
                each.kill()
            each.wait()
        door.unlink(missing_ok=True)
        sockets.rmdir()
    mistakes += [f"sender {each} ended with {one.returncode}" for each, one in enumerate(senders) if one.returncode]
    mistakes += _missing(project, database, _acknowledged(logs)) + _not_exact(project, database, people, pages)
    again = sum(line.startswith("again") for log in logs for line in log.read_text().splitlines())
    return Outcome(killed, len(_acknowledged(logs)), again, tuple(mistakes))


def _prepare(project: Path, database: str | None, submissions: int) -> tuple[list[list[Any]], list[list[Any]]]:
    """An open study without arms, and people who agreed to it: (people as [token, number], pages as [name, items])."""
    from commonbeat.listen.study.pages import pages_of
    from commonbeat.listen.study.reading import bank_of, load_study, study_from
    from commonbeat.workflows import listen_keep as keep

    tree = load_study(str(files("commonbeat.studies") / "dance-off-residents.toml")).document()
    tree |= {"starts_on": "2026-08-01", "closes_on": "2026-12-31", "kept_until": "2027-12-31"}
    tree |= {"waves": [{"name": "first", "day": 0, "window_days": 90}], "scales": SCALES, "checks": {}}
    tree = {name: value for name, value in tree.items() if name != "day_zero"}
    study = study_from(tree)
    shown = [page for page in pages_of(study, bank_of(study), "first", "adult", None) if page.kind == "questions"]
    pages = [[page.identifier, [[each.identifier, list(each.format.values)] for each in page.items]] for page in shown]
    with _open(project, database) as store:
        keep.register_study(store, study)
        keep.open_study(store, study.identifier, on=ON)
        made = keep.invite(store, study.identifier, -(-submissions // len(pages)))
        for each in made:
            keep.arrive(store, each.token, on=ON)
            keep.consent(store, each.token, "consent", agreed=True, key=secrets.token_urlsafe(16), on=ON)
    return [[each.token, each.number] for each in made], pages


def _answer(number: int, item: str, values: list[int]) -> dict[str, Any]:
    """What that person answers: an option that follows from who and what, or words."""
    bits = hashlib.sha256(f"{number}|{item}".encode()).digest()[0]
    given = {"value": values[bits % len(values)]} if values else {"text": f"{WORDS}{number}"}
    return {"item": item, **given}


def _store(project: str, database: str, door: str) -> None:
    """The process that stores: one page a line, acknowledged when it is kept. It is here to be killed."""
    from commonbeat.listen.study.answers import Answer
    from commonbeat.workflows.listen_keep import submit

    store = _open(Path(project), database or None)

    class Desk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for line in self.rfile:
                sent = json.loads(line)
                answers = [Answer(**each) for each in sent["answers"]]
                now = submit(store, sent["token"], "first", sent["page"], sent["key"], answers, on=ON)
                self.wfile.write(json.dumps({"said": now.said}).encode() + b"\n")

    Path(door).unlink(missing_ok=True)
    server = socketserver.ThreadingUnixStreamServer(door, Desk)
    server.daemon_threads = True
    server.serve_forever()


def _send(plan: str, door: str, log: str, sender: str) -> None:
    """A sender: every page of its people, each until it is acknowledged, which it writes down."""
    told = json.loads(Path(plan).read_text())
    luck = random.Random(int(sender))  # noqa: S311 - whether to load a page anew
    line: socket.socket | None = None
    with Path(log).open("w") as file:
        for token, number in told["people"][int(sender) :: SENDERS]:
            for page, items in told["pages"]:
                sent = {"token": token, "page": page, "key": secrets.token_urlsafe(16)}
                sent["answers"] = [_answer(number, item, values) for item, values in items]
                while True:
                    said, line = _asked(door, line, sent)
                    if said is not None:
                        break
                    file.write(f"again {number} {page}\n")
                    if luck.random() < 0.5:
                        sent["key"] = secrets.token_urlsafe(16)
                file.write(f"kept {number} {page}\n")
                file.flush()


def _asked(door: str, line: socket.socket | None, sent: dict[str, Any]) -> tuple[str | None, socket.socket | None]:
    """What the storing process said, and the line to it; (None, None) where it fell silent."""
    try:
        if line is None:
            line = socket.socket(socket.AF_UNIX)
            line.connect(door)
        line.sendall(json.dumps(sent).encode() + b"\n")
        heard = b""
        while not heard.endswith(b"\n"):
            part = line.recv(4096)
            if not part:
                raise ConnectionResetError
            heard += part
    except OSError:
        if line is not None:
            line.close()
        time.sleep(0.05)
        return None, None
    said = json.loads(heard)["said"]
    if said not in (None, "answered_already"):
        sys.exit(f"the page was not kept: {said}")
    return said or "kept", line


def _acknowledged(logs: list[Path]) -> set[tuple[int, str]]:
    """(person, page) of every page that a sender was told is kept."""
    lines = [line.split() for log in logs if log.exists() for line in log.read_text().splitlines()]
    return {(int(words[1]), words[2]) for words in lines if len(words) == 3 and words[0] == "kept"}


def _missing(project: Path, database: str | None, acknowledged: set[tuple[int, str]]) -> list[str]:
    """Pages that were acknowledged and are not there."""
    from commonbeat.storage.tables_listen import submissions

    with _open(project, database) as store, store.reading() as connection:
        there = {(row.participant, row.page) for row in connection.execute(submissions.select())}
    return [f"lost: {number} {page}" for number, page in sorted(acknowledged - there)]


def _not_exact(project: Path, database: str | None, people: list[list[Any]], pages: list[list[Any]]) -> list[str]:
    """Answers that are missing, doubled or changed once everything was sent."""
    from commonbeat.storage.tables_listen import answers

    expected = {}
    for _, number in people:
        for _, items in pages:
            for item, values in items:
                given = _answer(number, item, values)
                expected[number, item] = (given.get("value"), given.get("text"))
    with _open(project, database) as store, store.reading() as connection:
        rows = [((row.participant, row.item), (row.value, row.text)) for row in connection.execute(answers.select())]
    found = dict(rows)
    wrong = [f"missing: {each}" for each in expected if each not in found]
    wrong += [f"changed: {each}" for each, answer in found.items() if expected.get(each) != answer]
    return wrong + ([f"{len(rows) - len(found)} doubled"] if len(rows) > len(found) else [])


def _open(project: Path, database: str | None) -> Store:
    from commonbeat.storage import open_store, where_store

    return open_store(where_store(project, database), create=True)


def _start(*words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, __file__, *words], env=environment)  # noqa: S603 - this file


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kill-") as name:
        yield Path(name)


def main() -> None:
    """Prints what came of it; the exit code is 1 where an acknowledged answer was lost or doubled."""
    parts = {"store": _store, "send": _send}
    if len(sys.argv) > 1 and sys.argv[1] in parts:
        parts[sys.argv[1]](*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description="Kill the process that stores answers while they are sent.")
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="an empty database, in place of a file in a temporary folder")
    chosen = parser.parse_args()
    with _folder() as project:
        outcome = kill_while_storing(
            project, chosen.database, submissions=chosen.submissions, kills=chosen.kills, seed=chosen.seed
        )
    print(json.dumps(asdict(outcome), indent=2))
    sys.exit(1 if outcome.mistakes else 0)


if __name__ == "__main__":
    main()
