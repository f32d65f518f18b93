"""What those who answer do, each step one transaction: what was acknowledged is on the disk, and is there once.

    look, arrive > choose_language, choose_audience > consent > submit, submit ... > withdraw
    synchronise: the same for responses that were given without a network

A form carries a random key. Sent again, by an impatient finger or a network that lost the answer, it is known by its key and stored once;
a page that another window answered already stays as it was answered first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from commonbeat.errors import AnswerError, ConsentError, Mistake
from commonbeat.workflows.listen_arrive import arrive, choose_audience, choose_language, look
from commonbeat.workflows.listen_contacts import leave_contact
from commonbeat.workflows.listen_offline import synchronise
from commonbeat.workflows.listen_people import Invitation, invite, list_links, open_link, renew_link, revoke_link
from commonbeat.workflows.listen_rows import keep_decision, keep_page
from commonbeat.workflows.listen_standing import (
    CONSENT_PAGES,
    Person,
    Standing,
    next_page,
    pages_for,
    person,
    standing_of,
    unknown_link,
)
from commonbeat.workflows.listen_studies import close_study, list_studies, open_study, register_study
from commonbeat.workflows.listen_tokens import is_token
from commonbeat.workflows.listen_withdraw import (
    Withdrawn,
    withdraw,
    withdraw_and_overwrite,
    withdraw_by_link,
)
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from commonbeat.listen.study.answers import Answer
    from commonbeat.listen.study.pages import Page
    from commonbeat.storage import Store

__all__ = [
    "Invitation",
    "Standing",
    "Withdrawn",
    "arrive",
    "choose_audience",
    "choose_language",
    "close_study",
    "consent",
    "invite",
    "leave_contact",
    "list_links",
    "list_studies",
    "look",
    "open_link",
    "open_study",
    "register_study",
    "renew_link",
    "revoke_link",
    "submit",
    "submit_form",
    "synchronise",
    "withdraw",
    "withdraw_and_overwrite",
    "withdraw_by_link",
]

By = Literal["self", "guardian"]


def consent(
    store: Store, token: str, page_id: str, *, agreed: bool, by: By = "self", key: str, on: date | None = None
) -> Standing:
    """The decision is kept: yes leads on, no ends it, and whoever said no may say yes later.

    page_id: consent, permission (a guardian's) or assent (the child's own, after it). by: who decides. key: 22 random letters of the form.
    Raises ConsentError where somebody decides who cannot, or in the wrong order; AnswerError for a key that is none; LinkError.
    """
    day = on or today()
    _require_key(key)

    def work(connection: Connection) -> Standing:
        who = _who(connection, token)
        if key in who.sent.values():
            return standing_of(who, day)
        if agreed and who.row.state == "declined":
            permitted = any(page == "permission" for _, page in who.sent)
            who.row.state = "permitted" if permitted else "invited"
        now = standing_of(who, day)
        if now.said or now.wave is None or who.row.audience is None:
            return now
        if (now.wave, page_id) in who.sent:
            return standing_of(who, day, "answered_already")
        _require_decider(page_id, by)
        page = _page_to_keep(who, now.wave, page_id)
        if page is None:
            rule, way_out = "is not the decision that comes next", "A guardian permits first; then the child is asked."
            raise ConsentError("This cannot be agreed to:", [Mistake(page_id, None, rule, way_out)])
        keep_decision(connection, who, now.wave, page, agreed=agreed, key=key, on=day)
        return standing_of(_who(connection, token), day)

    return store.write(work)


def submit(
    store: Store,
    token: str,
    wave: str,
    page_id: str,
    key: str,
    answers: Sequence[Answer] = (),
    *,
    on: date | None = None,
) -> Standing:
    """The page's answers are kept, and what comes next is returned.

    wave, page_id: what the form was made for. key: its 22 random letters. An item without an answer is kept as skipped. The same key again
    changes nothing and returns where the person stands. Standing.said tells why nothing was kept: answered_already, out_of_order, closed,
    expired, withdrawn ... Raises AnswerError for answers to what the page does not ask, and for a key that is none; LinkError.
    """
    return _submit(store, token, wave, page_id, key, lambda _: answers, on=on)


def submit_form(
    store: Store,
    token: str,
    wave: str,
    page_id: str,
    key: str,
    form: Mapping[str, str],
    *,
    served: Collection[str] = (),
    on: date | None = None,
) -> Standing:
    """The same for fields as a form sends them, which are read against the page within the transaction: the person is looked up once.

    served: the studies whose links lead somewhere here, all where none is named. Raises AnswerError, as `read_answers` does, for what cannot be kept.
    """
    from commonbeat.listen.study.answers import read_answers

    return _submit(store, token, wave, page_id, key, lambda page: read_answers(page, form), served, on=on)


def _submit(
    store: Store,
    token: str,
    wave: str,
    page_id: str,
    key: str,
    read: Callable[[Page], Sequence[Answer]],
    served: Collection[str] = (),
    *,
    on: date | None,
) -> Standing:
    """What `read` makes of the page is kept, if it is the page's turn."""
    day = on or today()
    _require_key(key)

    def work(connection: Connection) -> Standing:
        who = _who(connection, token)
        if served and who.study.identifier not in served:
            raise unknown_link()
        if key in who.sent.values():
            return standing_of(who, day)
        if (wave, page_id) in who.sent:
            return standing_of(who, day, "answered_already")
        now = standing_of(who, day)
        if now.page is None:
            return now
        page = _page_to_keep(who, wave, page_id) if now.wave == wave else None
        if page is None or page.kind in CONSENT_PAGES:
            return standing_of(who, day, "out_of_order")
        keep_page(connection, who, wave, page, _complete(page, read(page)), key=key, on=day)
        return standing_of(who, day)

    return store.write(work)


def _who(connection: Connection, token: str) -> Person:
    who = person(connection, token)
    if who is None:
        raise unknown_link()
    return who


def _page_to_keep(who: Person, wave: str, page_id: str) -> Page | None:
    """The page that comes next in the wave if it is this one, else None."""
    page = next_page(who, wave, pages_for(who, wave))
    return page if page is not None and page.identifier == page_id else None


def _complete(page: Page, answers: Sequence[Answer]) -> list[Answer]:
    """One answer for each item of the page; AnswerError for what is not asked there, or twice."""
    from commonbeat.listen.study.answers import Answer

    asked = [item.identifier for item in page.items]
    given = {answer.item: answer for answer in answers}
    wrong = [Mistake(item[:64], None, f"is not asked on page {page.identifier}") for item in given if item not in asked]
    if len(given) < len(answers):
        wrong.append(Mistake(page.identifier, None, "has two answers to one question"))
    if wrong:
        raise AnswerError("These answers cannot be kept:", wrong)
    return [given.get(item) or Answer(item, skipped=True) for item in asked]


def _require_decider(page_id: str, by: str) -> None:
    """Whoever decides may decide this, or ConsentError says who."""
    wanted = "guardian" if page_id == "permission" else "self"
    if page_id not in CONSENT_PAGES or by != wanted:
        rule = f"is for {'a guardian' if wanted == 'guardian' else 'the person'} to decide"
        raise ConsentError("This cannot be agreed to:", [Mistake(page_id[:64], by[:20], rule)])


def _require_key(key: str) -> None:
    if not is_token(key):
        raise AnswerError(
            "This form cannot be kept:", [Mistake("key", None, "is not 22 random letters", "Open the page anew.")]
        )
