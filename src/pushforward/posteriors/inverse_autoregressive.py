"""The posterior of a normal draw that goes through triangular maps, each of which sees the point."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from pushforward.networks import Masked, Opening
from pushforward.posteriors.base import Coded, Posterior
from pushforward.posteriors.diagonal_gaussian import DiagonalGaussian

OPEN = 2.0
"""Where the gates begin: σ(2) = 0.88 of a coordinate passes as it is."""


class InverseAutoregressive(Posterior):
    """z_0 = m + s⊙ε; z_t = g_t⊙z_{t−1} + (1 − g_t)⊙m_t with gates g_t = σ(a_t); m_t and a_t at i see z_{t−1} before i.

    log q(z_T|x) = log N(ε; 0, I) − Σ log s − Σ_t Σ_i log g_{t,i}: every map is triangular. Coordinates run backwards
    in every second one. The encoder says m, log s² and a context that every map reads; drawing is one pass, and the
    density of a code that is given is not asked for.

    Where levels of a code open over turns, g_t is 1 − o·σ(−a_t), o how far a number is open: one that is shut passes.

    Args:
        dim: of a code.
        layers: maps, at least 1.
        widths: of the masked networks' hidden layers.
        context: numbers that the maps read of each point.
        opening: of the levels of a code; None where all are open.
    Source: Kingma et al. (2016), arXiv 1606.04934, algorithm 1; z of gates as its equations 13 and 14.
    """

    def __init__(self, dim: int, layers: int = 2, widths: Sequence[int] = (320,), context: int = 64,
                 opening: Opening | None = None):  # fmt: skip
        super().__init__()
        self.dim, self.size, self.context = dim, 2 * dim + context, context
        self.first, self.opening = DiagonalGaussian(dim), opening
        forth = [0] * context + list(range(1, dim + 1))
        back = [0] * context + list(range(dim, 0, -1))
        self.maps = nn.ModuleList(Masked(back if t % 2 else forth, 2, widths) for t in range(layers))

    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        h, seen = h[:, : 2 * self.dim], h[:, 2 * self.dim :]
        z, log_q, _ = self.first(h, noise)
        for network in self.maps:
            shift, gate = network(torch.cat([seen, z], 1))[:, self.context :].unbind(2)
            log_gate, moved = self._gates(gate + OPEN)
            z = (1 - moved) * z + moved * shift
            log_q = log_q - log_gate.sum(1)
        return Coded(z, log_q)

    def _gates(self, gate: Tensor) -> tuple[Tensor, Tensor]:
        """Return log g and 1 − g."""
        if self.opening is None:
            return logsigmoid(gate), (-gate).sigmoid()
        opened = self.opening.of_numbers()
        return torch.logaddexp((1 - opened).log(), opened.log() + logsigmoid(gate)), opened * (-gate).sigmoid()

    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        """Return where the mean of z_0 goes, which is near the mean of z_T and not it."""
        return self(h, torch.zeros(len(h), self.dim, device=h.device)).z
