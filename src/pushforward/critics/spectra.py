"""The spectra of a critic's layers: singular values, stable rank, condition number, and the alarm for their loss."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.critics.autoencoder import Autoencoder
from pushforward.critics.layer_names import layer_names
from pushforward.critics.spectral_norm import TRANSPOSED, flattened

LOST = 0.01  # a direction is lost when its singular value is below this share of the largest
ALARM = 0.125  # of the directions lost; a good critic of the source lost 1 of 64, a collapsed one 21 of 64
KEPT = 64  # singular values that a record keeps


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The singular values σ₁ ≥ σ₂ ≥ … of one layer, a convolution's kernel reshaped to outputs × rest.

    Args:
        values: the singular values, descending, in float64.
    Source: Miyato et al. (2018), figure 3; Arbel et al. (2018), section 4, for the collapse.
    Example:
        >>> spectrum = Spectrum(torch.tensor([2.0, 2.0, 0.0], dtype=torch.float64))
        >>> spectrum.stable_rank, spectrum.condition, round(spectrum.lost, 3)
        (2.0, None, 0.333)
    """

    values: Float[Tensor, " r"]

    @property
    def stable_rank(self) -> float:
        """Σ σ²/σ₁²: how many directions are as large as the largest; 0 for a layer of zeros."""
        return float((self.values / self.values[0]).square().sum()) if self.values[0] > 0 else 0.0

    @property
    def condition(self) -> float | None:
        """σ₁/σ_r, the largest over the smallest; None where that is zero."""
        return float(self.values[0] / self.values[-1]) if self.values[-1] > 0 else None

    @property
    def lost(self) -> float:
        """The share of the directions whose σ is below a hundredth of σ₁."""
        return float((self.values < LOST * self.values[0]).double().mean()) if self.values[0] > 0 else 1.0

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `layers` in a record: σ/σ₁ at most 64 times, evenly from the largest to the smallest."""
        places = torch.linspace(0, len(self.values) - 1, min(KEPT, len(self.values))).round().long()
        shares = self.values[places] / self.values[0].clamp(min=torch.finfo(torch.float64).tiny)
        return {
            "size": len(self.values),
            "largest": float(self.values[0]),
            "stable_rank": self.stable_rank,
            "condition": self.condition,
            "lost": self.lost,
            "shares": [float(f"{s:.4g}") for s in shares.tolist()],
        }


@torch.no_grad()
def spectra(f: nn.Module) -> dict[str, Spectrum]:
    """Return the spectrum of every linear and convolutional layer by its name; of an autoencoder, the encoder's.

    Evaluation mode leaves the buffers of a spectral normalisation as they are.

    Args:
        f: the critic, with the weights that it computes with, whatever parametrises them.
    """
    f = f.encoder if isinstance(f, Autoencoder) else f
    names = layer_names(f)
    layers = {names[path]: m for path, m in f.named_modules() if path in names}
    return {
        name: Spectrum(_singular_values(flattened(m.weight, isinstance(m, TRANSPOSED)))) for name, m in layers.items()
    }


def alarm(layers: dict[str, Spectrum]) -> str | None:
    """Return the sentence that says which layers have lost their rank; None if none has."""
    names = [name for name, s in layers.items() if s.lost > ALARM]
    if not names:
        return None
    worst = max(names, key=lambda name: layers[name].lost)
    return (
        f"rank collapse: {len(names)} of {len(layers)} layers of the critic see more than {ALARM:.0%} of their "
        f"directions at less than {LOST:.0%} of the strongest ({worst}: {layers[worst].lost:.0%}); "
        "spectral normalisation with a learnt scale keeps them alike"
    )


def _singular_values(weight: Float[Tensor, "n m"]) -> Float[Tensor, " r"]:
    """Return singular values, descending; the smaller Gram matrix in float64 resolves σ down to 1e-8·σ₁."""
    W = weight.detach().double().cpu()
    gram = W @ W.T if W.shape[0] <= W.shape[1] else W.T @ W
    return torch.linalg.eigvalsh(gram).clamp(min=0).sqrt().flip(0)
