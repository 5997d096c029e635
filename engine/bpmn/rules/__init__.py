"""One rule, one file, one function `check(diagram)`. A rule takes part by being listed here."""

from collections.abc import Callable, Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding

Rule = Callable[[Diagram], Iterator[Finding]]
RULES: tuple[Rule, ...] = ()
