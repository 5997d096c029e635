"""Run by Alembic inside the transaction that `engine.store.migrate` has begun; it decides nothing itself."""

from alembic import context

from engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can undo DDL, which Alembic does not assume: a migration happens as a whole or not at all.
    transactional_ddl=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
