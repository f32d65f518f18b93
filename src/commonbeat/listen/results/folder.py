"""What of a folder of results may be passed on, and what may not: the names, and the words that stand in it."""

from __future__ import annotations

from typing import Final

PRIVATE: Final = "private"
"""The folder inside the results for what single people answered, and for every figure that may rest on a few."""

PUBLIC_FILES: Final = ("README.md", "codebook.md", "report-print.html", "report.html", "results.json")
"""What stands beside that folder, and may be passed on."""

README: Final = """\
# What may be passed on

| file | may be passed on |
|---|---|
| `report.html`, `report-print.html` | yes: the page for a screen, and two pages of A4 |
| `results.json` | yes: the same figures for programs |
| `codebook.md` | yes: what was asked, in which words |
| `private/` | **no** |

Figures of fewer than ten people are hidden, and so are those from which they could be worked out. Counts are rounded, and means, changes and effects are told in steps that
are as large as what one person can move them by.

`private/` holds a row for each person, what people wrote, and the whole estimate with figures that rest on a few. It is for those whom the consent names.
Pass on the four files above, never this folder whole. A finding that was saved in the project's `findings/` has the main effect with all its digits and its error: it is for the
project, and is not to be passed on beside a report.
"""

PRIVATE_README: Final = """\
# Not to be passed on

Everything in this folder is about single people, or may rest on a few of them. It is for those whom the consent names.

* `{study}.csv`: a row for each person. `../codebook.md` says what its columns mean.
* `counts.csv`, `scores.csv`: who answered, and means with SDs, errors and numbers of people, exactly and with nothing hidden.
* `design.toml`, `estimate/`: what `commonbeat estimate` was asked, and all that it says. Not there where nothing is estimated.
* `open-answers.csv`: what people wrote. Not there where nobody wrote anything.
"""
