"""Freeze targets of validation: their hashes stand beside the priors before anything is predicted or tuned.

    python scripts/freeze_target.py NAME [NAME ...]

A target that was frozen once is never frozen again: a better one gets a new name.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from pathlib import Path

from commonbeat.errors import LedgerError, Mistakes
from commonbeat.validate.target import HEADING, frozen_targets, parse_target, target_files

LEDGER = Path(__file__).parents[1] / "src" / "commonbeat" / "evidence" / "frozen_targets.csv"


def main(names: list[str]) -> None:
    """The named targets stand in the ledger with today's date."""
    files, known, found = target_files(), frozen_targets(), Mistakes()
    for name in names:
        if name not in files:
            found.add(name, None, "has no file in src/commonbeat/validate/targets")
        elif name in known:
            found.add(name, None, f"was frozen on {known[name].frozen_on}", "Give the better target a name of its own.")
        else:
            parse_target(name, files[name], found)
    found.raise_if_any(LedgerError, HEADING)
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    with LEDGER.open("a", encoding="utf-8") as ledger:
        for name in names:
            ledger.write(f"{name},{today},{hashlib.sha256(files[name]).hexdigest()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
