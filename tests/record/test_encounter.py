"""An encounter keeps counts, not people, and never without consent having been thought of."""

from __future__ import annotations

import dataclasses

import pytest

from commonbeat.errors import InputError
from commonbeat.record import Consent, Encounter
from commonbeat.scenario import shipped

NOBODY = Consent.not_needed("nobody in a simulation is real")


def first_encounter(arm: str) -> Encounter:
    scenario = shipped("dance-off")
    occurrence = scenario.arm(arm).occurrences(scenario.days)[0]
    return Encounter.from_scenario(scenario.encounters["dance_off"], occurrence, consent=NOBODY)


def test_the_shipped_moment_as_an_encounter() -> None:
    encounter = first_encounter("outlet_clip")
    assert {(each.role, each.count) for each in encounter.participants} == {
        ("child", 8),
        ("bystander", 25),
        ("officer", 1),
    }
    assert (encounter.day, encounter.hour, encounter.place) == (0, 16, "drawn")
    assert encounter.filmed
    assert encounter.posted_by == "outlet"
    assert "8 children, 25 bystanders, 1 officer; spontaneous; filmed" in encounter.summary()


def test_a_programme_says_planned_and_an_unfilmed_moment_is_posted_by_nobody() -> None:
    assert first_encounter("weekly_year").authenticity == "planned"
    assert not first_encounter("moment_unfilmed").filmed
    assert first_encounter("moment_unfilmed").posted_by == ""


def test_consent_must_be_given_explicitly() -> None:
    scenario = shipped("dance-off")
    occurrence = scenario.arm("moment_unfilmed").occurrences(1)[0]
    with pytest.raises(TypeError, match="consent"):
        Encounter.from_scenario(scenario.encounters["dance_off"], occurrence)  # type: ignore[call-arg]


def test_an_officer_may_not_collect_a_childs_consent() -> None:
    with pytest.raises(InputError, match="may not collect a child's consent") as caught:
        Consent(frozenset({"be filmed"}), "officer", covers_children=True)
    assert caught.value.exit_code == 2
    assert Consent(frozenset({"be filmed"}), "officer", covers_children=False).allows("be filmed")


def test_unknown_words_are_told_together() -> None:
    with pytest.raises(InputError) as caught:
        Consent(frozenset({"be filmd"}), "ofcer", covers_children=True)
    assert [mistake.place for mistake in caught.value.mistakes] == ["consent.scope", "consent.collector"]
    assert "Did you mean 'be filmed'?" in str(caught.value)


def test_face_measures_are_off_unless_named() -> None:
    consent = Consent(frozenset({"attend", "be filmed"}), "school", covers_children=True)
    assert not consent.allows("face measures")


def test_no_field_could_hold_a_name() -> None:
    fields = {field.name for field in dataclasses.fields(Encounter)}
    assert not fields & {"name", "names", "people", "officer", "account"}
