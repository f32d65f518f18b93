"""The commands that run a study, as somebody gives them."""

from __future__ import annotations

import csv
import io
import json
import stat

import pytest
import tomlkit

from commonbeat.cli import run
from commonbeat.workflows.listen_keep import leave_contact
from tests.listen.keeping.studies import DAY, agreed, lasting, panel, to_the_end, viewers
from tests.listen.keeping.test_taking_back import CONTACT


@pytest.fixture
def listen(place, capsys):
    """`commonbeat listen` with these words at the place: its exit code, output and messages."""

    def give(*words: str):
        database = ["--database", place.database] if place.database else []
        code = run(["listen", *words, "--project", str(place.project), *database])
        told = capsys.readouterr()
        return code, told.out, told.err

    return give


def written(folder, study) -> str:
    tree = {name: value for name, value in study.document().items() if name != "folder"}
    for name in ("starts_on", "closes_on", "kept_until"):
        tree[name] = getattr(study, name)
    path = folder / "study.toml"
    path.write_text(tomlkit.dumps(tree), encoding="utf-8")
    return str(path)


def test_a_study_from_its_file_to_its_end(listen, place):
    study = lasting()
    file = written(place.project, study)
    assert listen("open", file)[0] == 0
    code, out, _ = listen("status", study.identifier)
    assert code == 0
    assert "open" in out
    assert "people: 0 invited or came" in out
    links = place.project / "links.csv"
    code, out, err = listen("invite", study.identifier, "--count", "12", "--to", str(links))
    assert (code, "12 links" in out, "cannot show these links again" in err) == (0, True, True)
    assert stat.S_IMODE(links.stat().st_mode) == 0o600
    made = [row["link"] for row in csv.DictReader(links.read_text().splitlines())]
    assert len(set(made)) == 12
    assert all(each.startswith("http://127.0.0.1:8000/r/") for each in made)
    with place.open() as store:
        done = [to_the_end(store, agreed(store, each.rpartition("/")[2])) for each in made]
        leave_contact(store, done[0].token, CONTACT, project=place.project)
    code, out, _ = listen("status", study.identifier, "--json")
    found = json.loads(out)["status"]
    assert (found["people"], found["agreed"], found["by_state"]) == (12, 12, {"consented": 12})
    assert found["waves"][0]["finished"] == 12
    code, out, _ = listen("withdraw", done[1].withdrawal_code)
    assert (code, "withdrawn; " in out) == (0, True)
    code, out, _ = listen("withdraw", done[1].withdrawal_code)
    assert (code, "had been withdrawn on" in out, "nothing was left" in out) == (0, True, True)
    again = place.project / "again.csv"
    assert listen("follow-up", study.identifier, "second", "--to", str(again))[0] == 0
    assert [row["contact"] for row in csv.DictReader(again.read_text().splitlines())] == [CONTACT]
    assert "is not closed" in listen("erase", study.identifier, "--word", study.identifier)[2]
    assert listen("close", study.identifier)[0] == 0
    code, out, _ = listen("status")
    assert (code, "closed" in out) == (0, True)
    code, out, _ = listen("erase", study.identifier, "--word", study.identifier)
    assert (code, "of 12 people are deleted" in out) == (0, True)
    code, out, _ = listen("erase", study.identifier, "--word", study.identifier)
    assert (code, "everything had been deleted on" in out) == (0, True)
    assert "over; its answers and everybody who was asked were deleted on" in listen("status", study.identifier)[1]


def test_links_that_many_use(listen, place):
    study = panel()
    listen("open", written(place.project, study))
    for kind, path in (("open", "/r/"), ("kiosk", "/k/"), ("offline", "/offline/")):
        code, out, _ = listen("link", study.identifier, "--kind", kind, "--address", "https://listen.example.org/")
        assert code == 0
        assert out.startswith(f"https://listen.example.org{path}")
    assert listen("link", study.identifier, "--revoke", out.strip())[0] == 0
    assert listen("link", study.identifier, "--revoke", "nonsense")[0] == 2
    assert sum("revoked" in line for line in listen("status", study.identifier)[1].splitlines()) == 1


def test_a_new_file_says_what_is_left_to_do(listen, place, capsys):
    file = place.project / "mine.toml"
    assert run(["listen", "new", str(file), "--like", "dance-off-viewers"]) == 0
    assert "to do before it opens" in capsys.readouterr().out
    assert run(["listen", "new", str(file)]) == 2
    capsys.readouterr()
    code, out, _ = listen("status", str(file))
    assert code == 0
    assert "sound, of design viewers" in out
    assert "has no film yet" in out
    code, _, err = listen("open", str(file))
    assert (code, "has no film yet" in err) == (2, True)
    assert "dance-off-viewers" not in listen("status")[1]  # a study that is not opened leaves no draft
    assert place.database or not (place.project / "commonbeat.sqlite3").exists()


def test_all_studies_are_opened_or_none(listen, place):
    whole = written(place.project, panel())
    assert listen("open", whole)[0] == 0
    (place.project / "study.toml").rename(place.project / "panel.toml")
    assert listen("close", panel().identifier)[0] == 0
    other = written(place.project, viewers())
    code, _, err = listen("serve", other, panel().identifier, "nonsense", "--port", "0")
    assert (code, "'nonsense' is not in the store" in err) == (2, True)
    states = {each["identifier"]: each["state"] for each in json.loads(listen("status", "--json")[1])}
    assert states == {panel().identifier: "closed"}


def test_the_word_of_a_study_is_asked_for_before_it_is_erased(listen, place, monkeypatch):
    study = panel()
    assert listen("open", written(place.project, study))[0] == 0
    assert listen("invite", study.identifier, "--count", "2")[0] == 0
    assert listen("close", study.identifier)[0] == 0
    for typed in ("", "yes\n", "another-study\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code, out, err = listen("erase", study.identifier)
        assert (code, out, "is not the study's word" in err) == (2, "", True)
        assert f"Type {study.identifier} to say that you mean it" in err
    assert listen("erase", study.identifier, "--word", "nonsense")[0] == 2
    assert json.loads(listen("status", study.identifier, "--json")[1])["status"]["people"] == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{study.identifier}\n"))
    code, out, _ = listen("erase", study.identifier)
    assert (code, "0 answers of 2 people are deleted" in out) == (0, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("status", "nonsense"), "is not in the store"),
        (("close", "nonsense"), "is not in the store"),
        (("open", "nonsense"), "is not in the store"),
        (("open", "nonsense.toml"), "cannot be read"),
        (("serve", "nonsense"), "is not in the store"),
        (("invite", "nonsense", "--count", "1"), "is not in the store"),
        (("invite", "dance-off-viewers", "--count", "0"), "is not between"),
        (("invite", "dance-off-viewers", "--count", "1", "--audience", "child"), "is not asked in this study"),
        (("invite", "dance-off-viewers", "--count", "1", "--address", "nonsense"), "is no address"),
        (("invite", "dance-off-viewers", "--count", "1", "--address", "http://[1"), "is no address"),
        (("link", "dance-off-viewers", "--kind", "offline"), "draws arms"),
        (("withdraw", "0000"), "is not known"),
    ],
)
def test_what_cannot_be_done_is_told_with_exit_code_2(listen, place, words, told):
    assert listen("open", written(place.project, viewers()))[0] == 0
    code, out, err = listen(*words)
    assert (code, out) == (2, "")
    assert told in err


def test_a_list_of_links_is_not_written_over_and_nobody_is_invited(listen, place):
    study = viewers()
    listen("open", written(place.project, study))
    there = place.project / "links.csv"
    there.write_text("mine")
    assert listen("invite", study.identifier, "--count", "3", "--to", str(there))[0] == 2
    assert there.read_text() == "mine"
    assert json.loads(listen("status", study.identifier, "--json")[1])["status"]["people"] == 0


def test_without_a_store_nothing_is_made_by_looking(listen, place):
    if place.database is None:
        code, _, err = listen("status")
        assert (code, "does not exist" in err) == (2, True)
        assert list(place.project.iterdir()) == []
    assert DAY
