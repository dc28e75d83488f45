"""The abstract examples of data and samples, which are shown as pictures, points of the plane or table rows."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.markup import Html
from pushforward.report.numbers import number


@dataclass(frozen=True, eq=False)
class WitnessExamples:
    """The examples at which the witness is highest or lowest: data that are missed, samples that are too many.

    Args:
        examples: first axis counts them; empty where a run has none.
        scores: the witness at each, in the order of the examples; empty where unknown.
        ratios: density of the data over that of the samples at each; empty where unknown.
        telling: of each example, the columns whose cells most give it away.
    """

    examples: np.ndarray
    scores: np.ndarray
    ratios: np.ndarray = field(default_factory=lambda: np.empty(0))
    telling: tuple[tuple[str, ...], ...] = ()

    @property
    def meaning(self) -> str:
        """A sentence that says what `numbers` are."""
        if len(self.ratios):
            return "The number is the density ratio: how many times as dense the data are there as the samples."
        return "The number is the witness: how far the data outweigh the samples there."

    def numbers(self, most: int) -> list[str]:
        """Return what stands under each of the first examples: the ratio, else the witness, else nothing."""
        if len(self.ratios):
            return [f"{ratio:.2g}" for ratio in self.ratios[:most]]
        if len(self.scores):
            return [number(float(score), digits=2) for score in self.scores[:most]]
        return [""] * min(most, len(self.examples))


class Examples(ABC):
    """The examples of the data and of the samples, as they are shown to a person."""

    data: np.ndarray
    samples: np.ndarray
    stage_style: ClassVar[str]
    """The class by which a page lays out stages: those of lines, one below the other, or of squares side by side."""

    @property
    @abstractmethod
    def stage_words(self) -> Html:
        """A sentence that says what stages show."""

    @abstractmethod
    def stage(self, alt: str) -> Html:
        """Return the samples of one turn as a small picture, before the data where that can be.

        Args:
            alt: what it shows, for those who hear it.
        """

    @abstractmethod
    def beside(self) -> Html:
        """Return the data beside the samples, as markup."""

    def listing(self) -> Html:
        """Return some of both in numbers, as markup; nothing unless stated."""
        return Html()

    @abstractmethod
    def witness(self, missed: WitnessExamples, over: WitnessExamples) -> Html:
        """Return the data that the sampler misses most and the samples that it over-produces most, as markup."""

    @abstractmethod
    def picture(self) -> Figure:
        """Return one figure of data and samples, for a README or a thumbnail."""
