"""Studies and those who answer; the users, sessions and jobs of the web app."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "studies_2"
down_revision = "records_1"


def upgrade() -> None:
    """The tables of studies and of the web app stand beside those of records."""
    _studies()
    _participants()
    _what_they_sent()
    _web()


def _studies() -> None:
    op.create_table(
        "studies",
        sa.Column("identifier", sa.String(64), primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        *_texts(fingerprint=64, state=10, registered_on=10),
        *_maybe(opened_on=10, closed_on=10),
        sa.Column("assignment_seed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "open_links",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _study(),
        *_texts(kind=12),
        *_maybe(audience=12),
        *_texts(made_on=10),
        sa.Column("revoked", sa.Boolean, nullable=False),
    )
    op.create_index("ix_open_links_study", "open_links", ["study"])
    op.create_table(
        "strata",
        _study(primary_key=True),
        sa.Column("stratum", sa.String(300), primary_key=True),
        sa.Column("drawn", sa.Integer, nullable=False),
    )


def _participants() -> None:
    op.create_table(
        "participants",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        _study(),
        *_texts(token_hash=64),
        *_maybe(withdrawal_hash=64),
        *_texts(came_by=12),
        *_maybe(audience=12, language=12, stratum=300),
        sa.Column("position", sa.Integer),
        *_maybe(arm=64),
        *_texts(state=12),
        *_maybe(arrived_on=10, consented_on=10, finished_on=10, withdrawn_on=10),
        sa.UniqueConstraint("token_hash", name="one_participant_per_token"),
        sa.UniqueConstraint("withdrawal_hash", name="one_participant_per_withdrawal_code"),
        sa.UniqueConstraint("study", "stratum", "position", name="one_participant_per_place_in_a_stratum"),
        sqlite_autoincrement=True,
    )
    op.create_index("participants_counted", "participants", ["study", "state", "arm", "audience"])


def _what_they_sent() -> None:
    op.create_table(
        "turns",
        *_of_a_wave(),
        _study(),
        *_maybe(arm=64),
        *_texts(begun_on=10),
        *_maybe(finished_on=10),
    )
    op.create_index("turns_counted", "turns", ["study", "wave", "arm", "finished_on"])
    op.create_table(
        "submissions",
        *_of_a_wave(),
        sa.Column("page", sa.String(64), primary_key=True),
        *_texts(key=64, day=10),
        sa.UniqueConstraint("participant", "key", name="one_submission_per_key"),
    )
    op.create_table(
        "answers",
        *_of_a_wave(),
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("value", sa.Float),
        sa.Column("text", sa.Text),
        sa.Column("skipped", sa.Boolean, nullable=False),
    )
    op.create_table("contacts", _participant(), sa.Column("sealed", sa.LargeBinary, nullable=False))


def _web() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(64), primary_key=True),
        *_texts(role=10, password_hash=255, made_at=32),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        *_texts(user=64, role=10, csrf=64),
        sa.Column("seen_at", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.Integer, nullable=False),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        *_texts(kind=20),
        sa.Column("arguments", sa.Text, nullable=False),
        *_texts(state=12),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("done", "total")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("folder", "message")),
        sa.Column("process", sa.Integer),
        *_texts(asked_by=64, asked_at=32),
        *_maybe(begun_at=32, ended_at=32),
        sqlite_autoincrement=True,
    )
    op.create_index("jobs_state", "jobs", ["state"])


def _of_a_wave() -> list[sa.Column[int] | sa.Column[str]]:
    return [_participant(), sa.Column("wave", sa.String(64), primary_key=True)]


def _participant() -> sa.Column[int]:
    return sa.Column("participant", sa.Integer, sa.ForeignKey("participants.number"), primary_key=True)


def _study(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "study", sa.String(64), sa.ForeignKey("studies.identifier"), primary_key=primary_key, nullable=False
    )


def _texts(**lengths: int) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()]


def _maybe(**lengths: int) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length)) for name, length in lengths.items()]
