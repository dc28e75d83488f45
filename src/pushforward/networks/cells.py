"""The plan whose noise is a picture as large as the one that it makes: convolutions between cells of pixels."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.networks.base import Head, Network, halvings_of
from pushforward.networks.conditional import norm, through
from pushforward.networks.dcgan import DCGAN
from pushforward.spaces import Image, Space

LEAST = 7
"""The cells of a side that are left at least."""


@dataclass(frozen=True)
class Cells(Network):
    """h = n(W₀z); h ← h + n(W a(h)), `depth` times; x = W a(h): 3×3 convolutions W, of cells of pixels.

    A cell is 4×4 pixels of a picture of 28 or 32, 8×8 of one of 64: its pixels stand side by side as channels, so that
    all products are of few cells with many channels, and a sample takes half the time that `DCGAN` takes. Noise of as
    many numbers as the picture has is cut into cells as it is, each beside what it decides, which is how maps of whole
    noise are learnt best; other noise comes by a linear map. Labels are taken by the batch norm n. The critic is
    that of `DCGAN`, without batch norm.

    Args:
        width: channels of a cell.
        depth: residual convolutions.
    """

    takes_labels: ClassVar[bool] = True

    width: int = 32
    depth: int = 4

    def __post_init__(self) -> None:
        if self.width < 1 or self.depth < 0:
            raise Refused(f"width of Cells must be at least 1 and depth at least 0, got {self.width} and {self.depth}.")

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        if not isinstance(space, Image):
            raise Refused(
                f"Cells makes pictures, got data of shape {space.shape}; choose another network, such as MLP."
            )
        kind = LabelledCellwise if space.classes else Cellwise
        return kind(latent_dim, space, self.width, self.depth)

    def critic(self, space: Space, outputs: int) -> nn.Module:
        return DCGAN(max(self.width // 2, 1), critic_batch_norm=False).critic(space, outputs)


class Cellwise(nn.Module):
    """The generator of `Cells`: noise (n, d) to pictures.

    Args:
        latent_dim: d.
        space: of the pictures.
        width: channels of a cell.
        depth: residual convolutions.
    """

    def __init__(self, latent_dim: int, space: Image, width: int, depth: int):
        super().__init__()
        side = 2 ** halvings_of(space.height, space.width, LEAST)
        numbers, classes = space.channels * side**2, len(space.classes)
        cells = numbers, space.height // side, space.width // side
        whole = nn.Sequential(nn.Unflatten(1, space.shape), nn.PixelUnshuffle(side))
        linear = nn.Sequential(nn.Linear(latent_dim, space.dim), nn.Unflatten(1, cells))
        self.cut = whole if latent_dim == space.dim else linear
        self.first = nn.Conv2d(numbers, width, 3, padding=1, bias=False)
        self.layers = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1, bias=False) for _ in range(depth))
        self.norms = nn.ModuleList(norm(width, classes) for _ in range(depth + 1))
        self.last = nn.Conv2d(width, numbers, 3, padding=1)
        self.end = nn.Sequential(nn.PixelShuffle(side), Head(space))

    def forward(self, z: Tensor) -> Tensor:
        return self.of_class(z, None)

    def of_class(self, z: Tensor, label: Tensor | None) -> Tensor:
        """Return the pictures of noise and labels, where there are any."""
        h = through(self.norms[0], self.first(self.cut(z)), label)
        for layer, normal in zip(self.layers, list(self.norms)[1:], strict=True):
            h = h + through(normal, layer(h.relu()), label)
        return self.end(self.last(h.relu()))


class LabelledCellwise(Cellwise):
    """The same with labels, which the norms take; arguments as of `Cellwise`."""

    def forward(self, z: Tensor, label: Tensor) -> Tensor:  # type: ignore[override]  # by which it is known to take one
        return self.of_class(z, label)
