"""Refusals with words and a status of their own; `app` makes pages of them."""

from __future__ import annotations

from starlette.exceptions import HTTPException


class TooOftenError(HTTPException):
    """429: whoever sent this must wait; `Retry-After` says how many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, f"Wait {seconds} seconds.", {"Retry-After": str(seconds)})


class TooBusyError(HTTPException):
    """429: others are being served; `detail` says what whoever sent this may do."""

    def __init__(self, told: str, seconds: int = 30) -> None:
        super().__init__(429, told, {"Retry-After": str(seconds)})
        self.told = told


class TooMuchError(HTTPException):
    """413: what was sent is more than may be sent; `detail` says what is and what to do."""

    def __init__(self, told: str) -> None:
        super().__init__(413, told)
        self.told = told


class NotFromHereError(HTTPException):
    """403: what was sent did not come from a page of this session."""

    def __init__(self) -> None:
        super().__init__(403, "not from here")


class NotAllowedError(HTTPException):
    """403: the role of whoever asks does not go that far."""

    def __init__(self, needed: str) -> None:
        super().__init__(403, f"needs the role {needed}")
        self.needed = needed
