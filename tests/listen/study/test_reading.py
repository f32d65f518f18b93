"""A study's file is read strictly: every mistake at once, each with its place, value, rule and way out."""

import hashlib
import json
import re
from datetime import date

import pytest

from commonbeat.errors import StudyError
from commonbeat.listen.study.reading import LARGEST_BYTES, bank_of, load_study, parse_study, study_from
from commonbeat.listen.study.shipped import SHIPPED, shipped_study
from tests.listen.study.conftest import changed, mistakes, tree_of


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_study_is_sound_and_comes_back_as_it_was_kept(name) -> None:
    study = load_study(name)
    kept = json.loads(json.dumps(study.document(), ensure_ascii=False))
    assert study_from(kept) == study
    assert study.folder == shipped_study(name).parent
    assert study.invented
    assert {"en", "es"} == set(study.languages) == set(study.title) == set(study.purpose) == set(study.debriefing)


def test_a_study_that_was_opened_before_children_had_words_of_their_own_is_still_the_same() -> None:
    study = load_study("dance-off-residents")
    written = study.model_dump(mode="json", exclude_none=True)
    assert written.pop("debriefing_for_children") == {}
    before = hashlib.sha256(json.dumps(written, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    assert study.fingerprint() == before


def test_a_fingerprint_follows_the_study_and_not_its_place(tmp_path) -> None:
    text = shipped_study(SHIPPED[0]).read_text(encoding="utf-8")
    copy = tmp_path / "copy.toml"
    copy.write_text(text, encoding="utf-8")
    first, second = load_study(SHIPPED[0]), load_study(copy)
    assert first.fingerprint() == second.fingerprint()
    assert first.document()["folder"] != second.document()["folder"] == str(tmp_path)
    copy.write_text(text.replace("seed = 20260613", "seed = 20260614"), encoding="utf-8")
    assert load_study(copy).fingerprint() != first.fingerprint()


def test_every_mistake_is_listed_at_once() -> None:
    tree = tree_of("viewers")
    tree |= {"format": 2, "identifier": "No Good", "audiense": ["adult"], "collected_by": "oversight bord"}
    tree |= {"items_per_page": 0, "rotate_items": "yes", "kept_until": "2020-01-01", "seed": -1}
    tree["arms"][1]["share"] = 1.5
    tree["arms"][2]["kind"] = "clip_with_recrod"
    tree["scales"][0] = "trsut"
    tree["waves"][0]["window_days"] = "three"
    tree["waves"][1]["day"] = 2
    del tree["title"]["es"], tree["contact"]
    tree["purpose"]["de"] = "Wozu?"
    found = mistakes(tree)
    expected = {
        "format": "is no version of this form",
        "identifier": "is not made of 3 to 64 small letters, digits and hyphens",
        "audiense": "is not a key that belongs here",
        "collected_by": "is not a word that is known here",
        "items_per_page": "is below 1",
        "rotate_items": "is neither true nor false",
        "kept_until": "does not lie after closes_on",
        "seed": "is below 0",
        "arms.2.share": "is not a whole number",
        "arms.3.kind": "is not a word that is known here",
        "scales.1": "is no scale of the bank",
        "waves.1.window_days": "is not a whole number",
        "title.es": "is missing",
        "contact": "is missing",
        "purpose.de": "is no language of the study",
    }
    assert {place: found[place].rule for place in expected if expected[place] not in found[place].rule} == {}
    assert set(found) == set(expected)
    assert "Did you mean 'audience'?" in found["audiense"].way_out
    assert "Did you mean 'trust'?" in found["scales.1"].way_out
    assert "Did you mean 'clip_with_record'?" in found["arms.3.kind"].way_out
    assert all(mistake.way_out for mistake in found.values()), [
        str(each) for each in found.values() if not each.way_out
    ]
    assert not any(re.search(r"pydantic|Input should|StudyDesign", str(each)) for each in found.values())


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        ("languages", ["en", "Español"], "is no code of a language"),
        ("languages", [], "has 0 where at least 1 are needed"),
        ("audience", ["adult", "parents"], "is not a word that is known here"),
        ("audience", "adult", "is not a list"),
        ("title", "A title", "is not a table"),
        ("purpose.English", "What for", "is under no code of a language"),
        ("title.en", "", "is shorter than 1 character"),
        ("title.en", "two\nlines", "holds characters that cannot be printed"),
        ("purpose.en", "\x07", "holds characters that cannot be printed"),
        ("starts_on", "yesterday", "is not a day such as 2026-06-13"),
        ("starts_on", 3, "is not a day such as 2026-06-13"),
        ("waves", [], "has 0 where at least 1 are needed"),
        ("waves.1.name", "Day 3", "is not made of lower-case letters"),
        ("own_items", "../items.toml", "leads out of the study's folder"),
        ("own_items", "/etc/passwd", "leads out of the study's folder"),
        ("own_items", "c:items.toml", "leads out of the study's folder"),
        ("contact_data", 1, "is neither true nor false"),
        ("seed", 2**63, "is not below 9223372036854775808"),
    ],
)
def test_a_value_that_cannot_be_is_told_in_words(place, value, rule) -> None:
    found = mistakes(changed("residents", place, value))
    assert any(rule in mistake.rule for key, mistake in found.items() if key.startswith(place)), list(
        map(str, found.values())
    )


def test_a_folder_is_no_key_of_a_file(tmp_path) -> None:
    with pytest.raises(StudyError, match="folder: is not a key that belongs here"):
        parse_study('folder = "/"', folder=tmp_path, source="a study")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not UTF-8 text (line 1)"),
        (b"title = ", "is not TOML"),
        (b"a = 1\na = 2", "is not TOML"),
        (b"#" * (LARGEST_BYTES + 1), "is larger than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_study_says_why(tmp_path, content, said) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(content)
    with pytest.raises(StudyError) as refused:
        load_study(path)
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["missing.toml", ".", "a\x00b"])
def test_no_file_says_why(tmp_path, name) -> None:
    with pytest.raises(StudyError, match="The study cannot be read"):
        load_study(tmp_path / name)


def test_a_teams_own_items_are_asked_like_the_others(tmp_path) -> None:
    (tmp_path / "ours.toml").write_text(
        '[scale.block_party]\nconstruct = "the team\'s own"\nkind = "single"\naudience = ["adult"]\nminutes = 0.2\n'
        'source = "ours"\nlead = { en = "About the party", es = "Sobre la fiesta" }\n'
        '[[scale.block_party.item]]\nidentifier = "party_came"\nformat = "yes_no_unsure"\n'
        'wording = { en = "Did you come to the block party?", es = "¿Vino a la fiesta del barrio?" }\n',
        encoding="utf-8",
    )
    text = shipped_study("dance-off-residents").read_text(encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(
        f'own_items = "ours.toml"\n{text}'.replace('"lives_here", "age"', '"block_party", "age"'), encoding="utf-8"
    )
    study = load_study(path)
    assert "block_party" in study.scales_of("day_3")
    assert bank_of(study).item("party_came").format.identifier == "yes_no_unsure"
    assert study_from(study.document()) == study

    (tmp_path / "ours.toml").write_text("[scale.block_party]\nkind = 3\n", encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        load_study(path)
    assert len(refused.value.mistakes) > 1
    assert all(each.place.startswith("own_items (") for each in refused.value.mistakes)


def test_days_are_days_whichever_file_they_come_from() -> None:
    tree = tree_of("residents")
    kept = tree | {key: str(tree[key]) for key in ("starts_on", "closes_on", "kept_until", "day_zero")}
    assert study_from(kept) == study_from(tree)
    assert study_from(kept).starts_on == date(2026, 6, 16)
