"""A study in the app: opened, handed out, watched with small cells hidden, told, exported, taken back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.workflows.listen_keep import arrive, choose_audience, choose_language, consent, invite, submit
from commonbeat.workflows.listen_tokens import new_token
from tests.web.core.browsers import csrf_of
from tests.web.forms import HEADERS, Form
from tests.web.jobs.waiting import led_to

ORIGIN = {"origin": HEADERS["origin"]}
SCRIPT = "<script>alert(1)</script>"


def answer_all(app: Starlette, token: str) -> str:
    """An adult goes through the whole study; the code that is shown at the end."""
    from commonbeat.listen.study.answers import Answer

    store = app.state.store
    standing = arrive(store, token)
    standing = choose_language(store, standing.token, "en")
    standing = choose_audience(store, standing.token, "adult")
    code = ""
    while standing.page is not None and not standing.said:
        page, key = standing.page, new_token()
        if page.kind in ("consent", "permission", "assent"):
            standing = consent(store, standing.token, page.identifier, agreed=True, key=key)
        else:
            given = [
                Answer(each.identifier, text=SCRIPT)
                if each.open_text
                else Answer(each.identifier, value=each.format.values[0])
                for each in page.items
                if each.open_text or each.format.values
            ]
            standing = submit(store, standing.token, standing.wave, page.identifier, key, given)
        code = getattr(standing, "withdrawal_code", "") or code
    return code


def asked(app: Starlette, opened: str, count: int) -> list[str]:
    identifier = opened.rpartition("/")[2]
    return [answer_all(app, each.token) for each in invite(app.state.store, identifier, count)]


def test_the_state_changes_by_its_buttons(owner: TestClient, opened: str) -> None:
    assert "Open: people can answer." in owner.get(opened).text
    assert Form(owner.get(opened).text, f"{opened}/state").send(owner, "close").status_code == 303
    text = owner.get(opened).text
    assert "Closed: nobody can answer any more." in text
    assert Form(text, f"{opened}/state").send(owner, "open").status_code == 303


def test_links_are_shown_once_and_work(owner: TestClient, opened: str) -> None:
    text = Form(owner.get(opened).text, f"{opened}/invite").put(count="3").send(owner).text
    links = re.findall(r"http://127\.0\.0\.1:8000(/r/[A-Za-z0-9_-]{22})(?:$|<)", text, re.MULTILINE)
    assert len(set(links)) == 3
    assert owner.get(links[0]).status_code == 200
    token = links[0].rpartition("/")[2]
    assert all(token not in owner.get(path).text for path in (opened, "/listen", "/record/log"))
    sheet = Form(text, f"{opened}/sheet").put(language="es").send(owner).text
    assert sheet.count("data:image/svg+xml") == 3
    assert '<html lang="es"' in sheet


@pytest.mark.parametrize("count", ["0", "-1", "501", "many", "9" * 30, "²", "٣"])
def test_a_count_that_is_none_is_refused(owner: TestClient, opened: str, count: str) -> None:
    answer = Form(owner.get(opened).text, f"{opened}/invite").put(count=count).send(owner)
    assert answer.status_code == 400
    assert "is not from 1 to 500" in answer.text


def test_a_kiosk_starts_and_its_link_is_revoked(owner: TestClient, opened: str) -> None:
    text = Form(owner.get(opened).text, f"{opened}/link").put(kind="kiosk").send(owner).text
    where = re.search(r"http://127\.0\.0\.1:8000(/k/[A-Za-z0-9_-]{22})", text)
    assert where is not None
    assert owner.get(where.group(1)).status_code == 200
    assert Form(owner.get(opened).text, f"{opened}/revoke").send(owner).status_code == 303
    assert "no longer good" in owner.get(opened).text


def test_the_offline_file_is_made_and_what_it_saved_comes_in_once(owner: TestClient, opened: str) -> None:
    text = Form(owner.get(opened).text, f"{opened}/link").put(kind="offline").send(owner).text
    where = re.search(r"http://127\.0\.0\.1:8000(/offline/[A-Za-z0-9_-]{22})", text)
    assert where is not None
    assert "attachment" in owner.get(where.group(1)).headers["content-disposition"]
    pages = [{"wave": "there", "page": "consent", "key": new_token(), "agreed": True, "by": "self"}]
    response = {
        "key": new_token(),
        "audience": "adult",
        "language": "en",
        "withdrawal_code": "ABCD" * 4,
        "pages": pages,
    }
    document = {"format": 1, "study": "those-present", "responses": [response, {"key": SCRIPT}]}
    for told in ("1 response kept now, 0 that were there already, 1 refused", "0 responses kept now, 1 that was there"):
        answer = bring(owner, opened, json.dumps(document).encode())
        assert told in answer.text
        assert SCRIPT not in answer.text
    assert "<dt>Agreed to take part</dt><dd>1</dd>" in owner.get(opened).text


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[" * 5000, b"\xff\xfe", b"[]", b'{"format": 1, "study": "x", "responses": 3}', b'"\\u0000"'],
)
def test_what_no_device_saved_is_refused(owner: TestClient, opened: str, content: bytes) -> None:
    assert bring(owner, opened, content).status_code == 400


def bring(client: TestClient, opened: str, content: bytes) -> object:
    files = {"file": ("answers.json", content, "application/json")}
    return client.post(
        f"{opened}/offline", data={"csrf": csrf_of(client.get(opened).text)}, files=files, headers=ORIGIN
    )


def test_small_cells_are_hidden_while_people_answer(app: Starlette, owner: TestClient, opened: str) -> None:
    asked(app, opened, 3)
    text = owner.get(f"{opened}/live").text
    assert "<dt>Finished</dt><dd>fewer than 10" in text
    assert "<dt>Agreed, adult</dt><dd>fewer than 10" in text
    asked(app, opened, 9)
    text = owner.get(f"{opened}/live").text
    assert "<dt>Finished</dt><dd>12</dd>" in text
    assert '<rect class="held" width="100"' in text


def test_the_report_and_the_files_hold_no_script_and_no_link(app: Starlette, owner: TestClient, opened: str) -> None:
    codes = asked(app, opened, 12)
    place = led_to(owner, Form(owner.get(opened).text, f"{opened}/results").send(owner))
    assert place == "/reports/open/listening/those-present-1/report.html"
    report = owner.get(place)
    assert report.status_code == 200
    assert 'href="/reports/of/listening/those-present-1"' in report.text  # the way back
    assert owner.get("/reports/of/listening/those-present-1").status_code == 200
    assert SCRIPT not in report.text
    asked_for = Form(owner.get(opened).text, f"{opened}/export").put(kind="csv-long", texts="yes").send(owner)
    text = owner.get(led_to(owner, asked_for)).text
    files = re.findall(r'href="(/listen/exports/[^"]+)"', text)
    assert files
    saved = owner.get(files[0])
    assert "attachment" in saved.headers["content-disposition"]
    assert SCRIPT in saved.text
    assert not [code for code in codes if code and code in saved.text]
    assert [owner.get(each).status_code for each in files] == [200, 200]
    assert owner.get(files[1]).text.startswith("# ")  # what the columns mean
    assert "there was one so far" in owner.get(opened).text or "there were 2 so far" in owner.get(opened).text


def test_what_no_export_can_hold_is_told_at_once_and_no_work_is_begun(owner: TestClient, opened: str) -> None:
    answer = Form(owner.get(opened).text, f"{opened}/export").put(kind="targets").send(owner)
    assert answer.status_code == 400
    assert "asks those who were there" in answer.text
    assert owner.get("/jobs/1").status_code == 404


def test_answers_are_taken_back_by_code(app: Starlette, owner: TestClient, opened: str) -> None:
    code = asked(app, opened, 1)[0]
    page = Form(owner.get("/listen").text, "/listen/withdraw")
    assert page.put(code="WRONG").send(owner).status_code == 400
    answer = page.put(code=code).send(owner)
    assert answer.status_code == 200
    assert "Taken back" in answer.text


def test_everything_is_erased_by_its_word_once_it_is_closed(app: Starlette, owner: TestClient, opened: str) -> None:
    asked(app, opened, 2)
    Form(owner.get(opened).text, f"{opened}/state").send(owner, "close")
    form = Form(owner.get(opened).text, f"{opened}/erase")
    assert form.send(owner).status_code == 400
    answer = form.put(word="those-present").send(owner)
    assert "2 people and" in answer.text
    assert "<dt>Invited or came</dt><dd>0</dd>" in owner.get(opened).text


def test_nothing_is_told_of_nobody(owner: TestClient, opened: str) -> None:
    answer = Form(owner.get(opened).text, f"{opened}/results").send(owner)
    assert answer.status_code == 400
    assert "has nobody yet who agreed to take part" in answer.text


@pytest.mark.parametrize(
    "path", ["/listen/of/nobody", "/listen/exports/..%2fsecrets.toml", "/listen/exports/answers-x.csv"]
)
def test_what_is_not_there_is_not_found(owner: TestClient, path: str) -> None:
    assert owner.get(path).status_code == 404


def test_no_link_leads_out_of_the_exports(app: Starlette, owner: TestClient) -> None:
    folder: Path = app.state.settings.project / "exports"
    folder.mkdir()
    (folder.parent / "secrets.toml").write_text("a = 1")
    (folder / "answers-abc-20260101-000000.csv").symlink_to(folder.parent / "secrets.toml")
    assert owner.get("/listen/exports/answers-abc-20260101-000000.csv").status_code == 404
