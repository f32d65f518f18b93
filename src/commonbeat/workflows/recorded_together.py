"""Moving together, as the video instrument measured it, counted into the quality of an encounter: only where a scenario asks for it.

    quality = quality of the record * exp(g),   g split-normal with percentiles ln(.8), ln(1.15), ln(1.9)

What the cards give (E067 to E070): people who moved in time felt closer, gave more and judged each other's group less harshly, all
of it at once, mostly among strangers told to do so, and more where the experimenter knew the condition. Nobody measured trust
in police, or anything weeks later. So the interval is assumed: it holds no effect, a little harm, and a doubling. Nothing is added where
everybody's movement did not lie above its null, and nothing is taken off: a scenario that asks for it can only gain at the middle.
Whoever rated the tone may have seen the same movement, so it may be counted twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from commonbeat.record import Encounter

GAIN: Final = (0.8, 1.15, 1.9)
NOT_OURS: Final = "is not what the video instrument wrote"
TESTED: Final = "cluster phase"
DOCUMENT: Final = "measured.json"
WAY_OUT: Final = "Name the folder that `commonbeat record video` left for this encounter's clip."


def counted(quality: Mapping[str, Any], folder: Path, record: Encounter) -> tuple[dict[str, Any], Mistake | None]:
    """(quality with the movement in `folder` counted in, None), or the quality as it was and why it cannot be."""
    try:
        return _counted(quality, folder, record)
    except (AttributeError, KeyError, TypeError, ValueError):
        return dict(quality), Mistake(str(folder / DOCUMENT), None, NOT_OURS, WAY_OUT)


def _counted(quality: Mapping[str, Any], folder: Path, record: Encounter) -> tuple[dict[str, Any], Mistake | None]:
    """The same, where the instrument's document has its own shape.

    Both sides of each interval are taken as independent on the logarithmic scale, so their squares add.
    """
    same, measured = dict(quality), _document(folder)
    if isinstance(measured, Mistake):
        return same, measured
    sha256 = measured.get("clip", {}).get("sha256")
    if record.clip.sha256 is None or sha256 != record.clip.sha256:
        rule = "was not measured in the clip whose fingerprint the record has"
        return same, Mistake(
            "clip.sha256", record.clip.sha256, rule, f"Write the clip's sha256 into the record: {sha256}."
        )
    tested = next((each for each in measured.get("everybody", ()) if each.get("name") == TESTED), None)
    chance = tested and tested.get("value")
    if not chance:
        rule = f"holds no movement of everybody that was compared with chance ({(tested or {}).get('why_not', 'none')})"
        return same, Mistake(str(folder), None, rule, "Take moving_together out of the event.")
    said = f"everybody's movement {chance['value']} beside a null of {chance['low']} to {chance['high']}"
    if chance["value"] <= chance["high"]:
        return {**same, "source": f"{same['source']}; {said}: no more than chance, so nothing is added"}, None
    if same["low"] <= 0:
        rule = "cannot be counted into a quality that may be below nothing"
        return same, Mistake(str(folder), None, rule, "Take moving_together out of the event.")
    return _with_gain(same, f"{said}: counted in because the scenario asks for it (assumed, E067 to E070)"), None


def _with_gain(quality: dict[str, Any], said: str) -> dict[str, Any]:
    low, middle, high = (quality[end] for end in ("low", "middle", "high"))
    down = ((middle / low), (GAIN[1] / GAIN[0]))
    up = ((high / middle), (GAIN[2] / GAIN[1]))
    centre = middle * GAIN[1]
    return {
        "low": round(centre / _joint(*down), 4),
        "middle": round(centre, 4),
        "high": round(min(centre * _joint(*up), 10.0), 4),
        "source": f"{quality['source']}; {said}",
    }


def _joint(first: float, second: float) -> float:
    """The ratio of an end to its middle when two independent factors are multiplied."""
    from math import exp, hypot, log

    return exp(hypot(log(first), log(second)))


def _document(folder: Path) -> dict[str, Any] | Mistake:
    try:
        found = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return Mistake(str(folder / DOCUMENT), None, f"cannot be read: {reason}", WAY_OUT)
    except ValueError:
        return Mistake(str(folder / DOCUMENT), None, NOT_OURS, WAY_OUT)
    return found if isinstance(found, dict) else Mistake(str(folder / DOCUMENT), None, NOT_OURS, WAY_OUT)
