"""The command serves, tells how to open it, refuses what is unsafe, and ends cleanly."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from commonbeat.errors import InputError
from commonbeat.storage import open_store
from commonbeat.web.serving import demand_password, greeting, refuse_addresses
from commonbeat.web.settings import settings_for
from commonbeat.workflows.web_users import set_user
from tests.web.core.browsers import PASSWORD

ENDED = (130, 0)  # 0 where whoever runs the tests has Ctrl-C ignored, as a shell does for what runs in the background
PATIENCE_SECONDS = 240.0  # on busy cores
COMMAND = [sys.executable, "-m", "commonbeat", "web"]


@contextmanager
def served(project: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """The app, running: its process, its port, and the path with the start key."""
    command = [*COMMAND, "--port", "0", "--project", str(project), *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            line = process.stderr.readline()
            found = re.search(r"http://([^/\s]+):(\d+)(\S*)", line)
            assert found is not None, line
            yield process, int(found.group(2)), found.group(3)
        finally:
            process.kill()


def asked(project: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *words, "--project", str(project)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)


def get(port: int, path: str) -> http.client.HTTPResponse:
    """The answer, read whole; the connection is closed."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response


def test_it_serves_this_machine_only_and_ends_on_control_c(tmp_path: Path) -> None:
    with served(tmp_path) as (process, port, start):
        assert start.startswith("/start?key=")
        response = get(port, "/")
        assert (response.status, response.getheader("location")) == (303, "/login?next=/")
        assert response.getheader("server") is None
        response = get(port, start)
        assert response.status == 303
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=5)
        taken = asked(tmp_path, "--port", str(port))
        assert taken.returncode == 2
        assert "is taken by another program" in taken.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) in ENDED
        assert process.stderr is not None
        said = process.stderr.read()
        assert "Traceback" not in said
        assert "GET" not in said  # nobody keeps a list of who asked for what
        assert "127.0.0.1" not in said.replace(f"http://127.0.0.1:{port}/start", "")


def test_other_addresses_need_a_password_first(tmp_path: Path) -> None:
    for words in (["--host", "0.0.0.0"], ["--host", "::"], ["--address", "https://listen.example.org"]):  # noqa: S104
        refused = asked(tmp_path, *words)
        assert refused.returncode == 2
        assert "nobody has a password yet" in refused.stderr
        assert "commonbeat web password" in refused.stderr
    made = asked(tmp_path, "password", "--stdin", typed=PASSWORD + "\n")
    assert (made.returncode, made.stdout) == (0, "owner can sign in as owner.\n")
    with served(tmp_path, "--host", "0.0.0.0") as (process, port, start):  # noqa: S104
        assert start == ""
        response = get(port, "/login")
        assert response.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) in ENDED


def test_what_cannot_be_listened_at_is_told(tmp_path: Path) -> None:
    asked(tmp_path, "password", "--stdin", typed=PASSWORD + "\n")
    for words, rule in (
        (["--host", "203.0.113.7"], "cannot be listened at"),
        (["--host", "no such name"], "is no address of this machine"),
        (["--port", "99999"], "is no port"),
        (["--address", "ftp://x"], "is no address of a proxy"),
        (["--address", "https://x/below"], "is no address of a proxy"),
    ):
        refused = asked(tmp_path, *words)
        assert (refused.returncode, rule in refused.stderr) == (2, True), refused.stderr


def test_two_mistakes_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        refuse_addresses(settings_for(tmp_path, port=-1, address="x"))
    assert [each.place for each in caught.value.mistakes] == ["--port", "--address"]


def test_a_network_without_https_is_warned_of(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, host="192.168.1.5")
    with open_store(settings.location, create=True) as store:
        with pytest.raises(InputError):
            demand_password(store, settings)
        set_user(store, "mira", PASSWORD)
        demand_password(store, settings)
    assert any("cross the network as they are" in line for line in greeting(settings, ""))
    behind = settings_for(tmp_path, address="https://listen.example.org")
    assert greeting(behind, "") == ["Common Beat is ready. Open: https://listen.example.org", "Ctrl-C ends it."]


def test_the_team_and_backups_by_command(tmp_path: Path) -> None:
    assert "Nobody has a password yet." in asked(tmp_path, "user", "list").stdout
    assert asked(tmp_path, "password", "mira", "--stdin", typed=PASSWORD + "\n").returncode == 0
    assert asked(tmp_path, "user", "add", "sam", "--role", "analyst", "--stdin", typed=PASSWORD).returncode == 0
    assert '"role": "analyst"' in asked(tmp_path, "user", "list", "--json").stdout
    assert asked(tmp_path, "user", "remove", "mira").returncode == 2
    assert asked(tmp_path, "user", "remove", "sam").returncode == 0
    short = asked(tmp_path, "password", "mira", "--stdin", typed="short\n")
    assert (short.returncode, "10 letters" in short.stderr) == (2, True)
    assert asked(tmp_path, "backup", str(tmp_path / "b.tar")).returncode == 0
    again = asked(tmp_path, "restore", str(tmp_path / "b.tar"))
    assert (again.returncode, "--replace" in again.stderr) == (2, True)
    back = asked(tmp_path, "restore", str(tmp_path / "b.tar"), "--replace")
    assert (back.returncode, "Everybody has to sign in again" in back.stdout) == (0, True)


def test_a_backup_is_made_while_the_app_runs(tmp_path: Path) -> None:
    with served(tmp_path) as (_, port, start):
        assert asked(tmp_path, "backup", str(tmp_path / "b.tar")).returncode == 0
        response = get(port, start)
        assert response.status == 303
