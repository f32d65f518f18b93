"""Responses from the offline file are kept whole, in order, once, and checked as a form is."""

from __future__ import annotations

import secrets
import threading
from datetime import timedelta

import pytest

from commonbeat.errors import AnswerError, InputError, LinkError, StoreError
from commonbeat.listen.study.pages import pages_of
from commonbeat.listen.study.reading import bank_of
from commonbeat.storage.log import entries
from commonbeat.workflows import listen_offline
from commonbeat.workflows.listen_keep import close_study, open_link, revoke_link, synchronise
from tests.listen.keeping.read_back import study_answers
from tests.listen.keeping.studies import DAY, children, key, opened, panel, viewers


def response(study, *, audience="adult", wave=None, words="", **changes) -> dict:
    """What the offline file holds of somebody who answered every page."""
    wave = wave or study.waves[0].name
    pages = []
    for page in pages_of(study, bank_of(study), wave, audience, None):
        sent = {"wave": wave, "page": page.identifier, "key": key()}
        if page.kind in ("consent", "assent", "permission"):
            sent |= {"agreed": True, "by": "guardian" if page.kind == "permission" else "self"}
        elif page.kind == "questions":
            sent["answers"] = {
                item.identifier: words if item.open_text else str((item.format.values or [1])[0]) for item in page.items
            }
        if page.kind != "debriefing":
            pages.append(sent)
    made = {"key": key(), "audience": audience, "language": "es", "withdrawal_code": secrets.token_hex(10)}
    return {**made, "pages": pages, **changes}


def document(study, *responses) -> dict:
    return {"format": 1, "study": study.identifier, "responses": list(responses)}


def test_sent_twice_is_kept_once(store):
    study = opened(store, panel())
    link = open_link(store, study.identifier, "offline")
    some = [response(study) for _ in range(3)]
    keys = tuple(each["key"] for each in some)
    assert synchronise(store, link, document(study, *some), on=DAY).kept == keys
    again = synchronise(store, link, document(study, *some, response(study)), on=DAY)
    assert (again.known, len(again.kept), again.refused) == (keys, 1, ())
    found = study_answers(store, study.identifier)
    assert found.participants["state"].to_list() == ["consented"] * 4
    assert found.participants["waves_answered"].to_list() == [[study.waves[0].name]] * 4
    assert found.answers.group_by("participant").len()["len"].n_unique() == 1


def test_sent_by_several_at_once_is_kept_once(store):
    study = opened(store, panel())
    link = open_link(store, study.identifier, "offline")
    sent, came = document(study, *(response(study) for _ in range(5))), []
    threads = [threading.Thread(target=lambda: came.append(synchronise(store, link, sent, on=DAY))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(each.kept) for each in came) == 5
    assert sum(len(each.known) for each in came) == 15
    assert study_answers(store, study.identifier).participants.height == 5


def test_a_child_answers_with_both_decisions(store):
    study = opened(store, children())
    link = open_link(store, study.identifier, "offline")
    sound = response(study, audience="child")
    without = response(study, audience="child")
    without["pages"] = without["pages"][1:]
    wrong_decider = response(study, audience="child")
    wrong_decider["pages"][0]["by"] = "self"
    found = synchronise(store, link, document(study, sound, without, wrong_decider), on=DAY)
    assert found.kept == (sound["key"],)
    assert [each.key for each in found.refused] == [without["key"], wrong_decider["key"]]
    assert study_answers(store, study.identifier).participants.height == 1


def spoilt(study) -> list[dict | str | None]:
    """Responses each with one thing wrong."""
    out_of_order = response(study)
    out_of_order["pages"].reverse()
    no_option = response(study)
    first = next(page for page in no_option["pages"] if "answers" in page)
    first["answers"] = dict.fromkeys(first["answers"], "99")
    same_key_twice = response(study)
    same_key_twice["pages"][1]["key"] = same_key_twice["pages"][0]["key"]
    only_no = response(study)
    only_no["pages"] = [{**only_no["pages"][0], "agreed": False}]
    months_later = response(study)
    later = response(study, wave=study.wave_names[-1])["pages"]
    months_later["pages"] += [page for page in later if "answers" in page]
    return [
        months_later,
        out_of_order,
        no_option,
        same_key_twice,
        only_no,
        response(study, key="short"),
        response(study, withdrawal_code="1234"),
        response(study, language="de"),
        response(study, audience="child"),
        response(study, pages=[]),
        response(study, pages=[1]),
        response(study, pages=[{"wave": {}, "page": [], "key": None}]),
        {},
        "nonsense",
        None,
    ]


def test_what_is_wrong_is_refused_alone_and_leaves_nothing(store):
    study = opened(store, panel())
    link = open_link(store, study.identifier, "offline")
    sound, wrong = response(study), spoilt(study)
    found = synchronise(store, link, document(study, *wrong, sound), on=DAY)
    assert found.kept == (sound["key"],)
    assert len(found.refused) == len(wrong)
    assert all(each.why for each in found.refused)
    assert study_answers(store, study.identifier).participants.height == 1


@pytest.mark.parametrize("sent", [None, [], {}, {"format": 2}, {"format": 1, "study": "x", "responses": {}}, "words"])
def test_what_is_no_document_is_told(store, sent):
    study = opened(store, panel())
    link = open_link(store, study.identifier, "offline")
    with pytest.raises(AnswerError, match="no document of the offline file"):
        synchronise(store, link, sent, on=DAY)


def test_only_an_offline_link_of_an_open_study_takes_responses(store):
    study = opened(store, panel())
    sent = document(study, response(study))
    for token in (open_link(store, study.identifier), "x" * 22):
        with pytest.raises(LinkError):
            synchronise(store, token, sent, on=DAY)
    link = open_link(store, study.identifier, "offline")
    close_study(store, study.identifier)
    with pytest.raises(StoreError, match="is not open"):
        synchronise(store, link, sent, on=DAY)
    revoke_link(store, study.identifier, link)
    with pytest.raises(LinkError):
        synchronise(store, link, sent, on=DAY)
    other = opened(store, viewers())
    with pytest.raises(InputError, match="draws arms"):
        open_link(store, other.identifier, "offline")


def test_a_link_brings_so_many_a_day_and_the_rest_on_the_next(store, monkeypatch):
    monkeypatch.setattr(listen_offline, "MOST_A_DAY", 5)
    study = opened(store, panel())
    link, another = (open_link(store, study.identifier, "offline") for _ in range(2))
    some = [response(study) for _ in range(8)]
    spoilt_one = response(study, language="de")
    first = synchronise(store, link, document(study, spoilt_one, *some), on=DAY)
    assert first.kept == tuple(each["key"] for each in some[:5])
    assert [each.key for each in first.refused] == [spoilt_one["key"], *(each["key"] for each in some[5:])]
    assert "Send it again tomorrow, or ask who runs the study for another link." in first.refused[-1].why
    # What was kept before the answer was lost is known, also by a link that is full; and nothing of the refused is there.
    again = synchronise(store, link, document(study, *some), on=DAY)
    assert (again.known, again.kept, len(again.refused)) == (first.kept, (), 3)
    assert study_answers(store, study.identifier).participants.height == 5
    assert synchronise(store, another, document(study, some[5]), on=DAY).kept == (some[5]["key"],)
    tomorrow = synchronise(store, link, document(study, *some), on=DAY + timedelta(days=1))
    assert (len(tomorrow.known), tomorrow.kept, tomorrow.refused) == (6, tuple(each["key"] for each in some[6:]), ())
    with store.reading() as connection:
        assert [each.act for each in entries(connection)].count("link full for a day") == 1


def test_devices_that_send_at_once_share_the_day(store, monkeypatch):
    monkeypatch.setattr(listen_offline, "MOST_A_DAY", 5)
    study, came = opened(store, panel()), []
    link = open_link(store, study.identifier, "offline")
    sent = [document(study, *(response(study) for _ in range(3))) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda each=each: came.append(synchronise(store, link, each, on=DAY))) for each in sent
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(each.kept) for each in came) == 5
    assert sum(len(each.refused) for each in came) == 7
    assert study_answers(store, study.identifier).participants.height == 5
