"""The abstract f-divergence: what a critic's output must go through to estimate it."""

from abc import ABC, abstractmethod

from jaxtyping import Float
from torch import Tensor


class Divergence(ABC):
    """D_f(P‖Q) = E_q f(p/q) for a convex f: an increasing activation, its conjugate, and the ratio read off.

    A critic gives v; T = activation(v) is the function of the bound E_p T − E_q f*(T) ≤ D_f, tight at T = f′(p/q).
    Every activation increases, so a large v means "data" in all rows.
    """

    @abstractmethod
    def f(self, u: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Return the convex function f at u = p/q > 0."""

    @abstractmethod
    def activation(self, v: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """T = g(v), in the domain of f*."""

    @abstractmethod
    def conjugate(self, v: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """f*(g(v)) in one stable formula."""

    @abstractmethod
    def log_ratio(self, v: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"] | None:
        """log p/q at the best critic, f′⁻¹(g(v)); None if the best critic does not determine it."""
