"""What came of a command on studies, in words or as JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from commonbeat.storage import Store
    from commonbeat.workflows.listen_bring import Brought
    from commonbeat.workflows.listen_checked import ReadStudy
    from commonbeat.workflows.listen_erase import Erased
    from commonbeat.workflows.listen_new import NewStudy
    from commonbeat.workflows.listen_people import OpenLink
    from commonbeat.workflows.listen_status import StudyStatus
    from commonbeat.workflows.listen_studies import StudyLine
    from commonbeat.workflows.listen_withdraw import Withdrawn

INVENTED = "it is marked as an invented example: its report says that nothing was measured, and nothing of it is saved as a finding"
NOT_TOLD = "fewer than 10, or not told"  # the second where a number would tell of fewer than ten together with others


def show_new(made: NewStudy, *, as_json: bool) -> None:
    """Where the study's file stands, and what is left to do before it opens."""
    if as_json:
        print_json({"identifier": made.identifier, "file": made.file, "to_do": made.to_do, "notes": made.notes})
        return
    print_lines([made.file, *made.notes, *(f"to do before it opens: {each}" for each in made.to_do)])


def show_checked(read: ReadStudy, *, as_json: bool) -> None:
    """A sound study's file: how long it takes, what is left to do, what it may do better."""
    if as_json:
        told = {"identifier": read.study.identifier, "file": read.file, "minutes": read.minutes}
        print_json({**told, "to_do": read.to_do, "cautions": read.cautions})
        return
    lines = [f"{read.study.identifier}: sound, of design {read.study.design}"]
    lines += [f"  {who}: about {minutes:.0f} minutes" for who, minutes in read.minutes.items()]
    lines += [f"to do before it opens: {each}" for each in read.to_do]
    print_lines([*lines, *(f"to think about: {each}" for each in read.cautions)])


def show_studies(lines: Sequence[StudyLine], *, as_json: bool) -> None:
    """One row per study."""
    if as_json:
        print_json(lines)
        return
    shown = table("study", "state", "design", ">people", "title")
    for each in lines:
        shown.add_row(each.identifier, each.state, each.design, str(each.participants), each.title)
    console().print(shown)


def show_status(found: StudyStatus, links: Sequence[OpenLink] = (), *, as_json: bool) -> None:
    """How the study goes."""
    if as_json:
        print_json({"status": found, "links": links})
        return
    lines = [f"{found.identifier}: {_state(found)}"]
    if found.invented:
        lines.append(INVENTED)
    if found.overdue:
        lines.append(
            f"its answers were to be deleted by {found.kept_until}: commonbeat listen erase {found.identifier}"
        )
    if not found.erased_on:
        lines += _people(found)
    lines += [
        f"link {each.name}: {each.kind}{f', {each.audience}' if each.audience else ''}, made on {each.made_on}"
        f"{', revoked' if each.revoked else ''}"
        for each in links
    ]
    print_lines(lines)


def _people(found: StudyStatus) -> list[str]:
    """How many came, agreed, began and finished, as far as that may be told; parts only of what is there."""
    lines = [f"people: {_count(found.people)} invited or came; agreed: {_count(found.agreed)}"]
    lines += _cells("state", found.by_state)
    if found.agreed != 0:
        lines += _cells("agreed, audience", found.by_audience if len(found.by_audience) > 1 else {})
        lines += _cells("agreed, arm", found.by_arm)
    for wave in found.waves:
        lines.append(f"wave {wave.wave}: began: {_count(wave.begun)}; finished: {_count(wave.finished)}")
        lines += _cells("finished in arm", wave.by_arm if wave.finished != 0 else {})
    return lines


def show_next(found: StudyStatus) -> None:
    """Whoever opened a study reads on standard error how people come to it."""
    sys.stderr.write(
        f"Next: commonbeat listen invite {found.identifier} --count 10, or listen link {found.identifier}; "
        f"then commonbeat listen serve {found.identifier}\n"
    )


def show_links(links: Sequence[str], file: Path | None, *, as_json: bool) -> None:
    """The links, or the file in which they stand."""
    if as_json:
        print_json({"file": str(file or ""), "count": len(links), "links": [] if file else links})
        return
    print_lines([f"{file}: {len(links)} links"] if file else links)
    which = "this link" if len(links) == 1 else "these links"
    sys.stderr.write(f"The store cannot show {which} again.\n")


def show_sheet(file: Path, count: int, *, as_json: bool) -> None:
    """Where the sheet stands, and how many links are on it."""
    if as_json:
        print_json({"file": str(file), "count": count})
        return
    print_lines([f"{file}: {count} {'link' if count == 1 else 'links'}. Open it in a browser and print it."])


def show_offline(file: Path, address: str, *, as_json: bool) -> None:
    """Where the offline file stands, and how its answers come back."""
    if as_json:
        print_json({"file": str(file), "address": address})
        return
    back = (
        f"sends what was answered to {address}"
        if address
        else "sends nothing: save its answers on the device and bring them with listen import"
    )
    print_lines([f"{file}: copy it to the devices. It {back}."])


def show_brought(found: Brought, *, as_json: bool) -> None:
    """How many responses came, how many of them were there already, and how many were refused."""
    if as_json:
        print_json(found)
        return
    print_lines([f"{found.study}: {found.new} new, {found.known} known before, {len(found.refused)} refused"])


def note_invented(store: Store, study: str) -> None:
    """Whoever hands out an example to people reads on standard error what that means for its report."""
    from commonbeat.workflows.listen_studies import kept_study

    with store.reading() as connection:
        invented = kept_study(connection, study).study.invented
    if invented:
        sys.stderr.write(f"{study}: {INVENTED}. Real people need a study whose file does not say so.\n")


def show_withdrawn(gone: Withdrawn, *, as_json: bool) -> None:
    """What is gone, and where it may still stand."""
    if as_json:
        print_json(gone)
        return
    lines = [f"{gone.study}: withdrawn; {_answers(gone.answers)} deleted"]
    if gone.before:
        lines = [f"{gone.study}: had been withdrawn on {gone.before}; nothing was left to delete"]
    if gone.exports:
        lines.append(f"exports made before, which may hold them: {gone.exports}. Delete those files and export again.")
    print_lines(lines)


def show_erased(gone: Erased, *, as_json: bool) -> None:
    """What is gone, and where it may still stand."""
    if as_json:
        print_json(gone)
        return
    people = f"{gone.people} {'person' if gone.people == 1 else 'people'}"
    lines = [f"{gone.study}: {gone.answers} {'answer' if gone.answers == 1 else 'answers'} of {people} are deleted"]
    if gone.before:
        lines = [f"{gone.study}: everything had been deleted on {gone.before}; nothing was left to delete"]
    if gone.exports:
        lines.append(f"exports made before, which may hold them: {gone.exports}. Delete those files too.")
    print_lines(lines)


def _answers(count: int) -> str:
    return f"{count} {'answer is' if count == 1 else 'answers are'}"


def _state(found: StudyStatus) -> str:
    """The state of the study and its days, such as "open since 2026-06-16; the last day is 2026-10-03"."""
    if found.erased_on:
        return f"over; its answers and everybody who was asked were deleted on {found.erased_on}"
    last = f"the last day {'is' if found.closes_on >= today() else 'was'} {found.closes_on}"
    if found.state == "draft":
        return f"a draft that nobody can answer yet; {last}"
    if found.closed_on:
        return f"closed on {found.closed_on}, opened on {found.opened_on}; {last}"
    return f"open since {found.opened_on}; {last}"


def _count(count: int | None) -> str:
    return NOT_TOLD if count is None else f"{count:,}"


def _cells(name: str, counts: Mapping[str, int | None]) -> list[str]:
    return [f"  {name} {cell}: {_count(count)}" for cell, count in counts.items()]
