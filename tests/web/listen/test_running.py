"""A study in the app: opened, handed out, watched with small cells hidden, told, exported, taken back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.workflows.listen_keep import (
    arrive,
    choose_audience,
    choose_language,
    consent,
    invite,
    list_studies,
    register_study,
    submit,
)
from commonbeat.workflows.listen_tokens import new_token
from tests.web.core.browsers import csrf_of
from tests.web.forms import HEADERS, Form
from tests.web.jobs.waiting import led_to
from tests.web.respond import studies

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


def test_the_offline_file_is_made_and_what_it_saved_comes_in_once(
    app: Starlette, owner: TestClient, opened: str
) -> None:
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
    assert [each.participants for each in list_studies(app.state.store)] == [1]


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
    assert "Invited or came <strong>3</strong>" in text
    assert "Finished <strong>not told</strong>" in text
    assert "<dt>Adults</dt><dd>not told</dd>" in text
    assert "are fewer than 10 people" in text
    asked(app, opened, 9)
    text = owner.get(f"{opened}/live").text
    assert "Finished <strong>12</strong>" in text
    assert '<rect class="held" width="100.0"' in text


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


def test_what_no_export_can_hold_is_told_at_once_and_no_work_is_begun(
    app: Starlette, owner: TestClient, opened: str
) -> None:
    asked(app, opened, 1)
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
    text = owner.get(opened).text
    assert "Over: all answers were deleted." in text
    assert "nothing can be asked, told or exported any more" in text
    assert actions(text, opened) == set()


def actions(text: str, opened: str) -> set[str]:
    """What the page of a study offers to do with it."""
    return set(re.findall(rf'method="post" action="{opened}/([a-z]+)"', text))


def test_a_study_offers_what_can_be_done_with_it_and_says_why_nothing_else(
    app: Starlette, owner: TestClient, opened: str
) -> None:
    text = owner.get(opened).text
    assert actions(text, opened) == {"state", "invite", "link", "offline"}
    assert "nobody has agreed to take part" in text
    asked(app, opened, 1)
    assert actions(owner.get(opened).text, opened) == {"state", "invite", "link", "offline", "results", "export"}
    Form(owner.get(opened).text, f"{opened}/state").send(owner, "close")
    text = owner.get(opened).text
    assert actions(text, opened) == {"state", "results", "export", "erase"}
    assert "The study is closed: no links are made" in text


def test_a_draft_can_be_opened_changed_and_deleted(app: Starlette, owner: TestClient) -> None:
    register_study(app.state.store, studies.present())
    draft = "/listen/of/those-present"
    text = owner.get(draft).text
    assert actions(text, draft) == {"state", "drop"}
    assert "once it is open" in text
    assert Form(text, f"{draft}/drop").send(owner).status_code == 303
    assert owner.get(draft).status_code == 404
    assert "Our street" not in owner.get("/listen").text


def test_what_was_handed_out_or_opened_is_not_deleted_as_a_draft(
    app: Starlette, owner: TestClient, opened: str
) -> None:
    data = {"csrf": csrf_of(owner.get(opened).text)}
    answer = owner.post(f"{opened}/drop", data=data, headers=ORIGIN)
    assert answer.status_code == 400
    assert "was opened" in answer.text
    store = app.state.store
    register_study(store, studies.officers())
    invite(store, "officers", 1)
    answer = owner.post("/listen/of/officers/drop", data=data, headers=ORIGIN)
    assert "has links that were handed out" in answer.text
    assert owner.get("/listen/of/officers").status_code == 200


def test_links_are_saved_for_a_mail_merge(owner: TestClient, opened: str) -> None:
    text = Form(owner.get(opened).text, f"{opened}/invite").put(count="2").send(owner).text
    saved = Form(text, f"{opened}/links").send(owner)
    assert saved.headers["content-disposition"] == 'attachment; filename="links-those-present.csv"'
    head, *links = saved.text.splitlines()
    assert head == "link"
    assert len(links) == 2
    assert all(link in text for link in links)
    assert owner.get(links[0].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_study_is_gone_through_as_a_respondent_and_nothing_is_kept(
    app: Starlette, owner: TestClient, opened: str
) -> None:
    page = f"{opened}/preview?as=child&language=es"
    seen = []
    for _ in range(20):
        answer = owner.get(page)
        if answer.status_code == 303:
            break
        assert "Preview, page" in answer.text
        seen.append(re.search(r"<h1>(.*?)</h1>", answer.text).group(1))  # pyright: ignore[reportOptionalMemberAccess]
        page = re.search(r'<form method="post" action="([^"]+)" autocomplete', answer.text).group(1)  # pyright: ignore[reportOptionalMemberAccess]
        page = page.replace("&amp;", "&")
        assert owner.post(page).headers["location"] == page
    assert answer.headers["location"] == opened
    assert len(seen) > 4
    assert '<html lang="es"' in owner.get(f"{opened}/preview?language=es").text
    assert "Nobody has been invited or has come yet." in owner.get(opened).text


def test_nothing_is_told_of_nobody(owner: TestClient, opened: str) -> None:
    data = {"csrf": csrf_of(owner.get(opened).text)}
    answer = owner.post(f"{opened}/results", data=data, headers=ORIGIN)
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
