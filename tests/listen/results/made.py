"""Made-up answers to the shipped studies: a known effect, people who stop on the way, words in their own hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from commonbeat.listen.bank.read import load_bank
from commonbeat.listen.results.collected import ANSWERS, Collected
from commonbeat.listen.study.assignment import arm_at, block_at
from commonbeat.listen.study.reading import load_study
from commonbeat.storage import Store

SEED = b"k" * 32
EFFECT = {"clip": 0.8, "clip_with_record": 0.4, "control_clip": 0.0, "text": 0.3}
FORMULA = "=1+1"


def collected(
    name: str = "dance-off-viewers",
    people: int = 240,
    *,
    seed: int = 1,
    key: bytes = SEED,
    invented: bool = False,
    changes: dict[str, Any] | None = None,
) -> Collected:
    """A study that `people` agreed to answer, the effect on every scale of the arms being EFFECT points of an answer."""
    study = load_study(name).model_copy(update={"invented": invented, **(changes or {})})
    bank, luck = load_bank(), random.Random(seed)
    rows: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    places: dict[str, int] = {}
    shell = Collected(study, bank, pl.DataFrame(), pl.DataFrame(schema=ANSWERS))
    for number in range(1, people + 1):
        stopped = luck.choice([0, 0, 1])
        audience = study.audience[number % len(study.audience)]
        row: dict[str, Any] = {
            "number": number,
            "state": "finished",
            "came_by": "invitation" if number % 4 else "open",
            "arm": None,
            "audience": audience,
            "language": "es" if number % 9 == 0 else "en",
            "stratum": None,
            "block": None,
            "position": None,
        }
        if study.arms:
            stratum = f"adult; recent_stops={stopped}"
            place = places[stratum] = places.get(stratum, -1) + 1
            arm = arm_at(key, stratum, place, study.arms, study.block_sizes)
            row |= {
                "stratum": stratum,
                "position": place,
                "arm": arm,
                "block": f"{stratum}; block {block_at(key, stratum, place, study.block_sizes) + 1}",
            }
        rows.append(row)
        answers += _answers(shell, row, stopped, luck)
    rows += [_stayed_away(people + each) for each in range(1, people // 2)]
    participants = pl.DataFrame(rows, infer_schema_length=None)
    return Collected(
        study, bank, participants if study.arms else participants.drop("block"), pl.DataFrame(answers, schema=ANSWERS)
    )


def _answers(shell: Collected, row: dict[str, Any], stopped: int, luck: random.Random) -> list[dict[str, Any]]:
    own, found = luck.gauss(0, 0.8), []
    for place, wave in enumerate(shell.waves):
        if place and luck.random() < 0.3:
            break
        for item in shell.items_of(wave):
            if row["audience"] not in item.audience:
                continue
            skipped = luck.random() < 0.04
            value, text = None, None
            if item.open_text:
                text = None if skipped else f"{FORMULA} said number {row['number']}"
            elif item.identifier == "recent_stops":
                value, skipped = stopped, False
            elif item.format.kind == "number":
                value = luck.randint(int(item.format.low or 0), min(10, int(item.format.high or 10)))
            else:
                scored = sorted(item.format.scored)
                shift = EFFECT.get(row["arm"] or "", 0.0) + own
                middle = (scored[0] + scored[-1]) / 2 + (-shift if item.reversed else shift)
                value = min(max(round(luck.gauss(middle, 0.9)), scored[0]), scored[-1])
                value = item.format.unscored[0] if item.format.unscored and luck.random() < 0.05 else value
            found.append(
                {
                    "participant": row["number"],
                    "wave": wave,
                    "item": item.identifier,
                    "value": None if skipped else value,
                    "text": text,
                    "skipped": skipped,
                }
            )
    return found


def _stayed_away(number: int) -> dict[str, Any]:
    state = "withdrawn" if number % 20 == 0 else "declined" if number % 7 == 0 else "invited"
    nothing = dict.fromkeys(("arm", "audience", "language", "stratum", "block", "position"))
    return {"number": number, "state": state, "came_by": "invitation", **nothing}


def filled_store(folder: Path, made: Callable[[bytes], Collected]) -> tuple[Store, Collected]:
    """An open store that holds the study and its answers, drawn with the store's secret; made: gets that secret, the same in every run of the tests."""
    from sqlalchemy import insert, select, update

    from commonbeat.listen.study.assignment import mixed
    from commonbeat.storage import open_store, where_store
    from commonbeat.storage.tables_listen import answers, participants, studies
    from commonbeat.workflows.listen_studies import register_study

    study = made(SEED).study
    store = open_store(where_store(folder), create=True)
    register_study(store, study)
    with store.writing() as connection:
        connection.execute(update(studies).values(assignment_seed=SEED))
        secret = connection.execute(select(studies.c.assignment_seed)).scalar_one()
        found = made(mixed(secret, study.seed))
        names = [name for name in found.participants.columns if name != "block"]
        rows = found.participants.select(names).to_dicts()
        for row in rows:
            connection.execute(
                insert(participants).values(**row, study=study.identifier, token_hash=f"secret token {row['number']}")
            )
        if found.answers.height:
            connection.execute(insert(answers), found.answers.to_dicts())
    return store, found


class Filled(NamedTuple):
    """A folder with a store, the store, and what stands in it."""

    folder: Path
    store: Store
    collected: Collected

    @property
    def study(self) -> str:
        """The study's identifier."""
        return self.collected.study.identifier
