"""The spectral normalisation of a critic, with and without a scale that is learnt."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils.parametrize import register_parametrization

from pushforward.critics.autoencoder import Autoencoder
from pushforward.critics.base import Constraint
from pushforward.kernels.pairwise import full_precision

TRANSPOSED = nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d
EPS = 1e-12


@dataclass(frozen=True)
class SpectralNorm(Constraint):
    """W ← W/σ̂(W), or γ·W/σ̂(W), for every weight W of the critic, σ̂ an estimate of the largest singular value.

    The witness's slope is then bounded, up to how the reshaped kernel of a convolution differs from its operator. With
    γ learnt it is a reparametrisation that bounds nothing, and keeps the singular values of a layer alike: the cure of
    rank collapse. Kernel and Wasserstein critics need γ; without it they are too flat. Of an autoencoder, the encoder's
    weights alone.

    Args:
        learn_scale: learn one γ a layer, from 1 on.
    Source: Miyato et al. (2018), Algorithm 1; Arbel et al. (2018), section 4, for γ.
    """

    learn_scale: bool = False

    def attach(self, f: nn.Module) -> None:
        network = f.encoder if isinstance(f, Autoencoder) else f
        layers = [m for m in network.modules() if isinstance(m, nn.Linear | nn.Embedding | nn.modules.conv._ConvNd)]
        for m in layers:
            register_parametrization(m, "weight", Normalised(m.weight, isinstance(m, TRANSPOSED), self.learn_scale))


class Normalised(nn.Module):
    """γ·W/σ̂, σ̂ = uᵀWv for the W reshaped to outputs × rest; u persists, one power iteration a forward in training.

    Gradients take u and v for constants, as the released code does: at a fixed point of the iteration they are exact.

    Args:
        weight: W.
        transposed: whether the outputs are its second axis.
        scale: learn γ.
    """

    def __init__(self, weight: Tensor, transposed: bool, scale: bool):
        super().__init__()
        self.transposed = transposed
        self.gamma = nn.Parameter(weight.new_ones(())) if scale else None
        start = torch.randn_like(flattened(weight.detach(), transposed)[:, 0])
        self.u = nn.Buffer(normalize(start, dim=0, eps=EPS))

    def forward(self, weight: Tensor) -> Tensor:
        with full_precision(weight):
            W = flattened(weight, self.transposed)
            with torch.no_grad():
                v = normalize(W.T @ self.u, dim=0, eps=EPS)
                if self.training:
                    self.u.copy_(normalize(W @ v, dim=0, eps=EPS))
                u = self.u.clone()  # the next forward changes the buffer before this one is differentiated
            normalised = weight / (u @ (W @ v)).clamp(min=EPS)
        return normalised if self.gamma is None else self.gamma * normalised


def flattened(weight: Tensor, transposed: bool) -> Tensor:
    """Return a weight as outputs × rest; of a transposed convolution the outputs are its second axis."""
    return (weight.transpose(0, 1) if transposed else weight).flatten(1)
