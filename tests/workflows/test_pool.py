"""The pool command's workflow: cards or a file in, one result, a page and pictures out."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest

from commonbeat.cli.show_pool import show_pool
from commonbeat.errors import DataFileError, InputError, RunFolderError
from commonbeat.workflows.pool import pool
from tests.report.html_reading import read

SHARED = Path(os.environ.get("COMMONBEAT_SHARED", Path(__file__).parents[3] / "shared"))
TRIALS = SHARED / "data" / "contact_meta_pgg2019" / "contact_data.csv"
FIELDS = [
    "estimand",
    "estimate",
    "std_error",
    "df",
    "ci_low",
    "ci_high",
    "p_value",
    "n",
    "clusters",
    "method",
    "warnings",
]


@pytest.fixture
def trials(tmp_path: Path) -> Path:
    path = tmp_path / "trials.csv"
    table = {
        "trial": ["Ann 01", "Bea <02>", "Cy & Co", "Di 04", "Eve 05", "Flo 06"],
        "team": ["A", "A", "B", "C", "D", "E"],
        "d": [0.1, 0.4, None, 0.3, -0.1, 0.6],
        "se": [0.1, 0.2, 0.1, 0.15, 0.2, 0.3],
        "target": ["race", "race", "race", "age", "age", "age"],
        "days": [1.0, 10.0, 20.0, 30.0, 40.0, 50.0],
    }
    pl.DataFrame(table).write_csv(path)
    return path


def test_a_file_is_pooled_and_what_is_missing_is_named(trials: Path) -> None:
    result = pool(data=trials, effect="d", std_error="se", group="target", moderator="days")
    assert result.account.main.row.n == 5
    assert [each.label for each in result.gathered.left_out] == ["Cy & Co"]
    assert "left out: Cy & Co: has no effect" in result.account.main.row.warnings
    assert result.account.groups is not None
    assert result.account.slope is not None
    assert result.claim == "no claim"


def test_a_column_of_studies_makes_each_count_once(trials: Path) -> None:
    result = pool(data=trials, effect="d", std_error="se", study="team")
    assert (result.account.sample.k, result.account.studied.k) == (5, 4)


def test_labels_that_repeat_are_told(trials: Path) -> None:
    result = pool(data=trials, effect="d", std_error="se", label="team")
    assert any("team repeats (A)" in warning for warning in result.account.main.row.warnings)


def test_everything_that_is_wrong_is_told_at_once(trials: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        pool(data=trials, effect="dd", std_error="sse", group="trgt")
    assert len(caught.value.mistakes) == 3
    assert "Did you mean 'target'?" in str(caught.value)
    with pytest.raises(DataFileError, match="is not a number"):
        pool(data=trials, effect="target", std_error="se")
    with pytest.raises(DataFileError, match="is also the effect"):
        pool(data=trials, effect="d", std_error="d")
    with pytest.raises(DataFileError, match="has 6 values in 6 rows"):
        pool(data=trials, effect="d", std_error="se", group="trial")


def test_what_is_asked_must_make_sense(trials: Path) -> None:
    with pytest.raises(InputError, match="are both missing"):
        pool(cards="")
    with pytest.raises(InputError, match="are given together"):
        pool(cards=["E020"], data=trials, effect="d", std_error="se")
    with pytest.raises(InputError) as caught:
        pool(data=trials)
    assert [mistake.place for mistake in caught.value.mistakes] == ["effect", "se"]
    with pytest.raises(InputError, match="names a column, and cards have none"):
        pool(cards="E020", group="target")


def test_the_document_is_json_with_the_rows_of_every_estimate(trials: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_pool(pool(data=trials, effect="d", std_error="se", group="target"), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert all(list(row) == FIELDS for row in document["rows"])
    assert document["rows"][0]["method"].startswith("random effects, REML, Hartung-Knapp")
    assert len(document["effects"]) == 5
    assert len(document["leave_one_out"]) == 5
    assert document["prediction"]["df"] == 4
    assert document["prediction_k_minus_2"]["df"] == 3
    assert document["left_out"] == [{"label": "Cy & Co", "reason": "has no effect"}]


def test_the_screen_shows_cards_with_what_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    show_pool(pool(cards="E020,E021,E060"), as_json=False)
    shown = capsys.readouterr().out
    for words in ("16 effects of 15 studies", "PET-PEESE", "each counts once", "- E060:", "True effects differ"):
        assert words in shown


def test_page_and_pictures_stand_in_the_folder(trials: Path, tmp_path: Path) -> None:
    result = pool(data=trials, effect="d", std_error="se", group="target", claim="C3", out=tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"pool.html", "pool.json", "forest.svg", "forest.png", "funnel.svg", "funnel.png"}
    for name in ("forest", "funnel"):
        drawing = ET.fromstring((tmp_path / "out" / f"{name}.svg").read_text())  # noqa: S314 - our own file
        assert drawing.tag.endswith("svg")
        assert (tmp_path / "out" / f"{name}.png").read_bytes()[1:4] == b"PNG"
    page = read((tmp_path / "out" / "pool.html").read_text())
    assert "Bea <02>" in page.root.text
    figures = [each for each in page.all if each.tag == "data"]
    assert len(figures) > 20
    assert all(
        each.attributes["data-claim"] == "C3" and each.attributes["data-source"] == "data:trials.csv"
        for each in figures
    )
    assert not [each for each in page.all if each.tag in ("script", "link")]
    assert json.loads((tmp_path / "out" / "pool.json").read_text())["written"] == result.written


def test_nothing_is_written_over(trials: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(RunFolderError, match="exists already"):
        pool(data=trials, effect="d", std_error="se", out=tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_digits_of_the_page_stand_in_figures_or_quotations(trials: Path, tmp_path: Path) -> None:
    pool(data=trials, effect="d", std_error="se", group="target", out=tmp_path / "out")
    page = read((tmp_path / "out" / "pool.html").read_text())
    for each in page.all:
        words = "".join(each.texts)
        if any(letter.isdecimal() for letter in words):
            around = [one for one in each.ancestors if one.tag in ("style", "title") or "data-source" in one.attributes]
            assert around or each.parent is None, words


@pytest.mark.parametrize("cards", ["E022", "E039", "E019,E020"])
def test_pages_of_few_studies(cards: str, tmp_path: Path) -> None:
    pool(cards=cards, out=tmp_path / "out")
    read((tmp_path / "out" / "pool.html").read_text())
    assert (tmp_path / "out" / "funnel.svg").exists() == (cards != "E039")


def test_pictures_hold_effects_of_any_size(tmp_path: Path) -> None:
    for scale in (1e-4, 1e5):
        path = tmp_path / f"{scale:g}.csv"
        rows = 90
        effects = [scale * (0.1 * (row % 7) - 0.2) for row in range(rows)]
        errors = [scale * (0.05 + 0.01 * (row % 11)) for row in range(rows)]
        pl.DataFrame(
            {"effect": effects, "error": errors, "who": [f"{'study ' * 30}{row}\x07" for row in range(rows)]}
        ).write_csv(path)
        pool(data=path, effect="effect", std_error="error", out=tmp_path / f"out{scale:g}")
        forest = (tmp_path / f"out{scale:g}" / "forest.svg").read_text()
        assert "30 lighter studies are not drawn" in " ".join(forest.split())


@pytest.mark.skipif(
    not TRIALS.exists(), reason=f"{TRIALS} is not here: the 27 published contact trials were not pooled"
)
def test_the_published_contact_trials_come_out_as_published(tmp_path: Path) -> None:
    table = pl.read_csv(TRIALS, null_values=["NA"])
    kept = {
        "all": (table, 0.39),
        "race": (table.filter(pl.col("target_spelled_out") == "race"), 0.25),
        "wide": (table.filter(pl.col("target_spelled_out").is_in(["race", "religion", "foreigners"])), 0.24),
        "registered": (table.filter(pl.col("p_a_p") == 1), 0.02),
    }
    for name, (rows, published) in kept.items():
        rows.write_csv(tmp_path / f"{name}.csv")
        account = pool(data=tmp_path / f"{name}.csv", effect="d", std_error="se_d", study="unique_study_id").account
        found = next(
            each.row for each in account.others if each.row.method == "random effects, DerSimonian-Laird, normal"
        )
        assert found.estimate == pytest.approx(published, abs=0.005), name
    whole = pool(data=TRIALS, effect="d", std_error="se_d").account
    assert whole.small_study is not None
    assert whole.small_study.pet.estimate == pytest.approx(0.03, abs=0.005)
    assert whole.small_study.pet.std_error == pytest.approx(0.16, abs=0.005)
    assert any("Di Tullio" in note for note in whole.notes)
