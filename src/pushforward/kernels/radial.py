"""The abstract kernel of ‖x − y‖ alone: one matrix of squared distances for all scales, and derivatives of κ."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.bandwidth import Bandwidth, Median, as_numbers, positive
from pushforward.kernels.base import Kernel
from pushforward.kernels.narrow import Narrow
from pushforward.kernels.pairwise import matched, squared_distance


class Radial(Kernel):
    """k(x, y) = Σ_c κ_c(s), s = ‖x − y‖²; a member states κ_c, κ_c′ and κ_c″, scales along the first axis.

    The members are frozen dataclasses with an option `bandwidth`.
    """

    bandwidth: Bandwidth

    @abstractmethod
    def kappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        """κ_c(s), one slice a scale."""

    @abstractmethod
    def dkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        """κ_c′(s), one slice a scale."""

    @abstractmethod
    def ddkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        """κ_c″(s), one slice a scale."""

    def kappa(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """κ(s) = Σ_c κ_c(s)."""
        return summed(self.kappas(s))

    def dkappa(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """κ′(s); ∂k/∂x = 2κ′·(x − y)."""
        return summed(self.dkappas(s))

    def ddkappa(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """κ″(s); ∂²k/∂x∂y = −2κ′·I − 4κ″·(x − y)(x − y)ᵀ."""
        return summed(self.ddkappas(s))

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        return self.kappa(squared_distance(x, y))

    def components(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "c n m"]:
        return self.kappas(squared_distance(x, y))

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        x, y = matched(x, y)
        return self.kappa((x - y).square().sum(-1))

    def diag(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        x, _ = matched(x, x)
        return self.kappa(x.new_zeros(())).expand(len(x))

    def narrowed(self, x: Float[Tensor, "n d"]) -> Iterator[Narrow]:
        """Yield the kernel of float32 rows taken about the centre of x, which changes no distance."""
        center = x.mean(0)
        yield Narrow("float32", self, lambda z: (z - center).float())

    def fitted(self, x: Float[Tensor, "n d"]) -> "Radial":
        """Return the kernel with a bandwidth that waits for data taken from x."""
        if not isinstance(self.bandwidth, Median):
            return self
        return replace(self, bandwidth=self.bandwidth.of(x))  # type: ignore[type-var]

    def scales(self) -> tuple[float, ...]:
        """Return the bandwidths as a tuple of numbers.

        Raises:
            Refused: if they wait for data.
        """
        return as_numbers(self.bandwidth, type(self).__name__)

    def check(self) -> None:
        """Refuse bandwidths that are not positive; for a member's `__post_init__`."""
        if not isinstance(self.bandwidth, Median):
            object.__setattr__(self, "bandwidth", positive(self.bandwidth, "bandwidth", type(self).__name__))


def column(values: Iterable[float], s: Tensor) -> Tensor | float:
    """Return the values along a new first axis before those of s; one alone stays a number, to launch no kernel."""
    values = tuple(values)
    return values[0] if len(values) == 1 else s.new_tensor(values).view(-1, *[1] * s.dim())


def summed(components: Tensor) -> Tensor:
    """Σ_c over the first axis; no work for one component."""
    return components[0] if len(components) == 1 else components.sum(0)
