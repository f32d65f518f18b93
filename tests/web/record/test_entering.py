"""Recording an encounter in the app, as a browser without a script does it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.record.keeping import stored_records
from commonbeat.web.record.words import CONSENT, LAST
from tests.web.core.browsers import browser
from tests.web.forms import Form

NEW = "/record/new"
PASSWORD = "a long pass phrase of hers"  # noqa: S105  # of the test's own user


def kept(app: Starlette) -> dict[str, Any]:
    with app.state.store.reading() as connection:
        return {each.encounter.identifier: each.encounter for each in stored_records(connection)}


def example(client: TestClient) -> Form:
    return Form(client.get(NEW, params={"example": "1"}).text, NEW)


def step(client: TestClient, form: Form, number: int) -> Form:
    return Form(form.send(client, f"step:{number}").text, NEW)


def test_the_example_is_kept_as_it_is_shipped(app: Starlette, owner: TestClient) -> None:
    from commonbeat.record import load_record
    from commonbeat.workflows.record_files import shipped_record

    answer = example(owner).send(owner, "save")
    assert answer.headers["location"] == "/record/of/dance-off-encounter"
    assert kept(app)["dance-off-encounter"] == load_record(shipped_record("dance-off-encounter"))


def test_every_step_carries_what_the_others_hold(app: Starlette, owner: TestClient) -> None:
    form = example(owner)
    for number in (3, 1, CONSENT, 0, LAST):
        form = step(owner, form, number)
    assert form.send(owner, "save").status_code == 303
    assert len(kept(app)["dance-off-encounter"].consent.permissions) == 9


def test_an_encounter_is_recorded_from_nothing_person_by_person(app: Starlette, owner: TestClient) -> None:
    form = Form(owner.get(NEW).text, NEW).put(title="A game of tag in the yard", when__date="2026-05-02")
    form = Form(form.send(owner, "step:1").text, NEW)
    form = Form(form.send(owner, "add:people").text, NEW)
    form.put(people__1__role="child", people__1__part="took part", people__1__count="1")
    form = step(owner, form, CONSENT)
    assert form.value("consent.visible.child") == "1"
    rows = [(form.value(f"consent.permissions.{n}.slot"), form.value(f"consent.permissions.{n}.by")) for n in (1, 2)]
    assert rows == [("child 1", "guardian"), ("child 1", "self")]
    refused = form.send(owner, "save")
    assert refused.status_code == 400
    assert "guardian permission is missing" in refused.text
    assert not kept(app)
    for number in ("1", "2"):
        place = f"consent__permissions__{number}__"
        form.put(**{f"{place}scope": ["analyse", "keep"], f"{place}collected_by": "school"})
        form.put(**{f"{place}given_on": "2026-05-03", f"{place}expires_on": "2099-05-03"})
    assert form.send(owner, "save").status_code == 303
    (encounter,) = kept(app).values()
    assert encounter.title == "A game of tag in the yard"
    assert encounter.people[0].count == 1
    assert encounter.after.followed is None


def test_mistakes_stand_beside_their_fields_and_lead_to_their_step(owner: TestClient) -> None:
    form = step(owner, example(owner), 1)
    form.put(people__1__count="many")
    text = form.send(owner, "save").text
    assert 'value="step:1">Step 2</button>' in text
    text = Form(text, NEW).send(owner, "step:1").text
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="at-people-1-count-about"' in text
    assert "<code>many</code> is not a whole number" in text


def test_rows_are_taken_out_and_mistakes_stay_at_the_rows_of_the_form(owner: TestClient) -> None:
    form = step(owner, Form(owner.get(NEW).text, NEW), 1)
    for _ in range(3):
        form = Form(form.send(owner, "add:people").text, NEW)
    form.put(people__3__count="x")
    form = Form(form.send(owner, "remove:people:1").text, NEW)
    assert "people.1.role" not in dict(form.fields)
    text = Form(form.send(owner, "save").text, NEW).send(owner, "step:1").text
    assert 'id="at-people-3-count-about"' in text


def test_an_officer_may_not_collect_a_childs_consent(app: Starlette, owner: TestClient) -> None:
    form = step(owner, example(owner), CONSENT).put(consent__permissions__1__collected_by="officer")
    text = form.send(owner, "save").text
    assert "may not collect a child&#39;s consent" in text
    assert not kept(app)


def test_another_record_by_that_name_is_not_replaced_unasked(app: Starlette, owner: TestClient) -> None:
    example(owner).send(owner, "save")
    answer = example(owner).put(title="Something else").send(owner, "save")
    assert answer.status_code == 400
    assert "is in the store already and differs in title" in answer.text
    assert Form(answer.text, NEW).send(owner, "replace").status_code == 303
    assert kept(app)["dance-off-encounter"].title == "Something else"


def test_a_record_is_changed_in_its_place(app: Starlette, owner: TestClient) -> None:
    example(owner).send(owner, "save")
    form = Form(owner.get("/record/of/dance-off-encounter/change").text, NEW).put(title="The same, said better")
    assert form.send(owner, "save").status_code == 303
    assert kept(app)["dance-off-encounter"].title == "The same, said better"


def test_a_script_in_a_text_is_shown_as_text(owner: TestClient) -> None:
    evil = "<script>alert(1)</script>"
    form = example(owner).put(title=evil, where__place='"><img src=x onerror=alert(1)>')
    pages = [form.send(owner, f"step:{number}").text for number in (0, 1, LAST)]
    form.send(owner, "save")
    pages += [owner.get(path).text for path in ("/record", "/record/of/dance-off-encounter", "/record/log")]
    for text in pages:
        assert evil not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;" in pages[-2]


def test_nobody_below_an_analyst_fills_in(app: Starlette, owner: TestClient) -> None:
    from commonbeat.workflows.web_users import set_user

    example(owner).send(owner, "save")
    set_user(app.state.store, "mira", PASSWORD, "owner")
    set_user(app.state.store, "vera", PASSWORD, "viewer")
    with browser(app) as viewer:
        page = Form(viewer.get("/login").text, "/login").put(name="vera", password=PASSWORD)
        assert page.send(viewer).status_code == 303
        assert viewer.get("/record/of/dance-off-encounter").status_code == 200
        assert viewer.get(NEW).status_code == 403
        assert viewer.get("/record/of/dance-off-encounter/withdraw").status_code == 403
        assert "Withdraw it" not in viewer.get("/record/of/dance-off-encounter").text


NAMES = st.sampled_from(
    [
        "title",
        "people.1.count",
        "people.99999.role",
        "consent.permissions.1.slot",
        "consent.visible.child",
        "sources",
        "when.hour",
        "tone.by_coders.2.mean",
        "confirm",
        "step",
        "changing",
        "after.followed",
        "consent.identifier",
        "x",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=30), st.sampled_from(["child 1 to 999", "1e999", "-1", '{"a": []}', "9" * 30, "[[[[", "nobody"])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.lists(st.tuples(NAMES, TEXTS), max_size=8),
    do=st.sampled_from(
        ["save", "step:5", "step:6", "add:people", "add:", "remove:people:1", "remove:::", "step:-1", "é"]
    ),
)
def test_no_form_ends_in_a_failure(owner: TestClient, fields: list[tuple[str, str]], do: str) -> None:
    form = example(owner)
    form.fields += fields
    answer = form.send(owner, do)
    assert answer.status_code in (200, 303, 400), answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/record/of/nobody",
        "/record/of/nobody/change",
        "/record/of/nobody/withdraw",
        "/record/of/..%2f..%2fetc",
        "/record/exports/..%2fstore",
        "/record/exports/x",
    ],
)
def test_what_is_not_there_is_not_found(owner: TestClient, path: str) -> None:
    assert owner.get(path).status_code == 404
