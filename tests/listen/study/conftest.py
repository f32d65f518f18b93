"""Sound studies as plain tables, for tests that break one thing in them."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from commonbeat.errors import Mistake, StudyError
from commonbeat.listen.bank.item import Bank
from commonbeat.listen.bank.read import load_bank
from commonbeat.listen.study.model import StudyDesign
from commonbeat.listen.study.reading import study_from
from commonbeat.listen.study.shipped import SHIPPED, shipped_study

TREES = {name: tomllib.loads(shipped_study(name).read_text(encoding="utf-8")) for name in SHIPPED}


def tree_of(name: str) -> dict[str, Any]:
    """A copy of the shipped study's tables."""
    return copy.deepcopy(TREES[f"dance-off-{name}"])


def changed(name: str, place: str, value: Any) -> dict[str, Any]:
    """The shipped study with one value at a place such as "waves.1.day"; None takes it out."""
    tree: Any = tree_of(name)
    *path, last = [int(part) - 1 if part.isdecimal() else part for part in place.split(".")]
    here = tree
    for part in path:
        here = here[part] if isinstance(part, int) else here.setdefault(part, {})
    if value is None:
        del here[last]
    else:
        here[last] = value
    return tree


def mistakes(tree: dict[str, Any]) -> dict[str, Mistake]:
    """What is wrong with the study, by place; a sound one fails the test."""
    with pytest.raises(StudyError) as refused:
        study_from(tree)
    assert refused.value.exit_code == 2
    return {each.place: each for each in refused.value.mistakes}


@pytest.fixture(scope="session")
def bank() -> Bank:
    return load_bank()


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], StudyDesign]:
    made = {name: study_from(tree_of(name)) for name in ("present", "residents", "viewers")}
    return made.__getitem__
