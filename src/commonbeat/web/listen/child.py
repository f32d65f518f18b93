"""The process that tells what a study says: its folder stands, or the server hears what is wrong."""

from __future__ import annotations

import sys
from typing import Any

from commonbeat.web.security.apart import work_apart


def work(order: dict[str, Any]) -> None:
    """The results stand in the order's folder. Raises what `listen_results` raises."""
    from commonbeat.storage import open_store, where_store
    from commonbeat.workflows.listen_results import listen_results

    with open_store(where_store(order["project"], order["database"]), create=False) as store:
        listen_results(store, order["study"], out=order["out"], project=order["project"])


if __name__ == "__main__":
    sys.exit(work_apart(work))
