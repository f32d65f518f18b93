"""What devices saved on a day without a network is brought by hand: each response is kept once, however often its file comes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert

from commonbeat.errors import AnswerError, Mistake, Mistakes
from commonbeat.storage.log import append
from commonbeat.storage.tables_listen import open_links
from commonbeat.workflows.listen_offline import Refused, synchronise
from commonbeat.workflows.listen_people import audience_of
from commonbeat.workflows.listen_studies import kept_study, require_not_over
from commonbeat.workflows.listen_tokens import hash_of, new_token
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from commonbeat.storage import Store

HEADING: Final = "Nothing was brought:"
LARGEST_BYTES: Final = 16_000_000
AS_SAVED: Final = 'Take the file that "Save as a file" wrote on the device.'


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of the responses in the files. new: kept now. known: kept before, or withdrawn since. refused: with every reason."""

    study: str
    files: int
    new: int
    known: int
    refused: tuple[Refused, ...]

    def require_all(self) -> None:
        """No response was refused, or AnswerError lists those that were; the others are kept."""
        if self.refused:
            count = len(self.refused)
            heading = f"{count} {'response was' if count == 1 else 'responses were'} refused; the others are kept:"
            raise AnswerError(
                heading, [Mistake(f"response {each.key[:6]}...", None, _plain(each)) for each in self.refused]
            )


def read_device_files(paths: Sequence[str | Path]) -> tuple[object, ...]:
    """What stands in the files, as `bring` takes it. AnswerError lists every file that cannot be one of a device."""
    found, documents = Mistakes(), []
    for path in paths:
        try:
            documents.append(read_document(_bytes(Path(path))))
        except ValueError as error:
            found.add(str(path), None, str(error), AS_SAVED)
    if not paths:
        found.add("FILE", None, "is missing", AS_SAVED)
    found.raise_if_any(AnswerError, HEADING)
    return tuple(documents)


def read_document(body: bytes) -> object:
    """The JSON of a device's file as values that every database can hold; ValueError says why it is none."""
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        text = json.dumps(document, ensure_ascii=False)
        text.encode("utf-8")  # halves of characters end here
    except (ValueError, RecursionError) as error:
        message = "is no file of a device: it is not JSON"
        raise ValueError(message) from error
    if "\\u0000" in text or not isinstance(document, dict) or "responses" not in document:
        message = "is no file of a device: it holds no responses"
        raise ValueError(message)
    return document


def bring(store: Store, study_id: str, documents: Iterable[object]) -> Brought:
    """The responses of these documents are in the store, each once; the log knows how many came.

    Raises StoreError for a study that is not there or not open, AnswerError for a document of another study; what was kept before that is kept.
    """
    kept, known, refused, files = 0, 0, [], 0
    for document in documents:
        token = _door(store, study_id)
        try:
            found = synchronise(store, token, document)
        finally:
            _shut(store, token)
        files += 1
        kept, known = kept + len(found.kept), known + len(found.known)
        refused += found.refused
        new = len(found.kept)
        store.write(lambda connection, new=new: append(connection, "responses brought", study_id, scope=f"{new} new"))
    return Brought(study_id, files, kept, known, tuple(refused))


def _door(store: Store, study_id: str) -> str:
    """The token of a link by which one file comes in. A file that is carried has none, and this one is in no list: it is good for a moment."""
    token = new_token()

    def work(connection: Connection) -> None:
        kept = kept_study(connection, study_id)
        require_not_over(kept, HEADING)
        row = {"token_hash": hash_of(token), "study": study_id, "kind": "offline", "audience": audience_of(kept, None)}
        connection.execute(insert(open_links).values(**row, made_on=str(today()), revoked=False))

    store.write(work)
    return token


def _shut(store: Store, token: str) -> None:
    store.write(
        lambda connection: connection.execute(delete(open_links).where(open_links.c.token_hash == hash_of(token)))
    )


def _bytes(path: Path) -> bytes:
    """What stands in the file; ValueError where it cannot be read or is larger than any device's."""
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {(error.strerror or type(error).__name__).lower()}"
        raise ValueError(message) from error
    if len(body) > LARGEST_BYTES:
        message = f"is larger than {LARGEST_BYTES:,} bytes"
        raise ValueError(message)
    return body


def _plain(refused: Refused) -> str:
    """The reasons in one line, without the heading and the mark at the end, which the list of mistakes has itself."""
    lines = [line.strip().rstrip(".") for line in refused.why.splitlines()]
    return "; ".join(lines[1:] or lines)


def _refuse_constant(word: str) -> None:
    raise ValueError(word)
