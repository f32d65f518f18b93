"""What holds for an encounter is what everybody visible agreed to, on that day, by name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.errors import ConsentError, InputError
from commonbeat.record import SCOPES, Consent, Permission, Visible, consent_toml, load_consent, load_record
from commonbeat.record.table import table_text
from commonbeat.workflows.record_new import Beginning, new_record
from tests.record.examples import ALL, a_consent, a_record, permission
from tests.record.files import read_consent, written

DAY = date(2026, 7, 1)


def changed(consent: dict, slot: str, by: str, **changes) -> dict:
    rows = [{**row, **changes} if (row["slot"], row["by"]) == (slot, by) else row for row in consent["permissions"]]
    return {**consent, "permissions": rows}


def mistakes(folder, consent: dict) -> dict[str, str]:
    with pytest.raises(ConsentError) as caught:
        read_consent(folder, consent)
    assert caught.value.exit_code == 2
    return {each.place: str(each) for each in caught.value.mistakes}


def test_what_everybody_agreed_to_is_allowed_and_nothing_else(tmp_path):
    consent = read_consent(tmp_path, a_consent())
    assert {scope for scope in SCOPES if consent.allows(scope, DAY)} == set(ALL)
    consent.require("share", DAY, "share the record")
    with pytest.raises(ConsentError, match="does not allow to measure faces") as caught:
        consent.require("face measures", DAY, "measure faces")
    assert [each.place for each in caught.value.mistakes] == ["officer 1", *["child 1"] * 2, *["child 2"] * 2]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"scope": ["analyse"]}, "the child's own assent does not name 'keep'"),
        ({"expires_on": "2026-06-30"}, "the child's own assent expired on 2026-06-30"),
        ({"withdrawn_on": "2026-07-01"}, "the child's own assent was withdrawn on 2026-07-01"),
        ({"given_on": "2026-07-02"}, "the child's own assent was given on 2026-07-02 only"),
    ],
)
def test_one_child_who_does_not_agree_is_enough(tmp_path, changes, why):
    consent = read_consent(tmp_path, changed(a_consent(), "child 2", "self", **changes))
    assert not consent.allows("keep", DAY)
    with pytest.raises(ConsentError) as caught:
        consent.require("keep", DAY, "keep it")
    assert [(each.place, each.rule) for each in caught.value.mistakes] == [("child 2", why)]


def test_the_last_day_counts_and_the_day_of_withdrawal_does_not(tmp_path):
    consent = read_consent(tmp_path, changed(a_consent(), "child 1", "guardian", expires_on="2026-07-01"))
    assert consent.allows("keep", DAY)
    assert not consent.allows("keep", date(2026, 7, 2))
    consent = read_consent(tmp_path, changed(a_consent(), "child 1", "guardian", withdrawn_on="2026-07-01"))
    assert consent.allows("keep", date(2026, 6, 30))
    assert not consent.allows("keep", DAY)


@pytest.mark.parametrize("by", ["guardian", "self"])
def test_a_child_needs_a_guardian_and_its_own_assent(tmp_path, by):
    tree = a_consent()
    rows = [row for row in tree["permissions"] if (row["slot"], row["by"]) != ("child 1", by)]
    consent = read_consent(tmp_path, {**tree, "permissions": rows})
    refusals = consent.refusals("analyse", DAY)
    assert [(each.place, "missing" in each.rule) for each in refusals] == [("child 1", True)]


def test_somebody_visible_who_was_never_asked_forbids_everything(tmp_path):
    consent = read_consent(tmp_path, a_consent(visible={"child": 2, "officer": 1, "adult": 1}))
    assert not any(consent.allows(scope, DAY) for scope in SCOPES)
    assert [each.place for each in consent.refusals("analyse", DAY)] == ["adult 1"]
    assert consent.children_allow("analyse", DAY)


def test_face_measures_of_children_are_off_unless_everybody_names_them(tmp_path):
    scopes = [*ALL, "face measures"]
    named = a_consent(scope=scopes)
    assert read_consent(tmp_path, named).children_allow("face measures", DAY)
    one_less = read_consent(tmp_path, changed(named, "child 2", "guardian", scope=ALL))
    assert one_less.covers_children
    assert not one_less.children_allow("face measures", DAY)
    adults = read_consent(tmp_path, changed(named, "officer 1", "self", scope=ALL))
    assert adults.children_allow("face measures", DAY)
    assert not adults.allows("face measures", DAY)


@pytest.mark.parametrize("by", ["guardian", "self"])
def test_an_officer_may_not_collect_for_a_child(tmp_path, by):
    told = mistakes(tmp_path, changed(a_consent(), "child 1", by, collected_by="officer"))
    assert len(told) == 1
    assert "may not collect a child's consent" in next(iter(told.values()))
    officers = changed(a_consent(), "officer 1", "self", collected_by="officer")
    assert read_consent(tmp_path, officers).allows("keep", DAY)


def test_every_mistake_is_told_at_once(tmp_path):
    tree = a_consent(
        visible={"child": 1, "officer": 1, "adult": 1},
        permissions=[
            permission("child 2", collected_by="officer"),
            permission("adult 1", "guardian"),
            permission("officer 1", expires_on="2026-01-01"),
            permission("officer 1", withdrawn_on="2025-01-01"),
            permission("child one", scope=["analize"], given_on="yesterday"),
            permission("child 1", by="aunt"),
        ],
        badge=12,
        schema=2,
    )
    told = mistakes(tmp_path, tree)
    expected = {
        "schema": "is newer than this Common Beat knows",
        "permissions.1.slot": "is not among the 1 visible",
        "permissions.1.collected_by": "may not collect a child's consent",
        "permissions.2.by": "does not speak for an adult",
        "permissions.3.expires_on": "lies before given_on",
        "permissions.4": "has this permission already, by permissions.3",
        "permissions.4.withdrawn_on": "lies before given_on",
        "permissions.5.slot": "is no slot such as",
        "permissions.5.scope.1": "Did you mean 'analyse'?",
        "permissions.5.given_on": "is not a day such as",
        "permissions.6.by": "Known: guardian, self.",
        "badge": "would point at a person",
    }
    assert set(told) == set(expected)
    for place, rule in expected.items():
        assert rule in told[place], place


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "is empty"),
        ("schema = ", "is not TOML"),
        ("schema = 1\nschema = 1", "is not TOML"),
        ("identifier = 'abc'", "is missing. Write schema = 1"),
        ("schema = true", "is no version"),
    ],
)
def test_what_is_no_consent_file(tmp_path, text, rule):
    path = tmp_path / "CONSENT.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConsentError, match=rule):
        load_consent(path)


def test_files_that_cannot_be_read(tmp_path):
    for path, rule in ((tmp_path / "none.toml", "no such file"), (tmp_path, "is not a file")):
        with pytest.raises(ConsentError, match=rule):
            load_consent(path)
    (tmp_path / "latin.toml").write_bytes(b"schema = 1\nnote = '\xe9'")
    with pytest.raises(ConsentError, match="is not UTF-8"):
        load_consent(tmp_path / "latin.toml")
    (tmp_path / "twice.json").write_text('{"schema": 1, "schema": 1}', encoding="utf-8")
    with pytest.raises(ConsentError, match="stands there twice"):
        load_consent(tmp_path / "twice.json")
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(ConsentError, match="is not JSON"):
        load_consent(tmp_path / "deep.json")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ConsentError, match="is not a table"):
        load_consent(tmp_path / "list.json")


def several(*rows: dict, children: int = 25) -> dict:
    return a_consent(0, visible={"child": children, "officer": 1}, permissions=list(rows))


def test_a_permission_for_several_is_one_for_each_of_them(tmp_path):
    tree = several(permission("child 1 to 24", "guardian"), permission("child 1 to 24"), permission("child 25"))
    consent = read_consent(tmp_path, tree)
    assert len(consent.permissions) == 49
    assert [each.slot for each in consent.permissions[22:25]] == ["child 23", "child 24", "child 1"]
    assert [str(each) for each in consent.refusals("keep", DAY)] == [
        "child 25: guardian permission is missing. Ask the guardian and the child; an officer may not."
    ]
    assert " to " not in consent_toml(consent).replace("pavement", "")
    (tmp_path / "out.toml").write_text(consent_toml(consent), encoding="utf-8")
    assert load_consent(tmp_path / "out.toml") == consent


def test_a_record_and_a_table_of_records_may_write_several_at_once(tmp_path):
    tree = a_record()
    both = [permission("child 1 to 2", by) for by in ("guardian", "self")]
    tree["consent"]["permissions"] = [*both, permission("officer 1")]
    one_by_one = load_record(written(tmp_path, tree))
    assert len(one_by_one.consent.permissions) == 5
    assert one_by_one.consent.allows("share", DAY)
    (tmp_path / "table.csv").write_text(table_text([{**tree, "consent": tree["consent"]}]), encoding="utf-8")
    assert "child 1 to 2" in (tmp_path / "table.csv").read_text(encoding="utf-8")
    assert load_record(tmp_path / "table.csv") == one_by_one


def test_mistakes_in_a_permission_for_several_are_told_once_at_its_row(tmp_path):
    told = mistakes(
        tmp_path,
        several(
            permission("child 1 to 10"),
            permission("child 8 to 26"),
            permission("child 9"),
            permission("child 1 to 10", "guardian", expires_on="soon", collected_by="officer"),
            permission("child 10 to 9"),
            permission("child 1 to 1001"),
            permission("child 1 to"),
        ),
    )
    expected = {
        "permissions.2": "'child 8' has this permission already, by permissions.1",
        "permissions.2.slot": "is not among the 25 visible",
        "permissions.3": "'child 9' has this permission already, by permissions.1",
        "permissions.4.expires_on": "is not a day",
        "permissions.4.collected_by": "may not collect",
        "permissions.5.slot": "nor several such as",
        "permissions.6.slot": "nor several such as",
        "permissions.7.slot": "nor several such as",
    }
    assert set(told) == set(expected)
    for place, rule in expected.items():
        assert rule in told[place], place


def test_nobody_can_fill_the_memory_with_permissions(tmp_path):
    told = mistakes(tmp_path, several(*[permission("child 1 to 1000")] * 5000, children=1000))
    assert "stand for more than 4,000 people" in told["permissions"]


def test_a_form_for_many_has_a_row_for_all_of_them_and_for_few_one_each():
    text = new_record(Beginning(children=30, adults=3)).text
    assert text.count('# slot = "child 1 to 30"') == 2
    assert [text.count(f'# slot = "adult {number}"') for number in (1, 2, 3)] == [1, 1, 1]


def test_nobody_visible_is_no_consent(tmp_path):
    assert "names nobody" in mistakes(tmp_path, a_consent(visible={}, permissions=[]))["visible"]
    assert "nobody_real" in mistakes(tmp_path, a_consent(nobody_real="no time to ask"))


def test_nobody_real_has_to_agree_only_where_a_scenario_makes_it_up(tmp_path):
    consent = Consent.not_needed("nobody in a simulation is real")
    assert all(consent.allows(scope, DAY) for scope in SCOPES)
    with pytest.raises(ConsentError):
        load_consent(written(tmp_path, {"schema": 1, **consent.model_dump(mode="json")}))


@pytest.mark.parametrize("asked", ["never asked", "expired", "withdrawn"])
def test_an_officer_on_duty_cannot_keep_a_record_out_and_can_keep_it_from_being_shown(tmp_path, asked):
    over = {"expired": {"expires_on": "2026-06-30"}, "withdrawn": {"withdrawn_on": "2026-06-30"}}
    tree = a_consent(scope=list(SCOPES))
    consent = read_consent(tmp_path, changed(tree, "officer 1", "self", **over.get(asked, {})))
    if asked == "never asked":
        rows = [row for row in tree["permissions"] if row["slot"] != "officer 1"]
        consent = read_consent(tmp_path, {**tree, "permissions": rows})
    assert [scope for scope in SCOPES if consent.allows(scope, DAY)] == ["analyse", "keep"]
    assert consent.ended(DAY) == ()
    assert consent.holds_until() == date(2028, 6, 1)
    consent.require("keep", DAY, "keep it")
    with pytest.raises(ConsentError, match="needs 'show' from everybody visible\\)"):
        consent.require("show", DAY, "show it")


def test_a_record_in_which_only_officers_can_be_seen_may_be_kept(tmp_path):
    consent = read_consent(tmp_path, a_consent(0, permissions=[]))
    assert [scope for scope in SCOPES if consent.allows(scope, DAY)] == ["analyse", "keep"]
    assert consent.holds_until() is None


def test_a_word_that_is_no_scope_is_refused(tmp_path):
    with pytest.raises(InputError, match="Did you mean 'analyse'"):
        read_consent(tmp_path, a_consent()).allows("analize", DAY)


def test_a_record_in_place_of_a_consent_file_means_its_consent(tmp_path):
    consent = read_consent(tmp_path, a_consent())
    assert load_consent(written(tmp_path, a_record())) == consent
    assert load_consent(written(tmp_path, a_record(consent="consent.json"))) == consent


def test_what_has_ended_is_told_person_by_person(tmp_path):
    tree = changed(a_consent(), "child 1", "guardian", withdrawn_on="2026-06-20")
    consent = read_consent(tmp_path, changed(tree, "child 2", "self", expires_on="2026-06-20"))
    assert [str(each) for each in consent.ended(DAY)] == [
        "child 1: guardian permission was withdrawn on 2026-06-20.",
        "child 2: own consent expired on 2026-06-20.",
    ]


scopes = st.lists(st.sampled_from(SCOPES), unique=True).map(tuple)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def consents(draw) -> Consent:
    visible = Visible(officer=draw(st.integers(0, 2)), child=draw(st.integers(0, 3)), adult=draw(st.integers(1, 2)))
    rows = []
    for slot in visible.slots():
        for by in ("guardian", "self") if slot.startswith("child") else ("self",):
            first, last = sorted([draw(days), draw(days)])
            withdrawn = draw(st.none() | st.dates(first, date(2026, 12, 31)))
            if draw(st.integers(0, 9)):
                rows.append(
                    Permission(
                        slot=slot,
                        by=by,
                        scope=draw(scopes),
                        collected_by="school",
                        given_on=first,
                        expires_on=last,
                        withdrawn_on=withdrawn,
                    )
                )
    return Consent(identifier="drawn-consent", encounter="drawn", visible=visible, permissions=tuple(rows))


@given(consents(), st.sampled_from(SCOPES), days)
def test_allowed_is_the_intersection_over_everybody_visible_who_is_asked(consent, scope, on):
    def agreed(slot: str, by: str) -> bool:
        return any(
            row.slot == slot
            and row.by == by
            and scope in row.scope
            and row.given_on <= on <= row.expires_on
            and not (row.withdrawn_on and row.withdrawn_on <= on)
            for row in consent.permissions
        )

    needed = [(slot, by) for slot in consent.visible.slots() for by in ("guardian", "self")]
    needed = [(slot, by) for slot, by in needed if by == "self" or slot.startswith("child")]
    if scope in {"analyse", "keep"}:
        needed = [(slot, by) for slot, by in needed if not slot.startswith("officer")]
    assert consent.allows(scope, on) == all(agreed(*each) for each in needed)
    children = [each for each in needed if each[0].startswith("child")]
    assert consent.children_allow(scope, on) == all(agreed(*each) for each in children)


@given(consents())
def test_a_consent_file_reads_back_as_the_same_consent(tmp_path_factory, consent):
    path = tmp_path_factory.mktemp("consent") / "CONSENT.toml"
    path.write_text(consent_toml(consent), encoding="utf-8")
    assert load_consent(path) == consent
