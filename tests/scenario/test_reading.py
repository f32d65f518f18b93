"""A scenario is read whole, or one error lists everything that is wrong with it."""

from __future__ import annotations

import pytest

from commonbeat.errors import ScenarioError
from commonbeat.scenario import SHIPPED, load_scenario, parse_scenario, scenario_schema, shipped, shipped_text

SMALL = """
title = "Two arms"
seed = 7
days = 30
draws = 2
reference = "nothing"

[encounters.dance_off]
title = "A dance-off"
children = 8
bystanders = 25

[[arms]]
name = "nothing"
title = "Nothing"

[[arms]]
name = "moment"
title = "The moment"

[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 0
"""


def mistakes_of(text: str) -> dict[str, str]:
    """Place to whole sentence, for every mistake in `text`."""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, source="x.toml")
    return {mistake.place: str(mistake) for mistake in caught.value.mistakes}


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new)


def test_a_small_scenario_is_completed() -> None:
    scenario = parse_scenario(SMALL, source="x.toml")
    assert scenario.checkpoints == (7, 30)
    event = scenario.arm("moment").events[0]
    assert event.hour == 16
    assert event.authenticity == "spontaneous"  # type: ignore[union-attr]


def test_nothing_can_be_changed_afterwards() -> None:
    scenario = parse_scenario(SMALL, source="x.toml")
    with pytest.raises(Exception, match="frozen"):
        scenario.seed = 8  # type: ignore[misc]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_reads_and_has_the_same_eight_arms(name: str) -> None:
    scenario = shipped(name)
    assert [arm.name for arm in scenario.arms] == [
        "nothing",
        "moment_unfilmed",
        "resident_clip",
        "outlet_clip",
        "outlet_clip_then_violent",
        "weekly_year",
        "weekly_half_year",
        "fewer_stops",
    ]
    assert bool(scenario.priors) == (name != "dance-off")


def test_the_programmes_say_planned_and_the_moment_spontaneous() -> None:
    scenario = shipped("dance-off")
    for name, kind, times in (
        ("moment_unfilmed", "spontaneous", 1),
        ("weekly_year", "planned", 53),
        ("weekly_half_year", "planned", 26),
    ):
        occurrences = scenario.arm(name).occurrences(scenario.days)
        assert len(occurrences) == times
        assert {occurrence.authenticity for occurrence in occurrences} == {kind}


def test_all_mistakes_are_told_at_once_with_their_places() -> None:
    text = changed("seed = 7", 'seed = "7"\ndrwas = 3').replace("children = 8", "children = -1")
    text = text.replace('reference = "nothing"', 'reference = "nothin"')
    text += 'clip = "outlte"\n'
    found = mistakes_of(text)
    assert set(found) == {
        "seed",
        "drwas",
        "reference",
        "encounters.dance_off.children",
        "arms[1].events[0].clip",
    }
    assert "Did you mean 'draws'?" in found["drwas"]
    assert "Did you mean 'nothing'?" in found["reference"]
    assert found["arms[1].events[0].clip"].startswith("arms[1].events[0].clip: 'outlte' is not")
    assert "Did you mean 'outlet'?" in found["arms[1].events[0].clip"]
    assert "is below 0" in found["encounters.dance_off.children"]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("days = 30", "days = 30.0", "days", "not a whole number"),
        ("days = 30", "days = true", "days", "not a whole number"),
        ("days = 30", "days = 0", "days", "below 1"),
        ("days = 30", "days = 30\ncheckpoints = [7, 7]", "checkpoints[1]", "does not come after"),
        ("days = 30", "days = 30\ncheckpoints = [31]", "checkpoints[0]", "after the last day"),
        ("seed = 7", "seed = -7", "seed", "below 0"),
        ("draws = 2", "draws = 0", "draws", "below 1"),
        ('title = "Two arms"', "title = 3", "title", "not text"),
        ("[encounters.dance_off]", "[encounters.other]", "arms[1].events[0].encounter", "not described"),
        ('name = "moment"', 'name = "nothing"', "arms[1].name", "already"),
        ('name = "moment"', 'name = "The Moment"', "arms[1].name", "lower-case"),
        ('title = "The moment"', 'title = "M"\nstops_factor = nan', "arms[1].stops_factor", "not a finite number"),
        ('title = "The moment"', 'title = "M"\nstops_factor = 1.5', "arms[1].stops_factor", "above 1"),
        ("day = 0", "day = 30", "arms[1].events[0].day", "after the last day"),
        ("day = 0", "day = 0\nuntil_day = 9", "arms[1].events[0].until_day", "needs every_days"),
        ("day = 0", "day = 5\nevery_days = 1\nuntil_day = 5", "arms[1].events[0].until_day", "does not come after"),
        ("day = 0", "day = 0\nevery_days = 0", "arms[1].events[0].every_days", "below 1"),
        ("day = 0", "day = 0\nhour = 24", "arms[1].events[0].hour", "above 23"),
        ('kind = "encounter"', 'kind = "encuonter"', "arms[1].events[0].kind", "Did you mean 'encounter'?"),
        ('kind = "encounter"\n', "", "arms[1].events[0].kind", "is missing"),
        ("bystanders = 25\n", "", "encounters.dance_off.bystanders", "is missing"),
    ],
)
def test_each_mistake_has_its_place_and_rule(old: str, new: str, place: str, words: str) -> None:
    found = mistakes_of(changed(old, new))
    assert list(found) == [place]
    assert words in found[place]


def test_one_arm_is_no_comparison() -> None:
    assert "at least 2" in mistakes_of(SMALL[: SMALL.index('[[arms]]\nname = "moment"')])["arms"]


def test_the_same_encounter_twice_on_a_day_is_refused() -> None:
    text = SMALL + '\n[[arms.events]]\nkind = "encounter"\nencounter = "dance_off"\nday = 0\nevery_days = 7\n'
    assert "already, by arms[1].events[0]" in mistakes_of(text)["arms[1].events[1]"]


def test_the_objective_trust_is_refused_with_the_reason() -> None:
    sentence = mistakes_of('objective = "trust"\n' + SMALL)["objective"]
    assert "worst-off group's outcome" in sentence
    assert "stops" in sentence
    assert "optimises nothing" in mistakes_of('objective = "reform"\n' + SMALL)["objective"]


def test_encounters_that_cause_encounters_need_their_data() -> None:
    assert "reproduction.source" in mistakes_of(SMALL + "\n[reproduction]\nnumber_low = 0.0\nnumber_high = 0.4\n")
    text = SMALL + '\n[reproduction]\nnumber_low = 1.0\nnumber_high = 0.4\nsource = "Our own count, 2031"\n'
    assert "below number_low" in mistakes_of(text)["reproduction.number_high"]


def test_bands_name_parameters_that_have_a_prior() -> None:
    band = "from_quantile = 0.0\nto_quantile = 0.2\n"
    text = SMALL + f"\n[priors.watched_trsut]\n{band}\n[priors.reproduction_number]\n{band}"
    found = mistakes_of(text)
    assert "Did you mean 'watched_trust'?" in found["priors.watched_trsut"]
    assert "nobody has measured it" in found["priors.reproduction_number"]
    narrow = SMALL + "\n[priors.watched_trust]\nfrom_quantile = 0.5\nto_quantile = 0.5\n"
    assert "widen it" in mistakes_of(narrow)["priors.watched_trust.to_quantile"]
    reader = parse_scenario(SMALL + f"\n[priors.watched_trust]\n{band}", source="x.toml")
    assert reader.priors["watched_trust"].to_quantile == 0.2


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (SMALL.encode("utf-16"), "is not UTF-8"),
        ("title = 'caf\u00e9'".encode("latin-1"), "is not UTF-8"),
        (SMALL.encode()[:90], "is not TOML"),
        (b"arms = [1,", "cut off"),
        (b"a = 1\na = 2\n", "is not TOML"),
        (b"[[arms]\n", "line 1"),
        (b"a = " + b"[" * 100_000, "is not TOML"),
        (b"#" * 1_000_001, "larger than"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, raw: bytes, words: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(raw)
    with pytest.raises(ScenarioError, match=words) as caught:
        load_scenario(path)
    assert "broken.toml" in str(caught.value)


def test_a_byte_order_mark_is_forgiven(tmp_path) -> None:
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert load_scenario(path).seed == 7


def test_missing_files_and_folders_are_named(tmp_path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        load_scenario(tmp_path / "none.toml")
    with pytest.raises(ScenarioError, match="is a directory"):
        load_scenario(tmp_path)
    with pytest.raises(ScenarioError, match="Did you mean 'dance-off'"):
        shipped("dance-of")


def test_a_truncated_shipped_scenario_never_passes() -> None:
    text = shipped_text("dance-off")
    for cut in range(0, text.index("[[arms]]"), 211):
        with pytest.raises(ScenarioError):
            parse_scenario(text[:cut], source="cut.toml")


def test_the_schema_describes_every_key() -> None:
    schema = scenario_schema()
    assert set(schema["required"]) == {"title", "seed", "days", "reference", "arms"}
    assert all(field.get("description") for field in schema["properties"].values())
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("days = 30", "days = true", "days: true is not a whole number"),
        ("days = 30", "days = [5]", "days: [5] is not a whole number"),
        ("days = 30", "days = 2026-01-01", "days: 2026-01-01 is not a whole number"),
        ("days = 30", 'days = {long = "yes"}', 'days: {long = "yes"} is not a whole number'),
        ('title = "Two arms"', 'title = ""', "title: '' is shorter than 1 character."),
    ],
)
def test_values_are_told_as_toml_writes_them(old: str, new: str, said: str) -> None:
    (told,) = mistakes_of(changed(old, new)).values()
    assert told.startswith(said)


def test_a_quality_lies_inside_its_interval_and_is_never_exact() -> None:
    quality = '[encounters.dance_off.quality]\nlow = 1.1\nmiddle = 1.1\nhigh = 0.9\nsource = "ten answers"\n'
    found = mistakes_of(changed('\n[[arms]]\nname = "nothing"', f'\n{quality}\n[[arms]]\nname = "nothing"'))
    assert "never known exactly" in found["encounters.dance_off.quality.middle"]
    assert "is not above middle 1.1" in found["encounters.dance_off.quality.high"]


def test_a_record_that_nobody_resolved_is_told_from_a_name_that_is_misspelt() -> None:
    found = mistakes_of(changed('encounter = "dance_off"', 'encounter = "dance-off-encounter.toml"'))
    assert "is the path of a record" in found["arms[1].events[0].encounter"]
    found = mistakes_of(changed('encounter = "dance_off"', 'encounter = "dance_of"'))
    assert "Did you mean 'dance_off'?" in found["arms[1].events[0].encounter"]
