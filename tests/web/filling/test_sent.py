"""Forms that are read off a model: what is sent for a tree is the tree again, and nothing that is sent is a failure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from commonbeat.record import load_record
from commonbeat.record.encounter import Encounter
from commonbeat.record.plain import plain_record, read_tree
from commonbeat.web.filling.field import Field, Rows, fields_in, identifier_of
from commonbeat.web.filling.parts import Asking, by_place, parts_of
from commonbeat.web.filling.sent import Sent, sent_of, tree_of, value_of
from commonbeat.web.record.consent_rows import laid_out
from commonbeat.workflows.record_files import shipped_record


def known(value: object) -> object:
    if isinstance(value, dict):
        return {key: known(each) for key, each in value.items() if each is not None and each != {}}
    return [known(each) for each in value] if isinstance(value, list) else value


def test_a_record_comes_back_from_its_form() -> None:
    tree = read_tree(plain_record(load_record(shipped_record("dance-off-encounter"))))
    tree.pop("schema")
    tree.pop("sources")
    assert known(tree_of(Encounter, Sent(sent_of(tree)))) == known(tree)


def test_unknown_none_and_rows_are_three_answers() -> None:
    assert tree_of(Encounter, Sent({}))["people"] is None
    assert tree_of(Encounter, Sent({"people": ("none",)}))["people"] == []
    row = tree_of(Encounter, Sent({"people.4.count": ("3",)}))["people"]
    assert row == [{"role": None, "part": None, "count": 3, "self_described_group": None}]


def test_what_is_no_number_stays_text() -> None:
    assert [value_of(int, text) for text in ("7", "1_0", "٣", "7.5", "9" * 30)] == [7, "1_0", "٣", "7.5", "9" * 30]
    assert [value_of(bool, text) for text in ("yes", "no", "", "maybe")] == [True, False, None, "maybe"]


def test_every_field_of_the_model_is_asked() -> None:
    sent = Sent({"people.1.role": ("child",)})
    parts = parts_of(Encounter, "", Asking(sent, by_place(())), ("people", "course", "clip"))
    places = {each.place for each in fields_in(parts)}
    assert {"people.1.count", "course.intent_stated", "clip.posted_on"} <= places
    assert isinstance(parts[0], Rows)
    assert next(each.label for each in parts if isinstance(each, Field)) == "Authenticity"
    assert len({identifier_of(place) for place in places}) == len(places)


def test_rows_of_consent_are_laid_out_for_everybody_visible() -> None:
    sent = laid_out(Sent({"consent.visible.child": ("2",), "consent.visible.officer": ("9",)}))
    rows = [
        (sent.text(f"consent.permissions.{n}.slot"), sent.text(f"consent.permissions.{n}.by"))
        for n in sent.numbers("consent.permissions")
    ]
    assert sorted(rows) == [
        ("child 1", "guardian"),
        ("child 1", "self"),
        ("child 2", "guardian"),
        ("child 2", "self"),
        ("officer 1 to 9", "self"),
    ]
    assert laid_out(sent) == sent


def test_a_row_in_which_somebody_was_asked_stays() -> None:
    filled = {"consent.permissions.5.slot": ("child 1",), "consent.permissions.5.by": ("self",)}
    filled |= {"consent.permissions.5.given_on": ("2026-01-01",), "consent.visible.child": ("1",)}
    sent = laid_out(Sent(filled))
    assert sent.numbers("consent.permissions") == (5, 6)
    assert sent.text("consent.permissions.6.by") == "guardian"


@given(some.dictionaries(some.text(max_size=40), some.tuples(some.text(max_size=20)), max_size=8))
def test_no_field_is_a_failure(values: dict[str, tuple[str, ...]]) -> None:
    sent = Sent({**values, **{f"people.{name}": value for name, value in values.items()}})
    assert isinstance(tree_of(Encounter, sent), dict)
    assert isinstance(laid_out(sent), Sent)


def test_a_hint_that_says_only_its_label_is_left_out() -> None:
    labels = {"where.setting": "What sort of place", "when.hour": "Hour of the day"}
    parts = parts_of(Encounter, "", Asking(Sent({}), by_place(()), labels), ("when", "where"))
    hints = {each.place: each.hint for each in fields_in(parts)}
    assert hints["where.setting"] == ""
    assert "0 to 23" in hints["when.hour"]
