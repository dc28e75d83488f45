"""What a data point looks like: as a picture, as a point of the plane, or as a row of a table."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.markup import Html
from pushforward.report.numbers import number


@dataclass(frozen=True, eq=False)
class Witness:
    """Examples with the witness there: where it is high, the data outweigh the samples; where low, the samples.

    Args:
        examples: first axis counts them; empty where a run has none.
        scores: one each, in the order of the examples; empty where unknown.
        ratios: density of the data over that of the samples at each; empty where unknown.
    """

    examples: np.ndarray
    scores: np.ndarray
    ratios: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def meaning(self) -> str:
        """What `numbers` are."""
        if len(self.ratios):
            return "The number is the density ratio: how many times as dense the data are there as the samples."
        return "The number is the witness: how far the data outweigh the samples there."

    def numbers(self, most: int) -> list[str]:
        """The ratio, else the witness, else nothing, under each of the first examples."""
        if len(self.ratios):
            return [f"{ratio:.2g}" for ratio in self.ratios[:most]]
        if len(self.scores):
            return [number(float(score), digits=2) for score in self.scores[:most]]
        return [""] * min(most, len(self.examples))


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
