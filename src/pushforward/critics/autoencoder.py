"""A critic from whose codes its input can be rebuilt."""

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.functional import mse_loss

from pushforward.critics.base import Constraint, View
from pushforward.errors import Refused
from pushforward.networks import takes
from pushforward.spaces import Batch


class Autoencoder(nn.Module):
    """A critic f = encoder with a decoder beside it; the discrepancy sees the codes alone.

    Args:
        encoder: points → codes.
        decoder: codes → points.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module):
        super().__init__()
        if "label" in takes(encoder) or "label" in takes(decoder):
            raise Refused(
                "encoder and decoder of Autoencoder take no labels; make their network for a space without classes."
            )
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x: Tensor) -> Tensor:
        return self.encoder(x)

    def codes(self, x: Batch) -> Tensor:
        """Return the codes of encoded points."""
        return self.encoder(x.x)

    def decode(self, codes: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the points that codes stand for."""
        return self.decoder(codes)


@dataclass(frozen=True)
class Reconstruction(Constraint):
    """weight·(E‖x − d(f(x))‖²/dim + E‖y − d(f(y))‖²/dim): the critic's codes must suffice to rebuild its input.

    Keeps the representation injective, so that the kernel on it stays characteristic.

    Args:
        weight: of both mean squares, at least 0.
    Source: Li et al. (2017), eq. (3) and released code, λ = 8.
    """

    weight: float = 8.0

    def attach(self, f: nn.Module) -> None:
        if not isinstance(f, Autoencoder):
            raise Refused(f"Reconstruction needs an Autoencoder as critic, got {type(f).__name__}.")

    def tax(self, v: View) -> Tensor:
        assert isinstance(v.f, Autoencoder)  # refused by `attach` otherwise
        rebuilt_x, rebuilt_y = v.f.decoder(v.own_fx), v.f.decoder(v.own_fy)
        return self.weight * (mse_loss(rebuilt_x, v.x.x) + mse_loss(rebuilt_y, v.y.x))
