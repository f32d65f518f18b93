"""The whole folder of a study's results, attacked: every figure in every file that may be passed on, beside what truly stands in the data."""

from __future__ import annotations

import json
import re
import stat
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from commonbeat.listen.results.collected import Collected
from commonbeat.listen.results.folder import PRIVATE, PUBLIC_FILES
from commonbeat.listen.results.suppression import FEWEST, behind
from commonbeat.workflows.listen_results import listen_results
from tests.listen.results.made import collected, filled_store

TELLS_THE_NUMBER = {"sd", "std_error", "df", "n", "p_value", "clusters"}
OF_THE_ESTIMATE = (
    "single unit",
    "were left out",
    "have no score",
    "rows are",
    "degrees of freedom",
    "in the smaller arm",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of viewers in four arms of which each lost somebody or few, so that most is of small numbers."""
    folder = tmp_path_factory.mktemp("small")

    def made(key: bytes) -> Collected:
        return lost(collected(people=58, key=key), 3)

    store, _ = filled_store(folder, made)
    listen_results(store, "dance-off-viewers", out=folder / "results", project=folder)
    return folder / "results"


def lost(found: Collected, people: int) -> Collected:
    """The same study, where that many said nothing after the material."""
    silent = found.people.filter(pl.col("arm") == "clip")["number"].sort().head(people).to_list()
    before = {item.identifier for name in found.study.asked_before for item in found.bank.scale(name).items}
    kept = found.answers.filter(~pl.col("participant").is_in(silent) | pl.col("item").is_in(before))
    return Collected(found.study, found.bank, found.participants, kept)


def text_of(page: Path) -> str:
    """What a reader reads, and what is read aloud."""
    body = re.sub(r"<style>.*?</style>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_what_may_be_passed_on_and_what_not_stand_apart(small: Path) -> None:
    assert sorted(each.name for each in small.iterdir()) == sorted([*PUBLIC_FILES, PRIVATE])
    assert stat.S_IMODE((small / PRIVATE).stat().st_mode) == 0o700
    inside = {each.name for each in (small / PRIVATE).iterdir()}
    assert {"dance-off-viewers.csv", "counts.csv", "scores.csv", "design.toml", "estimate", "open-answers.csv"} < inside
    assert "**no**" in (small / "README.md").read_text()
    assert "dance-off-viewers.csv" in (small / PRIVATE / "README.md").read_text()
    assert "may not" in text_of(small / "report.html")


def test_every_count_that_leaves_is_rounded_and_none_is_of_few(small: Path) -> None:
    told = json.loads((small / "results.json").read_text())
    step = told["counts_rounded_to"]
    counts = [*told["people"].values()]
    counts += [count for groups in told["by"].values() for stages in groups.values() for count in stages.values()]
    counts += [row["people"] for row in (*told["scores"], *told["effects"])]
    known = [count for count in counts if count is not None]
    assert len(known) > 30
    assert all(count >= FEWEST and count % step == 0 for count in known)
    for page in ("report.html", "report-print.html"):
        figures = re.findall(r"(?:about|About|n ≈|of) (\d[\d,]*)\b(?! (?:people or|declared))", text_of(small / page))
        assert figures
        assert all(int(each.replace(",", "")) % step == 0 for each in figures if each != "100"), figures


def test_no_loss_of_few_people_is_read_off_two_counts(small: Path) -> None:
    told = json.loads((small / "results.json").read_text())
    truth = pl.read_csv(small / PRIVATE / "counts.csv").rows(named=True)
    looked = 0
    for row in truth:
        shown = told["people"] if not row["grouping"] else told["by"][row["grouping"]][row["group"]]
        for earlier, later in combinations(shown, 2):
            gone = row[earlier] - row[later]
            if shown[earlier] is None or shown[later] is None or not 0 < gone < FEWEST:
                continue
            (low, high), (least, most) = (behind(shown[each], told["counts_rounded_to"]) for each in (earlier, later))
            assert high - least - max(0, low - most) >= 2, (row, earlier, later)
            looked += 1
    assert looked > 2, "the study is one in which few were lost"


def test_no_figure_says_how_many_it_rests_on(small: Path) -> None:
    told = json.loads((small / "results.json").read_text())
    assert not TELLS_THE_NUMBER & {
        key for part in ("scores", "effects", "changes") for row in told[part] for key in row
    }
    truth = pl.read_csv(small / PRIVATE / "scores.csv").rows(named=True)
    for row, exact in zip(told["scores"], truth, strict=True):
        assert (row["scale"], row["wave"], row["group"]) == (exact["scale"], exact["wave"], exact["group"])
        if row["mean"] is None:
            continue
        assert exact["n"] >= FEWEST
        assert abs(row["mean"] - exact["mean"]) <= row["step"] / 2
        assert row["mean"] % row["step"] == pytest.approx(0)
        assert row["mean"] - row["low"] == pytest.approx(row["high"] - row["mean"])


def test_an_effect_is_told_only_where_both_arms_are(small: Path) -> None:
    told = json.loads((small / "results.json").read_text())
    means = {(row["scale"], row["wave"], row["group"]): row["mean"] for row in told["scores"]}
    assert any(row["mean"] is None for row in told["effects"])
    assert any(row["mean"] is not None for row in told["effects"])
    for row in told["effects"]:
        both = all(means[row["scale"], row["wave"], arm] is not None for arm in (row["arm"], row["against"]))
        assert both or row["mean"] is None, row


def test_no_sentence_of_the_estimate_goes_along(small: Path) -> None:
    """Its cautions count people, blocks and rows; they stand in the private folder, and are really there."""
    private = text_of(small / PRIVATE / "estimate" / "report.html")
    assert any(words in private for words in OF_THE_ESTIMATE)
    for name in PUBLIC_FILES:
        words = (small / name).read_text(encoding="utf-8")
        assert not [each for each in OF_THE_ESTIMATE if each in words], name


def test_codes_of_the_store_are_words_on_the_page(small: Path) -> None:
    page = text_of(small / "report.html")
    for code in ("recent_stops", "month_later", "clip_with_record", "control_clip", " es ", " en "):
        assert code not in page, code
    assert "How many times did the police stop you" in page
    assert "English" in page
    data = (small / PRIVATE / "dance-off-viewers.csv").read_text()
    assert not re.search(r",\d\.0(?=,|$)", data, re.MULTILINE), "whole answers have no decimals"


def test_nothing_is_said_differently_of_one_more_who_stayed_away(tmp_path: Path) -> None:
    """Of 58, one or two are lost before the first wave: 57 and 56 are told alike."""
    told = []
    for people in (1, 2):
        store, _ = filled_store(
            tmp_path / str(people), lambda key, people=people: lost(collected(people=58, key=key), people)
        )
        document = listen_results(store, "dance-off-viewers", project=tmp_path).document()
        told.append((document["people"]["drawn to an arm"], document["people"]["first"]))
    assert told == [(60, 55), (60, 55)]
