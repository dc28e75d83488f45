"""The examples of data and samples, in the form that suits what they are."""

from pushforward.report.examples.base import Examples, WitnessExamples
from pushforward.report.examples.choice import examples, witnesses
from pushforward.report.examples.pictures import Pictures
from pushforward.report.examples.plane import Plane
from pushforward.report.examples.rows import TableRows

__all__ = ["Examples", "Pictures", "Plane", "TableRows", "WitnessExamples", "examples", "witnesses"]
