"""Results that leave one after the other: the store remembers each, and whoever makes the next is told what two of them give away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonbeat.storage import Store
from commonbeat.storage.tables_listen import participants
from commonbeat.workflows.listen_export_log import note_export, note_no_export
from commonbeat.workflows.listen_releases import Release, earlier_releases, release_cautions, release_scope
from commonbeat.workflows.listen_results import listen_results
from commonbeat.workflows.listen_tokens import hash_of
from commonbeat.workflows.listen_withdraw import withdraw_by_link
from tests.listen.results.made import collected, filled_store

STUDY = "dance-off-residents"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled_store(tmp_path / "store", lambda key: collected(STUDY, 40, key=key))[0]


def released(store: Store) -> tuple[Release, ...]:
    with store.reading() as connection:
        return earlier_releases(connection, STUDY)


def test_each_folder_of_results_is_remembered_with_its_counts(store: Store) -> None:
    note_export(store, STUDY, "wide csv")
    note_export(store, STUDY, release_scope((40, 40, 31, 22)))
    note_export(store, STUDY, "results")  # as they were noted before counts were
    note_export(store, STUDY, release_scope((40, 40, 33, 22)))
    note_no_export(store, STUDY)
    assert [each.people for each in released(store)] == [(40, 40, 31, 22), ()]


def test_a_scope_fits_into_the_log_and_is_read_back_as_far_as_it_went() -> None:
    people = tuple(range(100_000, 100_030))
    scope = release_scope(people)
    assert len(scope) <= 80
    counts = scope.partition(" ")[2].split("/")
    assert [int(each) for each in counts] == list(people[: len(counts)])
    assert len(counts) > 8


@pytest.mark.parametrize(
    ("people", "arms", "expected"),
    [((24, 24), 0, 0), ((25, 25), 0, 1), ((23, 24), 0, 1), ((34, 34), 0, 0), ((34, 34), 2, 1), ((44, 44), 2, 0)],
)
def test_a_caution_is_given_where_few_joined_or_left(people: tuple[int, ...], arms: int, expected: int) -> None:
    earlier = (Release("2026-11-20", (24, 24), 0),)
    assert len(release_cautions(earlier, people, arms)) == expected


def test_a_withdrawal_after_results_left_is_told_without_its_number() -> None:
    found = release_cautions((Release("2026-11-20", (40, 40), 3),), (60, 60), 0)
    assert len(found) == 2
    assert "fewer than 10 people withdrew" in found[1]
    assert not any("3" in each.replace("2026-11-20", "") for each in found)
    assert "about 20 people withdrew" in release_cautions((Release("2026-11-20", (40, 40), 17),), (90, 90), 0)[0]


def test_the_second_results_say_what_both_together_tell(tmp_path: Path, store: Store) -> None:
    first = listen_results(store, STUDY, out=tmp_path / "first", project=tmp_path)
    assert first.cautions == ()
    assert "Before you pass this on" not in (tmp_path / "first" / "report.html").read_text()
    again = listen_results(store, STUDY, out=tmp_path / "again", project=tmp_path)
    assert again.cautions == (), "nothing changed: both tell the same"
    withdraw_by_link(store, _link_of_somebody(store))
    listen_results(store, STUDY, out=tmp_path / "second", project=tmp_path)
    told = json.loads((tmp_path / "second" / "results.json").read_text())["cautions"]
    assert len(told) == 2
    for page in ("report.html", "report-print.html"):
        assert "Before you pass this on" in (tmp_path / "second" / page).read_text()


def _link_of_somebody(store: Store) -> str:
    from sqlalchemy import update

    with store.writing() as connection:
        connection.execute(update(participants).where(participants.c.number == 1).values(token_hash=hash_of("a" * 32)))
    return "a" * 32
