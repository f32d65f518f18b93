"""Names that fit: an outcome called by a whole question is cut in captions and told in full once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST_NAME = 48
HEAD, TAIL = 30, 16  # letters kept of names that begin alike
QUESTION_WORDS = 6  # a name of so many words is a question or a statement that people answered


def short_names(names: Sequence[str]) -> dict[str, str]:
    """What each overlong name is called in captions; cut in the middle where cut ends would be alike, whole where that would not help."""
    long = [name for name in names if len(name) > LONGEST_NAME]
    for cut in (cut_end, cut_middle):
        found = {name: cut(name) for name in long}
        if len({*found.values(), *names} - {*long}) == len(set(names)):
            return found
    return {}


def cut_end(text: str, most: int = LONGEST_NAME) -> str:
    """The text, or its beginning up to the end of a word and an ellipsis, in `most` letters at most."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    words = kept.rsplit(" ", 1)[0] if " " in kept[most // 2 :] else kept
    return f"{words.rstrip(' ,;:')}…"


def cut_middle(text: str) -> str:
    """Both ends of the text."""
    return f"{text[:HEAD].rstrip()} … {text[-TAIL:].lstrip()}"


def told_briefly(text: str, names: Mapping[str, str]) -> str:
    """The text with every overlong name cut, also where it stands with blanks for underscores."""
    for name, short in names.items():
        text = text.replace(name, short).replace(name.replace("_", " "), short.replace("_", " "))
    return text


def is_question(name: str) -> bool:
    """Whether an outcome is called by what people were asked."""
    return "?" in name or len(name.replace("_", " ").split()) >= QUESTION_WORDS
