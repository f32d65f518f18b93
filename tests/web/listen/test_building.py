"""A study is built from the bank without a script, checked like its file, and kept as a draft."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.listen.study.reading import load_study
from commonbeat.web.listen.words import LAST, SCALES, SHOWN
from commonbeat.workflows.listen_studies import kept_study
from tests.web.forms import Form

NEW = "/listen/new"


def begun(client: TestClient, do: str = "like:dance-off-present") -> Form:
    return after(client, Form(client.get(NEW).text, NEW).send(client, do))


def after(client: TestClient, answer: Any) -> Form:
    """The form on the page to which a button led."""
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"].partition("#")[0]
    return Form(client.get(where).text, where)


def step(client: TestClient, form: Form, number: int) -> Form:
    return after(client, form.send(client, f"step:{number}"))


@pytest.mark.parametrize("name", ["dance-off-present", "dance-off-residents", "dance-off-viewers"])
def test_an_example_goes_through_every_step_and_stays_itself(app: Starlette, owner: TestClient, name: str) -> None:
    form = begun(owner, f"like:{name}")
    for number in (*range(LAST + 1), SCALES, 0):
        form = step(owner, form, number)
    answer = form.send(owner, "save")
    assert answer.headers.get("location") == f"/listen/of/{name}", answer.text
    with app.state.store.reading() as connection:
        kept = kept_study(connection, name).study
    others = {
        "starts_on",
        "closes_on",
        "kept_until",
        "day_zero",
        "invented",
    }  # a copy begins today, and for real people
    assert not kept.invented
    assert kept.model_dump(exclude=others) == load_study(name).model_dump(exclude=others)
    text = owner.get(f"/listen/of/{name}/file").text
    assert tomllib.loads(text)["scales"] == list(kept.scales)


@pytest.mark.parametrize("design", ["present", "residents", "viewers"])
def test_a_form_of_a_design_is_sound_and_says_what_is_left_to_write(owner: TestClient, design: str) -> None:
    form = step(owner, begun(owner, f"design:{design}"), LAST)
    assert "is still to be written" in owner.get(form.action).text
    where = form.send(owner, "save").headers["location"]
    refused = Form(owner.get(where).text, f"{where}/state").send(owner, "open")
    assert refused.status_code == 400
    assert "cannot be opened" in refused.text


def test_a_draft_is_not_opened_while_changes_of_it_wait(owner: TestClient) -> None:
    where = step(owner, begun(owner), LAST).send(owner, "save").headers["location"]
    changing = after(owner, owner.get(f"{where}/change"))
    step(owner, changing, 1)
    refused = Form(owner.get(where).text, f"{where}/state").send(owner, "open")
    assert refused.status_code == 400
    assert "has changes that were begun and are not kept" in refused.text
    step(owner, after(owner, owner.get(f"{where}/change")), LAST).send(owner, "save")
    assert Form(owner.get(where).text, f"{where}/state").send(owner, "open").status_code == 303


def test_scales_keep_their_order_and_are_asked_earlier(owner: TestClient) -> None:
    form = step(owner, begun(owner), SCALES)
    before = [value for name, value in form.fields if name == "scales"]
    form = after(owner, form.send(owner, f"earlier:{before[1]}"))
    now = [value for name, value in form.fields if name == "scales"]
    assert now == [before[1], before[0], *before[2:]]


def test_a_child_is_asked_no_stereotypes_and_by_no_officer(owner: TestClient) -> None:
    form = begun(owner).put(audience=["child"], scales=["stereotypes_children"], collected_by="officer")
    answer = form.send(owner, "save")
    assert answer.status_code == 400
    assert "may not collect children&#39;s answers" in answer.text
    assert "stereotypes_children" in answer.text


def test_a_language_that_is_unticked_takes_its_texts_along(app: Starlette, owner: TestClient) -> None:
    form = step(owner, begun(owner).put(languages=["en"]), LAST)
    answer = form.send(owner, "save")
    assert answer.status_code == 303, answer.text
    with app.state.store.reading() as connection:
        kept = kept_study(connection, "dance-off-present").study
    assert set(kept.title) == set(kept.purpose) == {"en"}


def test_mistakes_stand_beside_their_fields(owner: TestClient) -> None:
    form = step(owner, begun(owner), 1).put(closes_on="2001-01-01", waves__1__day="soon")
    assert form.send(owner, "save").status_code == 400
    text = owner.get(step(owner, form, 1).action).text
    assert 'aria-describedby="at-closes_on-about"' in text
    assert "<code>soon</code> is not a whole number" in text


def test_a_text_in_place_of_the_form_is_read_or_its_mistakes_are_told(owner: TestClient) -> None:
    form = step(owner, begun(owner), LAST)
    text = form.value("toml").replace("dance-off-present", "another-word")
    form = after(owner, form.put(toml=text).send(owner, "text"))
    assert step(owner, form, 0).value("identifier") == "another-word"
    answer = form.put(toml='title = "<script>alert(1)</script>').send(owner, "text")
    assert answer.status_code == 400
    assert "is not TOML" in answer.text
    assert "<script>alert" not in answer.text


def test_a_study_that_was_opened_stays_as_it_is(owner: TestClient, opened: str) -> None:
    answer = owner.get(f"{opened}/change")
    assert answer.status_code == 400
    assert "was opened and stays as it is" in answer.text


def test_what_was_filled_in_waits_for_whoever_comes_back(owner: TestClient) -> None:
    form = begun(owner, "design:residents")
    form = step(owner, form.put(title__en="Our street"), 1)
    assert step(owner, form, 0).value("title.en") == "Our street"
    text = owner.get("/listen").text
    assert "Our street" in text
    assert f"{form.action.removesuffix('/2')}/1" in text
    where = f"{form.action.rpartition('/')[0]}/drop"
    assert Form(text, where).send(owner).status_code == 303
    assert owner.get(form.action).status_code == 404
    assert "Our street" not in owner.get("/listen").text


def test_a_draft_that_is_changed_stays_as_it_was_until_it_is_kept(app: Starlette, owner: TestClient) -> None:
    address = step(owner, begun(owner), LAST).send(owner, "save").headers["location"]
    form = after(owner, owner.get(f"{address}/change"))
    form = step(owner, form.put(title__en="Another title"), LAST)
    with app.state.store.reading() as connection:
        assert kept_study(connection, "dance-off-present").study.title["en"] != "Another title"
    assert form.send(owner, "save").headers["location"] == address
    with app.state.store.reading() as connection:
        assert kept_study(connection, "dance-off-present").study.title["en"] == "Another title"


def test_a_form_to_change_a_draft_goes_with_the_draft(owner: TestClient) -> None:
    address = step(owner, begun(owner), LAST).send(owner, "save").headers["location"]
    step(owner, after(owner, owner.get(f"{address}/change")).put(title__en="A title of before"), 1)
    assert "A title of before" in owner.get("/listen").text
    where = f"{address}/drop"
    assert Form(owner.get(address).text, where).send(owner).status_code == 303
    assert "A title of before" not in owner.get("/listen").text
    assert step(owner, begun(owner), LAST).send(owner, "save").headers["location"] == address
    assert after(owner, owner.get(f"{address}/change")).value("title.en") != "A title of before"


def test_another_design_takes_along_what_only_the_first_one_has(owner: TestClient) -> None:
    form = step(owner, begun(owner, "like:dance-off-viewers"), 0)
    form = step(owner, form.put(design="residents"), LAST)
    document = tomllib.loads(form.value("toml"))
    assert document["design"] == "residents"
    assert "arms" not in document
    form = step(owner, step(owner, form, 0).put(design="viewers"), LAST)
    assert len(tomllib.loads(form.value("toml"))["arms"]) == 4


def test_an_arm_shows_the_fields_of_its_kind(owner: TestClient) -> None:
    form = step(owner, begun(owner, "like:dance-off-viewers"), SHOWN)
    names = {name for name, _ in form.fields}
    assert {"arms.1.clip", "arms.1.description.en", "arms.3.text.en", "arms.4.text.en"} <= names
    assert not {"arms.1.text.en", "arms.4.clip", "arms.4.description.en", "arms.4.captions.en"} & names


def test_children_are_told_something_only_where_children_are_asked(owner: TestClient) -> None:
    form = step(owner, begun(owner, "like:dance-off-viewers"), SHOWN + 1)
    assert "debriefing_for_children.en" not in dict(form.fields)
    form = step(owner, step(owner, form, 0).put(design="present", audience=["adult", "child"]), SHOWN + 1)
    assert "debriefing_for_children.en" in dict(form.fields)


def test_nothing_is_balanced_within_answers_that_are_not_asked_before(owner: TestClient) -> None:
    form = step(owner, begun(owner, "like:dance-off-viewers"), SHOWN)
    form = step(owner, form.put(assignment__ask_before=[]), SHOWN)
    assert "assignment.block_by" not in dict(form.fields)
    assert "block_by" not in step(owner, form, LAST).value("toml")


def test_a_time_may_have_scales_of_its_own(owner: TestClient) -> None:
    form = step(owner, begun(owner, "like:dance-off-viewers"), SCALES)
    assert len([name for name, _ in form.fields if name == "waves.2.scales"]) == 7
    form = step(owner, form.put(waves__2__scales=["trust", "engaged"]), LAST)
    assert tomllib.loads(form.value("toml"))["waves"][1]["scales"] == ["trust", "engaged"]
    form = step(owner, step(owner, form, SCALES).put(waves__2__scales=[]), LAST)
    assert "scales" not in tomllib.loads(form.value("toml"))["waves"][1]


def test_scales_of_the_team_stay_where_the_form_cannot_show_their_file(owner: TestClient) -> None:
    form = step(owner, begun(owner), LAST)
    text = form.value("toml").replace("scales = [", 'own_items = "ours.toml"\nscales = [', 1)
    answer = form.put(toml=text).send(owner, "text")
    assert answer.status_code == 400
    assert "ours.toml" in answer.text


NAMES = some.sampled_from(
    [
        "title.en",
        "languages",
        "audience",
        "scales",
        "waves.1.day",
        "waves.7.name",
        "arms.1.kind",
        "arms.1.text.en",
        "seed",
        "own_items",
        "starts_on",
        "step",
        "assignment.block_sizes",
        "checks.attention",
        "toml",
        "items_per_page",
        "x",
        "design",
        "identifier",
        "asked",
    ]
)
TEXTS = some.one_of(
    some.text(max_size=30), some.sampled_from(["../../etc/passwd", "1e999", "-1", "[a]", "9" * 40, "es"])
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=some.lists(some.tuples(NAMES, TEXTS), max_size=8),
    do=some.sampled_from(
        ["save", "text", "step:2", "step:5", "add:waves", "add:", "remove:arms:1", "earlier:x", "step:²", "take:1"]
    ),
    number=some.integers(0, LAST),
)
def test_no_form_ends_in_a_failure(owner: TestClient, fields: list[tuple[str, str]], do: str, number: int) -> None:
    form = step(owner, begun(owner), number)
    form.fields += fields
    assert form.send(owner, do).status_code in (200, 303, 400)
