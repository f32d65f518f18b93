"""What withdrawals leave in the store's files is overwritten while the server runs: together, seldom in a large store, and at the end."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient

from commonbeat.errors import FailureError
from commonbeat.storage import Store
from commonbeat.web.app import application
from commonbeat.web.respond import overwriting
from commonbeat.web.respond.overwriting import LONGEST_REST_SECONDS, REST, Overwriter, overwriter_of
from commonbeat.web.settings import Settings
from commonbeat.workflows.listen_keep import invite, withdraw_by_link
from commonbeat.workflows.listen_traces import traces_left
from tests.web.respond.test_kiosk import PRESENT, Clock


def somebody_withdraws(store: Store) -> None:
    withdraw_by_link(store, invite(store, PRESENT, 1)[0].token)


def test_a_large_store_rests_a_thousand_times_as_long_as_it_takes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, turns = Clock(), [8.0, 0.02, 90.0, 1.0]  # seconds that each turn takes by the clock

    def erase_traces() -> None:
        clock.now += turns.pop(0)

    monkeypatch.setattr(store, "erase_traces", erase_traces)
    overwriter = Overwriter(store, clock)
    overwriter.look()
    assert len(turns) == 4, "nobody withdrew"
    somebody_withdraws(store)
    overwriter.look()
    assert (len(turns), traces_left(store)) == (3, False)
    for _ in range(5):
        somebody_withdraws(store)
    clock.now += 7.0 * REST
    overwriter.look()
    assert len(turns) == 3
    clock.now += 1.0 * REST
    overwriter.look()  # all five together
    assert (len(turns), traces_left(store)) == (2, False)
    clock.now += 0.02 * REST
    somebody_withdraws(store)
    overwriter.look()
    assert len(turns) == 1
    clock.now += LONGEST_REST_SECONDS  # and never longer than the page of withdrawal promises
    somebody_withdraws(store)
    overwriter.look()
    assert (turns, traces_left(store)) == ([], False)


def test_what_cannot_be_written_is_told_and_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    overwriter = Overwriter(store, clock)

    def held() -> None:
        clock.now += 1.0
        raise FailureError("somebody holds it")

    somebody_withdraws(store)
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(store, "erase_traces", held)
        overwriter.look()
    assert "traces are left. somebody holds it" in caplog.text
    assert traces_left(store)
    overwriter.look()
    assert traces_left(store), "it rests as long as after any other turn"
    clock.now += REST
    overwriter.look()
    assert not traces_left(store)


def test_a_server_overwrites_on_its_way_out(settings: Settings, store: Store) -> None:
    app = application(settings, store, tell=lambda _: None)
    with TestClient(app, base_url="http://127.0.0.1"):
        somebody_withdraws(store)
        assert traces_left(store)
    assert not traces_left(store)


def test_a_server_overwrites_what_an_earlier_one_left(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overwriting, "LOOK_SECONDS", 0.01)
    somebody_withdraws(store)
    app = application(settings, store, tell=lambda _: None)
    with TestClient(app, base_url="http://127.0.0.1"):
        overwriter = overwriter_of(app)
        while traces_left(store):
            assert overwriter._thread is not None
            overwriter._thread.join(0.02)
            assert overwriter._thread.is_alive()
