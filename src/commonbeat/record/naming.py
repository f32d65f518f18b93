"""What in a text would point at a person: an account, a number that is somebody's, or a title with what looks like a name.

A name without a title before it cannot be told from other words; whoever writes a text has to read it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LIKE_A_NAME = "holds what looks like a name"
LIKE_A_TELEPHONE = "holds what looks like a telephone number"
PATTERNS = (
    (re.compile(r"[\w.+-]+@[\w-]+\.\w+"), "holds an e-mail address"),
    (re.compile(r"(?<![\w.])@\w{2,}"), "holds an account's name"),
    (re.compile(r"https?://|www\.", re.IGNORECASE), "holds a link, which may lead to people"),
    (
        # A unit of two digits is a part of a house or of a school book; longer ones are a flat or a patrol.
        re.compile(
            r"\b(?:(?:badge|shield|plate)\s*(?:no\.?|number|#)?\s*\d|unit\s*(?:no\.?|number|#)?\s*\d{3})", re.IGNORECASE
        ),
        "holds a badge or a number plate",
    ),
)
MANY_DIGITS = re.compile(r"(?:\+?\d[\s().-]?){9,}")
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b")
YEAR = r"(?:19|20)\d{2}(?:-(?:19|20)?\d{2}\b)?"
YEARS = re.compile(rf"{YEAR}(?:[\s().-]+{YEAR})*")
TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sgt|Lt|Officer|Sergeant|Deputy|Detective)\.?\s+(?=([^\W\d_][\w'’]*))")
# What follows a title in a headline, such as Officer Joins Dance. None of it is a surname that is at all common, which is
# why neither Young nor Park nor Chase stands here.
DOES = re.compile(
    r"(?:accus|act|aid|arrest|arriv|ask|attend|beat|becom|befriend|break|bring|buy|call|catch|challeng|charg|chas|cheer|"
    r"cit|clap|com|comfort|cuff|danc|detain|draw|driv|drop|enter|escort|fac|feed|fight|fir|follow|frisk|get|giv|go|greet|"
    r"grab|handcuff|handl|harass|hear|help|hit|hold|host|hug|injur|insult|interrupt|invit|involv|join|jok|jump|kick|kill|"
    r"kneel|laugh|lead|learn|leav|let|lift|listen|look|los|mak|meet|mock|mov|offer|order|pat|pay|play|point|prais|protect|"
    r"pull|punch|push|put|rap|read|releas|rescu|return|rid|run|sav|search|see|send|shar|shoot|shout|shov|show|sing|sit|"
    r"smil|speak|stand|stay|step|stop|strik|suspend|tackl|tak|talk|tas|teach|tell|thank|threaten|throw|try|turn|us|visit|"
    r"walk|warn|watch|wav|welcom|win|work|yell)(?:s|es|ed|ing)|"
    r"(?:clap|drop|get|grab|hit|hug|let|pat|put|rap|run|sit|step|stop|win)[bgnpt](?:ed|ing)|"
    r"became|broke|brought|came|caught|cries|dance|did|does|fought|found|gave|gets|goes|got|had|has|is|knelt|led|left|"
    r"made|met|paid|ran|rode|said|sang|saw|says|shot|spoke|stood|stop|struck|taught|threw|told|took|tried|tries|was|went",
    re.IGNORECASE,
)
ORDINARY = re.compile(
    r"a|adults?|after|an|and|as|at|before|beside|between|boys|by|children|clip|consent|crowd|detective|during|encounter|"
    r"event|film|for|friendly|from|game|girls?|her|his|in|injury|into|kids?|meeting|nobody|not|of|off|officers?|on|or|our|"
    r"patrol|pavement|people|record|residents?|school|search|sergeant|students?|teens?|that|the|their|they|to|together|"
    r"training|unit|video|visit|week|were|which|while|who|whose|with|without|year|youth",
    re.IGNORECASE,
)
NAMED_PLACE = re.compile(  # a place may have somebody's name: Dr. Martin Luther King Jr. Park
    r"\b(?:park|square|school|library|street|avenue|boulevard|road|way|bridge|playground|cent(?:er|re))\b",
    re.IGNORECASE,
)


def pointing(text: str, *, is_place: bool = False) -> Iterator[str]:
    """Every reason why the text would point at a person. is_place: the text is a place's name, which may be a person's."""
    rest = DAY.sub("", text)
    yield from (rule for pattern, rule in PATTERNS if pattern.search(rest))
    if any(not YEARS.fullmatch(each[0].strip(" ().-\t\n")) for each in MANY_DIGITS.finditer(rest)):
        yield LIKE_A_TELEPHONE
    if not (is_place and NAMED_PLACE.search(text)) and any(_is_name(each[1]) for each in TITLED.finditer(rest)):
        yield LIKE_A_NAME


def pointing_identifier(identifier: str) -> Iterator[str]:
    """The same for an identifier, which has small letters and hyphens only, and outlives a withdrawal."""
    rest = re.sub(r"\b(?:19|20)\d{6}\b", "", DAY.sub("", identifier))  # days, also without hyphens
    yield from pointing(" ".join(word.capitalize() for word in rest.split("-")))


def _is_name(word: str) -> bool:
    """Whether a word that follows a title may be somebody's name: it begins with a capital and is nothing ordinary."""
    begins = word[0].isupper() and len(word) > 1 and not word.isupper()
    return begins and not ORDINARY.fullmatch(word) and not DOES.fullmatch(word)
