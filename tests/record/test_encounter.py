"""An encounter keeps counts, not people, and never without consent having been thought of."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from commonbeat.errors import ConsentError, RecordError
from commonbeat.record import Consent, Encounter
from commonbeat.record.places import leaves
from commonbeat.scenario import shipped
from tests.record.examples import a_record
from tests.record.files import read

NOBODY = Consent.not_needed("nobody in a simulation is real")


def first_encounter(arm: str) -> Encounter:
    scenario = shipped("dance-off")
    occurrence = scenario.arm(arm).occurrences(scenario.days)[0]
    return Encounter.from_scenario(scenario.encounters["dance_off"], occurrence, consent=NOBODY)


def test_the_shipped_moment_as_an_encounter() -> None:
    encounter = first_encounter("outlet_clip")
    assert [(each.role, each.part, each.count) for each in encounter.people or ()] == [
        ("child", "took part", 8),
        (None, "stood by", 25),
        ("officer", "took part", 1),
    ]
    assert (encounter.when.date, encounter.when.hour, encounter.where.place) == (None, 16, None)
    assert (encounter.clip.filmed, encounter.clip.posted_by, encounter.invented) == (True, "outlet", True)
    assert encounter.summary() == (
        "An officer joins children dancing on the pavement: 8 children, 25 bystanders, 1 officer; spontaneous; "
        "filmed, posted by a news outlet; consent: nobody in a simulation is real"
    )


def test_a_programme_says_planned_and_an_unfilmed_moment_is_posted_by_nobody() -> None:
    assert first_encounter("weekly_year").course.authenticity == "planned"
    unfilmed = first_encounter("moment_unfilmed")
    assert (unfilmed.clip.filmed, unfilmed.clip.posted_by) == (False, "nobody")
    assert "not filmed" in unfilmed.summary()


def test_a_record_without_consent_cannot_be_made() -> None:
    scenario = shipped("dance-off")
    occurrence = scenario.arm("moment_unfilmed").occurrences(1)[0]
    with pytest.raises(TypeError, match="consent"):
        Encounter.from_scenario(scenario.encounters["dance_off"], occurrence)  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="consent"):
        Encounter(identifier="pavement", title="A dance", invented=False)  # type: ignore[call-arg]


def test_what_python_makes_is_checked_like_what_a_file_holds(tmp_path) -> None:
    encounter = read(tmp_path, a_record())
    rating = encounter.tone.by_those_present[0].model_copy(update={"collected_by": "officer"})
    tone = encounter.tone.model_copy(update={"by_those_present": (rating,)})
    with pytest.raises(RecordError, match="may not collect a child's answers"):
        Encounter(**{**{name: getattr(encounter, name) for name in Encounter.model_fields}, "tone": tone})
    asked = encounter.consent.permissions[0].model_copy(update={"collected_by": "officer"})
    fields = {name: getattr(encounter.consent, name) for name in Consent.model_fields}
    with pytest.raises(ConsentError, match="may not collect a child's consent"):
        Consent(**{**fields, "permissions": (asked,)})


def test_a_draft_is_a_record_with_values_that_nobody_confirmed(tmp_path) -> None:
    assert read(tmp_path, a_record()).unconfirmed() == ("when.duration_minutes",)
    assert read(tmp_path, a_record(sources={})).unconfirmed() == ()


def test_no_field_could_hold_a_name(tmp_path) -> None:
    schema = Encounter.model_json_schema()
    keys = {key for model in [schema, *schema["$defs"].values()] for key in model["properties"]}
    assert len(keys) > 50
    assert not keys & {"name", "names", "badge", "account", "phone", "email", "address"}
    assert {place.split(".")[0] for place, _ in leaves(a_record())} <= {*keys, "schema"}
