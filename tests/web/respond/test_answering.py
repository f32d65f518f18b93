"""The whole way of somebody who answers, without a script: what is asked, kept, skipped, refused, and never read back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.storage.tables_listen import answers, participants
from commonbeat.workflows.listen_keep import close_study, invite, open_link, revoke_link
from tests.web.respond.walking import Walk, to_questions

PRESENT = "those-present"
HEADINGS = {
    "en": ("Would you like to take part?", "Please tell us", "Thank you"),
    "es": ("¿Quiere participar?", "Cuéntenos, por favor", "Gracias"),
}


def personal(client: TestClient, store: Store, audience: str | None = "adult", language: str = "en") -> Walk:
    """Somebody who opened the link of their invitation."""
    return Walk(client, f"/r/{invite(store, PRESENT, 1, audience=audience)[0].token}", language)


def kept(store: Store) -> dict[str, tuple[float | None, str | None, bool]]:
    with store.reading() as connection:
        return {row.item: (row.value, row.text, row.skipped) for row in connection.execute(select(answers))}


@pytest.mark.parametrize("language", ["en", "es"])
def test_from_the_invitation_to_the_code(client: TestClient, store: Store, language: str) -> None:
    walk = personal(client, store, language=language)
    consent, questions, thanks = HEADINGS[language]
    assert (walk.page.language, walk.heading) == (language, consent)
    walk.send(agreed="yes")
    seen: list[str] = []
    while walk.heading == questions:
        seen += walk.page.asked
        walk.send(**{name: "2" for name in walk.form["names"] if name in walk.page.asked})
    assert walk.heading == thanks
    code = next(words for words in walk.page.words if words.count("-") == 3)
    assert set(kept(store)) == set(seen)
    assert all(value == 2 or text == "2" for value, text, _ in kept(store).values())
    walk.send()
    assert code not in walk.text
    with store.reading() as connection:
        assert connection.execute(select(participants.c.state, participants.c.language)).one() == ("finished", language)
    assert client.get("/withdraw", headers=walk.headers).status_code == 200
    taken = client.post("/withdraw", data={"code": code.lower().replace("-", " ")}, headers=walk.headers)
    assert taken.status_code == 200
    assert kept(store) == {}


def test_no_response_has_a_cookie_or_is_kept_by_a_browser(client: TestClient, store: Store) -> None:
    walk = personal(client, store)
    for _ in range(8):
        assert "set-cookie" not in walk.response.headers
        assert all("set-cookie" not in each.headers for each in walk.response.history)
        assert walk.response.headers["cache-control"] == "no-store"
        assert walk.response.headers["referrer-policy"] == "no-referrer"
        assert "unsafe-inline" not in walk.response.headers["content-security-policy"]
        assert "<style" not in walk.text
        assert " style=" not in walk.text
        if walk.form is None:
            break
        walk.send(agreed="yes")
    assert walk.heading == "You have answered everything"


def test_every_question_may_be_left_empty_or_refused(client: TestClient, store: Store) -> None:
    walk = to_questions(personal(client, store))
    refused = dict.fromkeys(walk.page.asked, "skip")
    walk.send(**refused)
    while walk.heading == "Please tell us":
        walk.send()
    assert walk.heading == "Thank you"
    assert kept(store)
    assert set(kept(store).values()) == {(None, None, True)}


def test_a_wrong_answer_is_told_beside_its_question_and_the_others_stay(client: TestClient, store: Store) -> None:
    walk = to_questions(personal(client, store))
    first, second, *_ = walk.page.asked
    before = walk.form["fields"]["page"]
    walk.send(**{first: "77", second: "2"})
    assert walk.status == 400
    assert walk.form["fields"]["page"] == before
    assert f"#question-{first}" in walk.page.links
    assert f'id="question-{first}-wrong"' in walk.text
    assert f'name="{second}" value="2" checked' in walk.text
    assert kept(store) == {}
    walk.send(**{first: "1", second: "2"})
    assert (walk.status, kept(store)[first][0]) == (200, 1)


def test_what_somebody_wrote_is_shown_as_text_and_only_to_be_mended(client: TestClient, store: Store) -> None:
    walk = to_questions(personal(client, store))
    while 'textarea class="field"' not in walk.text:
        walk.send()
    [name] = walk.page.asked
    walk.send(**{name: "<script>alert(1)</script>" + "x" * 2000})
    assert walk.status == 400
    assert "<script>alert" not in walk.text
    assert "&lt;script&gt;alert(1)" in walk.text
    walk.send(**{name: "<b>good</b>"})
    assert "good" not in walk.text
    assert kept(store)[name][1] == "<b>good</b>"


def test_back_shows_that_a_page_was_answered_and_not_what(client: TestClient, store: Store) -> None:
    walk = to_questions(personal(client, store))
    page, fields, action = walk.url, walk.form["fields"], walk.form["action"]
    item = walk.page.asked[0]
    walk.send(**{item: "2"})
    after = walk.url
    back = Walk(client, page)
    assert back.heading == "Already answered"
    assert "checked" not in back.text
    assert back.page.links == [action]
    assert Walk(client, after.rsplit("/", 1)[0] + "/99").heading == "Another page comes first"
    # Another window that still shows the form sends it with a key of its own: the first answers stay.
    other = client.post(action, data={**fields, "key": "B" * 22, item: "1"})
    assert "The first answers are kept." in other.text
    # The same form again, as an impatient finger sends it: the next page, without a word.
    again = client.post(action, data={**fields, item: "1"})
    assert (again.url.path, "The first answers are kept." in again.text) == (after, False)
    assert kept(store)[item][0] == 2


def test_a_page_whose_turn_has_not_come_is_not_kept(client: TestClient, store: Store) -> None:
    walk = to_questions(personal(client, store))
    told = client.post(walk.form["action"], data={**walk.form["fields"], "page": "reflection", "key": "C" * 22})
    assert "Please go on from here." in told.text
    assert kept(store) == {}


def test_a_child_alone_does_not_pass(client: TestClient, store: Store) -> None:
    walk = personal(client, store, audience="child")
    assert walk.form["fields"]["page"] == "permission"
    alone = client.post(walk.form["action"], data={**walk.form["fields"], "page": "assent", "agreed": "yes"})
    assert alone.status_code == 400
    asked = client.post(walk.form["action"], data={**walk.form["fields"], "doing": "answers", "page": "child_joy"})
    assert "May your child take part?" in asked.text
    walk.open(walk.url).send(agreed="yes")
    assert (walk.heading, walk.form["fields"]["page"]) == ("Do you want to answer some questions?", "assent")
    walk.send(agreed="yes")
    assert walk.heading == "Tell us"
    assert "<svg" in walk.text
    walk.open(walk.url)
    assert all(name.startswith("child_") for name in walk.page.asked)


@pytest.mark.parametrize(("audience", "yes"), [("adult", 0), ("child", 0), ("child", 1)])
def test_a_no_ends_it_and_nothing_is_kept(client: TestClient, store: Store, audience: str, yes: int) -> None:
    walk = personal(client, store, audience=audience)
    for _ in range(yes):
        walk.send(agreed="yes")
    walk.send(agreed="no")
    assert walk.heading in ("That is all right", "That is fine")
    assert walk.form is None
    assert kept(store) == {}


def test_whoever_said_no_may_read_it_again(client: TestClient, store: Store) -> None:
    walk = personal(client, store)
    walk.send(agreed="no")
    walk.open(walk.page.links[0])
    assert walk.heading == "Would you like to take part?"
    assert walk.send(agreed="yes").heading == "Please tell us"


def test_the_language_can_be_changed_on_the_way(client: TestClient, store: Store) -> None:
    walk = to_questions(personal(client, store))
    changed = client.post(walk.form["action"], data={"doing": "language", "language": "es"}, headers=walk.headers)
    assert 'lang="es"' in changed.text
    assert Walk(client, walk.form["action"], "en").page.language == "es"


def test_an_open_link_makes_somebody_only_when_they_begin(client: TestClient, store: Store) -> None:
    token = open_link(store, PRESENT)
    for _ in range(3):
        walk = Walk(client, f"/r/{token}?language=es")
    assert walk.page.language == "es"
    with store.reading() as connection:
        assert connection.execute(select(participants)).all() == []
    walk.send()
    assert token not in walk.url
    assert walk.heading == "¿Quién responde?"
    to_questions(walk, "adult")
    assert walk.heading == "Cuéntenos, por favor"
    revoke_link(store, PRESENT, token)
    assert Walk(client, f"/r/{token}").status == 404
    assert Walk(client, walk.url).status == 200


def test_links_that_lead_nowhere_say_so_in_the_readers_language(client: TestClient, store: Store) -> None:
    walk = Walk(client, "/r/" + "A" * 22, "es-MX,es;q=0.9")
    assert (walk.status, walk.page.language, walk.heading) == (404, "es", "Este enlace no existe")
    mine = personal(client, store)
    to_questions(mine)
    close_study(store, PRESENT)
    assert mine.open(mine.url).heading == "This study is closed"
    assert mine.form is None


def test_a_withdrawn_link_says_so(client: TestClient, store: Store) -> None:
    walk = to_questions(personal(client, store))
    while walk.heading == "Please tell us":
        walk.send()
    code = next(words for words in walk.page.words if words.count("-") == 3)
    wrong = client.post("/withdraw", data={"code": "0000-0000-0000-0000"})
    assert wrong.status_code == 404
    assert "This code is not known." in wrong.text
    client.post("/withdraw", data={"code": code})
    assert walk.open(walk.url).heading == "Your answers were taken back"


def test_a_form_of_a_foreign_page_is_refused(client: TestClient, store: Store) -> None:
    walk = personal(client, store)
    for headers in (
        {"origin": "https://example.org"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
    ):
        sent = client.post(walk.form["action"], data={**walk.form["fields"], "agreed": "yes"}, headers=headers)
        assert sent.status_code == 403
    own = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert (
        client.post(walk.form["action"], data={**walk.form["fields"], "agreed": "yes"}, headers=own).status_code == 200
    )
