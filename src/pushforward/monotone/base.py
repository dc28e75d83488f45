"""The abstract increasing map of the real line, whose parameters a network gives, coordinate by coordinate."""

from abc import ABC, abstractmethod
from math import pi
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor


class Monotone(ABC):
    """y = T(x; p), a smooth increasing map of R onto R for every p in R^size; members are frozen values.

    With σ(y) = 1/(1 + e^{−y}), the logistic CDF, F(x) = σ(T(x; p)/s) is a CDF for every s, and T⁻¹ of s·logit u has it
    for a uniform u: so each member is a family of one-dimensional laws as well.

    Attributes:
        scale: s, with which that law at p = 0 is like standardised data: √3/π, of logistic noise of deviation 1, unless
            stated.
    """

    scale: ClassVar[float] = 3**0.5 / pi

    @property
    @abstractmethod
    def size(self) -> int:
        """The number of parameters of one coordinate."""

    @abstractmethod
    def __call__(
        self, x: Float[Tensor, "*n"], p: Float[Tensor, "*n p"]
    ) -> tuple[Float[Tensor, "*n"], Float[Tensor, "*n"]]:
        """Return T(x; p) and log T′(x; p), entry by entry.

        Args:
            x: numbers.
            p: the parameters of each; at 0 the map is tame, so that a network may begin there.
        """

    @abstractmethod
    def inverse(self, y: Float[Tensor, "*n"], p: Float[Tensor, "*n p"]) -> Float[Tensor, "*n"]:
        """Return the x with T(x; p) = y, differentiable in y and p; arguments as above."""
