"""What the types of a study cannot see: days, languages, arms and waves that must make sense together.

Works on plain tables as files give them and steps over whatever has the wrong type, so that these mistakes are found
in the same pass as wrong types and unknown keys.
"""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import Mistakes
from commonbeat.listen.study.arm_checks import arm_mistakes
from commonbeat.listen.study.languages import in_languages
from commonbeat.listen.study.named import listed_once
from commonbeat.listen.study.wave_checks import wave_mistakes
from commonbeat.record.consent_checks import ASK_OTHERS, day
from commonbeat.scenario.checks import rows, table

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS: Final = ("starts_on", "closes_on", "kept_until", "day_zero")
TEXTS: Final = ("title", "purpose")
TEXTS_IF_ANY: Final = ("debriefing", "debriefing_for_children", "compensation")


def study_mistakes(study: Mapping[str, Any]) -> Mistakes:
    """Every mistake that lies between parts of the study; what needs the bank of items is checked apart."""
    found = Mistakes()
    _days(study, found)
    for place in ("languages", "audience", "scales"):
        listed_once(rows(study.get(place)), place, found)
    _who_asks(study, found)
    languages = [each for each in rows(study.get("languages")) if isinstance(each, str)]
    for place in (*TEXTS, *(each for each in TEXTS_IF_ANY if table(study.get(each)))):
        if place in study:
            in_languages(table(study.get(place)), languages, place, found)
    arm_mistakes(study, languages, found)
    wave_mistakes(study, found)
    _paths(study, found)
    return found


def _days(study: Mapping[str, Any], found: Mistakes) -> None:
    for key in DAYS:
        written = day(study.get(key))
        if written and not 2000 <= written.year < 3000:  # no calendar ends within such a study
            found.add(key, str(written), "is no day between 2000 and 2999", "Mend the year.")
    starts, closes, kept = (day(study.get(key)) for key in ("starts_on", "closes_on", "kept_until"))
    if starts and closes and closes < starts:
        found.add("closes_on", str(closes), f"lies before starts_on, {starts}", "Swap them.")
    if closes and kept and kept <= closes:
        found.add("kept_until", str(kept), f"does not lie after closes_on, {closes}", "Answers are kept for some time.")


def _who_asks(study: Mapping[str, Any], found: Mistakes) -> None:
    """An officer asks no children."""
    if study.get("collected_by") == "officer" and "child" in rows(study.get("audience")):
        found.add("collected_by", "officer", "may not collect children's answers", ASK_OTHERS)


def _paths(study: Mapping[str, Any], found: Mistakes) -> None:
    """Files lie in the study's own folder: what is shown to respondents cannot be any other file of the machine."""
    named = [("own_items", study.get("own_items"))]
    for number, arm in enumerate(rows(study.get("arms")), start=1):
        named += [(f"arms.{number}.{key}", table(arm).get(key)) for key in ("clip", "picture")]
        captions = table(table(arm).get("captions"))
        named += [(f"arms.{number}.captions.{language}", path) for language, path in captions.items()]
    for place, path in named:
        if isinstance(path, str) and _leaves_folder(path):
            found.add(
                place, path, "leads out of the study's folder", "Put the file into the folder of the study's file."
            )


def _leaves_folder(path: str) -> bool:
    windows = PureWindowsPath(path)
    return bool(windows.drive or windows.root) or ".." in windows.parts or ".." in PurePosixPath(path).parts
