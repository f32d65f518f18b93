"""Own studies stand in the project folder and move the status of their claim by the written rule."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.claims import Finding, findings_text, project_findings
from commonbeat.errors import LedgerError
from commonbeat.workflows.claims import judge_claims

STUDY = Finding("C1", "joy", 0.3, 0.1, 0.5, "study: joy.csv", "children", "study", study="Joy in June", unit="points")
finite = st.floats(-1e6, 1e6)


def save(folder: Path, name: str, *findings: Finding) -> None:
    (folder / "findings").mkdir(exist_ok=True)
    (folder / "findings" / f"{name}.csv").write_text(findings_text(findings), encoding="utf-8")


def status_of(claim: str, folder: Path) -> str:
    return next(each.verdict.status for each in judge_claims(folder) if each.claim.id == claim)


def test_a_folder_without_findings_changes_nothing(tmp_path) -> None:
    assert project_findings(tmp_path) == ()
    assert status_of("C1", tmp_path) == "unknown"


def test_two_studies_in_favour_support_a_claim_and_a_third_against_makes_it_mixed(tmp_path) -> None:
    from dataclasses import replace

    save(tmp_path, "june", STUDY)
    assert status_of("C1", tmp_path) == "unknown"
    save(tmp_path, "july", replace(STUDY, study="Joy in July"))
    assert status_of("C1", tmp_path) == "supported"
    save(
        tmp_path,
        "august",
        replace(STUDY, study="Joy in August", estimate=-0.3, low=-0.5, high=-0.1, direction="against"),
    )
    assert status_of("C1", tmp_path) == "mixed"


def test_an_adjacent_study_is_shown_and_not_counted(tmp_path) -> None:
    from dataclasses import replace

    save(tmp_path, "june", *(replace(STUDY, study=name, bearing="adjacent") for name in ("one", "two")))
    judged = next(each for each in judge_claims(tmp_path) if each.claim.id == "C1")
    assert judged.verdict.status == "unknown"
    assert len(judged.verdict.shown) >= 2


@given(low=finite, width=st.floats(0, 10), words=st.text(min_size=1, max_size=20))
def test_what_is_written_is_read_again(low, width, words) -> None:
    import tempfile
    from dataclasses import replace

    name = " ".join(words.split()) or "x"
    finding = replace(STUDY, low=low, estimate=low + width / 2, high=low + width, study=name.replace("\0", ""))
    if not finding.study.strip() or not math.isfinite(low) or not finding.study.isprintable():
        return
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder), "one", finding)
        assert project_findings(folder) == (finding,)


def test_mistakes_in_all_files_are_listed(tmp_path) -> None:
    from dataclasses import replace

    save(tmp_path, "a", replace(STUDY, claim="C99", estimate=9.0))
    save(tmp_path, "b", replace(STUDY, kind="card", population=""))
    (tmp_path / "findings" / "c.csv").write_text("claim,outcome\nC1,joy\n")
    with pytest.raises(LedgerError) as caught:
        project_findings(tmp_path)
    text = str(caught.value)
    for words in ("a.csv line 2 claim", "a.csv line 2 estimate", "b.csv line 2 kind", "b.csv line 2 population"):
        assert words in text
    assert "c.csv header: 'estimate' is missing" in text
