"""Figures, scales and strips: what is printed is what the table holds, signed and rounded as the unit says."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.report.chart import Picture, halves, linear, logarithmic, nice_limit, signed_logarithmic
from commonbeat.report.number import UNITS, noting, number, origin, quoted, spell
from commonbeat.report.spread import Spread, spread_of
from commonbeat.report.strip import Row, common_ruler, strip


@pytest.mark.parametrize(
    ("value", "unit", "interval", "words"),
    [
        (0.0004, "thousandths", (-0.0005, 0.004), "+0.4 (−0.5 to +4.0) ‰ SD"),
        (0.1, "points", None, "+2.7 points of 100"),
        (-0.11, "SD", None, "−0.11 SD"),
        (0.0, "SD", None, "0 SD"),
        (0.002, "SD", (-0.0003, 0.012), "+0.002 (−0.0003 to +0.012) SD"),
        (51920, "count", None, "51,920"),
        (51920, "people", (48123, 60777), "51,900 (48,100 to 60,800) people"),
        (0.17, "percent", None, "17 %"),
        (math.inf, "encounters a month", None, "not reachable"),
        (math.inf, "sample", None, "no number is enough"),
        (2e10, "sample", None, "more people than live on Earth"),
        (12.0, "people", (12.0, 12.0), "12 people"),
    ],
)
def test_figures_are_spelt_in_their_unit(
    value: float, unit: str, interval: tuple[float, float] | None, words: str
) -> None:
    assert spell(value, unit, interval) == words


def test_a_figure_carries_value_unit_claim_source_and_interval() -> None:
    figure = number(0.0004, "thousandths", "C5", "run:daily", (-0.0005, 0.004))
    assert 'value="0.0004"' in figure
    assert 'data-claim="C5" data-source="run:daily"' in figure
    assert 'title="C5; run: daily"' in figure
    assert '<span class="interval">−0.5 to +4.0</span>' in figure
    assert "‰ SD" in figure


def test_the_pointer_reads_claim_and_source_in_words() -> None:
    assert origin("C5", "card:E061, run:rings") == "C5; card E061; run: rings"
    assert origin("C15", "run:area, run:occurrences") == "C15; run: area, occurrences"
    assert origin("C1", "claims") == "C1; claims"
    noted = noting(number(0.5, "percent", "C5", "run:daily"), "of 48 <draws>")
    assert 'title="of 48 &lt;draws&gt;; C5; run: daily"' in noted


@pytest.mark.parametrize(("claim", "source"), [("", "run:daily"), ("C5", "")])
def test_a_figure_without_claim_or_source_may_not_be_printed(claim: str, source: str) -> None:
    with pytest.raises(ValueError, match="needs a claim and a source"):
        number(1.0, "SD", claim, source)
    with pytest.raises(ValueError, match="needs a claim and a source"):
        quoted("80 %", claim, source)


def test_words_from_outside_are_escaped() -> None:
    assert "<b>" not in quoted("<b>5</b>", "C5", "run:daily")
    assert "<script>" not in Picture("p", "<script>", "<script>", "", "C5", "run:daily").svg()


@given(st.floats(-50, 50), st.sampled_from(sorted(set(UNITS) - {"percent", "day", "days", "year", "draws", "count"})))
def test_a_printed_figure_is_within_its_rounding_of_the_value(value: float, unit: str) -> None:
    kind = UNITS[unit]
    printed = re.match(r"[+−]?[\d,.]+", spell(value, unit))
    assert printed
    shown = float(printed.group().replace(",", "").replace("−", "-"))
    exact = value * kind.scale
    tolerance = 0.5 if kind.digits == 0 else max(0.06 * abs(exact), 10.0 ** -(kind.digits or 9))
    assert abs(shown - exact) <= tolerance + 0.006 * abs(exact)


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_scales_keep_order(first: float, second: float) -> None:
    low, high = sorted((first, second))
    for scale in (linear(-1000, 1000, 0, 100), signed_logarithmic(0.1, 1000, 0, 100), logarithmic(0.1, 1000, 0, 100)):
        assert scale(low) <= scale(high) + 1e-9


@given(st.floats(1e-9, 1e9))
def test_limits_hold_their_value_and_ticks_stay_inside(value: float) -> None:
    limit = nice_limit(value)
    assert value * 0.999 <= limit <= value * 10.01
    assert all(-limit * 1.001 <= tick <= limit * 1.001 for tick in halves(-limit, limit))


def test_spread_agrees_with_numpy_and_counts_negative_draws() -> None:
    values = np.random.default_rng(1).normal(0.2, 1, 200)
    spread = spread_of(values)
    assert spread is not None
    assert spread.interval == pytest.approx(tuple(np.quantile(values, [0.05, 0.95])))
    assert spread.negative == pytest.approx((values < 0).mean())
    assert spread_of([math.nan]) is None


@pytest.mark.parametrize(
    ("low", "high", "outcome", "kind"),
    [
        (0.1, 0.3, "trust", "gain"),
        (-0.3, -0.1, "trust", "harm"),
        (-0.3, -0.1, "prejudice", "gain"),
        (0.1, 0.3, "prejudice", "harm"),
        (0.1, 0.3, "reform", "known"),
        (-0.1, 0.3, "trust", "open"),
        (0, 0, "trust", "nil"),
    ],
)
def test_colour_follows_the_better_side_of_the_outcome(low: float, high: float, outcome: str, kind: str) -> None:
    middle = (low + high) / 2
    spread = Spread(low, middle, middle, middle, high, 1.0 if high < 0 else 0.0, 20)
    ruler = common_ruler([Row("one", spread)], "SD")
    assert f'class="strip {kind}"' in strip(spread, ruler, "one", "C5", "run:daily", outcome)


def test_effects_of_very_different_size_get_a_ruler_of_tenfold_steps() -> None:
    def around(value: float) -> Row:
        return Row("one", Spread(value / 2, value, value, value, value * 2, 0.0, 20))

    assert common_ruler([around(1.0), around(1.5)], "SD").step == "even"
    ruler = common_ruler([around(0.001), around(1.0)], "SD")
    assert ruler.step == "tenfold"
    assert ruler.place(0.0) == pytest.approx(50)
    assert len(ruler.ticks) <= 9
