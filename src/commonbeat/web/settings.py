"""What one server of the app is: whose project, which store, where it listens, and whether staff can sign in."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from commonbeat.storage import where_store

if TYPE_CHECKING:
    from commonbeat.storage.location import Location

LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that `application` needs to know.

    project: folder with runs, findings and films. location: the store. host, port: where the server listens.
    staff: whether the pages of the team are there, or only those of the people who answer. address: what people type
    to reach it when a proxy stands in front, such as https://listen.example.org; empty where none does. studies: the
    studies whose links are served; empty for all.
    """

    project: Path
    location: Location
    host: str = "127.0.0.1"
    port: int = 8000
    staff: bool = True
    address: str = ""
    studies: frozenset[str] = field(default_factory=frozenset)

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by https, so that cookies may be kept to https."""
        return self.address.startswith("https://")

    @property
    def local(self) -> bool:
        """Whether only programs of this machine can reach it."""
        return is_loopback(self.host) and not self.address

    @property
    def base(self) -> str:
        """What stands before every path in a link that somebody else opens, without a slash at its end."""
        if self.address:
            return self.address.rstrip("/")
        host = socket.gethostname() if is_any(self.host) else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def answers_to(self, host: str) -> bool:
        """Whether a browser that names this Host means this server.

        A foreign page can point a name of its own at 127.0.0.1 and read what it finds there; it cannot make the
        browser send our name with that.
        """
        try:
            named = urlsplit(f"//{host}")
            name, port = (named.hostname or "").lower(), named.port
        except ValueError:
            return False
        if self.address:
            own = urlsplit(self.address)
            if name == (own.hostname or "").lower() and port in (None, own.port or _usual_port(own.scheme)):
                return True
        if port not in (self.port, None if self.port in (80, 443) else self.port):
            return False
        if is_loopback(self.host):
            return name in LOOPBACK_NAMES
        if is_any(self.host) and (_is_address(name) or name in own_names()):
            return True
        return name in (self.host.lower(), *LOOPBACK_NAMES)


def settings_for(project: str | Path, database: str | None = None, **given: object) -> Settings:
    """The settings of the app for a project folder; `database` as `storage.where_store` takes it."""
    return Settings(project=Path(project).absolute(), location=where_store(project, database), **given)  # pyright: ignore[reportArgumentType]


def is_loopback(host: str) -> bool:
    """Whether the name or number means this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def own_names() -> tuple[str, ...]:
    """What this machine is called in its network."""
    name = socket.gethostname().lower()
    return (name, f"{name}.local")


def is_any(host: str) -> bool:
    """Whether it means every address of this machine, which is no address to give to anybody."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    """Whether it is a number: nobody can point somebody else's number at us."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _usual_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
