"""The forest: every effect with its interval, the most precise first, and below them what they come to together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import escape

from commonbeat.report.chart import Frame, Picture, Scale, linear, rule, text
from commonbeat.report.number import decimals
from commonbeat.report.pool_chart import effect_axis, tidy, unit_word, words_of

if TYPE_CHECKING:
    from commonbeat.estimate.pool import PoolAccount
    from commonbeat.estimate.row import Estimate

MOST_ROWS = 60
ROW, HEADING_ROW = 32, 24
WIDTH, FIGURES = 340, 118  # the right-hand column holds the figures
LETTERS = 52
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a heading, an effect ("box"), a pooled effect ("diamond", "part") or the next study's interval ("next")."""

    kind: str
    label: str
    value: float = 0.0
    low: float | None = None
    high: float | None = None
    size: float = 0.0


def forest(account: PoolAccount, unit: str, claim: str, source: str) -> Picture:
    """The forest of an account; of more than MOST_ROWS effects, the heaviest."""
    lines, dropped = _lines(account)
    height = 14 + sum(HEADING_ROW if line.kind == "heading" else ROW for line in lines) + 44
    frame = Frame(WIDTH, height, left=6, right=FIGURES, top=8, bottom=40)
    left, top, right, bottom = frame.inner
    low, high = _reach(lines)
    across = linear(low, high, left, right)
    main = account.main.row
    body = [effect_axis(frame, across, low, high, "effect")]
    body.append(rule(across(main.estimate or 0.0), top, across(main.estimate or 0.0), bottom, "event"))
    places = decimals([each for each in (main.estimate, main.ci_low, main.ci_high) if each is not None])
    y = float(top)
    for line in lines:
        body.append(_draw(line, across, (left, right), (y, places)))
        y += HEADING_ROW if line.kind == "heading" else ROW
    words = _words(account, dropped)
    return Picture(
        "forest",
        "Forest: the effects and their pool",
        words,
        "".join(body),
        claim,
        source,
        unit_word(unit),
        words,
        WIDTH,
        height,
    )


def _lines(account: PoolAccount) -> tuple[list[Line], int]:
    sample = account.studied
    weights = account.main.weights
    heaviest = np.argsort(-weights, kind="stable")[:MOST_ROWS]
    order = heaviest[np.argsort(sample.std_errors[heaviest], kind="stable")]
    groups = list(dict.fromkeys(sample.groups)) if account.groups is not None else [None]
    pooled = (
        {}
        if account.groups is None
        else {row.estimand.removeprefix("pooled effect, "): row for row in account.groups.by_group}
    )
    lines = []
    for group in groups:
        members = [int(row) for row in order if group is None or sample.groups[row] == group]
        if group is not None and members:
            lines.append(Line("heading", group or "no group"))
        for row in members:
            half = Z * sample.std_errors[row]
            effect, share = float(sample.effects[row]), float(weights[row] / weights.max())
            lines.append(Line("box", sample.labels[row], effect, effect - half, effect + half, share))
        if group in pooled:
            lines.append(_diamond("part", f"{group}, pooled", pooled[group]))
    lines.append(_diamond("diamond", "All, pooled" if sample.k > 1 else "This study", account.main.row))
    ahead = account.main.prediction
    if ahead is not None:
        lines.append(
            Line(
                "next",
                "The next study",
                account.main.row.estimate or 0.0,
                ahead.low,
                ahead.high,
            )
        )
    return lines, sample.k - order.size


def _diamond(kind: str, label: str, row: Estimate) -> Line:
    return Line(kind, label, row.estimate or 0.0, row.ci_low, row.ci_high)


def _reach(lines: list[Line]) -> tuple[float, float]:
    """The axis: every middle and every pooled interval is inside; the widest single intervals may be cut, with an arrow."""
    drawn = [line for line in lines if line.kind != "heading"]
    middles = [line.value for line in drawn] + [0.0]
    kept = [
        end for line in drawn if line.kind in ("diamond", "next") for end in (line.low, line.high) if end is not None
    ]
    inner = (min(middles + kept), max(middles + kept))
    slack = max(0.6 * (inner[1] - inner[0]), 1e-12)
    ends = [end for line in drawn for end in (line.low, line.high) if end is not None]
    low, high = max(min([*ends, inner[0]]), inner[0] - slack), min(max([*ends, inner[1]]), inner[1] + slack)
    margin = 0.03 * (high - low) or 1.0
    return low - margin, high + margin


def _draw(line: Line, across: Scale, edges: tuple[int, int], place: tuple[float, int]) -> str:
    y, places = place
    if line.kind == "heading":
        return text(0, y + 15, tidy(line.label, LETTERS), "label pool-label pool-head")
    middle = y + 21
    figure = words_of(line.value, line.low, line.high, places)
    if line.kind == "next" and line.low is not None and line.high is not None:
        figure = words_of(line.low, line.low, line.high, places).partition(" ")[2]
    label = text(
        0, y + 11, tidy(line.label, LETTERS), "label pool-label pool-head" if line.kind != "box" else "label pool-label"
    )
    mark = {"box": _box, "next": _next}.get(line.kind, _lozenge)(line, across, edges, middle)
    title = f"<title>{escape(f'{tidy(line.label, 200)}: {figure}')}</title>"
    return f"<g>{title}{label}{mark}{text(WIDTH, middle + 4, figure, 'tick', 'end')}</g>"


def _span(line: Line, across: Scale, edges: tuple[int, int]) -> tuple[float, float]:
    ends = (line.value if line.low is None else line.low, line.value if line.high is None else line.high)
    return max(edges[0], across(ends[0])), min(edges[1], across(ends[1]))


def _box(line: Line, across: Scale, edges: tuple[int, int], y: float) -> str:
    left, right = _span(line, across, edges)
    side = 3.0 + 7.0 * line.size**0.5
    x = across(line.value)
    parts = [rule(left, y, right, y, "pool-line")]
    if line.low is not None and across(line.low) < edges[0]:
        parts.append(_path([(left - 1, y), (left + 5, y - 4), (left + 5, y + 4)], "pool-arrow"))
    if line.high is not None and across(line.high) > edges[1]:
        parts.append(_path([(right + 1, y), (right - 5, y - 4), (right - 5, y + 4)], "pool-arrow"))
    parts.append(
        f'<rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}" class="pool-box"/>'
    )
    return "".join(parts)


def _lozenge(line: Line, across: Scale, edges: tuple[int, int], y: float) -> str:
    left, right = _span(line, across, edges)
    x = across(line.value)
    left, right = min(left, x - 2), max(right, x + 2)
    return _path([(left, y), (x, y - 5), (right, y), (x, y + 5)], f"pool-diamond {line.kind}")


def _next(line: Line, across: Scale, edges: tuple[int, int], y: float) -> str:
    left, right = _span(line, across, edges)
    return rule(left, y, right, y, "pool-next")


def _path(points: list[tuple[float, float]], kind: str) -> str:
    return f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}Z" class="{kind}"/>'


def _words(account: PoolAccount, dropped: int) -> str:
    row, ahead = account.main.row, account.main.prediction
    figure = words_of(row.estimate or 0.0, row.ci_low, row.ci_high)
    said = (
        f"Each effect with its 95 % interval; box areas are weights. Pooled: {figure}, {row.n} studies, {row.method}."
    )
    if ahead is not None:
        said += f" The bar: where the next study's effect is expected, {words_of(ahead.low, ahead.low, ahead.high).partition(' ')[2]}."
    return said + (f" {dropped} lighter studies are not drawn." if dropped else "")
