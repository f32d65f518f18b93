import hashlib

import pytest

from commonbeat.errors import LedgerError, Mistakes
from commonbeat.evidence import draw_parameters, load_cards, load_estimates, load_parameters
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
    left = [reading for reading in load_estimates() if set(reading.cards).isdisjoint(target.leave_out)]
    assert all(cards.isdisjoint(reading.cards) for reading in left)


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


@pytest.mark.parametrize(
    "name", ["watched_recent_stop_shift", "watched_youth_cooperation_shift", "direct_low_trust_gain"]
)
def test_a_direction_that_one_card_gives_is_unknown_without_it(name):
    cards = next(parameter.cards for parameter in load_parameters() if parameter.name == name)
    values = [draw_parameters(3, draw, leave_out=cards)[name] for draw in range(400)]
    assert 0.4 < sum(value < 0 for value in values) / len(values) < 0.6


@pytest.mark.parametrize(("target", "finding"), FINDINGS, ids=lambda each: each.id)
def test_an_interval_that_passes_could_not_hold_both_nothing_and_twice_the_published(target, finding):
    if finding.kind != "number":
        return
    assert finding.widest <= 2 * abs(finding.published - finding.no_effect.mean) + 1e-9 or finding.note, target.id


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
