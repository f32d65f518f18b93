"""The words and texts of a study's file."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import Field

Audience = Literal["adult", "child", "officer"]
Design = Literal["present", "residents", "viewers"]
MaterialKind = Literal["clip", "control_clip", "clip_with_record", "text"]

AUDIENCES: Final[tuple[str, ...]] = get_args(Audience)
DESIGNS: Final[tuple[str, ...]] = get_args(Design)
FORMAT: Final = 1
LANGUAGE: Final = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
TO_REPLACE: Final = "[TO BE REPLACED]"  # in any language: a text that begins so keeps the study closed
PRINTABLE: Final = r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]+$"

Language = Annotated[str, Field(pattern=LANGUAGE, max_length=20)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Word = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z][a-z0-9_.-]*$")]
FileName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
LongText = Annotated[str, Field(min_length=1, max_length=5000, pattern=PRINTABLE)]
ShortTexts = dict[Language, Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]]
LongTexts = dict[Language, LongText]
