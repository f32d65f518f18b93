"""Names are found where a title goes before them, in texts and identifiers, and ordinary words are no names."""

from __future__ import annotations

import pytest

from commonbeat.cli import run
from commonbeat.errors import RecordError
from commonbeat.record import load_consent, load_record
from commonbeat.record.naming import pointing, pointing_identifier
from tests.record.examples import a_consent, a_record
from tests.record.files import read_consent, written

# The surnames that a census of the United States counts most, and some that look like a verb in a headline.
SURNAMES = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Wilson Anderson Thomas Taylor Moore "
    "Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Nguyen Hill "
    "Green Adams Baker Hall Parker Edwards Collins Cook Rogers Morgan Cooper Reed Kim Cox Ward Brooks Wood Park Day "
    "Combs Hobbs Gibbs Waters Rivers Banks Gates Hayes Hines Woods Burns Fleming Manning Sterling Browning Chase Read "
    "Sayed Ahmed Love McDonald O'Brien"
)


@pytest.mark.parametrize("title", ["Officer", "Sgt.", "Detective"])
def test_common_surnames_are_found_behind_a_title(title):
    passed = [name for name in SURNAMES.split() if not list(pointing(f"{title} {name} Joins the Dance"))]
    assert passed == []


@pytest.mark.parametrize(
    "word", ["officer-miller", "sgt-lee-dance", "mr-jones-stop", "badge-1234", "stop-612-555-0143"]
)
def test_an_identifier_holds_no_name_either(tmp_path, word):
    assert list(pointing_identifier(word))
    consent = {key: value for key, value in a_consent(encounter=word).items() if key != "schema"}
    for tree, place in (
        (a_record(identifier=word, consent=consent), "identifier"),
        (a_record(consent={**consent, "encounter": "pavement", "identifier": word}), "consent.identifier"),
    ):
        with pytest.raises(RecordError) as caught:
            load_record(written(tmp_path, tree))
        told = [each for each in caught.value.mistakes if each.place == place]
        assert [each.rule.split()[0] for each in told] == ["holds"]
        assert word not in str(caught.value)


@pytest.mark.parametrize(
    "word",
    ["officer-joins-dance", "dance-off-2026-06-13", "stop-20260613-1430-02", "near-miss-stop", "party-2019-2020-2021"],
)
def test_an_identifier_that_says_what_happened_is_taken(word):
    assert list(pointing_identifier(word)) == []


def test_a_consent_file_alone_is_searched_too(tmp_path):
    with pytest.raises(Exception, match=r"note: holds what looks like a name.*") as caught:
        read_consent(tmp_path, a_consent(note="Officer Miller asked", identifier="mr-jones-consent"))
    assert {each.place for each in caught.value.mistakes} == {"note", "identifier"}


def test_a_title_that_nobody_wrote_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["record", "new", "--out", "ours.toml"]) == 0
    assert run(["record", "check", "ours.toml"]) == 2
    assert "title: is still that of the form. Say in a few words what happened." in capsys.readouterr().err
    assert run(["record", "new", "--out", "other.toml", "--title", "Children dance"]) == 0
    assert run(["record", "check", "other.toml"]) == 0
    assert load_consent("ours.toml").permissions == ()  # a consent has no title
