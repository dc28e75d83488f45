"""The abstract estimator of MMD²: a reduction of kernel values, with a variance."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.gram import Gram
from pushforward.errors import Refused
from pushforward.kernels import Kernel


@dataclass(frozen=True)
class Estimate:
    """An estimate of MMD² and the variance of that estimate.

    Args:
        value: the estimate.
        variance: of the estimate; itself an unbiased estimate, hence negative at times where it is near zero.
    Example:
        >>> Estimate(1.0, 0.25).stderr
        0.5
    """

    value: float
    variance: float

    @property
    def stderr(self) -> float:
        """√variance; zero where the estimated variance is negative."""
        return max(self.variance, 0.0) ** 0.5


class Estimator(ABC):
    """A reduction of kernel values to an estimate of MMD²; `paired` if it pairs rows by their place."""

    paired: bool = False

    @abstractmethod
    def __call__(self, gram: Gram) -> Float[Tensor, ""]:
        """Return the estimate, differentiable in the kernel values."""

    @abstractmethod
    def variance(self, gram: Gram) -> Float[Tensor, ""]:
        """Return an unbiased estimate of the estimate's variance, in float64, differentiable.

        Raises:
            Refused: if the estimator has none, or the rows are too few.
        """

    @abstractmethod
    def estimate(self, k: Kernel, x: Tensor, y: Tensor, block: int | None = None) -> Estimate:
        """Return value and variance, added up in float64, never more than a block of kernel values at a time."""


def need_two_rows(n: int, m: int, owner: str) -> None:
    """Refuse fewer than two rows of either side.

    Raises:
        Refused: if a side has fewer.
    """
    if min(n, m) < 2:
        raise Refused(
            f"{owner} compares pairs within x and within y and needs at least 2 rows of each, got {n} and {m}; "
            "give it more, or take Biased()."
        )
