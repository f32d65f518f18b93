"""The first store: encounters, what was made from them, withdrawals and the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commonbeat.storage.triggers import append_only

revision = "records_1"
down_revision = None


def upgrade() -> None:
    """The four tables stand, and the log refuses changes."""
    _encounters()
    _traces()
    op.create_table(
        "log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        *_texts(at=32, act=20, subject=64, scope=80, fingerprint=64, previous=64, hash=64),
        sqlite_autoincrement=True,
    )
    op.create_index("log_subject", "log", ["subject"])
    for statement in append_only("log", op.get_bind().dialect.name):
        op.execute(sa.text(statement))


def _encounters() -> None:
    op.create_table(
        "encounters",
        sa.Column("identifier", sa.String(64), primary_key=True),
        *_texts(consent=64),
        sa.Column("content", sa.Text, nullable=False),
        *_texts(salt=64),
        sa.Column("invented", sa.Boolean, nullable=False),
        sa.Column("unconfirmed", sa.Integer, nullable=False),
        *_texts(imported_at=32),
    )
    op.create_index("ix_encounters_consent", "encounters", ["consent"])


def _traces() -> None:
    op.create_table(
        "derivatives",
        sa.Column("number", sa.Integer, primary_key=True),
        *_texts(encounter=64, consent=64),
        sa.Column("path", sa.Text, nullable=False),
        *_texts(kind=40, holds_until=10, made_at=32),
        sa.UniqueConstraint("encounter", "path", name="one_row_per_encounter_and_path"),
    )
    op.create_index("ix_derivatives_consent", "derivatives", ["consent"])
    op.create_table(
        "withdrawals",
        sa.Column("encounter", sa.String(64), primary_key=True),
        *_texts(consent=64, why=20, at=32),
    )


def _texts(**lengths: int) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()]
