"""What the page on items says is so."""

from __future__ import annotations

import re
from pathlib import Path

from commonbeat.listen.bank import load_bank, wording

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
    known = {*BANK.scales, *BANK.items, *BANK.formats, "own_items", "languages_folder"}
    assert named <= known
    assert f"{sum(scale.minutes for scale in BANK.scales.values()):.0f} minutes" in PAGE
