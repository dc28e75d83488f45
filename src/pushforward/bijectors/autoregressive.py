"""The triangular map: each coordinate by parameters that a masked network reads off the ones before it."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.bijectors.base import Bijector
from pushforward.monotone import Monotone
from pushforward.networks import Masked


class Autoregressive(Bijector):
    """y_i = T(x_i; p_i(x_j for j in groups before that of i)): its Jacobian is triangular, log |det| = Σ_i log T′.

    One pass of the network forward, and one a group backward. From data to noise it is the masked autoregressive flow,
    fast in density; from noise to data, the inverse autoregressive one, fast in samples.

    Args:
        monotone: T.
        groups: number of the group of each coordinate, 0 for those that come first.
        widths: of the masked network's hidden layers.
        classes: number of labels; 0 without.
    Source: Papamakarios et al. (2017), arXiv 1705.07057; Kingma et al. (2016), arXiv 1606.04934.
    """

    def __init__(self, monotone: Monotone, groups: Sequence[int], widths: Sequence[int], classes: int = 0):
        super().__init__()
        self.monotone, self.groups = monotone, tuple(groups)
        self.network = Masked(groups, monotone.size, widths, classes)

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        y, log_slope = self.monotone(x, self.network(x, label))
        return y, log_slope.sum(1)

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        return self.continued(torch.zeros_like(y), y, label, known=0)

    def continued(
        self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"], label: Tensor | None = None, known: int = 0
    ) -> Float[Tensor, "n d"]:
        """Return the points with f(x) = y in all but the first groups, whose coordinates are those of x.

        At y of noise it is a draw from the law of the rest given the first, exactly.

        Args:
            x: points, of which the first groups alone are read.
            y: what the rest is mapped to.
            label: the class of each, where the network takes labels.
            known: number of groups that are given.
        """
        groups = torch.tensor(self.groups, device=y.device)
        for group in range(known, max(self.groups) + 1):
            here = (groups == group).nonzero()[:, 0]
            p = self.network(x, label)[:, here]
            x = x.index_copy(1, here, self.monotone.inverse(y[:, here], p))
        return x
