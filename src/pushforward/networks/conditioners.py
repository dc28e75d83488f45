"""The networks that give the parameters of a map from coordinates that are known already, and from a label."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import linear

from pushforward.errors import Refused

L = TypeVar("L", nn.Linear, nn.Conv2d)


class Dense(nn.Module):
    """(x, label) ↦ W_L a(… a(W_1 x + e_label) …): a fully connected network that begins at 0 for every input.

    Args:
        inputs: coordinates that are known.
        outputs: parameters, all together.
        widths: of the hidden layers, at least one.
        classes: number of labels; 0 without.
    """

    def __init__(self, inputs: int, outputs: int, widths: Sequence[int], classes: int = 0):
        super().__init__()
        check_widths(widths, "Dense")
        self.first = nn.Linear(inputs, widths[0])
        self.of_class = nn.Embedding(classes, widths[0]) if classes else None
        self.hidden = nn.ModuleList(nn.Linear(n, m) for n, m in pairwise(widths))
        self.last = at_zero(nn.Linear(widths[-1], outputs))

    def forward(self, x: Float[Tensor, "n d"], label: Tensor | None = None) -> Float[Tensor, "n p"]:
        h = self.first(x)
        h = h if self.of_class is None else h + self.of_class(label)
        for layer in self.hidden:
            h = layer(h.relu())
        return single(self.last(h.relu()))


class Masked(nn.Module):
    """(x, label) ↦ p with p_i a function of the label and of those x_j alone whose group comes before that of i.

    Units of the hidden layers belong to groups too, and see units of their own group and of earlier ones; outputs see
    units of earlier groups, and so every p_i of the first group is a function of the label alone.

    Args:
        groups: number of the group of each coordinate, 0 for those that come first.
        outputs: parameters of each coordinate.
        widths: of the hidden layers, at least one.
        classes: number of labels; 0 without.
    Source: Germain et al. (2015), arXiv 1502.03509, section 4; groups of coordinates are ours.
    Differs: units are dealt to groups in turn, not by lot, so that none is without units.
    """

    def __init__(self, groups: Sequence[int], outputs: int, widths: Sequence[int], classes: int = 0):
        super().__init__()
        check_widths(widths, "Masked")
        of_input, count, self.coordinates = torch.tensor(groups), max(groups) + 1, len(groups)
        of_units = [torch.arange(width) % max(count - 1, 1) for width in widths]
        self.layers = nn.ModuleList(nn.Linear(n, m) for n, m in pairwise((len(groups), *widths)))
        self.of_class = nn.ModuleList(nn.Embedding(classes, width) for width in widths) if classes else None
        self.last = at_zero(nn.Linear(widths[-1], len(groups) * outputs))
        self.free = nn.Embedding(classes, len(groups) * outputs) if classes else None
        if self.free is not None:
            nn.init.zeros_(self.free.weight)
        for i, (before, after) in enumerate(pairwise((of_input, *of_units))):
            self.register_buffer(f"mask_{i}", (after[:, None] >= before).float(), persistent=False)
        seen = (of_input.repeat_interleave(outputs)[:, None] > of_units[-1]).float()
        self.register_buffer("mask_last", seen, persistent=False)

    def forward(self, x: Float[Tensor, "n d"], label: Tensor | None = None) -> Float[Tensor, "n d p"]:
        for i, layer in enumerate(self.layers):
            x = masked(layer, self.get_buffer(f"mask_{i}"), x)
            x = (x if self.of_class is None else x + self.of_class[i](label)).relu()
        p = masked(self.last, self.get_buffer("mask_last"), x)
        p = p if self.free is None else p + self.free(label)
        return single(p).unflatten(1, (self.coordinates, -1))


class Convolutional(nn.Module):
    """(x, label) ↦ a 3×3 convolution, residual blocks and a 1×1 convolution of x and of each pixel's own coordinates.

    It begins at 0 for every input, and keeps height and width. In bfloat16 if training is; its result is float32.

    Args:
        inputs: channels that are known.
        outputs: channels of parameters.
        width: of the hidden channels.
        depth: residual blocks.
        classes: number of labels; 0 without.
    """

    def __init__(self, inputs: int, outputs: int, width: int, depth: int, classes: int = 0):
        super().__init__()
        self.first = nn.Conv2d(inputs + 2, width, 3, padding=1)
        self.of_class = nn.Embedding(classes, width) if classes else None
        self.blocks = nn.ModuleList(Block(width) for _ in range(depth))
        self.last = at_zero(nn.Conv2d(width, outputs, 1))

    def forward(self, x: Float[Tensor, "n c h w"], label: Tensor | None = None) -> Float[Tensor, "n p h w"]:
        n, _, height, width = x.shape
        down = torch.linspace(-1, 1, height, device=x.device, dtype=x.dtype).view(1, 1, -1, 1)
        across = torch.linspace(-1, 1, width, device=x.device, dtype=x.dtype)
        places = [places.expand(n, 1, height, width) for places in (down, across.view(1, 1, 1, -1))]
        h = self.first(torch.cat([x, *places], 1).contiguous(memory_format=torch.channels_last))
        h = h if self.of_class is None else h + self.of_class(label)[:, :, None, None]
        for block in self.blocks:
            h = block(h)
        return single(self.last(h.relu()))


class Block(nn.Module):
    """x ↦ x + W₂ a(W₁ a(x)), a 3×3 convolution and a 1×1 one that begins at 0.

    Args:
        width: channels.
    """

    def __init__(self, width: int):
        super().__init__()
        self.wide, self.narrow = nn.Conv2d(width, width, 3, padding=1), at_zero(nn.Conv2d(width, width, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.narrow(self.wide(x.relu()).relu())


def single(p: Tensor) -> Tensor:
    """Return parameters in float32 where a network gave them in bfloat16: differences of CDFs need the digits."""
    return p if p.dtype.itemsize >= 4 else p.float()


def masked(layer: nn.Module, mask: Tensor, x: Tensor) -> Tensor:
    """Return (W ∘ mask) x + b."""
    assert isinstance(layer, nn.Linear)
    return linear(x, layer.weight * mask, layer.bias)


def at_zero(layer: L) -> L:
    """Return the layer with weights and biases at 0."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def check_widths(widths: Sequence[int], owner: str) -> None:
    """Refuse a network without hidden units.

    Raises:
        Refused: if there are no widths, or one is below 1.
    """
    if not widths or min(widths) < 1:
        raise Refused(f"widths of {owner} must be positive numbers, at least one, got {tuple(widths)}.")
