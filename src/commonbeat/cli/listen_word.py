"""Whoever deletes a study types its word, so that no other study is meant and no key is pressed by mistake."""

from __future__ import annotations

import sys

from commonbeat.errors import InputError, Mistake


def require_word(study: str, word: str) -> None:
    """The word is the study's: the one given or, where none is, the line that is typed. InputError else, and nothing was done."""
    if not word:
        sys.stderr.write(f"Everybody who was asked in {study}, and all that they answered, will be deleted for good.\n")
        sys.stderr.write(f"Type {study} to say that you mean it: ")
        sys.stderr.flush()
        word = sys.stdin.readline()
    if word.strip() != study:
        way_out = f"Type {study}, or add --word {study}, so that no other study is meant."
        raise InputError(
            "Nothing was deleted:", [Mistake("--word", word.strip() or None, "is not the study's word", way_out)]
        )
