"""The stress set: real detectors on figures that are hard to find. What share of head-frames stays visible is measured and printed."""

from __future__ import annotations

import dataclasses
import sys

import pytest

from commonbeat.record.video.blur.plan import plan_for
from commonbeat.record.video.models.weights import Models
from tests.record.video.blur.scenes import SCENES, detectors, drawn, seen, visible_heads

MOST_VISIBLE = 0.0
"""None was visible when this was written; a change that lets one show breaks the test and must say why."""

MUST_BE_HIDDEN = {"darker, a twentieth", "night, a fiftieth"}
"""Here the detectors see little or nothing, so the picture must be hidden whole."""


@pytest.mark.slow
def test_no_head_is_left_visible_however_hard_it_is_to_find(models: Models, capsys: pytest.CaptureFixture[str]) -> None:
    found_by = detectors(models)
    lines, total_shown, total = [], 0, 0
    for name, scene in SCENES.items():
        keypoints, pictures = drawn(scene)
        plan = plan_for(seen(pictures, found_by))
        shown, heads = visible_heads(plan, keypoints, scene)
        bare, _ = visible_heads(dataclasses.replace(plan, passages=()), keypoints, scene)
        hidden = sum(each.behind - each.first for each in plan.passages)
        lines.append(
            f"  {name:32} head-frames {heads:4}  visible {shown / heads:6.1%}"
            f"  (by circles alone {bare / heads:6.1%})  hidden whole {hidden}/{len(keypoints)}"
        )
        total_shown, total = total_shown + shown, total + heads
        assert (hidden == len(keypoints)) == (name in MUST_BE_HIDDEN), name
    with capsys.disabled():
        told = ["", "heads left visible, more than a quarter of a head not painted over:", *lines]
        sys.stdout.write("\n".join([*told, f"  all: {total_shown} of {total}", ""]))
    assert total_shown / total <= MOST_VISIBLE
