"""A study is built from the bank without a script, checked like its file, and kept as a draft."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.listen.study.reading import load_study
from commonbeat.web.listen.words import LAST, SCALES
from commonbeat.workflows.listen_studies import kept_study
from tests.web.forms import Form

NEW, BUILD = "/listen/new", "/listen/build"


def begun(client: TestClient, do: str = "like:dance-off-present") -> Form:
    return Form(Form(client.get(NEW).text, NEW).send(client, do).text, BUILD)


def step(client: TestClient, form: Form, number: int) -> Form:
    return Form(form.send(client, f"step:{number}").text, BUILD)


@pytest.mark.parametrize("name", ["dance-off-present", "dance-off-residents", "dance-off-viewers"])
def test_an_example_goes_through_every_step_and_stays_itself(app: Starlette, owner: TestClient, name: str) -> None:
    form = begun(owner, f"like:{name}")
    for number in (*range(LAST + 1), SCALES, 0):
        form = step(owner, form, number)
    answer = form.send(owner, "save")
    assert answer.headers.get("location") == f"/listen/of/{name}", answer.text
    with app.state.store.reading() as connection:
        kept = kept_study(connection, name).study
    days = {"starts_on", "closes_on", "kept_until", "day_zero"}
    assert kept.model_dump(exclude=days) == load_study(name).model_dump(exclude=days)
    text = owner.get(f"/listen/of/{name}/file").text
    assert tomllib.loads(text)["scales"] == list(kept.scales)


@pytest.mark.parametrize("design", ["present", "residents", "viewers"])
def test_a_form_of_a_design_is_sound_and_says_what_is_left_to_write(owner: TestClient, design: str) -> None:
    form = begun(owner, f"design:{design}")
    text = form.send(owner, f"step:{LAST}").text
    assert "is still to be written" in text
    where = Form(text, BUILD).send(owner, "save").headers["location"]
    refused = Form(owner.get(where).text, f"{where}/state").send(owner, "open")
    assert refused.status_code == 400
    assert "cannot be opened" in refused.text


def test_scales_keep_their_order_and_are_asked_earlier(owner: TestClient) -> None:
    form = step(owner, begun(owner), SCALES)
    before = [value for name, value in form.fields if name == "scales"]
    form = Form(form.send(owner, f"earlier:{before[1]}").text, BUILD)
    after = [value for name, value in form.fields if name == "scales"]
    assert after == [before[1], before[0], *before[2:]]


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
    form = begun(owner).put(closes_on="2001-01-01", waves__1__day="soon")
    text = step(owner, Form(form.send(owner, "save").text, BUILD), 1).send(owner, "step:1").text
    assert 'aria-describedby="at-closes_on-about"' in text
    assert "<code>soon</code> is not a whole number" in text


def test_a_text_in_place_of_the_form_is_read_or_its_mistakes_are_told(owner: TestClient) -> None:
    form = step(owner, begun(owner), LAST)
    text = form.value("toml").replace("dance-off-present", "another-word")
    assert (
        step(owner, Form(form.put(toml=text).send(owner, "text").text, BUILD), 0).value("identifier") == "another-word"
    )
    answer = form.put(toml='title = "<script>alert(1)</script>').send(owner, "text")
    assert answer.status_code == 400
    assert "is not TOML" in answer.text
    assert "<script>alert" not in answer.text


def test_a_study_that_was_opened_stays_as_it_is(owner: TestClient, opened: str) -> None:
    answer = owner.get(f"{opened}/change")
    assert answer.status_code == 400
    assert "was opened and stays as it is" in answer.text


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
        ["save", "text", "step:2", "step:5", "add:waves", "add:", "remove:arms:1", "earlier:x", "step:²"]
    ),
)
def test_no_form_ends_in_a_failure(owner: TestClient, fields: list[tuple[str, str]], do: str) -> None:
    form = begun(owner)
    form.fields += fields
    assert form.send(owner, do).status_code in (200, 303, 400)
