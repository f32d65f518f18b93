"""From a targets file to targets that the scenario and its society can be held against, or every mistake at once."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import DataFileError, Mistakes, did_you_mean
from commonbeat.evidence.estimates import ASSUMED_RELIABILITY
from commonbeat.fit.posterior.overlap import is_chance
from commonbeat.fit.posterior.share_log import read_share_log
from commonbeat.fit.posterior.table import HEADING, Row, kind_of, read_table, std_error_of
from commonbeat.fit.posterior.target import (
    ANSWERS,
    BURN_IN,
    CITY,
    COUNTED,
    FEWEST_RESPONDENTS,
    LATENT,
    MOST_POINTS,
    OF_ENCOUNTERS,
    POINTS,
    POINTS_OF,
    POINTS_PER_SD,
    UNITS,
    Target,
    Targets,
)
from commonbeat.simulate.columns import EVERYBODY
from commonbeat.simulate.frame import ALL_RESIDENTS, reporting_name
from commonbeat.simulate.record import RINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.scenario import Arm, Scenario


@dataclass(frozen=True, slots=True)
class Known:
    """What the scenario and its society have, for targets to name.

    asked: reporting group -> the outcomes that it is asked. people: the groups of which occurrences are counted.
    """

    scenario: Scenario
    asked: Mapping[str, tuple[str, ...]]

    def arm(self, name: str) -> Arm:
        """The scenario's arm of that name."""
        return self.scenario.arm(name)


def read_targets(path: str | Path, known: Known) -> Targets:
    """The targets in the CSV file `path`. Raises DataFileError with every mistake in it and in the share logs that it names."""
    path, mistakes, repairs = Path(path), Mistakes(), []
    rows = read_table(path)
    digest = hashlib.sha256(path.read_bytes())
    found: dict[tuple[object, ...], Target] = {}
    for row in rows:
        kind = kind_of(row, mistakes)
        if kind is None:
            continue
        before = len(mistakes.found)
        target = _target(row, kind, path.parent, known, repairs, mistakes)
        if target is None or len(mistakes.found) > before:
            continue
        if target.key in found:
            mistakes.add(row.place("kind"), kind, f"measures what {found[target.key].place} measures", "Keep one.")
        found.setdefault(target.key, target)
        if kind == "share_log":
            digest.update((path.parent / target.file).read_bytes())
    _check_what_happened(tuple(found.values()), known, mistakes)
    mistakes.raise_if_any(DataFileError, HEADING)
    return Targets(tuple(found.values()), tuple(repairs), path.name, digest.hexdigest())


def _target(row: Row, kind: str, folder: Path, known: Known, repairs: list[str], mistakes: Mistakes) -> Target | None:
    _check_arm(row, kind, known, mistakes)
    if kind == "share_log":
        return _share_log(row, folder, known, repairs, mistakes)
    if kind == "count":
        return _count(row, known, repairs, mistakes)
    ring = row.text("ring") or CITY
    group = _group(row, ring, known, mistakes)
    outcome = row.text("outcome")
    outcomes = sorted({each for asked in known.asked.values() for each in asked})
    if outcome not in outcomes:
        mistakes.add(row.place("outcome"), outcome, "is not an outcome", did_you_mean(outcome, outcomes))
    elif group in known.asked and outcome not in known.asked[group]:
        rule = f"is not asked of {group}"
        mistakes.add(row.place("outcome"), outcome, rule, f"Asked of them: {', '.join(known.asked[group])}.")
    day = _day(row, -BURN_IN if kind == "survey_mean" else 1, known, mistakes)
    _check_ring(row, ring, day, known, mistakes)
    _check_respondents(row, mistakes)
    _check_points(row, kind, mistakes)
    divisor = _divisor(row, repairs, mistakes)
    estimate, std_error = row.number("estimate", mistakes), std_error_of(row, kind, repairs, mistakes)
    if estimate is None or std_error is None or day is None:
        return None
    return Target(
        kind,
        f"{row.file} line {row.line}",
        row.text("arm"),
        group=group,
        ring=ring,
        outcome=outcome,
        day=day,
        estimate=estimate / divisor,
        std_error=std_error / divisor,
    )


def _check_arm(row: Row, kind: str, known: Known, mistakes: Mistakes) -> None:
    name, names = row.text("arm"), [arm.name for arm in known.scenario.arms]
    if name not in names:
        mistakes.add(row.place("arm"), name, "is not an arm of the scenario", did_you_mean(name, names))
    elif kind == "effect" and name == known.scenario.reference:
        way_out = "Name the arm that was tried; effects are against the reference."
        mistakes.add(row.place("arm"), name, "is the reference, whose effect against itself is 0", way_out)


def _check_what_happened(targets: Sequence[Target], known: Known, mistakes: Mistakes) -> None:
    """The waves of a series after day 0 are of one arm beside the reference: a city has lived through one."""
    happened: dict[tuple[str, str], dict[str, Target]] = {}
    for each in targets:
        if each.kind == "survey_mean" and each.day > 0 and each.arm != known.scenario.reference:
            happened.setdefault(each.series, {}).setdefault(each.arm, each)
    for (group, outcome), by_arm in happened.items():
        if len(by_arm) > 1:
            arms, second = " and ".join(by_arm), list(by_arm.values())[1]
            rule = (
                f"makes a second arm of the survey series on {outcome} of {group} ({arms}), and only one arm happened"
            )
            mistakes.add(f"{second.place} arm", second.arm, rule, "Name in all its waves the arm that took place.")


def _group(row: Row, ring: str, known: Known, mistakes: Mistakes) -> str:
    """The reporting group, also where the society's own name for it was written."""
    name = row.text("group")
    names = list(known.asked)
    if ring != CITY:
        names = [each for each in names if each != ALL_RESIDENTS] + [EVERYBODY]
    if name not in names and reporting_name(name) in names:
        return reporting_name(name)
    if name not in names:
        mistakes.add(row.place("group"), name, "is not a group here", did_you_mean(name, names))
    return name


def _day(row: Row, first: int, known: Known, mistakes: Mistakes) -> int | None:
    found, last = row.number("day", mistakes), known.scenario.days
    if found is None:
        return None
    if found != int(found):
        mistakes.add(row.place("day"), found, "is not a whole day", "Count whole days since the scenario began.")
        return None
    if not first <= found <= last:
        rule = f"lies outside the scenario, days {first} to {last}"
        mistakes.add(row.place("day"), int(found), rule, "Raise the scenario's `days`, or leave the target out.")
    return int(found)


def _check_ring(row: Row, ring: str, day: int | None, known: Known, mistakes: Mistakes) -> None:
    """Somebody can be in the ring by then: what happens on day k is in the levels from day k + 1 on."""
    arm = row.text("arm")
    if ring not in (CITY, *RINGS):
        mistakes.add(row.place("ring"), ring, "is not a ring", did_you_mean(ring, (CITY, *RINGS)))
        return
    if ring not in OF_ENCOUNTERS or arm not in [each.name for each in known.scenario.arms]:
        return
    begun = [each.day for each in known.arm(arm).occurrences(known.scenario.days)]
    if not begun:
        mistakes.add(row.place("ring"), ring, f"holds nobody: nothing happens in the arm {arm}", "Name another arm.")
    elif day is not None and day <= min(begun):
        rule = f"is before anybody is in the ring {ring}: the first encounter of {arm} is on day {min(begun)}"
        mistakes.add(row.place("day"), day, rule, f"Date it {min(begun) + 1} or later.")


def _check_points(row: Row, kind: str, mistakes: Mistakes) -> None:
    """A mean in points lies on their scale."""
    mean = row.number("estimate", Mistakes()) if kind == "survey_mean" and row.text("unit") == POINTS else None
    if mean is not None and not 0 <= mean <= MOST_POINTS:
        rule = f"is no mean in points, which go from 0 to {MOST_POINTS}"
        mistakes.add(row.place("estimate"), mean, rule, "Turn the scale into points of 100, or write the mean in SDs.")


def _check_respondents(row: Row, mistakes: Mistakes) -> None:
    n = row.number("n", mistakes)
    if n is not None and n < FEWEST_RESPONDENTS:
        rule = f"is below {FEWEST_RESPONDENTS}: cells of so few real people are not used"
        mistakes.add(row.place("n"), n, rule, "Put cells together, or leave the row out.")


def _divisor(row: Row, repairs: list[str], mistakes: Mistakes) -> float:
    """How many of the row's units make one latent SD: answers spread wider than true scores, SD_latent = SD_answers * sqrt(reliability)."""
    unit = row.text("unit")
    sd, reliability = row.number("sd", mistakes), row.number("reliability", mistakes)
    if unit not in UNITS:
        mistakes.add(row.place("unit"), unit, "is not a unit", did_you_mean(unit, UNITS))
    if sd is not None and sd <= 0:
        mistakes.add(row.place("sd"), sd, "is not above 0", "It is the SD of the outcome's answers, in points.")
    if reliability is not None and not 0 < reliability <= 1:
        mistakes.add(row.place("reliability"), reliability, "is not above 0 and up to 1", "It is that of the answers.")
        return 1.0
    if unit == LATENT and reliability is not None:
        way_out = f"Leave it out, or write the unit {ANSWERS} if the estimate is in SDs of the answers."
        mistakes.add(row.place("reliability"), reliability, f"has no meaning for the unit {LATENT}", way_out)
    if unit == LATENT or unit not in UNITS:
        return 1.0
    if reliability is None:
        reliability = ASSUMED_RELIABILITY
        _say(f"answers without a `reliability` were taken to have one of {reliability:g}", repairs)
    return (1.0 if unit == ANSWERS else _points_per_sd(row, sd, repairs, mistakes)) * math.sqrt(reliability)


def _points_per_sd(row: Row, sd: float | None, repairs: list[str], mistakes: Mistakes) -> float:
    """SD of the answers in points: the row's own, or that of the thermometer of trust."""
    if sd is None and row.text("outcome") == POINTS_OF:
        _say(f"points were read with {POINTS_PER_SD} points to one SD of the answers (card E090)", repairs)
    elif sd is None:
        rule = f"is empty, and the {POINTS_PER_SD} points of the police thermometer are an SD of {POINTS_OF} alone"
        mistakes.add(row.place("sd"), None, rule, "Give the SD of the outcome's answers among people, in points.")
    return POINTS_PER_SD if sd is None else sd


def _say(repair: str, repairs: list[str]) -> None:
    """The repair is named once."""
    if repair not in repairs:
        repairs.append(repair)


def _count(row: Row, known: Known, repairs: list[str], mistakes: Mistakes) -> Target | None:
    counted = row.text("counted")
    if counted not in COUNTED:
        mistakes.add(row.place("counted"), counted, "is not counted in a run", did_you_mean(counted, COUNTED))
    group = _group(row, CITY, known, mistakes)
    day, estimate = _day(row, 1, known, mistakes), row.number("estimate", mistakes)
    std_error = std_error_of(row, "count", repairs, mistakes)
    if estimate is not None and estimate < 0:
        mistakes.add(row.place("estimate"), estimate, "is below 0", "A count is 0 or more.")
    elif estimate is not None and estimate < FEWEST_RESPONDENTS and not row.text("n"):
        rule = f"is below {FEWEST_RESPONDENTS}, and `n` is empty: cells of so few real people are not used"
        mistakes.add(row.place("estimate"), estimate, rule, "Say in `n` of how many people it is, or count more days.")
    _check_respondents(row, mistakes)
    if day is None or estimate is None or std_error is None:
        return None
    target = Target(
        "count",
        f"{row.file} line {row.line}",
        row.text("arm"),
        group=group,
        day=day,
        estimate=estimate,
        std_error=std_error,
        counted=counted,
    )
    if row.text("std_error") and is_chance(target):
        repairs.append(
            f"{row.place('std_error')} is the root of the count: chance alone was taken, which is that of the run"
        )
    return target


def _share_log(row: Row, folder: Path, known: Known, repairs: list[str], mistakes: Mistakes) -> Target | None:
    clips = _clips_of(row.text("arm"), known)
    clip = row.text("clip") or (clips[0] if clips else "")
    if clip not in clips:
        way_out = did_you_mean(clip, clips) if clips else "Name an arm in which something is filmed and posted."
        mistakes.add(row.place("clip"), clip or None, "is not a clip that this arm posts", way_out)
    log = read_share_log(folder / row.text("file"), row.text("posted"), mistakes)
    if log is None:
        return None
    repairs += log.repairs
    return Target(
        "share_log",
        f"{row.file} line {row.line}",
        row.text("arm"),
        clip=clip,
        file=row.text("file"),
        shares=len(log.hours),
        median_hours=log.median_hours,
    )


def _clips_of(arm: str, known: Known) -> list[str]:
    """The clips that an arm posts, by their ordinal, in order."""
    if arm not in [each.name for each in known.scenario.arms]:
        return []
    happenings = known.arm(arm).occurrences(known.scenario.days)
    return [each.ordinal for each in happenings if each.origin]
