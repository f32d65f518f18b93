"""From a study's answers to the rows of a targets file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.listen.bank.item import Scale
    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.plan import Plan
    from commonbeat.listen.results.targets import ArmEffect
    from commonbeat.listen.results.wide import Wide

OWN_WORDING = "Reliability is that of these answers (alpha); where it is empty, the fit assumes one and says so."
ONLY_CLIPS = "Only the arm that saw the clip alone is among the targets: the simulator knows no clip with a record and no story in words."
NOT_A_SAMPLE = "Those who answered chose to: the fit takes their means for those of the group."


def target_rows(collected: Collected, arm: str, group: str) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """The rows, and what to know about them. Cells of fewer than ten, and those hidden for their sake, are left out."""
    from commonbeat.listen.results.response import response_of
    from commonbeat.listen.results.targets import effect_rows, survey_rows
    from commonbeat.listen.results.wide import wide_data
    from commonbeat.workflows.listen_results_scores import score_rows

    wide = wide_data(collected)
    if collected.study.arms:
        return effect_rows(collected, clip_effects(collected, wide), arm), (ONLY_CLIPS, OWN_WORDING)
    scores = score_rows(collected, wide, response_of(collected))
    return survey_rows(collected, scores, arm, group), (NOT_A_SAMPLE, OWN_WORDING)


def clip_effects(collected: Collected, wide: Wide) -> tuple[ArmEffect, ...]:
    """The declared effects of the clip's arm, in points of 100; () where nothing can be estimated yet."""
    from commonbeat.errors import InputError
    from commonbeat.listen.results.plan import plan_of

    plan = plan_of(collected, wide)
    clips = [each.name for each in collected.study.arms if each.kind == "clip"]
    if not plan.keys or not clips or clips[0] == plan.keys["control"]:
        return ()
    try:
        return _estimated(collected, plan, clips[0])
    except InputError:
        return ()


def _estimated(collected: Collected, plan: Plan, clip: str) -> tuple[ArmEffect, ...]:
    from commonbeat.datafile import read_data_file
    from commonbeat.estimate.design import make_design
    from commonbeat.estimate.prepare import prepare
    from commonbeat.estimate.sections.answer import answer_section
    from commonbeat.listen.results.targets import ArmEffect

    design = make_design({**plan.keys, "treated": (clip,)})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{collected.study.identifier}.csv"
        plan.frame.write_csv(path)
        prepared = prepare(read_data_file(path), design)
    _, primary = answer_section(prepared)
    spread = {each.outcome: each for each in prepared.arms if each.name == plan.keys["control"]}
    found = []
    for row, outcome in zip(primary, design.outcome, strict=True):
        scale, wave = _scale_of(outcome, collected)
        control, declared = spread[outcome], design.scales[outcome]
        if scale.outcome is None or row.estimate is None or row.std_error is None or control.sd is None or row.n < 20:
            continue
        factor = 100 / ((declared.maximum or 0.0) - (declared.minimum or 0.0))
        alpha = prepared.outcomes.scales[outcome].alpha
        found.append(
            ArmEffect(
                scale.outcome, wave, row.estimate * factor, row.std_error * factor, control.sd * factor, alpha, row.n
            )
        )
    return tuple(found)


def _scale_of(outcome: str, collected: Collected) -> tuple[Scale, str]:
    from commonbeat.listen.results.score_keys import score_name

    return next(
        (scale, wave)
        for wave in collected.waves
        for scale in collected.scales_of(wave)
        if score_name(scale, wave, collected) == outcome
    )
