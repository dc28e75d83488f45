"""The abstract increasing map of the real line, whose parameters a network gives, coordinate by coordinate."""

from abc import ABC, abstractmethod

from jaxtyping import Float
from torch import Tensor


class Monotone(ABC):
    """y = T(x; p), a smooth increasing map of R onto R for every p in R^size; members are frozen values.

    If y has the logistic law, whose CDF is σ(y) = 1/(1 + e^{−y}), then F(x) = σ(T(x; p)) is a CDF and T⁻¹ of a logistic
    draw, which is logit u for a uniform u, has it: so each member is a family of one-dimensional laws as well.
    """

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
