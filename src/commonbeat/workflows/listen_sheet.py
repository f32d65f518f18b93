"""What is to be known before a sheet or an offline file is made, and the links that stand on a sheet: new ones, those of a list, or one for a poster."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from commonbeat.errors import InputError, Mistake, Mistakes, did_you_mean
from commonbeat.storage.tables_listen import open_links, participants
from commonbeat.workflows.listen_links import link_to, token_in
from commonbeat.workflows.listen_people import invite, open_link
from commonbeat.workflows.listen_studies import kept_study, require_not_over
from commonbeat.workflows.listen_tokens import hash_of

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.storage import Store
    from commonbeat.workflows.listen_people import LinkKind
    from commonbeat.workflows.listen_studies import KeptStudy

HEADING: Final = "No sheet was made:"
MOST_TOLD: Final = 5
HOW: Final = "Say --count for new personal links, --links for a list that was made before, or --poster for one link that many use."


@dataclass(frozen=True, slots=True)
class SheetWish:
    """What is to stand on a sheet: exactly one of count, links (a CSV file with a column of that name) and poster. language: "" for the study's first."""

    count: int | None = None
    links: Path | None = None
    poster: LinkKind | None = None
    audience: str | None = None
    language: str = ""


def require_sheet(store: Store, study_id: str, wish: SheetWish) -> KeptStudy:
    """The study, of which such a sheet can be made; or InputError lists every reason why not, and no link is made."""
    with store.reading() as connection:
        kept = kept_study(connection, study_id)
    require_not_over(kept, HEADING)
    found = Mistakes()
    given = [name for name in ("count", "links", "poster") if getattr(wish, name) is not None]
    if len(given) != 1:
        place = " and ".join(f"--{name}" for name in given) or "--count, --links or --poster"
        found.add(place, None, "cannot be given together" if given else "is missing", HOW)
    languages = kept.study.languages
    if wish.language and wish.language not in languages:
        found.add("--language", wish.language, "is none of the study's", did_you_mean(wish.language, languages))
    if wish.links is not None:
        found.found += _strange(store, study_id, wish.links)
    found.raise_if_any(InputError, HEADING)
    return kept


def require_offline(store: Store, study_id: str, audience: str | None, language: str) -> KeptStudy:
    """The study, which can be asked without a network; or InputError lists every reason why not, and no link is made."""
    heading = "No offline file was made:"
    with store.reading() as connection:
        kept = kept_study(connection, study_id)
    require_not_over(kept, heading)
    found, study = Mistakes(), kept.study
    if study.arms:
        rule = "draws arms, which a file without the store cannot do"
        found.add("study", study_id, rule, "Hand out links, or set up a kiosk.")
    if audience and audience not in study.audience:
        found.add("--audience", audience, "is not asked in this study", did_you_mean(audience, study.audience))
    if language and language not in study.languages:
        found.add("--language", language, "is none of the study's", did_you_mean(language, study.languages))
    found.raise_if_any(InputError, heading)
    return kept


def sheet_links(store: Store, study_id: str, wish: SheetWish, address: str) -> tuple[str, ...]:
    """The whole links for the sheet; new ones are made where no list is given. Call `require_sheet` before."""
    if wish.links is not None:
        return tuple(link for _, link in _read(wish.links))
    if wish.poster is not None:
        return (link_to(address, open_link(store, study_id, wish.poster, audience=wish.audience), wish.poster),)
    made = invite(store, study_id, wish.count or 0, audience=wish.audience)
    return tuple(link_to(address, each.token) for each in made)


def _read(path: Path) -> list[tuple[int, str]]:
    """The column `link` of the list, each with its line in the file; ValueError where there is none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if "link" not in (rows.fieldnames or ()):
            message = "has no column link"
            raise ValueError(message)
        return [(rows.line_num, row["link"].strip()) for row in rows if (row["link"] or "").strip()]


def _strange(store: Store, study_id: str, path: Path) -> list[Mistake]:
    """What is wrong with the list: it cannot be read, or has links that do not open this study."""
    as_made = "Take the file that `listen invite --to` or `listen follow-up --to` wrote."
    try:
        links = _read(path)
    except UnicodeDecodeError:
        return [Mistake(str(path), None, "is no text in UTF-8", as_made)]
    except (ValueError, OSError, csv.Error) as error:
        rule = (
            f"cannot be read: {error.strerror.lower()}" if isinstance(error, OSError) and error.strerror else str(error)
        )
        return [Mistake(str(path), None, rule, as_made)]
    known = _known(store, study_id)
    wrong = [line for line, link in links if hash_of(token_in(link)) not in known]
    rule = f"opens nothing in {study_id}"
    found = [Mistake(f"{path}, line {number}", None, rule, "Take its new link.") for number in wrong[:MOST_TOLD]]
    if len(wrong) > MOST_TOLD:
        found.append(Mistake(str(path), None, f"has {len(wrong) - MOST_TOLD:,} more such links", as_made))
    return found if links else [Mistake(str(path), None, "has no links", as_made)]


def _known(store: Store, study_id: str) -> set[str]:
    """The hashes of all links that open the study."""
    people = select(participants.c.token_hash).where(
        participants.c.study == study_id, participants.c.state != "withdrawn"
    )
    many = select(open_links.c.token_hash).where(open_links.c.study == study_id, ~open_links.c.revoked)
    with store.reading() as connection:
        return {*connection.execute(people).scalars(), *connection.execute(many).scalars()}
