"""What `listen results` leaves: figures that can be checked by hand, a finding that counts, nothing that tells on a few."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from commonbeat.claims import project_findings
from commonbeat.errors import InputError, RunFolderError, StoreError
from commonbeat.estimate.design import load_design
from commonbeat.listen.results.open_answers import open_answers
from commonbeat.listen.results.plan import plan_of
from commonbeat.listen.results.response import DRAWN, response_of
from commonbeat.listen.results.score_keys import scale_keys, score_name
from commonbeat.listen.results.suppression import nearest
from commonbeat.listen.results.wide import long_data, wide_data
from commonbeat.storage.log import entries
from commonbeat.workflows.listen_results import listen_results
from commonbeat.workflows.listen_results_data import collect
from commonbeat.workflows.listen_results_scores import every_score
from tests.listen.results.made import EFFECT, FORMULA, Filled, collected, filled_store


def test_what_is_read_from_the_store_is_what_was_put_into_it(viewers: Filled) -> None:
    found = collect(viewers.store, viewers.study)
    assert found.people.height == viewers.collected.people.height == 200
    assert found.told.height == viewers.collected.told.height
    assert "token_hash" not in found.participants.columns
    blocks = found.people.group_by("stratum", "block").agg(pl.len(), pl.col("arm").n_unique().alias("arms"))
    place = pl.col("block").str.extract(r"(\d+)$").cast(pl.Int64)
    whole = blocks.filter(place < place.max().over("stratum"))  # the last one may be half full
    assert whole.height > 5
    assert (whole["len"] % 4 == 0).all()
    assert (whole["arms"] == 4).all(), "arms are exact in the whole blocks that the store's secret gives"


def test_counts_are_those_of_the_answers(viewers: Filled) -> None:
    response, people = response_of(viewers.collected), viewers.collected.people
    arm = response.groupings[0]
    assert response.people(DRAWN) == 200
    for name in EFFECT:
        own = set(people.filter(pl.col("arm") == name)["number"].to_list())
        assert response.people(DRAWN, arm, name) == nearest(len(own), 5)
        later = viewers.collected.told.filter((pl.col("wave") == "month_later") & ~pl.col("skipped"))
        held = response.people("month_later", arm, name)
        assert held in (None, nearest(len(own & set(later["participant"].to_list())), 5))
    assert [rate.name for rate in response.rates][:2] == ["response rate 1 (RR1)", "response rate 2 (RR2)"]
    invited = viewers.collected.participants.filter(pl.col("came_by") == "invitation").height
    assert response.rates[1].value == pytest.approx(150 / nearest(invited, 5)), (
        "150 of the 200 came by a link of their own and answered"
    )


def test_who_stopped_at_the_material_has_not_answered_the_wave() -> None:
    made = collected(people=40)
    before = {"recent_stops", "recent_stop_went", "recent_friendly"}
    cut = made.answers.filter((pl.col("participant") > 15) | pl.col("item").is_in(before))
    lost = type(made)(made.study, made.bank, made.participants, cut)
    assert len(lost.answered("first")) == 25
    assert len(made.answered("first")) == 40


def test_rows_are_people_in_an_order_of_chance(viewers: Filled) -> None:
    wide = wide_data(viewers.collected)
    assert wide.frame.height == 200
    assert wide.frame["respondent"].to_list() == list(range(1, 201))
    assert viewers.collected.people["number"].to_list() != sorted(viewers.collected.people["number"].to_list())
    assert not any(each.kind == "text" and each.item for each in wide.variables)
    long = long_data(viewers.collected)
    for column, item, wave in (
        ("trust_rely_first", "trust_rely", "first"),
        ("recent_friendly_first", "recent_friendly", "first"),
    ):
        rows = long.filter((pl.col("item") == item) & (pl.col("wave") == wave))
        both = wide.frame.select("respondent", column).join(rows.select("respondent", "value"), on="respondent")
        assert both.height > 150
        assert both.filter(pl.col(column).ne_missing(pl.col("value"))).is_empty()


def test_a_plan_says_what_one_is_in_its_effects(viewers: Filled) -> None:
    remarks = plan_of(viewers.collected, wide_data(viewers.collected)).remarks
    assert (
        "Scores and effects here are in points of 100; the whole estimate and a saved finding have points of an answer, which go from 1 to 5 on the main scale."
        in remarks
    )


def test_rather_not_say_is_no_point_of_a_scale(viewers: Filled) -> None:
    wide = wide_data(viewers.collected)
    assert 99.0 in wide.frame["recent_friendly_first"].to_list()
    assert 99.0 not in wide.scored()["recent_friendly_first"].to_list()


def test_a_score_is_the_mean_of_answers_turned_the_right_way(viewers: Filled) -> None:
    found = listen_results(viewers.store, viewers.study, project=viewers.folder)
    frame = wide_data(viewers.collected).scored().filter(pl.col("arm") == "clip")
    turned = frame.select(
        "trust_rely_first", "trust_care_first", (6 - pl.col("trust_doubt_first")).alias("doubt"), "trust_honest_first"
    )
    by_hand = [
        sum(known) / len(known)
        for row in turned.iter_rows()
        if len(known := [each for each in row if each is not None]) >= 2
    ]
    row = next(each for each in found.scores if (each.scale, each.wave, each.group) == ("trust", "first", "clip"))
    mean = (sum(by_hand) / len(by_hand) - 1) * 25
    assert row.figure.step in (2, 3)  # 100 points over about fifty people
    assert row.figure.mean is not None
    assert abs(row.figure.mean - mean) <= row.figure.step / 2
    assert row.figure.people == nearest(len(by_hand), 5)
    exact = every_score(viewers.collected, wide_data(viewers.collected), found.response)
    behind = next(each for each in exact if (each.scale, each.wave, each.group) == ("trust", "first", "clip"))
    assert behind.mean == pytest.approx(mean)
    assert behind.n == len(by_hand)
    assert 0.5 < (row.alpha or 0) < 1


def test_the_plan_is_that_of_the_study_file(viewers: Filled) -> None:
    plan = plan_of(viewers.collected, wide_data(viewers.collected))
    assert plan.keys["control"] == "control_clip"
    assert plan.keys["treated"] == ("clip", "clip_with_record", "text")
    assert plan.keys["outcome"][0] == "trust_first"
    assert plan.keys["block"] == "block"
    assert plan.keys["assignment"] == {"kind": "blocked"}
    assert plan.keys["claim"] == "C5"
    trust = viewers.collected.bank.scale("trust")
    assert scale_keys(trust, "first", viewers.collected)["reverse"] == ("trust_doubt_first",)


def test_very_many_small_blocks_give_way_to_strata(viewers: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonbeat.listen.results.plan.MOST_BLOCKS", 5)
    plan = plan_of(viewers.collected, wide_data(viewers.collected))
    assert plan.keys["block"] == "stratum"
    assert plan.keys["assignment"] == {"kind": "blocked"}
    assert any("within strata" in remark for remark in plan.remarks)


def test_no_score_has_the_name_of_a_column(viewers: Filled) -> None:
    items = {each.name for each in wide_data(viewers.collected).variables}
    for wave in viewers.collected.waves:
        for scale in viewers.collected.scales_of(wave):
            assert score_name(scale, wave, viewers.collected) not in items


def test_the_effect_that_was_put_in_comes_out(told: Path) -> None:
    rows = json.loads((told / "private" / "estimate" / "estimates.json").read_text())
    main = next(row for row in rows if row["estimand"].startswith("intention to treat: trust_first, clip against"))
    luck = np.random.default_rng(
        1
    )  # answers end at 1 and 5, so that the effect on them is smaller than the shift behind them
    behind = luck.normal(0, 0.8, 200_000) + luck.normal(0, 0.9, 200_000)
    effect = np.mean(np.clip(np.round(3 + EFFECT["clip"] + behind), 1, 5) - np.clip(np.round(3 + behind), 1, 5))
    assert abs(main["estimate"] - effect) < 3 * main["std_error"]
    assert main["ci_low"] > 0
    drawn = [
        row
        for row in rows
        if row["method"].startswith("randomisation inference") and row["estimand"] == main["estimand"]
    ]
    assert drawn
    assert drawn[0]["p_value"] < 0.05
    design = load_design(told / "private" / "design.toml")
    assert design.assignment is not None
    assert design.assignment.kind == "blocked"


def test_the_finding_counts_for_its_claim(told: Path) -> None:
    found = project_findings(told.parent)
    assert {each.claim for each in found} == {"C5"}
    assert {each.bearing for each in found} == {"direct"}
    assert next(each for each in found if ", clip against" in each.label).direction == "for"


def test_an_invented_study_leaves_no_finding(tmp_path: Path) -> None:
    store, _ = filled_store(tmp_path, lambda key: collected(people=60, key=key, invented=True))
    found = listen_results(store, "dance-off-viewers", out=tmp_path / "out", project=tmp_path)
    assert found.estimated is not None
    assert found.estimated.findings is None
    assert not (tmp_path / "findings").exists()
    assert "invented" in (tmp_path / "out" / "report.html").read_text().lower()


def test_residents_are_described_and_nothing_is_claimed(residents: Filled, tmp_path: Path) -> None:
    found = listen_results(residents.store, residents.study, out=tmp_path / "out", project=tmp_path)
    assert not (tmp_path / "findings").exists()
    assert any("no effect of the encounter is estimated" in each for each in found.remarks)
    change = next(each for each in found.changes if (each.scale, each.second) == ("trust", "day_21"))
    frame = wide_data(residents.collected).scored()
    scores = []
    for wave in ("day_3", "day_21"):
        items = [pl.col(f"trust_{name}_{wave}") for name in ("rely", "care", "honest")]
        turned = [*items, 6 - pl.col(f"trust_doubt_{wave}")]
        answered = pl.sum_horizontal([each.is_not_null().cast(pl.Int64) for each in turned])
        scores.append(frame.select(pl.when(answered >= 2).then(pl.mean_horizontal(turned)))[:, 0])
    moved = ((scores[1] - scores[0]) * 25).drop_nulls()
    figure = change.figure
    assert figure.mean is not None
    assert figure.step is not None
    assert abs(figure.mean - float(moved.mean())) <= figure.step / 2  # type: ignore[arg-type]
    assert figure.people == nearest(moved.len(), 5)
    assert "no effects" in (tmp_path / "out" / "report.html").read_text()


def test_too_few_answers_give_no_figures_and_no_crash(tmp_path: Path) -> None:
    store, _ = filled_store(tmp_path, lambda key: collected(people=7, key=key))
    document = listen_results(store, "dance-off-viewers", out=tmp_path / "out", project=tmp_path).document()
    assert document["people"] == {DRAWN: None, "first": None, "month_later": None}
    assert all(row["mean"] is None for row in document["scores"])
    assert "Too few" in (tmp_path / "out" / "report.html").read_text()


def test_a_study_that_is_not_there_a_folder_that_is_and_nobody_yet(viewers: Filled, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="dance-off-viewers"):
        listen_results(viewers.store, "dance-off-viewer")
    with pytest.raises(RunFolderError):
        listen_results(viewers.store, viewers.study, out=tmp_path)
    made = collected(people=20)
    away = made.participants.filter(pl.col("state") == "invited")
    store, _ = filled_store(tmp_path, lambda _: type(made)(made.study, made.bank, away, made.answers.head(0)))
    with pytest.raises(InputError, match="nobody yet"):
        listen_results(store, "dance-off-viewers")


def test_the_log_knows_what_left(viewers: Filled, told: Path) -> None:
    assert told.exists()
    with viewers.store.reading() as connection:
        acts = [(each.act, each.subject, each.scope) for each in entries(connection)]
    noted = [scope for act, subject, scope in acts if (act, subject) == ("study exported", viewers.study)]
    assert any(scope.startswith("results 200/200/") for scope in noted)


def test_open_answers_go_to_coders_without_arm_number_or_order(viewers: Filled, tmp_path: Path) -> None:
    from commonbeat.workflows.record_coding_sheet import blind_files

    first, count = open_answers(viewers.collected)
    second, _ = open_answers(viewers.collected)
    assert count > 150
    assert first.splitlines()[0] == "id,source,text"
    assert set(re.findall(r"^([0-9a-f]{12}),", first, re.MULTILINE)).isdisjoint(
        re.findall(r"^([0-9a-f]{12}),", second, re.MULTILINE)
    )
    assert f"'{FORMULA}" in first
    assert not any(f",{arm}," in first for arm in EFFECT)
    (tmp_path / "texts.csv").write_text(first, encoding="utf-8")
    made = blind_files(tmp_path / "texts.csv", out=tmp_path / "coding")
    assert f"{count:,} texts" in made.notes[0]
    assert "source" not in (tmp_path / "coding" / "coder-1.csv").read_text().splitlines()[0]


def test_stops_and_trust_of_the_same_person_are_a_panel(tmp_path: Path) -> None:
    """Stops that cost trust within people, by .5 points of an answer each, come out of the panel; no claim is touched."""
    made = collected("dance-off-residents", 150)
    luck = np.random.default_rng(3)
    stops = {(person, wave): int(luck.integers(0, 3)) for person in range(1, 151) for wave in made.waves}
    rows = made.answers.to_dicts()
    for row in rows:
        now = stops[row["participant"], row["wave"]]
        if row["item"] == "recent_stops":
            row["value"] = float(now)
        elif row["item"].startswith("trust_") and row["value"] is not None:
            row["value"] = 3 + (1 if row["item"] == "trust_doubt" else -1) * 0.5 * now + float(luck.normal(0, 0.3))
            row["value"] = min(max(row["value"], 1.0), 5.0)
    answers = pl.DataFrame(rows, schema=made.answers.schema)
    store, _ = filled_store(tmp_path, lambda _: type(made)(made.study, made.bank, made.participants, answers))
    found = listen_results(store, "dance-off-residents", out=tmp_path / "out", project=tmp_path)
    assert found.estimated is not None
    within = found.estimated.analysis.primary[0]
    assert within.estimand.startswith("within person: trust by recent_stops")
    assert within.estimate == pytest.approx(-0.5, abs=0.06)
    assert found.estimated.findings is None
    assert load_design(tmp_path / "out" / "private" / "design.toml").panel is not None
    assert "More stops, the same person" in (tmp_path / "out" / "report.html").read_text()
