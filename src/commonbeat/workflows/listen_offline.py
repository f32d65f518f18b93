"""Responses that were given without a network: each is checked like a form's, kept whole or not at all, and kept once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from commonbeat.errors import AnswerError, InputError, Mistake, StoreError, did_you_mean
from commonbeat.storage.log import append
from commonbeat.storage.tables_listen import open_links, participants
from commonbeat.workflows.listen_arrive import FIND_LINK
from commonbeat.workflows.listen_rows import keep_decision, keep_page
from commonbeat.workflows.listen_standing import CONSENT_PAGES, Person, next_page, pages_for, person, unknown_link
from commonbeat.workflows.listen_studies import CLOSED, DRAFT, study_of
from commonbeat.workflows.listen_tokens import hash_of, is_token, plain_code
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.storage import Store

FORMAT: Final = 1
MOST_RESPONSES: Final = 1_000
MOST_PAGES: Final = 500
MOST_A_DAY: Final = 1_000
"""By one link: ten devices that were out for a week, fifty people a day, bring 3,500, and the last of them on the fourth day."""
FULL: Final = "link full for a day"
CODE_LETTERS_LEAST: Final = 16  # a shorter code could be guessed


@dataclass(frozen=True, slots=True)
class Refused:
    """A response that was not kept, and every reason."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Synchronised:
    """What became of the responses, by key. A device may forget those that are kept or known."""

    kept: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[Refused, ...]


@dataclass(slots=True)
class _Sorted:
    kept: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def synchronise(store: Store, open_token: str, document: object, *, on: date | None = None) -> Synchronised:
    """Every sound response of the document is in the store, once however often it is sent; each is a transaction of its own.

    A link brings a thousand responses a day at most, so that whoever has it cannot fill the study; what is more is refused, stays on the device, and
    is taken when it is sent on another day. open_token: of a link of kind offline. document: what the offline file sends, read from JSON. Raises LinkError for a link that is not known, was
    revoked or is of another kind, StoreError while the study is not open, AnswerError for a document that is none.
    """
    with store.reading() as connection:
        link = connection.execute(FIND_LINK, {"token_hash": hash_of(open_token)}).first()
    if link is None or link.revoked or link.kind != "offline":
        raise unknown_link()
    if link.study_state in (DRAFT, CLOSED):
        way_out = "Open the study; the responses stay on the device until then."
        raise StoreError("Nothing was kept:", [Mistake(link.study, None, "is not open", way_out)])
    found, day = _Sorted(), on or today()
    for response in _responses(document, link.study):
        key = str(response.get("key", "")) if isinstance(response, Mapping) else ""
        try:
            new = _keep(store, link, response, key, day)
        except StoreError:  # its words name files of the server, and go to whoever has the link
            found.refused.append(
                Refused(key[:64], "This response is not kept: the store refused it. Send it again later.")
            )
        except InputError as error:
            found.refused.append(Refused(key[:64], str(error)))
        else:
            (found.kept if new else found.known).append(key)
    return Synchronised(tuple(found.kept), tuple(found.known), tuple(found.refused))


def _responses(document: object, study: str) -> list[Any]:
    """The document's responses, or AnswerError says why it has none."""
    tree = document if isinstance(document, Mapping) else {}
    responses = tree.get("responses")
    wrong = []
    if tree.get("format") != FORMAT:
        wrong.append(Mistake("format", str(tree.get("format"))[:40], f"is not {FORMAT}"))
    if tree.get("study") != study:
        wrong.append(Mistake("study", str(tree.get("study"))[:64], f"is not {study}, to which the link belongs"))
    if not isinstance(responses, list):
        wrong.append(Mistake("responses", None, "is not a list"))
    elif len(responses) > MOST_RESPONSES:
        wrong.append(Mistake("responses", len(responses), f"are more than {MOST_RESPONSES:,}", "Send them in parts."))
    if wrong or not isinstance(responses, list):
        raise AnswerError("This is no document of the offline file:", wrong)
    return responses


def _keep(store: Store, link: Any, response: object, key: str, on: date) -> bool:
    """Whether the response is new; it is in the store afterwards. InputError says why it cannot be."""
    study, _ = study_of(link.document)
    head, pages = _head(response, study, link)

    def work(connection: Connection) -> bool:
        # A response's key is the token of its participant: it cannot come twice, and not again after a withdrawal.
        mine = open_links.c.token_hash == link.token_hash
        counted = select(open_links.c.brought_on, open_links.c.brought).where(mine).with_for_update()
        before = connection.execute(counted).first()
        if before is None:  # the study was erased since the link was looked up
            raise unknown_link()
        if connection.execute(select(participants.c.number).where(participants.c.token_hash == hash_of(key))).first():
            return False
        brought = (before.brought if before.brought_on == str(on) else 0) + 1
        if brought > MOST_A_DAY:
            raise _full(key)
        row = {"study": link.study, "token_hash": hash_of(key), "came_by": "offline", "state": "invited"}
        connection.execute(insert(participants).values(**row, **head, arrived_on=str(on)))
        who = person(connection, key)
        if who is None:
            raise unknown_link()
        for page in pages:
            _keep_page(connection, who, page, on)
        if who.row.state not in ("consented", "finished"):
            raise AnswerError("This response is not kept:", [Mistake(key, None, "holds no consent")])
        connection.execute(update(open_links).where(mine).values(brought_on=str(on), brought=brought))
        if brought == MOST_A_DAY:
            append(connection, FULL, link.study, scope=link.token_hash[:8], at=str(on))
        return True

    return store.write(work)


def _full(key: str) -> AnswerError:
    rule = f"comes by a link that has brought {MOST_A_DAY:,} responses today, as many as one brings in a day"
    way_out = "It stays on the device. Send it again tomorrow, or ask who runs the study for another link."
    return AnswerError("This response is not kept today:", [Mistake(key, None, rule, way_out)])


def _head(response: object, study: StudyDesign, link: Any) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """What stands above a response's pages, checked; and the pages."""
    tree = response if isinstance(response, Mapping) else {}
    key, code = str(tree.get("key", "")), plain_code(str(tree.get("withdrawal_code", "")))
    audience, language, pages = tree.get("audience"), tree.get("language"), tree.get("pages")
    wrong = []
    if not is_token(key):
        wrong.append(Mistake("key", None, "is not 22 random letters"))
    if len(code) < CODE_LETTERS_LEAST:
        wrong.append(Mistake("withdrawal_code", None, f"has fewer than {CODE_LETTERS_LEAST} letters"))
    audiences = (link.audience,) if link.audience else study.audience
    if audience not in audiences:
        wrong.append(Mistake("audience", str(audience)[:40], "is not asked", did_you_mean(str(audience), audiences)))
    if language not in study.languages:
        way_out = did_you_mean(str(language), study.languages)
        wrong.append(Mistake("language", str(language)[:40], "is not offered", way_out))
    if (
        not isinstance(pages, list)
        or not 0 < len(pages) <= MOST_PAGES
        or not all(isinstance(each, Mapping) for each in pages)
    ):
        wrong.append(Mistake("pages", None, "is not a list of pages"))
    if wrong or not isinstance(pages, list):
        raise AnswerError("This response is not kept:", wrong)
    return {"audience": audience, "language": language, "withdrawal_hash": hash_of(code)}, pages


def _keep_page(connection: Connection, who: Person, sent: Mapping[str, Any], on: date) -> None:
    """The page is kept like a form's: in its turn, with answers to what it asks."""
    from commonbeat.listen.study.answers import read_answers

    wave, name, key, form = (sent.get(each) for each in ("wave", "page", "key", "answers"))
    place = f"{wave}/{name}"[:130]
    if wave != who.study.waves[0].name:  # the file asks no other, whose day may be months away
        raise AnswerError("This response is not kept:", [Mistake(place, None, "is not of the study's first wave")])
    page = next_page(who, str(wave), pages_for(who, str(wave)))
    if page is None or page.identifier != name or not is_token(str(key)) or key in who.sent.values():
        rule = f"is not the page that comes next ({page.identifier if page else 'none'})"
        raise AnswerError("This response is not kept:", [Mistake(place, None, rule)])
    if page.kind in CONSENT_PAGES:
        wanted = "guardian" if page.kind == "permission" else "self"
        if sent.get("agreed") is not True or sent.get("by") != wanted:
            raise AnswerError(
                "This response is not kept:", [Mistake(place, None, f"was not agreed to by the {wanted}")]
            )
        keep_decision(connection, who, str(wave), page, agreed=True, key=str(key), on=on)
        return
    given = {str(item): str(value) for item, value in form.items()} if isinstance(form, Mapping) else {}
    keep_page(connection, who, str(wave), page, read_answers(page, given), key=str(key), on=on)
