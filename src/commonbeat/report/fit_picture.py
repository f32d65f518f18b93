"""The pictures of a fit: each informed parameter before and after, and every target beside what the fitted model expects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commonbeat.report.chart import Frame, Picture, dot, horizontal_axis, linear, path, rule, text, tick_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.fit.posterior import Checked, Fitted, Learnt

CLAIM = "C12"
POSTERIOR, CHECK = "fit:posterior", "fit:check"
ROW = 44
REACH = 2.5  # half-widths of the expected interval that the check's picture shows on either side
LETTERS = 54


def parameter_picture(each: Learnt, unit: str) -> Picture:
    """The prior as a grey area and the posterior as a line, over the values from the prior's 1 % to its 99 % point."""
    area = Frame(height=150, left=22, right=22, top=10, bottom=40)
    left, top, right, bottom = area.inner
    shape = each.histogram
    across = linear(shape.low, shape.high, left, right)
    up = linear(0.0, max(*shape.prior, *shape.posterior), bottom, top)
    width = (shape.high - shape.low) / len(shape.prior)
    body = "".join(
        f'<rect x="{across(shape.low + k * width):.1f}" y="{up(share):.1f}" width="{across(width) - across(0):.1f}" '
        f'height="{max(bottom - up(share), 0):.1f}" class="bar-rest"/>'
        for k, share in enumerate(shape.prior)
    )
    steps = [
        (across(shape.low + (k + end) * width), up(share)) for k, share in enumerate(shape.posterior) for end in (0, 1)
    ]
    body += path([(left, bottom), *steps, (right, bottom)], "median first")
    ticks = [shape.low, (shape.low + shape.high) / 2, shape.high]
    body += rule(left, bottom, right, bottom, "mark")
    body += horizontal_axis(area, across, [(value, tick_text(float(f"{value:.2g}"))) for value in ticks])
    body += text((left + right) / 2, area.height - 6, unit, "label", "middle")
    before, after = each.prior, each.posterior
    words = (
        f"{each.parameter} in {unit}. Prior: {before.median:.3g}, 90 % between {before.low:.3g} and {before.high:.3g}. "
        f"Posterior: {after.median:.3g}, 90 % between {after.low:.3g} and {after.high:.3g}."
    )
    return Picture(
        name=f"fit-{each.parameter.replace('_', '-')}",
        title=each.parameter.replace("_", " ").capitalize(),
        words=words,
        body=body,
        claim=CLAIM,
        source=POSTERIOR,
        unit=unit,
        height=area.height,
    )


def check_picture(fitted: Fitted) -> Picture:
    """For each target, the observed value as a dot on the scale of its own expected interval, which ends at 5 and 95 %."""
    rows = [each for each in fitted.checked if each.draws]
    area = Frame(height=ROW * len(rows) + 56, left=12, right=12, top=8, bottom=48)
    left, top, right, _ = area.inner
    across = linear(-REACH, REACH, left, right)
    body, words = "", []
    for place, each in enumerate(rows):
        body += _row(each, top + ROW * place, across)
        words.append(_words(each))
    body += horizontal_axis(area, across, [(-1, "5 %"), (0, "median"), (1, "95 %")])
    body += text((left + right) / 2, area.height - 8, "expected by the fitted model", "label", "middle")
    return Picture(
        name="fit-check",
        title="Observed against expected",
        words="Each target on the scale of its own expected interval. " + " ".join(words),
        body=body,
        claim=CLAIM,
        source=CHECK,
        height=area.height,
    )


def _row(each: Checked, y: float, across) -> str:  # noqa: ANN001 - a scale
    label = each.label if len(each.label) <= LETTERS else f"{each.label[: LETTERS - 1]}…"
    body = text(across(-REACH), y + 12, label if each.used else f"{label[: LETTERS - 11]} (not used)", "tick")
    body += "".join(rule(across(end), y + 20, across(end), y + 34, "zero") for end in (-1, 0, 1))
    body += rule(across(-1), y + 27, across(1), y + 27, "event")
    low, high = (_on_own_scale(each, end) for end in (each.low, each.high))
    kind = "harm" if each.surprising else "gain"
    body += rule(across(low), y + 27, across(high), y + 27, f"dose {kind}")
    return body + dot(across(_on_own_scale(each, each.observed)), y + 27, 5, f"end {kind}", _words(each))


def _on_own_scale(each: Checked, value: float) -> float:
    """The value in half-widths of the expected interval, above its median with the upper half and below it with the lower."""
    half = each.replicate_high - each.median if value >= each.median else each.median - each.replicate_low
    if half <= 0 or not math.isfinite(half):
        return 0.0 if value == each.median else math.copysign(REACH, value - each.median)
    return max(-REACH, min(REACH, (value - each.median) / half))


def _words(each: Checked) -> str:
    return (
        f"{each.label}: observed {each.observed:.3g}, expected {each.median:.3g} "
        f"({each.replicate_low:.3g} to {each.replicate_high:.3g})."
    )


def parameter_pictures(informed: Sequence[Learnt], units: dict[str, str]) -> list[Picture]:
    """One picture for each informed parameter."""
    return [parameter_picture(each, units[each.parameter]) for each in informed]
