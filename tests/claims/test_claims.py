"""Claims and their findings: whole, strict, and no rosier than the cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from commonbeat.claims import (
    MEASURES,
    NOT_SIMULATED,
    STATUSES,
    catalogue,
    findings,
    findings_from_evidence,
    load_claims,
    status,
)
from commonbeat.errors import LedgerError
from commonbeat.evidence import load_cards


def rewritten(tmp_path: Path, name: str, old: str, new: str) -> Path:
    text = (Path(catalogue.__file__).parent / name).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_there_are_sixteen_claims_in_order() -> None:
    claims = load_claims()
    assert [claim.id for claim in claims] == [f"C{number}" for number in range(1, 17)]
    assert len({claim.text for claim in claims}) == 16
    assert all(1 <= claim.paragraph <= 9 for claim in claims)


def test_what_no_card_carries_is_not_simulated_but_asked() -> None:
    for claim in load_claims():
        assert claim.asks
        assert claim.is_simulated == all(key in MEASURES for key in claim.simulated)
    assert {c.id for c in load_claims() if not c.is_simulated} == {"C1", "C2", "C6", "C8", "C10", "C11"}
    assert NOT_SIMULATED == "not simulated: no evidence"


def test_evidence_alone_leaves_the_sceptics_claims_open() -> None:
    found = {claim.id: status(claim, findings_from_evidence()).status for claim in load_claims()}
    assert set(found.values()) <= set(STATUSES)
    for claim in ("C3", "C4", "C7", "C9", "C11", "C13"):
        assert found[claim] in ("mixed", "not supported", "unknown")
    assert found == {
        "C1": "unknown",
        "C2": "unknown",
        "C3": "mixed",
        "C4": "unknown",
        "C5": "mixed",
        "C6": "unknown",
        "C7": "mixed",
        "C8": "unknown",
        "C9": "not supported",
        "C10": "unknown",
        "C11": "unknown",
        "C12": "mixed",
        "C13": "mixed",
        "C14": "mixed",
        "C15": "supported",
        "C16": "unknown",
    }


def test_each_reason_names_all_its_sources() -> None:
    for claim in load_claims():
        why = status(claim, findings_from_evidence()).why
        for finding in findings_from_evidence():
            if finding.claim == claim.id:
                assert finding.source in why


def test_recalled_cards_never_count() -> None:
    recalled = {card.id for card in load_cards() if card.status == "recalled"}
    verdicts = [status(claim, findings_from_evidence()) for claim in load_claims()]
    assert recalled & {finding.source for finding in findings_from_evidence()}
    assert not recalled & {finding.source for verdict in verdicts for finding in verdict.counted}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "C2"', 'id = "C1"', "stands already"),
        ('title = "The officer comes closer"', 'titel = "The officer comes closer"', "Did you mean 'title'?"),
        ('"rings.watched.regard"', '"rings.watched.regrad"', "Did you mean 'rings.watched.regard'?"),
        ("paragraph = 6", "paragraph = 0", "is not a paragraph"),
        ('["not simulated: no evidence"]', "[]", "is empty"),
    ],
)
def test_a_wrong_claim_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(LedgerError) as caught:
        load_claims(rewritten(tmp_path, "claims.toml", old, new))
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("C3,E020", "C33,E020", "Did you mean"),
        ("C3,E020", "C3,E02", "is not known here"),
        ("0.25,0.11,0.39", "0.25,-0.11,0.39", "disagrees with the interval, which reads 'null'"),
        ("0.25,0.11,0.39", "0.45,0.11,0.39", "is outside its interval"),
        ("0.25,0.11,0.39", "0.25,0.11,", "both ends"),
        ("0.25,0.11,0.39", "inf,0.11,0.39", "is not a finite number"),
        ("direct,for", "drect,for", "Did you mean 'direct'?"),
    ],
)
def test_a_wrong_finding_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(LedgerError) as caught:
        findings.findings_from_evidence(rewritten(tmp_path, "findings.csv", old, new))
    assert expected in str(caught.value)
