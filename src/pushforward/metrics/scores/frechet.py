"""The Fréchet distance of two Gaussians, without a matrix square root: exact whether or not n exceeds d."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.moments import Moments
from pushforward.metrics.numerics.running_moments import moments
from pushforward.metrics.numerics.transport import Factor, Plans, inverted, roots_alone, square_roots
from pushforward.metrics.scores.frechet_influence import variance_of_influence
from pushforward.metrics.scores.frechet_of_streams import frechet_of_streams
from pushforward.notes import Note
from pushforward.rows import Rows


@dataclass(frozen=True)
class FrechetDistance(Metric):
    """‖μ − ν‖² + tr(Σ + Τ − 2(ΣΤ)^½) of the features' means and covariances: FID. Biased upwards, by about c/n.

    In float64, covariances with n − 1, always finite. Its spread is that of the first-order term (influence function),
    in fewer digits and, of many rows, from the farthest ones and a draw of the others; it says nothing about the bias:
    compare values at equal sizes only.

    Source: Heusel et al. (2017), arXiv 1706.08500; Dowson and Landau (1982).
    Differs: tr(ΣΤ)^½ is the sum of the roots of the eigenvalues of LᵀΤL, Σ = LLᵀ, those of rounding size being 0.
    Example:
        >>> import torch
        >>> x = torch.tensor([[-1.0], [1.0]])
        >>> FrechetDistance()(x, x + 3)[0].value
        9.0
    """

    name: ClassVar[str] = "fid"
    titles: ClassVar[Mapping[str, Title]] = {
        "fid": Title("FID", "Fréchet distance of Gaussians with the same moments; above 0 even for the same law")
    }
    better: ClassVar[Better] = "lower"
    single: ClassVar[bool] = True

    @property
    def least_samples(self) -> int:
        return 2

    @property
    def plain(self) -> Metric:
        """The same metric by its value alone, in half of the time."""
        return _Value()

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        return (self._score(*frechet_of_rows(x, y), size_note(len(x), len(y), x.shape[1])),)

    def streams(self, n: int, m: int, d: int) -> bool:
        return True

    def streamed(self, x: Rows, y: Rows) -> tuple[Score, ...]:
        return (self._score(*frechet_of_streams(x, y), size_note(len(x), len(y), x.width)),)

    def _score(self, value: float, variance: float, note: str) -> Score:
        return Score(self.name, value, None, None, "lower", "influence function", note, spread=variance**0.5)


@dataclass(frozen=True)
class _Value(FrechetDistance):
    """The same distance without its spread, for what needs many values of it."""

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        return (self._value(frechet_alone(x, y), size_note(len(x), len(y), x.shape[1])),)

    def streamed(self, x: Rows, y: Rows) -> tuple[Score, ...]:
        return (self._value(frechet(moments(x), moments(y)), size_note(len(x), len(y), x.width)),)

    def _value(self, value: float, note: str) -> Score:
        return Score(self.name, value, None, None, "lower", None, note)


def size_note(n: int, m: int, d: int) -> str:
    """Return what the numbers of rows mean for a score that is biased at any number, as a note."""
    note = "biased upwards at any n, so compare at equal sizes only; its spread is no confidence in the limit"
    if n != m:
        note += f"; the sizes differ ({n} and {m})"
    return Note(f"{note}; fewer rows than coordinates ({min(n, m)} < {d})", "doubt") if min(n, m) <= d else note


def frechet(p: Moments, q: Moments) -> float:
    """Return the squared Fréchet distance of two Gaussians given by their moments.

    Args:
        p: of one side.
        q: of the other, as wide.
    """
    roots = roots_alone(Factor.of(p.covariance).around(q.covariance))
    traces = p.covariance.trace() + q.covariance.trace()
    return float((p.mean - q.mean).square().sum() + traces - 2 * roots.sum())


def frechet_alone(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> float:
    """Return the distance of rows to rows, without its variance.

    Args:
        x: at least 2 rows, float32 or float64.
        y: at least 2 rows, as wide.
    """
    if min(len(x), len(y)) >= x.shape[1]:
        return frechet(Moments.of(x), Moments.of(y))
    sides = FewRows.of(x, y)
    return sides.value(roots_alone(sides.gram))


def frechet_to(p: Moments, y: Float[Tensor, "m d"]) -> tuple[float, float]:
    """Return the distance of rows to a Gaussian, and the variance of its first-order term in the rows alone.

    Args:
        p: of the Gaussian.
        y: at least 2 rows, as wide.
    """
    q = Moments.of(y)
    plans, shift = Plans.of(p, q), p.mean - q.mean
    value = float(shift.square().sum() + plans.trace)
    return value, variance_of_influence(y, q, plans.to_x, -2 * shift) / q.n


def frechet_of_rows(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> tuple[float, float]:
    """Return the distance of rows to rows, and the variance of its first-order term.

    Args:
        x: at least 2 rows, float32 or float64.
        y: at least 2 rows, as wide.
    """
    if min(len(x), len(y)) < x.shape[1]:
        return FewRows.of(x, y).with_variance()
    p, q = Moments.of(x), Moments.of(y)
    plans, shift = Plans.of(p, q), p.mean - q.mean
    value = float(shift.square().sum() + plans.trace)
    of_x = variance_of_influence(x, p, plans.to_y, 2 * shift)
    of_y = variance_of_influence(y, q, plans.to_x, -2 * shift)
    return value, of_x / p.n + of_y / q.n


@dataclass(frozen=True, eq=False)
class FewRows:
    """A pair of sides, the smaller of fewer rows than coordinates, of which no d × d matrix is formed.

    The smaller side's covariance is Σ = LLᵀ with L = (x − μ)ᵀ/√(n − 1), and the eigenvalues of LᵀΤL, but for zeros, are
    those of ΣΤ.

    Args:
        a: rows of the smaller side about their mean.
        b: rows of the other side about theirs.
        shift: difference of the means.
    """

    a: Float[Tensor, "n d"]
    b: Float[Tensor, "m d"]
    shift: Float[Tensor, " d"]

    @classmethod
    def of(cls, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> "FewRows":
        """Take the rows of both sides about their means, the smaller side first."""
        x, y = (z.double() for z in ((x, y) if len(x) <= len(y) else (y, x)))
        return cls(x - x.mean(0), y - y.mean(0), x.mean(0) - y.mean(0))

    @cached_property
    def cross(self) -> Float[Tensor, "n m"]:
        """The inner products ⟨a_i, b_j⟩ of rows of one side with rows of the other."""
        return self.a @ self.b.T

    @property
    def gram(self) -> Float[Tensor, "n n"]:
        """The matrix LᵀΤL, of the smaller side's size."""
        return self.cross @ self.cross.T / ((len(self.a) - 1) * (len(self.b) - 1))

    def value(self, roots: Float[Tensor, " n"]) -> float:
        """Return the distance, from the roots of that matrix's eigenvalues."""
        traces = sum(z.square().sum() / (len(z) - 1) for z in (self.a, self.b))
        return float(self.shift.square().sum() + traces - 2 * roots.sum())

    def with_variance(self) -> tuple[float, float]:
        """Return the distance and the variance of its first-order term."""
        n, m = len(self.a), len(self.b)
        roots, u = square_roots(self.gram)
        near_a = (n - 1) * u.square() @ roots
        near_b = ((self.cross.T @ u) / (n - 1) ** 0.5).square() @ inverted(roots)
        of_a = self.a.square().sum(1) - near_a + 2 * (self.a @ self.shift)
        of_b = self.b.square().sum(1) - near_b - 2 * (self.b @ self.shift)
        return self.value(roots), float(of_a.var() / n + of_b.var() / m)
