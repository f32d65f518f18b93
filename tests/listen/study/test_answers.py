"""Answers are read off a form, every question may be skipped, and all that cannot be kept is said at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.errors import AnswerError
from commonbeat.listen.bank.item import AnswerFormat, Item
from commonbeat.listen.study.answers import LONGEST_TEXT, Answer, clean, read_answers
from commonbeat.listen.study.pages import Page

OPTIONS = AnswerFormat("agree", "options", values=(1, 2, 3, -9))
NUMBER = AnswerFormat("count", "number", low=0, high=50)
TEXT = AnswerFormat("words", "text")


def item(name: str, how: AnswerFormat) -> Item:
    return Item(name, "scale", how, reversed=False, audience=frozenset({"adult"}))


PAGE = Page("scale", "questions", (item("fair", OPTIONS), item("times", NUMBER), item("told", TEXT)), scale="scale")


def test_answers_come_in_the_order_of_the_page() -> None:
    form = {"told": " They laughed.\r\nSo did I. ", "times": "3", "fair": "-9", "key": "x", "arm": "clip"}
    assert read_answers(PAGE, form) == (
        Answer("fair", value=-9),
        Answer("times", value=3),
        Answer("told", text="They laughed.\nSo did I."),
    )


@pytest.mark.parametrize("form", [{}, {"fair": "", "times": " ", "told": "\n"}, {"fair": "skip", "times": "skip"}])
def test_every_question_may_be_skipped(form) -> None:
    assert all(answer == Answer(answer.item, skipped=True) for answer in read_answers(PAGE, form))


def test_the_word_skip_is_an_open_answer_like_any_other() -> None:
    assert read_answers(PAGE, {"told": "skip"})[2] == Answer("told", text="skip")


def test_all_that_cannot_be_kept_is_said_at_once() -> None:
    with pytest.raises(AnswerError) as refused:
        read_answers(PAGE, {"fair": "4", "times": "51", "told": "a" * (LONGEST_TEXT + 1)})
    assert [mistake.place for mistake in refused.value.mistakes] == ["fair", "times", "told"]
    said = str(refused.value)
    assert "is none of the answers" in said
    assert "Known: 1, 2, 3, -9" in said
    assert "is not between 0 and 50" in said
    assert "is longer than 2,000 characters (2,001)" in said


@pytest.mark.parametrize(
    "written", ["1.5", "1e1", "0x1", "nan", "inf", "1_0", "٣", "--1", "9" * 40, "1;drop", "1\x00 2"]
)
def test_what_is_no_whole_number_is_none(written) -> None:
    with pytest.raises(AnswerError):
        read_answers(PAGE, {"times": written})
    with pytest.raises(AnswerError):
        read_answers(PAGE, {"fair": written})


@pytest.mark.parametrize("length", [LONGEST_TEXT, LONGEST_TEXT - 1])
def test_an_open_answer_may_be_as_long_as_is_said(length) -> None:
    assert read_answers(PAGE, {"told": "a" * length})[2].text == "a" * length


def test_what_no_database_stores_is_taken_out_of_a_text() -> None:
    assert clean("a\x00b\ud800c\x1b[31m\u2028d\te\x85") == "abc[31m\nd\te"


@given(form=st.dictionaries(st.sampled_from(["fair", "times", "told", "else"]), st.text(max_size=60)))
def test_whatever_is_sent_gives_answers_or_a_list_of_mistakes(form) -> None:
    refused: set[str] = set()
    try:
        answers = read_answers(PAGE, form)
    except AnswerError as error:
        refused, answers = {mistake.place for mistake in error.mistakes}, ()
    assert refused <= {"fair", "times"}
    if refused:
        return
    assert [answer.item for answer in answers] == ["fair", "times", "told"]
    fair, times, told = answers
    assert fair.skipped or fair.value in OPTIONS.values
    assert times.skipped or 0 <= (times.value or 0) <= 50
    assert told.skipped or ((told.text or "").strip() == told.text and told.text)
    (told.text or "").encode("utf-8")  # no half of a pair is left in it
    assert "\x00" not in (told.text or "")
