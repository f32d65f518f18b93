"""How much may be sent and kept: fields of a form, files at once, files in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from commonbeat.errors import InputError
from commonbeat.web.forms import MOST_FIELDS, MOST_FILES
from commonbeat.web.security import children, uploads
from commonbeat.web.security.children import Bounds, told_by
from commonbeat.web.security.refusals import TooBusyError
from commonbeat.web.security.uploads import MOST_OF_ALL, MOST_OF_ONE, Uploads, is_large, require_room
from tests.web.core.browsers import csrf_of

LARGE = Headers({"content-type": "multipart/form-data; boundary=x", "content-length": "9000000"})
PLAIN = {"content-type": "application/x-www-form-urlencoded"}


def test_a_form_has_so_many_fields_and_no_more(owner: TestClient) -> None:
    csrf = csrf_of(owner.get("/record/new").text)
    most = f"csrf={csrf}" + "&a=" * (MOST_FIELDS - 1)
    assert owner.post("/record/new", content=most, headers=PLAIN).status_code == 200
    refused = owner.post("/record/new", content=f"{most}&a=", headers=PLAIN)
    assert refused.status_code == 413
    assert f"more than {MOST_FIELDS:,} fields" in refused.text


def test_a_form_has_so_many_files_and_no_more(owner: TestClient) -> None:
    files = [("file", (f"{number}.toml", b"x")) for number in range(MOST_FILES + 1)]
    refused = owner.post("/record/import", files=files, data={"csrf": csrf_of(owner.get("/record").text)})
    assert (refused.status_code, f"more than {MOST_FILES} files" in refused.text) == (413, True)


def test_one_person_sends_so_many_files_at_once_and_all_so_many(app: Starlette) -> None:
    taken = Uploads()
    open_now = [taken.one_of("mira", LARGE) for _ in range(MOST_OF_ONE)]
    for each in open_now:
        each.__enter__()
    with pytest.raises(TooBusyError, match="You are sending"), taken.one_of("mira", LARGE):
        pass
    with taken.one_of("mira", Headers({"content-type": "application/json"})):
        pass  # pages and small forms go on
    others = [taken.one_of(f"other {number}", LARGE) for number in range(MOST_OF_ALL - MOST_OF_ONE)]
    for each in others:
        each.__enter__()
    with pytest.raises(TooBusyError, match="sent already"), taken.one_of("sam", LARGE):
        pass
    for each in (*open_now, *others):
        each.__exit__(None, None, None)
    with taken.one_of("mira", LARGE), taken.one_of("sam", LARGE):
        pass


def test_whoever_sends_one_file_too_many_reads_when_to_send_it(app: Starlette, owner: TestClient) -> None:
    csrf = csrf_of(owner.get("/record").text)
    body = {"files": {"file": ("a.toml", b"x" * 400_000)}, "headers": {"X-CSRF-Token": csrf}}
    users = [app.state.uploads.one_of(f"other {number}", LARGE) for number in range(MOST_OF_ALL)]
    for each in users:
        each.__enter__()
    busy = owner.post("/record/import", **body)
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "30")
    assert "Wait a minute and send yours again" in busy.text
    for each in users:
        each.__exit__(None, None, None)
    assert owner.post("/record/import", **body).status_code == 400  # it is no record, and that is what is said


@pytest.mark.parametrize(
    ("headers", "large"),
    [
        ({"content-type": "multipart/form-data; boundary=x"}, True),  # in chunks, of a length that nobody said
        ({"content-type": "Multipart/Form-Data; boundary=x", "content-length": "300000"}, True),
        ({"content-type": "multipart/form-data; boundary=x", "content-length": "3000"}, False),
        ({"content-length": "300000"}, False),
        ({}, False),
    ],
)
def test_what_counts_as_an_upload(headers: dict[str, str], large: bool) -> None:  # noqa: FBT001
    assert is_large(Headers(headers)) == large


def test_two_files_are_read_at_once_and_a_third_is_asked_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.toml").write_text("x", encoding="utf-8")
    for _ in range(2):
        children.AT_ONCE.acquire()
    try:
        with pytest.raises(TooBusyError, match="being read"):
            told_by("commonbeat.web.record.uploaded:read", tmp_path / "a.toml", bounds=Bounds(patience_s=0.04))
    finally:
        for _ in range(2):
            children.AT_ONCE.release()


def test_a_folder_keeps_so_much_and_then_something_goes_first(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "file").write_bytes(bytes(1000))
    require_room(tmp_path, most_files=4, most_bytes=3001)
    with pytest.raises(InputError, match="Delete one first"):
        require_room(tmp_path, most_files=3, most_bytes=10_000)
    with pytest.raises(InputError, match="are used by files kept before"):
        require_room(tmp_path, most_files=4, most_bytes=3000)
    shutil.rmtree(tmp_path / "0")
    require_room(tmp_path, most_files=3, most_bytes=3000)


def test_answers_come_before_files_when_the_disk_is_nearly_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _: Usage(uploads.FREE_BYTES - 1))
    with pytest.raises(InputError, match="which answers need"):
        require_room(tmp_path, most_files=10, most_bytes=10)
