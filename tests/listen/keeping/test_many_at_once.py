"""Many who come at once: places without gap or double, whole blocks exact, counts that tell nobody's cell."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from commonbeat.listen.study.assignment import arm_at, mixed
from commonbeat.storage.tables_listen import answers, participants, submissions, turns
from commonbeat.workflows.listen_keep import invite, open_link
from commonbeat.workflows.listen_status import SMALLEST_CELL, study_status, told
from commonbeat.workflows.listen_studies import kept_study
from tests.listen.keeping.read_back import study_answers
from tests.listen.keeping.studies import DAY, agreed, onward, opened, panel, viewers

PEOPLE = 60
COMES = """
import sys
from commonbeat.storage import open_store, where_store
from tests.listen.keeping.studies import agreed, onward
with open_store(where_store(sys.argv[1], sys.argv[2] or None), create=True) as store:
    for token in sys.argv[3:]:
        onward(store, agreed(store, token))
"""


def require_whole_strata(store, study) -> None:
    """In each stratum the places are 0, 1, 2 ... and each has the arm that the secret gives it; every whole block is exact."""
    people = study_answers(store, study.identifier).participants
    with store.reading() as connection:
        seed = mixed(kept_study(connection, study.identifier).secret, study.seed)
    for (stratum,), found in people.group_by("stratum"):
        rows = found.sort("position")
        assert rows["position"].to_list() == list(range(rows.height))
        expected = [arm_at(seed, stratum, each, study.arms, study.block_sizes) for each in range(rows.height)]
        assert rows["arm"].to_list() == expected
    assert people["arm"].null_count() == 0


def test_threads_that_come_at_once_get_places_without_gap_or_double(store):
    study = opened(store, viewers())
    tokens = [each.token for each in invite(store, study.identifier, PEOPLE)]

    def come(some: list[str]) -> None:
        for token in some:
            onward(store, agreed(store, token))

    threads = [threading.Thread(target=come, args=(tokens[start::8],)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    require_whole_strata(store, study)
    assert study_answers(store, study.identifier).participants.height == PEOPLE


@pytest.mark.slow
def test_processes_that_come_at_once_get_places_without_gap_or_double(place, store):
    study = opened(store, viewers())
    tokens = [each.token for each in invite(store, study.identifier, 24)]
    words = [sys.executable, "-c", COMES, str(place.project), place.database or ""]
    made = [subprocess.Popen([*words, *tokens[start::3]]) for start in range(3)]
    assert [each.wait() for each in made] == [0, 0, 0]
    require_whole_strata(store, study)


def test_whole_blocks_are_exact(store):
    sizes = {"ask_before": ["recent_contact"], "block_by": [], "block_sizes": [4, 8]}
    study = opened(store, viewers(assignment=sizes))
    shared = open_link(store, study.identifier)
    for _ in range(24):
        onward(store, agreed(store, shared))
    drawn = study_answers(store, study.identifier).participants.sort("position")["arm"].to_list()
    names = [arm.name for arm in study.arms]

    def cut(left: list[str]) -> bool:
        """Whether what is left is whole blocks of four or eight, but for the last one."""
        whole = [size for size in (4, 8) if len(left) >= size and even(left[:size])]
        return any(cut(left[size:]) for size in whole) or (
            len(left) < 8 and max(Counter(left).values(), default=0) <= 2
        )

    def even(block: list[str]) -> bool:
        return {block.count(name) for name in names} == {len(block) // 4}

    assert cut(drawn)
    assert set(drawn) == set(names)


def test_small_cells_of_a_study_are_not_told(store):
    study = opened(store, viewers())
    for each in invite(store, study.identifier, 12):
        onward(store, agreed(store, each.token))
    found = study_status(store, study.identifier)
    assert (found.people, found.agreed) == (12, 12)
    assert set(found.by_arm.values()) == {None}
    assert found.by_state == {"consented": 12}
    assert (found.waves[0].begun, found.waves[0].finished) == (12, 0)


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=6))
def test_a_cell_below_ten_is_never_told_nor_reckoned_from_the_others(counts):
    shown = told(counts)
    hidden = [counts[cell] for cell, count in shown.items() if count is None]
    for cell, count in shown.items():
        assert count in (None, counts[cell])
        assert count is None or count == 0 or count >= SMALLEST_CELL
    if any(0 < count < SMALLEST_CELL for count in counts.values()):
        rest = [count for count in shown.values() if count]
        assert len(hidden) > 1 or not rest
        assert sum(hidden) >= SMALLEST_CELL or not rest


def fill(store, study, people: int) -> None:
    """Somebody answered everything, this many times, written straight into the tables."""
    names = [arm.name for arm in study.arms] or [None]
    same = {"study": study.identifier, "came_by": "invitation", "audience": "adult", "language": "en"}
    day = str(DAY)
    days = {"arrived_on": day, "consented_on": day, "finished_on": day}
    with store.writing() as connection:
        for start in range(1, people + 1, 10_000):
            numbers = range(start, min(start + 10_000, people + 1))
            rows = [
                {**same, **days, "number": each, "token_hash": f"{each:064}", "arm": names[each % len(names)]}
                for each in numbers
            ]
            connection.execute(insert(participants), [{**row, "state": "finished"} for row in rows])
            turned = {"wave": "first", "study": study.identifier, "begun_on": day, "finished_on": day}
            connection.execute(
                insert(turns), [{**turned, "participant": row["number"], "arm": row["arm"]} for row in rows]
            )
            sent = {"wave": "first", "page": "trust", "day": day}
            connection.execute(
                insert(submissions), [{**sent, "participant": each, "key": f"{each:022}"} for each in numbers]
            )
            given = {"wave": "first", "item": "trust_1", "value": 3.0, "text": None, "skipped": False}
            connection.execute(insert(answers), [{**given, "participant": each} for each in numbers])


def test_responses_are_counted_from_indices(store):
    study = opened(store, viewers())
    fill(store, study, 4_000)
    found = study_status(store, study.identifier)
    assert found.by_arm == {arm.name: 1_000 for arm in study.arms}
    assert found.waves[0].finished == 4_000
    if store.engine.dialect.name == "sqlite":
        require_indices(store, study)


def require_indices(store, study) -> None:
    """Each count of the status reads an index that covers it, and no table."""
    from commonbeat.workflows.listen_status import DAYS, PEOPLE, TURNS

    with store.reading() as connection:
        for counted in (PEOPLE, TURNS, DAYS):
            written = str(counted.compile(store.engine)).replace(":study", "?")
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", (study.identifier,)).all()
            assert any("COVERING INDEX" in row[3] for row in plan), plan


def test_answers_of_a_large_panel_come_as_tables(store):
    study = opened(store, panel())
    fill(store, study, 2_000)
    found = study_answers(store, study.identifier)
    assert (found.participants.height, found.answers.height) == (2_000, 2_000)
    assert found.participants["waves_answered"].to_list()[0] == ["first"]
    assert Counter(found.answers["item"]) == {"trust_1": 2_000}


def test_those_who_said_no_cannot_be_reckoned_from_the_sums(store):
    study = opened(store, panel())
    rows = [
        {"study": study.identifier, "token_hash": f"{state} {each}", "came_by": "open", "state": state}
        for state, count in {"invited": 30, "declined": 3, "finished": 20}.items()
        for each in range(count)
    ]
    with store.writing() as connection:
        connection.execute(insert(participants), rows)
    found = study_status(store, study.identifier, on=DAY)
    assert (found.people, found.agreed) == (53, 20)
    # Those who did not agree are 33 together, so that one of two cells told would tell the other.
    assert found.by_state == {"declined": None, "invited": None, "finished": 20}
