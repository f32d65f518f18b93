"""The answer in a sentence, and what its interval allows to be said: what it excludes, never more.

The same sentences serve whichever way the effect goes; an interval that includes zero is not called "no effect".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from commonbeat.report.number import UNITS, shown
from commonbeat.report.study.naming import is_question
from commonbeat.report.study.study import is_clear

if TYPE_CHECKING:
    from commonbeat.estimate.row import Estimate
    from commonbeat.report.study.study import Study, Topic

ASSIGNED = "intention to treat"
RECEIVED = "complier effect"
MOST_PERIODS = 3  # named in the headline
NOTHING = "Nothing was estimated, so nothing can be said."


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentence, what its interval excludes, what that says of the claim, and how the other estimates stand."""

    statement: Markup
    interval: Markup
    claim: Markup
    others: Markup

    @property
    def sentences(self) -> tuple[Markup, ...]:
        """What stands under the statement, without what was left empty."""
        return tuple(words for words in (self.interval, self.claim, self.others) if words)


def answer(study: Study) -> Answer:
    """The answer of the first primary estimate."""
    if not study.analysis.primary:
        return Answer(Markup(NOTHING), Markup(), Markup(), Markup())  # noqa: S704 - our own words
    row = study.analysis.primary[0]
    return Answer(statement(study, row), excluded(study, row), of_the_claim(study, row), others(study))


def statement(study: Study, row: Estimate) -> Markup:
    """Who scored how much higher or lower than whom, in the outcome's own unit."""
    if row.estimate is None:
        return _fill("{} cannot be shown.", study.words(study.brief(capital(row.estimand))))
    topic = study.topic(row)
    whom = compared(study, topic)
    if topic.kind not in (ASSIGNED, RECEIVED):
        about = study.words(study.brief(capital(row.estimand.replace(": ", ", "))))
        return _fill("{}: {}{}.", about, study.effect(row), caveat(study, row))
    if row.ci_low is None or row.ci_high is None:
        return _fill(
            "{}, {} stand at {}; the method gives no interval.", topic_words(study, topic), whom, study.effect(row)
        )
    if row.ci_low <= 0 <= row.ci_high:
        words = "{}, {} differ by {}: higher, lower or the same, these data cannot say which."
        return _fill(words, topic_words(study, topic), whom, study.effect(row))
    ends = sorted((abs(row.ci_low), abs(row.ci_high)))
    size = study.figure(abs(row.estimate), "size", (ends[0], ends[1]))
    side = "higher" if row.estimate > 0 else "lower"
    return _fill("{}, {} stand {} {}.", topic_words(study, topic), whom, size, side)


def compared(study: Study, topic: Topic) -> Markup:
    """Who is compared with whom."""
    names = arm_names(study, topic)
    if topic.kind == RECEIVED:
        return _fill("people who took up {} because they were assigned to it, compared with {},", *names)
    return _fill("people assigned to {}, compared with those assigned to {},", *names)


def arm_names(study: Study, topic: Topic) -> tuple[Markup, Markup]:
    """The treated arm and the control arm by name; a comparison that names its arm is about that one."""
    arms = [arm.name for arm in study.analysis.arms if arm.outcome == topic.outcome]
    if not arms:
        return Markup("treatment"), Markup("control")
    treated = next((name for name in arms[1:] if name in topic.rest), arms[1] if len(arms) > 1 else "treatment")
    return _fill("“{}”", study.words(treated)), _fill("“{}”", study.words(arms[0]))


def topic_words(study: Study, topic: Topic) -> Markup:
    """On which outcome, and among whom; a name that is a question stands in quotation marks, cut where it is overlong."""
    name = study.brief(topic.outcome).replace("_", " ")
    words = f"In answers to “{name}”" if is_question(topic.outcome) else f"On {name}"
    return study.words(", ".join(part for part in (words, topic.rest) if part))


def caveat(study: Study, row: Estimate) -> Markup:
    """That a finding hangs on single periods, as the end of its sentence; empty where it does not."""
    found = study.hangs(row)
    if not found:
        return Markup()
    without, gone, rest = found.partition(" it is gone")
    periods = without.removeprefix("without ").split(", ")
    if gone and len(periods) > MOST_PERIODS:
        without = f"without {', '.join(periods[:MOST_PERIODS])} or one of {len(periods) - MOST_PERIODS} more"
    return _fill(", but this hangs on single periods: {}", study.words(f"{without}{gone}{rest}"))


def excluded(study: Study, row: Estimate) -> Markup:
    """What the interval excludes on either side."""
    low, high = row.ci_low, row.ci_high
    if row.estimate is None or low is None or high is None:
        return Markup()
    level = study.words(study.level)
    printed = shown(row.estimate, UNITS["effect"], (low, high))[
        1:
    ]  # with the decimals that stand in the sentence above
    if low <= 0 <= high:
        words = "The {} interval includes zero. It excludes a rise of more than {} and a fall of more than {}."
        return _fill(words, level, *(study.words(end.lstrip("−+")) for end in reversed(printed)))
    near, far = printed if high > 0 else reversed(printed)
    side = "larger" if high > 0 else "deeper"
    words = "The {} interval excludes zero. It also excludes effects {} than {} and effects smaller than {}."
    return _fill(words, level, side, study.words(far), study.words(near))


def of_the_claim(study: Study, row: Estimate) -> Markup:
    """Which side of its claim the estimate is on; one study moves a claim by the written rule only."""
    if study.claim is None:
        return Markup("The design names no claim, so none is moved.")
    name = _fill("{} (“{}”)", study.words(study.claim.id), study.claim.title)
    kind = study.kind(row) if row.estimate is not None else "open"
    if kind == "gain":
        return _fill("That is on the side of claim {}. One study alone does not settle a claim.", name)
    if kind == "harm":
        return _fill("That is on the side against claim {}. One study alone does not settle a claim.", name)
    if kind == "known":
        return _fill("Which side favours claim {} is not declared, so it is read neither way.", name)
    return _fill("It settles claim {} neither way.", name)


def others(study: Study) -> Markup:
    """How many of the pre-declared estimates stand clear of zero, so that one of many is not read as the only one."""
    rows = study.analysis.primary
    if len(rows) < 2:
        return Markup()
    clear = sum(is_clear(row) for row in rows)
    words = "Of {} primary estimates, {} have an interval without zero; more estimates, more chances of that by luck."
    return _fill(words, study.figure(len(rows), "count"), study.figure(clear, "count") if clear else "none")


def capital(words: str) -> str:
    """The words with a capital first letter."""
    return words[:1].upper() + words[1:]


def _fill(words: str, *parts: str | Markup) -> Markup:
    return Markup(words).format(*(part if isinstance(part, Markup) else escape(part) for part in parts))  # noqa: S704
