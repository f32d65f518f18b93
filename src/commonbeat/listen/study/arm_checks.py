"""Arms that make sense together: only viewers are drawn to them, in whole blocks, and each has what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from commonbeat.listen.study.languages import in_languages
from commonbeat.listen.study.named import listed_once, named_once
from commonbeat.scenario.checks import rows, table, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.errors import Mistakes

SHOWN: Final = {
    "clip": ("description",),
    "control_clip": ("description",),
    "clip_with_record": ("description", "text"),
    "text": ("text",),
}
TOLD: Final = {
    "description": "Say what is seen and heard, for those who cannot see or hear it.",
    "text": "Write what is shown to read.",
}


def arm_mistakes(study: Mapping[str, Any], languages: Sequence[str], found: Mistakes) -> None:
    """Every mistake that lies between arms, their assignment and the rest of the study."""
    arms = [table(each) for each in rows(study.get("arms"))]
    _only_viewers(study, len(arms), found)
    named_once(arms, "arms", found)
    for number, arm in enumerate(arms, start=1):
        _materials(arm, languages, f"arms.{number}", found)
    if len(arms) > 1 and not table(study.get("debriefing")):
        found.add(
            "debriefing", None, "is missing", "Where people are shown different things, all are told so at the end."
        )
    _assignment(table(study.get("assignment")), arms, found)


def _only_viewers(study: Mapping[str, Any], arms: int, found: Mistakes) -> None:
    viewers = study.get("design") == "viewers"
    if viewers and arms < 2:
        found.add("arms", None, f"has {arms} where at least 2 are needed", "Viewers are compared between arms.")
    if "design" in study and not viewers:
        for place in ("arms", "assignment"):
            if study.get(place):
                found.add(place, None, "belongs to viewers only", "Take it out: nobody here is drawn to anything.")
        if table(study.get("checks")).get("manipulation"):
            found.add("checks.manipulation", None, "belongs to viewers only", "Take it out: nothing is shown here.")


def _materials(arm: Mapping[str, Any], languages: Sequence[str], place: str, found: Mistakes) -> None:
    """The arm has the texts that its kind shows, in each language, and nothing that it does not show."""
    needed = SHOWN.get(str(arm.get("kind")))
    if needed is None:
        return
    if arm.get("picture"):
        needed = ("description", *needed)
    for key in ("description", "text"):
        texts = table(arm.get(key))
        if key in needed and not texts:
            found.add(f"{place}.{key}", None, "is missing", TOLD[key])
        elif key in needed:
            in_languages(texts, languages, f"{place}.{key}", found)
        elif texts:
            found.add(f"{place}.{key}", None, f"is not shown in an arm of kind {arm['kind']}", "Take it out.")
    if arm["kind"] == "text" and arm.get("clip"):
        found.add(f"{place}.clip", None, "is not shown in an arm of kind text", "Take it out, or take another kind.")
    captions = table(arm.get("captions"))
    if captions and not arm.get("clip"):
        found.add(f"{place}.captions", None, "has no clip that it belongs to", "Name the clip, or take it out.")
    elif captions:
        in_languages(captions, languages, f"{place}.captions", found)


def _assignment(assignment: Mapping[str, Any], arms: Sequence[Mapping[str, Any]], found: Mistakes) -> None:
    """Each block is filled by whole shares."""
    listed_once(rows(assignment.get("ask_before")), "assignment.ask_before", found)
    listed_once(rows(assignment.get("block_by")), "assignment.block_by", found)
    shares = [whole(arm.get("share", 1)) for arm in arms]
    total = sum(share for share in shares if share)
    if not total or None in shares:
        return
    sizes = rows(assignment.get("block_sizes"))
    for number, size in enumerate(sizes, start=1):
        if whole(size) is not None and size % total:
            way_out = f"Take {total}, {2 * total} or {3 * total}."
            found.add(
                f"assignment.block_sizes.{number}", size, f"is no multiple of {total}, the sum of shares", way_out
            )
    if len(sizes) == 1:
        way_out = (
            f"Take several, such as [{total}, {2 * total}]: with one size, the last arms of a block can be foretold."
        )
        found.add("assignment.block_sizes", None, "has only one size", way_out)
