"""Deploying a process package as a frozen, versioned definition, and loading it again."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

from engine import bpmn, feel, history
from engine.actor import Actor
from engine.errors import NotFound, PackageRefused
from engine.identity import save_roles
from engine.rules.packages import Package, Problem, lint_package, parse_package, parse_roles
from engine.rules.user_task_spec import UserTaskSpec, user_task_spec
from engine.store.database import Tx
from engine.store.tables import definition

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
        if path.is_file() and path.suffix in {".toml", ".bpmn", ".json", ".md"}
    }
    catalogue = folder.parent / ROLES_FILE
    if ROLES_FILE not in files and catalogue.is_file():
        files[ROLES_FILE] = catalogue.read_bytes()
    return files


def check(key: str, files: Mapping[str, bytes]) -> list[Problem]:
    """Every reason against deploying these files, all at once; empty when there is none."""
    xml = files.get(f"{key}.bpmn")
    if xml is None:
        return lint_package(key, files)
    findings = [_as_problem(key, finding) for finding in bpmn.check(xml)]
    if findings:
        return findings + lint_package(key, files)
    model = bpmn.load(xml)
    if model.process_id != key:
        sentence = ("Processens id ska vara mappens namn, {}.", "The process id must be the folder's name, {}.")
        findings.append(Problem(f"{key}.bpmn", sentence[0].format(key), sentence[1].format(key)))
    findings += [problem for flow in model.flows if (problem := _condition_problem(key, flow)) is not None]
    return findings + lint_package(key, files, model.elements)


def _condition_problem(key: str, flow: tuple[str, str, str, str | None, str | None]) -> Problem | None:
    """A condition on a sequence flow that is no FEEL."""
    flow_id, _source, _target, _name, condition = flow
    fault = feel.check(condition) if condition else None
    if fault is None:
        return None
    return Problem(
        f"{key}.bpmn: {flow_id}",
        f"Villkoret ”{condition}” är inte FEEL: {fault}. Rätta det.",
        f"The condition “{condition}” is not FEEL: {fault}. Correct it.",
    )


def _as_problem(key: str, finding: bpmn.Finding) -> Problem:
    """A finding of the diagram, placed: file, line, element id and name."""
    place = [f"{key}.bpmn"]
    if finding.line:
        place.append(f"rad {finding.line}")
    if finding.element_id:
        place.append(finding.element_id + (f" ({finding.element_name})" if finding.element_name else ""))
    return Problem(": ".join(place), finding.sv, finding.en)


def deploy(tx: Tx, key: str, files: Mapping[str, bytes], *, by: Actor, now: datetime) -> Deployed:
    """Freeze the files as the next version of `key`. The same content again gives the version it already has.

    Raises PackageRefused with all findings; nothing is kept then.
    """
    findings = check(key, files)
    if findings:
        raise PackageRefused(findings)
    blob = _pack(files)
    digest = hashlib.sha256(blob).hexdigest()
    known = tx.scalar(sa.select(definition.c.id).where(definition.c.key == key, definition.c.sha256 == digest))
    if known is not None:
        return load(tx, known)
    newest = tx.scalar(sa.select(sa.func.max(definition.c.version)).where(definition.c.key == key)) or 0
    package = parse_package(key, files)
    new_id = tx.insert(
        definition,
        key=key,
        version=newest + 1,
        sha256=digest,
        name=package.name.sv,
        package=blob,
        deployed_at=now,
        deployed_by=by.person_id,
    )
    save_roles(tx, parse_roles(files[ROLES_FILE]))
    history.append(
        tx,
        type="definition_deployed",
        chain=f"d:{key}",
        occurred_at=now,
        by=by,
        body={"key": key, "version": newest + 1, "sha256": digest},
    )
    return load(tx, new_id)


def load(tx: Tx, definition_id: int) -> Deployed:
    """The definition with this id. Raises NotFound."""
    known = tx.memo.get(("definition", definition_id))
    if known is None:
        known = tx.memo["definition", definition_id] = _load(tx, definition_id)
    found: Deployed = known
    return found


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
    found = tx.scalar(
        sa.select(definition.c.id).where(definition.c.key == key).order_by(definition.c.version.desc()).limit(1)
    )
    if found is None:
        raise NotFound(kind="definition", key=key)
    return load(tx, found)


def deployed_keys(tx: Tx) -> list[str]:
    """The keys that have at least one definition, sorted."""
    return [row.key for row in tx.rows(sa.select(definition.c.key).distinct().order_by(definition.c.key))]


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


def _pack(files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on the content alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack(blob: bytes) -> dict[str, bytes]:
    """The files that `_pack` put together."""
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
