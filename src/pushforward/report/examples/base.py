"""What a data point looks like: as a picture, as a point of the plane, or as a row of a table."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.markup import Html


@dataclass(frozen=True, eq=False)
class Witness:
    """Examples with the witness there: where it is high, the data outweigh the samples; where low, the samples.

    Args:
        examples: first axis counts them; empty where a run has none.
        scores: one each, in the order of the examples; empty where unknown.
    """

    examples: np.ndarray
    scores: np.ndarray


class Examples(ABC):
    """Examples of the data and of the samples, as they are shown to a person."""

    data: np.ndarray
    samples: np.ndarray

    @abstractmethod
    def beside(self) -> Html:
        """Samples beside data."""

    @abstractmethod
    def witness(self, missed: Witness, over: Witness) -> Html:
        """The data that the sampler misses most, and the samples that it over-produces most."""

    @abstractmethod
    def picture(self) -> Figure:
        """One picture that says it all."""
