"""A bound in time for work that may never end: it is interrupted where it stands."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta


class TookTooLong(Exception):
    """Raised inside work that has not ended within its time."""


@contextmanager
def within(limit: timedelta) -> Iterator[None]:
    """Raises TookTooLong in the block, between two of its Python instructions, once the limit has passed.

    What waits inside a library is interrupted when it comes back; waits for the database and for FEEL have limits
    of their own.
    """
    thread = ctypes.c_ulong(threading.get_ident())
    lock = threading.Lock()
    over = False

    def interrupt() -> None:
        with lock:
            if not over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TookTooLong))

    timer = threading.Timer(limit.total_seconds(), interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        try:
            with lock:
                over = True
            timer.cancel()
        except TookTooLong:
            pass  # it came when the block was done
