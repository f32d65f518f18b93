"""From a data file to a report and to findings; every shape of a study once, end to end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from commonbeat import estimate_effects, judge_claims
from commonbeat.errors import DataFileError, DesignError, InputError, RunFolderError
from commonbeat.workflows.estimate import write_plan, write_script
from tests.workflows.studies import panel_table, rollout_table, series_table, trial_table, wedge_table

if TYPE_CHECKING:
    from pathlib import Path

VISITS = {"outcome": "trust", "treatment": "visited", "cluster": "street"}


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "visits.csv"
    trial_table().write_csv(path)
    return path


def run(data: Path, folder: Path, **options: object):
    return estimate_effects(data, options={**VISITS, **options}, project=folder)


def keys(estimated) -> list[str]:
    return [section.key for section in estimated.analysis.sections]


def test_the_rows_are_those_of_the_issue(trial, tmp_path) -> None:
    estimated = run(trial, tmp_path)
    row = estimated.analysis.rows()[0].as_row()
    assert list(row) == [
        "estimand",
        "estimate",
        "std_error",
        "df",
        "ci_low",
        "ci_high",
        "p_value",
        "n",
        "clusters",
        "method",
        "warnings",
    ]
    json.dumps([each.as_row() for each in estimated.analysis.rows()], allow_nan=False)
    assert estimated.findings is None
    assert not list(tmp_path.iterdir())


def test_the_primary_row_is_the_adjusted_one_where_something_was_measured_before(trial, tmp_path) -> None:
    plain = run(trial, tmp_path).analysis.primary[0]
    adjusted = run(trial, tmp_path, baseline="before").analysis.primary[0]
    assert plain.method.startswith("difference in means, CR2")
    assert adjusted.method.startswith("Lin-adjusted for baseline, CR2")
    assert adjusted.std_error < plain.std_error
    assert plain.clusters == 30


def test_a_claim_saves_a_finding_that_its_status_counts(trial, tmp_path) -> None:
    drawn = {"kind": "clustered", "permutations": 199}
    estimated = run(
        trial, tmp_path, claim="C1", title="Visits", population="residents", baseline="before", assignment=drawn
    )
    assert estimated.findings == tmp_path / "findings" / "visits-c1-trust-visits.csv"
    judged = next(each for each in judge_claims(tmp_path) if each.claim.id == "C1")
    counted = [finding for finding in judged.verdict.counted if finding.kind == "study"]
    assert [finding.study for finding in counted] == ["Visits"]
    assert counted[0].estimate == pytest.approx(estimated.analysis.primary[0].estimate, rel=1e-12)
    again = run(trial, tmp_path, claim="C1", title="Visits", population="residents")
    assert len(list((tmp_path / "findings").iterdir())) == 1
    assert again.findings == estimated.findings


def test_arms_that_nobody_says_were_drawn_are_shown_and_not_counted(trial, tmp_path) -> None:
    run(trial, tmp_path, claim="C1")
    judged = next(each for each in judge_claims(tmp_path) if each.claim.id == "C1")
    assert not [finding for finding in judged.verdict.counted if finding.kind == "study"]
    assert [finding.bearing for finding in judged.verdict.shown if finding.kind == "study"] == ["adjacent"]


def test_a_study_too_small_to_tell_leaves_its_claim_as_it_was(tmp_path) -> None:
    small = trial_table(people=60, streets=10)
    small.write_csv(tmp_path / "small.csv")
    drawn = {"kind": "complete", "permutations": 199}
    options = {"outcome": "coop", "treatment": "visited", "claim": "C10", "assignment": drawn, "level": 0.7}
    estimate_effects(tmp_path / "small.csv", options=options, project=tmp_path)
    judged = next(each for each in judge_claims(tmp_path) if each.claim.id == "C10")
    own = next(finding for finding in judged.findings if finding.kind == "study")
    assert own.reading == "open"
    assert judged.verdict.status == "unknown"
    options["level"] = 0.05
    whole = estimate_effects(tmp_path / "small.csv", options=options, project=tmp_path).analysis.primary[0]
    assert (own.low, own.high) == pytest.approx((whole.ci_low, whole.ci_high))


def test_a_margin_says_what_a_null_is(trial, tmp_path) -> None:
    wide = {"kind": "clustered", "permutations": 199}
    run(trial, tmp_path, claim="C10", outcome="coop", assignment=wide, equivalence={"margin": 50, "unit": "outcome"})
    judged = next(each for each in judge_claims(tmp_path) if each.claim.id == "C10")
    assert {finding.reading for finding in judged.findings if finding.kind == "study"} <= {"null", "for", "against"}


def test_a_falling_outcome_favours_a_claim_that_says_so(trial, tmp_path) -> None:
    run(trial, tmp_path, claim="C3", title="Less prejudice")
    judged = next(each for each in judge_claims(tmp_path) if each.claim.id == "C3")
    own = next(finding for finding in judged.findings if finding.kind == "study")
    assert own.estimate < 0
    assert own.reading != "for"


def test_only_the_main_outcome_becomes_a_finding(trial, tmp_path) -> None:
    run(trial, tmp_path, outcome=["trust", "coop"], claim="C5")
    own = [each for judged in judge_claims(tmp_path) for each in judged.findings if each.kind == "study"]
    assert [finding.outcome for finding in own] == ["trust"]


def test_a_claim_without_a_side_asks_which_values_favour_it(trial, tmp_path) -> None:
    with pytest.raises(DesignError, match="has no side of its own"):
        run(trial, tmp_path, claim="C14")
    assert run(trial, tmp_path, claim="C14", favourable="higher").findings is not None


def test_the_stops_of_the_place_stand_in_its_report(trial, tmp_path) -> None:
    stops = {"place": "Ourtown", "year": 2023, "count": 4321, "residents": 100_000, "source": "police records"}
    out = tmp_path / "report"
    estimate_effects(trial, options={**VISITS, "claim": "C5", "stops": stops}, out=out, project=tmp_path)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Ourtown" in page
    assert "4,321" in page
    assert "Minneapolis" not in page


def test_a_report_stands_whole_or_not_at_all(trial, tmp_path) -> None:
    out = tmp_path / "report"
    options = {**VISITS, "by": "race", "claim": "C5", "assignment": {"kind": "clustered", "permutations": 199}}
    estimated = estimate_effects(trial, options=options, out=out, project=tmp_path, languages=("r", "stata"))
    names = {path.name for path in out.iterdir()}
    assert names == {
        "report.html",
        "report-print.html",
        "design.toml",
        "estimates.json",
        "estimates.csv",
        "pictures",
        "analysis.R",
        "analysis.do",
    }
    rows = json.loads((out / "estimates.json").read_text(encoding="utf-8"))
    assert len(rows) == len(estimated.analysis.rows())
    assert pl.read_csv(out / "estimates.csv").height == len(rows)
    assert estimated.analysis.data.sha256 in (out / "report.html").read_text(encoding="utf-8")
    with pytest.raises(RunFolderError, match="exists already"):
        estimate_effects(trial, options=options, out=out, project=tmp_path)


def test_the_sections_follow_the_design(trial, tmp_path) -> None:
    estimated = run(
        trial,
        tmp_path,
        outcome=["index", "coop"],
        by="race",
        complied="got",
        baseline="before",
        assignment={"kind": "clustered", "permutations": 199},
        equivalence={"margin": 0.2},
        mediation={"mediator": "coop2", "draws": 200},
        scales={"index": {"items": ["i1", "i2", "i3"], "reverse": ["i3"]}},
        raking={"margins": {"race": {"Black": 0.3, "White": 0.5, "Other": 0.2}}},
        attrition={"predictors": ["race"]},
    )
    assert keys(estimated) == [
        "answer",
        "several",
        "groups",
        "compliers",
        "chance",
        "margin",
        "attrition",
        "mediation",
        "robustness",
        "scales",
        "weights",
    ]
    assert len(estimated.analysis.primary) == 2
    assert len(estimated.analysis.by_group) == 3
    assert any("Romano-Wolf" in row.method for row in estimated.analysis.rows())


def test_ties_show_who_was_reached_through_others(trial, tmp_path) -> None:
    people = pl.read_csv(trial)["person"].to_list()
    pl.DataFrame({"from": people[:-1], "to": people[1:]}).write_csv(tmp_path / "ties.csv")
    design = tmp_path / "design.toml"
    design.write_text(
        'outcome = "trust"\ntreatment = "visited"\nperson = "person"\n[assignment]\nkind = "complete"\n'
        '[interference]\nties = "ties.csv"\npermutations = 300\n'
    )
    estimated = estimate_effects(trial, design=design, project=tmp_path)
    section = next(each for each in estimated.analysis.sections if each.key == "interference")
    assert {row.method.split(",")[0] for row in section.rows} == {"Hajek", "Horvitz-Thompson"}
    assert any("controls" in note for note in section.notes)


def test_a_panel_shows_within_and_across_side_by_side(tmp_path) -> None:
    panel_table().write_csv(tmp_path / "panel.csv")
    shape = {"outcome": "trust", "panel": {"person": "person", "time": "wave", "exposure": "stops"}}
    estimated = estimate_effects(tmp_path / "panel.csv", options=shape, project=tmp_path)
    within, across, _ = estimated.analysis.rows()
    assert abs(within.estimate + 0.1) < 3 * within.std_error
    assert across.estimate < within.estimate - 0.1
    assert any("different questions" in note for note in estimated.analysis.sections[0].notes)


def test_two_groups_before_and_after(tmp_path) -> None:
    panel_table().with_columns(after=pl.col("wave") - 1).write_csv(tmp_path / "two.csv")
    shape = {"outcome": "trust", "before_after": {"group": "programme", "after": "after", "unit": "person"}}
    estimated = estimate_effects(tmp_path / "two.csv", options=shape, project=tmp_path)
    assert len(estimated.analysis.primary) == 1
    assert np.isfinite(estimated.analysis.primary[0].estimate)


def test_two_groups_of_which_nobody_says_what_they_are_made_have_no_interval(tmp_path) -> None:
    panel_table().with_columns(after=pl.col("wave") - 1).write_csv(tmp_path / "two.csv")
    shape = {"outcome": "trust", "claim": "C5", "before_after": {"group": "programme", "after": "after"}}
    estimated = estimate_effects(tmp_path / "two.csv", options=shape, project=tmp_path)
    assert estimated.analysis.primary[0].estimate is not None
    assert estimated.analysis.primary[0].ci_low is None
    assert "Name what took it up as a whole" in " ".join(estimated.analysis.weaknesses)
    assert estimated.findings is None


def test_a_staggered_roll_out_has_an_event_study(tmp_path) -> None:
    rollout_table().write_csv(tmp_path / "rollout.csv")
    shape = {"outcome": "calls", "rollout": {"unit": "beat", "time": "month", "first_treated": "began"}}
    estimated = estimate_effects(tmp_path / "rollout.csv", options=shape, project=tmp_path)
    first = estimated.analysis.primary[0]
    assert abs(first.estimate - 2) < 4 * first.std_error
    assert estimated.analysis.sections[0].curves[0].name == "event study"


def test_a_series_with_other_places_has_a_synthetic_twin(tmp_path) -> None:
    series_table().write_csv(tmp_path / "series.csv")
    shape = {"outcome": "calls", "series": {"time": "week", "start": "2024-07-01", "unit": "city", "treated_unit": "A"}}
    estimated = estimate_effects(tmp_path / "series.csv", options=shape, project=tmp_path)
    assert keys(estimated) == ["synthetic-control", "interrupted-series"]
    assert estimated.analysis.primary[0].estimate == pytest.approx(-8, abs=3)
    assert "No single period decides it" in " ".join(estimated.analysis.would_change)
    alone = {"outcome": "calls", "series": {"time": "week", "start": "2024-07-01"}}
    series_table().filter(city="A").write_csv(tmp_path / "one.csv")
    estimated = estimate_effects(tmp_path / "one.csv", options=alone, project=tmp_path)
    assert keys(estimated) == ["interrupted-series"]


def test_the_start_may_be_written_as_in_the_column(tmp_path) -> None:
    table = series_table().filter(city="A").with_columns(week=pl.col("week").dt.strftime("%d/%m/%Y"))
    table.write_csv(tmp_path / "one.csv")
    found = []
    for start in ("2024-07-01", "01/07/2024"):
        shape = {"outcome": "calls", "series": {"time": "week", "start": start}}
        found.append(estimate_effects(tmp_path / "one.csv", options=shape, project=tmp_path).analysis.primary)
    assert found[0] == found[1]


def test_one_outlying_week_makes_no_finding_that_counts(tmp_path) -> None:
    random = np.random.default_rng(3)
    calls = 60 + random.normal(0, 2, 80)
    calls[40] += 60
    pl.DataFrame({"week": np.arange(80), "calls": calls}).write_csv(tmp_path / "one.csv")
    shape = {"outcome": "calls", "claim": "C7", "series": {"time": "week", "start": 40}}
    estimated = estimate_effects(tmp_path / "one.csv", options=shape, project=tmp_path)
    hanging = [words for words in estimated.analysis.would_change if "single periods" in words]
    assert hanging
    assert "40" in hanging[0]
    own = [each for judged in judge_claims(tmp_path) for each in judged.verdict.shown if each.kind == "study"]
    assert len(own) == 1


def test_a_series_with_holes_is_refused(tmp_path) -> None:
    table = series_table().filter(city="A")
    table[[i for i in range(table.height) if i != 9]].write_csv(tmp_path / "one.csv")
    shape = {"outcome": "calls", "series": {"time": "week", "start": "2030-01-01"}}
    with pytest.raises(DataFileError) as caught:
        estimate_effects(tmp_path / "one.csv", options=shape)
    assert "leaves periods out" in str(caught.value)
    assert "does not lie inside the series" in str(caught.value)


def test_a_stepped_wedge_does_not_mind_the_order_of_its_rows(tmp_path) -> None:
    design = {"outcome": "trust", "treatment": "on", "cluster": "beat"}
    design["assignment"] = {"kind": "stepped wedge", "step": "month", "permutations": 199}
    wedge = wedge_table()
    found = []
    for name, table in (("forward", wedge), ("backward", wedge.reverse())):
        table.write_csv(tmp_path / f"{name}.csv")
        found.append(estimate_effects(tmp_path / f"{name}.csv", options=design, project=tmp_path).analysis)
    forward, backward = ([row.estimate for row in each.rows()[:2]] for each in found)
    assert forward == pytest.approx(backward)
    assert abs(forward[0] - 2) < 4 * found[0].primary[0].std_error
    assert any("stepped wedge" in row.method for row in found[0].rows())


def test_a_plan_is_written_without_opening_the_data_and_departures_are_named(trial, tmp_path) -> None:
    text, written = write_plan("not-there-yet.csv", options={**VISITS, "by": "race"}, out=tmp_path / "plan")
    assert "not-there-yet.csv" in text
    assert [path.name for path in written] == ["plan.md", "plan.toml"]
    design = tmp_path / "plan" / "done.toml"
    design.write_text('plan = "plan.toml"\noutcome = "coop"\ntreatment = "visited"\ncluster = "street"\nby = "race"\n')
    left = estimate_effects(trial, design=design, project=tmp_path).analysis.departures
    assert left is not None
    assert len(left) == 1
    assert "outcome" in left[0]
    kept = estimate_effects(trial, design=tmp_path / "plan" / "plan.toml", project=tmp_path)
    assert kept.analysis.departures is None


def test_a_script_names_the_data(trial) -> None:
    assert "visits.csv" in write_script("visits.csv", "r", options=VISITS)
    assert "visits.csv" in write_script("visits.csv", "stata", options=VISITS)


def test_mistakes_leave_nothing_behind(trial, tmp_path) -> None:
    with pytest.raises(DataFileError):
        estimate_effects(trial, options={**VISITS, "outcome": "trusst"}, out=tmp_path / "out", project=tmp_path)
    with pytest.raises(DesignError):
        estimate_effects(trial, options={"outcome": "trust"}, out=tmp_path / "out", project=tmp_path)
    with pytest.raises(InputError, match="needs a folder"):
        estimate_effects(trial, options=VISITS, languages=("r",), project=tmp_path)
    assert not list(tmp_path.iterdir())
