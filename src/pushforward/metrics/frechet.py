"""The Fréchet distance of two Gaussians, without a matrix square root: exact whether or not n exceeds d."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.metrics.frechet_streamed import frechet_of_streams
from pushforward.metrics.moments import BLOCK, Moments
from pushforward.metrics.score import Better, Metric, Score
from pushforward.metrics.stream import Stream
from pushforward.metrics.transport import Factor, Plans, excess, inverted, square_roots


@dataclass(frozen=True)
class FrechetDistance(Metric):
    """‖μ − ν‖² + tr(Σ + Τ − 2(ΣΤ)^½) of the features' means and covariances: FID. Biased upwards, by about c/n.

    In float64, covariances with n − 1, always finite. Its spread is that of the first-order term (influence function),
    which says nothing about the bias: compare values at equal sizes only.

    Source: Heusel et al. (2017), arXiv 1706.08500; Dowson and Landau (1982).
    Differs: tr(ΣΤ)^½ is the sum of the roots of the eigenvalues of LᵀΤL, Σ = LLᵀ, those of rounding size being 0.
    Example:
        >>> x = torch.tensor([[-1.0], [1.0]])
        >>> FrechetDistance()(x, x + 3)[0].value
        9.0
    """

    name: ClassVar[str] = "fid"
    better: ClassVar[Better] = "lower"
    cost: ClassVar[str] = "2·(n + m)·d² + 10·d³"
    passes: ClassVar[int] = 2

    @property
    def least_samples(self) -> int:
        return 2

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        return (self._score(*frechet_of_rows(x, y), size_note(len(x), len(y), x.shape[1])),)

    def streams(self, n: int, m: int, d: int) -> bool:
        return True

    def streamed(self, x: Stream, y: Stream) -> tuple[Score, ...]:
        return (self._score(*frechet_of_streams(x, y), size_note(len(x), len(y), x.width)),)

    def _score(self, value: float, variance: float, note: str) -> Score:
        return Score(self.name, value, None, None, "lower", "influence function", note, spread=variance**0.5)


def size_note(n: int, m: int, d: int) -> str:
    """What the sizes mean for a biased score."""
    note = "biased upwards at any n, so compare at equal sizes only; its spread is no confidence in the limit"
    if n != m:
        note += f"; the sizes differ ({n} and {m})"
    return note + (f"; fewer rows than coordinates ({min(n, m)} < {d})" if min(n, m) <= d else "")


def frechet(p: Moments, q: Moments) -> float:
    """The squared Fréchet distance of two Gaussians given by their moments.

    Args:
        p: of one side.
        q: of the other, as wide.
    """
    factor = Factor.of(p.covariance)
    roots, _ = square_roots(factor.l.T @ q.covariance @ factor.l)
    traces = p.covariance.trace() + q.covariance.trace()
    return float((p.mean - q.mean).square().sum() + traces - 2 * roots.sum())


def frechet_to(p: Moments, y: Float[Tensor, "m d"]) -> tuple[float, float]:
    """The distance of rows to a Gaussian, and the variance of its first-order term in the rows, the Gaussian known.

    Args:
        p: of the Gaussian.
        y: at least 2 rows, as wide.
    """
    q = Moments.of(y)
    plans, shift = Plans.of(p, q), p.mean - q.mean
    of_y = _excess(y, q, plans.to_x) - 2 * (y @ shift)
    return float(shift.square().sum() + plans.trace), float(of_y.var() / len(y))


def frechet_of_rows(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> tuple[float, float]:
    """The distance and the variance of its first-order term."""
    if len(y) < len(x) and len(y) < x.shape[1]:
        return frechet_of_rows(y, x)
    small = len(x) < x.shape[1]
    shift = x.mean(0) - y.mean(0)
    of_x, of_y, trace = (_wide if small else _tall)(x, y)
    value = float(shift.square().sum() + trace)
    u, v = of_x + 2 * (x @ shift), of_y - 2 * (y @ shift)
    return value, float(u.var() / len(x) + v.var() / len(y))


def _tall(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Covariance parts of both influence functions and of the distance, where there are at least d rows a side."""
    p, q = Moments.of(x), Moments.of(y)
    plans = Plans.of(p, q)
    return _excess(x, p, plans.to_y), _excess(y, q, plans.to_x), plans.trace


def _excess(z: Tensor, p: Moments, plan: Tensor) -> Tensor:
    """‖u‖² − ‖uᵀA‖² of the rows about their mean, without a second copy of them."""
    return torch.cat([excess(part - p.mean, plan) for part in z.split(BLOCK)])


def _wide(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The same with L = (x − μ)ᵀ/√(n − 1), where n < d: no d × d matrix is formed."""
    n, m = len(x), len(y)
    a, b = x - x.mean(0), y - y.mean(0)
    cross = a @ b.T
    roots, u = square_roots(cross @ cross.T / ((n - 1) * (m - 1)))
    of_x, of_y = a.square().sum(1), b.square().sum(1)
    trace = of_x.sum() / (n - 1) + of_y.sum() / (m - 1) - 2 * roots.sum()
    near_x = (n - 1) * u.square() @ roots
    near_y = ((cross.T @ u) / (n - 1) ** 0.5).square() @ inverted(roots)
    return of_x - near_x, of_y - near_y, trace
