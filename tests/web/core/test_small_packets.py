from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from commonbeat.web.serving import _listening
from commonbeat.web.settings import settings_for


def test_a_small_answer_is_sent_at_once(tmp_path: Path) -> None:
    # Without this option a browser's next page waits 40 ms: the system holds small packets back until the one before is confirmed.
    found = []

    async def visit(listening: socket.socket) -> None:
        met = asyncio.Event()

        def meet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            held = writer.get_extra_info("socket")
            found.append(held.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()
            met.set()

        async with await asyncio.start_server(meet, sock=listening):
            reader, writer = await asyncio.open_connection(*listening.getsockname()[:2])
            await met.wait()
            await reader.read()
            writer.close()
            await writer.wait_closed()

    asyncio.run(visit(_listening(settings_for(tmp_path, port=0))))
    assert found == [1]
