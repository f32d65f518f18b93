"""Somebody answers: page by page, in their turn, once, and only after they agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from commonbeat.errors import AnswerError, ConsentError, InputError, LinkError, StoreError, StudyError
from commonbeat.listen.study.answers import Answer
from commonbeat.storage.log import broken, entries
from commonbeat.storage.tables_listen import answers, submissions
from commonbeat.workflows.listen_keep import (
    arrive,
    choose_audience,
    choose_language,
    close_study,
    consent,
    invite,
    list_links,
    look,
    open_link,
    open_study,
    register_study,
    renew_link,
    revoke_link,
    submit,
    submit_form,
)
from tests.listen.keeping.read_back import study_answers
from tests.listen.keeping.studies import (
    DAY,
    LATER,
    agreed,
    children,
    filled,
    key,
    onward,
    opened,
    panel,
    to_the_end,
    viewers,
)


def rows(store, table) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def acts(store) -> list[str]:
    with store.reading() as connection:
        found = entries(connection)
    assert broken(found) == []
    return [each.act for each in found]


def test_the_whole_way_through_two_waves(store):
    study = opened(store, viewers())
    link = invite(store, study.identifier, 1)[0].token
    now = agreed(store, link)
    assert (now.state, now.wave, now.place, now.page.scale) == ("consented", "first", 2, "recent_contact")
    assert now.of > 3
    places = []
    while now.page.kind != "debriefing":
        places.append(now.place)
        now = onward(store, now, "some words")
    assert places == list(range(2, now.of))
    assert now.withdrawal_code
    assert arrive(store, link, on=DAY).withdrawal_code == now.withdrawal_code
    done = submit(store, link, "first", "debriefing", key(), on=DAY)
    assert (done.said, done.withdrawal_code, done.next_wave_on) == ("finished", None, DAY + timedelta(days=30))
    assert arrive(store, link, on=DAY + timedelta(days=7)).said == "too_early"
    again = arrive(store, link, on=LATER)
    assert (again.wave, again.place, again.page.scale) == ("month_later", 1, "trust")
    end = to_the_end(store, again, on=LATER)
    assert end.state == "finished"
    assert submit(store, link, "month_later", "debriefing", key(), on=LATER).said == "finished"
    kept = study_answers(store, study.identifier)
    person = kept.participants.row(0, named=True)
    assert person["waves_answered"] == ["first", "month_later"]
    assert person["arm"] in {arm.name for arm in study.arms}
    assert "some words" in kept.answers["text"].to_list()
    assert kept.answers.group_by("wave").len().height == 2


def test_the_same_form_twice_is_kept_once_and_another_window_changes_nothing(store):
    study = opened(store, viewers())
    now = agreed(store, invite(store, study.identifier, 1)[0].token)
    first, given = key(), filled(now)
    after = submit(store, now.token, "first", now.page.identifier, first, given, on=DAY)
    before = rows(store, answers), rows(store, submissions)
    again = submit(store, now.token, "first", now.page.identifier, first, given, on=DAY)
    assert (again.page, again.said) == (after.page, None)
    skipped = [Answer(each.item, skipped=True) for each in given]
    other_tab = submit(store, now.token, "first", now.page.identifier, key(), skipped, on=DAY)
    assert (other_tab.page, other_tab.said) == (after.page, "answered_already")
    assert (rows(store, answers), rows(store, submissions)) == before
    kept = study_answers(store, study.identifier).answers
    assert kept["skipped"].to_list() == [each.skipped for each in sorted(given, key=lambda each: each.item)]


def test_pages_out_of_order_are_refused(store):
    study = opened(store, viewers())
    link = invite(store, study.identifier, 1)[0].token
    arrive(store, link, on=DAY)
    choose_language(store, link, "es", on=DAY)
    for page in ("recent_contact", "material", "trust", "debriefing", "consent", "nonsense"):
        assert submit(store, link, "first", page, key(), on=DAY).said == "out_of_order"
    assert submit(store, link, "nonsense", "consent", key(), on=DAY).said == "out_of_order"
    assert (rows(store, answers), rows(store, submissions)) == (0, 0)
    now = consent(store, link, "consent", agreed=True, key=key(), on=DAY)
    assert submit(store, link, "first", "trust", key(), on=DAY).page == now.page
    assert rows(store, answers) == 0


def test_answers_to_what_is_not_asked_are_refused_and_nothing_of_them_kept(store):
    study = opened(store, viewers())
    now = agreed(store, invite(store, study.identifier, 1)[0].token)
    for wrong in ([Answer("nonsense", value=1)], [*filled(now), filled(now)[0]]):
        with pytest.raises(AnswerError):
            submit(store, now.token, "first", now.page.identifier, key(), wrong, on=DAY)
    with pytest.raises(AnswerError, match="22 random letters"):
        submit(store, now.token, "first", now.page.identifier, "short", filled(now), on=DAY)
    assert rows(store, answers) == 0
    odd = "a\0b \ud800 c"
    while now.page.kind != "debriefing":
        texts = [Answer(item.identifier, text=odd) for item in now.page.items if item.open_text]
        now = submit(store, now.token, "first", now.page.identifier, key(), texts, on=DAY)
    assert "ab ? c" in study_answers(store, study.identifier).answers["text"].to_list()


def test_links_that_lead_nowhere_say_why(store):
    study = viewers()
    register_study(store, study)
    link = invite(store, study.identifier, 1)[0].token
    shared = open_link(store, study.identifier)
    assert arrive(store, link, on=DAY).said == arrive(store, shared, on=DAY).said == "not_open"
    open_study(store, study.identifier, on=DAY)
    assert arrive(store, link, on=study.starts_on - timedelta(days=3)).next_wave_on == study.starts_on
    assert arrive(store, link, on=study.closes_on + timedelta(days=1)).said == "closed"
    now = agreed(store, link)
    late = DAY + timedelta(days=10)
    assert submit(store, link, "first", now.page.identifier, key(), filled(now), on=late).said == "too_early"
    assert arrive(store, link, on=DAY + timedelta(days=60)).said == "expired"
    close_study(store, study.identifier, on=DAY)
    assert submit(store, link, "first", now.page.identifier, key(), filled(now), on=DAY).said == "closed"
    assert arrive(store, shared, on=DAY).said == "closed"
    assert rows(store, answers) == 0
    for token in ("nonsense", "", "x" * 22, "\ud800"):
        with pytest.raises(LinkError):
            arrive(store, token, on=DAY)
    assert acts(store)[-2:] == ["consent given", "study closed"]


def test_a_link_that_many_use_makes_a_participant_for_each_and_none_by_looking(store):
    study = opened(store, viewers())
    shared = open_link(store, study.identifier, "kiosk")
    assert {look(store, shared, on=DAY).state for _ in range(3)} == {"new"}
    tokens = {arrive(store, shared, on=DAY).token for _ in range(3)}
    assert len(tokens) == 3
    assert shared not in tokens
    name = list_links(store, study.identifier)[0].name
    revoke_link(store, study.identifier, name)
    with pytest.raises(LinkError):
        arrive(store, shared, on=DAY)
    assert agreed(store, next(iter(tokens))).page is not None
    people = study_answers(store, study.identifier).participants
    assert people["came_by"].to_list() == ["kiosk"] * 3


def test_a_no_ends_it_and_a_later_yes_is_a_yes(store):
    study = opened(store, viewers())
    link = invite(store, study.identifier, 1)[0].token
    arrive(store, link, on=DAY)
    choose_language(store, link, "en", on=DAY)
    for _ in range(2):
        assert consent(store, link, "consent", agreed=False, key=key(), on=DAY).said == "declined"
    assert submit(store, link, "first", "recent_contact", key(), on=DAY).said == "declined"
    assert consent(store, link, "consent", agreed=True, key=key(), on=DAY).page.scale == "recent_contact"
    assert [act for act in acts(store) if "consent" in act] == ["consent refused", "consent given"]


def test_a_child_is_asked_after_the_guardian_and_neither_decides_for_the_other(store):
    study = opened(store, children())
    link = invite(store, study.identifier, 1, audience="child")[0].token
    arrive(store, link, on=DAY)
    assert choose_language(store, link, "es", on=DAY).page.kind == "permission"
    for page, by in (("assent", "self"), ("permission", "self"), ("consent", "self"), ("assent", "guardian")):
        with pytest.raises(ConsentError):
            consent(store, link, page, agreed=True, by=by, key=key(), on=DAY)
    now = consent(store, link, "permission", agreed=True, by="guardian", key=key(), on=DAY)
    assert (now.state, now.page.kind) == ("permitted", "assent")
    assert submit(store, link, now.wave, "assent", key(), on=DAY).said == "out_of_order"
    no = consent(store, link, "assent", agreed=False, key=key(), on=DAY)
    assert no.said == "declined"
    now = consent(store, link, "assent", agreed=True, key=key(), on=DAY)
    assert (now.state, now.page.kind) == ("consented", "questions")
    assert to_the_end(store, now).state == "finished"


def test_the_audience_is_said_once(store):
    study = opened(store, children())
    now = arrive(store, open_link(store, study.identifier), on=DAY)
    assert (now.audience, now.page) == (None, None)
    with pytest.raises(InputError, match="Known: adult, child, officer"):
        choose_audience(store, now.token, "dog", on=DAY)
    assert choose_audience(store, now.token, "child", on=DAY).page.kind == "permission"
    assert choose_audience(store, now.token, "adult", on=DAY).audience == "child"


def test_studies_are_registered_once_and_not_changed_when_open(store):
    study = opened(store, panel())
    register_study(store, study)
    with pytest.raises(StoreError, match="is not the same any more"):
        register_study(store, panel(seed=7))
    with pytest.raises(StoreError, match=f"Did you mean '{study.identifier}'"):
        close_study(store, f"{study.identifier}s")
    with pytest.raises(InputError, match="between 1"):
        invite(store, study.identifier, 0)
    with pytest.raises(InputError, match="is not asked in this study"):
        invite(store, study.identifier, 1, audience="child")
    assert acts(store) == ["study registered", "study opened"]


def test_a_study_whose_film_is_missing_is_not_opened(store):
    from tests.listen.keeping.studies import _shipped

    study = _shipped("dance-off-viewers")
    register_study(store, study)
    with pytest.raises(StudyError, match="has no film yet"):
        open_study(store, study.identifier)
    assert acts(store) == ["study registered"]


def test_a_renewed_link_takes_the_place_of_the_old_one_and_the_code_stays(store):
    study = opened(store, viewers())
    made = invite(store, study.identifier, 1)[0]
    before = to_the_end(store, agreed(store, made.token))
    token = renew_link(store, study.identifier, made.number)
    with pytest.raises(LinkError):
        arrive(store, made.token, on=DAY)
    assert arrive(store, token, on=DAY).withdrawal_code == before.withdrawal_code
    with pytest.raises(LinkError):
        renew_link(store, study.identifier, made.number + 1)


def test_a_form_is_read_in_its_turn_and_kept_whole_or_not_at_all(store):
    study = opened(store, panel())
    now = agreed(store, invite(store, study.identifier, 1)[0].token)
    wave, page, key_sent = now.wave, now.page, key()
    wrong = {item.identifier: "77" for item in page.items}
    with pytest.raises(AnswerError):
        submit_form(store, now.token, wave, page.identifier, key_sent, wrong, on=DAY)
    with pytest.raises(LinkError):
        submit_form(store, now.token, wave, page.identifier, key_sent, {}, served=("another-study",), on=DAY)
    assert study_answers(store, study.identifier).answers.height == 0
    given = {item.identifier: str((item.format.values or [1])[0]) for item in page.items}
    after = submit_form(store, now.token, wave, page.identifier, key_sent, given, served=(study.identifier,), on=DAY)
    assert (after.said, after.place) == (None, now.place + 1)
    # Sent again it is known by its key, and another window's answers to the same page are not even read.
    assert submit_form(store, now.token, wave, page.identifier, key_sent, wrong, on=DAY).place == after.place
    assert submit_form(store, now.token, wave, page.identifier, key(), wrong, on=DAY).said == "answered_already"
    assert study_answers(store, study.identifier).answers.height == len(page.items)
