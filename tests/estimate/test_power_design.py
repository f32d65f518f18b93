"""A planned study is read strictly: every mistake at once, each with its place and a way out."""

from __future__ import annotations

import pytest

from commonbeat.errors import DesignError
from commonbeat.estimate.power import SHIPPED_DESIGNS, load_power_design, parse_power_design
from tests.estimate.power_designs import planned

WRONG = """
claim = "C5"
power = 1.2
outcom = "trust"
card = "E022"

[[arms]]
name = "control"
effect = 0.1

[[arms]]
name = "control"
take_up = 0.0

[sample]
people = 100
clusters = "ten"
icc = 0.1
blocks = 80

[[waves]]
delay_days = 3
attrition = 1.0

[[waves]]
delay_days = 3
attrition_by_arm = { contrl = 0.2 }

[measure]
reliability = 0.8
items = 4

[society]
assign = "place"
places = 3
"""


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(DesignError) as raised:
        parse_power_design(WRONG, source="wrong.toml")
    assert raised.value.exit_code == 2
    told = str(raised.value)
    for place, rule in [
        ("power", "is not below 1"),
        ("outcom", "is not a key that belongs here"),
        ("card", "gives no effect in SDs on C5"),
        ("arms[0].effect", "stands in the comparison arm"),
        ("arms[1].name", "is the name of another arm"),
        ("arms[1].take_up", "is not above that of the first arm"),
        ("sample.clusters", "is not a whole number"),
        ("sample.clusters", "stands beside people"),
        ("sample.icc", "needs clusters"),
        ("sample.blocks", "leave fewer than 2 units"),
        ("waves[0].attrition", "is not below 1"),
        ("waves[1].delay_days", "is the delay of another wave"),
        ("waves[1].attrition_by_arm", "is not an arm"),
        ("measure.reliability", "stands beside items"),
        ("measure.items", "and item_reliability come together"),
        ("society.assign", "does not fit a sample of people"),
        ("society.places", "stands beside assign"),
    ]:
        assert any(each.place == place and rule in each.rule for each in raised.value.mistakes), (place, rule, told)
    assert "Did you mean 'outcome'?" in told
    assert "Did you mean 'control'?" in told


@pytest.mark.parametrize(
    ("sample", "more", "place"),
    [
        ("", "", "sample"),
        ("clusters = 20", "", "sample.cluster_size"),
        ("cluster_size = 20", "", "sample.clusters"),
        ("cluster_sizes = [3, 4]", "", "sample.cluster_sizes"),
        ("clusters = 20\ncluster_size = 5\nicc = 0.1\nblocks = 4\nblock_share = 0.2", "", "sample.block_share"),
        ("people = 100\nblock_share = 0.2", "", "sample.block_share"),
        ("people = 100\nblocks = 4\nblock_size = 4", "", "sample.block_size"),
        ("clusters = 20\ncluster_size = 5", "[society]", "society.assign"),
    ],
)
def test_samples_that_say_too_little_or_too_much(sample: str, more: str, place: str) -> None:
    with pytest.raises(DesignError) as raised:
        planned(sample, more=more)
    assert place in {each.place for each in raised.value.mistakes}


@pytest.mark.parametrize("text", ["claim = ", "\x00"])
def test_what_is_not_toml_is_said(text: str) -> None:
    with pytest.raises(DesignError, match="is not TOML"):
        parse_power_design(text, source="broken.toml")


def test_a_design_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(DesignError, match="Did you mean 'door-visit'"):
        load_power_design("door-visits")


def test_whole_numbers_are_numbers_too() -> None:
    assert planned("people = 100", arm="effect = 1").treated[0].effect == 1


@pytest.mark.parametrize("name", SHIPPED_DESIGNS)
def test_shipped_designs_are_sound(name: str) -> None:
    design = load_power_design(name)
    assert design.title
    assert 0 < design.reliability <= 1


def test_items_make_a_scale_by_spearman_and_brown() -> None:
    design = planned("people = 100", more="[measure]\nitems = 5\nitem_reliability = 0.45")
    assert design.reliability == pytest.approx(5 * 0.45 / (1 + 4 * 0.45))
    assert load_power_design("door-visit").reliability == pytest.approx(0.804, abs=0.001)


def test_several_arms_share_the_level_unless_it_is_said() -> None:
    third = '[[arms]]\nname = "clip"\neffect = 0.1'
    assert planned("people = 90", arm=f"effect = 0.3\n{third}").comparison_level == pytest.approx(0.025)
    alone = planned("people = 90", arm=f"effect = 0.3\n{third}", top='several_arms = "each alone"')
    assert alone.comparison_level == pytest.approx(0.05)
