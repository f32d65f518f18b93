"""Forms of studies that somebody is filling in: each is kept with every step, so that Back, a reload or a closed window loses nothing."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from commonbeat.errors import Mistake, StudyError
from commonbeat.results.disk import write_whole
from commonbeat.web.filling.sent import Sent

if TYPE_CHECKING:
    from pathlib import Path

FORMS: Final = "forms"
NEW, OF_STUDY = "new.", "study."
NAME: Final = re.compile(r"(?:new\.[0-9a-f]{12}|study\.[a-z0-9][a-z0-9-]{2,63})", re.ASCII)
MOST_FORMS: Final = 50
LARGEST_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A form that waits. name: of the form; title: of its study, "" while it has none; changed_on: the day of the last step."""

    name: str
    title: str
    changed_on: date


def new_name() -> str:
    """A name that no other form has."""
    return f"{NEW}{secrets.token_hex(6)}"


def name_for(identifier: str) -> str:
    """The name of the form that changes this draft."""
    return f"{OF_STUDY}{identifier}"


def study_in(name: str) -> str:
    """The draft that a form of this name changes; "" for one that begins a new study."""
    return name.removeprefix(OF_STUDY) if name.startswith(OF_STUDY) else ""


def keep_form(studies: Path, name: str, sent: Sent) -> None:
    """The form waits with these fields. Those that nobody went on with for longest go first; StudyError for more text than a study has."""
    text = json.dumps({key: list(texts) for key, texts in sent.items()}, ensure_ascii=False).encode()
    if len(text) > LARGEST_BYTES:
        raise StudyError("The form was not kept:", [Mistake("form", None, "is larger than a study", "Say it shorter.")])
    folder = studies / FORMS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / f"{name}.json", text, private=True)
    for path in _waiting(folder)[MOST_FORMS:]:
        path.unlink(missing_ok=True)


def kept_form(studies: Path, name: str) -> Sent | None:
    """The fields of the form; None for one that does not wait."""
    if not NAME.fullmatch(name):
        return None
    try:
        text = (studies / FORMS / f"{name}.json").read_bytes()
    except FileNotFoundError:
        return None
    return Sent({key: tuple(texts) for key, texts in json.loads(text).items()})


def forget_form(studies: Path, name: str) -> None:
    """The form waits no more."""
    if NAME.fullmatch(name):
        (studies / FORMS / f"{name}.json").unlink(missing_ok=True)


def unfinished_forms(studies: Path) -> tuple[Unfinished, ...]:
    """The forms that wait, the last one first."""
    found = []
    for path in _waiting(studies / FORMS):
        sent = kept_form(studies, path.stem)
        if sent is not None:
            language = (sent.texts("languages") or ("en",))[0]
            day = date.fromtimestamp(_changed_at(path))  # noqa: DTZ012 - the day as it is where the app runs
            found.append(Unfinished(path.stem, sent.text(f"title.{language}"), day))
    return tuple(found)


def named_in_forms(studies: Path) -> frozenset[str]:
    """Every text of one line in the forms that wait: among them the paths of the files that they name."""
    forms = (kept_form(studies, path.stem) for path in _waiting(studies / FORMS))
    return frozenset(text for sent in forms if sent is not None for _, texts in sent.items() for text in texts)


def _waiting(folder: Path) -> list[Path]:
    """The files of forms, the one that was changed last first."""
    found = [each for each in folder.glob("*.json") if NAME.fullmatch(each.stem)] if folder.is_dir() else []
    return sorted(found, key=_changed_at, reverse=True)


def _changed_at(path: Path) -> float:
    """When the file was changed; 0 for one that somebody took away meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
