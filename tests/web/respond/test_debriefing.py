"""What is told at the end: children read words for children, never what was written for adults, and it is true of what they saw."""

from __future__ import annotations

import pytest

from commonbeat.errors import StudyError
from commonbeat.listen.bank.wording import wording
from commonbeat.listen.study.length import minutes_of
from commonbeat.listen.study.pages import Page
from commonbeat.listen.study.reading import bank_of, study_from
from commonbeat.web.respond.offline import offline_file
from commonbeat.web.respond.screens import Asked, page_screen
from tests.web.respond import studies

ADULTS = {"en": "Attitudes were measured before and after.", "es": "Se midieron actitudes antes y después."}
CHILDREN = {"en": "You danced. We asked how it was.", "es": "Bailaste. Preguntamos cómo fue."}
SIMPLE = {"en": "We want to know how it was for you", "es": "Queremos saber cómo fue para ti"}


def told(audience: str, language: str, **more) -> str:
    """Everything that the last page tells about the study."""
    study = study_from({**studies.present().document(), **more})
    bank = bank_of(study)
    asked = Asked(study, bank, wording(bank, language, audience), studies.TODAY)
    return " ".join(page_screen(asked, "there", Page("debriefing", "debriefing"), base="").page["paragraphs"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_children_read_words_for_children(language: str) -> None:
    both = {"debriefing": ADULTS, "debriefing_for_children": CHILDREN}
    assert told("adult", language, **both).startswith(ADULTS[language])
    assert told("child", language, **both).startswith(CHILDREN[language])
    assert ADULTS[language] not in told("child", language, **both)


@pytest.mark.parametrize("language", ["en", "es"])
def test_where_nothing_was_written_for_them_they_read_a_plain_sentence(language: str) -> None:
    found = told("child", language, debriefing=ADULTS)
    assert found.startswith(SIMPLE[language])
    assert ADULTS[language] not in found
    assert (told("child", language), told("adult", language)) == ("", "")
    only = told("child", language, debriefing_for_children=CHILDREN)
    assert only.startswith(CHILDREN[language])


def test_words_for_children_are_in_every_language_of_the_study() -> None:
    with pytest.raises(StudyError) as refused:
        told("child", "en", debriefing_for_children={"en": "You danced."})
    assert [each.place for each in refused.value.mistakes] == ["debriefing_for_children.es"]


def test_the_time_that_children_are_told_is_of_their_own_words() -> None:
    study = study_from({**studies.present().document(), "debriefing": dict.fromkeys(("en", "es"), "word " * 1000)})
    bank = bank_of(study)
    assert minutes_of(study, bank, "adult") - minutes_of(studies.present(), bank, "adult") == pytest.approx(5)
    assert minutes_of(study, bank, "child") == minutes_of(studies.present(), bank, "child")


def test_the_offline_file_tells_children_the_same() -> None:
    study = study_from({**studies.present().document(), "debriefing": ADULTS})
    made = offline_file(study, bank_of(study), "t" * 22, ["en"], address="", today=studies.TODAY, audiences=["child"])
    assert SIMPLE["en"] in made
    assert ADULTS["en"] not in made
