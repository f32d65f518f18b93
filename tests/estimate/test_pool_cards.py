"""Cards as effects: by their studies where the ledger holds them all, each study once, and never in two units."""

from __future__ import annotations

import pytest

from commonbeat.errors import LedgerError
from commonbeat.estimate.pool import account_of, pool_sample, sample_of_cards
from commonbeat.estimate.pool.from_cards import _standard_error


@pytest.mark.parametrize(
    ("card", "k", "estimate", "std_error"),
    [("E020", 11, 0.25, 0.07), ("E021", 16, 0.24, 0.06), ("E022", 3, 0.02, 0.07)],
)
def test_a_card_whose_studies_are_held_is_pooled_anew(card: str, k: int, estimate: float, std_error: float) -> None:
    gathered = sample_of_cards([card])
    assert gathered.sample.k == k
    row = pool_sample(gathered.sample, method="DL", interval="normal").row
    assert row.estimate == pytest.approx(estimate, abs=0.005)
    assert row.std_error == pytest.approx(std_error, abs=0.005)


def test_cards_that_share_studies_count_each_once() -> None:
    gathered = sample_of_cards(["E020", "E021"])
    assert gathered.sample.k == 16
    assert "E020 and E021 share 11 studies; each counts once" in gathered.warnings
    assert gathered.source == "cards E020, E021"
    assert gathered.unit == "SD"


def test_two_arms_of_one_trial_are_one_study() -> None:
    account = account_of(sample_of_cards(["E020"]).sample)
    assert account.sample.repeated == ("Boisjoly 06",)
    assert account.main.row.n == 10
    assert [row.n for row in account.dependence] == [11, 11]


def test_arms_with_one_control_are_one_study() -> None:
    account = account_of(sample_of_cards(["E061"]).sample)
    assert (account.sample.k, account.studied.k) == (6, 1)
    # Equal errors of .07 that correlate .5 among six arms.
    assert account.main.row.std_error == pytest.approx(0.07 * (1 / 6 + 5 / 6 * 0.5) ** 0.5)


def test_a_published_figure_beside_its_own_studies_counts_them_twice_and_says_so() -> None:
    gathered = sample_of_cards(["E019", "E020"])
    assert gathered.sample.k == 12
    assert any("they count twice" in warning and "E019" in warning for warning in gathered.warnings)


def test_published_figures_of_one_source_are_one_study() -> None:
    gathered = sample_of_cards(["E024", "E026", "E027"])
    assert len(set(gathered.sample.studies)) == 1
    assert any("come from one source" in warning for warning in gathered.warnings)


def test_reviews_of_one_maker_may_share_studies() -> None:
    assert any("may share studies" in warning for warning in sample_of_cards(["E021", "E026"]).warnings)


def test_cards_without_a_standard_error_are_left_out_with_the_reason() -> None:
    gathered = sample_of_cards(["E020", "E018", "E068", "E055"])
    reasons = {each.label: each.reason for each in gathered.left_out}
    assert list(reasons) == ["E018", "E068", "E055"]
    assert "not one number" in reasons["E018"]
    assert reasons["E068"] == "it has no standard error"
    assert "qualitative" in reasons["E055"]
    assert gathered.source == "card E020"


def test_nulls_known_by_their_n_say_so() -> None:
    gathered = sample_of_cards(["E062"])
    assert gathered.sample.std_errors[0] == pytest.approx(2 / 407**0.5)
    assert any("entered as 0" in warning for warning in gathered.warnings)


def test_different_outcomes_are_told() -> None:
    assert any("different outcomes" in warning for warning in sample_of_cards(["E020", "E039"]).warnings)


def test_every_mistake_is_told() -> None:
    with pytest.raises(LedgerError, match="E999") as caught:
        sample_of_cards(["E999", "E02O"])
    assert len(caught.value.mistakes) == 2
    with pytest.raises(LedgerError, match="names no card"):
        sample_of_cards([])
    with pytest.raises(LedgerError, match="is not the unit of the others"):
        sample_of_cards(["E016", "E020"])
    with pytest.raises(LedgerError, match="E055: its figure"):
        sample_of_cards(["E055"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("SE .08 [.23,.55]; tau .37, I2 .85", 0.08),
        ("SE .16; slope 1.87 (1.07)", 0.16),
        ("[-.29,-.17]", 0.12 / 3.919927969080108),
        ("SE .02/.10/.04/.10", None),
        ("SD .20", None),
        ("[.22,.27]; [.14,.19]", None),
        ("SE 0", None),
        ("", None),
    ],
)
def test_standard_errors_are_read_only_where_there_is_one(words: str, expected: float | None) -> None:
    assert _standard_error(words) == (None if expected is None else pytest.approx(expected))


def test_every_card_of_the_ledger_is_pooled_or_refused_with_a_reason() -> None:
    from commonbeat.evidence import load_cards

    pooled, refused = [], []
    for card in load_cards():
        try:
            pooled.append(sample_of_cards([card.id]))
        except LedgerError as error:
            refused.append(error)
    assert all((gathered.sample.std_errors > 0).all() for gathered in pooled)
    assert all(len(error.mistakes) == 1 for error in refused)
    assert len(pooled) > 15
