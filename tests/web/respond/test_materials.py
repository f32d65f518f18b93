"""What an arm shows can be had while its page is shown, by whoever was drawn to it, and by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.storage.tables_listen import participants
from commonbeat.workflows.listen_keep import invite
from tests.web.respond.walking import Walk, to_questions


@pytest.fixture
def drawn(client: TestClient, store: Store) -> dict[str, Walk]:
    """Somebody in each arm, on the page with the material."""
    found: dict[str, Walk] = {}
    for invitation in invite(store, "viewers", 12):
        walk = to_questions(Walk(client, f"/r/{invitation.token}"))
        before = client.get(f"/r/{invitation.token}/material")
        assert before.status_code == 404
        walk.send(recent_stops="0")
        with store.reading() as connection:
            chosen = select(participants.c.arm).where(participants.c.number == invitation.number)
            found.setdefault(connection.execute(chosen).scalar_one(), walk)
        if len(found) == 2:
            break
    return found


def test_each_arm_shows_its_own(client: TestClient, drawn: dict[str, Walk]) -> None:
    clip, text = drawn["clip"], drawn["text"]
    base = clip.form["action"]
    assert clip.heading == text.heading == "Please take this in first"
    assert f'src="{base}/material"' in clip.text
    assert f'<track kind="captions" src="{base}/captions" srclang="en"' in clip.text
    assert "An officer joins in a dance." in clip.text
    assert "an officer danced." not in clip.text
    assert "an officer danced." in text.text
    assert "<video" not in text.text
    film = client.get(f"{base}/material")
    assert (film.status_code, film.headers["content-type"], film.headers["cache-control"]) == (
        200,
        "video/mp4",
        "no-store",
    )
    part = client.get(f"{base}/material", headers={"range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"film ")
    assert client.get(f"{base}/captions").text.startswith("WEBVTT")
    assert [client.get(f"{text.form['action']}/{each}").status_code for each in ("material", "captions")] == [404, 404]


def test_afterwards_it_is_gone(client: TestClient, drawn: dict[str, Walk]) -> None:
    walk = drawn["clip"]
    base = walk.form["action"]
    walk.send()
    assert walk.heading == "Please tell us"
    assert client.get(f"{base}/material").status_code == 404


def test_no_address_names_a_file(client: TestClient, drawn: dict[str, Walk]) -> None:
    base = drawn["clip"].form["action"]
    for trick in (
        "secret.txt",
        "../secret.txt",
        "%2e%2e%2fsecret.txt",
        "material/secret.txt",
        "material?file=secret.txt",
    ):
        assert "nobody's business" not in client.get(f"{base}/{trick}").text


def test_a_film_that_became_a_link_to_elsewhere_is_not_sent(
    client: TestClient, drawn: dict[str, Walk], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.mp4").write_bytes(b"private")
    film = tmp_path / "study" / "clip.mp4"
    film.unlink()
    film.symlink_to(tmp_path / "elsewhere.mp4")
    assert client.get(f"{drawn['clip'].form['action']}/material").status_code == 404


def test_the_end_tells_what_it_was_about_and_when_to_come_back(drawn: dict[str, Walk]) -> None:
    walk = drawn["text"]
    while walk.heading != "Thank you":
        walk.send()
    assert "You saw one of two things." in walk.words
    assert "drawn by lot" in walk.words
    assert "We would like to ask you once more from" in walk.words
    walk.send()
    assert walk.heading == "Please come back later"
