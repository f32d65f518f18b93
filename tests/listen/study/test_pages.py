"""Pages in their order: consent alone and first, the arm after what is asked before, material alone, checks in their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.listen.bank.read import load_bank
from commonbeat.listen.study.pages import assignment_point, page_count, pages_of
from commonbeat.listen.study.reading import study_from
from tests.listen.study.conftest import changed, tree_of

BANK = load_bank()
STUDIES = {name: study_from(tree_of(name)) for name in ("present", "residents", "viewers")}
EVERYWHERE = [
    (name, wave, who, arm)
    for name, study in STUDIES.items()
    for wave in study.wave_names
    for who in study.audience
    for arm in ([each.name for each in study.arms] if study.arms else [None])
]


@pytest.mark.parametrize(("name", "wave", "who", "arm"), EVERYWHERE)
def test_consent_comes_alone_and_first_and_the_end_last(name, wave, who, arm) -> None:
    pages = pages_of(STUDIES[name], BANK, wave, who, arm)
    consent = ["permission", "assent"] if who == "child" else ["consent"]
    assert [page.kind for page in pages[: len(consent)]] == consent
    assert all(page.items == () and page.material is None for page in pages[: len(consent)])
    assert pages[-1].kind == "debriefing"
    assert [page.kind for page in pages].count("debriefing") == 1
    assert not {page.kind for page in pages[len(consent) : -1]} - {"questions", "material"}
    given = pages_of(STUDIES[name], BANK, wave, who, arm, consented=True)
    assert given == pages[len(consent) :]


@pytest.mark.parametrize(("name", "wave", "who", "arm"), EVERYWHERE)
def test_everybody_is_asked_what_they_may_be_asked_once(name, wave, who, arm) -> None:
    pages = pages_of(STUDIES[name], BANK, wave, who, arm)
    asked = [item for page in pages for item in page.items]
    assert asked
    assert all(who in item.audience for item in asked)
    assert len({item.identifier for item in asked}) == len(asked)
    assert len({page.identifier for page in pages}) == len(pages)
    for page in pages:
        assert (page.kind == "questions") == bool(page.items)
        assert len(page.items) <= 6
        assert {item.scale for item in page.items} <= {page.scale}
        assert page.scale is None or page.identifier.startswith(page.scale)
    wanted = STUDIES[name].scales_of(wave)
    assert [page.scale for page in pages if page.scale in wanted] == [
        scale for scale in wanted if any(who in item.audience for item in BANK.scale(scale).items)
    ]


def test_a_child_is_never_asked_for_stereotypes_nor_what_is_made_for_adults() -> None:
    """Also in a study that asks adults for them beside the children."""
    tree = changed("present", "scales", [*BANK.scales])
    del tree["waves"][1:]
    study = study_from(tree)
    asked = [item for page in pages_of(study, BANK, "after", "child", None) for item in page.items]
    assert len(asked) >= 8
    for item in asked:
        scale = BANK.scale(item.scale)
        assert "stereotype" not in scale.construct
        assert scale.claim != "C4"
        assert scale.outcome != "prejudice"
        assert scale.audience == {"child"}
        assert not item.sensitive


@pytest.mark.parametrize("arm", ["clip", "control_clip", "clip_with_record", "text"])
def test_what_is_asked_before_comes_before_the_arm_and_material_alone(arm) -> None:
    study = STUDIES["viewers"]
    pages = pages_of(study, BANK, "first", "adult", arm)
    names = [page.identifier for page in pages]
    point = assignment_point(study, BANK, "adult")
    assert point == "material"
    at = names.index(point)
    assert names[:at] == ["consent", "recent_contact"]
    assert pages[at].items == ()
    assert pages[at].material is not None
    assert pages[at].material.arm == arm
    assert (pages[at].material.text != {}) == (arm in {"text", "clip_with_record"})
    assert [page.material for page in pages if page.material] == [pages[at].material]
    questions = [name for name in names[at + 1 : -1] if name != "manipulation"]
    assert abs(questions.index("attention") - len(questions) / 2) <= 1
    assert names[-2] == "manipulation"


def test_nothing_after_the_assignment_point_is_known_without_the_arm() -> None:
    """Up to the material the pages are the same, whatever the arm will be; without an arm they end there."""
    study = STUDIES["viewers"]
    before = pages_of(study, BANK, "first", "adult", None)
    assert [page.identifier for page in before] == ["consent", "recent_contact"]
    assert not any(page.material for page in before)
    for arm in study.arms:
        assert pages_of(study, BANK, "first", "adult", arm.name)[: len(before)] == before
    assert page_count(study, BANK, "first", "adult") == len(pages_of(study, BANK, "first", "adult", "text"))
    with pytest.raises(KeyError):
        pages_of(study, BANK, "first", "adult", "no such arm")


def test_later_waves_show_nothing_and_look_the_same_in_every_arm() -> None:
    study = STUDIES["viewers"]
    later = {pages_of(study, BANK, "month_later", "adult", arm) for arm in (*(each.name for each in study.arms), None)}
    assert len(later) == 1
    names = [page.identifier for page in later.pop()]
    assert "material" not in names
    assert "manipulation" not in names
    assert "attention" not in names
    assert "attention_later" in names


@pytest.mark.parametrize("design", ["present", "residents"])
def test_without_arms_there_is_no_assignment_point(design) -> None:
    assert assignment_point(STUDIES[design], BANK, "adult") is None


def test_a_long_scale_is_cut_into_even_pages() -> None:
    study = study_from(changed("residents", "items_per_page", 3))
    pages = pages_of(study, BANK, "day_21", "adult", None)
    assert [(page.identifier, len(page.items)) for page in pages if page.scale in {"trust", "engaged"}] == [
        ("trust", 2),
        ("trust-2", 2),
        ("engaged", 3),
        ("engaged-2", 3),
    ]
    together = tuple(item for page in pages if page.scale == "engaged" for item in page.items)
    assert together == BANK.scale("engaged").items


@given(number=st.integers(0, 10**9))
def test_rotation_keeps_the_items_and_the_neighbours(number) -> None:
    study = STUDIES["viewers"]
    plain = pages_of(study, BANK, "first", "adult", "text")
    turned = pages_of(study, BANK, "first", "adult", "text", number=number)
    assert turned == pages_of(study, BANK, "first", "adult", "text", number=number)
    assert [page.identifier for page in turned] == [page.identifier for page in plain]
    for before, after in zip(plain, turned, strict=True):
        turns = [before.items[start:] + before.items[:start] for start in range(len(before.items) or 1)]
        assert after.items in turns
        if before.scale and BANK.scale(before.scale).kind != "index":
            assert after.items == before.items


def test_rotation_begins_at_every_item_alike_and_only_where_it_is_asked_for() -> None:
    study = STUDIES["viewers"]
    at = [page.identifier for page in pages_of(study, BANK, "first", "adult", "text")].index("trust")
    first = [
        pages_of(study, BANK, "first", "adult", "text", number=number)[at].items[0].identifier for number in range(800)
    ]
    counts = [first.count(item.identifier) for item in BANK.scale("trust").items]
    assert sum((count - 200) ** 2 / 200 for count in counts) < 21.1  # 99.99 %, 3 degrees of freedom
    residents = STUDIES["residents"]
    assert pages_of(residents, BANK, "day_3", "adult", None, number=7) == pages_of(
        residents, BANK, "day_3", "adult", None
    )
