"""The statements by which a database itself refuses to change or delete what a table holds."""

from __future__ import annotations

from typing import Final

REFUSAL: Final = "nothing in the log can be changed or taken out"


def append_only(table: str, dialect: str) -> tuple[str, ...]:
    """The statements that make `table`, whose key is `number`, append-only in this dialect: sqlite or postgresql."""
    if dialect == "sqlite":
        # SQLite replaces a row (INSERT OR REPLACE) without asking the other two.
        following = f"SELECT coalesce(max(number), 0) + 1 FROM {table}"  # noqa: S608 - the name is our own
        in_order = (
            f"CREATE TRIGGER {table}_in_order BEFORE INSERT ON {table} "
            f"WHEN NEW.number IS NOT ({following}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return (in_order, *_no_changes(table))
    refuse = (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    rows = (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
    whole = (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
    return (refuse, rows, whole)


def _no_changes(table: str) -> tuple[str, ...]:
    """One trigger for changes and one for deletions, in SQLite."""
    return tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for act in ("UPDATE", "DELETE")
    )
