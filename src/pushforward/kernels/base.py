"""The abstract kernel k(x, y) and the algebra of kernels: sums, positive multiples, kernels of a frozen map."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.bandwidth import positive
from pushforward.kernels.narrow import Narrow


class Kernel(ABC):
    """k(x_i, y_j): symmetric, positive semi-definite; a value, so it never changes and nothing in it is learnt.

    One method is enough for a new kernel; the others have defaults that are right, and are overridden for speed.
    """

    @abstractmethod
    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        """k(x_i, y_j) for all pairs."""

    def components(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "c n m"]:
        """Return the kernel's summands, one a scale; the kernel itself is the only one unless overridden."""
        return self(x, y).unsqueeze(0)

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        """k(x_i, y_i), row by row."""
        rows = zip(x.split(32), y.split(32), strict=True)
        return torch.cat([self(a, b).diagonal() for a, b in rows])

    def diag(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        """k(x_i, x_i)."""
        return self.paired(x, x)

    def fitted(self, x: Float[Tensor, "n d"]) -> "Kernel":
        """Return the kernel with every bandwidth that waits for data taken from x; itself unless overridden."""
        return self

    def pulled(self, x: Tensor, y: Tensor) -> tuple["Kernel", Tensor, Tensor]:
        """(l, f(x), f(y)) with k(x, y) = l(f(x), f(y)), so that a frozen map runs once; l = k unless overridden."""
        return self, x, y

    def narrowed(self, x: Float[Tensor, "n d"]) -> Iterator[Narrow]:
        """Yield the kernel in cheaper arithmetics, the cheapest first, for data like x; float32 unless overridden."""
        yield Narrow("float32", self, lambda z: z.float())

    def on(self, f: Callable[[Tensor], Tensor]) -> "Kernel":
        """k(f(x), f(y)) for a frozen map f."""
        return On(self, f)

    def __add__(self, other: "Kernel") -> "Kernel":
        return Sum(self, other)

    def __mul__(self, multiple: float | int) -> "Kernel":
        return Scaled(float(multiple), self)

    __rmul__ = __mul__


@dataclass(frozen=True)
class Sum(Kernel):
    """k(x, y) = left(x, y) + right(x, y); its components are those of both.

    Args:
        left: a kernel.
        right: another one.
    Example:
        >>> from pushforward.kernels import Linear
        >>> Sum(Linear(), Linear())(torch.ones(1, 2), torch.ones(1, 2)).item()
        4.0
    """

    left: Kernel
    right: Kernel

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        return self.left(x, y) + self.right(x, y)

    def components(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "c n m"]:
        return torch.cat([self.left.components(x, y), self.right.components(x, y)])

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return self.left.paired(x, y) + self.right.paired(x, y)

    def diag(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return self.left.diag(x) + self.right.diag(x)

    def fitted(self, x: Float[Tensor, "n d"]) -> "Sum":
        return Sum(self.left.fitted(x), self.right.fitted(x))


@dataclass(frozen=True)
class Scaled(Kernel):
    """k(x, y) = multiple · kernel(x, y).

    Args:
        multiple: above 0, since a negative multiple of a kernel is none.
        kernel: the kernel.
    Example:
        >>> from pushforward.kernels import Linear
        >>> (3 * Linear())(torch.ones(1, 2), torch.ones(1, 2)).item()
        6.0
    """

    multiple: float
    kernel: Kernel

    def __post_init__(self) -> None:
        positive(self.multiple, "multiple", "a kernel")

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        return self.multiple * self.kernel(x, y)

    def components(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "c n m"]:
        return self.multiple * self.kernel.components(x, y)

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return self.multiple * self.kernel.paired(x, y)

    def diag(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return self.multiple * self.kernel.diag(x)

    def fitted(self, x: Float[Tensor, "n d"]) -> "Scaled":
        return Scaled(self.multiple, self.kernel.fitted(x))

    def pulled(self, x: Tensor, y: Tensor) -> tuple[Kernel, Tensor, Tensor]:
        kernel, x, y = self.kernel.pulled(x, y)
        return Scaled(self.multiple, kernel), x, y

    def narrowed(self, x: Float[Tensor, "n d"]) -> Iterator[Narrow]:
        for narrow in self.kernel.narrowed(x):
            yield Narrow(narrow.arithmetic, Scaled(self.multiple, narrow.kernel), narrow.rows)


@dataclass(frozen=True)
class On(Kernel):
    """k(x, y) = kernel(f(x), f(y)), f frozen: features, a projection, a trained encoder.

    Args:
        kernel: the kernel of the features.
        f: a map of batches that gives one row of features a point; it must not be learning.
    Example:
        >>> from pushforward.kernels import Linear
        >>> On(Linear(), torch.square)(torch.full((1, 1), 2.0), torch.full((1, 1), 3.0)).item()
        36.0
    """

    kernel: Kernel
    f: Callable[[Tensor], Tensor]

    def __call__(self, x: Tensor, y: Tensor) -> Float[Tensor, "n m"]:
        kernel, x, y = self.pulled(x, y)
        return kernel(x, y)

    def components(self, x: Tensor, y: Tensor) -> Float[Tensor, "c n m"]:
        kernel, x, y = self.pulled(x, y)
        return kernel.components(x, y)

    def paired(self, x: Tensor, y: Tensor) -> Float[Tensor, " n"]:
        kernel, x, y = self.pulled(x, y)
        return kernel.paired(x, y)

    def diag(self, x: Tensor) -> Float[Tensor, " n"]:
        kernel, x, _ = self.pulled(x, x)
        return kernel.diag(x)

    def fitted(self, x: Tensor) -> "On":
        return On(self.kernel.fitted(self.f(x)), self.f)

    def pulled(self, x: Tensor, y: Tensor) -> tuple[Kernel, Tensor, Tensor]:
        fx = self.f(x)
        return self.kernel.pulled(fx, fx if y is x else self.f(y))
