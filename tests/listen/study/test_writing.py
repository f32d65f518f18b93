"""A study that was made elsewhere is written as a file that gives it again, and whatever is put in its place is told or taken."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonbeat.errors import StudyError
from commonbeat.listen.study.reading import parse_study, study_from
from commonbeat.listen.study.writing import study_toml
from tests.listen.study.conftest import tree_of

TREES = {name: tree_of(name) for name in ("present", "residents", "viewers")}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.dates(),
    st.lists(st.one_of(st.integers(), st.text(max_size=5)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=5), st.integers()), max_size=3),
    st.sampled_from(
        ["child", "trust", "viewers", "clip", "en", ["trust", "trust"], ["adult", "child"], [4, 6], 0, -1, 2**70]
    ),
)


def places(tree, path=()):
    """Every place in the tables, inner ones included."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def taken(tree):
    """(the study, no mistakes), or (None, all of them)."""
    try:
        return study_from(tree), ()
    except StudyError as error:
        return None, error.mistakes


@pytest.mark.parametrize("name", ["present", "residents", "viewers"])
def test_what_is_written_gives_the_study_again(name) -> None:
    study = study_from(TREES[name])
    again = parse_study(study_toml(study), folder=None, source="again")
    assert again == study
    assert again.fingerprint() == study.fingerprint()
    assert "folder" not in study_toml(study)


@given(title=st.text(min_size=1, max_size=60), purpose=st.text(min_size=1, max_size=200))
def test_any_text_that_may_stand_there_comes_back(title, purpose) -> None:
    tree = copy.deepcopy(TREES["residents"])
    tree["title"]["en"], tree["purpose"]["es"] = title, purpose
    study, refused = taken(tree)
    if study is None:
        assert {each.place for each in refused} <= {"title.en", "purpose.es"}
        odd = not (title.isprintable() and purpose.isprintable())
        assert odd or "unknown" in {title.strip().lower(), purpose.strip().lower()}
        return
    assert parse_study(study_toml(study), folder=None, source="again") == study


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_stands_in_a_study_it_is_taken_or_every_mistake_is_told(data) -> None:
    tree = copy.deepcopy(TREES[data.draw(st.sampled_from(sorted(TREES)))])
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(sorted(places(tree), key=str)))
        here = tree
        for part in path:
            here = here[part]
        here[last] = copy.deepcopy(data.draw(VALUES))
    study, refused = taken(tree)
    assert all(each.place and each.rule and "pydantic" not in str(each) for each in refused)
    assert study is not None or refused
    assert study is None or study_from(study.document()) == study


@pytest.mark.parametrize("depth", [20, 200, 5000])
def test_a_file_nested_without_end_is_no_study(depth) -> None:
    for text in (f"a = {'[' * depth}{']' * depth}", f"a = {'{a=' * depth}1{'}' * depth}"):
        with pytest.raises(StudyError, match=r"is nested more deeply|is not TOML"):
            parse_study(text, folder=None, source="a study")
