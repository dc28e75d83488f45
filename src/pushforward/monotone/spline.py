"""The rational-quadratic spline, which is its own kind's inverse in closed form."""

from dataclasses import dataclass
from math import expm1, log

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import pad, softplus

from pushforward.errors import Refused
from pushforward.monotone.base import Monotone

LEAST = 1e-3
"""The least width, height and slope of a bin: widths and heights as shares of the interval."""

KNOT = log(expm1(1 - LEAST))
"""The number whose softplus is 1 − LEAST, so that slopes begin at 1."""


@dataclass(frozen=True)
class Spline(Monotone):
    """T(x; p) = S(e^a·x + b): S a rational-quadratic spline of K bins on [−B, B], the identity outside.

    Within a bin from (x_k, y_k) to (x_{k+1}, y_{k+1}), of slope s = Δy/Δx, with slopes δ_k and δ_{k+1} at its ends, and
    ξ = (x − x_k)/Δx:  S = y_k + Δy·(s ξ² + δ_k ξ(1 − ξ))/(s + (δ_k + δ_{k+1} − 2s) ξ(1 − ξ)).

    Of p the first is a, the second b, then K logits of widths, K of heights, and K − 1 slopes inside.

    Args:
        bins: K, at least 2.
        bound: B.
    Source: Durkan et al. (2019), arXiv 1906.04032, equations 4 to 8 and 25 to 29.
    Differs: an affine map before it, so that tails can have a scale.
    Example:
        >>> import torch
        >>> Spline()(torch.tensor([0.5]), torch.zeros(1, Spline().size))[0]  # no parameters, no change
        tensor([0.5000])
    """

    bins: int = 16
    bound: float = 4.0

    def __post_init__(self) -> None:
        if self.bins < 2 or self.bins * LEAST >= 0.5:
            raise Refused(f"bins of Spline must be at least 2 and below {0.5 / LEAST:.0f}, got {self.bins}.")
        if not self.bound > 0:
            raise Refused(f"bound of Spline must be positive, got {self.bound}.")

    @property
    def size(self) -> int:
        return 3 * self.bins + 1

    def __call__(
        self, x: Float[Tensor, "*n"], p: Float[Tensor, "*n p"]
    ) -> tuple[Float[Tensor, "*n"], Float[Tensor, "*n"]]:
        log_scale = 3 * (p[..., 0] / 3).tanh()
        v = x * log_scale.exp() + p[..., 1]
        xs, ys, slopes = self._knots(p[..., 2:])
        inside = v.abs() < self.bound
        x0, x1, y0, y1, d0, d1 = _bin(v.clamp(-self.bound, self.bound), xs, xs, ys, slopes)
        width, height = x1 - x0, y1 - y0
        s, t = height / width, ((v - x0) / width).clamp(0, 1)
        below = s + (d0 + d1 - 2 * s) * t * (1 - t)
        y = y0 + height * (s * t.square() + d0 * t * (1 - t)) / below
        slope = s.square() * (d1 * t.square() + 2 * s * t * (1 - t) + d0 * (1 - t).square()) / below.square()
        return torch.where(inside, y, v), torch.where(inside, slope.log(), 0.0) + log_scale

    def inverse(self, y: Float[Tensor, "*n"], p: Float[Tensor, "*n p"]) -> Float[Tensor, "*n"]:
        xs, ys, slopes = self._knots(p[..., 2:])
        inside = y.abs() < self.bound
        x0, x1, y0, y1, d0, d1 = _bin(y.clamp(-self.bound, self.bound), ys, xs, ys, slopes)
        width, height = x1 - x0, y1 - y0
        s, r = height / width, (y - y0).clamp(min=0)
        r = torch.minimum(r, height)
        bend = d0 + d1 - 2 * s
        a, b, c = height * (s - d0) + r * bend, height * d0 - r * bend, -s * r
        t = 2 * c / (-b - (b.square() - 4 * a * c).clamp(min=0).sqrt())
        v = torch.where(inside, x0 + t * width, y)
        return (v - p[..., 1]) * (-3 * (p[..., 0] / 3).tanh()).exp()

    def _knots(self, p: Float[Tensor, "*n q"]) -> tuple[Tensor, Tensor, Tensor]:
        """Return abscissae, ordinates and slopes of the K + 1 knots."""
        widths, heights, slopes = p.split([self.bins, self.bins, self.bins - 1], -1)
        ends = [self._cumulated(widths), self._cumulated(heights)]
        return ends[0], ends[1], pad(LEAST + softplus(slopes + KNOT), (1, 1), value=1.0)

    def _cumulated(self, logits: Float[Tensor, "*n K"]) -> Float[Tensor, "*n K1"]:
        shares = LEAST + (1 - LEAST * self.bins) * logits.softmax(-1)
        inner = self.bound * (2 * shares.cumsum(-1)[..., :-1] - 1)
        return pad(pad(inner, (1, 0), value=-self.bound), (0, 1), value=self.bound)


def _bin(v: Tensor, where: Tensor, xs: Tensor, ys: Tensor, slopes: Tensor) -> list[Tensor]:
    """Return both ends of the bin of v among `where`: abscissae, ordinates, slopes."""
    left = torch.searchsorted(where[..., 1:-1].contiguous(), v[..., None].contiguous(), right=True)
    ends = [knots.gather(-1, left + step)[..., 0] for knots in (xs, ys, slopes) for step in (0, 1)]
    return ends
