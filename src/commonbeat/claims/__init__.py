"""The claims ledger: what the story says, what speaks for and against it, and the verdict by a written rule."""

from __future__ import annotations

from commonbeat.claims.catalogue import Claim, load_claims
from commonbeat.claims.findings import Finding, findings_from_evidence
from commonbeat.claims.measures import MEASURES, NOT_SIMULATED
from commonbeat.claims.project import findings_text, project_findings
from commonbeat.claims.status import STATUSES, Verdict, counts, status
from commonbeat.claims.story import Sentence, Story, load_story

__all__ = [
    "MEASURES",
    "NOT_SIMULATED",
    "STATUSES",
    "Claim",
    "Finding",
    "Sentence",
    "Story",
    "Verdict",
    "counts",
    "findings_from_evidence",
    "findings_text",
    "load_claims",
    "load_story",
    "project_findings",
    "status",
]
