"""A comparison of class histograms: whether all classes are there, and as often as in the data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from scipy.stats import fisher_exact
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Score, Title
from pushforward.metrics.numerics.checked_arrays import Array, pair
from pushforward.metrics.uncertainty.holm import holm

TITLE = Title("class KL", "divergence of the histogram of classes from that of the data; 0 where both are the same")

PRIOR = 0.5
"""Added to every count, so that an absent class gives a large divergence and not an infinite one."""

LEVEL = 0.05
"""Chance of naming any class where the laws are equal."""


@dataclass(frozen=True)
class Classes:
    """The classes that a classifier finds among data and among samples, and how far their shares are apart.

    Args:
        kl: Σ q log(q/p) from the shares q of the classes among samples to those p among data.
        expected: its mean where the laws are equal, (C − 1)/2·(1/n + 1/m), C the classes that occur.
        present: classes with at least a quarter of their share in the data.
        total: classes that occur in the data.
        data: counts of the data's classes.
        samples: counts of the samples' classes.
        confidence: mean probability of the most probable class of a sample.
        confidence_data: the same for data.
        accuracy: share of data whose most probable class is their label, where labels were given.
        names: of the classes.
    """

    kl: float
    expected: float
    present: int
    total: int
    data: tuple[int, ...]
    samples: tuple[int, ...]
    confidence: float
    confidence_data: float
    accuracy: float | None = None
    names: tuple[str, ...] = ()

    @property
    def missed(self) -> tuple[str, ...]:
        """The classes that are rarer among the samples than among the data, the most missing first."""
        return tuple(self.names[c] for c, lacking in self._unequal() if lacking > 0)

    @property
    def over(self) -> tuple[str, ...]:
        """The classes that are more frequent among the samples than among the data, the most frequent first."""
        return tuple(self.names[c] for c, lacking in reversed(self._unequal()) if lacking < 0)

    def share(self, name: str) -> tuple[float, float]:
        """Return the share of a class among data and among samples."""
        c = self.names.index(name)
        return self.data[c] / sum(self.data), self.samples[c] / sum(self.samples)

    def errors(self, name: str) -> tuple[float, float]:
        """Return the standard errors of a class's shares among data and among samples: √(p(1 − p)/n).

        With half a count added to the class and to the others, so that an absent class has an error too.
        """
        c, sides = self.names.index(name), (self.data, self.samples)
        shares = [((counts[c] + PRIOR) / (sum(counts) + 2 * PRIOR), sum(counts)) for counts in sides]
        data, samples = ((p * (1 - p) / n) ** 0.5 for p, n in shares)
        return data, samples

    def _unequal(self) -> list[tuple[int, float]]:
        """Return the classes whose shares differ by Fisher's exact test and Holm's rule, and how much is lacking."""
        n, m = sum(self.data), sum(self.samples)
        tables = [[[a, n - a], [b, m - b]] for a, b in zip(self.data, self.samples, strict=True)]
        p = holm([float(fisher_exact(t).pvalue) for t in tables])
        lacking = [(c, a / n - b / m) for c, (a, b) in enumerate(zip(self.data, self.samples, strict=True))]
        return sorted(((c, gap) for c, gap in lacking if p[c] <= LEVEL), key=lambda pair: -pair[1])

    @property
    def spread(self) -> float:
        """√max(Var_q(log q/p)/m + Var_p(q/p)/n − h, h), h = (C − 1)/2·(1/n + 1/m)² the variance for equal laws.

        The sum is the first order, which vanishes for equal laws; the divergence is then (1/n + 1/m)/2 times a χ² of
        C − 1 degrees. Shares that are estimated add 2h to the sum, and h is the second order's own; there the spread is
        a quarter too large.
        """
        (p, n), (q, m) = ((_smooth(torch.tensor(counts)), sum(counts)) for counts in (self.data, self.samples))
        ratio = q / p
        first = _variance(q, ratio.log()) / m + _variance(p, ratio) / n
        equal = (self.total - 1) / 2 * (1 / n + 1 / m) ** 2
        return max(first - equal, equal) ** 0.5

    def score(self) -> Score:
        """Return the divergence as a score."""
        note = f"{self.present} of {self.total} classes present; {self.expected:.2g} is expected of the data's own law"
        return Score("class-kl", self.kl, None, None, "lower", "analytic", note, spread=self.spread)


def class_histogram(
    x: Array,
    y: Array,
    *,
    classify: Callable[[Array], Array] | None = None,
    labels: Array | None = None,
    names: Sequence[str] = (),
) -> Classes:
    """Compare the classes of samples y with those of data x: which are there, and KL of their histograms.

    Both sides are sorted by the classifier, so that its mistakes on the data are not held against the samples.

    Args:
        x: data, or probabilities (n, C) of their classes if no classifier is given.
        y: samples, or probabilities (m, C) of their classes.
        classify: points → probabilities of the classes, one row a point.
        labels: the true classes of the data, to say how good the classifier is.
        names: of the classes; their numbers if absent.

    Raises:
        Refused: if the probabilities have different widths, are negative, or do not sum to 1.
    Example:
        >>> class_histogram(torch.eye(4), torch.eye(4)[:2]).present
        2
    """
    p, q = pair(*((x, y) if classify is None else (classify(x), classify(y))), whose="class_histogram")
    for name, z in (("x", p), ("y", q)):
        if bool((z < 0).any()) or bool(((z.sum(1) - 1).abs() > 1e-3).any()):
            raise Refused(
                f"probabilities of {name} in class_histogram must be positive and sum to 1 in every row, got sums from "
                f"{float(z.sum(1).min()):.3g} to {float(z.sum(1).max()):.3g}; apply softmax to logits."
            )
    data, samples = (torch.bincount(z.argmax(1), minlength=z.shape[1]) for z in (p, q))
    occur = data > 0
    share, shares = data / data.sum(), samples / samples.sum()
    total = int(occur.sum())
    return Classes(
        kl=_divergence(samples, data),
        expected=(total - 1) / 2 * (1 / len(p) + 1 / len(q)),
        present=int((occur & (shares >= share / 4)).sum()),
        total=total,
        data=tuple(data.tolist()),
        samples=tuple(samples.tolist()),
        confidence=float(q.max(1).values.mean()),
        confidence_data=float(p.max(1).values.mean()),
        accuracy=None if labels is None else float((p.argmax(1) == torch.as_tensor(labels)).double().mean()),
        names=tuple(names) or tuple(str(i) for i in range(p.shape[1])),
    )


def _divergence(samples: Int[Tensor, " c"], data: Int[Tensor, " c"]) -> float:
    """Σ q log(q/p) over the shares q of the samples' counts and p of the data's."""
    q, p = _smooth(samples), _smooth(data)
    return float((q * (q / p).log()).sum())


def _smooth(counts: Int[Tensor, " c"]) -> Float[Tensor, " c"]:
    """Return the shares of the counts, with the prior added."""
    return (counts + PRIOR).double() / (counts + PRIOR).sum()


def _variance(p: Float[Tensor, " c"], z: Float[Tensor, " c"]) -> float:
    """Return the variance of values z under the shares p."""
    return float((p * (z - p @ z).square()).sum())
