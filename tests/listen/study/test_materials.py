"""A study may be written before its films are there; it may not be opened."""

import pytest

from commonbeat.errors import StudyError
from commonbeat.listen.study.materials import missing_materials, require_materials
from commonbeat.listen.study.reading import load_study, study_from
from commonbeat.listen.study.shipped import shipped_study
from tests.listen.study.conftest import changed, tree_of


def written(folder, **clips: str):
    """The viewers' study in a folder, with films named by arm and no text left to write."""
    text = shipped_study("dance-off-viewers").read_text(encoding="utf-8").replace("[TO BE REPLACED] ", "")
    for arm, clip in clips.items():
        text = text.replace(f'name = "{arm}"\n', f'name = "{arm}"\nclip = "{clip}"\n')
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_study_of_viewers_lists_what_is_left_to_do() -> None:
    with pytest.raises(StudyError) as refused:
        require_materials(load_study("dance-off-viewers"))
    places = [each.place for each in refused.value.mistakes]
    assert places == [
        "arms.2.description.en",
        "arms.2.description.es",
        "arms.3.text.en",
        "arms.3.text.es",
        "arms.1.clip",
        "arms.2.clip",
        "arms.3.clip",
    ]
    assert refused.value.exit_code == 2
    assert "cannot be opened" in str(refused.value)


@pytest.mark.parametrize("name", ["dance-off-present", "dance-off-residents"])
def test_studies_without_material_can_be_opened(name) -> None:
    assert require_materials(load_study(name)) == ()


def test_films_that_are_there_are_known_by_their_content(tmp_path) -> None:
    for name in ("dance.mp4", "market.webm"):
        (tmp_path / name).write_bytes(name.encode())
    study = load_study(written(tmp_path, clip="dance.mp4", control_clip="market.webm", clip_with_record="dance.mp4"))
    assert missing_materials(study) == ()
    files = require_materials(study)
    assert [(each.arm, each.path) for each in files] == [
        ("clip", tmp_path / "dance.mp4"),
        ("control_clip", tmp_path / "market.webm"),
        ("clip_with_record", tmp_path / "dance.mp4"),
    ]
    assert files[0].sha256 == files[2].sha256 != files[1].sha256
    assert study_from(study.document()).folder == tmp_path


def test_every_film_that_cannot_be_shown_is_listed(tmp_path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.mp4").write_bytes(b"x")
    (tmp_path / "inside" / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    (tmp_path / "inside" / "empty.mp4").touch()
    path = written(tmp_path / "inside", clip="link.mp4", control_clip="empty.mp4", clip_with_record="gone.mp4")
    rules = {each.place: each.rule for each in missing_materials(load_study(path))}
    assert rules == {
        "arms.1.clip": "lies outside the study's folder",
        "arms.2.clip": "is empty",
        "arms.3.clip": "is not there",
    }


def test_a_film_is_one_that_browsers_play(tmp_path) -> None:
    (tmp_path / "dance.avi").write_bytes(b"x")
    study = load_study(written(tmp_path, clip="dance.avi", control_clip="dance.avi", clip_with_record="dance.avi"))
    assert {each.rule for each in missing_materials(study)} == {"does not end in .mp4 or .webm, which browsers play"}


def test_captions_are_files_too(tmp_path) -> None:
    tree = changed("viewers", "arms.1.clip", "dance.mp4")
    tree["arms"][0]["captions"] = {"en": "en.vtt", "es": "es.vtt"}
    (tmp_path / "en.vtt").write_text("WEBVTT", encoding="utf-8")
    places = [each.place for each in missing_materials(study_from(tree | {"folder": str(tmp_path)}))]
    assert "arms.1.captions.es" in places
    assert "arms.1.captions.en" not in places


def test_a_study_without_a_folder_has_no_films() -> None:
    tree = tree_of("viewers")
    tree["arms"][0]["clip"] = "dance.mp4"
    assert "lies outside the study's folder" in {each.rule for each in missing_materials(study_from(tree))}


def test_a_picture_is_shown_with_words_for_those_who_cannot_see_it(tmp_path) -> None:
    tree = changed("viewers", "arms.4.picture", "street.png") | {"folder": str(tmp_path)}
    with pytest.raises(StudyError) as refused:
        study_from(tree)
    assert [each.place for each in refused.value.mistakes] == ["arms.4.description"]
    tree["arms"][3]["description"] = {"en": "A street.", "es": "Una calle."}
    assert "arms.4.picture" in {each.place for each in missing_materials(study_from(tree))}
    (tmp_path / "street.png").write_bytes(b"\x89PNG")
    assert "arms.4.picture" not in {each.place for each in missing_materials(study_from(tree))}
    tree["arms"][3]["picture"] = "street.gif"
    (tmp_path / "street.gif").write_bytes(b"GIF89a")
    rules = {each.place: each.rule for each in missing_materials(study_from(tree))}
    assert rules["arms.4.picture"].endswith("which browsers show")
