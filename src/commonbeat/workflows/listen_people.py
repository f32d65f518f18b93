"""Who may answer: personal links, links that many use, and a new link for somebody whose old one is lost or used up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import insert, select, update

from commonbeat.errors import InputError, LinkError, Mistake, did_you_mean
from commonbeat.storage.log import append
from commonbeat.storage.tables_listen import open_links, participants
from commonbeat.workflows.listen_studies import KeptStudy, kept_study, require_not_over
from commonbeat.workflows.listen_tokens import hash_of, new_token
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from commonbeat.storage import Store

LinkKind = Literal["open", "kiosk", "offline"]
KINDS: Final = ("open", "kiosk", "offline")
MOST_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Invitation:
    """A personal link: its token stands here and nowhere in the store."""

    token: str
    number: int


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that many use, without its token. name: eight letters that tell it from others, for whoever revokes it."""

    name: str
    kind: str
    audience: str | None
    made_on: str
    revoked: bool


def invite(store: Store, study_id: str, count: int, *, audience: str | None = None) -> list[Invitation]:
    """`count` more people may answer, each by a link of their own.

    audience: adult, child or officer; left out, the study's only one, or the person's own choice. Raises InputError
    for a count or an audience that the study cannot have, StoreError for a study that is not there, or over.
    """

    def work(connection: Connection) -> list[Invitation]:
        kept = kept_study(connection, study_id)
        require_not_over(kept, "Nobody was invited:")
        if not 1 <= count <= MOST_AT_ONCE:
            rule = f"is not between 1 and {MOST_AT_ONCE:,}"
            way_out = "Invite in several turns." if count > MOST_AT_ONCE else "Say how many links to make."
            raise InputError("Nobody was invited:", [Mistake("--count", count, rule, way_out)])
        chosen = audience_of(kept, audience)
        tokens = [new_token() for _ in range(count)]
        same = {"study": study_id, "came_by": "invitation", "audience": chosen, "state": "invited"}
        same["language"] = only(kept.study.languages)
        rows = [{**same, "token_hash": hash_of(token)} for token in tokens]
        made = connection.execute(
            insert(participants).returning(participants.c.number, sort_by_parameter_order=True), rows
        )
        append(connection, "people invited", study_id, scope=f"{count} links")
        return [Invitation(token, number) for token, number in zip(tokens, made.scalars(), strict=True)]

    return store.write(work)


def open_link(store: Store, study_id: str, kind: LinkKind = "open", *, audience: str | None = None) -> str:
    """The token of a new link that many may use; whoever comes by it gets a link of their own.

    Raises InputError for a kind or audience that the study cannot have (an offline file has no arms to draw), StoreError for a study that is over.
    """

    def work(connection: Connection) -> str:
        kept = kept_study(connection, study_id)
        require_not_over(kept, "No link was made:")
        if kind not in KINDS:
            mistake = Mistake("kind", kind, "is no kind of link", did_you_mean(kind, KINDS))
            raise InputError("No link was made:", [mistake])
        if kind == "offline" and kept.study.arms:
            rule = "cannot be used: the study draws arms, which a file without the store cannot do"
            raise InputError("No link was made:", [Mistake("kind", kind, rule, "Use a kiosk.")])
        token = new_token()
        row = {"token_hash": hash_of(token), "study": study_id, "kind": kind, "audience": audience_of(kept, audience)}
        connection.execute(insert(open_links).values(**row, made_on=str(today()), revoked=False))
        append(connection, "link made", study_id, scope=kind)
        return token

    return store.write(work)


def list_links(store: Store, study_id: str) -> tuple[OpenLink, ...]:
    """The study's links that many use, oldest first, without what opens them."""
    with store.reading() as connection:
        kept_study(connection, study_id)
        rows = connection.execute(_links(study_id)).all()
    return tuple(OpenLink(row.token_hash[:8], row.kind, row.audience, row.made_on, row.revoked) for row in rows)


def revoke_link(store: Store, study_id: str, link: str) -> None:
    """Nobody new can come by that link, given by its token or its name in the list; whoever came before may go on.

    Raises LinkError for a link that the study does not have.
    """

    def work(connection: Connection) -> None:
        hashes = [row.token_hash for row in connection.execute(_links(study_id))]
        meant = [each for each in hashes if link and (each == hash_of(link) or each[:8] == link)]
        if not meant:
            raise LinkError("No link was revoked:", [Mistake("link", None, f"is none of {study_id}")])
        connection.execute(update(open_links).where(open_links.c.token_hash == meant[0]).values(revoked=True))
        append(connection, "link revoked", study_id)

    store.write(work)


def renew_link(store: Store, study_id: str, number: int) -> str:
    """The token of a new personal link for that participant; the old one opens nothing any more.

    Raises LinkError for a participant who is not there or has withdrawn.
    """

    def work(connection: Connection) -> str:
        token = new_token()
        mine = (participants.c.number == number) & (participants.c.study == study_id)
        chosen = update(participants).where(mine, participants.c.state != "withdrawn")
        if not connection.execute(chosen.values(token_hash=hash_of(token))).rowcount:
            rule = f"is no participant of {study_id}, or has withdrawn"
            raise LinkError("No link was made:", [Mistake("participant", number, rule)])
        return token

    return store.write(work)


def audience_of(kept: KeptStudy, audience: str | None) -> str | None:
    """The audience that was asked for, or the study's only one, or None where people choose."""
    if audience is None:
        return only(kept.study.audience)
    if audience not in kept.study.audience:
        way_out = did_you_mean(audience, kept.study.audience)
        raise InputError("This cannot be:", [Mistake("audience", audience, "is not asked in this study", way_out)])
    return audience


def only(names: tuple[str, ...]) -> str | None:
    """The one name there is to choose, or None where there are several."""
    return names[0] if len(names) == 1 else None


def _links(study_id: str) -> Select[Any]:
    chosen = select(open_links).where(open_links.c.study == study_id)
    return chosen.order_by(open_links.c.made_on, open_links.c.token_hash)
