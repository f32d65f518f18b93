"""What an uploaded file is, by its content: a film or a picture that browsers show, or captions; or why it is none of them."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from commonbeat.errors import ClipError, Mistake, StudyError
from commonbeat.listen.study.materials import LARGEST_CLIP_BYTES

if TYPE_CHECKING:
    from pathlib import Path

Part = Literal["clip", "picture", "captions"]
HEADING: Final = "The file was not taken:"
MIB: Final = 1 << 20
LARGEST: Final[dict[Part, int]] = {"clip": LARGEST_CLIP_BYTES, "picture": 10 * MIB, "captions": MIB}
PARTS: Final[dict[str, Part]] = {
    ".mp4": "clip",
    ".webm": "clip",
    ".png": "picture",
    ".jpg": "picture",
    ".jpeg": "picture",
    ".webp": "picture",
    ".vtt": "captions",
    ".srt": "captions",
}
ENDINGS: Final = tuple(PARTS)
PLAYED: Final = ("h264", "vp8", "vp9", "av1")  # what Firefox, Chromium and Safari all decode
HEAD_BYTES: Final = 4096
SIGNS: Final = {
    ".mp4": re.compile(rb"\A.{4}ftyp(?!hei|hev|mif|msf|avif|avis)", re.DOTALL),
    ".webm": re.compile(rb"\A\x1a\x45\xdf\xa3.{0,60}?\x42\x82.webm", re.DOTALL),
    ".png": re.compile(rb"\A\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\A\xff\xd8\xff"),
    ".webp": re.compile(rb"\ARIFF.{4}WEBPVP8", re.DOTALL),
}
SIGNS[".jpeg"] = SIGNS[".jpg"]
SAVE_ANEW: Final = "Save it as MP4 with H.264, which every editor of films can, and take that."
CUE: Final = re.compile(r"^(?:\d+:)?\d\d:\d\d[.,]\d{3} --> (?:\d+:)?\d\d:\d\d[.,]\d{3}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is: a part of an arm, the ending under which it is kept, and a sentence of what was seen in it."""

    part: Part
    ending: str
    told: str


def content_of(path: Path) -> Content:
    """What the file is; a film is opened by a process with bounds where the packages of video are installed.

    Raises StudyError for a content that its ending does not promise, one that browsers do not show, and a damaged film.
    """
    ending = path.suffix.lower()
    part = PARTS[ending]
    if part == "captions":
        return Content(part, ".vtt", f"{len(CUE.findall(captions_of(path)))} captions")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not SIGNS[ending].match(head):
        way_out = SAVE_ANEW if part == "clip" else "Save it as PNG or JPEG, and take that."
        raise refused(path.name, f"is no {ending} by its content", way_out)
    return Content(part, ending, _film(path) if part == "clip" else "a picture")


def captions_of(path: Path) -> str:
    """The captions as WebVTT, those of a .srt file written so; StudyError for what is neither."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise refused(path.name, "is not UTF-8 text", "Save the captions as UTF-8.") from error
    if path.suffix.lower() == ".srt":
        text = "WEBVTT\n\n" + re.sub(r"(\d\d:\d\d:\d\d),(\d{3})", r"\1.\2", text.lstrip("\n"))
    if not re.match(r"WEBVTT(?:[ \t\n]|\Z)", text):
        raise refused(path.name, "does not begin with WEBVTT", "Save the captions as WebVTT or SubRip (.srt).")
    if not CUE.search(text):
        raise refused(
            path.name, "has no caption with its times", "A caption has a line such as 00:01.000 --> 00:03.500"
        )
    return text


def refused(name: str, rule: str, way_out: str) -> StudyError:
    """The one error of a file that is not taken."""
    return StudyError(HEADING, [Mistake(name, None, rule, way_out)])


def _film(path: Path) -> str:
    """What is said of a film after a process of its own has walked through it; or that nobody has looked."""
    if importlib.util.find_spec("av") is None:
        return "a film that was not looked into, because the packages of video are not installed: play it here once"
    from commonbeat.record.video.decode import Limits, probe

    try:
        facts = probe(path, Limits(longest_s=3600.0, memory_bytes=2 << 30, processor_s=60, patience_s=90.0))
    except ClipError as error:
        raise StudyError(
            HEADING,
            [Mistake(path.name, each.value, each.rule, _without_commands(each.way_out)) for each in error.mistakes],
        ) from error
    if facts.codec not in PLAYED:
        raise refused(path.name, f"is coded as {facts.codec}, which not every browser plays", SAVE_ANEW)
    sound = "with sound" if facts.has_sound else "without sound"
    return f"{_length(facts.seconds)}, {facts.width} x {facts.height}, {sound}"


def _without_commands(way_out: str) -> str:
    """The way out for whoever has an editor of films and no command line."""
    return SAVE_ANEW if not way_out or "ffmpeg" in way_out else way_out


def _length(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{seconds:.0f} s"
