"""What became of one item: done, or set aside with its error. One item's failure is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog

from engine.deadline import TookTooLong
from engine.errors import EngineError
from engine.store.database import Tx
from engine.texts import Text

STOPS_ALL = (TookTooLong, sa.exc.OperationalError, sa.exc.InternalError, sa.exc.InterfaceError)
"""Faults of the database or of the whole chunk, not of one item: the chunk is tried again as any job."""


log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """`error` None: it went well. `payload` replaces the item's own when it is given."""

    number: int
    instance_id: int | None = None
    error: dict[str, Any] | None = None
    payload: Mapping[str, Any] | None = None


class SetAside(EngineError):
    """An item that cannot be done, with the sentences that say why."""

    code = "set_aside"
    status = 409

    def __init__(self, sentences: list[Text]) -> None:
        super().__init__(sentences=[{"sv": text.sv, "en": text.en} for text in sentences])


def alone(tx: Tx, item: Any, do: Callable[[], Outcome]) -> Outcome:
    """Do one item so that its failure undoes only itself."""
    try:
        with tx.savepoint():
            return do()
    except EngineError as refused:
        for tell in tx.if_refused:  # a damaged instance becomes a technical fault, though this transaction goes on
            tell(tx)
        tx.if_refused.clear()
        return Outcome(item.number, item.instance_id, error_of(refused))
    except STOPS_ALL:
        raise
    except Exception as failure:  # whatever it is, the neighbours must go on
        log.warning("item set aside", batch=item.batch_id, item=item.number, error=str(failure), exc_info=True)
        return Outcome(item.number, item.instance_id, error_of(failure))


def error_of(failure: Exception) -> dict[str, Any]:
    """The failure as JSON: a refusal with its code and parameters, anything else with its text."""
    if isinstance(failure, EngineError):
        plain = {name: value for name, value in failure.params.items() if isinstance(value, str | int | list | None)}
        return {"code": failure.code, **plain}
    return {"code": "fault", "message": f"{type(failure).__name__}: {failure}"[:500]}
