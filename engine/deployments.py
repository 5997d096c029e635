"""Deploying a process package as a frozen, versioned definition, and loading it again."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import bpmn, feel, history, step_windows
from engine.actor import Actor
from engine.errors import NotFound, NotPossible, PackageRefused
from engine.identity import save_roles
from engine.rules import calendar
from engine.rules.business_keys import is_by_year
from engine.rules.packages import Package, Problem, lint_package, parse_package, parse_roles
from engine.rules.user_task_spec import UserTaskSpec, user_task_spec
from engine.store.database import Tx
from engine.store.queries import instances
from engine.store.tables import definition

READ = (".toml", ".bpmn", ".json", ".md")
"""The endings of a package's files."""
KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
ROLES_FILE = "roles.toml"


@dataclass(frozen=True)
class Deployed:
    """A definition ready to run: the package, its diagram, and each user task's description."""

    id: int
    key: str
    version: int
    sha256: str
    package: Package
    model: bpmn.Model
    tasks: Mapping[str, UserTaskSpec]
    _planned: dict[int, step_windows.Planned] = field(default_factory=dict, compare=False, repr=False)

    def windows(self, plan_year: int) -> dict[str, calendar.Window]:
        """Every element's window as the definition says, before anyone has moved a day."""
        return dict(self.planned(plan_year).windows)

    def planned(self, plan_year: int) -> step_windows.Planned:
        """The same as a new instance writes them."""
        if plan_year not in self._planned:
            texts = {element: task.window_texts() for element, task in self.tasks.items()}
            self._planned[plan_year] = step_windows.plan(calendar.resolve_windows(texts, plan_year))
        return self._planned[plan_year]

    @cached_property
    def has_timers(self) -> bool:
        """Whether an instance can ever wait for a timer."""
        elements = self.model.elements.values()
        return any(definition.timer for element in elements for definition in element.definitions)

    @cached_property
    def fan_outs(self) -> frozenset[str]:
        """The user tasks that ask several at once."""
        return frozenset(element for element in self.tasks if self.model.element(element).multi)

    def element_name(self, element_id: str) -> str:
        return self.model.element(element_id).name or element_id


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a package folder by their relative path, and the role catalogue that stands beside it.

    Raises FileNotFoundError when there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in READ
    }
    catalogue = folder.parent / ROLES_FILE
    if ROLES_FILE not in files and catalogue.is_file():
        files[ROLES_FILE] = catalogue.read_bytes()
    return files


def check(key: str, files: Mapping[str, bytes]) -> list[Problem]:
    """Everything about these files, all at once; nothing of severity error when they can be deployed.

    In this process and without limits, for files that are trusted; `engine.uploads.screen` is for others.
    """
    xml = files.get(f"{key}.bpmn")
    return check_package(key, files, [] if xml is None else check_diagram(key, xml))


def check_package(key: str, files: Mapping[str, bytes], about_diagram: list[Problem]) -> list[Problem]:
    """The same, when what `check_diagram` says is known."""
    findings = [*_key_problems(key), *about_diagram]
    if f"{key}.bpmn" not in files or any(finding.severity == "error" for finding in findings):
        return findings + lint_package(key, files)
    model = bpmn.load(files[f"{key}.bpmn"])
    findings += [problem for flow in model.flows if (problem := _condition_problem(key, flow)) is not None]
    return findings + [_placed(problem, model) for problem in lint_package(key, files, model.elements)]


def check_diagram(key: str, xml: bytes) -> list[Problem]:
    """What the diagram alone says against it; with an empty key any process id will do."""
    findings = [_as_problem(key, finding) for finding in bpmn.check(xml)]
    if not findings and key and bpmn.load(xml).process_id != key:
        sentence = ("Processens id ska vara mappens namn, {}.", "The process id must be the folder's name, {}.")
        findings.append(Problem(f"{key}.bpmn", sentence[0].format(key), sentence[1].format(key)))
    return findings or [replace(_as_problem(key, warning), severity="warning") for warning in bpmn.warnings(xml)]


def _key_problems(key: str) -> list[Problem]:
    if KEY.fullmatch(key):
        return []
    return [
        Problem(
            "",
            f"Mappens namn ”{key}” går inte att använda. Skriv högst 50 små bokstäver a–z, siffror och understreck.",
            f"The folder's name “{key}” cannot be used. Write at most 50 small letters a–z, digits and underscores.",
        )
    ]


def _placed(problem: Problem, model: bpmn.Model) -> Problem:
    """What concerns an element of the diagram, with its name and line."""
    element = model.elements.get(problem.where.partition(":")[0])
    if element is None:
        return problem
    return replace(problem, element_id=element.id, element_name=element.name, line=element.line)


def _condition_problem(key: str, flow: tuple[str, str, str, str | None, str | None]) -> Problem | None:
    """A condition on a sequence flow that is no FEEL."""
    flow_id, _source, _target, name, condition = flow
    fault = feel.check(condition) if condition else None
    if fault is None:
        return None
    return Problem(
        f"{key}.bpmn: {flow_id}",
        f"Villkoret ”{condition}” är inte FEEL: {fault}. Rätta det.",
        f"The condition “{condition}” is not FEEL: {fault}. Correct it.",
        element_id=flow_id,
        element_name=name,
    )


def _as_problem(key: str, finding: bpmn.Finding) -> Problem:
    """A finding of the diagram, placed: file, line, element id and name."""
    place = [f"{key}.bpmn"] if key else []
    if finding.line:
        place.append(f"rad {finding.line}")
    if finding.element_id:
        name = " ".join((finding.element_name or "").split())
        place.append(finding.element_id + (f" ({name})" if name else ""))
    return Problem(": ".join(place), finding.sv, finding.en, finding.element_id, finding.element_name, finding.line)


def deploy(
    tx: Tx, key: str, files: Mapping[str, bytes], *, reason: str | None = None, by: Actor, now: datetime
) -> Deployed:
    """Freeze the files as the next version of `key`. The same content again gives the version it already has.

    Who may is asked by the caller. Raises PackageRefused with all findings, NotPossible (somebody deployed at the same
    moment); nothing is kept then.
    """
    findings = check(key, files)
    if any(finding.severity == "error" for finding in findings):
        raise PackageRefused(findings)
    blob, digest = packed(files)
    known = tx.scalar(sa.select(definition.c.id).where(definition.c.key == key, definition.c.sha256 == digest))
    if known is not None:
        return load(tx, known)
    newest = tx.scalar(sa.select(sa.func.max(definition.c.version)).where(definition.c.key == key)) or 0
    try:
        new_id = tx.insert(
            definition,
            key=key,
            version=newest + 1,
            sha256=digest,
            name=parse_package(key, files).name.sv[:200],
            package=blob,
            deployed_at=now,
            deployed_by=by.person_id,
            reason=reason,
        )
    except sa.exc.IntegrityError as lost:
        raise NotPossible(reason="deployed_meanwhile") from lost
    save_roles(tx, parse_roles(files[ROLES_FILE]))
    history.append(
        tx,
        type="definition_deployed",
        chain=f"d:{key}",
        occurred_at=now,
        by=by,
        body={
            "key": key,
            "version": newest + 1,
            "sha256": digest,
            **({"reason": reason} if reason is not None else {}),
        },
    )
    return load(tx, new_id)


def preview(key: str, version: int, files: Mapping[str, bytes]) -> Deployed:
    """What the files would be as that version, before they are deployed: its id is 0."""
    blob, digest = packed(files)
    return _open(0, key, version, digest, blob)


def load(tx: Tx, definition_id: int) -> Deployed:
    """The definition with this id. Raises NotFound."""
    known = tx.memo.get(("definition", definition_id))
    if known is None:
        known = tx.memo["definition", definition_id] = _load(tx, definition_id)
    found: Deployed = known
    return found


def of_row(tx: Tx, row: Any) -> Deployed:
    """The definition of an instance's row, which names it by `definition_id` and `sha256`."""
    return _cache.get((row.definition_id, row.sha256)) or load(tx, row.definition_id)


def _load(tx: Tx, definition_id: int) -> Deployed:
    row = tx.one(
        sa.select(definition.c.key, definition.c.version, definition.c.sha256).where(definition.c.id == definition_id)
    )
    if row is None:
        raise NotFound(kind="definition")
    if (cached := _cache.get((definition_id, row.sha256))) is None:
        blob = tx.scalar(sa.select(definition.c.package).where(definition.c.id == definition_id))
        cached = _open(definition_id, row.key, row.version, row.sha256, blob)
        _cache[(definition_id, row.sha256)] = cached
    return cached


def latest(tx: Tx, key: str) -> Deployed:
    """The newest definition of this key. Raises NotFound."""
    found = instances.newest_definition(tx, key)
    if found is None:
        raise NotFound(kind="definition", key=key)
    return of_row(tx, found)


def newest_files(tx: Tx, key: str) -> dict[str, bytes]:
    """The files of the newest definition of this key. Raises NotFound."""
    return files_of(tx, latest(tx, key).id)


def files_of(tx: Tx, definition_id: int) -> dict[str, bytes]:
    """The files of this definition as they were deployed. Raises NotFound."""
    blob = tx.scalar(sa.select(definition.c.package).where(definition.c.id == definition_id))
    if blob is None:
        raise NotFound(kind="definition")
    return unpack(blob)


def deployed_keys(tx: Tx, *, by_year: bool | None = None) -> list[str]:
    """The keys that have at least one definition, sorted; `by_year` as in `newest`."""
    if by_year is None:
        return [row.key for row in instances.newest_definitions(tx)]
    return [each.key for each in newest(tx, by_year=by_year)]


def newest(tx: Tx, *, by_year: bool | None = None) -> list[Deployed]:
    """The newest definition of every key, sorted by key.

    `by_year`: only of the processes that have one instance for each plan year; or only of those that have not.
    """
    found = [of_row(tx, row) for row in instances.newest_definitions(tx)]
    return [each for each in found if by_year is None or is_by_year(each.package.columns) is by_year]


_cache: dict[tuple[int, str], Deployed] = {}


@lru_cache(maxsize=32)
def _parse(key: str, blob: bytes) -> tuple[Package, bpmn.Model, dict[str, UserTaskSpec]]:
    files = unpack(blob)
    package = parse_package(key, files)
    model = bpmn.load(files[f"{key}.bpmn"])
    tasks = {
        element.id: user_task_spec(element.extension or {})
        for element in model.elements.values()
        if element.kind == "userTask"
    }
    return package, model, tasks


def _open(definition_id: int, key: str, version: int, digest: str, blob: bytes) -> Deployed:
    package, model, tasks = _parse(key, blob)
    return Deployed(definition_id, key, version, digest, package, model, tasks)


def packed(files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """A zip whose bytes depend on the content alone, and its SHA-256."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), files[name], zipfile.ZIP_DEFLATED)
    blob = buffer.getvalue()
    return blob, hashlib.sha256(blob).hexdigest()


def unpack(blob: bytes) -> dict[str, bytes]:
    """The files that `packed` put together."""
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
