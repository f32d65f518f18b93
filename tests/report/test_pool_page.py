"""The page of a pool: what few studies cannot tell is no headline, and no label runs across the forest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commonbeat.report.pool import render_pool
from commonbeat.report.pool_forest import forest
from commonbeat.workflows.pool import pool
from tests.report.test_study import plain

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.workflows.pool import PoolResult


def pooled(count: int, folder: Path) -> PoolResult:
    """`count` studies that differ in size."""
    rows = "".join(
        f"Trial {place},{0.2 + 0.05 * (place % 4):.2f},{0.05 + 0.02 * place:.2f}\n" for place in range(count)
    )
    path = folder / f"{count}.csv"
    path.write_text("study,d,se\n" + rows, encoding="utf-8")
    return pool(data=path, effect="d", std_error="se", label="study", claim="C5")


@pytest.mark.parametrize("count", [5, 9])
def test_few_studies_name_no_corrected_effect_among_the_headlines(count: int, tmp_path: Path) -> None:
    found = pooled(count, tmp_path)
    page = plain(render_pool(found.gathered, found.account, found.claim))
    assert "Without small-study bias" not in page
    assert "no corrected effect is named here" in page
    assert "Do small studies report larger effects?" in page


@pytest.mark.parametrize("count", [10, 14])
def test_ten_studies_do(count: int, tmp_path: Path) -> None:
    found = pooled(count, tmp_path)
    page = plain(render_pool(found.gathered, found.account, found.claim))
    assert "Without small-study bias" in page
    assert "no corrected effect is named here" not in page


def test_the_label_of_the_next_study_is_short_and_the_caption_says_what_it_is(tmp_path: Path) -> None:
    found = pooled(10, tmp_path)
    drawn = forest(found.account, "SD", "C5", "data:x.csv")
    assert ">The next study<" in drawn.body
    assert "where the next study's effect is expected" in drawn.words
