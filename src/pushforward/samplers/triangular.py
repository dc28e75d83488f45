"""The inverse CDF in many dimensions: a flow whose map of noise is triangular."""

from collections.abc import Sequence
from math import prod
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.bijectors import ActNorm, Autoregressive, Bijector, Chain, Flattened, Inverted, Logit
from pushforward.samplers.flow import Flow
from pushforward.samplers.noise import Uniform


class Triangular(Flow):
    """x_i = F⁻¹(u_i | x_j for j in groups before that of i), u uniform; F(x_i | …) = σ(T(x_i; p_i)/s).

    Args:
        map: T, with its scale s, and the network that gives its parameters, of standardised coordinates.
        shape: of a point.
        classes: number of labels that the network takes; 0 for none.
    """

    def __init__(self, map: Autoregressive, shape: Sequence[int], classes: int = 0):
        d = prod(shape)
        parts = Chain([Flattened(shape), ActNorm(d)]), map, Inverted(Logit(0.0, 1.0, 0.0, map.monotone.scale))
        super().__init__(Chain(parts), Uniform(d, 0.0, 1.0), shape, classes)

    @property
    def groups(self) -> tuple[int, ...]:
        """The number of the group of each coordinate, 0 for those that are drawn first."""
        return self._parts[1].groups

    def continued(
        self, x: Float[Tensor, "n *d"], z: Float[Tensor, "n k"], known: int, label: Tensor | None = None
    ) -> Float[Tensor, "n *d"]:
        """Return the points of this noise whose coordinates in the first groups are those of x: draws of the rest.

        Args:
            x: points, of which the first groups alone are read.
            z: noise, of which the others' coordinates alone are read.
            known: number of groups that are given.
            label: the class of each, where the network takes labels.
        """
        before, map, after = self._parts
        y = map.continued(before(x)[0], after.inverse(z), label, known)
        given = torch.tensor(self.groups, device=x.device).view(self.shape) < known
        return torch.where(given, x, before.inverse(y))

    @property
    def _parts(self) -> tuple[Bijector, Autoregressive, Bijector]:
        """The standardising, the map, and from logistic noise to uniform."""
        return cast(tuple[Bijector, Autoregressive, Bijector], tuple(cast(Chain, self.bijector).parts))
