"""A text from a browser that Python itself stumbles over is a mistake of the text, told like any other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commonbeat.errors import InputError
from commonbeat.estimate.design.reading import parse_design
from commonbeat.estimate.power.reading import parse_power_design
from commonbeat.listen.study.reading import parse_study
from commonbeat.scenario import parse_scenario
from commonbeat.web.estimate.form import design_of
from commonbeat.web.filling.sent import Sent
from commonbeat.web.simulate.checking import check

READERS: dict[str, Callable[[str], object]] = {
    "study": lambda text: parse_study(text, folder=None, source="the text"),
    "scenario": lambda text: parse_scenario(text, source="the text"),
    "design": lambda text: parse_design(text, source="the text"),
    "planned study": lambda text: parse_power_design(text, source="the text"),
    "more of a design": lambda text: design_of(Sent({"more": (text,)})),
}


@pytest.mark.parametrize("what", READERS)
def test_a_number_of_thousands_of_digits_is_told_as_a_mistake(what: str) -> None:
    with pytest.raises(InputError, match="4300 digits"):
        READERS[what](f"seed = {'1' * 5_000}")


def test_the_form_of_a_scenario_tells_it_too(tmp_path: Path) -> None:
    (mistake,) = check(f"days = {'1' * 5_000}", tmp_path).mistakes
    assert "4300 digits" in mistake.rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [(f"{'.'.join('a' * 20_000)} = 1", "more than 500 dots"), (f"a = {'[' * 20_000}{']' * 20_000}", "is not TOML")],
    ids=["a key of many parts", "lists in lists"],
)
def test_what_goes_on_without_end_is_not_handed_on(text: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        design_of(Sent({"more": (text,)}))
