"""Consent: who said yes to what, until when, and who asked them.

People are slots of a record, such as "child 1", and have no names. What holds for an encounter is what everybody who
is visible in it has agreed to: one person who did not, or no longer does, is enough to forbid it. A child's slot needs
a guardian's permission and the child's own assent. Officers are on duty: a record is analysed and kept without their
permission, or whoever had something to hide could veto it; it is not shown, shared or searched for smiles without it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from commonbeat.errors import ConsentError, InputError, Mistake, Mistakes, did_you_mean
from commonbeat.record.consent_checks import consent_mistakes
from commonbeat.record.words import ON_DUTY, ROLES, SCOPES, Collector, Identifier, LongText, Scope
from commonbeat.scenario.strict import StrictModel

COLLECT_LATER = "mistakes are collected by the caller"


class Visible(StrictModel):
    """How many people of each role the record or its clip shows; slots are numbered from 1 within a role."""

    officer: Annotated[int, Field(ge=0, le=1000)] = 0
    """Officers who can be seen or heard."""
    child: Annotated[int, Field(ge=0, le=1000)] = 0
    """Children who can be seen or heard."""
    adult: Annotated[int, Field(ge=0, le=1000)] = 0
    """Other adults who can be seen or heard."""

    def slots(self) -> tuple[str, ...]:
        """Every person's slot: "officer 1", "child 1", ..."""
        return tuple(f"{role} {number}" for role in ROLES for number in range(1, getattr(self, role) + 1))


class Permission(StrictModel):
    """What one person agreed to for one slot."""

    slot: Annotated[str, Field(pattern=r"^(officer|child|adult) [1-9][0-9]{0,3}$")]
    """Whom it is about: a role and a number, such as "child 1"; never a name."""
    by: Literal["self", "guardian"]
    """Who said yes: the person, or a child's guardian. A child needs both."""
    scope: tuple[Scope, ...]
    """What they said yes to: analyse, keep, show, share; face measures only where it is named."""
    collected_by: Collector
    """Who asked them. An officer may not ask children or for them."""
    given_on: date
    """The day on which they said yes."""
    expires_on: date
    """The last day on which it holds."""
    withdrawn_on: date | None = None
    """The day on which they took it back, if they did."""

    def refusal(self, scope: str, on: date) -> str:
        """Why this does not permit `scope` on that day; "" when it does."""
        if self.withdrawn_on is not None and self.withdrawn_on <= on:
            return f"was withdrawn on {self.withdrawn_on}"
        if self.expires_on < on:
            return f"expired on {self.expires_on}"
        if on < self.given_on:
            return f"was given on {self.given_on} only"
        return "" if scope in self.scope else f"does not name '{scope}'"


class Consent(StrictModel):
    """What everybody visible in an encounter agreed to, person by person.

    Raises ConsentError when it is made with a child's consent that an officer collected, or with parts that
    contradict each other.
    """

    identifier: Identifier
    """A word for this consent, such as "dance-off-consent"; no names of people."""
    encounter: Identifier
    """The identifier of the encounter that it is about."""
    visible: Visible
    """How many people of each role can be seen or heard. Everybody counts, whether asked or not."""
    permissions: tuple[Permission, ...] = ()
    """One for every person who said yes: two for a child, the guardian's and the child's own."""
    note: LongText | None = None
    """What a reader should know of how people were asked."""
    nobody_real: Annotated[str, Field(exclude=True)] = ""
    """Why nobody had to be asked; only for encounters that a scenario makes up, and never read from a file."""

    @model_validator(mode="after")
    def _agrees(self, info: ValidationInfo) -> Self:
        if info.context != COLLECT_LATER and not self.nobody_real:
            found = consent_mistakes(self.model_dump())
            found.raise_if_any(ConsentError, "This consent cannot be recorded:")
        return self

    @classmethod
    def not_needed(cls, reason: str) -> Self:
        """Consent of nobody, because nobody in the encounter is real; `reason` says so to the reader."""
        return cls(identifier="nobody", encounter="made-up", visible=Visible(), permissions=(), nobody_real=reason)

    @property
    def covers_children(self) -> bool:
        """Whether a child is visible."""
        return self.visible.child > 0

    def allows(self, scope: str, on: date) -> bool:
        """Whether everybody visible who is asked for `scope` agreed to it, and still does on that day."""
        return not self.refusals(scope, on)

    def children_allow(self, scope: str, on: date) -> bool:
        """Whether every visible child and their guardians agreed to `scope`, and still do on that day."""
        return not [each for each in self.refusals(scope, on) if each.place.startswith("child ")]

    def require(self, scope: str, on: date, what: str) -> None:
        """Everybody visible who is asked for `scope` agreed to it on that day, or ConsentError says who did not and why.

        what: what is about to be done, for the reader: "measure what the clip shows".
        """
        refusals = self.refusals(scope, on)
        if refusals:
            heading = f"Consent {self.identifier} does not allow to {what} (it needs '{scope}' from {whose(scope)}):"
            raise ConsentError(heading, refusals)

    def refusals(self, scope: str, on: date) -> tuple[Mistake, ...]:
        """Every person who does not permit `scope` on that day, and why; empty when all do."""
        if scope not in SCOPES:
            raise InputError(
                "Nobody can agree to that:", [Mistake("scope", scope, "is not a scope", did_you_mean(scope, SCOPES))]
            )
        if self.nobody_real:
            return ()
        found = Mistakes()
        given = {(each.slot, each.by): each for each in self.permissions}
        for slot in (each for each in self.visible.slots() if is_asked(each, scope)):
            for by, words, way_out in _needed(slot):
                permission = given.get((slot, by))
                why = "is missing" if permission is None else permission.refusal(scope, on)
                if why:
                    found.add(slot, None, f"{words} {why}", way_out)
        if not self.visible.slots():
            found.add("visible", None, "names nobody, so nobody can have agreed")
        return tuple(found.found)

    def ended(self, on: date) -> tuple[Mistake, ...]:
        """Every permission that is over on that day, withdrawn or expired, and without which nothing may be kept."""
        found = Mistakes()
        for each in (one for one in self.permissions if is_asked(one.slot, "keep")):
            why = each.refusal(each.scope[0] if each.scope else "analyse", on)
            if why.startswith(("was withdrawn", "expired")):
                found.add(each.slot, None, f"{'guardian permission' if each.by == 'guardian' else 'own consent'} {why}")
        return tuple(found.found)

    def holds_until(self) -> date | None:
        """The last day on which the record may be kept at the longest; None where nobody's permission is needed."""
        return min((each.expires_on for each in self.permissions if is_asked(each.slot, "keep")), default=None)


def is_asked(slot: str, scope: str) -> bool:
    """Whether the person behind the slot is asked for `scope`: everybody is, but officers on duty not for all."""
    return not (slot.startswith("officer ") and scope in ON_DUTY)


def whose(scope: str) -> str:
    """Whose permission `scope` needs, in words."""
    return "everybody visible who is no officer on duty" if scope in ON_DUTY else "everybody visible"


def _needed(slot: str) -> tuple[tuple[str, str, str], ...]:
    """(by, words, way out) of each permission that this slot needs."""
    if slot.startswith("child "):
        ask = "Ask the guardian and the child; an officer may not."
        return (("guardian", "guardian permission", ask), ("self", "the child's own assent", ask))
    return (("self", "own consent", "Ask the person, or leave them out of what is recorded."),)
