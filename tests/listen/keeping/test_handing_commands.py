"""The commands that hand a study to people and bring back what devices saved."""

from __future__ import annotations

import csv
import html
import json
import re
import stat

import pytest

from commonbeat.workflows.listen_keep import arrive, close_study, leave_contact, open_link
from commonbeat.workflows.listen_people import list_links
from commonbeat.workflows.listen_status import study_status
from tests.listen.keeping.read_back import study_answers
from tests.listen.keeping.studies import agreed, children, lasting, opened, panel, viewers
from tests.listen.keeping.test_commands import listen  # noqa: F401 - a fixture
from tests.listen.keeping.test_offline import document, response
from tests.listen.keeping.test_taking_back import CONTACT


@pytest.fixture
def study(store):
    return opened(store, panel())


def links_in(page: str) -> list[str]:
    return re.findall(r"http://127\.0\.0\.1:8000/[rk]/([A-Za-z0-9_-]{22})", page)


def test_a_sheet_has_a_code_for_each_new_link(listen, place, store, study):  # noqa: F811
    sheet = place.project / "sheet.html"
    code, out, _ = listen("sheet", study.identifier, "--to", str(sheet), "--count", "7", "--language", "es")
    assert (code, out) == (0, f"{sheet}: 7 links. Open it in a browser and print it.\n")
    page = sheet.read_text(encoding="utf-8")
    assert 'lang="es"' in page
    tokens = links_in(page)
    assert len(set(tokens)) == 7
    assert page.count("data:image/svg+xml") == 7
    assert "<style>" in page  # a file is opened without the app
    assert "stylesheet" not in page
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert all(arrive(store, token).study.identifier == study.identifier for token in tokens)


def test_a_sheet_of_a_list_makes_no_link(listen, place, store, study):  # noqa: F811
    made = place.project / "links.csv"
    assert listen("invite", study.identifier, "--count", "3", "--to", str(made))[0] == 0
    sheet = place.project / "sheet.html"
    assert listen("sheet", study.identifier, "--to", str(sheet), "--links", str(made))[0] == 0
    listed = [row["link"].rpartition("/")[2] for row in csv.DictReader(made.read_text().splitlines())]
    assert set(links_in(sheet.read_text(encoding="utf-8"))) == set(listed)
    assert study_status(store, study.identifier).people == 3
    made.write_text("link\nhttp://127.0.0.1:8000/r/AAAAAAAAAAAAAAAAAAAAAA\n")
    code, _, err = listen("sheet", study.identifier, "--to", str(place.project / "b.html"), "--links", str(made))
    assert (code, f"line 2: opens nothing in {study.identifier}" in err) == (2, True)
    made.write_text("link\n\n\nhttp://127.0.0.1:8000/r/AAAAAAAAAAAAAAAAAAAAAA\n")
    assert "line 4: opens nothing" in listen("sheet", study.identifier, "--to", "b.html", "--links", str(made))[2]
    made.write_bytes("link\nCafé\n".encode("latin-1"))
    assert "is no text in UTF-8" in listen("sheet", study.identifier, "--to", "b.html", "--links", str(made))[2]
    made.write_text("name\nnobody\n")
    assert "has no column link" in listen("sheet", study.identifier, "--to", "b.html", "--links", str(made))[2]


def test_a_poster_has_one_link_that_many_use(listen, place, store, study):  # noqa: F811
    poster = place.project / "poster.html"
    assert listen("sheet", study.identifier, "--to", str(poster), "--poster", "kiosk")[0] == 0
    assert "/k/" in poster.read_text(encoding="utf-8")
    assert [each.kind for each in list_links(store, study.identifier)] == ["kiosk"]


def test_every_reason_is_told_and_nothing_is_made(listen, place, store, study):  # noqa: F811
    there = place.project / "there.html"
    there.write_text("mine")
    words = ("--to", str(there), "--address", "nonsense", "--language", "fr")
    code, _, err = listen("sheet", study.identifier, *words, "--count", "3", "--poster", "open")
    assert code == 2
    told = (
        "exists already",
        "'nonsense' is no address",
        "'fr' is none of the study's",
        "--count and --poster: cannot be",
    )
    assert all(each in err for each in told), err
    code, _, err = listen("offline", study.identifier, *words, "--audience", "child")
    assert code == 2
    told = ("exists already", "'nonsense' is no address", "'fr' is none of the study's", "'child' is not asked")
    assert all(each in err for each in told), err
    code, _, err = listen("follow-up", study.identifier, "third", *words[:4])
    assert code == 2
    assert all(each in err for each in ("exists already", "'nonsense' is no address", "is no wave of the study")), err
    assert there.read_text() == "mine"
    assert (study_status(store, study.identifier).people, list_links(store, study.identifier)) == (0, ())


def test_an_offline_file_that_is_carried_sends_to_nobody(listen, place, store, study):  # noqa: F811
    file = place.project / "file.html"
    code, out, _ = listen("offline", study.identifier, "--to", str(file))
    assert (code, "bring them with listen import" in out) == (0, True)
    page = html.unescape(file.read_text(encoding="utf-8"))
    assert "connect-src 'none'" in page
    assert study.title["es"] in page
    assert [each.kind for each in list_links(store, study.identifier)] == ["offline"]
    other = place.project / "other.html"
    words = ("--to", str(other), "--address", "https://listen.example.org", "--language", "en")
    assert listen("offline", study.identifier, *words)[0] == 0
    page = other.read_text(encoding="utf-8")
    assert "connect-src https://listen.example.org" in page
    assert study.title["es"] not in page


def test_a_study_with_arms_has_no_offline_file(listen, place, store):  # noqa: F811
    study = opened(store, viewers())
    code, _, err = listen("offline", study.identifier, "--to", str(place.project / "file.html"))
    assert (code, "draws arms, which a file without the store cannot do" in err) == (2, True)
    assert list_links(store, study.identifier) == ()


def test_files_of_devices_are_brought_without_loss_or_doubles(listen, place, store, study):  # noqa: F811
    first, second = [response(study) for _ in range(3)], [response(study)]
    files = [place.project / name for name in ("one.json", "two.json")]
    files[0].write_text(json.dumps(document(study, *first)), encoding="utf-8")
    files[1].write_text(json.dumps(document(study, first[0], *second)), encoding="utf-8")
    words = [str(each) for each in files]
    assert listen("import", study.identifier, *words)[:2] == (
        0,
        f"{study.identifier}: 4 new, 1 known before, 0 refused\n",
    )
    assert listen("import", study.identifier, *words)[:2] == (
        0,
        f"{study.identifier}: 0 new, 5 known before, 0 refused\n",
    )
    assert study_status(store, study.identifier).people == 4
    assert list_links(store, study.identifier) == ()


def test_what_is_refused_is_told_and_the_rest_is_kept(listen, place, store, study):  # noqa: F811
    file = place.project / "one.json"
    file.write_text(json.dumps(document(study, response(study), response(study, audience="officer"))), encoding="utf-8")
    code, out, err = listen("import", study.identifier, str(file))
    assert (code, out) == (2, f"{study.identifier}: 1 new, 0 known before, 1 refused\n")
    assert "1 response was refused; the others are kept:" in err
    assert "audience: 'officer' is not asked" in err
    assert study_answers(store, study.identifier).participants.height == 1


def test_files_that_are_none_are_all_told_and_nothing_is_kept(listen, place, store, study):  # noqa: F811
    good = place.project / "good.json"
    good.write_text(json.dumps(document(study, response(study))), encoding="utf-8")
    bad = {"a.json": b"{", "b.json": b"[1]", "c.json": b'{"responses": ["\\u0000"]}', "d.json": b"\xff"}
    for name, body in bad.items():
        (place.project / name).write_bytes(body)
    names = [str(place.project / name) for name in (*bad, "nowhere.json")]
    code, out, err = listen("import", study.identifier, str(good), *names)
    assert (code, out) == (2, "")
    assert all(name in err for name in names), err
    assert study_status(store, study.identifier).people == 0
    assert "FILE: is missing" in listen("import", study.identifier)[2]
    close_study(store, study.identifier)
    assert "Open it again first" in listen("import", study.identifier, str(good))[2]
    assert list_links(store, study.identifier) == ()


def test_follow_up_refuses_what_nobody_could_answer(listen, place, store):  # noqa: F811
    study = opened(store, children(contact_data=False))
    code, _, err = listen("follow-up", study.identifier, "after", "--to", str(place.project / "again.csv"))
    assert code == 2
    assert all(each in err for each in ("asks nobody how to reach them", "closed on 2026-09-29")), err
    assert not (place.project / "again.csv").exists()


def test_whoever_left_a_contact_is_followed_up(listen, place, store):  # noqa: F811
    study = opened(store, lasting())
    now = agreed(store, open_link(store, study.identifier))
    leave_contact(store, now.token, CONTACT, project=place.project)
    file = place.project / "again.csv"
    assert listen("follow-up", study.identifier, "second", "--to", str(file))[:2] == (
        0,
        f"{file}: 1 to be asked again\n",
    )
    assert CONTACT in file.read_text()


def test_a_wave_is_known_by_its_name_in_words_too(listen, place, store):  # noqa: F811
    waves = [{"name": "day_3", "day": 0, "window_days": 3650}]
    study = opened(store, panel(waves=waves, closes_on="2036-07-31", kept_until="2037-12-31"))
    for name, file in (("day_3", "a.csv"), ("day 3", "b.csv")):
        assert listen("follow-up", study.identifier, name, "--to", str(place.project / file))[0] == 0


def test_an_invented_study_says_so_to_whoever_hands_it_out(listen, place, store):  # noqa: F811
    study = opened(store, panel(invented=True))
    told = "marked as an invented example: its report says that nothing was measured"
    assert told in listen("invite", study.identifier, "--count", "1")[2]
    assert told in listen("link", study.identifier)[2]
    assert told in listen("sheet", study.identifier, "--to", str(place.project / "a.html"), "--count", "1")[2]
    assert told in listen("status", study.identifier)[1]
    real = opened(store, panel(invented=False, identifier="a-real-one"))
    assert told not in "".join(map(str, listen("invite", real.identifier, "--count", "1")))
