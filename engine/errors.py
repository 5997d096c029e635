"""Every failure of the engine has a code, the values its sentence needs, and a status class.

The sentences themselves are made where people read them (web, notifications), in the reader's language.
"""

from __future__ import annotations

from typing import Any, ClassVar


class EngineError(Exception):
    """Base of all refusals. `code` names the sentence; `params` fill it in. Nothing was changed."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, **params: Any) -> None:
        super().__init__(f"{self.code} {params}" if params else self.code)
        self.params = params


class NotFound(EngineError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"
    status = 404


class Forbidden(EngineError):
    """The actor's positions do not allow it. The attempt belongs in the access log."""

    code = "forbidden"
    status = 403


class TaskNotOpen(EngineError):
    """The task was answered, closed or cancelled meanwhile. params: state, by (a name or None), at (UTC)."""

    code = "task_not_open"
    status = 409


class StaleRevision(EngineError):
    """Somebody else changed it since it was read. params: by (a name or None), at (UTC)."""

    code = "stale_revision"
    status = 409


class TakenBySomeoneElse(EngineError):
    """The task is claimed by another holder. params: by (a name)."""

    code = "taken"
    status = 409


class NotOpenYet(EngineError):
    """The window has not opened. params: opens_at (UTC)."""

    code = "not_open_yet"
    status = 409


class InvalidForm(EngineError):
    """The submitted data was refused. `errors` lists every field, with code and parameters."""

    code = "invalid_form"
    status = 422

    def __init__(self, errors: list[Any]) -> None:
        super().__init__()
        self.errors = errors


class InvalidInput(EngineError):
    """A single value was refused. params: field, reason (a code), value."""

    code = "invalid_input"
    status = 422


class InvalidFiles(EngineError):
    """Files were refused, all of them together. `files` lists every one that is wrong, with name and reason."""

    code = "invalid_files"
    status = 422

    def __init__(self, files: list[Any]) -> None:
        super().__init__(files=len(files))
        self.files = files


class PackageRefused(EngineError):
    """A process package was not deployed. `findings` lists every reason (where, sv, en)."""

    code = "package_refused"
    status = 422

    def __init__(self, findings: list[Any]) -> None:
        super().__init__(findings=len(findings))
        self.findings = findings


class AlreadyExists(EngineError):
    """There is already one: an instance of that plan year, an account of that name."""

    code = "already_exists"
    status = 409


class KeyReused(EngineError):
    """The idempotency key was used before with other content."""

    code = "idempotency_key_reused"
    status = 409


class NotPossible(EngineError):
    """The state does not allow it now. params: reason (a code)."""

    code = "not_possible"
    status = 409


class InstanceDamaged(NotPossible):
    """What is saved of the instance cannot be read. A technical fault is raised for it; other instances go on."""

    def __init__(self) -> None:
        super().__init__(reason="instance_damaged")
