"""Where somebody stands in a study: which page comes next, or why there is nothing to answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import bindparam, select

from commonbeat.errors import LinkError, Mistake
from commonbeat.storage.tables_listen import participants, studies, submissions
from commonbeat.workflows.listen_studies import CLOSED, DRAFT, study_of
from commonbeat.workflows.listen_tokens import hash_of, withdrawal_code

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.listen.study.pages import Page

Said = Literal[
    "not_open",
    "closed",
    "withdrawn",
    "declined",
    "finished",
    "too_early",
    "expired",
    "answered_already",
    "out_of_order",
]
CONSENT_PAGES: Final = ("consent", "permission", "assent")
AGREED: Final = ("consented", "finished")
_STUDY: Final = (studies.c.document, studies.c.state.label("study_state"), studies.c.assignment_seed)
FIND: Final = (
    select(participants, *_STUDY)
    .join(studies, studies.c.identifier == participants.c.study)
    .where(participants.c.token_hash == bindparam("token_hash"))
)
FIND_TO_WRITE: Final = FIND.with_for_update(of=participants)
SENT: Final = select(submissions.c.wave, submissions.c.page, submissions.c.key).where(
    submissions.c.participant == bindparam("participant")
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody with a link meets.

    token: of the personal link. audience and language: None until chosen. page: what is to be shown, None where there is nothing; place
    of `of`: where that page is among the wave's. said: why there is no page, or why what was sent was not kept (answered_already,
    out_of_order). next_wave_on: the day on which to come back, where there is
    no page, and at the debriefing. withdrawal_code: on the page of the debriefing alone.
    """

    token: str
    study: StudyDesign
    bank: Bank
    state: str
    audience: str | None
    language: str | None
    wave: str | None = None
    page: Page | None = None
    place: int = 0
    of: int = 0
    next_wave_on: date | None = None
    said: Said | None = None
    withdrawal_code: str | None = None
    number: int | None = None


@dataclass(slots=True)
class Person:
    """A participant as a transaction sees them: the row, the study, and what they sent in by (wave, page)."""

    token: str
    row: SimpleNamespace
    study: StudyDesign
    bank: Bank
    sent: dict[tuple[str, str], str]
    pages: dict[tuple[object, ...], tuple[Page, ...]] = field(default_factory=dict)

    def begun(self, wave: str) -> bool:
        """Whether they sent in a page of that wave beyond consent."""
        return any(sent == wave and page not in CONSENT_PAGES for sent, page in self.sent)


def person(connection: Connection, token: str, *, to_write: bool = True) -> Person | None:
    """The participant with that link, or None; to_write: nobody else changes them before the transaction ends."""
    row = connection.execute(FIND_TO_WRITE if to_write else FIND, {"token_hash": hash_of(token)}).first()
    return None if row is None else person_of(connection, token, row)


def person_of(connection: Connection, token: str, row: Row[Any]) -> Person:
    """The participant of a row that `FIND` gave."""
    study, bank = study_of(row.document)
    sent = connection.execute(SENT, {"participant": row.number})
    held = SimpleNamespace(**row._asdict())
    return Person(token, held, study, bank, {(each.wave, each.page): each.key for each in sent})


def unknown_link() -> LinkError:
    """The error for a token that opens nothing; it does not repeat the token."""
    way_out = "Type the whole address as it stands on the invitation, or ask whoever sent it."
    return LinkError("This link opens nothing:", [Mistake("link", None, "is not known", way_out)])


def standing_of(who: Person, on: date, said: Said | None = None) -> Standing:
    """Where the participant stands on that day. said: what became of what they just sent."""
    study, row = who.study, who.row
    same = (who.token, study, who.bank, row.state, row.audience, row.language)
    why = _why_nothing(who, on)
    if why is not None:
        return Standing(*same, said=why, next_wave_on=_next_day(who, on), number=row.number)
    if row.audience is None:  # everything else depends on it
        return Standing(*same, said=said, number=row.number)
    wave = wave_of(who, on)
    if wave is None:
        next_day = _next_day(who, on)
        ended: Said = "too_early" if next_day else "finished" if row.state == "finished" else "expired"
        return Standing(*same, said=ended, next_wave_on=next_day, number=row.number)
    pages = pages_for(who, wave)
    page = next_page(who, wave, pages)
    if page is None:
        ended = said or "finished"
        return Standing(*same, wave=wave, said=ended, next_wave_on=_next_day(who, on), number=row.number)
    place, of = pages.index(page) + 1, _count(who, wave, pages)
    if page.kind != "debriefing":
        return Standing(*same, wave, page, place, of, said=said, number=row.number)
    code, next_day = withdrawal_code(row.assignment_seed, row.number), _next_day(who, on)
    return Standing(*same, wave, page, place, of, next_day, said, code, row.number)


def wave_of(who: Person, on: date) -> str | None:
    """The wave that is open to the participant on that day."""
    from commonbeat.listen.study.calendar import open_wave

    return open_wave(who.study, _began_on(who, on), on)


def pages_for(who: Person, wave: str) -> tuple[Page, ...]:
    """The pages of the wave for this participant, as far as they can be known: without an arm, up to the drawing."""
    from commonbeat.listen.study.pages import pages_of

    row, consented = who.row, _agreed_before(who, wave)
    asked = (wave, row.arm, consented)
    if asked not in who.pages:  # one transaction asks several times, and putting pages together is a third of its work
        who.pages[asked] = pages_of(
            who.study, who.bank, wave, row.audience, row.arm, number=row.number, consented=consented
        )
    return who.pages[asked]


def next_page(who: Person, wave: str, pages: tuple[Page, ...]) -> Page | None:
    """The first page that was not sent in; None after the last, or where the arm is to be drawn."""
    return next((page for page in pages if (wave, page.identifier) not in who.sent), None)


def _why_nothing(who: Person, on: date) -> Said | None:
    row = who.row
    if row.state in ("withdrawn", "declined"):
        return row.state
    if row.study_state == DRAFT:
        return "not_open"
    if row.study_state == CLOSED or on > who.study.closes_on:
        return "closed"
    return "too_early" if on < who.study.starts_on else None


def _next_day(who: Person, on: date) -> date | None:
    from commonbeat.listen.study.calendar import next_opening

    if who.row.state in ("withdrawn", "declined") or who.row.study_state != "open":
        return None
    if on < who.study.starts_on:
        return who.study.starts_on
    return next_opening(who.study, _began_on(who, on), on)


def _began_on(who: Person, on: date) -> date:
    began = who.row.consented_on
    return date.fromisoformat(began) if began else on


def _agreed_before(who: Person, wave: str) -> bool:
    """Whether consent was given in an earlier wave, so that this one does not ask again."""
    here = any((wave, page) in who.sent for page in CONSENT_PAGES)
    return who.row.state in AGREED and not here


def _count(who: Person, wave: str, pages: tuple[Page, ...]) -> int:
    """How many pages the wave has, those after the drawing included."""
    from commonbeat.listen.study.pages import page_count

    if pages[-1].kind == "debriefing":
        return len(pages)
    return page_count(who.study, who.bank, wave, who.row.audience, consented=_agreed_before(who, wave))
