"""What the page on items says is so."""

from __future__ import annotations

import re
from pathlib import Path

from commonbeat.listen.bank import load_bank, wording
from commonbeat.scenario.model import Reproduction

PAGE = (Path(__file__).parents[3] / "docs" / "items.md").read_text(encoding="utf-8")
BANK = load_bank()


def test_the_example_of_own_items_is_read(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "own.toml"
    path.write_text(example, encoding="utf-8")
    bank = load_bank(path)
    assert bank.own == {"park"}
    assert wording(bank, "en").option("proud_3", 99) == "I would rather not say"


def test_scales_items_formats_and_minutes_that_it_names_are_there():
    named = set(re.findall(r"`([a-z]+_[a-z_0-9]+)`", PAGE))
    known = {*BANK.scales, *BANK.items, *BANK.formats, "own_items", "languages_folder", "number_low", "number_high"}
    assert named <= known
    assert f"{sum(scale.minutes for scale in BANK.scales.values()):.0f} minutes" in PAGE


def test_planning_figures_are_those_of_the_bank():
    told = dict(re.findall(r"^\| `(\w+)` \| (\.\d+) \|", PAGE, re.MULTILINE))
    known = {scale.identifier: scale.reliability for scale in BANK.scales.values() if scale.reliability is not None}
    assert {name: float(figure) for name, figure in told.items()} == known


def test_what_it_says_of_a_language_that_says_nothing_to_children_is_so():
    keys = [key for who, key in BANK.words["en"].by_audience if who == "child"]
    assert f"lacks N sentences that are said otherwise to them: {', '.join(keys[:2])}, ..." in PAGE


def test_what_a_count_of_encounters_is_written_as_is_what_a_scenario_takes():
    assert {"number_low", "number_high", "source"} == set(Reproduction.model_fields)
