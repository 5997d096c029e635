"""Process instances with what names their definition, as the verbs that run hot read and write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.store.database import Tx
from engine.store.sql import Sql, among, insert
from engine.store.tables import instance

_WITH_DEFINITION = (
    # Not joined: PostgreSQL holds who waited for the lock to the definition that the row named before.
    "select id, key, plan_year, business_key, state, definition_id, {more} variables,"
    " (select sha256 from definition where definition.id = instance.definition_id) as sha256"
    " from instance where id = :id"
)
_WHOLE = _WITH_DEFINITION.format(more="execution, windows,")
_BRIEF = _WITH_DEFINITION.format(more="")
_STATE = "select state from instance where id = :id"
# PostgreSQL lets whoever shares a row pass one who waits to lock it, so that answers without a gap would keep everyone
# else waiting. Both take their turn first, in the order in which they come; it ends with the transaction.
_IN_TURN, _IN_TURN_TO_SHARE = (f" and pg_advisory_xact_lock{how}(1, :id) is not null" for how in ("", "_shared"))
_LOCK = Sql(_WHOLE, instance, lock="instance", postgresql=_WHOLE + _IN_TURN)
_LOCK_STATE = Sql(_STATE, lock="instance", postgresql=_STATE + _IN_TURN)
_SHARE = Sql(_BRIEF, instance, lock="instance", share=True, postgresql=_BRIEF + _IN_TURN_TO_SHARE)
_READ = Sql(_WHOLE, instance)
_LOOK = Sql(_BRIEF, instance)
_SAVE = Sql(
    "update instance set execution = :execution, variables = :variables, revision = revision + 1 where id = :id"
)
_SAVE_END = Sql(
    "update instance set execution = :execution, variables = :variables, state = :state, revision = revision + 1,"
    " ended_at = coalesce(ended_at, :ended_at) where id = :id",
)

_OF_KEY = Sql(  # two indexes, each of its own part: neither is read by a question about both
    "select id, state from instance where key = :key and business_key = :business_key and state <> 'cancelled'"
    " union all select id, state from instance where key = :key and business_key = :business_key"
    " and state = 'cancelled' order by id"
)
_LIVE_OF = among(  # the planner must see that the index of those not cancelled answers
    "select id, definition_id from instance where key among :keys and business_key = :business_key"
    " and state <> 'cancelled' and state in ('active', 'suspended') order by id"
)
_KNOWN = Sql(
    "select business_key from instance where key = :key and state <> 'cancelled'"
    " and business_key in (select value from json_each(:business_keys))"
    " union select business_key from instance where key = :key and state = 'cancelled'"
    " and business_key in (select value from json_each(:business_keys))",
    postgresql="select business_key from instance where key = :key and state <> 'cancelled'"
    " and business_key = any(:business_keys) union select business_key from instance where key = :key"
    " and state = 'cancelled' and business_key = any(:business_keys)",
)
_ADD = insert(
    instance,
    *("definition_id", "key", "business_key", "plan_year", "state"),
    *("execution", "variables", "windows", "started_at", "started_by", "many"),
    returning="id",
)
_NEWEST_DEFINITION = Sql(
    "select id as definition_id, sha256 from definition where key = :key order by version desc limit 1"
)
_NEWEST_DEFINITIONS = Sql(
    "select key, id as definition_id, sha256 from definition d"
    " where version = (select max(version) from definition e where e.key = d.key) order by key"
)

_WINDOWS = Sql("select windows from instance where id = :id")
_SAVE_WINDOWS = Sql("update instance set windows = :windows where id = :id")


def lock_state(tx: Tx, instance_id: int) -> str | None:
    """Its state, locked until the transaction ends."""
    found = tx.first(_LOCK_STATE, id=instance_id)
    return None if found is None else str(found.state)


def newest_definition(tx: Tx, key: str) -> Any | None:
    """Its `definition_id` and `sha256`, or None."""
    return tx.first(_NEWEST_DEFINITION, key=key)


def newest_definitions(tx: Tx) -> list[Any]:
    """Of every key, sorted by it: `key`, `definition_id` and `sha256`."""
    return tx.find(_NEWEST_DEFINITIONS)


def of_key(tx: Tx, key: str, business_key: str) -> list[Any]:
    """Every instance of that key, the cancelled ones too, oldest first."""
    return tx.find(_OF_KEY, key=key, business_key=business_key)


def live_of(tx: Tx, keys: Sequence[str], business_key: str) -> list[Any]:
    """`id` and `definition_id` of the instances under way that have that business key in one of the processes."""
    return tx.find(_LIVE_OF, keys=tx.array(list(keys)), business_key=business_key)


def known_keys(tx: Tx, key: str, business_keys: list[str]) -> set[str]:
    """Those of which there is an instance, be it a cancelled one."""
    return {row.business_key for row in tx.find(_KNOWN, key=key, business_keys=tx.array(business_keys))}


def add(tx: Tx, **values: Any) -> int:
    """A new instance; its id."""
    return tx.number(_ADD, **values)


def lock(tx: Tx, instance_id: int) -> Any | None:
    """The instance with its execution, locked until the transaction ends; None when there is none."""
    return tx.first(_LOCK, id=instance_id)


def read(tx: Tx, instance_id: int) -> Any | None:
    """The same without the lock."""
    return tx.first(_READ, id=instance_id)


def look(tx: Tx, instance_id: int) -> Any | None:
    """Without the lock and without the execution."""
    return tx.first(_LOOK, id=instance_id)


def share(tx: Tx, instance_id: int) -> Any | None:
    """As `look`; until the transaction ends nobody has the lock, and any number may share it like this."""
    return tx.first(_SHARE, id=instance_id)


def save(tx: Tx, instance_id: int, execution: bytes, variables: Mapping[str, Any]) -> None:
    """The state stays as it is: the indexes that hold it are left alone."""
    tx.change(_SAVE, id=instance_id, execution=execution, variables=dict(variables))


def save_end(
    tx: Tx, instance_id: int, execution: bytes, variables: Mapping[str, Any], state: str, ended_at: datetime
) -> None:
    """An instance ends once; saved again, it keeps its first end."""
    values = {"execution": execution, "variables": dict(variables), "state": state, "ended_at": ended_at}
    tx.change(_SAVE_END, id=instance_id, **values)


def windows(tx: Tx, instance_id: int) -> str | None:
    found = tx.first(_WINDOWS, id=instance_id)
    return None if found is None else str(found.windows)


def save_windows(tx: Tx, instance_id: int, saved: str) -> None:
    tx.change(_SAVE_WINDOWS, id=instance_id, windows=saved)
