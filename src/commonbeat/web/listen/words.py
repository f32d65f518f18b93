"""The steps in which a study is built, and labels and hints where a field's own name and description say too little or too much."""

from __future__ import annotations

from typing import Final

from commonbeat.web.filling.step import Step

STEPS: Final = (
    Step(
        "Who asks whom",
        "What respondents read first: who asks, about what, and whom they can reach.",
        ("languages", "audience", "title", "organisation", "collected_by", "contact", "encounter", "identifier", "design", "invented"),
    ),
    Step(
        "When",
        "When people are asked, once or again and again, and how long their answers are kept.",
        ("starts_on", "closes_on", "kept_until", "day_zero", "waves", "contact_data"),
    ),
    Step(
        "What is asked",
        "Choose scales: groups of questions that belong together. They are asked in the order in which they stand. Every question may be skipped. Ask less: fewer finish what is long.",
        ("scales",),
    ),
    Step(
        "What is shown",
        "What viewers see before they are asked, and the questions that check whether people read and watched.",
        ("arms", "assignment", "checks"),
    ),
    Step(
        "What people read",
        "In every language of the study. A text that is left empty keeps the study closed until it is written; the last three may stay empty.",
        ("purpose", "debriefing", "debriefing_for_children", "compensation", "items_per_page", "rotate_items"),
    ),
    Step("Look it over", "Check it and keep it as a draft. On its page you can go through it as a respondent does, and open it.", ()),
)  # fmt: skip
SCALES: Final = 2
SHOWN: Final = 3
LAST: Final = len(STEPS) - 1

LABELS: Final = {
    "title": "Title",
    "identifier": "A word for the study",
    "design": "Who is asked",
    "audience": "Are they",
    "invented": "Is it made up, as an example?",
    "organisation": "Who asks",
    "collected_by": "What kind of body asks",
    "contact": "How to reach a person",
    "encounter": "About which record",
    "starts_on": "First day",
    "closes_on": "Last day",
    "kept_until": "Answers are deleted by",
    "day_zero": "Day zero",
    "waves": "Times at which people are asked",
    "waves.*.name": "Short name",
    "waves.*.day": "Begins on day",
    "waves.*.window_days": "Days it stays open",
    "waves.*.scales": "What is asked then",
    "contact_data": "May people leave a way to reach them?",
    "arms": "Arms",
    "arms.*.name": "Short name",
    "arms.*.kind": "What is shown",
    "arms.*.share": "Share",
    "arms.*.clip": "Film",
    "arms.*.picture": "Picture",
    "arms.*.captions": "Captions",
    "arms.*.description": "What is seen and heard",
    "arms.*.text": "Words to read",
    "assignment.ask_before": "Asked before arms are drawn",
    "assignment.block_by": "Balanced within answers to",
    "assignment.block_sizes": "Sizes of blocks",
    "checks.attention": "Attention check",
    "checks.attention_later": "Attention check at later times",
    "checks.manipulation": "Manipulation check",
    "purpose": "What the study is for",
    "debriefing": "What people are told at the end",
    "debriefing_for_children": "The same for children, in their words",
    "compensation": "What people get for answering",
    "items_per_page": "Questions on a page at most",
    "rotate_items": "Does each person meet questions in another order?",
}
HINTS: Final = {
    "title": "Respondents read it above every page.",
    "identifier": "Small letters, digits and hyphens. It stands in addresses and file names, and nobody else reads it.",
    "design": "",
    "audience": "Officers may not ask children, and children are never asked for stereotypes.",
    "organisation": "As respondents read it.",
    "collected_by": "",
    "contact": "A telephone number, an address or a mailbox of somebody who answers for the study.",
    "encounter": "Where the study is about an encounter that is recorded here.",
    "starts_on": "",
    "closes_on": "Nobody can answer afterwards.",
    "kept_until": "Respondents are promised this day before they agree.",
    "day_zero": "Days are counted from it, such as the day of the encounter. Left empty: the first day.",
    "waves": "Each time that people are asked is called a wave. Ask residents again after days, weeks and months; ask those who were there once.",
    "waves.*.name": "One word, such as first or month_later. It stands in tables.",
    "waves.*.day": "0 is day zero; for viewers, the day on which they begin.",
    "waves.*.window_days": "The first one included.",
    "contact_data": "It is kept apart, encrypted, and never exported. Needed only where people are asked again.",
    "arms.*.name": "One word. It stands in tables, and respondents never see it.",
    "arms.*.kind": "After another choice press Next and Back: the fields of its kind are shown then.",
    "arms.*.share": "1 for all arms: each gets as many people.",
    "arms.*.clip": "",
    "arms.*.picture": "In the film's place until it is started, or above the words.",
    "arms.*.captions": "What is said, as text with times.",
    "arms.*.description": "For those who cannot see or hear it.",
    "arms.*.text": "",
    "assignment.ask_before": "Their answers cannot depend on what is shown, and sharpen the comparison.",
    "assignment.block_by": "Within each answer, arms get as many people as their shares say. Choose few: small groups are never balanced.",
    "assignment.block_sizes": "Multiples of the sum of shares, with commas. Several, so that nobody can foretell the last arm of a block.",
    "checks.attention": "A question with one right answer, in the middle, for those who do not read.",
    "checks.attention_later": "",
    "checks.manipulation": "Asked at the end: whether people took in what they were shown.",
    "purpose": "It stands on the page on which people agree to take part.",
    "debriefing": "Needed where people are shown different things: what the others saw, and why.",
    "debriefing_for_children": "In short words. Left empty: a plain sentence of the app's own.",
    "compensation": "Left empty: nothing.",
    "items_per_page": "",
    "rotate_items": "Each begins a scale at another question, so that no question is always the first.",
}  # fmt: skip
ROW_WORDS: Final = {"waves": "Time", "arms": "Arm"}
DESIGNS: Final = (
    ("present", "Those who were there", "Children, adults and officers who took part or stood by, asked once or soon again."),
    ("residents", "The people of the place", "A panel of residents, asked again after days, weeks and months."),
    ("viewers", "Viewers of the clip", "Drawn by lot to the clip, another clip, the clip with the record of the department, or a text."),
)  # fmt: skip
MEANINGS: Final = (
    ("Arm", "one version of what is shown. Each person is drawn to one by lot, so that what differs afterwards comes from what they saw."),
    ("Block", "a few people who come one after the other. Within each full block every arm gets its share, so arms stay equally large all the time."),
    ("Balanced within answers", "blocks are filled apart for each answer, such as for those who were stopped lately and those who were not."),
    ("Attention check", "a question that only those who read it answer rightly."),
    ("Manipulation check", "a question on what was shown. Nobody is left out for a wrong answer: it tells whether the material came across."),
)  # fmt: skip
