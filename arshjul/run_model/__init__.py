"""Running a BPMN file as a model: in memory, under a simulated clock, to see what it does."""

from arshjul.run_model.refusing import refusals
from arshjul.run_model.running import play, run

__all__ = ["play", "refusals", "run"]
