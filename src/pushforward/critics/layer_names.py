"""The names of layers as a person knows them: what a layer does, which one of its kind it is, and its sizes."""

from collections import Counter

from torch import nn

from pushforward.critics.base import Layer, has_weights
from pushforward.critics.spectral_norm import TRANSPOSED


def layer_names(network: nn.Module) -> dict[str, str]:
    """Return the name of every linear and convolutional layer, by its path within a network, in their order.

    Example:
        >>> layers = nn.Conv2d(1, 64, 4), nn.ReLU(), nn.Conv2d(64, 128, 4), nn.Flatten(), nn.Linear(512, 1)
        >>> list(layer_names(nn.Sequential(*layers)).values())
        ['convolution 1 (1→64, 4×4)', 'convolution 2 (64→128, 4×4)', 'linear 1 (512→1)']
    """
    names, known = {}, Counter[str]()
    for path, module in network.named_modules():
        if has_weights(module):
            kind = _kind(module)
            known[kind] += 1
            names[path] = f"{kind} {known[kind]} ({_sizes(module)})"
    return names


def _kind(layer: Layer) -> str:
    if isinstance(layer, nn.Linear):
        return "linear"
    return "transposed convolution" if isinstance(layer, TRANSPOSED) else "convolution"


def _sizes(layer: Layer) -> str:
    """Return the sizes of a layer, of what it takes and gives, and of a kernel."""
    if isinstance(layer, nn.Linear):
        return f"{layer.in_features}→{layer.out_features}"
    return f"{layer.in_channels}→{layer.out_channels}, {'×'.join(map(str, layer.kernel_size))}"
