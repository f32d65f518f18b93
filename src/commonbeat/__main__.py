"""`python -m commonbeat` is the command `commonbeat`."""

from __future__ import annotations

import sys


def main() -> None:
    """The command has run and the process ends with its exit code."""
    from commonbeat.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
