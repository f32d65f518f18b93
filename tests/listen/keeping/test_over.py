"""What is closed invites nobody; what was erased is over for good, and says so wherever it is asked for."""

from __future__ import annotations

import pytest

from commonbeat.errors import InputError, StoreError
from commonbeat.workflows.listen_checked import open_all
from commonbeat.workflows.listen_erase import erase_study
from commonbeat.workflows.listen_export import export_study
from commonbeat.workflows.listen_keep import close_study, invite, list_studies, open_link, open_study, register_study
from commonbeat.workflows.listen_results import listen_results
from commonbeat.workflows.listen_status import study_status
from tests.listen.keeping.studies import agreed, opened, panel, to_the_end
from tests.web.respond import studies


@pytest.fixture
def study(store):
    made = opened(store, panel())
    for each in invite(store, made.identifier, 12):
        to_the_end(store, agreed(store, each.token))
    return made


def test_a_closed_study_makes_no_links_until_it_is_opened_again(store, study):
    close_study(store, study.identifier)
    for make in (lambda: invite(store, study.identifier, 1), lambda: open_link(store, study.identifier, "kiosk")):
        with pytest.raises(StoreError, match=r"was closed on .*Open it again first: commonbeat listen open"):
            make()
    assert study_status(store, study.identifier).people == 12
    open_study(store, study.identifier)
    assert invite(store, study.identifier, 1)


def test_of_several_studies_none_is_opened_where_one_shows_another_film_by_now(store, tmp_path):
    shown, asked = studies.viewers(tmp_path), panel()
    for each in (shown, asked):
        register_study(store, each)
    open_study(store, shown.identifier)
    close_study(store, shown.identifier)
    (tmp_path / "clip.mp4").write_bytes(b"another film")
    with pytest.raises(InputError, match="is not the file with which the study was opened"):
        open_all(store, [asked.identifier, shown.identifier])
    assert {each.identifier: each.state for each in list_studies(store)} == {
        asked.identifier: "draft",
        shown.identifier: "closed",
    }


def test_an_erased_study_is_over(store, study, tmp_path):
    close_study(store, study.identifier)
    assert listen_results(store, study.identifier).response.people("all") is None
    assert erase_study(store, study.identifier).before is None
    over = (
        r"its answers and everybody who was asked were deleted on \d{4}-\d\d-\d\d\. Ask anew under another identifier"
    )
    for make in (
        lambda: open_study(store, study.identifier),
        lambda: invite(store, study.identifier, 1),
        lambda: open_link(store, study.identifier),
        lambda: listen_results(store, study.identifier),
        lambda: export_study(store, study.identifier, tmp_path / "answers.csv"),
    ):
        with pytest.raises(StoreError, match=over):
            make()
    assert not (tmp_path / "answers.csv").exists()
    assert (study_status(store, study.identifier).state, list_studies(store)[0].state) == ("erased", "erased")
    close_study(store, study.identifier)
    assert study_status(store, study.identifier).state == "erased"


def test_erasing_twice_says_when_it_was_done_and_deletes_nothing(store, study):
    close_study(store, study.identifier)
    erase_study(store, study.identifier)
    again = erase_study(store, study.identifier)
    assert (again.people, again.answers) == (0, 0)
    assert again.before is not None


def test_a_closed_study_to_which_nobody_came_is_not_taken_for_an_erased_one(store):
    study = opened(store, panel())
    close_study(store, study.identifier)
    assert study_status(store, study.identifier).state == "closed"
