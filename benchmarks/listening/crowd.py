"""A hundred thousand who answered, written into the store by the database itself: SQL that SQLite and PostgreSQL both read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listening.study import WAVE, Project
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.listen.bank.item import Item

PEOPLE = (
    "INSERT INTO participants (study, token_hash, withdrawal_hash, came_by, audience, language, stratum, position, arm, state, "
    "arrived_on, consented_on, finished_on) "
    "WITH RECURSIVE counted(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counted WHERE number < :people) "
    "SELECT :study, 'token ' || number, 'code ' || number, 'invitation', 'adult', 'en', 'crowd', number - 1, {arm}, 'finished', "
    ":day, :day, :day FROM counted"
)
PLACES = "INSERT INTO strata (study, stratum, drawn) VALUES (:study, 'crowd', :people)"
TURNS = (
    "INSERT INTO turns (participant, wave, study, arm, begun_on, finished_on) "
    "SELECT number, :wave, study, arm, :day, :day FROM participants WHERE stratum = 'crowd'"
)
PAGES = (
    "INSERT INTO submissions (participant, wave, page, key, day) "
    "SELECT number, :wave, CAST(:page AS varchar), 'key of ' || CAST(:page AS varchar), :day FROM participants WHERE stratum = 'crowd'"
)
ANSWERS = (
    "INSERT INTO answers (participant, wave, item, value, text, skipped) "
    "SELECT number, :wave, :item, {value}, {words}, {skipped} FROM participants WHERE stratum = 'crowd'"
)


def crowd(project: Project, people: int) -> int:
    """So many people have finished the study: an arm each, every page sent, every question answered or passed over. Returned: answers."""
    same = {"people": people, "study": project.study.identifier, "day": str(project.study.starts_on), "wave": WAVE}
    arms = _turn_by_turn([f"'{arm.name}'" for arm in project.study.arms], "number")
    items = [item for page in project.pages.values() for item in page.items]
    statements = [(PEOPLE.format(arm=arms), {}), (PLACES, {}), (TURNS, {})]
    statements += [(PAGES, {"page": page}) for page in project.pages]
    statements += [(_answers(item, place), {"item": item.identifier}) for place, item in enumerate(items)]
    with project.store() as store:
        with store.writing() as connection:
            for statement, own in statements:
                used = {name: value for name, value in {**same, **own}.items() if f":{name}" in statement}
                connection.execute(text(statement), used)
        if project.database:  # what a server does by itself within a minute or so
            with store.writing() as connection:
                connection.exec_driver_sql("ANALYZE")
    return len(items) * people


def _answers(item: Item, place: int) -> str:
    """One answer from everybody; every eleventh passes the question over."""
    skipped = f"(number + {place}) % 11 = 0"
    words = f"CASE WHEN {skipped} THEN NULL ELSE 'It went on as before, said number ' || number END"
    values = [str(value) for value in item.format.values if value < 90] or [str(item.format.low or 0)]
    value = f"CASE WHEN {skipped} THEN NULL ELSE {_turn_by_turn(values, f'number + {place} * (number / 7)')} END"
    written = item.format.kind == "text"
    return ANSWERS.format(value="NULL" if written else value, words=words if written else "NULL", skipped=skipped)


def _turn_by_turn(values: Sequence[str], number: str) -> str:
    """The values in turn as the number grows."""
    cases = " ".join(f"WHEN {place} THEN {value}" for place, value in enumerate(values))
    return f"CASE ({number}) % {len(values)} {cases} END"
