"""Sums of kernel values in the cheapest arithmetic that the data at hand bear: many samples against one."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.discrepancies.sums import Own, Sums, between, own
from pushforward.kernels import Kernel
from pushforward.kernels.far import even
from pushforward.kernels.narrow import Narrow

Rows = Callable[[Tensor], Tensor]

SMALL = 2**30
"""Multiplications up to which float64 costs nothing worth saving."""

CHECKED = 128
"""Rows a side whose kernel values are computed again in float64."""

TOLERANCE = 0.05
"""Standard errors by which fewer digits may move an MMD²: the square of its whole error then grows by 1/400."""

PART = 2**12
"""Rows that are narrowed, or of whose kernel values with the checked rows there is a matrix, at a time."""


class Against:
    """Sums of kernel values of samples y against data x, those of K_xx being computed once.

    The cheapest arithmetic is taken that moves the unbiased MMD² by less than a twentieth of its standard error, as
    shown on rows drawn at random whose kernel values with all others are computed in float64 as well; float64 itself
    where none does, or where rows lie so far out that those drawn do not speak for them. `Sums.arithmetic` says which.

    Args:
        k: the kernel.
        x: float64 data, at least 4 rows.
        block: rows and columns of a block; by default what fits into a cache.
    """

    def __init__(self, k: Kernel, x: Float[Tensor, "n d"], block: int | None = None):
        self.given, self.block = k, block
        self.k, self.x, _ = k.pulled(x, x)
        self.exact = Narrow("float64", self.k, _same)
        self.laid: dict[Rows, Tensor] = {self.exact.rows: self.x}
        self.own: dict[str, Own] = {}

    @torch.no_grad()
    def __call__(self, y: Float[Tensor, "m d"]) -> Sums:
        """The sums for samples y, at least 4 rows."""
        _, y, _ = self.given.pulled(y, y)
        narrow, y = self._chosen(y)
        x = self.laid[narrow.rows]
        if narrow.arithmetic not in self.own:
            self.own[narrow.arithmetic] = own(narrow.kernel, x, self.block)
        each = self.own[narrow.arithmetic], own(narrow.kernel, y, self.block)
        return replace(between(narrow.kernel, x, y, each, self.block), arithmetic=narrow.arithmetic)

    def _chosen(self, y: Tensor) -> tuple[Narrow, Tensor]:
        """The arithmetic that will do, and the samples as its kernel reads them."""
        if (len(self.x) + len(y)) ** 2 * self.x.shape[1] <= SMALL or not even(self.x, y):
            return self.exact, y
        at, laid = (_drawn(len(self.x)), _drawn(len(y))), dict[Rows, Tensor]()
        of_x, of_y = _terms(self.exact.kernel, self.x, y, at)
        # At most √(4·Var h_x/n + 4·Var h_y/m): if the laws are equal, half of what these terms vary is their own error.
        stderr = float(2 * (of_x.var() / len(self.x) + of_y.var() / len(y))) ** 0.5
        for narrow in self.cheaper:
            if narrow.rows not in self.laid:
                self.laid[narrow.rows] = _laid(narrow.rows, self.x)
            if narrow.rows not in laid:
                laid[narrow.rows] = _laid(narrow.rows, y)
            found = _terms(narrow.kernel, self.laid[narrow.rows], laid[narrow.rows], at)
            if _shift(found[0] - of_x) + _shift(found[1] - of_y) <= TOLERANCE * stderr:
                return narrow, laid[narrow.rows]
        return self.exact, y

    @cached_property
    def cheaper(self) -> tuple[Narrow, ...]:
        """What is tried before float64."""
        return tuple(self.k.narrowed(self.x))


def _terms(k: Kernel, x: Tensor, y: Tensor, at: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """h(x_i) = Σk(x_i, x′)/(n − 1) − Σk(x_i, y)/m over x′ ≠ x_i, and the same of y, for the rows asked for.

    Their means over all rows add up to MMD².
    """
    (i, j), n, m = at, len(x), len(y)
    of_x = (_sums(k, x[i], x) - k.diag(x[i])) / (n - 1) - _sums(k, x[i], y) / m
    of_y = (_sums(k, y[j], y) - k.diag(y[j])) / (m - 1) - _sums(k, y[j], x) / n
    return of_x, of_y


def _sums(k: Kernel, u: Tensor, z: Tensor) -> Float[Tensor, " c"]:
    """Σ_j k(u_i, z_j), added up in float64."""
    total = u.new_zeros(len(u), dtype=torch.float64)
    for part in z.split(PART):
        total += k(u, part).sum(1)
    return total


def _shift(errors: Float[Tensor, " c"]) -> float:
    """The size of the mean of many such errors, three standard errors of this estimate included."""
    return float(errors.mean().abs() + 3 * errors.std() / len(errors) ** 0.5)


def _drawn(n: int) -> Int[Tensor, " c"]:
    """The rows that are checked: always the same ones of so many."""
    return torch.randperm(n, generator=torch.Generator().manual_seed(0))[:CHECKED]


def _laid(rows: Rows, z: Tensor) -> Tensor:
    """All rows narrowed, a part at a time."""
    parts = z.split(PART)
    first = rows(parts[0])
    whole = first.new_empty(len(z), first.shape[1])
    for part, place in zip(parts, whole.split(PART), strict=True):
        place.copy_(rows(part))
    return whole


def _same(z: Tensor) -> Tensor:
    return z
