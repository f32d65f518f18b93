"""Links that many use, by kind: what one is for, it is for alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.errors import LinkError, Mistake
from commonbeat.web.respond.refusing import require_served

if TYPE_CHECKING:
    from starlette.requests import Request

    from commonbeat.workflows.listen_standing import Standing

OPEN: Final = "open"
KIOSK: Final = "kiosk"
OFFLINE: Final = "offline"


def kind_of(request: Request, token: str) -> str:
    """What the link is for; LinkError for one that is personal, revoked or not known."""
    from commonbeat.workflows.listen_arrive import link_of

    with request.app.state.store.reading() as connection:
        return str(link_of(connection, token).kind)


def require_kind(request: Request, token: str, kind: str) -> Standing:
    """Where the link leads, if it is of that kind; LinkError says no more than for any other link."""
    from commonbeat.workflows.listen_keep import look

    if kind_of(request, token) != kind:
        raise LinkError("This link opens nothing:", [Mistake("link", None, "is not known")])
    standing = look(request.app.state.store, token)
    require_served(request, standing)
    return standing
