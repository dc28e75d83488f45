"""The sums of kernel values of many samples against one, in the cheapest arithmetic that the data at hand bear."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.discrepancies.sums import Sums, SumsWithin, between, within
from pushforward.kernels import Kernel
from pushforward.kernels.far import even
from pushforward.kernels.narrow import Narrow

RowMap = Callable[[Tensor], Tensor]

SMALL = 2**30
"""The number of multiplications up to which float64 costs nothing worth saving."""

CHECKED = 128
"""The number of rows a side whose kernel values are computed again in float64."""

TOLERANCE = 0.05
"""The share of a standard error by which fewer digits may move MMD²: its squared error then grows by 1/400."""

PART = 2**12
"""The number of rows that are narrowed, or compared with the checked rows, at a time."""


class Against:
    """The sums of kernel values of any samples y against data x, those of K_xx computed once.

    The cheapest arithmetic is taken that moves the unbiased MMD² by less than a twentieth of its standard error, as
    shown on rows drawn at random whose kernel values with all others are computed in float64 as well; float64 itself
    where none does, or where rows lie so far out that those drawn do not speak for them. `Sums.arithmetic` says which.

    Args:
        k: the kernel.
        x: float64 data, at least 4 rows.
        block: rows and columns of a block; by default what fits into a cache.
    """

    def __init__(self, k: Kernel, x: Float[Tensor, "n d"], block: int | None = None):
        self.whole_kernel, self.block = k, block
        self.k, self.x, _ = k.pulled(x, x)
        self.exact = Narrow("float64", self.k, _unchanged)
        self.x_narrowed: dict[RowMap, Tensor] = {self.exact.rows: self.x}
        self.x_sums: dict[str, SumsWithin] = {}

    @torch.no_grad()
    def __call__(self, y: Float[Tensor, "m d"]) -> Sums:
        """Return the sums for samples y, at least 4 rows."""
        _, y, _ = self.whole_kernel.pulled(y, y)
        narrow, y = self._cheapest_sound(y)
        x = self.x_narrowed[narrow.rows]
        if narrow.arithmetic not in self.x_sums:
            self.x_sums[narrow.arithmetic] = within(narrow.kernel, x, self.block)
        both = self.x_sums[narrow.arithmetic], within(narrow.kernel, y, self.block)
        return replace(between(narrow.kernel, x, y, both, self.block), arithmetic=narrow.arithmetic)

    def _cheapest_sound(self, y: Tensor) -> tuple[Narrow, Tensor]:
        """Return the cheapest arithmetic that moves MMD² little enough, and the samples as its kernel reads them."""
        if (len(self.x) + len(y)) ** 2 * self.x.shape[1] <= SMALL or not even(self.x, y):
            return self.exact, y
        checked, y_narrowed = (_checked_rows(len(self.x)), _checked_rows(len(y))), dict[RowMap, Tensor]()
        of_x, of_y = _terms(self.exact.kernel, self.x, y, checked)
        # At most √(4·Var h_x/n + 4·Var h_y/m): if the laws are equal, half of what these terms vary is their own error.
        stderr = float(2 * (of_x.var() / len(self.x) + of_y.var() / len(y))) ** 0.5
        for narrow in self.cheaper:
            if narrow.rows not in self.x_narrowed:
                self.x_narrowed[narrow.rows] = _map_by_parts(narrow.rows, self.x)
            if narrow.rows not in y_narrowed:
                y_narrowed[narrow.rows] = _map_by_parts(narrow.rows, y)
            rounded = _terms(narrow.kernel, self.x_narrowed[narrow.rows], y_narrowed[narrow.rows], checked)
            if _shift(rounded[0] - of_x) + _shift(rounded[1] - of_y) <= TOLERANCE * stderr:
                return narrow, y_narrowed[narrow.rows]
        return self.exact, y

    @cached_property
    def cheaper(self) -> tuple[Narrow, ...]:
        """The arithmetics that are tried before float64, the cheapest first."""
        return tuple(self.k.narrowed(self.x))


def _terms(k: Kernel, x: Tensor, y: Tensor, at: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """h(x_i) = Σk(x_i, x′)/(n − 1) − Σk(x_i, y)/m over x′ ≠ x_i, and the same of y, for the rows i and j.

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
    """Return the size of the mean of many such errors, three standard errors of this estimate included."""
    return float(errors.mean().abs() + 3 * errors.std() / len(errors) ** 0.5)


def _checked_rows(n: int) -> Int[Tensor, " c"]:
    """Return the rows that are checked, the same ones whenever there are n."""
    return torch.randperm(n, generator=torch.Generator().manual_seed(0))[:CHECKED]


def _map_by_parts(rows: RowMap, z: Tensor) -> Tensor:
    """Return all rows narrowed, computed a part at a time."""
    parts = z.split(PART)
    first = rows(parts[0])
    whole = first.new_empty(len(z), first.shape[1])
    for part, place in zip(parts, whole.split(PART), strict=True):
        place.copy_(rows(part))
    return whole


def _unchanged(z: Tensor) -> Tensor:
    return z
