"""BPMN behind one door: check a file, load it, run it, save it. Nothing else in the project imports
SpiffWorkflow."""

from engine.bpmn.blob import copies
from engine.bpmn.checking import check, check_all, process_ids, warnings
from engine.bpmn.diagram import Element, Flow
from engine.bpmn.errors import BpmnError, Finding
from engine.bpmn.execution import Execution, Visit, Wait
from engine.bpmn.message_flows import addressed
from engine.bpmn.model import Model, load, load_all
from engine.bpmn.placing import adopt, move

__all__ = [
    "BpmnError",
    "Element",
    "Execution",
    "Finding",
    "Flow",
    "Model",
    "Visit",
    "Wait",
    "addressed",
    "adopt",
    "check",
    "check_all",
    "copies",
    "load",
    "load_all",
    "move",
    "process_ids",
    "warnings",
]
