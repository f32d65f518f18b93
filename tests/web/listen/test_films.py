"""Films, pictures and captions come into a study by its form, are what they say, and stay what they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.errors import StudyError
from commonbeat.web.listen import contents, uploading
from commonbeat.web.listen.contents import content_of
from commonbeat.web.listen.words import LAST, SHOWN
from commonbeat.workflows.listen_keep import close_study, open_study, register_study
from commonbeat.workflows.listen_materials import changed_materials
from commonbeat.workflows.listen_studies import kept_study
from tests.web.core.browsers import csrf_of
from tests.web.forms import HEADERS, Form
from tests.web.listen.test_building import after, begun, step
from tests.web.respond import studies
from tests.web.team import app_on

SUBRIP = "1\n00:00:00,500 --> 00:00:01,500\nMusic\n"


def film(path: Path, codec: str = "libx264", seconds: int = 1) -> Path:
    """A film of moving stripes."""
    with av.open(str(path), "w") as made:
        stream = made.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(10 * seconds):
            picture = np.full((48, 64, 3), 20 * (number % 10), dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                made.mux(packet)
        for packet in stream.encode():
            made.mux(packet)
    return path


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Starlette]:
    """The app on a file alone: films are not in the database."""
    with app_on(tmp_path, None) as made:
        yield made


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder outside the project, from which files are taken."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def arms(owner: TestClient) -> Form:
    """The step with the arms of a study of viewers."""
    return step(owner, begun(owner, "like:dance-off-viewers"), SHOWN)


def send(client: TestClient, form: Form, arm: int, path: Path, **more: str) -> Any:
    data: dict[str, Any] = {"do": f"take:{arm}"}
    for name, value in form.fields:
        data.setdefault(name, []).append(value)
    files = {f"file.{arm}": (path.name, path.read_bytes(), "application/octet-stream")}
    return client.post(form.action, data=data | more, files=files, headers={"origin": HEADERS["origin"]})


def test_a_film_is_taken_shown_and_named_by_its_arm(owner: TestClient, arms: Form, shelf: Path, tmp_path: Path) -> None:
    answer = send(owner, arms, 1, film(shelf / "The dance-off, at last.mp4"))
    form = after(owner, answer)
    assert re.fullmatch(r"materials/The-dance-off-at-last-[0-9a-f]{12}\.mp4", form.value("arms.1.clip"))
    kept = tmp_path / "studies" / form.value("arms.1.clip")
    assert kept.read_bytes() == (shelf / "The dance-off, at last.mp4").read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert (
        f'<video controls playsinline preload="metadata" src="/listen/{form.value("arms.1.clip")}"'
        in owner.get(form.action).text
    )
    part = owner.get(f"/listen/{form.value('arms.1.clip')}", headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"ftyp", "video/mp4")
    assert form.value("arms.2.clip") == ""
    text = owner.get(form.action).text
    assert "The dance-off, at last.mp4: 1 s, 64 x 48, without sound." in text
    assert "64 x 48" not in owner.get(step(owner, form, SHOWN).action).text


def test_captions_and_pictures_find_their_places(owner: TestClient, arms: Form, shelf: Path, tmp_path: Path) -> None:
    form = after(owner, send(owner, arms, 1, film(shelf / "clip.webm", "libvpx")))
    (shelf / "clip.srt").write_text(SUBRIP)
    form = after(owner, send(owner, form, 1, shelf / "clip.srt", captions_in__1="es", **{"captions_in.1": "es"}))
    named = form.value("arms.1.captions.es")
    assert (tmp_path / "studies" / named).read_text() == "WEBVTT\n\n1\n00:00:00.500 --> 00:00:01.500\nMusic\n"
    assert form.value("arms.1.captions.en") == ""
    (shelf / "street.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    form = after(owner, send(owner, form, 4, shelf / "street.png"))
    assert form.value("arms.4.picture").endswith(".png")
    assert "arms.4.description.en" in dict(form.fields)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("film.mp4", b"not a film at all", "is no .mp4 by its content"),
        ("film.webm", b"\x00\x00\x00\x18ftypisom", "is no .webm by its content"),
        ("film.mov", b"\x00\x00\x00\x18ftypqt  ", "is of no known kind"),
        ("picture.png", b"\xff\xd8\xff\xe0", "is no .png by its content"),
        ("picture.svg", b"<svg onload=alert(1)>", "is of no known kind"),
        ("page.vtt", b"<script>alert(1)</script>", "does not begin with WEBVTT"),
        ("empty.vtt", b"WEBVTT\n\nno times", "has no caption with its times"),
        ("latin.vtt", b"WEBVTT\n\n\xff", "is not UTF-8 text"),
    ],
)
def test_what_is_no_film_is_not_taken_and_nothing_else_is_lost(
    owner: TestClient, arms: Form, shelf: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (shelf / name).write_bytes(content)
    answer = send(owner, arms.put(arms__1__name="renamed"), 1, shelf / name)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert Form(answer.text, arms.action).value("arms.1.name") == "renamed"
    assert not list((tmp_path / "studies" / "materials").glob("*"))


def test_a_damaged_film_and_one_that_browsers_do_not_play_are_told(shelf: Path) -> None:
    whole = film(shelf / "whole.mp4").read_bytes()
    (shelf / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    for path, rule in (
        (shelf / "cut.mp4", "is cut off or damaged"),
        (film(shelf / "old.mp4", "mpeg4"), "coded as mpeg4"),
    ):
        with pytest.raises(StudyError) as refused:
            content_of(path)
        assert rule in refused.value.mistakes[0].rule
        assert "ffmpeg" not in refused.value.mistakes[0].way_out


def test_without_the_packages_of_video_a_film_is_known_by_its_first_bytes(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents.importlib.util, "find_spec", lambda _: None)
    assert "not looked into" in content_of(film(shelf / "whole.mp4")).told


def test_sizes_are_bounded(owner: TestClient, arms: Form, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shelf / "street.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2_000_000))
    monkeypatch.setitem(contents.LARGEST, "picture", 1_000_000)
    assert "is larger than 1 MB" in send(owner, arms, 4, shelf / "street.png").text
    monkeypatch.setitem(contents.LARGEST, "picture", 3_000_000)
    monkeypatch.setattr(uploading, "MOST_KEPT_BYTES", 1_500_000)
    assert "take too much room, or the disk is full" in send(owner, arms, 4, shelf / "street.png").text


def test_a_file_that_no_study_shows_can_be_deleted_and_one_that_is_shown_cannot(
    owner: TestClient, arms: Form, shelf: Path, tmp_path: Path
) -> None:
    first = after(owner, send(owner, arms, 1, film(shelf / "first.mp4"))).value("arms.1.clip")
    form = after(owner, send(owner, arms, 1, film(shelf / "second.mp4", seconds=2)))
    second = form.value("arms.1.clip")
    assert second != first
    waiting = owner.get("/listen").text
    assert f"/listen/{first}" in waiting
    assert f"/listen/{second}" not in waiting  # the form that is being filled in names it
    assert step(owner, form, LAST).send(owner, "save").status_code == 303
    text = owner.get("/listen").text
    assert f"/listen/{first}" in text
    assert f"/listen/{second}" not in text
    for each in (first, second):
        data = {"csrf": csrf_of(text), "name": each.rpartition("/")[2]}
        owner.post("/listen/materials/drop", data=data, headers={"origin": HEADERS["origin"]})
    assert [(tmp_path / "studies" / each).exists() for each in (first, second)] == [False, True]


@pytest.mark.parametrize(
    "name", ["..%2fcommonbeat.sqlite3", "x.mp4", ".hidden-0123456789ab.mp4", "film-0123456789ab.mp4"]
)
def test_no_address_leads_to_another_file(owner: TestClient, name: str) -> None:
    assert owner.get(f"/listen/materials/{name}").status_code == 404


def test_a_film_that_changes_after_the_opening_is_told_and_keeps_the_study_closed(
    app: Starlette, owner: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "study").mkdir()
    study, store = studies.viewers(tmp_path / "study"), app.state.store
    register_study(store, study)
    open_study(store, "viewers")
    page = "/listen/of/viewers"
    assert "is not the file with which" not in owner.get(page).text
    (tmp_path / "study" / "clip.mp4").write_bytes(b"another film")
    with store.reading() as connection:
        found = changed_materials(store, kept_study(connection, "viewers"))
    assert [each.place for each in found] == ["arms.1.clip"]
    assert "is not the file with which the study was opened" in owner.get(page).text
    close_study(store, "viewers")
    with pytest.raises(StudyError, match="cannot be opened again"):
        open_study(store, "viewers")
    (tmp_path / "study" / "clip.mp4").write_bytes(b"film " * 1000)
    open_study(store, "viewers")
    assert "is not the file with which" not in owner.get(page).text
    (tmp_path / "study" / "clip.mp4").unlink()
    assert "is not there" in owner.get(page).text
