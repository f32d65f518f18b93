"""The app, served until Ctrl-C: at an address that nobody else can open, unless a password was set first."""

from __future__ import annotations

import errno
import socket
import sys
from typing import TYPE_CHECKING, Final

from commonbeat.errors import InputError, Mistakes
from commonbeat.storage import open_store
from commonbeat.web.settings import Settings, is_loopback, settings_for
from commonbeat.workflows.web_users import anybody_has_password

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from commonbeat.storage import Store

HOST: Final = "127.0.0.1"
PORT: Final = 8000
HEADING: Final = "The app was not started:"
LEAVE_SECONDS: Final = 5  # how long a page that is being sent may take when the program is told to end
PLAIN_HTTP: Final = (
    "Passwords and answers cross the network as they are. Use it in a network that you trust, or put a proxy with https "
    "in front and name it: --address https://NAME"
)


def serve(
    project: str | Path = ".",
    *,
    database: str | None = None,
    host: str = HOST,
    port: int = PORT,
    address: str = "",
    staff: bool = True,
    studies: Collection[str] = (),
    tell: Callable[[str], None] | None = None,
) -> None:
    """The app was served, and ended by Ctrl-C (KeyboardInterrupt) or by a signal.

    project, database: as `storage.where_store` takes them. host: the network address to listen at; any other than this
    machine's own needs a password set before. port: 0 takes a free one. address: what people open when a proxy stands
    in front. staff: whether the team's pages are served, or only those of people who answer. studies: the studies that
    are served, all where none is named. tell: who hears what a person should read; left out: standard error. Raises
    InputError for a port that is taken, an address that is none, or a password that is missing.
    """
    tell = tell or _print
    asked = settings_for(
        project, database, host=host, port=port, address=address, staff=staff, studies=frozenset(studies)
    )
    refuse_addresses(asked)
    with open_store(asked.location, create=True) as store:
        if not asked.local:
            demand_password(store, asked)
        with _listening(asked) as listening:
            settings = settings_for(
                project,
                database,
                host=host,
                port=listening.getsockname()[1],
                address=address,
                staff=staff,
                studies=frozenset(studies),
            )
            _run(settings, store, listening, tell)


def _run(settings: Settings, store: Store, listening: socket.socket, tell: Callable[[str], None]) -> None:
    """Uvicorn serves the app at the open socket. It keeps no list of who asked for what, and does not name itself."""
    import uvicorn

    from commonbeat.web.app import application

    app = application(settings, store, tell=tell)
    configuration = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=LEAVE_SECONDS,
        h11_max_incomplete_event_size=64 << 10,
    )
    for line in greeting(settings, app.state.door.key.address if app.state.door.key else ""):
        tell(line)
    uvicorn.Server(configuration).run(sockets=[listening])


def greeting(settings: Settings, start: str) -> list[str]:
    """What a person reads when the app is ready. start: the address with the key, where there is one."""
    lines = [f"Common Beat is ready. Open: {start if start and settings.staff else settings.base}"]
    if start and settings.staff:
        lines.append("That address works once, and for whoever can read it here.")
    if not settings.local and not settings.secure:
        lines.append(PLAIN_HTTP)
    return [*lines, "Ctrl-C ends it."]


def refuse_addresses(settings: Settings) -> None:
    """Host, port and address can be used, or InputError lists every mistake."""
    mistakes = Mistakes()
    if not 0 <= settings.port <= 65535:
        mistakes.add("--port", settings.port, "is no port", "Take one from 1024 to 65535, or 0 for any that is free.")
    scheme, _, rest = settings.address.partition("://")
    if settings.address and (scheme not in ("http", "https") or not rest.rstrip("/") or "/" in rest.rstrip("/")):
        mistakes.add(
            "--address", settings.address, "is no address of a proxy", "Write it as https://listen.example.org"
        )
    mistakes.raise_if_any(InputError, HEADING)


def demand_password(store: Store, settings: Settings) -> None:
    """Somebody has a password, or InputError says how to set one: others than this machine can reach the app."""
    if anybody_has_password(store):
        return
    mistakes = Mistakes()
    place, value = ("--address", settings.address) if is_loopback(settings.host) else ("--host", settings.host)
    way_out = "Set one first: commonbeat web password. Or leave the option out: then only this machine reaches it."
    mistakes.add(place, value, "can be reached by others, and nobody has a password yet", way_out)
    mistakes.raise_if_any(InputError, HEADING)


def _listening(settings: Settings) -> socket.socket:
    """A socket that listens there, or InputError says why none can."""
    mistakes = Mistakes()
    try:
        family, _, _, _, where = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
    except OSError:
        mistakes.add("--host", settings.host, "is no address of this machine", "Leave it out for this machine only.")
        mistakes.raise_if_any(InputError, HEADING)
        raise
    # Named as TCP, for asyncio sends small packets at once on such sockets alone: else a page waits 40 ms for the one before.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        place, value, rule, way_out = _why_not(settings, error)
        mistakes.add(place, value, rule, way_out)
        mistakes.raise_if_any(InputError, HEADING)
        raise
    return listening


def _why_not(settings: Settings, error: OSError) -> tuple[str, object, str, str]:
    """The option to mend, what stands there, what is wrong with it, and what helps."""
    if error.errno == errno.EADDRINUSE:
        return (
            "--port",
            settings.port,
            "is taken by another program",
            "Take another one: --port 0 finds one that is free.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return "--port", settings.port, "is not for ordinary programs", "Take one from 1024 to 65535."
    return "--host", settings.host, f"cannot be listened at ({error.strerror})", "Leave it out for this machine only."


def _print(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
