"""Records made by luck, in every field, for tests that try many."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from commonbeat.record import Encounter
from commonbeat.record.kinds import words_of
from commonbeat.record.parts import Clip, Course, Join, Rating, Where
from commonbeat.record.words import Aftermath, Origin, Role
from tests.record.examples import a_consent

# Letters of many scripts, and what files of every kind find hard: quotes, commas, semicolons, signs, spaces at the ends.
words = st.text(
    st.one_of(
        st.characters(min_codepoint=32, max_codepoint=0x2FFF, blacklist_categories=("Cc", "Cs")),
        st.sampled_from("\"'\\,;=+-#[]{}\u00a0 \U0001f57a"),
    ),
    min_size=1,
    max_size=30,
).filter(
    lambda text: text.strip().lower() not in {"unknown", "none", ""} and not any(each in text for each in "@0123456789")
)
lines = st.builds("{}\n{}".format, words, words)
places = st.floats(0, 86_400, allow_nan=False)
unknown = st.none()


def one_of(model: type, field: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(words_of(model.model_fields[field].annotation)) | unknown


def some(row: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(row, max_size=3) | unknown


people = st.fixed_dictionaries(
    {
        "role": st.sampled_from([*words_of(Role), None]),
        "part": st.just("stood by") | unknown,
        "count": st.integers(0, 100_000) | unknown,
        "self_described_group": words | unknown,
    }
)
joins = st.fixed_dictionaries(
    {
        "who": one_of(Join, "who").filter(lambda who: who != "nobody"),
        "whom": one_of(Join, "whom").filter(lambda who: who != "nobody"),
        "count": st.integers(1, 9) | unknown,
        "at_seconds": places | unknown,
    }
)


@st.composite
def ratings(draw: Any, judged_by: tuple[str | None, ...]) -> dict[str, Any]:
    by = draw(st.sampled_from(judged_by))
    asked = one_of(Rating, "collected_by").filter(lambda who: who != "officer" and not (by == "child" and who is None))
    low, neutral, mean, high = sorted(draw(st.lists(st.floats(-50, 50), min_size=4, max_size=4)))
    return {
        "judged_by": by,
        "scale_low": low - 1,
        "scale_high": high + 1,
        "neutral": neutral,
        "mean": mean,
        "sd": draw(st.just(0.25) | unknown),
        "n": draw(st.integers(1, 500)),
        "collected_by": draw(asked),
    }


clips = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"filmed": st.just(False), "posted": st.just(False), "posted_by": st.just("nobody")}),
    st.fixed_dictionaries(
        {
            "filmed": st.just(True) | unknown,
            "filmed_by": one_of(Clip, "filmed_by").filter(lambda who: who != "nobody"),
            "posted": st.just(True),
            "posted_by": one_of(Clip, "posted_by").filter(lambda who: who != "nobody"),
            "posted_on": st.dates().map(str) | unknown,
            "sha256": st.just("0f" * 32) | unknown,
        }
    ),
)
courses = st.fixed_dictionaries(
    {
        **{
            name: one_of(Course, name)
            for name in ("authenticity", "began_as", "came_closer", "led_by", "cultural_form_of")
        },
        **dict.fromkeys(("invited", "intent_stated", "could_leave", "cultural_form_credited"), st.booleans() | unknown),
        **dict.fromkeys(("activity", "cultural_form"), words | unknown),
        "joins": some(joins),
    }
)
followed = st.lists(st.sampled_from(words_of(Aftermath)[1:]), unique=True, max_size=4) | st.just(["nothing"]) | unknown
acquaintances = st.fixed_dictionaries(
    {"role": st.sampled_from(words_of(Role)), "with_role": unknown, "pairs": st.integers(0, 9) | unknown}
)
sources = st.fixed_dictionaries(
    {
        "source": st.sampled_from(words_of(Origin)),
        "uncertainty": words.filter(lambda text: text.strip() == text) | places | unknown,
        "confirmed": st.booleans(),
    }
)


@st.composite
def records(draw: Any, identifier: str = "made-by-luck") -> Encounter:
    """Any record without mistakes."""
    tree = {
        "identifier": identifier,
        "title": draw(words),
        "invented": draw(st.booleans()),
        "when": {
            "hour": draw(st.integers(0, 23) | unknown),
            "duration_minutes": draw(st.floats(0, 1440) | unknown),
        },
        "where": {"place": draw(words | unknown), "setting": draw(one_of(Where, "setting"))},
        "people": draw(some(people)),
        "course": draw(courses),
        "tone": {
            "by_those_present": draw(some(ratings(("child", "adult", "officer", None)))),
            "by_coders": draw(some(ratings(("coder", None)))),
        },
        "after": {
            "followed": draw(followed),
            "note": draw(lines | unknown),
            "acquaintances": draw(some(acquaintances)),
        },
        "clip": draw(clips),
        "note": draw(lines | words | unknown),
        "consent": {key: value for key, value in a_consent(encounter=identifier).items() if key != "schema"},
        "sources": draw(st.dictionaries(st.sampled_from(["title", "invented", "consent"][:2]), sources)),
    }
    if tree["people"] is not None:  # everybody visible was there
        tree["people"] += [{"role": role, "part": "stood by", "count": 9} for role in ("child", "officer")]
    return made(tree)


def made(tree: dict[str, Any]) -> Encounter:
    import json

    return Encounter.model_validate_json(json.dumps(tree))
