"""The form shows what the text says, the text keeps what the form does not touch, and mistakes stand beside their fields."""

from __future__ import annotations

import contextlib
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from commonbeat.errors import ScenarioError
from commonbeat.scenario import SHIPPED, shipped_text
from commonbeat.scenario.model import Scenario
from commonbeat.web.simulate.changes import ACTIONS, PRESETS, with_action, with_values
from commonbeat.web.simulate.checking import check, for_worker
from commonbeat.web.simulate.fields import identifier_of, value_of
from commonbeat.web.simulate.form import ONLY_AS_TEXT, form_of
from tests.web.jobs.work import SCENARIO

BARE = 'title = "x"\nseed = 1\ndays = 3\nreference = "nothing"\n'


def sent(text: str, **changed: str) -> dict[str, str]:
    """What a browser sends of the form of that text; `changed` by place, with "__" for dots."""
    fields = {each.name: each.text.replace("\n", "\r\n") for each in form_of(tomllib.loads(text)).fields()}
    return {**fields, **{f"value:{place.replace('__', '.')}": value for place, value in changed.items()}}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_form_that_is_sent_back_as_it_was_changes_not_a_letter(name) -> None:
    text = shipped_text(name)
    assert with_values(text, sent(text)) == text


def test_every_key_of_the_scenario_is_in_the_form_or_told_as_text_only() -> None:
    form = form_of(tomllib.loads(shipped_text("dance-off")))
    shown = {each.place for each in form.whole.fields}
    assert shown | set(ONLY_AS_TEXT) | {"encounters", "arms"} == set(Scenario.model_fields)


def test_one_value_changes_one_line_and_keeps_its_comment() -> None:
    text = shipped_text("dance-off")
    changed = with_values(text, sent(text, draws="12"))
    differing = [pair for pair in zip(text.splitlines(), changed.splitlines(), strict=True) if pair[0] != pair[1]]
    assert len(differing) == 1
    assert differing[0][1].startswith("draws = 12 ")
    assert "# 40 sets of parameters" in differing[0][1]


def test_a_field_left_empty_leaves_the_key_out() -> None:
    text = shipped_text("dance-off")
    changed = tomllib.loads(with_values(text, {"value:arms[3].events[0].clip": "", "value:checkpoints": " "}))
    assert "clip" not in changed["arms"][3]["events"][0]
    assert "checkpoints" not in changed


def test_fields_that_the_scenario_does_not_have_are_not_made() -> None:
    text = shipped_text("dance-off")
    assert with_values(text, {"value:arms[99].title": "x", "value:objective": "trust", "value:": "x"}) == text


def test_every_mistake_stands_beside_its_field(tmp_path) -> None:
    text = with_values(SCENARIO, sent(SCENARIO, days="many", draws="0", encounters__dance_off__children="-1"))
    found = check(text, tmp_path)
    form = form_of(tomllib.loads(text), found.mistakes)
    wrong = {each.place: each.mistakes[0].rule for each in form.fields() if each.mistakes}
    assert wrong == {
        "days": "is not a whole number",
        "draws": "is below 1",
        "encounters.dance_off.children": "is below 0",
    }
    assert [each.text for each in form.fields() if each.place == "days"] == ["many"]
    assert form.elsewhere == ()


def test_a_mistake_in_a_list_stands_beside_the_field_of_the_list(tmp_path) -> None:
    text = with_values(SCENARIO, {"value:checkpoints": "3, 90, x"})
    form = form_of(tomllib.loads(text), check(text, tmp_path).mistakes)
    wrong = [mistake.place for each in form.fields() if each.place == "checkpoints" for mistake in each.mistakes]
    assert wrong == ["checkpoints[1]", "checkpoints[2]"]
    assert form.anchors()["checkpoints[1]"] == "at-checkpoints"
    assert form.elsewhere == ()


def test_a_mistake_without_a_field_is_told_elsewhere(tmp_path) -> None:
    text = SCENARIO.replace("seed = 3", "seed = 3\nobjective = 'trust'")
    form = form_of(tomllib.loads(text), check(text, tmp_path).mistakes)
    assert [each.place for each in form.elsewhere] == ["objective"]


def test_a_scenario_can_be_put_together_from_buttons_alone(tmp_path) -> None:
    text = BARE
    for preset in PRESETS:
        text = with_action(text, f"add_arm:{preset}")
    for kind in ("violent_clip", "stop", "encounter"):
        text = with_action(text, f"add_event:0:{kind}")
    found = check(text, tmp_path)
    assert found.mistakes == ()
    assert [arm.name for arm in found.scenario.arms] == list(PRESETS)
    assert [event.kind for event in found.scenario.arms[0].events] == ["violent_clip", "stop", "encounter"]
    assert found.scenario.arm("fewer_stops").stops_factor == 0.5
    for _ in range(3):
        text = with_action(text, "remove_event:0:0")
    assert check(with_action(text, "remove_arm:1"), tmp_path).mistakes == ()


def test_the_same_button_twice_gives_another_name_and_another_day(tmp_path) -> None:
    text = with_action(with_action(SCENARIO, "add_arm:programme"), "add_arm:programme")
    text = with_action(with_action(text, "add_event:1:encounter"), "add_event:1:encounter")
    found = check(text, tmp_path)
    assert found.mistakes == ()
    assert [arm.name for arm in found.scenario.arms][2:] == ["programme", "programme_2"]
    assert [event.day for event in found.scenario.arms[1].events] == [1, 0, 2]


@pytest.mark.parametrize(
    "action",
    ["", "add_arm", "add_arm:gold", "remove_arm:99", "remove_event:0:0", "add_event:0:dance", "remove_arm:x", "x:y:z"],
)
def test_a_button_that_is_none_is_refused(action) -> None:
    with pytest.raises(ScenarioError, match="That change could not be made"):
        with_action(SCENARIO, action)


def test_places_have_identifiers_of_their_own() -> None:
    form = form_of(tomllib.loads(shipped_text("dance-off")))
    places = [each.place for each in form.fields()]
    assert len({identifier_of(place) for place in places}) == len(places)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("whole", " 7 ", 7),
        ("whole", "7.5", "7.5"),
        ("whole", "1_000", "1_000"),
        ("number", "1", 1),
        ("number", "0.5", 0.5),
        ("number", "half", "half"),
        ("days", "7, 30,x", [7, 30, "x"]),
        ("text", "", None),
        ("long", "a\r\nb", "a\nb"),
    ],
)
def test_a_field_means_a_value(kind, text, value) -> None:
    assert value_of(kind, text) == value


@pytest.mark.parametrize("path", ["/etc/passwd.toml", "../other/record.toml", "a/../../record.csv"])
def test_records_and_societies_outside_the_project_are_not_looked_for(path, tmp_path) -> None:
    text = SCENARIO.replace('encounter = "dance_off"', f'encounter = "{path}"')
    assert [(each.place, each.rule) for each in check(text, tmp_path).mistakes] == [
        ("arms[1].events[0].encounter", "lies outside the project's folder")
    ]
    text = SCENARIO.replace('society = "small"', f'society = "{path}"')
    assert [each.place for each in check(text, tmp_path).mistakes] == ["society"]


def test_a_worker_finds_a_record_from_its_own_folder(tmp_path) -> None:
    text = SCENARIO.replace('encounter = "dance_off"', 'encounter = "mine.toml"')
    assert for_worker(text, tmp_path) == text  # a shipped one, or a mistake: nothing stands there
    (tmp_path / "mine.toml").write_text("")
    assert tomllib.loads(for_worker(text, tmp_path))["arms"][1]["events"][0]["encounter"] == "../../mine.toml"
    assert for_worker(SCENARIO, tmp_path) == SCENARIO


def test_a_text_that_is_too_large_or_no_toml_is_told(tmp_path) -> None:
    assert "is larger than" in check("#" * 200_001, tmp_path).mistakes[0].rule
    assert "is not TOML" in check("title = ", tmp_path).mistakes[0].rule
    assert check("[" * 5_000, tmp_path).mistakes != ()


SHAPES = some.recursive(
    some.integers(-5, 5) | some.text(max_size=4) | some.booleans() | some.sampled_from(["encounter", "stop"]),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(["arms", "events", "kind", "encounters", "name", "quality", "day"]), inner
        )
    ),
    max_leaves=8,
)
KEYS = some.sampled_from(["arms", "encounters", "title", "days", "reference", "society", "checkpoints", "priors"])


@settings(max_examples=150, deadline=None)
@given(
    some.dictionaries(KEYS, SHAPES), some.sampled_from(sorted(ACTIONS)), some.lists(some.text(max_size=3), max_size=2)
)
def test_no_shape_of_a_scenario_breaks_the_form(tmp_path_factory, raw, action, rest) -> None:
    import tomlkit

    text = tomlkit.dumps(raw)
    found = check(text, tmp_path_factory.getbasetemp())
    assert found.mistakes != ()
    form = form_of(tomllib.loads(text), found.mistakes)
    with_values(text, {each.name: "7" for each in form.fields()})
    with contextlib.suppress(ScenarioError):
        with_action(text, ":".join([action, *rest]))
