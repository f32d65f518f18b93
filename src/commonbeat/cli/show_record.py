"""What came of a command on records, in words or as JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.storage.log import Entry
    from commonbeat.workflows.record_check import Checked, CheckedStore
    from commonbeat.workflows.record_export import Exported
    from commonbeat.workflows.record_import import Imported
    from commonbeat.workflows.record_list import Row
    from commonbeat.workflows.record_new import Form
    from commonbeat.workflows.record_withdraw import Withdrawn


def show_form(form: Form, *, as_json: bool) -> None:
    """The form, or where it stands."""
    if as_json:
        print_json(form)
    elif form.file:
        print_lines([form.file])
    else:
        sys.stdout.write(form.text)


def show_checked(found: Sequence[Checked], *, as_json: bool) -> None:
    """Each sound record, with what may be done and what is not confirmed."""
    if as_json:
        print_json({"records": found})
        return
    for each in found:
        print_lines(_told(each))


def _told(each: Checked) -> list[str]:
    lines = [f"{each.identifier}: sound{', INVENTED' if each.invented else ''}", f"  {each.summary}"]
    allowed = ", ".join(each.scopes) or "nothing"
    until = f", until {each.holds_until} at the longest" if each.holds_until and each.scopes else ""
    lines.append(f"  consent allows: {allowed}{until}")
    lines += [f"  not asked yet: {each_missing}" for each_missing in each.missing]
    lines += [f"  not confirmed by a person: {place}" for place in each.unconfirmed]
    return lines


def show_checked_store(found: CheckedStore, *, as_json: bool) -> None:
    """What the sound store holds, and the head of its log for somebody to note down."""
    if as_json:
        print_json(found)
        return
    print_lines([line for each in found.records for line in _told(each)])
    made = f"records: {len(found.records)}, files and folders made from them: {found.derivatives}"
    print_lines([f"{found.store}: sound; {made}", f"log: {found.log_entries} entries, whole; head {found.log_head}"])


def show_imported(found: Imported, *, as_json: bool) -> None:
    """What became of each record."""
    if as_json:
        print_json(found)
        return
    lines = [f"{name}: kept" for name in found.kept]
    lines += [f"{name}: was there already, the same" for name in found.same]
    lines += [f"{name}: replaced" for name in found.replaced]
    lines += [f"{name}: a draft; not confirmed: {', '.join(places)}" for name, places in found.unconfirmed.items()]
    lines += [f"remembered, so that a withdrawal deletes it too: {path}" for path in found.remembered]
    print_lines([*lines, f"store: {found.store}"])


def show_exported(found: Exported, *, as_json: bool) -> None:
    """The records, or where they stand; what was left out is told beside them."""
    if as_json and not found.file:
        sys.stdout.write(found.text or "[]\n")
    elif as_json:
        print_json({"file": found.file, "shared": found.shared, "left_out": found.left_out})
    elif found.file and found.shared:
        print_lines([f"{found.file}: {len(found.shared)} shared"])
    else:
        sys.stdout.write(found.text)
    lines = [f"left out, {len(found.left_out)}: not everybody visible agreed to 'share'"] if found.left_out else []
    lines += [f"  {name}: {'; '.join(reasons)}" for name, reasons in found.left_out.items()]
    if found.file and not found.shared:
        lines.append(f"{found.file}: not written, nothing may be shared")
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def show_withdrawn(found: Withdrawn, *, as_json: bool) -> None:
    """What is gone."""
    if as_json:
        print_json(found)
        return
    lines = [f"{name}: withdrawn; its content is deleted" for name in found.encounters]
    lines += [f"deleted: {path}" for path in found.deleted]
    if found.also_held:
        lines.append(f"a deleted export also held, and the store still has: {', '.join(found.also_held)}")
    print_lines(lines)


def show_what_would_go(encounters: Sequence[str], paths: Sequence[str], *, as_json: bool) -> None:
    """What a withdrawal would delete."""
    if as_json:
        print_json({"encounters": encounters, "deleted": paths})
    else:
        print_lines(
            [*(f"would be withdrawn: {each}" for each in encounters), *(f"would be deleted: {each}" for each in paths)]
        )


def show_list(rows: Sequence[Row], *, as_json: bool) -> None:
    """One row per record."""
    if as_json:
        print_json(rows)
        return
    shown = table("record", "day", "what", "marks", "consent until", ">made from it")
    for row in rows:
        marks = [
            *(["invented"] if row.invented else []),
            *([f"draft ({row.unconfirmed} not confirmed)"] if row.unconfirmed else []),
        ]
        shown.add_row(row.identifier, row.day, row.title, ", ".join(marks), row.holds_until, str(row.derivatives))
    console().print(shown)


def show_log(entries: Sequence[Entry], *, as_json: bool) -> None:
    """One row per entry."""
    if as_json:
        print_json(entries)
        return
    shown = table(">", "when", "what", "record", "scope", "hash")
    for each in entries:
        shown.add_row(str(each.number), each.at, each.act, each.subject, each.scope, each.hash[:16])
    console().print(shown)
