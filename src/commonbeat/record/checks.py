"""What the types of a record cannot see: fields that contradict each other, and words that point at a person.

Works on plain tables as files give them and steps over whatever has the wrong type, so that these mistakes are found
in the same pass as wrong types and unknown keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistake, Mistakes
from commonbeat.record.consent_checks import ASK_OTHERS, day
from commonbeat.record.naming import pointing, pointing_identifier
from commonbeat.record.places import leaves, value_at
from commonbeat.scenario.checks import number, rows, table, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FREE_TEXT = ("title", "note", "where.place", "course.activity", "course.cultural_form", "after.note", "consent.note")
FORM_TITLE = "What happened, in a few words"
IDENTIFIERS = ("identifier", "consent.identifier")
NO_NAMES = "Nobody is named in a record: say the role, in small letters."
OTHER_WORD = "It outlives a withdrawal: take a word that says what happened, and no name."


def record_mistakes(record: Mapping[str, Any]) -> Mistakes:
    """Every mistake that lies between parts of the record; its consent is checked on its own."""
    found = Mistakes()
    _words(record, found)
    _consent(record, found)
    _clip(table(record.get("clip")), found)
    _course(record, found)
    _tone(table(record.get("tone")), found)
    _after(table(record.get("after")), found)
    _sources(record, found)
    return found


def _words(record: Mapping[str, Any], found: Mistakes) -> None:
    groups = [f"people.{row}.self_described_group" for row in range(1, len(rows(record.get("people"))) + 1)]
    found.found += name_mistakes(record, texts=(*FREE_TEXT, *groups), identifiers=IDENTIFIERS).found
    for place, source in table(record.get("sources")).items():
        said = name_mistakes(table(source), texts=("uncertainty",), identifiers=()).found
        found.found += [Mistake(f"sources.{place}.{each.place}", None, each.rule, each.way_out) for each in said]
    if record.get("title") == FORM_TITLE:
        found.add("title", None, "is still that of the form", "Say in a few words what happened.")


def name_mistakes(tree: Mapping[str, Any], *, texts: Iterable[str], identifiers: Iterable[str]) -> Mistakes:
    """Every text and identifier, by its place, that holds what would point at a person; what it holds is not repeated."""
    found = Mistakes()
    for place in texts:
        text = value_at(tree, place)
        for rule in pointing(text, is_place=place == "where.place") if isinstance(text, str) else ():
            found.add(place, None, rule, NO_NAMES)
    for place in identifiers:
        word = value_at(tree, place)
        for rule in pointing_identifier(word) if isinstance(word, str) else ():
            found.add(place, None, rule, OTHER_WORD)
    return found


def _consent(record: Mapping[str, Any], found: Mistakes) -> None:
    """The consent is about this encounter, and about everybody who took part in it."""
    consent, identifier = table(record.get("consent")), record.get("identifier")
    about = consent.get("encounter")
    if isinstance(about, str) and isinstance(identifier, str) and about != identifier:
        found.add(
            "consent.encounter", about, f"is not this encounter, {identifier}", "Each encounter has its own consent."
        )
    if "visible" not in consent:
        return
    visible = table(consent.get("visible"))
    for role in ("officer", "child", "adult"):
        shown = whole(visible.get(role, 0))
        took_part, present = (
            _present(record, role, parts) for parts in (("took part",), ("took part", "stood by", None))
        )
        if shown is None:
            continue
        if took_part is not None and shown < took_part:
            way_out = f"Everybody who took part counts as visible: raise visible.{role}, and ask the others."
            found.add(f"consent.visible.{role}", shown, f"is fewer than the {took_part} who took part", way_out)
        if present is not None and shown > present and not _role_unknown(record):
            found.add(
                f"consent.visible.{role}", shown, f"is more than the {present} who were there", "Mend one of them."
            )


def _present(record: Mapping[str, Any], role: str, parts: tuple[str | None, ...]) -> int | None:
    """How many of a role were there in one of these parts; None where people or a count are unknown."""
    if not isinstance(record.get("people"), list | tuple):
        return None
    counts = [
        whole(row.get("count"))
        for row in _rows(record, "people")
        if row.get("role") == role and row.get("part") in parts
    ]
    return None if None in counts else sum(count for count in counts if count is not None)


def _role_unknown(record: Mapping[str, Any]) -> bool:
    return any(row.get("role") is None for row in _rows(record, "people"))


def _rows(holder: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    return (table(each) for each in rows(holder.get(name)))


def _clip(clip: Mapping[str, Any], found: Mistakes) -> None:
    if clip.get("filmed") is False and clip.get("posted") is True:
        found.add("clip.posted", True, "contradicts clip.filmed = false", "What is not filmed cannot be posted.")
    if clip.get("filmed") is False and clip.get("filmed_by") not in (None, "nobody"):
        found.add("clip.filmed_by", clip.get("filmed_by"), "contradicts clip.filmed = false", 'Write "nobody".')
    if clip.get("filmed") is True and clip.get("filmed_by") == "nobody":
        found.add("clip.filmed_by", "nobody", "contradicts clip.filmed = true", 'Write who, or "unknown".')
    if clip.get("posted") is False and clip.get("posted_by") not in (None, "nobody"):
        found.add("clip.posted_by", clip.get("posted_by"), "contradicts clip.posted = false", 'Write "nobody".')
    if clip.get("posted") is True and clip.get("posted_by") == "nobody":
        found.add("clip.posted_by", "nobody", "contradicts clip.posted = true", 'Write who, or "unknown".')
    if clip.get("posted") is not True and clip.get("posted_on") is not None:
        found.add("clip.posted_on", str(clip.get("posted_on")), "needs clip.posted = true", "Take it out, or say so.")


def _course(record: Mapping[str, Any], found: Mistakes) -> None:
    course, clip = table(record.get("course")), table(record.get("clip"))
    for place, (who, whom) in enumerate(((row.get("who"), row.get("whom")) for row in _rows(course, "joins")), start=1):
        if "nobody" in (who, whom):
            found.add(
                f"course.joins.{place}",
                "nobody",
                "joins nobody",
                "Leave the row out; an empty list says that nobody joined.",
            )
    held, posted = day(table(record.get("when")).get("date")), day(clip.get("posted_on"))
    if held and posted and posted < held:
        found.add("clip.posted_on", str(posted), f"lies before the encounter, {held}", "Mend one of the two.")


def _tone(tone: Mapping[str, Any], found: Mistakes) -> None:
    for view in ("by_those_present", "by_coders"):
        for place, rating in enumerate(_rows(tone, view), start=1):
            _rating(rating, f"tone.{view}.{place}", found)
            by_coder = rating.get("judged_by") == "coder"
            if view == "by_coders" and rating.get("judged_by") not in (None, "coder"):
                found.add(
                    f"tone.{view}.{place}.judged_by",
                    rating.get("judged_by"),
                    "was there",
                    "Put it under tone.by_those_present.",
                )
            if view == "by_those_present" and by_coder:
                found.add(f"tone.{view}.{place}.judged_by", "coder", "was not there", "Put it under tone.by_coders.")


def _rating(rating: Mapping[str, Any], here: str, found: Mistakes) -> None:
    if rating.get("judged_by") == "child" and rating.get("collected_by") == "officer":
        found.add(f"{here}.collected_by", "officer", "may not collect a child's answers", ASK_OTHERS)
    if rating.get("judged_by") == "child" and rating.get("collected_by") is None:
        found.add(f"{here}.collected_by", None, "must be known where children were asked", "It may not be an officer.")
    if rating.get("judged_by") is None and rating.get("collected_by") == "officer":
        found.add(f"{here}.judged_by", None, "must be known where an officer asked", "It may not have been children.")
    low, high = number(rating.get("scale_low")), number(rating.get("scale_high"))
    if low is None or high is None:
        return
    if low >= high:
        found.add(f"{here}.scale_high", high, f"is not above scale_low, {low:g}", "Turn the scale round: high is good.")
        return
    for key in ("neutral", "mean"):
        value = number(rating.get(key))
        if value is not None and not low <= value <= high:
            found.add(f"{here}.{key}", value, f"lies off the scale from {low:g} to {high:g}", "Mend it, or the scale.")
    sd, n = number(rating.get("sd")), whole(rating.get("n"))
    if sd is not None and sd > _largest_sd(low, high, n) * 1.001:
        found.add(
            f"{here}.sd", sd, f"is larger than answers from {low:g} to {high:g} can have", "Mend it, or the scale."
        )


def _largest_sd(low: float, high: float, n: int | None) -> float:
    """The standard deviation when half of the answers stand at each end of the scale, by the n - 1 rule."""
    return (high - low) / 2 * (n / (n - 1)) ** 0.5 if n is not None and n > 1 else high - low


def _after(after: Mapping[str, Any], found: Mistakes) -> None:
    words = list(rows(after.get("followed")))
    if "nothing" in words and len(words) > 1:
        found.add("after.followed", None, 'holds "nothing" beside something', "Take one of them out.")
    for word in sorted({word for word in words if isinstance(word, str) and words.count(word) > 1}):
        found.add("after.followed", word, "stands there twice", "Write each word once.")


def _sources(record: Mapping[str, Any], found: Mistakes) -> None:
    """Every source is that of a field of the record which has a value."""
    known = dict(leaves({key: value for key, value in record.items() if key not in ("sources", "consent")}))
    for place, source in table(record.get("sources")).items():
        if place.split(".")[0] in ("consent", "sources", "identifier"):
            found.add(f"sources.{place}", None, "has no source of its own", "Take it out.")
        elif value_at(record, place) is None and not any(each.startswith(f"{place}.") for each in known):
            found.add(
                f"sources.{place}",
                None,
                "is the source of a field without a value",
                "Write places as in when.duration_minutes or people.1.count.",
            )
        uncertainty = table(source).get("uncertainty") if isinstance(source, Mapping) else None
        if isinstance(uncertainty, int | float) and uncertainty < 0:
            found.add(f"sources.{place}.uncertainty", uncertainty, "is below 0", "It is half the width of an interval.")
