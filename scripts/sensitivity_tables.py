"""The tables of docs/sensitivity.md are printed from the folder of a study.

.venv/bin/commonbeat sensitivity dance-off --out FOLDER
.venv/bin/python scripts/sensitivity_tables.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from commonbeat.report.number import significant


def main(folder: str) -> None:
    """A paragraph and a table stand on standard output for every headline."""
    found = json.loads((Path(folder) / "sensitivity.json").read_text(encoding="utf-8"))
    for one in found["headlines"]:
        spread, head = one["spread"], one["headline"]
        figures = " to ".join(thousandths(spread[end]) for end in ("low", "high"))
        print(
            f"**{head['question']}**: {thousandths(spread['median'])} ({figures}) ‰ SD, below zero in {percent(one['negative'])}."
        )
        print(f"Of the variance, parameters {share(one['parameters'])}, luck {share(one['luck'])}.\n")
        print(
            "| driver | share of ranks, total | share of variance, total | turns the sign at | middle answer at its 5 % and 95 % point, ‰ SD |"
        )
        print("|---|---|---|---|---|")
        for each in one["drivers"]:
            at, index = each["tipping"], each["index"]
            ends = f"{thousandths(at['at_low'])} and {thousandths(at['at_high'])}"
            print(
                f"| `{each['parameter']}` | {share(index['total_of_rank'])} | {share(index['total'])} | {turns(each)} | {ends} |"
            )
        others = next(each for each in one["indices"] if each["kind"] == "others")
        print(f"\nAll that was screened out: {share(others['total_of_rank'])} of the variance of ranks.\n")


def thousandths(value: float) -> str:
    """An effect in thousandths of an SD."""
    return significant(1000 * value)


def percent(value: float) -> str:
    """A share in whole per cent."""
    return f"{100 * value:.0f} %"


def share(estimate: dict[str, float]) -> str:
    """A share with its interval."""
    return f"{percent(estimate['value'])} ({100 * estimate['low']:.0f} to {100 * estimate['high']:.0f})"


def turns(driver: dict[str, Any]) -> str:
    """The tipping value with its interval."""
    at = driver["tipping"]
    if at["value"] is None:
        return "no value of its prior"
    if at["low"] is None:
        return f"perhaps {significant(at['value'])}; {percent(at['crossed'])} of repeats turn"
    return f"{significant(at['value'])} {driver['unit']} ({significant(at['low'])} to {significant(at['high'])})"


if __name__ == "__main__":
    main(sys.argv[1])
