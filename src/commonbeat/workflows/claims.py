"""The article's claims with their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.claims import Claim, Finding, Verdict


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim, the findings that speak to it, and the verdict that its rule gives."""

    claim: Claim
    findings: tuple[Finding, ...]
    verdict: Verdict


def judge_claims() -> tuple[JudgedClaim, ...]:
    """Every claim with its verdict from the evidence alone."""
    from commonbeat.claims import findings_from_evidence, load_claims, status

    findings = tuple(findings_from_evidence())
    judged = []
    for claim in load_claims():
        own = tuple(finding for finding in findings if finding.claim == claim.id)
        judged.append(JudgedClaim(claim, own, status(claim, own)))
    return tuple(judged)
