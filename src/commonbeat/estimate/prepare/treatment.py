"""Which rows belong to which arm, by codes or by their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from commonbeat.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from commonbeat.errors import Mistakes
    from commonbeat.estimate.design import Design

MOST_VALUES_SHOWN = 12
WHICH = 'Say which: --control VALUE --treated VALUE,VALUE; or control = "..." and treated = ["..."] in the design.'


@dataclass(frozen=True, slots=True)
class Arms:
    """The control arm, the arms to compare with it, and for each row which arm it is in: 0 control, 1... treated, -1 another or none."""

    control_name: str
    treated_names: tuple[str, ...]
    arm: NDArray[np.int64]

    def contrast(self, index: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which rows take part in comparison `index`, and among them who is treated (1.0) or control (0.0)."""
        rows = (self.arm == 0) | (self.arm == index + 1)
        return rows, (self.arm[rows] > 0).astype(np.float64)


def find_arms(column: pl.Series, labels: Mapping[Any, str], design: Design, mistakes: Mistakes) -> Arms | None:
    """The arms of the column `design.treatment`, or None after every mistake in how they are named was noted.

    A value may be named by its code or by its label. Without names the column must hold 0 and 1.
    """
    values = sorted(column.drop_nulls().unique().to_list(), key=str)
    place = str(design.treatment)
    if len(values) < 2:
        rule = f"holds one value only ({_listed(values, labels)})" if values else "is empty"
        mistakes.add(place, None, rule, "A comparison needs a treated and a control arm.")
        return None
    before = len(mistakes.found)
    control = _control(values, labels, design, place, mistakes)
    treated = [_named(value, values, labels, f"{place} treated", mistakes) for value in design.treated]
    if len(mistakes.found) > before or control is None:
        return None
    if not treated:
        others = [value for value in values if value != control]
        if len(others) > 1:
            rule = f"holds {_listed(others, labels)} beside the control {_word(control, labels)}: more than two values"
            mistakes.add(place, None, rule, WHICH)
            return None
        treated = others
    if control in treated or len(set(treated)) < len(treated):
        mistakes.add(place, [str(value) for value in treated], "names an arm twice", "Each arm is named once.")
        return None
    arm = np.full(len(column), -1, dtype=np.int64)
    for number, value in enumerate([control, *treated]):
        arm[(column == value).fill_null(value=False).to_numpy()] = number
    return Arms(_arm_name(place, control, labels), tuple(_arm_name(place, value, labels) for value in treated), arm)


def _control(values: Sequence[Any], labels: Mapping[Any, str], design: Design, place: str, mistakes: Mistakes) -> Any:
    if design.control is not None:
        return _named(design.control, values, labels, f"{place} control", mistakes)
    zeros = [value for value in values if str(value).strip().lower() in ("0", "0.0", "false")]
    ones = [value for value in values if str(value).strip().lower() in ("1", "1.0", "true")]
    if zeros and (ones or design.treated):
        return zeros[0]
    rule = f"holds {_listed(values, labels)}, and nobody says which is the control"
    mistakes.add(place, None, rule, WHICH)
    return None


def _listed(values: Sequence[Any], labels: Mapping[Any, str]) -> str:
    """The values in words, the first dozen of them."""
    rest = f" and {len(values) - MOST_VALUES_SHOWN} more" if len(values) > MOST_VALUES_SHOWN else ""
    return ", ".join(_word(value, labels) for value in values[:MOST_VALUES_SHOWN]) + rest


def _named(wanted: Any, values: Sequence[Any], labels: Mapping[Any, str], place: str, mistakes: Mistakes) -> Any:
    """The value that has this code or this label; a mistake is noted when there is none, or when they disagree."""
    by_code = [value for value in values if value == wanted or _same(value, wanted)]
    by_label = [value for value in values if labels.get(value) == str(wanted)]
    found = list(dict.fromkeys([*by_code, *by_label]))
    if len(found) == 1:
        return found[0]
    if not found:
        known = [str(value) for value in values] + [labels[value] for value in values if value in labels]
        mistakes.add(
            place, wanted, "is not a value of the column", did_you_mean(str(wanted), known[:MOST_VALUES_SHOWN])
        )
    else:
        rule = f"is the code of one value and the label of another ({found[1]})"
        mistakes.add(place, wanted, rule, "Labels that are numbers cannot be told from codes: change the labels.")
    return None


def _same(value: Any, wanted: Any) -> bool:
    """Whether two values are one value written in two ways: 1, 1.0, "1", true."""
    try:
        return float(value) == float(wanted)
    except (TypeError, ValueError):
        return str(value).strip() == str(wanted).strip()


def _word(value: Any, labels: Mapping[Any, str]) -> str:
    return labels.get(value) or (f"{value:g}" if isinstance(value, float) else str(value))


def _arm_name(column: str, value: Any, labels: Mapping[Any, str]) -> str:
    """The label or the word itself; a bare number says nothing without its column."""
    word = _word(value, labels)
    return word if value in labels or isinstance(value, str) else f"{column} = {word}"
