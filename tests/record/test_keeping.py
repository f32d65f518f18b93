"""Records go into a project's store whole or not at all, and leave it only as far as consent goes."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from datetime import date

import pytest

from commonbeat.errors import ConsentError, RecordError, RunFolderError, StoreError, WriteError
from commonbeat.record import load_record, load_records, plain_record
from commonbeat.record.table import table_text
from commonbeat.workflows.record_check import check_files, check_store
from commonbeat.workflows.record_export import export_records
from commonbeat.workflows.record_import import import_records
from commonbeat.workflows.record_list import list_records, read_log
from commonbeat.workflows.record_withdraw import withdraw_record
from tests.record.examples import a_consent, a_record, permission
from tests.record.files import read, written

DAY = date(2026, 7, 1)
LATER = date(2029, 1, 1)


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    monkeypatch.delenv("COMMONBEAT_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)


def about(identifier: str, scope: list[str] | None = None, **changes) -> dict:
    """The example under another name, with consent of this scope."""
    consent = a_consent(scope=scope, encounter=identifier, identifier=f"{identifier}-consent")
    del consent["schema"]
    return a_record(**{"identifier": identifier, "consent": consent, **changes})


def kept(folder, *trees: dict) -> None:
    folder.mkdir(exist_ok=True)
    for tree in trees:
        import_records(written(folder, tree, f"{tree['identifier']}.json"), on=DAY)


def many(folder, count: int) -> None:
    """A table of so many records."""
    encounter = read(folder, a_record())
    trees = []
    for number in range(count):
        tree = json.loads(json.dumps(plain_record(encounter)).replace('"pavement', f'"pavement-{number}'))
        trees.append(tree)
    (folder / "many.csv").write_text(table_text(trees), encoding="utf-8")


def test_what_is_imported_is_what_is_exported(tmp_path):
    kept(tmp_path / "in", about("first"), about("second", title="Another"))
    for name in ("out.json", "out.csv"):
        found = export_records(to=name, on=DAY)
        assert found.shared == ("first", "second")
        records = load_records(tmp_path / name).encounters
        assert records == tuple(load_record(tmp_path / "in" / f"{each}.json") for each in found.shared)
    one = export_records(["second"], to="second.toml", on=DAY)
    assert load_record(tmp_path / "second.toml").title == "Another"
    assert one.text == (tmp_path / "second.toml").read_text(encoding="utf-8")


def test_the_same_file_again_changes_nothing(tmp_path):
    path = written(tmp_path, about("first"))
    assert import_records(path, on=DAY).kept == ("first",)
    before = read_log()
    again = import_records(path, on=DAY)
    assert (again.kept, again.same) == ((), ("first",))
    assert read_log() == before


def test_a_conflict_is_told_field_by_field_and_nothing_is_kept(tmp_path):
    kept(tmp_path / "in", about("first"))
    text = table_text([plain_record(read(tmp_path, tree)) for tree in (about("new-one"), about("first", title="Else"))])
    (tmp_path / "both.csv").write_text(text, encoding="utf-8")
    with pytest.raises(
        RecordError, match=r"first: is in the store already and differs in title\. If this one is right"
    ) as caught:
        import_records("both.csv", on=DAY)
    assert caught.value.exit_code == 2
    assert [row.identifier for row in list_records(on=DAY)] == ["first"]
    assert import_records("both.csv", on=DAY, replace="replace").replaced == ("first",)
    assert {row.title for row in list_records(on=DAY)} == {"Else", a_record()["title"]}
    assert [each.act for each in read_log() if each.act in ("import", "replace")] == ["import", "import", "replace"]


def test_a_draft_is_kept_and_marked_until_a_person_confirms_it(tmp_path):
    draft = about("first")
    found = import_records(written(tmp_path, draft), on=DAY)
    assert found.unconfirmed == {"first": ("when.duration_minutes",)}
    assert list_records(on=DAY)[0].unconfirmed == 1
    draft["sources"]["when.duration_minutes"]["confirmed"] = True
    import_records(written(tmp_path, draft), on=DAY, replace="replace")
    assert list_records(on=DAY)[0].unconfirmed == 0


def test_what_may_not_be_kept_is_not(tmp_path):
    trees = [about("first"), about("second", ["analyse"])]
    path = written(tmp_path, trees)
    with pytest.raises(ConsentError, match="needs 'keep'") as caught:
        import_records(path, on=DAY)
    assert {each.place.split(",")[0] for each in caught.value.mistakes} == {"second"}
    with pytest.raises(ConsentError, match="expired on 2028-06-01"):
        import_records(written(tmp_path, about("first")), on=LATER)
    assert not (tmp_path / "commonbeat.sqlite3").exists()


def test_only_what_everybody_agreed_to_share_leaves(tmp_path):
    kept(tmp_path / "in", about("shared"), about("not-shared", ["analyse", "keep"]))
    found = export_records(to="out.csv", on=DAY)
    assert found.shared == ("shared",)
    assert list(found.left_out) == ["not-shared"]
    assert any("does not name 'share'" in each for each in found.left_out["not-shared"])
    assert b"not-shared" not in (tmp_path / "out.csv").read_bytes()
    late = export_records(to="late.csv", on=LATER)
    assert late.shared == ()
    assert len(late.left_out) == 2
    assert not (tmp_path / "late.csv").exists()


def test_a_name_that_an_empty_store_cannot_have_is_told(tmp_path):
    kept(tmp_path / "in", about("first"))
    withdraw_record("first")
    with pytest.raises(StoreError, match=r"first: is not in the store\. The store is empty\."):
        export_records(["first"], on=DAY)


def test_what_leaves_is_in_the_log_and_remembered(tmp_path):
    kept(tmp_path / "in", about("first"))
    export_records(on=DAY)
    export_records(to="out.toml", on=DAY)
    assert [(each.act, each.scope) for each in read_log()][-3:] == [
        ("export", "share"),
        ("export", "share"),
        ("derivative", "export"),
    ]
    assert list_records(on=DAY)[0].derivatives == 2  # the file that it came from, and the one that left


def test_an_export_that_cannot_be_written_leaves_nothing(tmp_path):
    kept(tmp_path / "in", about("first"), about("second"))
    before = read_log()
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(RunFolderError, match="exists already"):
        export_records(to="there.csv", on=DAY)
    with pytest.raises(RecordError, match="cannot hold 2 records"):
        export_records(to="two.toml", on=DAY)
    with pytest.raises(RecordError, match="of a kind that is not known"):
        export_records(to="two.xlsx", on=DAY)
    with pytest.raises(StoreError, match="Did you mean 'first'"):
        export_records(["frist"], to="out.csv", on=DAY)
    assert read_log() == before
    with pytest.raises(WriteError):
        export_records(to="no/such/folder/out.csv", on=DAY)
    assert [each.act for each in read_log()[-2:]] == ["not exported", "not exported"]
    assert [row.derivatives for row in list_records(on=DAY)] == [1, 1]  # the files that they came from
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "mine"


def test_an_export_holds_no_formula(tmp_path):
    kept(tmp_path / "in", about("first", title='=HYPERLINK("x")', note="+1+1"))
    found = export_records(kind=".csv", on=DAY)
    row = dict(zip(*csv.reader(io.StringIO(found.text)), strict=True))
    assert (row["title"], row["note"]) == ('\'=HYPERLINK("x")', "'+1+1")


def test_an_import_that_is_stopped_keeps_nothing(tmp_path, monkeypatch):
    from commonbeat.record import keeping

    many(tmp_path, 5)
    sound, done = keeping.keep, []

    def stopped(connection, encounter):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(sound(connection, encounter))

    monkeypatch.setattr(keeping, "keep", stopped)
    with pytest.raises(KeyboardInterrupt):
        import_records("many.csv", on=DAY)
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert list_records(on=DAY) == []
    assert read_log() == []
    assert len(import_records("many.csv", on=DAY).kept) == 5


KILLED = """
import sys, time
from datetime import date
from commonbeat.record import keeping
from commonbeat.workflows.record_import import import_records
sound, done = keeping.keep, []
def slow(connection, encounter):
    sound(connection, encounter)
    done.append(encounter)
    if len(done) == int(sys.argv[1]):
        print("now", flush=True)
        time.sleep(60)
keeping.keep = slow
import_records("many.csv", on=date(2026, 7, 1))
"""


@pytest.mark.parametrize("after", [1, 15])
def test_an_import_that_is_killed_leaves_a_good_store(tmp_path, after):
    kept(tmp_path / "in", about("before"))
    many(tmp_path, 15)
    with subprocess.Popen([sys.executable, "-c", KILLED, str(after)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [row.identifier for row in list_records(on=DAY)] == ["before"]
    assert check_store(on=DAY).log_entries == 2
    assert len(import_records("many.csv", on=DAY).kept) == 15
    assert len(check_store(on=DAY).records) == 16


def test_two_processes_that_import_the_same_keep_it_once(tmp_path):
    many(tmp_path, 20)
    code = (
        "from datetime import date; from commonbeat.workflows.record_import import import_records\n"
        "found = import_records('many.csv', on=date(2026, 7, 1)); print(len(found.kept), len(found.same))"
    )
    made = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(each.communicate()[0].strip() for each in made)
    assert [each.returncode for each in made] == [0, 0]
    assert said == ["0 20", "20 0"]
    assert [each.act for each in read_log()].count("import") == 20
    assert len(check_store(on=DAY).records) == 20


def test_a_store_whose_consent_is_over_says_so(tmp_path):
    kept(tmp_path / "in", about("first"), about("second"))
    assert check_store(on=DAY).records[0].scopes == ("analyse", "keep", "show", "share")
    with pytest.raises(ConsentError, match="nothing may be analysed, kept, shown or shared") as caught:
        check_store(on=LATER)
    assert caught.value.exit_code == 2
    assert len(caught.value.mistakes) == 8  # two children and their guardians, twice; officers are on duty
    assert {row.title for row in list_records(on=LATER)} == {"consent is over"}


@pytest.mark.parametrize(
    "statement", ["UPDATE encounters SET content = replace(content, 'dance', 'fight')", "DELETE FROM log"]
)
def test_a_store_that_was_changed_behind_its_log_says_so(tmp_path, statement):
    import sqlite3

    kept(tmp_path / "in", about("first"))
    connection = sqlite3.connect(tmp_path / "commonbeat.sqlite3")
    connection.execute("DROP TRIGGER log_no_delete")
    connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="record first is not what was imported"):
        check_store(on=DAY)


def altered(folder, statement: str) -> None:
    """The store after somebody worked on it with another tool."""
    import sqlite3

    connection = sqlite3.connect(folder / "commonbeat.sqlite3")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_record_that_was_taken_out_behind_the_log_is_missed(tmp_path):
    kept(tmp_path / "in", about("first"), about("second"))
    altered(tmp_path, "DELETE FROM encounters WHERE identifier = 'first'")
    with pytest.raises(StoreError, match="record first was imported and is gone without a withdrawal"):
        check_store(on=DAY)


def test_a_withdrawn_record_that_was_let_in_behind_the_log_is_told(tmp_path):
    kept(tmp_path / "in", about("first"))
    withdraw_record("first")
    check_store(on=DAY)
    altered(tmp_path, "DELETE FROM withdrawals")
    with pytest.raises(StoreError, match="what was left of the withdrawn record first is gone"):
        check_store(on=DAY)
    kept(tmp_path / "in", about("first"))
    with pytest.raises(StoreError, match="record first was withdrawn and stands there again"):
        check_store(on=DAY)


def test_what_may_be_kept_and_not_shown_is_not_shown(tmp_path):
    kept(tmp_path / "in", about("first", ["analyse", "keep"]))
    (row,) = list_records(on=DAY)
    assert (row.title, row.day) == ("not to be shown", "")
    (checked,) = check_store(on=DAY).records
    assert "children" not in checked.summary
    assert "children" in check_files([tmp_path / "in" / "first.json"], DAY)[0].summary  # the reader's own file


def test_a_record_that_is_withdrawn_while_it_is_exported_does_not_leave(tmp_path, monkeypatch):
    from commonbeat.workflows import record_export

    kept(tmp_path / "in", about("first"))
    sound = record_export._text

    def slow(*arguments):
        withdraw_record("first")
        return sound(*arguments)

    monkeypatch.setattr(record_export, "_text", slow)
    with pytest.raises(ConsentError, match="was withdrawn on"):
        export_records(to=tmp_path / "out.csv", on=DAY)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{}", "not what was kept"),
        ("[", "not what was kept"),
        ('{"schema": 1}', "not what was kept"),
        ('{"schema": 2}', "version"),
    ],
)
def test_content_that_is_no_record_any_more_is_told(tmp_path, content, told):
    import sqlite3

    kept(tmp_path / "in", about("first"))
    connection = sqlite3.connect(tmp_path / "commonbeat.sqlite3")
    connection.execute("UPDATE encounters SET content = ?", [content])
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match=f"first: is .*{told}"):
        list_records(on=DAY)


def test_consent_taken_back_in_a_file_points_at_the_withdrawal(tmp_path):
    kept(tmp_path / "in", about("first"))
    tree = about("first")
    tree["consent"]["permissions"][0]["withdrawn_on"] = "2026-06-30"
    with pytest.raises(ConsentError, match=r"was withdrawn on 2026-06-30.*commonbeat record withdraw first"):
        import_records(written(tmp_path, tree), on=DAY, replace="replace")


def test_a_head_that_was_noted_down_is_looked_for(tmp_path):
    kept(tmp_path / "in", about("first"))
    noted = check_store(on=DAY).log_head
    kept(tmp_path / "in", about("second"))
    assert check_store(on=DAY, head=noted).log_entries == 4
    with pytest.raises(StoreError, match="does not stand in the log"):
        check_store(on=DAY, head="f" * 64)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path):
    paths = [
        written(tmp_path, about("first", title=""), "a.json"),
        written(tmp_path, about("second", invented=3), "b.json"),
        tmp_path / "missing.toml",
        written(tmp_path, about("third"), "c.json"),
        written(tmp_path, about("third"), "d.json"),
        written(tmp_path, about("fourth", ["analyse"]), "e.json"),
    ]
    with pytest.raises(RecordError) as caught:
        check_files(paths, on=DAY)
    told = [str(each) for each in caught.value.mistakes]
    assert len(told) == 4
    for part in (
        "a.json: title:",
        "b.json: invented:",
        "missing.toml: cannot be read",
        "d.json: identifier: 'third' stands in",
    ):
        assert any(part in each for each in told), part


def test_a_sound_file_says_what_may_be_done_with_it(tmp_path):
    tree = about("first", ["analyse", "keep"])
    (found,) = check_files([written(tmp_path, tree)], on=DAY)
    assert (found.scopes, found.holds_until) == (("analyse", "keep"), "2028-06-01")
    assert found.unconfirmed == ("when.duration_minutes",)
    tree["consent"]["permissions"] = [permission("officer 1")]
    (found,) = check_files([written(tmp_path, tree)], on=DAY)
    assert found.scopes == ()
    assert len(found.missing) == 4
    with pytest.raises(RecordError, match="expired on 2028-06-01: nothing may be analysed"):
        check_files([written(tmp_path, about("first"))], on=LATER)


def test_the_shipped_example_is_sound_invented_and_not_the_users_to_lose():
    (found,) = check_files(["dance-off-encounter"])
    assert found.invented
    assert found.scopes == ("analyse", "keep", "show", "share")
    assert not found.unconfirmed
    assert import_records("dance-off-encounter").remembered == ()
