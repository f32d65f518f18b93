"""A record becomes an event of a scenario by its path, with what it knows, what it does not, and whose consent it has."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path

import pytest

from commonbeat.errors import ScenarioError
from commonbeat.scenario import parse_scenario
from commonbeat.scenario.event import EncounterEvent
from commonbeat.workflows.record_files import shipped_record
from commonbeat.workflows.recorded_events import resolve_records
from tests.workflows.recorded import REAL, SCENARIO, written


def resolved(folder: Path, *changes: tuple[str, str], text: str = SCENARIO):
    source = written(folder, *changes)
    return resolve_records(text, source=source)


def mistakes(folder: Path, *changes: tuple[str, str], text: str = SCENARIO) -> str:
    with pytest.raises(ScenarioError) as caught:
        resolved(folder, *changes, text=text)
    return str(caught.value)


def test_the_scenario_holds_what_the_record_says(tmp_path: Path) -> None:
    found = resolved(tmp_path)
    scenario = parse_scenario(found.text, source="x")
    setting = scenario.encounters["dance_off_encounter"]
    assert (setting.children, setting.bystanders, setting.officers) == (4, 6, 1)
    assert (setting.children_group, setting.hour, setting.authenticity) == ("Black", 16, "spontaneous")
    event = scenario.arm("moment").events[0]
    assert isinstance(event, EncounterEvent)
    assert (event.encounter, event.clip, event.hour) == ("dance_off_encounter", "outlet", 16)
    assert setting.quality is not None
    assert setting.quality.low < 1 < setting.quality.middle < setting.quality.high
    assert "no card links ratings" in setting.quality.source
    assert "# What the office asked." in found.text
    assert any("invented" in note for note in found.notes)


def test_text_without_records_and_text_that_is_no_toml_come_back_as_they_are(tmp_path: Path) -> None:
    for text in (SCENARIO.replace("ours.toml", "ours"), "[[", "", "arms = 3", "arms = [1]\nencounters = 2"):
        assert resolved(tmp_path, text=text).text == text


def test_a_record_never_writes_over_another_encounter(tmp_path: Path) -> None:
    described = '\n[encounters.dance_off_encounter]\ntitle = "Ours"\nchildren = 1\nbystanders = 0\n'
    assert "as another encounter is" in mistakes(tmp_path, text=SCENARIO + described)
    (tmp_path / "theirs.toml").write_text(
        shipped_record("dance-off-encounter").read_text(encoding="utf-8"), encoding="utf-8"
    )
    second = (
        SCENARIO[SCENARIO.index("[[arms.events]]") :].replace("ours.toml", "theirs.toml").replace("day = 1", "day = 5")
    )
    assert "as another encounter is" in mistakes(tmp_path, text=SCENARIO + second)


def test_encounters_of_the_wrong_shape_are_left_to_the_reader(tmp_path: Path) -> None:
    text = SCENARIO.replace("seed = 3", "seed = 3\nencounters = 2")
    assert resolved(tmp_path, text=text).text == text


def test_the_quality_follows_the_answers(tmp_path: Path) -> None:
    def middle(mean: str) -> float:
        found = resolved(tmp_path, ("mean = 4.5", f"mean = {mean}"))
        return tomllib.loads(found.text)["encounters"]["dance_off_encounter"]["quality"]["middle"]

    assert middle("3.2") < middle("4.0") < middle("5.0")


def test_the_event_goes_before_the_record_where_both_speak_of_the_event(tmp_path: Path) -> None:
    text = SCENARIO + 'clip = "none"\nauthenticity = "planned"\nhour = 9\nchildren_group = "White"\n'
    scenario = parse_scenario(resolved(tmp_path, text=text).text, source="x")
    event = scenario.arm("moment").events[0]
    assert isinstance(event, EncounterEvent)
    assert (event.clip, event.authenticity, event.hour) == ("none", "planned", 9)
    assert scenario.encounters["dance_off_encounter"].children_group == "White"


def test_what_the_record_does_not_know_is_asked_for_and_never_guessed(tmp_path: Path) -> None:
    said = mistakes(
        tmp_path,
        ('self_described_group = "Black"', 'self_described_group = "unknown"'),
        ("hour = 16", 'hour = "unknown"'),
        ('authenticity = "spontaneous"', 'authenticity = "unknown"'),
        text=SCENARIO.replace("bystanders = 6\n", ""),
    )
    assert "does not say how many bystanders there were" in said
    assert "does not say how the children describe themselves" in said
    assert "takes its hour from a record" not in said  # what cannot be used has no hour to ask for yet
    said = mistakes(
        tmp_path, ("hour = 16", 'hour = "unknown"'), ('authenticity = "spontaneous"', 'authenticity = "unknown"')
    )
    assert "takes its hour from a record that does not know it" in said
    assert "takes its authenticity from a record that does not know it" in said


def test_what_the_record_knows_is_not_overruled(tmp_path: Path) -> None:
    assert "the record knows it" in mistakes(tmp_path, text=SCENARIO + "children = 40\n")


def test_an_encounter_that_felt_bad_is_no_positive_event(tmp_path: Path) -> None:
    said = mistakes(tmp_path, ("mean = 4.5", "mean = 1.5"))
    assert "felt worse than neutral" in said
    assert 'kind "stop"' in said
    assert "began as a stop" in mistakes(tmp_path, ('began_as = "meeting"', 'began_as = "stop"'))


def test_a_drafts_values_wait_for_a_person(tmp_path: Path) -> None:
    draft = '[sources."when.hour"]\nsource = "instrument"\nuncertainty = "an hour"\nconfirmed = false\n\n[consent]'
    assert "no person has confirmed" in mistakes(tmp_path, ("[consent]", draft))


@pytest.mark.parametrize(
    "place", ["where.place", "when", "people", "people.1.count", "after.followed", "course.began_as"]
)
def test_a_drafts_values_wait_wherever_the_source_stands(tmp_path: Path, place: str) -> None:
    draft = f'[sources]\n"{place}" = {{ source = "instrument", confirmed = false }}\n'
    assert "no person has confirmed" in mistakes(tmp_path, ("[sources]\n", draft))


def test_a_drafts_other_values_do_not_matter(tmp_path: Path) -> None:
    draft = '[sources]\n"course.joins" = { source = "instrument", confirmed = false }\n'
    assert resolved(tmp_path, ("[sources]\n", draft)).text


def test_people_whose_part_nobody_knows_are_asked_for_and_not_dropped(tmp_path: Path) -> None:
    row = '[[people]]\nrole = "child"\npart = "unknown"\ncount = 2\n\n'
    said = mistakes(tmp_path, ('[[people]]\nrole = "officer"', f'{row}[[people]]\nrole = "officer"'))
    assert "does not say how many children there were" in said
    said = mistakes(tmp_path, ('role = "officer"\npart = "took part"', 'role = "officer"\npart = "unknown"'))
    assert "does not say how many officers there were" in said
    assert "has no officer" not in said
    found = resolved(
        tmp_path,
        ('role = "officer"\npart = "took part"', 'role = "unknown"\npart = "took part"'),
        text=SCENARIO + "children = 4\nofficers = 1\n",
    )
    made = parse_scenario(found.text, source="x").encounters["dance_off_encounter"]
    assert (made.children, made.officers, made.bystanders) == (4, 1, 6)


def test_a_title_in_peoples_own_words_stands_in_a_run_only_where_it_may_be_shown(tmp_path: Path) -> None:
    def title(*changes: tuple[str, str]) -> str:
        text = resolved(tmp_path, ("invented = true", REAL), *changes).text
        return tomllib.loads(text)["encounters"]["dance_off_encounter"]["title"]

    assert title() == "An officer on patrol joins children dancing on the pavement"
    assert title(('"keep", "show", "share"', '"keep"')) == "An encounter that was recorded"


def test_a_real_encounter_is_not_told_as_one_without_consent(tmp_path: Path) -> None:
    notes = resolved(tmp_path, ("invented = true", REAL)).notes
    assert any("a real encounter" in note and "until 2036-06-15" in note for note in notes)


def test_a_record_may_be_json_or_a_table_of_one(tmp_path: Path) -> None:
    from commonbeat.record import load_record, plain_record
    from commonbeat.record.table import table_text

    source = written(tmp_path)
    tree = plain_record(load_record(tmp_path / "ours.toml"))
    (tmp_path / "ours.json").write_text(json.dumps(tree), encoding="utf-8")
    (tmp_path / "ours.csv").write_text(table_text([tree]), encoding="utf-8")
    for name in ("ours.json", "ours.csv"):
        found = resolve_records(SCENARIO.replace("ours.toml", name), source=source)
        assert "dance_off_encounter" in parse_scenario(found.text, source="x").encounters


def test_expired_or_narrow_consent_keeps_a_real_record_out(tmp_path: Path) -> None:
    assert "expired on 2026-06-20" in mistakes(
        tmp_path, ("invented = true", REAL), ("expires_on = 2036-06-15", "expires_on = 2026-06-20")
    )
    said = mistakes(tmp_path, ("invented = true", REAL), ('scope = ["analyse", ', "scope = ["))
    assert "officer 1: own consent" not in said  # officers are on duty
    assert "child 1: guardian permission does not name 'analyse'" in said


def test_a_run_keeps_what_it_needs_and_so_needs_that_it_may_be_kept(tmp_path: Path) -> None:
    said = mistakes(tmp_path, ("invented = true", REAL), ('scope = ["analyse", "keep", ', "scope = ["))
    for reason in (
        "child 1: guardian permission does not name 'analyse'",
        "the child's own assent does not name 'keep'",
    ):
        assert said.count(f"child 4: {reason}" if reason.startswith("the") else reason) == 1
    said = mistakes(tmp_path, ("invented = true", REAL), ('"analyse", "keep", ', '"analyse", '))
    assert "may not be analysed and kept" in said
    assert "'analyse'" not in said


def test_an_officer_whom_nobody_asked_does_not_keep_a_record_out(tmp_path: Path) -> None:
    text = (shipped_record("dance-off-encounter")).read_text(encoding="utf-8")
    officers = next(part for part in text.split("[[consent.permissions]]") if 'slot = "officer 1"' in part)
    found = resolved(tmp_path, ("invented = true", REAL), (f"[[consent.permissions]]{officers}", ""))
    setting = tomllib.loads(found.text)["encounters"]["dance_off_encounter"]
    assert setting["title"] == "An encounter that was recorded"  # the officer did not agree that it is shown
    assert any("until 2036-06-15" in note for note in found.notes)


def test_an_invented_encounter_says_so_in_its_title(tmp_path: Path) -> None:
    def title(*changes: tuple[str, str]) -> str:
        return tomllib.loads(resolved(tmp_path, *changes).text)["encounters"]["dance_off_encounter"]["title"]

    said = "An officer on patrol joins children dancing on the pavement"
    assert title() == f"{said} (invented)"
    assert title((said, f"{said} (invented)")) == f"{said} (invented)"
    longest = title((said, "a" * 200))
    assert len(longest) == 200
    assert longest.endswith("a (invented)")


def test_a_record_that_cannot_be_read_is_told_with_its_own_mistakes(tmp_path: Path) -> None:
    said = mistakes(tmp_path, ("hour = 16", "hour = 25"), ('began_as = "meeting"', 'began_as = "meting"'))
    assert "when.hour" in said
    assert "course.began_as" in said
    assert "cannot be read" in mistakes(tmp_path, text=SCENARIO.replace("ours.toml", "theirs.toml"))


SHA = "a" * 64


def with_clip(folder: Path, value: float | None, sha256: str = SHA) -> dict:
    """The quality that the scenario holds when it asks to count movement that was measured like this."""
    (folder / "clip").mkdir(exist_ok=True)
    chance = None if value is None else {"value": value, "low": 0.3, "middle": 0.4, "high": 0.5, "p": 0.02}
    measured = {
        "clip": {"sha256": sha256},
        "everybody": [{"name": "cluster phase", "value": chance, "why_not": "not measurable: 12 s of 30 s"}],
    }
    (folder / "clip" / "measured.json").write_text(json.dumps(measured), encoding="utf-8")
    found = resolved(folder, ('sha256 = "unknown"', f'sha256 = "{SHA}"'), text=SCENARIO + 'moving_together = "clip"\n')
    return tomllib.loads(found.text)["encounters"]["dance_off_encounter"]["quality"]


def test_moving_together_counts_only_where_the_scenario_asks_and_widens_what_is_known(tmp_path: Path) -> None:
    plain = tomllib.loads(resolved(tmp_path).text)["encounters"]["dance_off_encounter"]["quality"]
    assert "E067" not in plain["source"]
    chance, above = with_clip(tmp_path, 0.45), with_clip(tmp_path, 0.7)
    assert [chance[end] for end in ("low", "middle", "high")] == [plain[end] for end in ("low", "middle", "high")]
    assert "no more than chance" in chance["source"]
    assert above["middle"] == pytest.approx(1.15 * plain["middle"], rel=1e-3)
    assert above["high"] / above["low"] > plain["high"] / plain["low"]
    assert above["high"] / above["middle"] == pytest.approx(
        math.exp(math.hypot(math.log(plain["high"] / plain["middle"]), math.log(1.9 / 1.15))), rel=1e-3
    )
    assert "E067 to E070" in above["source"]


def test_movement_of_another_clip_and_movement_that_was_not_compared_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="was not measured in the clip"):
        with_clip(tmp_path, 0.7, sha256="b" * 64)
    with pytest.raises(ScenarioError, match="12 s of 30 s"):
        with_clip(tmp_path, None)
    (tmp_path / "clip" / "measured.json").write_text("[", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is not what the video instrument wrote"):
        resolved(tmp_path, text=SCENARIO + 'moving_together = "clip"\n')
    with pytest.raises(ScenarioError, match="cannot be read"):
        resolved(tmp_path, text=SCENARIO + 'moving_together = "nowhere"\n')


@pytest.mark.parametrize("changed", ['{"clip": 3}', '{"clip": {"sha256": "SHA"}, "everybody": [4]}', "[1]"])
def test_a_document_that_has_another_shape_is_told(tmp_path: Path, changed: str) -> None:
    with_clip(tmp_path, 0.7)
    (tmp_path / "clip" / "measured.json").write_text(changed.replace("SHA", SHA), encoding="utf-8")
    text = SCENARIO + 'moving_together = "clip"\n'
    said = mistakes(tmp_path, ('sha256 = "unknown"', f'sha256 = "{SHA}"'), text=text)
    assert "is not what the video instrument wrote" in said
