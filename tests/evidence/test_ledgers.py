"""The ledger's files: whole, read strictly, and every mistake in them reported at once."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from commonbeat.errors import LedgerError
from commonbeat.evidence import load_blocks, load_cards, load_estimates, load_parameters
from commonbeat.evidence.estimates import ASSUMED_RELIABILITY
from commonbeat.evidence.ledger import packaged
from commonbeat.evidence.parameters import load_ledger

MODEL = frozenset(
    """
direct_trust stop_trust harassment_trust gun_pointed_trust contact_retention trust_transient_mean_days
trust_durable_half_life_days direct_prejudice_reduction media_retention prejudice_retention prejudice_transient_mean_days
prejudice_durable_half_life_days watched_trust watched_prejudice_reduction watched_low_trust_gain watched_recent_stop_shift
watched_youth_cooperation_shift direct_low_trust_gain direct_group_residual violent_clip_trust text_to_film
negative_to_positive_ratio told_fraction cooperation_per_trust reform_per_trust direct_regard watched_regard generalisation
participant_dose bystander_share play_for_prejudice planned_authenticity staged_authenticity novelty_exponent tell_chance_close
tell_chance_acquaintance tie_formation_chance stop_share_at_home missing_race_tilt empty_record_share
other_contacts_per_year other_contact_dose filmed_share_of_stops feed_chance feed_decay_hours share_chance appeal_sigma
share_delay_median_hours share_delay_sigma outlet_feed_chance elsewhere_feed_ratio outlet_pickup_chance
resident_pickup_per_share reproduction_number
""".split()  # noqa: SIM905 - one name per word reads better than fifty quoted ones
)


def rewritten(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """A copy of a shipped file in which one text, which must be there, is replaced."""
    text = packaged(name).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_all_ninety_findings_have_a_card() -> None:
    cards = load_cards()
    assert len(cards) == 90
    assert Counter(card.status for card in cards) == {"verified": 58, "recomputed": 19, "recalled": 11, "derived": 2}
    assert {"E022", "E063", "E064"} <= {card.id for card in cards if card.null_finding == "yes"}


def test_cards_say_nothing_about_where_they_were_kept() -> None:
    text = packaged("cards.csv").read_text(encoding="utf-8").lower()
    for word in ("stored", "meta.py", "ppcg.py", "rdatasets_policing", "/work", "shared/"):
        assert word not in text


def test_every_parameter_of_the_model_is_there_and_has_grounds() -> None:
    parameters = load_parameters()
    assert {parameter.name for parameter in parameters} == MODEL
    for parameter in parameters:
        assert parameter.cards or parameter.reason, parameter.name
        assert parameter.unit, parameter.name
        assert parameter.meaning, parameter.name
        assert parameter.assumed == (parameter.rule in ("assumed", "unknown")), parameter.name
    assert next(p for p in parameters if p.name == "reproduction_number").kind == "unknown"


def test_no_assumed_number_hides_behind_a_short_excuse() -> None:
    for parameter in load_parameters():
        if parameter.assumed:
            assert len(parameter.reason) > 20, parameter.name


def test_long_narratives_carry_no_size_of_a_watched_effect() -> None:
    for reading in load_estimates():
        if {"E030", "E060"} & set(reading.cards):
            assert set(reading.informs) == {"media_retention"}


def test_a_null_known_by_its_n_has_the_standard_error_of_two_halves() -> None:
    hero = next(r for r in load_estimates() if r.id == "hero_video")
    assert hero.effect == 0
    assert hero.se == pytest.approx(2 / 407**0.5)
    assert hero.is_null


def test_observed_effects_become_latent_by_the_root_of_reliability() -> None:
    stop = next(r for r in load_estimates() if r.id == "stop_within_person")
    assert stop.reliability == ASSUMED_RELIABILITY
    assert stop.latent_effect == pytest.approx(-0.11 / 0.8**0.5)
    assert stop.latent_se == pytest.approx(0.05 / 0.8**0.5)


def test_stops_are_read_within_persons_over_the_past_year() -> None:
    for reading in load_estimates():
        if {"E039", "E040", "E041"} & set(reading.cards):
            assert (reading.delay_days, reading.recall_window_days) == (0, 365)
            assert reading.effect > -0.4  # the coefficients across people are -.41, -.85 and -.72


def test_listing_the_ledger_imports_no_heavy_library() -> None:
    code = (
        "import sys, commonbeat.evidence as e, commonbeat.claims as c; e.load_parameters(); e.load_cards(); c.load_claims();"
        "print([m for m in ('numba', 'numpy', 'scipy', 'polars') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_all_mistakes_in_the_cards_come_at_once(tmp_path: Path) -> None:
    rows = list(csv.DictReader(packaged("cards.csv").read_text(encoding="utf-8").splitlines()))
    rows[1]["id"] = "E001"
    rows[2]["status"] = "verifed"
    rows[3]["year"] = "soon"
    rows[4]["confidence"] = "high"
    path = tmp_path / "cards.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(LedgerError) as caught:
        load_cards(path)
    message = str(caught.value)
    assert len(caught.value.mistakes) == 4
    assert "stands already at cards.csv line 2" in message
    assert "Did you mean 'verified'?" in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("0.44,0.0615", "nan,0.0615", "is not a finite number"),
        ("0.44,0.0615", "0.44,-1", "is not above 0"),
        ("E003;E006", "E003;E999", "is not a card"),
        (",effect,", ",efect,", "Did you mean 'effect'?"),
        ("new_haven_21_days", "new_haven_3_days", "stands already"),
        ("0.0743", "", "is needed for an effect"),
    ],
)
def test_a_wrong_reading_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(LedgerError, match=expected):
        load_estimates(rewritten(tmp_path, "estimates.csv", old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('cards = ["E039"]\n', "", "are needed by the rule 'joint'"),
        ('cards = ["E039"]', 'cards = ["E040"]', "E039' informs this by a reading and is not named"),
        ('cards = ["E064"]', 'cards = ["E0640"]', "Did you mean 'E064'?"),
        ('rule = "judged"', 'rule = "juged"', "Did you mean 'judged'?"),
        ("low = 0.2, high = 0.6", "low = 0.6, high = 0.2", "is not above low"),
        ("low = 0.2, high = 0.6", "low = nan, high = 0.6", "is not a finite number"),
        ("without_cards", "without_card", "Did you mean 'without_cards'?"),
        ('name = "stop_trust"', 'name = "direct_trust"', "stands already"),
        ("spread = 0.15", "spred = 0.15", "Did you mean 'spread'?"),
    ],
)
def test_a_wrong_parameter_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(LedgerError) as caught:
        load_ledger(rewritten(tmp_path, "parameters.toml", old, new))
    assert expected in str(caught.value)


def test_an_assumed_parameter_without_a_reason_is_refused(tmp_path: Path) -> None:
    text = packaged("parameters.toml").read_text(encoding="utf-8")
    path = tmp_path / "parameters.toml"
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("reason = ")), encoding="utf-8")
    with pytest.raises(LedgerError) as caught:
        load_ledger(path)
    excused = [m for m in caught.value.mistakes if "neither cards nor a reason" in m.rule]
    assert len(excused) == sum(parameter.assumed for parameter in load_parameters())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"id,claim\nE001", "is missing"),
        (b"id;claim", "is not a column"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "cards.csv"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=expected):
        load_cards(path)


def test_a_row_cut_short_is_refused(tmp_path: Path) -> None:
    text = packaged("cards.csv").read_text(encoding="utf-8").rstrip()
    path = tmp_path / "cards.csv"
    path.write_text(text.rpartition(",")[0].rpartition(",")[0], encoding="utf-8")
    with pytest.raises(LedgerError, match="does not have 18 fields"):
        load_cards(path)


def test_missing_files_and_broken_toml_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be read"):
        load_cards(tmp_path / "nowhere.csv")
    path = tmp_path / "parameters.toml"
    path.write_text("[[parameter]\nname = 1", encoding="utf-8")
    with pytest.raises(LedgerError, match="is not TOML"):
        load_ledger(path)


def test_blocks_draw_each_part_once() -> None:
    parts = [part for block in load_blocks() for part in block.parts]
    assert len(parts) == len(set(parts)) == 12
