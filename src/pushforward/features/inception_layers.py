"""The FID Inception network, layer by layer: convolutions with bias and ReLU, batch norm folded in."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from pushforward.errors import Refused

WIDTHS = (64, 192, 768, 2048)
"""The numbers of features at the four depths."""

CLASSES = 1008
"""The number of classes of the classifier."""

LAST = {
    64: "Conv2d_2b_3x3",
    192: "Conv2d_4a_3x3",
    768: "Mixed_6e.branch_pool",
    2048: "Mixed_7c.branch_pool",
    CLASSES: "fc",
}
"""The last layer before each of these depths, by its number of outputs."""


class Layers:
    """The Inception-v3 network of 2015-12-05 with its two peculiarities of pooling.

    Average pools do not count the margin, and the last block takes a maximum where the paper's takes a mean.

    Args:
        tensors: `NAME.weight` and `NAME.bias` of each layer.
    Source: Szegedy et al. (2016), arXiv 1512.00567; Heusel et al. (2017), arXiv 1706.08500.
    """

    def __init__(self, tensors: Mapping[str, Tensor]):
        self._tensors = dict(tensors)

    def tensors(self) -> list[Tensor]:
        """Return all tensors, sorted by name."""
        return [self._tensors[name] for name in sorted(self._tensors)]

    def reaches(self, width: int) -> bool:
        """Return whether the weights suffice for that many features, or for the classes."""
        depths = list(LAST)
        return all(f"{LAST[d]}.weight" in self._tensors for d in depths[: depths.index(width) + 1])

    def __call__(self, x: Float[Tensor, "n 3 299 299"], width: int) -> Float[Tensor, "n d"]:
        """Return means over positions after the stem, before the blocks, after Mixed_6e or after Mixed_7c."""
        x = self._conv("Conv2d_1a_3x3", x, stride=2, margin=False)
        x = self._conv("Conv2d_2a_3x3", x, margin=False)
        x = F.max_pool2d(self._conv("Conv2d_2b_3x3", x), 3, 2)
        if width == 64:
            return x.mean((2, 3))
        x = self._conv("Conv2d_4a_3x3", self._conv("Conv2d_3b_1x1", x), margin=False)
        x = F.max_pool2d(x, 3, 2)
        if width == 192:
            return x.mean((2, 3))
        for name in ("Mixed_5b", "Mixed_5c", "Mixed_5d"):
            x = self._a(name, x)
        x = self._b("Mixed_6a", x)
        for name in ("Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"):
            x = self._c(name, x)
        if width == 768:
            return x.mean((2, 3))
        x = self._e("Mixed_7b", self._d("Mixed_7a", x), _mean)
        return self._e("Mixed_7c", x, lambda z: F.max_pool2d(z, 3, 1, 1)).mean((2, 3))

    def logits(self, features: Float[Tensor, "n 2048"]) -> Float[Tensor, "n c"]:
        """Return the logits of the classes, without the classifier's bias, as published inception scores have them."""
        return features @ self._tensors["fc.weight"].T

    def _conv(self, name: str, x: Tensor, stride: int = 1, margin: bool = True) -> Tensor:
        if f"{name}.weight" not in self._tensors or f"{name}.bias" not in self._tensors:
            raise Refused(f"the weights of the Inception network lack {name}; take another file.")
        weight = self._tensors[f"{name}.weight"]
        padding = [(k - 1) // 2 if margin else 0 for k in weight.shape[2:]]
        return F.conv2d(x, weight, self._tensors[f"{name}.bias"], stride, padding).relu_()

    def _chain(self, name: str, x: Tensor, *parts: str) -> Tensor:
        for part in parts:
            x = self._conv(f"{name}.{part}", x)
        return x

    def _a(self, name: str, x: Tensor) -> Tensor:
        return torch.cat(
            [
                self._chain(name, x, "branch1x1"),
                self._chain(name, x, "branch5x5_1", "branch5x5_2"),
                self._chain(name, x, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
                self._chain(name, _mean(x), "branch_pool"),
            ],
            1,
        )

    def _b(self, name: str, x: Tensor) -> Tensor:
        double = self._chain(name, x, "branch3x3dbl_1", "branch3x3dbl_2")
        parts = [self._conv(f"{name}.branch3x3", x, 2, False), self._conv(f"{name}.branch3x3dbl_3", double, 2, False)]
        return torch.cat([*parts, F.max_pool2d(x, 3, 2)], 1)

    def _c(self, name: str, x: Tensor) -> Tensor:
        return torch.cat(
            [
                self._chain(name, x, "branch1x1"),
                self._chain(name, x, *(f"branch7x7_{i}" for i in (1, 2, 3))),
                self._chain(name, x, *(f"branch7x7dbl_{i}" for i in (1, 2, 3, 4, 5))),
                self._chain(name, _mean(x), "branch_pool"),
            ],
            1,
        )

    def _d(self, name: str, x: Tensor) -> Tensor:
        three = self._conv(f"{name}.branch3x3_2", self._chain(name, x, "branch3x3_1"), 2, False)
        seven = self._chain(name, x, *(f"branch7x7x3_{i}" for i in (1, 2, 3)))
        return torch.cat([three, self._conv(f"{name}.branch7x7x3_4", seven, 2, False), F.max_pool2d(x, 3, 2)], 1)

    def _e(self, name: str, x: Tensor, pool: Callable[[Tensor], Tensor]) -> Tensor:
        three = self._chain(name, x, "branch3x3_1")
        double = self._chain(name, x, "branch3x3dbl_1", "branch3x3dbl_2")
        both = lambda z, stem: [self._conv(f"{name}.{stem}{end}", z) for end in "ab"]
        return torch.cat(
            [
                self._chain(name, x, "branch1x1"),
                *both(three, "branch3x3_2"),
                *both(double, "branch3x3dbl_3"),
                self._chain(name, pool(x), "branch_pool"),
            ],
            1,
        )


def _mean(x: Tensor) -> Tensor:
    """Return the mean over those of 3 × 3 neighbours that lie within the picture."""
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
