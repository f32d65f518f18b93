"""A record that is not there is a page that is not there, and no failure of the store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from commonbeat.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def missing_is_not_found() -> Iterator[None]:
    """404 for a name that the store does not have; other errors pass through."""
    try:
        yield
    except StoreError as error:
        if any(each.rule == "is not in the store" for each in error.mistakes):
            raise HTTPException(404) from error
        raise
