"""Somebody comes by a link, and says which language and which of the audiences is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from commonbeat.errors import InputError, Mistake, did_you_mean
from commonbeat.storage.tables_listen import open_links, participants, studies
from commonbeat.workflows.listen_people import only
from commonbeat.workflows.listen_standing import Standing, person, standing_of, unknown_link
from commonbeat.workflows.listen_studies import CLOSED, DRAFT, study_of
from commonbeat.workflows.listen_tokens import hash_of, new_token
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from commonbeat.storage import Store

FIND_LINK: Final = (
    select(open_links, studies.c.document, studies.c.state.label("study_state"))
    .join(studies, studies.c.identifier == open_links.c.study)
    .where(open_links.c.token_hash == bindparam("token_hash"))
)
ARRIVED: Final = (
    update(participants).where(participants.c.number == bindparam("who")).values(arrived_on=bindparam("day"))
)
COMES: Final = insert(participants)


def look(store: Store, token: str, *, on: date | None = None) -> Standing:
    """Where a link leads, and nothing is changed by looking.

    A link that many use gives a Standing of state "new" with its own token: nobody came by it yet. LinkError for a link that is not known.
    """
    day = on or today()
    with store.reading() as connection:
        who = person(connection, token, to_write=False)
        if who is not None:
            return standing_of(who, day)
        link = link_of(connection, token)
    return _door(link, token, day)


def arrive(store: Store, token: str, *, on: date | None = None) -> Standing:
    """Somebody is there: by a personal link, or by one that many use, which makes them a participant with a link of their own.

    Nobody is made a participant by a link that was revoked, or while the study is not open. LinkError for a link that is not known.
    """
    day = on or today()
    with store.reading() as connection:
        who = person(connection, token, to_write=False)
        if who is not None and who.row.arrived_on:
            return standing_of(who, day)
        link = None if who else link_of(connection, token)
    if link is not None and (door := _door(link, token, day)).said:
        return door

    def work(connection: Connection) -> Standing:
        mine = token if link is None else _come(connection, link)
        found = person(connection, mine)
        if found is None:
            raise unknown_link()
        if not found.row.arrived_on:
            connection.execute(ARRIVED, {"who": found.row.number, "day": str(day)})
        return standing_of(found, day)

    return store.write(work)


def choose_language(store: Store, token: str, language: str, *, on: date | None = None) -> Standing:
    """The participant reads that language from now on. InputError for one that the study does not have."""
    return _choose(store, token, "language", language, on or today())


def choose_audience(store: Store, token: str, audience: str, *, on: date | None = None) -> Standing:
    """The participant answers as that audience; it is theirs to say once, before consent. InputError for another one."""
    return _choose(store, token, "audience", audience, on or today())


def link_of(connection: Connection, token: str) -> Any:
    """The row of a link that many use, with its study. LinkError for a link that is not known or was revoked."""
    link = connection.execute(FIND_LINK, {"token_hash": hash_of(token)}).first()
    if link is None or link.revoked:
        raise unknown_link()
    return link


def _door(link: Any, token: str, on: date) -> Standing:
    study, bank = study_of(link.document)
    audience = link.audience or only(study.audience)
    door = Standing(token, study, bank, "new", audience, only(study.languages))
    if link.study_state == DRAFT:
        return Standing(token, study, bank, "new", audience, door.language, said="not_open")
    if link.study_state == CLOSED or on > study.closes_on:
        return Standing(token, study, bank, "new", audience, door.language, said="closed")
    if on < study.starts_on:
        return Standing(
            token, study, bank, "new", audience, door.language, said="too_early", next_wave_on=study.starts_on
        )
    return door


def _come(connection: Connection, link: Any) -> str:
    """A participant is made who came by that link; returned is their own token."""
    study, _ = study_of(link.document)
    token = new_token()
    row = {"study": link.study, "token_hash": hash_of(token), "came_by": link.kind, "state": "invited"}
    row |= {"audience": link.audience or only(study.audience), "language": only(study.languages)}
    connection.execute(COMES, row)
    return token


def _choose(store: Store, token: str, what: str, choice: str, on: date) -> Standing:
    def work(connection: Connection) -> Standing:
        who = person(connection, token)
        if who is None:
            raise unknown_link()
        known = who.study.languages if what == "language" else who.study.audience
        if choice not in known:
            raise InputError(
                "This cannot be chosen:", [Mistake(what, choice[:40], "is not offered", did_you_mean(choice, known))]
            )
        settled = who.row.state == "withdrawn" or (what == "audience" and who.row.audience is not None)
        if not settled:
            mine = update(participants).where(participants.c.number == who.row.number)
            connection.execute(mine.values({what: choice}))
            who = person(connection, token) or who
        return standing_of(who, on)

    return store.write(work)
