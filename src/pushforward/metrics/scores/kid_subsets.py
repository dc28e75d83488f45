"""The KID as a mean over random subsets, as other programs report it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels import Polynomial
from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.checked_arrays import Array


@dataclass(frozen=True)
class KIDSubsets(Metric):
    """The mean over random subsets of unbiased MMD² with the kernel (⟨a, b⟩/d + 1)³, and its spread over them.

    The spread is no standard error: it depends on the size of the subsets, not on how many rows there are. The same
    seed draws the same subsets as torch-fidelity does, and its values agree.

    Args:
        subsets: how many.
        size: rows a side of each, drawn without replacement.
        seed: of the draws.
        capped: smaller subsets where there are fewer rows, as clean-fid takes them; else that is refused, as
            torch-fidelity does.
    Source: Bińkowski et al. (2018), arXiv 1801.01401; the protocol of torch-fidelity, `kid_subsets=100`.
    """

    name: ClassVar[str] = "kid-subsets"
    titles: ClassVar[Mapping[str, Title]] = {
        "kid-subsets": Title("KID by subsets", "mean over random subsets of 1,000; its error is their spread")
    }
    better: ClassVar[Better] = "lower"
    subsets: int = 100
    size: int = 1000
    seed: int = 2020
    capped: bool = False

    def __post_init__(self) -> None:
        if self.size < 2:
            raise Refused(f"--kid-subset-size must be at least 2, got {self.size}; 1000 is usual.")
        if self.subsets < 1:
            raise Refused(f"--kid-subsets must be at least 1, got {self.subsets}; 100 is usual.")

    @property
    def least_samples(self) -> int:
        return 2 if self.capped else self.size

    def __call__(self, x: Array, y: Array) -> tuple[Score, ...]:
        if not self.capped and (rows := min(len(x), len(y))) < self.size:
            raise Refused(f"kid-subsets draws {self.size} rows a side, and one side has {rows}; take smaller subsets, "
                          f"such as --kid-subset-size {max(rows // 2, 2)}.")  # fmt: skip
        return super().__call__(x, y)

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        size = min(self.size, len(x), len(y))
        subsets = self._subsets(len(x), len(y), size)
        values = torch.tensor([_mmd(x[i], y[j]) for i, j in subsets], dtype=torch.float64)
        note = f"mean and spread over {self.subsets} subsets of {size}; the spread is not the error of the mean"
        spread = float(values.std(correction=0))
        return (Score(self.name, float(values.mean()), None, None, "lower", "subsets", note, spread=spread),)

    def _subsets(self, n: int, m: int, rows: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield rows of data and of samples; the samples are drawn first, being torch-fidelity's first input."""
        draw = np.random.RandomState(self.seed)
        for _ in range(self.subsets):
            of_y, of_x = (torch.from_numpy(draw.choice(size, rows, replace=False)) for size in (m, n))
            yield of_x, of_y


def _mmd(x: Tensor, y: Tensor) -> float:
    """Return unbiased MMD² from three Gram matrices that fit into memory."""
    k, n = Polynomial(3), len(x)
    within = sum(float(gram.sum() - gram.trace()) for gram in (k(x, x), k(y, y)))
    return within / (n * (n - 1)) - 2 * float(k(x, y).mean())
