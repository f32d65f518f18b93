"""How often somebody may try a password, so that nobody who tries without end keeps the team out.

A browser in which somebody signed in by that name before has a count of its own (a "device cookie", as OWASP describes it for slowing down
online guessing). All others share counts: by the network address they come from, by name, and all together. An address is counted as a
hash under a key that this process alone has, and is forgotten as soon as it may try again as often as anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from commonbeat.errors import CommonBeatError
from commonbeat.storage.secrets import secret
from commonbeat.web.security.throttle import Throttle

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.web.settings import Settings

BY_BROWSER: Final = (6, 60.0)
NEAR: Final = (6, 60.0)
BY_NAME: Final = (30, 20.0)
BY_ALL: Final = (20, 1.0)
"""How many tries at once, and seconds for each one after."""
KNOWN_SECONDS: Final = 90 * 24 * 3600
SECRET: Final = "known browsers"  # noqa: S105  # the name of one
SAME_NETWORK: Final = 64  # bits of an address of IPv6 that one household has to itself


class Knocking:
    """What is counted while the program runs."""

    def __init__(self) -> None:
        self.by_browser = Throttle(*BY_BROWSER)
        self.near = Throttle(*NEAR)
        self.by_name = Throttle(*BY_NAME)
        self.by_all = Throttle(*BY_ALL)
        self._key = secrets.token_bytes(32)

    def wait_of(self, request: Request, name: str) -> int:
        """Whole seconds until this browser may try that name; 0 where it may now, which is counted."""
        browser = known_by(request, name)
        if browser:
            return self.by_browser.wait_of(browser)
        near = self.near.wait_of(self._near(request, name))
        return near or self.by_name.wait_of(name) or self.by_all.wait_of("")

    def forget(self, request: Request, name: str) -> None:
        """Whoever was right tries from the beginning the next time; others who tried that name from elsewhere do not."""
        browser = known_by(request, name)
        if browser:
            self.by_browser.forget(browser)
        else:
            self.near.forget(self._near(request, name))

    def _near(self, request: Request, name: str) -> str:
        """The network that the request comes from, hashed; the name where that is this machine, or a proxy on it, which tells nothing."""
        network = network_of(request.client.host if request.client else "")
        return hmac.new(
            self._key, (network or f"name {name}").encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()


def network_of(host: str) -> str:
    """The address, of IPv6 the half of it that one household has; empty for this machine and for what is no address."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((int(address), SAME_NETWORK), strict=False))


def known_by(request: Request, name: str) -> str:
    """The mark of a browser in which somebody signed in by that name before; empty for any other, and for marks that are not ours."""
    settings: Settings = request.app.state.settings
    mark, _, signature = request.cookies.get(_cookie(settings), "")[:200].partition(".")
    if not mark or not signature:
        return ""
    right = _signed(settings, name, mark)
    return mark if right and hmac.compare_digest(signature.encode(), right.encode()) else ""


def make_known(request: Request, response: Response, name: str) -> None:
    """The browser has a mark that is good for that name alone, lets nobody in by itself, and is sent to the door only."""
    settings: Settings = request.app.state.settings
    mark = known_by(request, name) or secrets.token_hex(16)
    signature = _signed(settings, name, mark)
    if signature:
        flags = {"secure": settings.secure, "httponly": True, "samesite": "strict"}
        response.set_cookie(_cookie(settings), f"{mark}.{signature}", max_age=KNOWN_SECONDS, path="/login", **flags)  # pyright: ignore[reportArgumentType]


def _cookie(settings: Settings) -> str:
    return "__Secure-commonbeat-known" if settings.secure else f"commonbeat-known-{settings.port}"


def _signed(settings: Settings, name: str, mark: str) -> str:
    """The signature of the mark for that name; empty where the project's secrets cannot be used, which must keep nobody out."""
    with suppress(CommonBeatError):
        key = secret(settings.project, SECRET)
        return hmac.new(key, f"{mark} {name}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return ""
