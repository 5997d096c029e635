"""Who there is: units, people, positions and who holds them from when to when.

Identifiers are the organisation's own (from its staff system), so they are text.
Validity is in whole civil days, first and last day included; an open end is NULL.
"""

import sqlalchemy as sa

from engine.store.tables.base import metadata
from engine.store.types import Instant

unit = sa.Table(
    "unit",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("parent_id", sa.String(64), sa.ForeignKey("unit.id"), index=True),
    sa.Column("successor_id", sa.String(64), sa.ForeignKey("unit.id")),
    sa.Column("valid_to", sa.Date),
    sa.CheckConstraint("kind in ('region', 'area', 'operations', 'unit', 'external')", name="kind"),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254)),
    sa.Column("locale", sa.String(2), nullable=False, server_default="sv"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
)

account = sa.Table(
    "account",
    metadata,
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("username", sa.String(254), nullable=False, unique=True),
    sa.Column("password_hash", sa.String(200)),
    sa.Column("session_epoch", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failed_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_after", Instant),
    sa.Column("created_at", Instant, nullable=False),
)

sign_in_place = sa.Table(
    "sign_in_place",
    metadata,
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("place", sa.String(64), primary_key=True),
    sa.Column("failed_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_after", Instant),
    sa.Column("signed_in_at", Instant),
    sa.Column("last_at", Instant, nullable=False),
)

absence = sa.Table(
    "absence",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("deputy_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("set_by", sa.String(64)),
    sa.Column("set_at", Instant, nullable=False),
    sa.CheckConstraint("person_id <> deputy_id", name="another"),
)

position = sa.Table(
    "position",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(64), nullable=False, index=True),
    sa.Column("unit_id", sa.String(64), sa.ForeignKey("unit.id"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
)

holding = sa.Table(
    "holding",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("position_id", sa.String(64), sa.ForeignKey("position.id"), nullable=False, index=True),
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("function", sa.String(16), nullable=False, server_default="holder"),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    sa.CheckConstraint("function in ('holder', 'chair', 'secretary', 'member')", name="function"),
    sa.UniqueConstraint("position_id", "person_id", "function", "valid_from"),
)
