"""Texts are given to coders blind; what they code is counted with intervals, and small cells of people's texts are never told apart."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from commonbeat.datafile import read_data_file
from commonbeat.errors import CodingError
from commonbeat.record.coding.frames import FEWEST_TEXTS, TOGETHER, TextFacts, count_frames
from commonbeat.record.coding.ratings import Ratings
from commonbeat.record.coding.shares import change_of, mean_of, share_of, wilson
from commonbeat.record.coding.sheet import shipped_sheet
from commonbeat.record.coding.texts import blind_texts

TEXTS = shipped_sheet("texts")


def posts(tmp_path, rows=40):
    lines = ["author,handle,post,outlet,published,likes"]
    lines += [
        f'Ann Example {row},@ann{row},"text {row}, thanks @bob_{row} see https://x.example/{row} or mail b{row}@c.org",'
        f"paper {row % 4},2021-05-{row % 28 + 1:02d},{row}"
        for row in range(rows)
    ]
    lines.append("Evil,@e,=cmd|'/C calc'!A0,paper 1,2021-06-01,1")
    lines.append("Nobody,@n,,paper 1,2021-06-01,1")
    (tmp_path / "posts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_data_file(tmp_path / "posts.csv")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_coders_get_an_id_and_the_text_and_nothing_else(tmp_path):
    made = blind_texts(posts(tmp_path), TEXTS, 3, seed=5)
    assert set(made.files) == {"coder-1.csv", "coder-2.csv", "coder-3.csv", "index.csv"}
    assert made.texts == 41
    assert made.masked == 120
    assert set(made.left_behind) == {"author", "handle", "likes"}
    for name, content in made.files.items():
        assert "Ann Example" not in content
        assert "@ann" not in content
        assert "@bob" not in content
        assert "x.example" not in content
        assert "c.org" not in content
        if name != "index.csv":
            assert list(rows_of(content)[0]) == ["text_id", "text", *(code.name for code in TEXTS.codes), "comment"]
            assert "paper" not in content
            assert "2021" not in content
    assert any("rows without a text" in each for each in made.warnings)


def test_orders_and_ids_tell_nothing_and_come_from_the_seed(tmp_path):
    file = posts(tmp_path)
    one, two, other = (blind_texts(file, TEXTS, 2, seed=seed) for seed in (5, 5, 6))
    assert one.files == two.files != other.files
    first, second = ([row["text_id"] for row in rows_of(one.files[f"coder-{n}.csv"])] for n in (1, 2))
    assert sorted(first) == sorted(second)
    assert first != second != sorted(first) != first
    index = rows_of(one.files["index.csv"])
    rows = np.array([int(row["row"]) for row in index])
    assert abs(np.corrcoef(rows, np.arange(len(rows)))[0, 1]) < 0.5
    texts = {row["text_id"]: row["text"] for row in rows_of(one.files["coder-1.csv"])}
    for row in index:
        number = int(row["row"]) - 2
        assert texts[row["text_id"]].startswith(f"text {number}," if number < 40 else "'=cmd")
        assert row["source"] == f"paper {number % 4}" if number < 40 else row["source"] == "paper 1"


def test_no_text_begins_like_a_formula(tmp_path):
    for content in blind_texts(posts(tmp_path), TEXTS, 2, seed=1).files.values():
        for row in csv.reader(io.StringIO(content)):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_what_cannot_be_coded_is_refused(tmp_path):
    file = posts(tmp_path)
    with pytest.raises(CodingError) as caught:
        blind_texts(file, shipped_sheet("clips"), 0, 1, "psot")
    assert len(caught.value.mistakes) == 3
    assert "Did you mean 'post'?" in str(caught.value)
    (tmp_path / "n.csv").write_text("headline,source\n,a\n,b\n")
    with pytest.raises(CodingError, match="no text in any row"):
        blind_texts(read_data_file(tmp_path / "n.csv"), TEXTS, 2, 1)


@pytest.mark.parametrize(("seen", "size"), [(0, 10), (3, 10), (10, 10), (37, 250)])
def test_wilson_equals_statsmodels(seen, size):
    values = np.zeros(size)
    values[:seen] = 1
    found = share_of(values, None)
    assert (found.low, found.high) == pytest.approx(proportion_confint(seen, size, method="wilson"), abs=1e-9)
    assert wilson(0.5, 0) == (0, 1)


def test_a_change_without_sources_equals_newcombe():
    values = np.r_[np.ones(12), np.zeros(28), np.ones(25), np.zeros(30)]
    after = np.r_[np.zeros(40), np.ones(55)].astype(bool)
    found = change_of(values, after, None, binary=True)
    expected = confint_proportions_2indep(25, 55, 12, 40, method="newcomb", compare="diff")
    assert found.value == pytest.approx(25 / 55 - 12 / 40)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-6)


def test_clustered_intervals_equal_the_regression_with_clustered_errors():
    import statsmodels.api as sm

    luck = np.random.default_rng(3)
    sources = luck.integers(0, 14, 200)
    after = luck.random(200) < 0.5
    values = (luck.random(200) < luck.beta(2, 4, 14)[sources]).astype(float)
    fit = sm.OLS(values, sm.add_constant(after.astype(float))).fit(
        cov_type="cluster", cov_kwds={"groups": sources, "use_correction": False}
    )
    error = math.sqrt(fit.cov_params()[1, 1] * 14 / 13)
    found = change_of(values, after, sources, binary=True)
    assert found.value == pytest.approx(fit.params[1])
    assert (found.high - found.low) / 2 == pytest.approx(2.160369 * error, rel=1e-6)
    mean = mean_of(values, sources)
    alone = sm.OLS(values, np.ones(200)).fit(cov_type="cluster", cov_kwds={"groups": sources, "use_correction": False})
    assert (mean.high - mean.low) / 2 == pytest.approx(
        2.160369 * math.sqrt(alone.cov_params()[0, 0] * 14 / 13), rel=1e-6
    )


def test_alike_texts_of_one_source_widen_the_interval():
    luck = np.random.default_rng(4)
    sources = np.repeat(np.arange(12), 20)
    values = (luck.random(240) < luck.beta(0.5, 1.0, 12)[sources]).astype(float)
    plain, clustered = share_of(values, None), share_of(values, sources)
    assert clustered.high - clustered.low > 1.8 * (plain.high - plain.low)
    nothing = share_of(np.zeros(240), sources)
    assert nothing.high > share_of(np.zeros(240), None).high


def coded(codes, coders=("a", "b"), name="staged"):
    """Ratings of texts t0, t1, ...: one row of indexes per text."""
    given = np.array(codes, dtype=np.int64)
    units = tuple(f"t{row}" for row in range(len(given)))
    return Ratings(
        name, "", "nominal", ("no", "yes"), np.arange(2.0), units, units, np.full(len(units), np.nan), coders, given
    )


def test_texts_on_which_coders_are_even_are_disputed():
    found = count_frames([coded([[1, 1]] * 6 + [[0, 0]] * 10 + [[0, 1]] * 3 + [[1, -1]])], {}, TEXTS)
    (total,) = found.totals
    assert (total.texts, total.seen, total.disputed) == (20, 7, 3)
    assert total.share.value == pytest.approx(7 / 17)
    assert total.bounds == (pytest.approx(7 / 20), pytest.approx(10 / 20))
    assert any("No sources" in each for each in found.warnings)


def facts(cells, dates=None, *, outlet=False):
    return {f"t{row}": TextFacts(cell, None if dates is None else dates[row], outlet) for row, cell in enumerate(cells)}


def test_small_cells_are_never_told_apart():
    sizes = {"a": 30, "b": 25, "c": 11, "d": 4, "e": 3}
    cells = [cell for cell, size in sizes.items() for _ in range(size)]
    ratings = coded([[row % 2, row % 2] for row in range(len(cells))])
    found = count_frames([ratings], facts(cells), TEXTS, by="source")
    # d and e are seven together: c, the next smallest, goes with them.
    assert [(each.cell, each.texts) for each in found.cells] == [("a", 30), ("b", 25), (TOGETHER, 18)]
    assert any("not told apart" in each for each in found.warnings)
    outlets = count_frames([ratings], facts(cells, outlet=True), TEXTS, by="source")
    assert [(each.cell, each.texts) for each in outlets.cells] == [*sizes.items()]


@pytest.mark.parametrize("seed", range(60))
def test_no_printed_count_and_no_difference_of_counts_tells_of_few(seed):
    luck = np.random.default_rng(seed)
    size = int(luck.integers(5, 120))
    cells = [["", "a", "b", "c", "d", "e"][each] for each in luck.choice(6, size, p=luck.dirichlet(np.full(6, 0.6)))]
    start = dt.date(2021, 1, 1)
    dates = [
        None if luck.random() < 0.1 else start + dt.timedelta(days=int(luck.integers(0, 120))) for _ in range(size)
    ]
    ratings = coded(luck.integers(-1, 2, (size, 2)))
    there = [unit for unit, row in zip(ratings.units, ratings.given, strict=True) if (row >= 0).any()]
    rows = [ratings.units.index(unit) for unit in there]
    kept = Ratings(
        ratings.code,
        "",
        "nominal",
        ratings.values,
        ratings.scores,
        tuple(there),
        tuple(there),
        ratings.start_s[rows],
        ratings.coders,
        ratings.given[rows],
    )
    day = dt.date(2021, 2, 10)
    for by in ("source", "month", ""):
        found = count_frames([kept], facts(cells, dates), TEXTS, by=by, before=day)
        printed = {each.cell: each.texts for each in found.cells}
        assert all(count >= FEWEST_TEXTS for count in printed.values())
        if found.totals and found.cells:
            assert sum(printed.values()) == found.totals[0].texts
        for change in found.changes:
            assert min(change.before.texts, change.after.texts) >= FEWEST_TEXTS
            if found.cells:
                rest = sum(printed.values()) - change.before.texts - change.after.texts
                assert rest == 0 or rest >= FEWEST_TEXTS
            if found.totals:
                rest = found.totals[0].texts - change.before.texts - change.after.texts
                assert rest == 0 or rest >= FEWEST_TEXTS
        if by == "month":
            for change in found.changes:
                whole = sum(count for cell, count in printed.items() if cell < "2021-02" and cell != TOGETHER)
                rest = change.before.texts - whole
                assert rest <= 0 or rest >= FEWEST_TEXTS or TOGETHER in printed


def test_a_few_texts_without_a_date_cannot_be_computed():
    day = dt.date(2021, 6, 1)
    dates = [day - dt.timedelta(days=9)] * 20 + [day] * 20 + [None] * 3
    ratings = coded([[row % 2, row % 2] for row in range(43)])
    for by in ("source", "month"):
        found = count_frames([ratings], facts(["a"] * 43, dates), TEXTS, by=by, before=day)
        assert (len(found.totals), len(found.changes)) == (1, 0)
        assert any("no change is printed" in each for each in found.warnings)
    alone = count_frames([ratings], facts(["a"] * 43, dates), TEXTS, before=day)
    assert (len(alone.totals), len(alone.changes)) == (0, 1)
    assert any("no count of all texts" in each for each in alone.warnings)


def test_fewer_than_ten_texts_of_people_print_nothing():
    found = count_frames([coded([[1, 1]] * 9)], {}, TEXTS)
    assert (found.totals, found.cells, found.changes) == ((), (), ())
    assert any("Fewer than 10" in each for each in found.warnings)


def test_a_change_and_a_tone_before_and_after_a_day():
    day = dt.date(2021, 6, 1)
    dates = [day - dt.timedelta(days=1)] * 40 + [day] * 50
    cells = [f"s{row % 15}" for row in range(90)]
    staged = coded([[1, 1]] * 10 + [[0, 0]] * 30 + [[1, 1]] * 25 + [[0, 0]] * 25)
    regard = Ratings(
        "regard",
        "",
        "ordinal",
        ("-2", "-1", "0", "1", "2"),
        np.arange(5.0),
        staged.units,
        staged.clips,
        staged.start_s,
        ("a", "b"),
        np.array([[1, 2]] * 40 + [[3, 4]] * 50),
    )
    found = count_frames([staged, regard], facts(cells, dates), TEXTS, before=day)
    first, second = found.changes
    assert (first.before.share.value, first.after.share.value, first.change.value) == pytest.approx((0.25, 0.5, 0.25))
    assert second.code in found.tones
    assert (second.before.share.value, second.after.share.value) == pytest.approx((-0.25, 0.75))
    assert second.change.low <= 1.0 <= second.change.high + 1e-12


def test_codes_that_are_neither_yes_nor_no_nor_a_tone_are_not_counted():
    odd = coded([[0, 0]] * 20, name="colour")
    odd = Ratings(
        "colour",
        "",
        "nominal",
        ("blue", "red"),
        *(getattr(odd, name) for name in ("scores", "units", "clips", "start_s", "coders", "given")),
    )
    found = count_frames([odd], {}, TEXTS)
    assert found.totals == ()
    assert any("Not counted" in each and "colour" in each for each in found.warnings)


def test_a_code_that_few_texts_have_is_not_printed_and_that_is_said():
    many, few = coded([[1, 1], [0, 0]] * 10), coded([[1, 1]] * 9, name="systemic")
    found = count_frames([many, few], {}, TEXTS)
    assert [each.code for each in found.totals] == ["staged"]
    assert any("coded for systemic" in each for each in found.warnings)


@pytest.mark.slow
def test_intervals_by_source_hold_the_truth():
    luck = np.random.default_rng(9)
    sources = np.repeat(np.arange(30), 12)
    hits = np.zeros(3)
    for _ in range(600):
        own = luck.beta(3, 7, 30)
        values = (luck.random(360) < own[sources]).astype(float)
        after = luck.random(360) < 0.5
        whole, plain, change = (
            share_of(values, sources),
            share_of(values, None),
            change_of(values, after, sources, binary=True),
        )
        hits += [whole.low <= 0.3 <= whole.high, plain.low <= 0.3 <= plain.high, change.low <= 0 <= change.high]
    assert 0.92 <= hits[0] / 600 <= 0.98
    assert 0.92 <= hits[2] / 600 <= 0.98
    assert hits[1] < hits[0] - 40
