"""The abstract field V(y_i): attracted by data, repelled by other samples; a sampler is then regressed on y + V(y)."""

from abc import ABC, abstractmethod
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.pairwise import distance, full_precision, matched

FAR = 1e6
"""A distance, in mean distances, at which a sample is put from itself: it weighs nothing there, and stays finite."""


class Field(ABC):
    """V(y_i) = attraction to data x − attraction to samples y′: zero where x and y′ are the same rows.

    The gradient of mean ‖y_i − sg(y_i + V(y_i))‖² in y_i is −(2/m)·V(y_i), sg a constant: so a sampler follows a field
    as it would follow the gradient of a loss, though many fields are no gradients. One method, `at`, is enough for a
    new field.
    """

    @abstractmethod
    def at(
        self, y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None
    ) -> Float[Tensor, "c m d"]:
        """V_c(y_i), one slice a scale, of rows of one type.

        Args:
            y: samples.
            x: data, which attract.
            other: samples, which repel; None for y itself, each row apart from itself.
        """

    @final
    def components(
        self, y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None = None
    ) -> Float[Tensor, "c m d"]:
        """V_c(y_i), one slice a scale, in float32 at least and without a graph; arguments as of `at`."""
        y, x = matched(y.detach(), x.detach())
        if other is not None:
            y, other = matched(y, other.detach())
            x, other = x.to(y.dtype), other.to(y.dtype)
        with torch.no_grad(), full_precision(y):
            return self.at(y, x, other)

    @final
    def __call__(
        self, y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None = None
    ) -> Float[Tensor, "m d"]:
        """V(y_i) = Σ_c V_c(y_i)."""
        return self.components(y, x, other).sum(0)

    def fitted(self, x: Float[Tensor, "n d"]) -> "Field":
        """Return the field with every choice that waits for data made from x; itself unless overridden."""
        return self


def relative_distances(
    y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None, apart: bool = True
) -> Float[Tensor, "m k"]:
    """Return ‖y_i − c_j‖ over its mean, c the data and then the other samples; where y′ is y, y_i is `FAR` from itself.

    Args:
        y: samples.
        x: data.
        other: y′; None for y itself.
        apart: whether a row that is also in y′ is put far away; its distance of 0 never counts in the mean.
    """
    r = distance(y, torch.cat([x, y if other is None else other]))
    pairs = r.numel() - (len(y) if other is None else 0)
    r = r.mul_(pairs / r.sum().clamp_min(torch.finfo(r.dtype).tiny))
    if other is None and apart:
        r[:, len(x) :].fill_diagonal_(FAR)
    return r
