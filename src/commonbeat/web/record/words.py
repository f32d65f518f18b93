"""The steps of the form, and labels where a field's own name says too little."""

from __future__ import annotations

from typing import Final

from commonbeat.web.filling.step import Step

STEPS: Final = (
    Step(
        "What and when",
        "Say what it was, so that others know which encounter is meant. Leave whatever nobody knows as it is: unknown is an answer, a guess is none.",
        ("title", "identifier", "invented", "when", "where", "note"),
    ),
    Step(
        "Who was there",
        "Count people by role. Nobody is named, here or anywhere.",
        ("people",),
    ),
    Step(
        "How it went",
        "Good, neutral and bad encounters are told with the same questions.",
        ("course",),
    ),
    Step(
        "How it felt",
        "Judgements of those who were there and of coders who were not stay apart. Leave both empty where nobody was asked.",
        ("tone",),
    ),
    Step(
        "What followed",
        "Say what came afterwards, and whether a clip went round.",
        ("after", "clip"),
    ),
    Step(
        "Consent",
        "Person by person: what each agreed to, until when, and who asked. A child needs two: the guardian's permission and its own assent. A row that is left empty says that nobody was asked.",
        ("consent",),
    ),
    Step("Look it over", "Check what will be kept. Nothing is kept before you press the button.", ()),
)
CONSENT: Final = 5
LAST: Final = len(STEPS) - 1

LABELS: Final = {
    "title": "What happened, in a few words",
    "identifier": "A word for the encounter",
    "invented": "Is it made up, as an example?",
    "when.date": "Day",
    "when.hour": "Hour of the day",
    "when.duration_minutes": "Minutes it lasted",
    "where.place": "Neighbourhood or place",
    "where.setting": "What sort of place",
    "people": "People",
    "people.*.part": "Took part or stood by",
    "people.*.count": "How many",
    "people.*.self_described_group": "Group, as they describe themselves",
    "course.authenticity": "Spontaneous, planned or staged",
    "course.joins": "Who joined whom",
    "course.joins.*.at_seconds": "At which second",
    "course.invited": "Had those who were joined invited it?",
    "course.intent_stated": "Did those who came say what they wanted?",
    "course.could_leave": "Could they leave, and did they know?",
    "course.activity": "What they did together",
    "course.cultural_form": "Dance, game or song, by its own name",
    "course.cultural_form_of": "Whose form it was",
    "course.cultural_form_credited": "Was it said whose form it was?",
    "tone.by_those_present": "As those who were there judged it",
    "tone.by_coders": "As coders judged it",
    "tone.by_those_present.*.scale_low": "Lowest answer",
    "tone.by_those_present.*.scale_high": "Highest answer",
    "tone.by_those_present.*.sd": "Standard deviation",
    "tone.by_those_present.*.n": "How many answered",
    "tone.by_coders.*.scale_low": "Lowest answer",
    "tone.by_coders.*.scale_high": "Highest answer",
    "tone.by_coders.*.sd": "Standard deviation",
    "tone.by_coders.*.n": "How many coders",
    "after.followed": "What followed",
    "after.note": "In plain words, without names",
    "after.acquaintances": "Who became acquainted",
    "clip.filmed": "Was it filmed?",
    "clip.posted": "Was a clip posted?",
    "clip.sha256": "Fingerprint of the clip's file",
    "consent.visible.officer": "Officers who can be seen or heard",
    "consent.visible.child": "Children who can be seen or heard",
    "consent.visible.adult": "Other adults who can be seen or heard",
    "consent.note": "How people were asked",
    "consent.permissions": "Who agreed to what",
    "consent.permissions.*.slot": "Whom it is about",
    "consent.permissions.*.by": "Who said yes",
    "consent.permissions.*.scope": "Agreed to",
    "consent.permissions.*.collected_by": "Who asked",
    "consent.permissions.*.given_on": "Said yes on",
    "consent.permissions.*.expires_on": "Holds until",
    "consent.permissions.*.withdrawn_on": "Taken back on",
}
ROW_WORDS: Final = {
    "people": "People",
    "course.joins": "Join",
    "tone.by_those_present": "Judgement",
    "tone.by_coders": "Judgement",
    "after.acquaintances": "Acquaintance",
    "consent.permissions": "Permission",
}
SCOPE_WORDS: Final = (
    ("analyse", "analyse: may be measured and counted"),
    ("keep", "keep: may be stored"),
    ("show", "show: may be seen in this app and in talks"),
    ("share", "share: may be given to others"),
    ("face measures", "face measures: smiles may be counted"),
)
BY_WORDS: Final = (("", "choose"), ("self", "the person"), ("guardian", "the child's guardian"))
