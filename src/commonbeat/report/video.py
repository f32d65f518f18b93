"""One clip on one page: how well it could be followed, its time along one strip, pairs beside their null, the sound, and what was not measured."""

from __future__ import annotations

import base64
from statistics import median
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from commonbeat.report.chart import dot, linear, rule
from commonbeat.report.page import asset, environment, style
from commonbeat.report.video_strip import NARROW, WIDE, time_strip
from commonbeat.report.video_words import (
    beside_null,
    clock,
    decimal,
    happenings_shown,
    named,
    pairs_shown,
    people_shown,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.video.instrument.measured import Chance, GroupMeasure, KeyFrame, Lag, Measured, Pair

CLAIM, NO_CLAIM = "C2", "no claim"
NEEDED_S = 30
SURE = 0.05
MOST_LIMITS = MOST_HAPPENINGS = 6
SECTIONS = (
    ("time", "Along the clip"),
    ("pairs", "Pairs beside chance"),
    ("together", "All together, and the sound"),
    ("limits", "Not measured, and refused"),
)
MUSIC = "People who hear the same music move together without meeting."
REFUSED = (
    "It says nothing of what anybody felt, thought or is. It keeps no measure of one person’s movement or smiling, and joins none to a group or a role.",
    "No step is made from moving together or from smiling to trust. A scenario may opt in to one, with a wide prior of its own.",
    "A number stands for somebody within this clip only. Nobody is recognised by face, and who leaves and comes back gets a new number.",
    "No laughter, no cheering and no words are listened for.",
    "Distances are those in the plane of the picture: one camera does not see depth.",
    "Who is small, a child, half hidden, or dark on a dark ground (clothes or skin) is missed or misread more often, and may have been there unseen.",
)


def render_video(measured: Measured) -> str:
    """The page of a measured clip as one HTML text that needs no network."""
    return environment().get_template("video.html.j2").render(**everything(measured))


def everything(measured: Measured) -> dict[str, Any]:
    """What the template shows."""
    return {
        "measured": measured,
        "style": style() + Markup(asset("video.css")),  # noqa: S704 - our own file
        "contents": SECTIONS,
        "statement": statement(measured),
        "strips": ((time_strip(measured), "for-wide"), (time_strip(measured, NARROW), "for-narrow")),
        "wide": WIDE,
        "pairs": pairs_shown(measured),
        "people": people_shown(measured),
        "happened": happenings_shown(measured, MOST_HAPPENINGS),
        "comparable": sum(each.together is not None for each in measured.pairs),
        "coverage": median(each.coverage for each in measured.people) if measured.people else None,
        "clear": clear_share(measured),
        "null_picture": null_picture,
        "picture_of": picture_of,
        "beside_null": beside_null,
        "named": named,
        "clock": clock,
        "decimal": decimal,
        "share": share,
        "lagging": lagging,
        "survives": survives,
        "told": told,
        "refused": REFUSED,
        "limits": limits(measured),
        "most_limits": MOST_LIMITS,
        "music": MUSIC,
        "needed": NEEDED_S,
        "claim": CLAIM,
        "no_claim": NO_CLAIM,
    }


def statement(measured: Measured) -> str:
    """The result in one or two sentences, coverage before anything else."""
    count = len(measured.people)
    if not count:
        return f"In {measured.seconds:.0f} s nobody was found who could be followed."
    covered = share(median(each.coverage for each in measured.people))
    found = f"found in {covered} of their frames" + ("" if count == 1 else " at the median")
    people = "one person was" if count == 1 else f"{count} people were"
    followed = f"In {measured.seconds:.0f} s of film {people} followed, {found}."
    return f"{followed} {_joins(measured)} {moved(measured)}"


def _joins(measured: Measured) -> str:
    """How often a group was joined, those that may have been none told apart."""
    joins = measured.of("joined")
    doubtful = sum(bool(each.doubt) for each in joins)
    if not joins:
        return "Nobody was seen to join a group."
    if len(joins) == 1:
        return "A group was joined once, or somebody only passed by." if doubtful else "A group was joined once."
    return f"A group was joined {len(joins)} times{f', {doubtful} of them doubtful' if doubtful else ''}."


def moved(measured: Measured) -> str:
    """How many of the pairs that could be compared moved together more than their null."""
    compared = [each for each in measured.pairs if each.together is not None]
    if not compared:
        return f"No pair could be compared for {NEEDED_S} s, so nothing is said of moving together."
    chances = [each.together for each in compared if each.together is not None]
    above, sure = sum(each.outside for each in chances), sum(survives(each) for each in chances)
    several = len(compared) > 1
    pairs = f"Of {len(compared)} pairs that could be compared," if several else "One pair could be compared;"
    reckoned = ", the number of pairs reckoned with" if several else ""
    if sure:
        return f"{pairs} {sure if several else 'it'} moved together more than chance gives{reckoned}.{_by_the_beat(compared)}"
    verb = "none moved" if several else "it did not move"
    found = f"{pairs} {verb} together more than chance gives{reckoned}"
    if above:
        band = f"{above} lay above {'its' if above == 1 else 'their'} own band" if several else "it lay above its band"
        found += f"; {band}, as one pair of strangers in twenty does"
    return f"{found}.{_too_many(chances)}"


def _by_the_beat(compared: Sequence[Pair]) -> str:
    """Where a beat was heard, how many of those pairs are above chance without it too."""
    sure = [each for each in compared if each.together is not None and survives(each.together)]
    rests = [each.without_beat for each in sure if each.without_beat is not None]
    if not rests:
        return ""
    still = sum(each.outside and each.p < SURE for each in rests)
    if len(sure) == 1:
        return f" With the music’s beat taken out it {'still does' if still else 'does no more'}."
    return f" With the music’s beat taken out, {still or 'none'} of them still {'does' if still == 1 else 'do'}."


def _too_many(chances: Sequence[Chance]) -> str:
    """That no value however high could have been more than chance, where so little film cannot show it for so many pairs."""
    least = [each.p_least for each in chances if each.p_least is not None]
    if not least or min(least) * len(chances) < SURE:
        return ""
    return " No pair could have: this is too little film for so many pairs."


def survives(chance: Chance) -> bool:
    """Whether the value is beyond its null also when the number of pairs is reckoned with."""
    p = chance.p if chance.p_adjusted is None else chance.p_adjusted
    return chance.outside and p < SURE


def clear_share(measured: Measured) -> float:
    """The share of the analysed time in which the camera's own motion was known."""
    covered = measured.moments.coverage
    return float(covered.mean()) if len(covered) else 0.0


def null_picture(chance: Chance) -> Markup:
    """A value as a dot over the band of its null, on a ruler from 0 to 1."""
    across = linear(0.0, 1.0, 5, 115)
    low, high = across(max(chance.low, 0.0)), across(min(chance.high, 1.0))
    band = f'<rect x="{low:.1f}" y="3" width="{max(high - low, 1):.1f}" height="12" class="null-band"/>'
    marks = (
        rule(across(0), 1, across(0), 17, "grid")
        + band
        + rule(across(chance.middle), 3, across(chance.middle), 15, "null-middle")
    )
    value = dot(
        across(max(0.0, min(1.0, chance.value))), 9, 4.5, "null-value outside" if survives(chance) else "null-value"
    )
    box = 'viewBox="0 0 120 18" width="120" height="18"'
    return Markup(f'<svg class="strip null" {box} aria-hidden="true">{marks}{value}</svg>')  # noqa: S704 - numbers only


def picture_of(frame: KeyFrame) -> Markup:
    """An obscured key frame as an image inside the page."""
    data = base64.b64encode(frame.jpeg).decode()
    return Markup('<img alt="{}" src="data:image/jpeg;base64,{}">').format(
        f"At {clock(frame.time_s)}: {frame.words}", data
    )


def limits(measured: Measured) -> tuple[str, ...]:
    """What was not measured and why, then what to keep in mind, as sentences."""
    missing = tuple(f"{what[0].upper()}{what[1:]}: {why}." for what, why in measured.not_measured)
    notes = (f"The clip: {note}." for note in measured.facts.notes if measured.sound is not None or note != "no sound")
    return (*missing, *measured.cautions, *notes)


def lagging(lag: Lag) -> str:
    """A lag in words, with the period up to which it is known."""
    told = f"{decimal(lag.seconds)} s ({decimal(lag.low)} to {decimal(lag.high)})"
    return told if lag.period is None else f"{told} ± n × {decimal(lag.period)} s"


def told(measure: GroupMeasure) -> str:
    """A measure of everybody in words: its value beside its null, or why there is none."""
    if measure.chance is None:
        return f"not measured: {measure.why_not}"
    return f"{beside_null(measure.chance)}, p = {measure.chance.p:.3f}"
