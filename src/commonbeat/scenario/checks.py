"""What pydantic cannot see: names that must agree with each other, and days that must make sense together.

Works on plain tables as TOML gives them and steps over whatever has the wrong type, so that these mistakes are
found in the same pass as wrong types and unknown keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistakes, ScenarioError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADING = "The scenario cannot be used:"
NARROWEST_BAND = 0.01
LONGEST_DAYS = 3650
RECORD_SUFFIXES = (".toml", ".json", ".csv")
WHY_NO_TRUST_OBJECTIVE = (
    "is refused: a figure for trust alone can be raised while the people worst off lose and are stopped as often as"
    " before, and commit optimises the worst-off group's outcome and shows stops beside it"
)


def table(value: object) -> Mapping[str, Any]:
    """`value` when it is a table, otherwise an empty one."""
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> Sequence[Any]:
    """`value` when it is a list, otherwise an empty one."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def whole(value: object) -> int | None:
    """`value` when it is a whole number, otherwise None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: object) -> float | None:
    """`value` when it is a number, otherwise None."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def raise_mistakes(scenario: Mapping[str, Any]) -> None:
    """Names and days agree with each other, or ScenarioError lists every place where they do not."""
    found = cross_mistakes(scenario)
    found.raise_if_any(ScenarioError, HEADING)


def cross_mistakes(scenario: Mapping[str, Any]) -> Mistakes:
    """Every mistake that lies between parts of the scenario."""
    found = Mistakes()
    _objective(scenario, found)
    _arm_names(scenario, found)
    _checkpoints(scenario, found)
    _priors(scenario, found)
    _reproduction(scenario, found)
    _qualities(scenario, found)
    for place, arm in _arms(scenario):
        _events(scenario, place, arm, found)
    return found


def _arms(scenario: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, arm in enumerate(rows(scenario.get("arms"))):
        yield f"arms[{index}]", table(arm)


def _days(scenario: Mapping[str, Any]) -> int | None:
    """The number of days when it is one that can be meant."""
    days = whole(scenario.get("days"))
    return days if days is not None and 0 < days <= LONGEST_DAYS else None


def _objective(scenario: Mapping[str, Any], found: Mistakes) -> None:
    objective = scenario.get("objective")
    if objective == "trust":
        found.add("objective", objective, WHY_NO_TRUST_OBJECTIVE, "Take the line out; a run compares all arms.")
    elif objective is not None:
        found.add("objective", objective, "has no place in a scenario: a run compares arms and optimises nothing")


def _arm_names(scenario: Mapping[str, Any], found: Mistakes) -> None:
    first: dict[str, str] = {}
    for place, arm in _arms(scenario):
        name = arm.get("name")
        if not isinstance(name, str):
            continue
        if name in first:
            found.add(f"{place}.name", name, f"is the name of {first[name]} already", "Give each arm its own name.")
        first.setdefault(name, place)
    reference = scenario.get("reference")
    if isinstance(reference, str) and first and reference not in first:
        found.add("reference", reference, "is not the name of an arm", did_you_mean(reference, first))


def _checkpoints(scenario: Mapping[str, Any], found: Mistakes) -> None:
    days, before = _days(scenario), 0
    for index, value in enumerate(rows(scenario.get("checkpoints"))):
        day = whole(value)
        if day is None:
            continue
        place = f"checkpoints[{index}]"
        if days is not None and day > days:
            found.add(place, day, f"lies after the last day, {days}", "Leave it out or raise days.")
        if day <= before:
            found.add(place, day, "does not come after the one before it", "Write each day once, in order.")
        before = max(before, day)


def _priors(scenario: Mapping[str, Any], found: Mistakes) -> None:
    from commonbeat.scenario.parameters import drawn_parameter_names

    priors = table(scenario.get("priors"))
    known = drawn_parameter_names() if priors else ()
    for name, band in priors.items():
        place = f"priors.{name}"
        if name == "reproduction_number":
            found.add(place, None, "has no prior: nobody has measured it", "Bring data under [reproduction].")
        elif name not in known:
            found.add(place, None, "is not a parameter with a prior", did_you_mean(name, known))
        low, high = (number(table(band).get(end)) for end in ("from_quantile", "to_quantile"))
        # Written this way round so that NaN, which compares false with everything, is left to the type check.
        if low is not None and high is not None and high - low < NARROWEST_BAND:
            way_out = "Hand-setting a value is not what a band is for: widen it."
            found.add(f"{place}.to_quantile", high, f"is less than {NARROWEST_BAND} above from_quantile {low}", way_out)


def _reproduction(scenario: Mapping[str, Any], found: Mistakes) -> None:
    reproduction = table(scenario.get("reproduction"))
    low, high = number(reproduction.get("number_low")), number(reproduction.get("number_high"))
    if low is not None and high is not None and high < low:
        found.add("reproduction.number_high", high, f"is below number_low {low}", "Swap them.")


def _qualities(scenario: Mapping[str, Any], found: Mistakes) -> None:
    for name, setting in table(scenario.get("encounters")).items():
        quality = table(table(setting).get("quality"))
        low, middle, high = (number(quality.get(end)) for end in ("low", "middle", "high"))
        place = f"encounters.{name}.quality"
        if low is not None and middle is not None and middle <= low:
            found.add(f"{place}.middle", middle, f"is not above low {low}", "A quality is never known exactly.")
        if middle is not None and high is not None and high <= middle:
            found.add(f"{place}.high", high, f"is not above middle {middle}", "A quality is never known exactly.")


def _events(scenario: Mapping[str, Any], arm_place: str, arm: Mapping[str, Any], found: Mistakes) -> None:
    days = _days(scenario)
    encounters = table(scenario.get("encounters"))
    taken: dict[tuple[object, ...], str] = {}
    for index, value in enumerate(rows(arm.get("events"))):
        event, place = table(value), f"{arm_place}.events[{index}]"
        name = event.get("encounter")
        if event.get("kind") == "encounter" and isinstance(name, str) and name not in encounters:
            found.add(f"{place}.encounter", name, *_unknown_encounter(name, encounters))
        _event_days(days, place, event, found)
        for moment in _moments(days, event):
            if moment in taken:
                what = f"happens on day {moment[-1]} already, by {taken[moment]}"
                found.add(place, None, what, "One arm holds one event of a kind, encounter and place on a day.")
                break
            taken[moment] = place


def _unknown_encounter(name: str, encounters: Mapping[str, Any]) -> tuple[str, str]:
    """The rule that an event breaks whose encounter is not described, and the way out."""
    if name.endswith(RECORD_SUFFIXES):
        return "is the path of a record, which is read only when the scenario is run", "Give the scenario's own path."
    way_out = did_you_mean(name, encounters) if encounters else f"Describe it under [encounters.{name}]."
    return "is not described under [encounters]", way_out


def _event_days(days: int | None, place: str, event: Mapping[str, Any], found: Mistakes) -> None:
    day, until, every = (whole(event.get(key)) for key in ("day", "until_day", "every_days"))
    if day is not None and days is not None and day >= days:
        found.add(f"{place}.day", day, f"lies after the last day, {days - 1} (the first is 0)", "Bring it forward.")
    if until is None:
        return
    if every is None:
        found.add(f"{place}.until_day", until, "needs every_days beside it", "Say how often, or take it out.")
    if day is not None and until <= day:
        found.add(f"{place}.until_day", until, f"does not come after day {day}", "It is the first day without one.")
    if days is not None and until > days:
        found.add(f"{place}.until_day", until, f"lies after the last day, {days}", "Take it out to go on to the end.")


def _moments(days: int | None, event: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Addresses that two events of one arm may not share."""
    day, until, every = (whole(event.get(key)) for key in ("day", "until_day", "every_days"))
    if day is None or days is None or (every is not None and every < 1):
        return
    what = (event.get("kind"), str(event.get("encounter")), str(event.get("place")))
    for each in range(day, min(until or days, days), every or days):
        yield (*what, event.get("hour") if event.get("kind") in {"stop", "harassment", "gun_pointed"} else None, each)
