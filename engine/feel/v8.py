"""One V8 context per process, behind a lock, under limits of time and memory."""

import atexit
import ctypes
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import resources

import orjson
from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException, MiniRacer

MEMORY_LIMIT = 64 * 1024 * 1024
AGAIN = 20


class V8Limit(Exception):
    """The call ran longer, or took more memory, than it may."""


class _Context:
    """A V8 with feelin loaded. Making one takes about 0.1 s."""

    def __init__(self) -> None:
        folder = resources.files(__package__)
        with ThreadPoolExecutor(1) as apart:  # made where an event loop runs, it would answer in that loop only
            self.racer: MiniRacer = apart.submit(MiniRacer).result()
        self.racer.set_hard_memory_limit(MEMORY_LIMIT)
        self.racer.eval((folder / "dist" / "feelin.js").read_text("utf-8"))
        self.racer.eval((folder / "runtime.js").read_text("utf-8"))

    def call(self, function: str, argument: str, seconds: float) -> str | None:
        # One eval is one trip to V8's thread; calling a function object takes four.
        code = f"arshjul.{function}({orjson.dumps(argument).decode()})"
        answer = self.racer.eval(code, timeout_sec=seconds)
        return answer if isinstance(answer, str) else None

    def close(self) -> None:
        with suppress(JSEvalException):
            self.racer.eval("0", timeout_sec=1)  # lets a stopped call report itself before its listener goes
        self.racer.close()


class _Holder:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.context: _Context | None = None
        self.lasting = False


_holder = _Holder()


def call(function: str, argument: str, seconds: float) -> str | None:
    """The answer of one function of runtime.js.

    A loaded machine can stand still for longer than `seconds`, and an expression takes longer the first time: a
    call that overruns is tried once more, in a new context, with AGAIN times the time.
    Raises V8Limit when that is exceeded as well, or the memory limit is.
    """
    with _holder.lock:
        if _holder.lasting:
            return _call_once(function, argument, seconds * AGAIN)
        try:
            return _call_once(function, argument, seconds)
        except V8Limit:
            return _call_once(function, argument, seconds * AGAIN)


def never_anew() -> None:
    """From here on no context can be made: each call gets at once the time that a second try would have had."""
    _holder.lasting = True


def _call_once(function: str, argument: str, seconds: float) -> str | None:
    if _holder.context is None:
        _holder.context = _Context()
    try:
        return _holder.context.call(function, argument, seconds)
    except JSTimeoutException:
        if not _holder.lasting:
            _discard()
        raise V8Limit(f"takes longer than {round(seconds * 1000)} ms") from None
    except JSOOMException:
        _discard()
        raise V8Limit("takes more memory than it may") from None
    except JSEvalException as error:
        _discard()
        raise V8Limit(str(error).splitlines()[0]) from error


def _discard() -> None:
    context, _holder.context = _holder.context, None
    if context is not None:
        context.close()


def _forget_in_child() -> None:
    """V8's threads don't survive a fork: leave the parent's context untouched, for ever, and begin anew."""
    global _holder  # noqa: PLW0603 (the lock, too, may have been held when the process was forked)
    if _holder.context is not None:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(_holder.context))
    _holder = _Holder()


os.register_at_fork(after_in_child=_forget_in_child)
atexit.register(_discard)
