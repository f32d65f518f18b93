"""The funnel: effects against their standard errors. Without small-study bias they scatter evenly about the middle line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.report.chart import Frame, Picture, dot, linear, rule, text, tick_text
from commonbeat.report.pool_chart import effect_axis, steps, tidy, unit_word, words_of

if TYPE_CHECKING:
    from commonbeat.estimate.pool import PoolAccount

WIDTH, HEIGHT = 340, 280
Z = 1.959963984540054
MOST_DOTS = 2_000


def funnel(account: PoolAccount, unit: str, claim: str, source: str) -> Picture:
    """The funnel of an account: precise studies on top, the shaded region where 95 % would lie if all had one effect."""
    sample, middle = account.studied, account.main.row.estimate or 0.0
    frame = Frame(WIDTH, HEIGHT, left=44, right=10, top=10, bottom=40)
    left, top, right, bottom = frame.inner
    widest = float(sample.std_errors.max()) * 1.08
    low = min(float(sample.effects.min()), middle - Z * widest)
    high = max(float(sample.effects.max()), middle + Z * widest)
    margin = 0.04 * (high - low)
    low, high = low - margin, high + margin
    across, down = linear(low, high, left, right), linear(0.0, widest, top, bottom)
    corners = f"M{across(middle):.1f} {top}L{across(middle - Z * widest):.1f} {bottom}L{across(middle + Z * widest):.1f} {bottom}Z"
    body = [f'<path d="{corners}" class="pool-region"/>', effect_axis(frame, across, low, high, "effect")]
    for value in steps(0.0, widest):
        body += [
            text(left - 6, down(value) + 3.5, tick_text(value), "tick", "end"),
            rule(left - 3, down(value), left, down(value), "mark"),
        ]
    body.append(
        f'<text transform="translate(10 {(top + bottom) / 2:.0f}) rotate(-90)" class="label" text-anchor="middle">standard error</text>'
    )
    body.append(rule(across(middle), top, across(middle), bottom, "pool-middle"))
    body.append(_slope(account, (across, down), widest, (low, high)))
    for place in range(min(sample.k, MOST_DOTS)):
        effect, error = float(sample.effects[place]), float(sample.std_errors[place])
        words = f"{tidy(sample.labels[place], 60)}: {words_of(effect, None, None)}, standard error {words_of(error, None, None)}"
        body.append(dot(across(effect), down(error), 4, "pool-dot", words))
    words = _words(account)
    return Picture(
        "funnel",
        "Funnel: do small studies find more?",
        words,
        "".join(body),
        claim,
        source,
        unit_word(unit),
        words,
        WIDTH,
        HEIGHT,
    )


def _slope(account: PoolAccount, scales: tuple, widest: float, reach: tuple[float, float]) -> str:
    """Egger's line from a standard error of 0 to the widest, as far as it is inside the drawing."""
    lines = account.small_study
    if lines is None or lines.pet.estimate is None or lines.egger.estimate is None:
        return ""
    across, down = scales
    start, slope = lines.pet.estimate, lines.egger.estimate
    ends = sorted({0.0, widest, *((edge - start) / slope for edge in reach if slope)})
    inside = [
        error for error in ends if 0 <= error <= widest and reach[0] - 1e-9 <= start + slope * error <= reach[1] + 1e-9
    ]
    if len(inside) < 2:
        return ""
    first, last = inside[0], inside[-1]
    return rule(across(start + slope * first), down(first), across(start + slope * last), down(last), "pool-slope")


def _words(account: PoolAccount) -> str:
    row, lines = account.main.row, account.small_study
    said = f"Effects against standard errors, {row.n} studies, about the pooled {words_of(row.estimate or 0.0, row.ci_low, row.ci_high)}."
    said += " Shaded: where 95 % would lie if all shared one effect."
    if lines is None:
        return f"{said} No line can be drawn: it takes three studies of different precision."
    egger = lines.egger
    said += f" Dashed: Egger's line, slope {words_of(egger.estimate or 0.0, egger.ci_low, egger.ci_high)}"
    if egger.p_value is not None:
        said += f", p {'below .001' if egger.p_value < 0.001 else f'{egger.p_value:.3f}'}"
    few = f" {row.n} studies are fewer than ten: such a test sees next to nothing." if row.n < 10 else ""
    return f"{said}.{few}"
