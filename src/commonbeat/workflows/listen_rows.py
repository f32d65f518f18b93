"""What a participant sent in becomes rows: the page, its answers, the turn in the wave, and the arm when its time has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, text, update

from commonbeat.storage.log import append
from commonbeat.storage.tables_listen import answers, participants, submissions, turns
from commonbeat.workflows.listen_standing import Person, next_page, pages_for
from commonbeat.workflows.listen_tokens import hash_of, plain_code, withdrawal_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection

    from commonbeat.listen.study.answers import Answer
    from commonbeat.listen.study.pages import Page

SENT: Final = insert(submissions)
ANSWERED: Final = insert(answers)
BEGUN: Final = insert(turns)
OF_TURN: Final = (turns.c.participant == bindparam("who")) & (turns.c.wave == bindparam("in_wave"))
TURN_DRAWN: Final = update(turns).where(OF_TURN).values(arm=bindparam("drawn_arm"))
TURN_ENDED: Final = update(turns).where(OF_TURN).values(finished_on=bindparam("ended_on"))
# Works as it stands in both databases; the row is locked, so two who come at once get two places.
NEXT_PLACE: Final = text(
    "INSERT INTO strata (study, stratum, drawn) VALUES (:study, :stratum, 1) "
    "ON CONFLICT (study, stratum) DO UPDATE SET drawn = strata.drawn + 1 RETURNING drawn"
)


def keep_decision(
    connection: Connection, who: Person, wave: str, page: Page, *, agreed: bool, key: str, on: date
) -> None:
    """The decision is kept and logged, without whose it was and without the hour; after a no nothing else of the person is."""
    decided = "given" if agreed else "refused"
    append(connection, f"{page.kind} {decided}", who.row.study, at=str(on))
    if not agreed:
        _change(connection, who, state="declined")
        return
    _note(connection, who, wave, page, key, on)
    if page.kind == "permission":
        _change(connection, who, state="permitted")
        return
    code = who.row.withdrawal_hash or hash_of(plain_code(withdrawal_code(who.row.assignment_seed, who.row.number)))
    _change(connection, who, state="consented", consented_on=str(on), withdrawal_hash=code)
    _go_on(connection, who, wave, on)


def keep_page(
    connection: Connection, who: Person, wave: str, page: Page, given: Sequence[Answer], *, key: str, on: date
) -> None:
    """The page and its answers are rows; where an arm is to be drawn next, it is drawn."""
    if not who.begun(wave):
        row = {"participant": who.row.number, "wave": wave, "study": who.row.study, "arm": who.row.arm}
        connection.execute(BEGUN, {**row, "begun_on": str(on), "finished_on": None})
    _note(connection, who, wave, page, key, on)
    rows = [_answer_row(who.row.number, wave, answer) for answer in given]
    if rows:
        connection.execute(ANSWERED, rows)
    _go_on(connection, who, wave, on)


def _answer_row(number: int, wave: str, answer: Answer) -> dict[str, Any]:
    # What no database takes in a text is left out here too, whoever read the form.
    written = None if answer.text is None else answer.text.replace("\0", "").encode("utf-8", "replace").decode()
    value = None if answer.value is None else float(answer.value)
    same = {"participant": number, "wave": wave, "item": answer.item}
    return {**same, "value": value, "text": written, "skipped": answer.skipped}


def _note(connection: Connection, who: Person, wave: str, page: Page, key: str, on: date) -> None:
    row = {"participant": who.row.number, "wave": wave, "page": page.identifier, "key": key, "day": str(on)}
    connection.execute(SENT, row)
    who.sent[wave, page.identifier] = key


def _go_on(connection: Connection, who: Person, wave: str, on: date) -> None:
    """The arm is drawn where the next page depends on it; the turn ends where no question is left."""
    from commonbeat.listen.study.pages import draws_arm

    page = next_page(who, wave, pages_for(who, wave))
    if page is None and who.row.arm is None and draws_arm(who.study, wave):
        _draw(connection, who, wave)
        page = next_page(who, wave, pages_for(who, wave))
    # The debriefing asks nothing: whoever reached it has answered all there is.
    if page is None or page.kind == "debriefing":
        _end_turn(connection, who, wave, on)


def _end_turn(connection: Connection, who: Person, wave: str, on: date) -> None:
    connection.execute(TURN_ENDED, {"who": who.row.number, "in_wave": wave, "ended_on": str(on)})
    if wave == who.study.wave_names[-1] and who.row.state != "finished":
        _change(connection, who, state="finished", finished_on=str(on))


def _draw(connection: Connection, who: Person, wave: str) -> None:
    """The participant has a place in a stratum that nobody else has, and the arm that belongs to it."""
    from commonbeat.listen.study.answers import Answer
    from commonbeat.listen.study.assignment import arm_at, mixed, stratum_of

    study, row = who.study, who.row
    block_by = study.assignment.block_by if study.assignment else ()
    mine = (answers.c.participant == row.number) & (answers.c.wave == wave) & answers.c.item.in_(block_by)
    chosen = select(answers.c.item, answers.c.value, answers.c.skipped).where(mine)
    given = {
        each.item: Answer(each.item, value=each.value, skipped=each.skipped) for each in connection.execute(chosen)
    }
    stratum = stratum_of(block_by, row.audience, given)
    drawn = connection.execute(NEXT_PLACE, {"study": row.study, "stratum": stratum}).scalar_one()
    seed = mixed(row.assignment_seed, study.seed)
    arm = arm_at(seed, stratum, drawn - 1, study.arms, study.block_sizes)
    _change(connection, who, stratum=stratum, position=drawn - 1, arm=arm)
    connection.execute(TURN_DRAWN, {"who": row.number, "in_wave": wave, "drawn_arm": arm})


def _change(connection: Connection, who: Person, **values: Any) -> None:
    """The participant's row has these values, in the store and before our eyes."""
    connection.execute(update(participants).where(participants.c.number == who.row.number).values(values))
    vars(who.row).update(values)
