"""An app on a port of its own, served by a thread of the tests for as long as the block lasts."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette


@contextlib.contextmanager
def free_port() -> Iterator[socket.socket]:
    """A socket that listens at a port which nobody else has: whoever asks before the app is ready waits."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@contextlib.contextmanager
def running(app: Starlette, listening: socket.socket) -> Iterator[None]:
    """The app answers there. A browser that still listens does not hold up its end."""
    configuration = uvicorn.Config(app, log_level="error", access_log=False, ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(configuration)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the app ended before it had begun"
            time.sleep(0.02)
        yield
    finally:
        server.should_exit = True
        thread.join()
