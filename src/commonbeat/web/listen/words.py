"""The steps in which a study is built, and labels where a field's own name says too little."""

from __future__ import annotations

from typing import Final

from commonbeat.web.filling.step import Step

STEPS: Final = (
    Step(
        "Who asks whom",
        "What respondents read first: who asks, about what, and whom they can reach.",
        ("identifier", "design", "languages", "audience", "title", "organisation", "collected_by", "contact", "encounter", "invented"),
    ),
    Step(
        "When",
        "When people are asked, once or again and again, and how long their answers are kept.",
        ("starts_on", "closes_on", "kept_until", "day_zero", "waves", "contact_data"),
    ),
    Step(
        "What is asked",
        "Choose scales from the bank, in the order in which they are asked. Every question may be skipped. Ask less: fewer finish what is long.",
        ("scales",),
    ),
    Step(
        "What is shown",
        "Only viewers are shown something and drawn to one of several arms. Leave this empty in other designs.",
        ("arms", "assignment", "checks"),
    ),
    Step(
        "What people read",
        "In every language of the study. A text that begins with [TO BE REPLACED] keeps the study closed until it is written.",
        ("purpose", "debriefing", "compensation", "items_per_page", "rotate_items"),
    ),
    Step("Look it over", "Check it, keep it as a draft, and open it from its page.", ()),
)  # fmt: skip
SCALES: Final = 2
LAST: Final = len(STEPS) - 1

LABELS: Final = {
    "title": "Title",
    "identifier": "A word for the study",
    "invented": "Is it made up, as an example?",
    "organisation": "Who asks",
    "collected_by": "What kind of body asks",
    "contact": "How to reach a person",
    "encounter": "About which record",
    "starts_on": "First day",
    "closes_on": "Last day",
    "kept_until": "Answers are deleted by",
    "day_zero": "Day zero, from which waves are counted",
    "waves": "Times at which people are asked",
    "waves.*.name": "Short name",
    "waves.*.day": "Begins on day",
    "waves.*.window_days": "Days it stays open",
    "waves.*.scales": "Its own scales, with commas",
    "contact_data": "May people leave a way to reach them?",
    "arms": "Arms",
    "arms.*.name": "Short name",
    "arms.*.kind": "What is shown",
    "arms.*.clip": "File of the film",
    "arms.*.captions": "File of captions",
    "assignment.ask_before": "Scales asked before arms are drawn",
    "assignment.block_by": "Items whose answers make the strata",
    "assignment.block_sizes": "Sizes of blocks",
    "checks.attention": "Attention check",
    "checks.attention_later": "Attention check in later waves",
    "checks.manipulation": "Whether people took in what they saw",
    "purpose": "What the study is for",
    "debriefing": "What people are told at the end",
    "compensation": "What people get for answering",
    "items_per_page": "Questions on a page at most",
    "rotate_items": "Does each person meet questions in another order?",
}
ROW_WORDS: Final = {"waves": "Time", "arms": "Arm"}
DESIGNS: Final = (
    ("present", "Those who were there", "Children, adults and officers who took part or stood by, asked once or soon again."),
    ("residents", "The people of the place", "A panel of residents, asked again after days, weeks and months."),
    ("viewers", "Viewers of the clip", "Drawn by lot to the clip, another clip, the clip with the record of the department, or a text."),
)  # fmt: skip
