"""Who sits at a kiosk, and how many responses an offline link has brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "respondents_3"
down_revision = "studies_2"


def upgrade() -> None:
    """The table of seats stands, and links count what they bring."""
    op.create_table(
        "seats",
        sa.Column("seat_hash", sa.String(64), primary_key=True),
        sa.Column("sealed_token", sa.LargeBinary, nullable=False),
        sa.Column("touched_at", sa.Integer, nullable=False),
    )
    op.create_index("ix_seats_touched_at", "seats", ["touched_at"])
    op.add_column("open_links", sa.Column("brought_on", sa.String(10)))
    op.add_column("open_links", sa.Column("brought", sa.Integer, nullable=False, server_default="0"))
