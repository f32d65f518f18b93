"""A team's own items: the same shape with the words inside, and every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.errors import BankError
from commonbeat.listen.bank import load_bank, missing_words, wording

OWN = """
[format.pride_3]
kind = "options"
values = [1, 2, 3]

[format.pride_3.wording.en]
1 = "Not proud"
2 = "Somewhat proud"
3 = "Very proud"

[format.pride_3.wording.es]
1 = "Sin orgullo"
2 = "Con algo de orgullo"
3 = "Con mucho orgullo"

[scale.park]
construct = "the team's own"
kind = "single"
audience = ["adult"]
source = "our own"
lead = { en = "About the park:", es = "Sobre el parque:" }

[[scale.park.item]]
identifier = "park_proud"
format = "pride_3"
wording = { en = "How proud are you of the park?", es = "¿Cuánto orgullo siente por el parque?" }

[[scale.park.item]]
identifier = "park_visits"
format = "count_99"
wording = { en = "How many times were you there in the last 30 days?" }
"""

CHILD = """
[scale.mine]
construct = {construct!r}
kind = "single"
audience = ["child"]
source = "our own"
{more}

[[scale.mine.item]]
identifier = "mine_one"
format = "amount_4"
{item}
wording = {{ en = "{english}", es = "{spanish}" }}
"""


def bank_of(folder: Path, text: str):
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load_bank(path)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(BankError) as caught:
        bank_of(folder, text)
    return str(caught.value)


def test_own_items_stand_beside_the_shipped_ones(tmp_path):
    bank = bank_of(tmp_path, OWN)
    assert bank.own == {"park"}
    assert set(bank.scales) == {*load_bank().scales, "park"}
    words = wording(bank, "es")
    assert words.item("park_proud") == "¿Cuánto orgullo siente por el parque?"
    assert words.option("pride_3", 3) == "Con mucho orgullo"
    assert words.scale_lead("park") == "Sobre el parque:"
    assert words.item("trust_rely")


def test_the_shipped_bank_is_left_as_it_was(tmp_path):
    before = set(load_bank().scales), set(load_bank().words["en"].items)
    bank_of(tmp_path, OWN)
    assert (set(load_bank().scales), set(load_bank().words["en"].items)) == before


def test_what_was_not_translated_is_listed_when_a_study_wants_it_and_never_shown_in_english(tmp_path):
    bank = bank_of(tmp_path, OWN)
    assert missing_words(bank, ["en"], ["park"]).found == []
    assert [each.place for each in missing_words(bank, ["en", "es"], ["park"]).found] == [
        "es/items.toml item.park_visits"
    ]
    with pytest.raises(BankError, match=r"es/items.toml item.park_visits"):
        wording(bank, "es").item("park_visits")


def test_every_mistake_is_told_at_once(tmp_path):
    said = refused(
        tmp_path,
        """
colour = "red"
[format.agree_5]
kind = "options"
values = [1, 2]
[format.odd]
kind = "number"
low = 5
high = 2
[scale.trust]
construct = "the team's own"
kind = "single"
audience = ["adult"]
source = "our own"
[[scale.trust.item]]
identifier = "again"
format = "agree_5"
wording = { en = "Again?" }
[scale.Park]
construct = "trsut"
claim = "C99"
outcome = "joy"
kind = "indexx"
audience = ["adults"]
reliability = 1.7
minutes = 900
feeling = "glad"
[[scale.Park.item]]
identifier = "trust_rely"
format = "agree_6"
reversed = "yes"
wording = { fr = "Pourquoi ?" }
[[scale.Park.item]]
identifier = "9 lives"
format = "agree_5"
correct = 7
""",
    )
    for part in (
        "colour",
        "format.agree_5: is the name of a format already",
        "format.odd.low and high: do not bound the number",
        "scale.trust: is the name of a scale already",
        "scale.Park: 'Park' is not made of",
        "scale.Park.construct: 'trsut' is not known here. Did you mean 'trust'?",
        "scale.Park.claim: 'C99'",
        "scale.Park.outcome: 'joy'",
        "scale.Park.kind: 'indexx' is not known here. Did you mean 'index'?",
        "scale.Park.audience: ['adults'] names somebody who is not known",
        "scale.Park.reliability: 1.7",
        "scale.Park.trust_rely.reversed: 'yes' is neither true nor false",
        "scale.Park: 'trust_rely' is an item of trust already",
        "scale.Park.minutes: 900",
        "scale.Park.feeling",
        "scale.Park.source: is missing",
        "scale.Park.trust_rely.format: 'agree_6' is not known here. Did you mean 'agree_5'?",
        "scale.Park.trust_rely.wording.fr: is no language",
        "scale.Park.9 lives: '9 lives' is not made of",
        "scale.Park.9 lives.correct: 7 is no answer of agree_5",
        "scale.Park.9 lives.wording: is missing",
    ):
        assert part in said, said


def test_an_item_of_the_bank_is_not_asked_under_a_second_scale(tmp_path):
    said = refused(tmp_path, OWN.replace("park_proud", "trust_rely"))
    assert "'trust_rely' is an item of trust already" in said


def test_an_item_is_asked_of_no_more_people_than_its_scale(tmp_path):
    said = refused(tmp_path, OWN.replace('format = "count_99"', 'format = "count_99"\naudience = ["adult", "officer"]'))
    assert "park_visits.audience: ['adult', 'officer'] is wider than the scale's" in said
    both = OWN.replace('audience = ["adult"]', 'audience = ["adult", "officer"]')
    bank = bank_of(tmp_path, both.replace('format = "count_99"', 'format = "count_99"\naudience = ["officer"]'))
    assert [sorted(item.audience) for item in bank.scale("park").items] == [["adult", "officer"], ["officer"]]


def test_what_is_no_point_of_a_scale_is_among_its_answers(tmp_path):
    said = refused(tmp_path, OWN.replace("values = [1, 2, 3]", "values = [1, 2, 3]\nunscored = [99]"))
    assert "format.pride_3.unscored: [99] is not among the values" in said
    bank = bank_of(tmp_path, OWN.replace("values = [1, 2, 3]", "values = [1, 2, 3]\nunscored = [3]"))
    assert bank.formats["pride_3"].scored == (1, 2)


def test_an_own_format_has_words_for_each_answer_or_says_which_are_missing(tmp_path):
    bank = bank_of(tmp_path, OWN.replace('2 = "Con algo de orgullo"\n', ""))
    places = [each.place for each in missing_words(bank, ["es"], ["park"]).found]
    assert "es/options.toml pride_3.2" in places
    assert "7 is no value of the format" in refused(tmp_path, OWN.replace('3 = "Very', '7 = "Very'))


def test_own_pictures_are_refused_since_there_are_no_drawings(tmp_path):
    said = refused(tmp_path, OWN.replace("values = [1, 2, 3]", "values = [1, 2, 3]\npictures = true"))
    assert "has no drawings" in said


@pytest.mark.parametrize("content", ["", "scale = 3\n", "[scale]\nx = 1\n", "[format.a]\n", "= broken", "[scale.a]\n"])
def test_a_file_that_holds_no_scale_is_refused(tmp_path, content):
    assert "cannot be used as they stand" in refused(tmp_path, content)


def test_a_file_that_is_not_there_and_one_that_is_no_text_are_refused(tmp_path):
    with pytest.raises(BankError, match="cannot be read"):
        load_bank(tmp_path / "none.toml")
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BankError, match="is not UTF-8 text"):
        load_bank(tmp_path / "own.toml")


def test_a_file_too_large_too_deep_or_no_file_is_refused(tmp_path):
    assert "is larger than" in refused(tmp_path, "# " + "x" * 1_000_001)
    assert "nested more deeply" in refused(tmp_path, "a = " + "[" * 5_000 + "]" * 5_000)
    with pytest.raises(BankError, match="is not a file"):
        load_bank(tmp_path)


def test_signs_that_some_scripts_need_are_printable_and_those_that_turn_text_round_are_not(tmp_path):
    assert bank_of(tmp_path, OWN.replace("of the park?", "of\u200c the park?")).own == {"park"}
    assert "cannot be printed" in refused(tmp_path, OWN.replace("of the park?", "of\u202e the park?"))


def child(construct="the team's own", more="", item="", english="Did you like it?", spanish="¿Te gustó?"):
    return CHILD.format(construct=construct, more=more, item=item, english=english, spanish=spanish)


def test_a_childs_own_item_about_what_it_lived_through_is_taken(tmp_path):
    assert bank_of(tmp_path, child()).scale("mine").audience == {"child"}


@pytest.mark.parametrize(
    ("disguise", "rule"),
    [
        ({"construct": "stereotypes of children"}, "is never asked about stereotypes"),
        ({"construct": "stereotypes of officers"}, "is never asked about stereotypes"),
        ({"more": 'claim = "C4"'}, "is never asked about stereotypes"),
        ({"more": 'outcome = "prejudice"'}, "is never asked about stereotypes"),
        ({"item": "sensitive = true"}, "is never asked of a child"),
        ({"more": "sensitive = true"}, "is never asked of a child"),
        ({"english": "Are Black children nice?"}, "names a group of people"),
        ({"english": "Are b\u200clack children nice?"}, "names a group of people"),
        ({"spanish": "¿Te caen bien los asia\u0301ticos?"}, "names a group of people"),
        ({"spanish": "¿Los niños negros son buenos?"}, "names a group of people"),
        ({"english": "Are most police officers mean?"}, "speaks of all or most of a kind"),
        ({"spanish": "¿La mayoría de los policías es mala?"}, "speaks of all or most of a kind"),
        ({"english": "The police are always nice to kids."}, "speaks of all or most of a kind"),
        ({"more": 'lead = { en = "Think of immigrants." }'}, "names a group of people"),
    ],
)
def test_no_child_gets_a_stereotype_item_whatever_a_file_calls_it(tmp_path, disguise, rule):
    assert rule in refused(tmp_path, child(**disguise))


def test_an_item_for_a_child_inside_a_scale_for_adults_and_children_is_looked_at_too(tmp_path):
    text = child(construct="stereotypes of children").replace('["child"]', '["adult", "child"]')
    assert "is never asked about stereotypes" in refused(tmp_path, text)


def test_adults_may_be_asked_what_children_may_not(tmp_path):
    text = child(construct="stereotypes of children", english="Are Black children nice?").replace("child", "adult")
    text = text.replace("stereotypes of adultren", "stereotypes of children")
    assert bank_of(tmp_path, text).scale("mine").audience == {"adult"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["construct", "kind", "audience", "source", "item", "lead", "claim", "minutes", "values", "wording"]
)


@settings(max_examples=150, deadline=None)
@given(
    scales=st.dictionaries(
        st.sampled_from(["trust", "park", "X y"]), st.dictionaries(KEYS, VALUES, max_size=6) | VALUES
    ),
    formats=st.dictionaries(st.sampled_from(["agree_5", "mine"]), st.dictionaries(KEYS, VALUES, max_size=5) | VALUES),
)
def test_whatever_stands_in_the_tables_the_answer_is_a_list_of_mistakes(monkeypatch_tree, scales, formats):
    monkeypatch_tree({"scale": scales, "format": formats})
    with pytest.raises(BankError) as caught:
        load_bank("own.toml")
    assert caught.value.mistakes
    assert all(mistake.rule for mistake in caught.value.mistakes)


@pytest.fixture(scope="module")
def monkeypatch_tree():
    """Lets a test put any tree in the place of what TOML would hold."""
    import commonbeat.listen.bank.read as reading

    shipped = load_bank()
    real = reading.read_tree

    def put(tree):
        reading.read_tree = lambda path, mistakes: tree

    yield put
    reading.read_tree = real
    assert load_bank() is shipped
