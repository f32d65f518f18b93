"""After a withdrawal nothing of the record is on the disk, and what could not be reached is told."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from commonbeat.errors import ConsentError, FailureError, InputError, StoreError
from commonbeat.record import load_record
from commonbeat.workflows.record_check import check_store
from commonbeat.workflows.record_derivatives import forget_derivative, remember_derivative
from commonbeat.workflows.record_export import export_records
from commonbeat.workflows.record_import import import_records
from commonbeat.workflows.record_list import list_records, read_log
from commonbeat.workflows.record_withdraw import what_would_go, withdraw_record
from tests.record.files import read_consent, written
from tests.record.test_keeping import DAY, about, desk, kept, many  # noqa: F401 - the desk is a fixture

MARKERS = (b"a-marker-in-the-title", b"a-marker-in-a-note", b"a-marker-in-a-film", b"marker-path")


def marked(identifier: str = "marked") -> dict:
    return about(identifier, title=MARKERS[0].decode(), note=MARKERS[1].decode())


def on_disk(folder: Path, marker: bytes) -> list[str]:
    """Every file below the folder whose bytes or whose name hold the marker."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if marker in os.fsencode(path.name) or (path.is_file() and marker in path.read_bytes())
    ]


def a_project(folder: Path) -> None:
    """A marked record with everything that can be made from it, beside another record."""
    kept(folder, about("other", title="The other one"), marked())
    consent = load_record(folder / "marked.json").consent
    measured = folder / "marker-path-video"
    (measured / "inner").mkdir(parents=True)
    (measured / "inner" / "tracks.parquet").write_bytes(MARKERS[2] * 1000)
    (folder / "blurred.mp4").write_bytes(MARKERS[2] * 1000)
    remember_derivative(folder, consent, measured, "video")
    remember_derivative(folder, consent, folder / "blurred.mp4", "obscured copy")
    export_records(["marked"], to=folder / "marked.toml", on=DAY)
    export_records(to=folder / "all.csv", on=DAY)
    for number in range(30):  # so that pages of the store have been written, moved and freed
        import_records(
            written(folder, {**marked(), "note": f"{MARKERS[1].decode()} {number}"}, "marked.json"),
            on=DAY,
            replace="replace",
        )


def test_every_byte_of_the_project_is_free_of_what_was_withdrawn(tmp_path):
    a_project(tmp_path)
    for marker in MARKERS:
        assert on_disk(tmp_path, marker), "the scan must be able to find it"
    found = withdraw_record("marked")
    for marker in MARKERS:
        assert on_disk(tmp_path, marker) == [], marker
    assert found.unreached == ()
    assert set(found.deleted) == {"marked.json", "marker-path-video", "blurred.mp4", "marked.toml", "all.csv"}
    assert found.also_held == ("other",)
    found.require_all()


def test_what_is_left_is_a_tombstone_and_the_other_record(tmp_path):
    a_project(tmp_path)
    withdraw_record("marked", why="other")
    assert [row.identifier for row in list_records(on=DAY)] == ["other"]
    acts = [(each.act, each.subject, each.scope) for each in read_log()]
    assert acts[-2:] == [("withdraw", "marked", "other"), ("erase", "marked", "5 deleted, 0 not reached")]
    check_store(on=DAY)
    with pytest.raises(ConsentError, match="was withdrawn on"):
        import_records(written(tmp_path, marked(), "again.json"), on=DAY)
    with pytest.raises(ConsentError, match="was withdrawn on"):
        remember_derivative(tmp_path, load_record(tmp_path / "again.json").consent, tmp_path / "x", "video")


def test_the_log_holds_nothing_of_the_content(tmp_path):
    a_project(tmp_path)
    told = repr(read_log())
    assert not any(marker.decode() in told for marker in MARKERS)
    assert "Powderhorn" not in told
    assert "mp4" not in told


def test_a_consent_is_a_name_for_its_encounter_and_one_person_is_enough(tmp_path):
    kept(tmp_path, marked())
    with pytest.raises(InputError, match="is nobody visible"):
        withdraw_record("marked", slot="child 3")
    assert withdraw_record("marked-consent", slot="child 2").encounters == ("marked",)
    assert list_records(on=DAY) == []
    assert on_disk(tmp_path, MARKERS[0]) == []


def test_an_officer_on_duty_can_end_showing_and_not_the_record(tmp_path):
    force = about("force", after={"followed": ["force"]}, people="unknown")
    force["consent"]["permissions"] = [row for row in force["consent"]["permissions"] if row["slot"] != "officer 1"]
    kept(tmp_path, marked(), force)  # nobody asked this officer, who used force
    for name, slot in (("marked", "officer 1"), ("force-consent", "Officer 9")):
        with pytest.raises(InputError, match=r"officer on duty.*withdrawn_on.*import FILE --replace") as caught:
            withdraw_record(name, slot=slot)
        assert caught.value.exit_code == 2
        with pytest.raises(InputError, match="officer on duty"):
            what_would_go(name, slot=slot)
    tree = marked()
    officers = next(row for row in tree["consent"]["permissions"] if row["slot"] == "officer 1")
    officers["withdrawn_on"] = str(DAY)
    import_records(written(tmp_path, tree, "marked.json"), on=DAY, replace="replace")
    check_store(on=DAY)
    assert [(row.identifier, row.title) for row in list_records(on=DAY)] == [
        ("force", "not to be shown"),
        ("marked", "not to be shown"),
    ]
    assert export_records(to=tmp_path / "all.csv", on=DAY).shared == ()


def test_an_encounters_name_means_that_encounter_and_a_consents_name_all_that_have_it(tmp_path):
    trees = [marked(), about("second"), about("third")]
    trees[1]["consent"]["identifier"] = "marked"
    trees[2]["consent"]["identifier"] = "marked-consent"
    kept(tmp_path, *trees)
    assert what_would_go("marked")[0] == ("marked",)
    assert what_would_go("marked-consent")[0] == ("marked", "third")
    assert withdraw_record("marked").encounters == ("marked",)
    assert [row.identifier for row in list_records(on=DAY)] == ["second", "third"]


def test_something_made_without_a_stored_record_is_reached_too(tmp_path):
    tree = {"schema": 1, **marked()["consent"]}
    consent = read_consent(tmp_path, tree)
    (tmp_path / "film.mp4").write_bytes(MARKERS[2])
    remember_derivative(tmp_path, consent, tmp_path / "film.mp4", "obscured copy")
    with pytest.raises(ConsentError, match=r"film\.mp4: was made under consent that expired on 2028-06-01"):
        check_store(on=date(2029, 1, 1))
    check_store(on=DAY)
    withdraw_record("marked-consent")
    assert on_disk(tmp_path, MARKERS[2]) == []


def test_what_is_not_reached_is_told_and_tried_again(tmp_path):
    kept(tmp_path, marked())
    consent = load_record(tmp_path / "marked.json").consent
    (tmp_path / "film.mp4").write_bytes(MARKERS[2])
    remember_derivative(tmp_path, consent, tmp_path / "film.mp4", "video")
    (tmp_path / "film.mp4").rename(tmp_path / "moved.mp4")
    found = withdraw_record("marked")
    assert found.unreached == (("film.mp4", "is not there any more: it may have been moved"),)
    with pytest.raises(FailureError, match="not everything made from it was reached") as caught:
        found.require_all()
    assert caught.value.exit_code == 1
    with pytest.raises(ConsentError, match="was to be deleted and was not reached"):
        check_store(on=DAY)
    (tmp_path / "moved.mp4").rename(tmp_path / "film.mp4")
    again = withdraw_record("marked")
    assert (again.deleted, again.unreached) == (("film.mp4",), ())
    assert on_disk(tmp_path, MARKERS[2]) == []
    check_store(on=DAY)
    assert [each.act for each in read_log()].count("withdraw") == 1


def test_a_person_may_say_that_they_dealt_with_the_rest(tmp_path):
    kept(tmp_path, marked())
    (tmp_path / "marked.json").unlink()
    assert withdraw_record("marked").unreached
    assert withdraw_record("marked", forget="forget").unreached == ()
    check_store(on=DAY)


def test_a_folder_that_cannot_be_emptied_is_told(tmp_path, monkeypatch):
    kept(tmp_path, marked())
    folder = tmp_path / "video"
    folder.mkdir()
    (folder / "a").write_bytes(MARKERS[2])
    (folder / "b").write_bytes(MARKERS[2])
    remember_derivative(tmp_path, load_record(tmp_path / "marked.json").consent, folder, "video")
    sound = Path.unlink

    def refused(path, **options):
        if path.name == "b":
            raise PermissionError(13, "Permission denied")
        sound(path, **options)

    monkeypatch.setattr(Path, "unlink", refused)
    found = withdraw_record("marked")
    assert len(found.unreached) == 1
    assert "Permission denied" in found.unreached[0][1]
    assert on_disk(tmp_path, MARKERS[2]) == []  # it was overwritten, at least


def test_links_are_removed_and_not_followed(tmp_path):
    project = tmp_path / "project"
    kept(project, marked())
    monkey = tmp_path / "elsewhere"
    monkey.mkdir()
    (monkey / "mine.txt").write_text("not a derivative", encoding="utf-8")
    (project / "link").symlink_to(monkey)
    inside = project / "video"
    inside.mkdir()
    (inside / "link.txt").symlink_to(monkey / "mine.txt")
    consent = load_record(project / "marked.json").consent
    for path in ("link", "video"):
        remember_derivative(Path(), consent, project / path, "video")
    assert set(withdraw_record("marked").deleted) == {"project/marked.json", "project/link", "project/video"}
    assert (monkey / "mine.txt").read_text(encoding="utf-8") == "not a derivative"
    assert not (project / "link").is_symlink()


def test_a_record_is_taken_out_of_a_table_and_the_others_stay(tmp_path):
    many(tmp_path, 3)
    import_records("many.csv", on=DAY)
    withdraw_record("pavement-1")
    rest = (tmp_path / "many.csv").read_text(encoding="utf-8")
    assert "pavement-1" not in rest
    assert import_records("many.csv", on=DAY).same == ("pavement-0", "pavement-2")
    withdraw_record("pavement-0")
    withdraw_record("pavement-2")
    assert not (tmp_path / "many.csv").exists()


def test_a_record_is_taken_out_of_a_list(tmp_path):
    import_records(written(tmp_path, [about("first"), marked()], "list.json"), on=DAY)
    assert on_disk(tmp_path, MARKERS[0])
    withdraw_record("marked")
    assert on_disk(tmp_path, MARKERS[0]) == []
    assert load_record(tmp_path / "list.json").identifier == "first"


def test_a_table_that_was_changed_meanwhile_is_not_guessed_at(tmp_path):
    many(tmp_path, 2)
    import_records("many.csv", on=DAY)
    (tmp_path / "many.csv").write_text("something else\n", encoding="utf-8")
    found = withdraw_record("pavement-1")
    assert "could not be rewritten" in found.unreached[0][1]
    assert (tmp_path / "many.csv").read_text(encoding="utf-8") == "something else\n"


def test_a_consent_file_beside_the_record_goes_with_it(tmp_path):
    consent = marked()["consent"]
    written(tmp_path, {"schema": 1, **consent, "note": MARKERS[1].decode()}, "CONSENT.json")
    found = import_records(written(tmp_path, {**marked(), "consent": "CONSENT.json"}), on=DAY)
    assert [Path(path).name for path in found.remembered] == ["record.json", "CONSENT.json"]
    withdraw_record("marked")
    assert on_disk(tmp_path, MARKERS[1]) == []


def test_what_is_finished_need_not_be_reached(tmp_path):
    kept(tmp_path, marked())
    consent = load_record(tmp_path / "marked.json").consent
    remember_derivative(tmp_path, consent, tmp_path / "film.partial", "partial")
    remember_derivative(tmp_path, consent, tmp_path / "gone", "video")
    forget_derivative(tmp_path, tmp_path / "gone")
    assert withdraw_record("marked").unreached == ()


def test_nothing_is_deleted_by_looking(tmp_path):
    kept(tmp_path, marked())
    assert what_would_go("marked") == (("marked",), ("marked.json",))
    assert (tmp_path / "marked.json").exists()
    assert len(list_records(on=DAY)) == 1


def test_what_lies_inside_a_folder_that_goes_is_no_loss(tmp_path):
    measured = tmp_path / "video"
    measured.mkdir()
    consent = read_consent(tmp_path, {"schema": 1, **marked()["consent"]})
    remember_derivative(tmp_path, consent, measured, "video")
    import_records(written(measured, marked(), "encounter-draft.json"), on=DAY)
    found = withdraw_record("marked")
    assert (found.deleted, found.unreached) == (("video/encounter-draft.json", "video"), ())


def test_what_a_killed_program_left_half_written_goes_too(tmp_path):
    kept(tmp_path, marked())
    consent = load_record(tmp_path / "marked.json").consent
    remember_derivative(tmp_path, consent, tmp_path / "film[1].mp4", "partial")
    (tmp_path / ".film[1].mp4.0a1b2c3d.writing").write_bytes(MARKERS[2])
    (tmp_path / ".marked.json.0a1b2c3d.writing").write_bytes(MARKERS[2])
    assert on_disk(tmp_path, MARKERS[2])
    assert withdraw_record("marked").unreached == ()
    assert on_disk(tmp_path, MARKERS[2]) == []


def test_a_project_that_was_moved_is_reached_where_it_is(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    import_records(written(before, marked(), "marked.json"), on=DAY, project=before)
    export_records(to=before / "out.csv", on=DAY, project=before)
    before.rename(after)
    assert set(withdraw_record("marked", project=after).deleted) == {"marked.json", "out.csv"}
    assert on_disk(tmp_path, MARKERS[0]) == []


def test_a_withdrawal_that_was_stopped_goes_on(tmp_path, monkeypatch):
    from commonbeat.storage import erase

    a_project(tmp_path)
    sound = erase.erase

    def stopped(path):
        if path.name == "blurred.mp4":
            raise KeyboardInterrupt
        return sound(path)

    with monkeypatch.context() as patched:
        patched.setattr(erase, "erase", stopped)
        with pytest.raises(KeyboardInterrupt):
            withdraw_record("marked")
    assert list_records(on=DAY)[0].identifier == "other"
    with pytest.raises(ConsentError, match="was to be deleted and was not reached"):
        check_store(on=DAY)
    assert withdraw_record("marked").unreached == ()
    assert [on_disk(tmp_path, marker) for marker in MARKERS] == [[]] * 4
    assert [each.act for each in read_log()].count("withdraw") == 1


def test_a_file_that_may_only_be_read_goes_too(tmp_path):
    kept(tmp_path, marked())
    (tmp_path / "marked.json").chmod(0o400)
    assert withdraw_record("marked").unreached == ()
    assert on_disk(tmp_path, MARKERS[0]) == []


def test_a_store_that_another_program_reads_says_that_traces_may_be_left(tmp_path, monkeypatch):
    import sqlite3

    from commonbeat.storage import engine, store

    kept(tmp_path, marked())
    for module in (engine, store):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(store.open_store, "__kwdefaults__", {"patience_seconds": 0.05})
    reader = sqlite3.connect(tmp_path / "commonbeat.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM encounters").fetchall()
    with pytest.raises(FailureError, match="another program has the store open"):
        withdraw_record("marked")
    reader.execute("ROLLBACK")
    reader.close()
    withdraw_record("marked")
    assert [on_disk(tmp_path, marker) for marker in MARKERS[:2]] == [[], []]


@pytest.mark.parametrize("path", [".", "..", "/"])
def test_nobody_can_have_the_project_itself_deleted(tmp_path, path):
    consent = read_consent(tmp_path, {"schema": 1, **marked()["consent"]})
    with pytest.raises(StoreError, match="holds the whole project"):
        remember_derivative(tmp_path, consent, tmp_path / path, "video")


def test_words_that_are_not_known_are_told(tmp_path):
    kept(tmp_path, marked())
    with pytest.raises(StoreError, match="Did you mean 'marked'"):
        withdraw_record("market")
    with pytest.raises(InputError, match="is no reason"):
        withdraw_record("marked", why="whim")
    assert len(list_records(on=DAY)) == 1


@pytest.mark.parametrize("many_records", ["one record", "a list"])
def test_a_record_that_was_imported_through_a_link_is_not_left_behind_it(tmp_path, many_records):
    (tmp_path / "drawer").mkdir()
    trees = marked() if many_records == "one record" else [about("first"), marked()]
    real = written(tmp_path / "drawer", trees, "real.json")
    (tmp_path / "link.json").symlink_to(real)
    import_records("link.json", on=DAY)
    found = withdraw_record("marked")
    assert found.unreached == ()
    assert on_disk(tmp_path, MARKERS[0]) == []
    if many_records == "a list":
        assert [load_record(path).identifier for path in (real, tmp_path / "link.json")] == ["first", "first"]
        assert withdraw_record("first").unreached == ()
    assert not real.exists()
    assert not (tmp_path / "link.json").is_symlink()


def test_a_file_that_was_written_anew_for_another_record_is_not_lost(tmp_path):
    import_records(written(tmp_path, marked(), "form.json"), on=DAY)
    import_records(written(tmp_path, about("next"), "form.json"), on=DAY)
    found = withdraw_record("marked")
    assert (found.deleted, found.unreached) == ((), ())
    assert on_disk(tmp_path, MARKERS[0]) == []
    assert load_record(tmp_path / "form.json").identifier == "next"
    assert withdraw_record("next").deleted == ("form.json",)
