"""The couplings in alternation: each half is mapped by parameters that a network reads off the other one."""

from collections.abc import Sequence
from math import prod
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.bijectors.act_norm import ActNorm
from pushforward.bijectors.base import Bijector
from pushforward.bijectors.halves import Halves
from pushforward.monotone import Monotone


class Couplings(Bijector):
    """b ← T(b; h_1(a)), a ← T(a; h_2(b)), b ← T(b; h_3(a)), …, with a shift and scale of each half in between.

    Halves stay apart from the first coupling to the last: nothing is masked, permuted or put together on the way.
    log |det| is the sum of the log-slopes of T.

    Args:
        halves: how a point is halved.
        monotone: T.
        sizes: channels of a, and of b.
        networks: h_1, h_2, …, from one half to T's parameters of the other: channels times T's size.
    Source: Dinh et al. (2017), arXiv 1605.08803, sections 3.2 to 3.5; Ho et al. (2019), section 3.2, for other T.
    """

    def __init__(self, halves: Halves, monotone: Monotone, sizes: tuple[int, int], networks: Sequence[nn.Module]):
        super().__init__()
        self.halves, self.monotone = halves, monotone
        self.networks = nn.ModuleList(networks)
        self.norms = nn.ModuleList(ActNorm(sizes[(i + 1) % 2]) for i in range(len(networks)))

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        known, other = self.halves.apart(x)
        slopes = []
        for norm, network in zip(self._norms, self.networks, strict=True):
            other, slope = self.monotone(norm.scaled(other), self._read_off(network, known, label))
            slopes.append(slope.flatten(1))
            known, other = other, known
        scales = torch.cat([norm.log_scale for norm in self._norms]).sum()
        log_det = torch.cat(slopes, 1).sum(1) + prod(known.shape[2:]) * scales  # once, not a sum a coupling
        return self._together(known, other), log_det

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        known, other = self._in_turn(self.halves.apart(y))
        for norm, network in reversed(list(zip(self._norms, self.networks, strict=True))):
            known, other = other, known
            other = norm.inverse(self.monotone.inverse(other, self._read_off(network, known, label)))
        return self.halves.together(known, other)

    def prepare(self, x: Float[Tensor, "n *d"], label: Tensor | None = None) -> Float[Tensor, "n *e"]:
        known, other = self.halves.apart(x)
        for norm, network in zip(self._norms, self.networks, strict=True):
            other, _ = self.monotone(norm.prepare(other), self._read_off(network, known, label))
            known, other = other, known
        return self._together(known, other)

    @property
    def _norms(self) -> list[ActNorm]:
        return cast(list[ActNorm], list(self.norms))

    def _together(self, known: Tensor, other: Tensor) -> Tensor:
        return self.halves.together(*self._in_turn((known, other)))

    def _in_turn(self, pair: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """Return (a, b) from the halves as an even or odd number of couplings leaves them, and back."""
        return pair if len(self.networks) % 2 == 0 else (pair[1], pair[0])

    def _read_off(self, network: nn.Module, known: Tensor, label: Tensor | None) -> Tensor:
        """Return the parameters of each entry of the other half, on a last axis."""
        p = network(known, label)
        return p.unflatten(1, (-1, self.monotone.size)).movedim(2, -1)
