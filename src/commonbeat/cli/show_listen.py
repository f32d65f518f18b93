"""What came of a command on studies, in words or as JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from commonbeat.workflows.listen_checked import ReadStudy
    from commonbeat.workflows.listen_erase import Erased
    from commonbeat.workflows.listen_new import NewStudy
    from commonbeat.workflows.listen_people import OpenLink
    from commonbeat.workflows.listen_status import StudyStatus
    from commonbeat.workflows.listen_studies import StudyLine
    from commonbeat.workflows.listen_withdraw import Withdrawn

NOT_TOLD = "fewer than 10, or not told"


def show_new(made: NewStudy, *, as_json: bool) -> None:
    """Where the study's file stands, and what is left to do before it opens."""
    if as_json:
        print_json({"identifier": made.identifier, "file": made.file, "to_do": made.to_do})
        return
    print_lines([made.file, *(f"to do before it opens: {each}" for each in made.to_do)])


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
    days = "; ".join(
        f"{word} on {day}" for word, day in (("opened", found.opened_on), ("closed", found.closed_on)) if day
    )
    lines = [f"{found.identifier}: {found.state}{f' ({days})' if days else ''}; the last day is {found.closes_on}"]
    if found.overdue:
        lines.append(
            f"its answers were to be deleted by {found.kept_until}: commonbeat listen erase {found.identifier}"
        )
    lines.append(f"people: {found.people} invited or came, {found.agreed} agreed")
    lines += (
        _cells("state", found.by_state)
        + _cells("agreed, audience", found.by_audience)
        + _cells("agreed, arm", found.by_arm)
    )
    for wave in found.waves:
        lines.append(f"wave {wave.wave}: {wave.begun} began, {wave.finished} finished")
        lines += _cells("finished in arm", wave.by_arm)
    lines += [
        f"link {each.name}: {each.kind}{f', {each.audience}' if each.audience else ''}, made on {each.made_on}"
        f"{', revoked' if each.revoked else ''}"
        for each in links
    ]
    print_lines(lines)


def show_links(links: Sequence[str], file: Path | None, *, as_json: bool) -> None:
    """The links, or the file in which they stand."""
    if as_json:
        print_json({"file": str(file or ""), "count": len(links), "links": [] if file else links})
        return
    print_lines([f"{file}: {len(links)} links"] if file else links)
    which = "this link" if len(links) == 1 else "these links"
    sys.stderr.write(f"The store cannot show {which} again.\n")


def show_withdrawn(gone: Withdrawn, *, as_json: bool) -> None:
    """What is gone, and where it may still stand."""
    if as_json:
        print_json(gone)
        return
    lines = [f"{gone.study}: withdrawn; {gone.answers} answers are deleted"]
    if gone.exports:
        lines.append(f"exports made before, which may hold them: {gone.exports}. Delete those files and export again.")
    print_lines(lines)


def show_erased(gone: Erased, *, as_json: bool) -> None:
    """What is gone, and where it may still stand."""
    if as_json:
        print_json(gone)
        return
    lines = [f"{gone.study}: {gone.answers} answers of {gone.people} people are deleted"]
    if gone.exports:
        lines.append(f"exports made before, which may hold them: {gone.exports}. Delete those files too.")
    print_lines(lines)


def _cells(name: str, counts: Mapping[str, int | None]) -> list[str]:
    return [f"  {name} {cell}: {NOT_TOLD if count is None else count}" for cell, count in counts.items()]
