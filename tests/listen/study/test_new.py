"""A new study's file: sound at once, closed until its texts are written, and never over another file."""

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest

from commonbeat.errors import RunFolderError, StudyError
from commonbeat.listen.study.reading import load_study
from commonbeat.listen.study.shipped import SHIPPED, shipped_study
from commonbeat.workflows.listen_new import StudyBeginning, new_study


@pytest.mark.parametrize("name", SHIPPED)
def test_a_copy_of_an_example_begins_on_the_day_and_keeps_its_comments(tmp_path, name) -> None:
    begins = date(2027, 3, 1)
    made = new_study(tmp_path / "mine.toml", StudyBeginning(like=name, starts_on=begins))
    copy, example = load_study(tmp_path / "mine.toml"), load_study(name)
    assert copy.starts_on == begins
    for key in ("closes_on", "kept_until"):
        assert getattr(copy, key) - copy.starts_on == getattr(example, key) - example.starts_on
    moved = ("starts_on", "closes_on", "kept_until", "day_zero", "invented")
    assert copy.model_copy(update={key: getattr(example, key) for key in moved}).fingerprint() == example.fingerprint()
    of_itself, _, rest = shipped_study(name).read_text(encoding="utf-8").partition("\n\n")
    assert "INVENTED" in of_itself
    comments = [line for line in rest.splitlines() if line.startswith("#")]
    heading, *copied = [line for line in made.text.splitlines() if line.startswith("#")]
    assert (heading, copied) == (f"# A copy of {name}, the study that comes with Common Beat.", comments)
    assert (len(made.to_do) > 0) == (name == "dance-off-viewers")


def test_a_copy_is_not_marked_as_invented_and_says_what_it_still_has_of_the_example(tmp_path) -> None:
    begins = date(2027, 3, 1)
    made = new_study(tmp_path / "mine.toml", StudyBeginning(like="dance-off-present", title="Ours", starts_on=begins))
    assert not load_study(tmp_path / "mine.toml").invented
    assert "invented" not in made.text
    own, still = made.notes
    assert own == "Unlike dance-off-present, it is not marked as invented, and it begins on 2027-03-01."
    assert still.endswith("identifier (--identifier), organisation (--organisation), contact (--contact).")
    known = StudyBeginning(like="dance-off-present", identifier="ours", title="Ours", organisation="We", contact="Here")
    whole = new_study(tmp_path / "ours.toml", known)
    assert len(whole.notes) == 1
    assert "made up" not in whole.text
    assert new_study(beginning=StudyBeginning(design="present")).notes == ()


@pytest.mark.parametrize("design", ["present", "residents", "viewers"])
def test_a_form_is_sound_and_cannot_be_opened_yet(tmp_path, design) -> None:
    made = new_study(tmp_path / "form.toml", StudyBeginning(design=design))
    study = load_study(tmp_path / "form.toml")
    assert study.design == design
    assert study.identifier == made.identifier
    assert study.encounter is None
    assert not study.invented
    places = {each.partition(":")[0] for each in made.to_do}
    assert {"organisation", "contact", "title.en", "title.es", "purpose.en", "debriefing.es"} <= places
    assert "made up" not in made.text
    assert study.starts_on >= datetime.now(UTC).date() - timedelta(days=1)


def test_what_is_known_is_filled_in(tmp_path) -> None:
    known = StudyBeginning(
        design="present",
        identifier="park-day",
        title='A day in the "park"',
        languages=("es",),
        audience=("adult", "officer"),
        organisation="The park's office",
        collected_by="city office",
        contact="office@park.example",
        encounter="park-day-encounter",
        starts_on=date(2027, 5, 1),
    )
    made = new_study(tmp_path / "park.toml", known)
    study = load_study(tmp_path / "park.toml")
    assert study.title == {"es": 'A day in the "park"'}
    assert (study.identifier, study.organisation, study.contact) == (
        "park-day",
        "The park's office",
        "office@park.example",
    )
    assert (study.audience, study.languages, study.collected_by) == (("adult", "officer"), ("es",), "city office")
    assert (study.encounter, study.starts_on) == ("park-day-encounter", date(2027, 5, 1))
    assert not any(name.startswith("child") for wave in study.wave_names for name in study.scales_of(wave))
    assert {each.partition(":")[0] for each in made.to_do} == {"purpose.es", "debriefing.es"}


@pytest.mark.parametrize(
    "beginning", [StudyBeginning(title="A day"), StudyBeginning(like="dance-off-present", title="A day")]
)
def test_a_title_stands_in_one_language_and_is_asked_for_in_the_others(beginning: StudyBeginning, tmp_path) -> None:
    made = new_study(tmp_path / "park.toml", beginning)
    assert load_study(tmp_path / "park.toml").title == {"en": "A day", "es": "[TO BE REPLACED] A day"}
    assert [each for each in made.to_do if each.startswith("title.")] == [
        "title.es: is still to be written. Replace it by your own words."
    ]


def test_nothing_is_written_over(tmp_path) -> None:
    there = tmp_path / "there.toml"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(RunFolderError, match="exists already"):
        new_study(there, StudyBeginning(like=SHIPPED[0]))
    assert there.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (StudyBeginning(like="dance-of-viewers"), "Did you mean 'dance-off-viewers'"),
        (StudyBeginning(design="viewer"), "Did you mean 'viewers'"),
        (StudyBeginning(identifier="No Good", collected_by="nobody", languages=("xx",)), "identifier"),
        (StudyBeginning(design="present", collected_by="officer"), "may not collect children's answers"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(tmp_path, known, said) -> None:
    with pytest.raises(StudyError) as refused:
        new_study(tmp_path / "new.toml", known)
    assert said in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_without_a_file_the_text_alone_comes_back() -> None:
    made = new_study()
    assert made.file == ""
    assert tomllib.loads(made.text)["design"] == "residents"
