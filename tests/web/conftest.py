"""Every test of the app runs behind a guard: Python may reach this machine and nothing else."""

from __future__ import annotations

import ipaddress
import socket

import pytest


class ReachedOutError(AssertionError):
    """Something tried to reach another machine."""


def refuse_others(address: object) -> None:
    """Loopback and sockets of this machine are fine; anything else ends the test."""
    if isinstance(address, tuple):
        host = str(address[0]).partition("%")[0]
        try:
            inside = ipaddress.ip_address(host).is_loopback
        except ValueError:
            inside = host in ("localhost", "")
        if not inside:
            raise ReachedOutError(f"tried to reach {address}")


@pytest.fixture(autouse=True)
def nothing_but_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, connect_ex, send_to = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto

    def guarded_connect(self: socket.socket, address: object) -> None:
        refuse_others(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        refuse_others(address)
        return connect_ex(self, address)

    def guarded_send_to(self: socket.socket, data: bytes, *rest: object) -> int:
        refuse_others(rest[-1])
        return send_to(self, data, *rest)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket.socket, "sendto", guarded_send_to)
