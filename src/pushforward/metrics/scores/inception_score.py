"""The inception score of the samples' class probabilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Better, Metric, Reads, Score, Title
from pushforward.rows import Held, Rows

NOTE = "biased at any n; looks at the samples only, never at the data"


@dataclass(frozen=True)
class InceptionScore(Metric):
    """exp E KL(p(c|y) ‖ p(c)) of the samples' class probabilities: mean over disjoint splits of the shuffled samples.

    Between 1 and the number of classes. Its spread is that of the mean over the splits.

    Args:
        splits: number of disjoint parts; published values use 10.
        seed: of the shuffle; None leaves the order.
    Source: Salimans et al. (2016), arXiv 1606.03498; shuffle and splits as in torch-fidelity.
    Example:
        >>> InceptionScore(splits=2, seed=None)(torch.eye(2), torch.eye(2).repeat(4, 1))[0].value
        2.0
    """

    name: ClassVar[str] = "inception-score"
    titles: ClassVar[Mapping[str, Title]] = {
        "inception-score": Title("inception score", "how sure and how varied a classifier finds the samples")
    }
    better: ClassVar[Better] = "higher"
    reads: ClassVar[Reads] = "probabilities"
    splits: int = 10
    seed: int | None = 2020

    @property
    def least_samples(self) -> int:
        return 1

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        return self.streamed(Held(x, torch.float64), Held(y, torch.float64))

    def streams(self, n: int, m: int, d: int) -> bool:
        return True

    def streamed(self, x: Rows, y: Rows) -> tuple[Score, ...]:
        if len(y) < self.splits or self.splits < 2:
            raise Refused(f"splits of inception-score must lie between 2 and the {len(y)} samples, got {self.splits}.")
        values = inception_scores(y, self.splits, self.seed)
        spread = float(values.std() / self.splits**0.5)
        return (Score(self.name, float(values.mean()), None, None, "higher", "splits", NOTE, spread=spread),)


def inception_scores(y: Rows, splits: int, seed: int | None) -> Float[Tensor, " s"]:
    """Return the score of every split; torch-fidelity's ± is their deviation over the number of splits.

    E KL(p(c|y) ‖ p(c)) = E Σ_c p(c|y)·log p(c|y) − Σ_c p(c)·log p(c), so that one pass will do.
    """
    order = np.arange(len(y)) if seed is None else np.random.RandomState(seed).permutation(len(y))
    split = torch.empty(len(y), dtype=torch.int64)
    for i in range(splits):
        split[torch.from_numpy(order[i * len(y) // splits : (i + 1) * len(y) // splits])] = i
    total, negative = torch.zeros(splits, y.width, dtype=torch.float64), torch.zeros(splits, dtype=torch.float64)
    start = 0
    for p in y.blocks(y.per_cache()):
        if bool((p < 0).any()) or bool(((p.sum(1) - 1).abs() > 1e-3).any()):
            raise Refused("inception-score needs probabilities of classes in rows that sum to 1; give it a softmax.")
        here = split[start : start + len(p)]
        total.index_add_(0, here, p)
        negative.index_add_(0, here, torch.special.entr(p).sum(1))
        start += len(p)
    counts = split.bincount(minlength=splits).double()
    marginal = total / counts[:, None]
    return (torch.special.entr(marginal).sum(1) - negative / counts).exp()
