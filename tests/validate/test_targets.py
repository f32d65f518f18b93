import hashlib
import re

import numpy as np
import pytest

from commonbeat.errors import LedgerError, Mistakes
from commonbeat.evidence import draw_parameters, load_cards, load_parameters
from commonbeat.evidence.priors import prior_quantile
from commonbeat.evidence.shapes import build
from commonbeat.validate import target as module
from commonbeat.validate.predict import cards_behind_priors, emulation_of
from commonbeat.validate.target import frozen_targets, load_targets, parse_target, target_files

TARGETS = load_targets()
FINDINGS = [(target, finding) for target in TARGETS for finding in target.finding]


def test_every_target_is_as_it_was_frozen_beside_the_priors():
    frozen = frozen_targets()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in target_files().items()}
    assert hashes == {name: each.sha256 for name, each in frozen.items()}


def test_a_target_that_changed_by_a_byte_is_refused(monkeypatch):
    files = target_files()
    files["sitcom"] += b"\n"
    monkeypatch.setattr(module, "target_files", lambda: files)
    with pytest.raises(LedgerError, match=r"sitcom\.toml: has changed since it was frozen on 2026-"):
        load_targets()


def test_a_target_that_was_never_frozen_and_one_that_is_gone_are_both_named(monkeypatch):
    files = target_files()
    files["new-study"] = files.pop("sitcom")
    monkeypatch.setattr(module, "target_files", lambda: files)
    with pytest.raises(LedgerError) as caught:
        load_targets()
    assert {mistake.rule for mistake in caught.value.mistakes} >= {"was never frozen", "has no file"}


def test_a_target_lists_all_its_mistakes():
    found, content = Mistakes(), target_files()["sitcom"].replace(b"widest = 0.42", b"widest = -1.0") + b"width = 2\n"
    assert parse_target("sitcom", content, found) is None
    places = [mistake.place for mistake in found.found]
    assert sorted(places) == ["targets/sitcom.toml finding[0].widest", "targets/sitcom.toml finding[0].width"]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)
def test_no_prior_that_predicts_a_study_rests_on_the_study(target):
    cards = {*target.cards, *(finding.card for finding in target.finding)}
    assert cards & cards_behind_priors() <= set(target.leave_out)
    for parameter in load_parameters():
        if parameter.rule == "judged" and not cards.isdisjoint(parameter.cards):
            levels = np.array([0.05, 0.5, 0.95])
            forgotten = build(parameter.settings["without_cards"])(levels)
            assert prior_quantile(parameter.name, target.leave_out)(levels) == pytest.approx(forgotten)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)
def test_what_is_left_out_moves_every_prior_that_rested_on_it(target):
    resting = {
        parameter.name
        for parameter in load_parameters()
        if parameter.kind != "unknown" and not set(parameter.cards).isdisjoint(target.leave_out)
    }
    # A flat prior moves nowhere in its middle, so several draws are compared.
    moved = set()
    for draw in range(6):
        with_all, without = draw_parameters(1, draw), draw_parameters(1, draw, leave_out=target.leave_out)
        moved |= {name for name in with_all if with_all[name] != without[name]}
    assert resting <= moved


SIGNED = [
    parameter
    for parameter in load_parameters()
    if "without_cards" in parameter.settings and build(parameter.settings["without_cards"])(np.array([0.001]))[0] < 0
]


@pytest.mark.parametrize("parameter", SIGNED, ids=lambda parameter: parameter.name)
def test_without_its_cards_a_parameter_of_either_sign_has_no_direction(parameter):
    below = prior_quantile(parameter.name, parameter.cards)(np.array([0.45, 0.55]))
    assert below[0] <= 0 <= below[1]


def test_no_stand_in_lies_on_one_side_of_zero_because_of_its_cards():
    shapes = {each.name: each.settings.get("without_cards", {}).get("shape") for each in load_parameters()}
    assert [name for name, shape in shapes.items() if shape == "half_normal"] == []
    assert len(SIGNED) >= 7


# What a reason names beside its own cards: why they are not used, what they leave open, or how a shape compares.
NAMED_AND_NOT_USED = {
    ("direct_trust", "E045"),
    ("trust_durable_half_life_days", "E031"),
    ("watched_trust", "E030"),
    ("watched_trust", "E060"),
    ("watched_prejudice_reduction", "E016"),
    ("direct_group_residual", "E008"),
    ("participant_dose", "E067"),
    ("participant_dose", "E070"),
    ("tell_chance_acquaintance", "E083"),
    ("tie_formation_chance", "E053"),
    ("tie_formation_chance", "E055"),
}


def test_a_card_that_a_reason_rests_on_is_among_the_cards():
    named = {(each.name, card) for each in load_parameters() for card in re.findall(r"E\d{3}", each.reason)}
    own = {(each.name, card) for each in load_parameters() for card in each.cards}
    assert named - own == NAMED_AND_NOT_USED


@pytest.mark.parametrize(("target", "finding"), FINDINGS, ids=lambda each: each.id)
def test_an_interval_that_passes_could_not_hold_both_nothing_and_twice_the_published(target, finding):
    if finding.kind != "number":
        return
    assert finding.widest <= 2 * abs(finding.published - finding.no_effect.mean) + 1e-9, target.id


def test_findings_have_names_of_their_own_cards_that_exist_and_emulations():
    ids = [finding.id for _, finding in FINDINGS]
    assert len(set(ids)) == len(ids)
    known = {card.id for card in load_cards()}
    assert {finding.card for _, finding in FINDINGS} <= known
    assert all(set(target.leave_out) <= known for target in TARGETS)
    assert all(callable(emulation_of(target)) for target in TARGETS)


def test_the_studies_that_were_to_be_predicted_are_there():
    cards = {card for target in TARGETS for card in target.cards}
    wanted = {
        "E003",
        "E004",
        "E005",
        "E008",
        "E045",
        "E053",
        "E062",
        "E063",
        "E064",
        "E061",
        "E060",
        "E039",
        "E040",
        "E041",
        "E033",
    }
    assert wanted | {"E072", "E073", "E074", "E075", "E080"} <= cards
