"""Inception score, of the samples' class probabilities."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.score import Better, Metric, Reads, Score

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
    better: ClassVar[Better] = "higher"
    cost: ClassVar[str] = "m·classes"
    reads: ClassVar[Reads] = "probabilities"
    splits: int = 10
    seed: int | None = 2020

    @property
    def least_samples(self) -> int:
        return 1

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        if len(y) < self.splits or self.splits < 2:
            raise Refused(f"splits of inception-score must lie between 2 and the {len(y)} samples, got {self.splits}.")
        if bool((y < 0).any()) or bool(((y.sum(1) - 1).abs() > 1e-3).any()):
            raise Refused("inception-score needs probabilities of classes in rows that sum to 1; give it a softmax.")
        values = inception_scores(y, self.splits, self.seed)
        spread = float(values.std() / self.splits**0.5)
        return (Score(self.name, float(values.mean()), None, None, "higher", None, NOTE, spread=spread),)


def inception_scores(p: Float[Tensor, "m c"], splits: int, seed: int | None) -> Float[Tensor, " s"]:
    """The score of every split; torch-fidelity calls their deviation, divided by the number of splits, its ±."""
    order = np.arange(len(p)) if seed is None else np.random.RandomState(seed).permutation(len(p))
    q = p[torch.from_numpy(order)]
    parts = [q[i * len(q) // splits : (i + 1) * len(q) // splits] for i in range(splits)]
    return torch.stack([_score(part) for part in parts])


def _score(p: Tensor) -> Tensor:
    log = lambda z: torch.where(z > 0, z, 1.0).log()
    return (p * (log(p) - log(p.mean(0)))).sum(1).mean().exp()
