"""The rule of a status, case by case and as properties."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.claims import STATUSES, Finding, status
from commonbeat.claims.findings import BEARINGS, DIRECTIONS, KINDS

FOR = Finding("C5", "trust", 0.3, 0.1, 0.5, "E901", "adults", "card", study="one")
FOR_TOO = replace(FOR, source="E902", study="two")
NULL = replace(FOR, source="E903", study="three", estimate=0.0, low=-0.1, high=0.1)
OPEN = replace(NULL, study="seven", kind="study", direction="open", low=-1.0, high=1.0)
AGAINST = replace(FOR, source="E904", study="four", estimate=-0.3, low=-0.5, high=-0.1)
SAID_FOR = replace(FOR, source="E905", study="five", estimate=None, low=None, high=None, direction="for")


def finding_strategy() -> st.SearchStrategy[Finding]:
    span = st.tuples(st.floats(-1, 1), st.floats(-1, 1)).map(sorted)

    def make(
        ends: list[float], kind: str, bearing: str, direction: str, study: str, bare: int, checked: int
    ) -> Finding:
        low, high = (None, None) if bare else ends
        middle = None if bare else sum(ends) / 2
        return Finding(
            "C5",
            "trust",
            middle,
            low,
            high,
            f"E{study}",
            "adults",
            kind,
            direction=direction,
            bearing=bearing,
            study=study,
            checked=bool(checked),
        )

    return st.builds(
        make,
        span,
        st.sampled_from(KINDS),
        st.sampled_from(BEARINGS),
        st.sampled_from(DIRECTIONS),
        st.sampled_from("abcdef"),
        st.integers(0, 1),
        st.integers(0, 1),
    )


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], "unknown"),
        ([FOR], "unknown"),
        ([SAID_FOR, replace(SAID_FOR, study="six")], "unknown"),
        ([FOR, FOR_TOO], "supported"),
        ([FOR, replace(FOR_TOO, study="one")], "unknown"),
        ([FOR, SAID_FOR], "unknown"),
        ([FOR, FOR_TOO, NULL], "mixed"),
        ([FOR, FOR_TOO, AGAINST], "mixed"),
        ([NULL], "not supported"),
        ([AGAINST], "not supported"),
        ([NULL, AGAINST], "not supported"),
        ([replace(FOR, checked=False), replace(FOR_TOO, checked=False)], "unknown"),
        ([replace(FOR, bearing="adjacent"), FOR_TOO], "unknown"),
        ([replace(FOR, kind="run"), replace(FOR_TOO, kind="run")], "unknown"),
        ([FOR, replace(FOR_TOO, kind="study")], "supported"),
        ([FOR, FOR_TOO, replace(AGAINST, kind="run")], "mixed"),
        ([FOR, FOR_TOO, replace(NULL, kind="run")], "supported"),
        ([FOR, FOR_TOO, replace(AGAINST, claim="C6")], "supported"),
        ([OPEN], "unknown"),
        ([FOR, FOR_TOO, OPEN], "supported"),
        ([replace(FOR, data="a"), replace(FOR_TOO, data="a")], "unknown"),
        ([replace(FOR, data="a"), replace(FOR_TOO, data="b")], "supported"),
        ([replace(FOR, data="a"), replace(FOR_TOO, data="a"), replace(FOR, study="three", data="b")], "supported"),
    ],
)
def test_each_case_of_the_rule(findings: list[Finding], expected: str) -> None:
    assert status("C5", findings).status == expected


@given(st.lists(finding_strategy(), max_size=8))
def test_every_set_of_findings_has_one_status_in_any_order(findings: list[Finding]) -> None:
    verdict = status("C5", findings)
    assert verdict.status in STATUSES
    assert status("C5", findings[::-1]).status == verdict.status
    assert len(verdict.counted) + len(verdict.shown) == len(findings)
    assert verdict.why


@given(st.lists(finding_strategy(), max_size=8), finding_strategy())
def test_a_run_never_raises_a_claim(findings: list[Finding], extra: Finding) -> None:
    before = status("C5", findings).status
    after = status("C5", [*findings, replace(extra, kind="run")]).status
    assert after == before or (before, after) == ("supported", "mixed")


@given(st.lists(finding_strategy(), max_size=8))
def test_a_null_always_keeps_a_claim_from_support(findings: list[Finding]) -> None:
    assert status("C5", [*findings, NULL]).status in ("mixed", "not supported")


def test_an_interval_outweighs_what_authors_say() -> None:
    assert replace(NULL, direction="for").reading == "null"
    assert replace(FOR, direction="null").reading == "for"


def test_the_reason_gives_numbers_and_sources() -> None:
    why = status("C5", [FOR, NULL]).why
    assert "E901 (0.3 [0.1, 0.5])" in why
    assert "E903 (0 [-0.1, 0.1])" in why
