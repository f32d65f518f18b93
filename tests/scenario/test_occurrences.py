"""Occurrences are dated, sorted, and addressed alike in every arm."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.scenario import Arm, EncounterEvent, NegativeEncounterEvent, ViolentClipEvent, shipped


def encounter(**changes: object) -> EncounterEvent:
    given_fields = {"kind": "encounter", "encounter": "dance_off", "day": 0, "hour": 16, "authenticity": "planned"}
    return EncounterEvent.model_validate({**given_fields, **changes})


@given(day=st.integers(0, 60), every=st.integers(1, 40), until=st.integers(1, 90), days=st.integers(1, 90))
@settings(max_examples=200, deadline=None)
def test_repetition_keeps_its_days(day: int, every: int, until: int, days: int) -> None:
    found = [item.day for item in encounter(day=day, every_days=every, until_day=until).occurrences(days)]
    assert found == [each for each in range(days) if each >= day and (each - day) % every == 0 and each < until]


def test_an_arm_sorts_its_occurrences_and_drops_what_comes_too_late() -> None:
    arm = Arm(
        name="mixed",
        title="Mixed",
        events=(
            ViolentClipEvent(kind="violent_clip", day=14),
            NegativeEncounterEvent(kind="gun_pointed", day=14, hour=3, place="Phillips West"),
            encounter(every_days=7),
            ViolentClipEvent(kind="violent_clip", day=20),
        ),
    )
    assert [(item.day, item.hour, item.ordinal) for item in arm.occurrences(15)] == [
        (0, 16, "dance_off/0"),
        (7, 16, "dance_off/7"),
        (14, 3, "gun_pointed/14/3/Phillips West"),
        (14, 16, "dance_off/14"),
        (14, 18, "violent_clip/14"),
    ]


def test_the_same_moment_has_the_same_address_in_every_arm() -> None:
    scenario = shipped("dance-off")
    first = {
        arm.name: arm.occurrences(scenario.days)[0].ordinal
        for arm in scenario.arms
        if arm.name not in {"nothing", "fewer_stops"}
    }
    assert set(first.values()) == {"dance_off/0"}


def test_the_origin_says_who_posts() -> None:
    assert [item.origin for item in encounter(clip="none").occurrences(1)] == [""]
    assert [item.origin for item in encounter(clip="outlet").occurrences(1)] == ["outlet"]
    assert [item.clip for item in ViolentClipEvent(kind="violent_clip", day=0).occurrences(1)] == ["outlet"]
