"""Studies without an experiment: regressions against those of the package, selection against its formula, posts against all posts."""

from __future__ import annotations

import functools
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from commonbeat.spread.clip import appeal
from commonbeat.spread.shape import Cascade
from commonbeat.validate.draw import StudyDraw
from commonbeat.validate.emulations import cascades, recalled_contacts, stops_panel
from commonbeat.validate.posts import Posts, appeals, posts_of
from tests.validate.studies import one_draw, shipped_target

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"SKIPPED LOUDLY: no cascades in {DATA}; published figures are not recomputed here"
)
CERTAIN_EFFECTS = {"within_stop_se": 0.0, "within_harassment_se": 0.0, "within_gun_se": 0.0}


def test_where_nobody_was_stopped_there_is_no_coefficient():
    target = shipped_target("sao-paulo", adults=40, areas=2)
    draw = one_draw(target)
    draw.world.years = dict.fromkeys(range(3), SimpleNamespace(stopped=np.empty(0, np.int32)))
    assert all(math.isnan(value) for value in stops_panel.emulate(draw).values())


def test_selection_alone_is_the_omitted_variable_formula():
    target = shipped_target("sao-paulo", reliability=1.0, adults=300, areas=4, **CERTAIN_EFFECTS)
    found = stops_panel.emulate(one_draw(target))
    panel = stops_panel._panel(one_draw(target))  # the same luck: the same people
    trust = np.repeat(panel.trust[:, None], 3, axis=1) / np.repeat(panel.trust, 3).std()
    stopped = panel.stopped - panel.stopped.mean(axis=0)
    selection = (trust * stopped).sum() / (stopped * stopped).sum()
    assert found["stop-across-persons"] == pytest.approx(-0.11 + selection)
    assert found["stop-selection"] == pytest.approx(selection)
    assert selection < -0.05


def test_fixed_effects_give_back_the_given_effect_exactly_without_error_and_nearly_with_it():
    exact = stops_panel.emulate(one_draw(shipped_target("sao-paulo", reliability=1.0, adults=200, **CERTAIN_EFFECTS)))
    assert exact["stop-across-persons"] - exact["stop-selection"] == pytest.approx(-0.11, abs=1e-6)
    noisy = stops_panel.emulate(one_draw(shipped_target("sao-paulo", **CERTAIN_EFFECTS)))
    assert noisy["stop-across-persons"] - noisy["stop-selection"] == pytest.approx(-0.11, abs=0.12)


def test_only_stops_go_badly_and_the_share_stands():
    target = shipped_target(
        "sao-paulo", adults=4000, areas=8, gun_share_of_stopped_low=0.3, gun_share_of_stopped_high=0.3
    )
    draw = one_draw(target)
    panel = stops_panel._panel(draw)
    bad = stops_panel._met_some(draw, panel, "gun_share_of_stopped")
    assert not (bad & ~panel.stopped).any()
    assert bad[panel.stopped].mean() == pytest.approx(0.3, abs=0.04)


def test_the_asymmetry_is_read_off_the_regression():
    group = np.arange(400) % 2
    good, bad = np.arange(400) % 5 == 0, np.arange(400) % 7 == 0
    error = np.random.default_rng(0).normal(scale=1e-6, size=400)
    found = recalled_contacts.asymmetry(0.2 * good - 0.5 * bad + group + error, good, bad, group, 2.0)
    assert found["recalled-ratio"] == pytest.approx(2.5, abs=1e-3)
    assert found["recalled-asymmetry"] == pytest.approx(0.1, abs=1e-4)
    assert found["recalled-good-contact"] > 1000
    none = recalled_contacts.asymmetry(-0.2 * good - 0.5 * bad + group + error, good, bad, group, 2.0)
    assert math.isnan(none["recalled-ratio"])


def test_low_trust_rates_the_same_contact_worse_and_without_that_ratings_are_true():
    trust = np.linspace(-2, 2, 5000)
    fair = shipped_target("good-and-bad-contacts", rating_log_odds_per_sd_high=0.0)
    truly, rated = recalled_contacts._rated(one_draw(fair), trust, 0.7)
    assert (truly == rated).all()
    assert truly.mean() == pytest.approx(0.3, abs=0.03)
    harsh = shipped_target("good-and-bad-contacts", rating_log_odds_per_sd_low=1.0)
    truly, rated = recalled_contacts._rated(one_draw(harsh), trust, 0.7)
    assert rated[trust < -1].mean() > truly[trust < -1].mean() + 0.2
    assert rated[trust > 1].mean() < truly[trust > 1].mean() - 0.1
    # The log odds of rating it bad fall by the drawn k (here 1) per SD.
    assert rated[np.abs(trust + 1) < 0.3].mean() == pytest.approx(
        1 / (1 + math.exp(-(math.log(0.3 / 0.7) + 1))), abs=0.06
    )


def test_nothing_between_truth_and_answers_leaves_the_true_ratio():
    plain = {
        "rating_log_odds_per_sd_high": 0.0,
        "good_recalled_share_low": 1.0,
        "good_share_low": 0.5,
        "good_share_high": 0.5,
    }
    target = shipped_target("good-and-bad-contacts", people=60_000, **plain)
    stated = {"stop_trust": -2.0, "contact_retention": 0.95, "trust_durable_half_life_days": 5000.0}
    found = recalled_contacts.emulate(one_draw(target, society="minneapolis", **stated))
    assert found["recalled-ratio"] == pytest.approx(2.0, abs=0.25)


@functools.cache
def first_hop_draw():
    return one_draw(shipped_target("cascade-first-hop"), share_chance=0.2, feed_chance=0.5)


def small_posts(number, certain):
    draw = first_hop_draw()
    draw = StudyDraw(draw.target, number, draw.seed, draw.parameters, draw.years)
    return posts_of(draw, 600, certain)


def test_appeals_are_those_of_the_clips():
    assert appeals(9, np.arange(20), 0.7).tolist() == pytest.approx([appeal(9, number, 0.7) for number in range(20)])


def test_sampled_posts_stand_for_all_of_them():
    everything = small_posts(0, 1e-9)
    assert (everything.weight == 1.0).all()
    assert len(everything.cascades) == everything.of == 600
    totals = []
    for number in range(40):
        sampled = small_posts(number, 4.0)
        assert len(sampled.cascades) < 400
        totals.append(float((sampled.weight * sampled.sizes).sum()))
    error = np.std(totals, ddof=1) / math.sqrt(len(totals))
    assert np.mean(totals) == pytest.approx(float(everything.sizes.sum()), abs=4 * error)
    assert 4 * error < 0.3 * everything.sizes.sum()


def test_a_weight_counts_like_a_repeat():
    values, weights = np.array([5.0, 1.0, 3.0, 2.0]), np.array([1.0, 4.0, 2.0, 2.0])
    plain = np.sort(np.repeat(values, weights.astype(int)))
    for level in (0.1, 0.25, 0.5, 0.9):
        assert cascades.weighted_quantile(values, weights, level) == plain[math.ceil(level * 9) - 1]
    assert math.isnan(cascades.weighted_quantile(np.empty(0), np.empty(0), 0.5))


@pytest.mark.parametrize("name", ["shapes", "hundred", "first-hop", "depth", "ages", "half-life"])
def test_every_finding_has_its_figure(name):
    target = shipped_target(f"cascade-{name}", posts=1500, large=4, tail_from=3, size_bounds=(1, 2, 4, 400))
    found = cascades.emulate(one_draw(target, share_chance=0.3, feed_chance=0.5))
    assert set(found) == {finding.id for finding in target.finding}
    assert all(math.isfinite(value) for value in found.values())


def test_without_a_large_cascade_there_is_no_shape_and_the_chance_is_below_one_post():
    quiet = {"share_chance": 0.0}
    shapes = cascades.emulate(one_draw(shipped_target("cascade-shapes", posts=500), **quiet))
    assert all(math.isnan(value) for value in shapes.values())
    hundred = cascades.emulate(one_draw(shipped_target("cascade-hundred", posts=500), **quiet))
    assert hundred["hundred-shares"] == pytest.approx(math.log10(0.5 / 500))


def test_ages_are_quartiles_over_cascades_and_late_shares_are_left_out():
    hours = [np.array([1.0, 2.0, 3.0, 4.0, 5.0, 10_000.0]) * pace for pace in range(1, 14)]
    star = [Cascade(np.ones(6, np.int64), np.full(6, -1), each) for each in hours]
    draw = one_draw(shipped_target("cascade-ages", large=6, days=100))
    found = cascades._ages(draw, Posts(tuple(star), np.ones(13), 13))
    # Of 1 to 5 the median is 3 and the first quarter 2, times the pace, whose quartiles over 1 to 13 are 4, 7 and 10.
    assert found == pytest.approx({"age-median": 21.0, "age-first-quarter": 14.0, "age-spread": 2.5})


def test_half_life_counts_each_share_for_its_post():
    one = Cascade(np.ones(2, np.int64), np.full(2, -1), np.array([1.0, 10.0]))
    draw = one_draw(shipped_target("cascade-half-life"))
    even = cascades._half_life(draw, Posts((one, one), np.ones(2), 2))
    late = Cascade(np.ones(1, np.int64), np.full(1, -1), np.array([100.0]))
    tilted = cascades._half_life(draw, Posts((one, late), np.array([1.0, 5.0]), 6))
    assert (even["engagement-half-life"], tilted["engagement-half-life"]) == pytest.approx((0.0, 2.0))


def depths_of_sample():
    for line in (DATA / "casflow_sample" / "dataset.txt").read_text().splitlines():
        depth = np.array([entry.count("/") for entry in line.split("\t")[4].split()])
        yield depth[depth > 0]


@needs_data
def test_published_depths_are_those_of_the_sample():
    shares = [(depth <= 1).mean() for depth in depths_of_sample()]
    published = {finding.id: finding.published for finding in shipped_target("cascade-depth").finding}
    assert published["depth-mean"] == pytest.approx(np.mean(shares), abs=0.005)
    assert published["depth-spread"] == pytest.approx(np.std(shares, ddof=1), abs=0.005)
    bounds = shipped_target("cascade-depth").setting["size_bounds"]
    assert np.histogram([len(depth) for depth in depths_of_sample()], bounds)[0].tolist() == [6] * 5


@needs_data
def test_published_ages_are_those_of_the_cascades():
    quartiles = []
    for file in sorted((DATA / "tideh_retweets" / "training").glob("RT*.txt")):
        seconds = np.loadtxt(file, skiprows=1, usecols=0)
        hours = seconds[(seconds > 0) & (seconds <= 7 * 86400)] / 3600.0
        quartiles.append(np.quantile(hours, [0.25, 0.5]))
    first, middle = np.array(quartiles).T
    published = {finding.id: finding.published for finding in shipped_target("cascade-ages").finding}
    assert published["age-median"] == pytest.approx(np.median(middle), abs=0.05)
    assert published["age-first-quarter"] == pytest.approx(np.median(first), abs=0.005)
    assert published["age-spread"] == pytest.approx(np.quantile(middle, 0.75) / np.quantile(middle, 0.25), abs=0.05)
