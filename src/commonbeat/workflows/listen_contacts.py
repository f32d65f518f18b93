"""How to reach those who left it for a later wave: sealed with the project's key, apart from their answers, never exported."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select

from commonbeat.errors import ConsentError, InputError, Mistake, Mistakes, StoreError, did_you_mean
from commonbeat.storage.log import append
from commonbeat.storage.secrets import secret
from commonbeat.storage.tables_listen import contacts, participants, turns
from commonbeat.workflows.listen_people import renew_link
from commonbeat.workflows.listen_standing import AGREED, person, unknown_link
from commonbeat.workflows.listen_studies import kept_study, require_not_over
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from cryptography.fernet import Fernet
    from sqlalchemy import Connection

    from commonbeat.storage import Store

SECRET: Final = "contacts"  # noqa: S105 - the name of a secret
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Somebody to be asked again: how to reach them, and their new personal link."""

    contact: str
    token: str


def leave_contact(store: Store, token: str, contact: str, *, project: str | Path) -> None:
    """The participant can be reached for a later wave; an empty contact deletes the one that was left.

    project: the folder with the key. Raises ConsentError where the study asks for none or the person has not agreed, InputError for more than 200 signs.
    """
    from commonbeat.listen.study.answers import clean

    words = clean(contact)
    if len(words) > LONGEST:
        way_out = f"At most {LONGEST}."
        raise InputError("This is not kept:", [Mistake("contact", None, f"has {len(words)} signs", way_out)])
    sealed = _seal(project).encrypt(words.encode()) if words else None

    def work(connection: Connection) -> None:
        who = person(connection, token)
        if who is None:
            raise unknown_link()
        if not who.study.contact_data or who.row.state not in AGREED:
            rule = "is kept only where the study asks for it and the person agreed"
            raise ConsentError("This is not kept:", [Mistake("contact", None, rule)])
        connection.execute(delete(contacts).where(contacts.c.participant == who.row.number))
        if sealed is not None:
            connection.execute(insert(contacts).values(participant=who.row.number, sealed=sealed))

    store.write(work)


def follow_up(store: Store, study_id: str, wave: str, *, project: str | Path, on: date | None = None) -> list[FollowUp]:
    """Everybody who left a contact and has not finished that wave, each with a new link; their old links open nothing any more.

    Raises StoreError for a key that does not open the seals, and what `require_follow_up` raises.
    """
    finished = select(turns.c.participant).where(turns.c.wave == wave, turns.c.finished_on.is_not(None))
    chosen = (
        select(participants.c.number, contacts.c.sealed)
        .join(contacts, contacts.c.participant == participants.c.number)
        .where(participants.c.study == study_id, participants.c.state.in_(AGREED))
        .where(participants.c.number.not_in(finished))
        .order_by(participants.c.number)
    )
    require_follow_up(store, study_id, wave, on=on)
    with store.reading() as connection:
        rows = connection.execute(chosen).all()
    opened = [(row.number, _open(project, row.sealed)) for row in rows]
    store.write(
        lambda connection: append(connection, "contacts read", study_id, scope=f"{len(opened)} for wave {wave}"[:80])
    )
    return [FollowUp(contact, renew_link(store, study_id, number)) for number, contact in opened]


def require_follow_up(store: Store, study_id: str, wave: str, *, on: date | None = None) -> None:
    """People can be asked again for that wave; InputError lists every reason why not, StoreError says it of a study that is not there or over.

    A wave whose last day has passed is refused, but for viewers, who each have days of their own.
    """
    from commonbeat.listen.study.calendar import wave_days

    heading, found = "Nobody is followed up:", Mistakes()
    with store.reading() as connection:
        kept = kept_study(connection, study_id)
    require_not_over(kept, heading)
    study = kept.study
    if not study.contact_data:
        found.add(
            "study", study_id, "asks nobody how to reach them (contact_data)", "Send the links that you have again."
        )
    if wave not in study.wave_names:
        found.add("wave", wave, "is no wave of the study", did_you_mean(wave, study.wave_names))
    elif study.design != "viewers":
        last = {each.wave: each.closes_on for each in wave_days(study, study.starts_on)}.get(wave, study.closes_on)
        if last < (on or today()):
            found.add("wave", wave, f"closed on {last}", "Nobody could answer it any more.")
    found.raise_if_any(InputError, heading)


def _open(project: str | Path, sealed: bytes) -> str:
    from cryptography.fernet import InvalidToken

    try:
        return _seal(project).decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        rule, way_out = "was sealed with another key", "Restore the project's file of secrets from its backup."
        raise StoreError("A contact cannot be read:", [Mistake("contacts", None, rule, way_out)]) from error


def _seal(project: str | Path) -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(secret(project, SECRET)))
