"""A masked residual network whose groups of outputs see earlier groups of inputs alone, at once or one by one."""

from collections.abc import Sequence
from itertools import accumulate

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import dropout, silu

from pushforward.errors import Refused
from pushforward.networks.conditioners import at_zero, masked


class MaskedResidual(nn.Module):
    """h = W₀x; h ← h + W a(h), `depth` times; p = W a(h): p_i a function of the label and of groups before i alone.

    Units of hidden layers belong to groups too, in order; they see their own and earlier ones. It begins at 0 for every
    input.

    Args:
        inputs: coordinates of each group.
        outputs: parameters of each group, as many groups.
        width: units of each hidden layer.
        depth: hidden layers after the first.
        classes: number of labels; 0 without.
    Source: Germain et al. (2015), arXiv 1502.03509, section 4, for masks.
    Differs: residual layers; units are dealt to groups evenly, not by lot.
    """

    def __init__(self, inputs: Sequence[int], outputs: Sequence[int], width: int, depth: int, classes: int = 0):
        super().__init__()
        if width < 1 or depth < 0:
            raise Refused(f"width must be at least 1 and depth at least 0, got {width} and {depth}.")
        groups = torch.arange(len(inputs))
        of_units = (torch.arange(width) % max(len(inputs) - 1, 1)).sort().values
        of_inputs, of_outputs = (groups.repeat_interleave(torch.tensor(sizes)) for sizes in (inputs, outputs))
        self.sizes = list(outputs)
        self.columns, self.rows = ([0, *accumulate(sizes)] for sizes in (inputs, outputs))
        self.units = [int((of_units < i).sum()) for i in range(len(inputs) + 1)]
        self.first = nn.Linear(len(of_inputs), width)
        self.hidden = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.last = at_zero(nn.Linear(width, len(of_outputs)))
        self.of_class = nn.Embedding(classes, width) if classes else None
        self.free = nn.Embedding(classes, len(of_outputs)) if classes else None
        if self.free is not None:
            nn.init.zeros_(self.free.weight)
        self.dropout = 0.0
        for name, mask in (
            ("first", of_units[:, None] >= of_inputs),
            ("hidden", of_units[:, None] >= of_units),
            ("last", of_outputs[:, None] > of_units),
        ):
            self.register_buffer(f"mask_{name}", mask.float(), persistent=False)

    def forward(self, x: Float[Tensor, "n d"], label: Tensor | None = None) -> list[Tensor]:
        """Return the parameters of each group."""
        h = masked(self.first, self.get_buffer("mask_first"), dropout(x, self.dropout / 2, self.training))
        h = h if self.of_class is None else h + self.of_class(label)
        for layer in self.hidden:
            h = h + masked(layer, self.get_buffer("mask_hidden"), dropout(silu(h), self.dropout, self.training))
        p = masked(self.last, self.get_buffer("mask_last"), dropout(silu(h), self.dropout, self.training))
        p = p if self.free is None else p + self.free(label)
        return list(p.split(self.sizes, 1))

    def walk(self, n: int, label: Tensor | None = None) -> "Walk":
        """Return the same function of n rows whose groups become known one after another."""
        return Walk(self, n, label)


class Walk:
    """A masked network read group by group: every hidden unit is computed once, when all that it sees is known.

    Args:
        network: whose parameters are read.
        n: rows.
        label: the class of each.
    """

    def __init__(self, network: MaskedResidual, n: int, label: Tensor | None = None):
        self.network, self.group = network, 0
        self.h = network.first.bias.expand(n, -1).clone()
        if network.of_class is not None:
            self.h = self.h + network.of_class(label)
        self.free = None if network.free is None else network.free(label)
        self.seen = [torch.zeros_like(self.h) for _ in range(len(network.hidden) + 1)]

    def parameters(self) -> Float[Tensor, "n p"]:
        """Return the parameters of the group that comes next."""
        net, i = self.network, self.group
        done, now = net.units[max(i - 1, 0)], net.units[i]
        h = self.h[:, done:now]
        for layer, seen in zip(net.hidden, self.seen, strict=False):
            seen[:, done:now] = silu(h)
            assert isinstance(layer, nn.Linear)
            h = h + seen[:, :now] @ layer.weight[done:now, :now].T + layer.bias[done:now]
        self.seen[-1][:, done:now] = silu(h)
        rows = slice(net.rows[i], net.rows[i + 1])
        p = self.seen[-1][:, :now] @ net.last.weight[rows, :now].T + net.last.bias[rows]
        return p if self.free is None else p + self.free[:, rows]

    def take(self, x: Float[Tensor, "n k"]) -> None:
        """Take the coordinates of that group as known, and go to the next."""
        net, i = self.network, self.group
        columns, later = slice(net.columns[i], net.columns[i + 1]), net.units[i]
        self.h[:, later:] += x @ net.first.weight[later:, columns].T
        self.group += 1
