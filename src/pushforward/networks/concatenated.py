"""The simplest network that takes a label: beside its input."""

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot


class Concatenated(nn.Module):
    """(z, label) ↦ g(z, e_label): the label's unit vector stands beside the noise, or beside a flattened point.

    Args:
        network: takes vectors of the noise's size plus `classes`.
        classes: number of labels.
    Source: Mirza and Osindero (2014), §3.2.
    """

    def __init__(self, network: nn.Module, classes: int):
        super().__init__()
        self.network, self.classes = network, classes

    def forward(self, z: Tensor, label: Tensor) -> Tensor:
        return self.network(torch.cat([z.flatten(1), one_hot(label, self.classes).to(z)], 1))


def beside_labels(network: nn.Module, classes: int) -> nn.Module:
    """Return the network, with the label's unit vector beside its input if there are classes."""
    return Concatenated(network, classes) if classes else network
