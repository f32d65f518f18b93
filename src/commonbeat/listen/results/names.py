"""What arms, waves, groups and strata are called in words: what a study's file and the store have as short names and codes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from commonbeat.listen.bank.wording import Wording, wording

if TYPE_CHECKING:
    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.study.model import StudyDesign

PAGES_LANGUAGE: Final = "en"  # of the report
AUDIENCES: Final = {"adult": "adults", "child": "children", "officer": "officers"}
GROUPINGS: Final = {"arm": "By what was shown", "audience": "By who was asked", "language": "By language"}
NOT_SAID: Final = "not said"
PASSED_OVER: Final = "passed over"


@dataclass(frozen=True, eq=False)
class Names:
    """The words of one study, in English where it was asked in English, else in its first language."""

    study: StudyDesign
    bank: Bank

    @cached_property
    def words(self) -> Wording:
        """The sentences in which the questions and answers are told."""
        languages = self.study.languages
        return wording(self.bank, PAGES_LANGUAGE if PAGES_LANGUAGE in languages else languages[0])

    def grouping(self, name: str) -> str:
        """What the table of a grouping is called; of strata, which questions made them."""
        if name != "stratum":
            return GROUPINGS.get(name, f"By {plainly(name)}")
        asked = self.study.assignment.block_by if self.study.assignment else ()
        questions = " / ".join(self.words.item(item) for item in asked)
        return f"By what was asked before: {questions}" if questions else "By who was asked"

    def group(self, grouping: str, code: str) -> str:
        """A group in words: an arm's name, adults, English, or the answers that make a stratum."""
        if grouping == "audience":
            return AUDIENCES.get(code, code)
        if grouping == "language" and code in self.bank.words:
            return self.bank.words[code].name
        return self._stratum(code) if grouping == "stratum" else plainly(code)

    def anywhere(self, code: str) -> str:
        """The words of a group of scores, which are by arm, by audience, or of everybody."""
        return "everybody" if code == "all" else AUDIENCES.get(code, plainly(code))

    def _stratum(self, code: str) -> str:
        """The answers behind "adult; recent_stops=1" in words, such as "Once"; who it is stands with it where several audiences are asked."""
        audience, *answers = code.split("; ")
        told = [self._answer(*each.partition("=")[::2]) for each in answers]
        who = [AUDIENCES.get(audience, audience)] if len(self.study.audience) > 1 or not told else []
        return "; ".join([*who, *told])

    def _answer(self, item: str, code: str) -> str:
        if code == "skipped":
            return PASSED_OVER
        found = self.bank.item(item)
        value = int(code) if code.lstrip("-").isdigit() else None
        return self.words.option(found.format.identifier, value) if value in found.format.values else code


def plainly(name: str) -> str:
    """A name of the study's file as words."""
    return name.replace("_", " ")
